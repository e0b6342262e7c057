#ifndef HONE_TRIAL_RECIPES_H
#define HONE_TRIAL_RECIPES_H
/* Candidates of the project's own, by name: those of [candidates] in hone.toml, and those that tune found, which are in
 * hone's folder until `--save` puts them into hone.toml. */
#include "session.h"

void hone_recipes_release(struct hone_recipes *r);
/* All that there are for the selected program. One that tune found stands before one of the same name in hone.toml, which is
 * noted where they differ. HONE_E_SYNTAX: hone.toml has something else there; the message says where. */
int hone_recipes_load(const struct hone_session *s, struct hone_recipes *ret, struct hone_err *err);
/* The same where one of n names (as typed; NULL ones do not count) could be one of them, else none. */
int hone_recipes_wanted(const struct hone_session *s, const char *const *names, size_t n,
	struct hone_recipes *ret, struct hone_err *err);
/* Keeps one in hone's folder, beside others. */
int hone_recipes_keep(
	const struct hone_session *s, const char *name, const char *text, struct hone_err *err);
/* Writes one into hone.toml, which is made where there is none; what else stands there stays as it is. *ret_path: the file,
 * which the caller frees. */
int hone_recipes_save(const struct hone_session *s, const char *name, const char *text,
	char **ret_path, struct hone_err *err);

#endif
