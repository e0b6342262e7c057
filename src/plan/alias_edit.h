#ifndef HONE_PLAN_ALIAS_EDIT_H
#define HONE_PLAN_ALIAS_EDIT_H
/* The aliases that apply writes into .cargo/config.toml. */
#include "plan.h"
#include "toml_doc.h"

/* Does a part need one at all? */
bool hone_alias_edit_is_needed(const struct hone_plan_part *parts, size_t n);
/* Puts an alias for each part that needs one into the document of a config file, and takes out what hone wrote there for
 * the profile earlier. *ret_displaced: see struct hone_writedown, displaced; the caller frees. */
int hone_alias_edit(struct hone_toml *doc, const struct hone_plan_part *parts, size_t n,
	char **ret_displaced, struct hone_err *err);

#endif
