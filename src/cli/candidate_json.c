#include "candidate_json.h"

#include <string.h>

/* A candidate's value is TOML text of a boolean, an integer or a string: typed as such. */
static void value_json(struct hone_jsonw *w, const char *toml)
{
	size_t n = strlen(toml);

	if (n >= 2 && toml[0] == '"')
		hone_jsonw_view(w, (struct hone_view){toml + 1, n - 2});
	else
		hone_jsonw_raw(w, toml);
}

void hone_candidate_json(struct hone_jsonw *w, const struct hone_candidate *c)
{
	hone_jsonw_kobject(w, "settings");
	for (size_t i = 0; i < c->n; i++) {
		hone_auto_free char *key = hone_assign_key(&c->assigns[i]);

		hone_jsonw_key(w, key);
		value_json(w, c->assigns[i].value);
	}
	hone_jsonw_end(w);
}
