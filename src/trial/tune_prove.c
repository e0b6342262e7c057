/* The winner beside what it beats: a comparison as `try` makes it, with behaviour and all. */
#include "tune.h"

#include <string.h>

int hone_tune_prove(struct hone_try *t, const struct hone_result_tune *found,
	const struct hone_try_request *given, struct hone_err *err)
{
	struct hone_candidate *c = NULL;
	const char *const texts[] = {"baseline", found->fixed, found->recipe};
	const char *names[HONE_COUNT(texts)];
	struct hone_try_request r = *given;
	int error = 0;

	r.n_names = 0;
	for (size_t i = 0; !error && i < HONE_COUNT(texts); i++) {
		bool is_result = i + 1 == HONE_COUNT(texts);
		hone_auto_free char *canonical = NULL;

		if (!texts[i])
			continue;
		error = hone_candidate_parse_allowed(texts[i], r.allowed, &c, err);
		if (error)
			break;
		canonical = hone_candidate_canonical(c);
		/* What was known before and is the best has its own name. */
		if (!is_result && i && strcmp(canonical, found->recipe) == 0) {
			hone_candidate_free(c);
			continue;
		}
		if (is_result) {
			free(c->name);
			c->name = hone_xstrdup(found->name);
		}
		hone_vec_push(&t->candidates, c);
		if (i)
			names[r.n_names++] = c->name;
	}
	r.names = names;
	return error ? error : hone_try_run(t, &r, err);
}
