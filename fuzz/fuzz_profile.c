/* [profile] tables of a manifest as they come, and cfg(...) keys: the first line is one. */
#include "cfg_expr.h"
#include "profile_table.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_profiles(struct hone_arena *arena, const struct hone_config_value *profiles)
{
	static const struct hone_strv features;

	for (size_t i = 0; i < profiles->n_items; i++) {
		struct hone_profile_table *t = NULL;
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		if (hone_profile_table_read(arena, profiles->items[i]->key, profiles->items[i],
			    NULL, &features, &t, &err) &&
			!err.msg)
			hone_bug("refused without a reason");
		hone_profile_table_free(t);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct hone_view text = {(const char *)data, n};
	size_t line = hone_view_find(text, 0, '\n');
	hone_auto_free char *key = hone_view_dup(hone_view_sub(text, 0, line));
	hone_auto_strv struct hone_strv cfg = HONE_STRV_INIT;
	hone_auto_arena struct hone_arena arena = HONE_ARENA_INIT;
	struct hone_config_value *profiles = NULL;
	const struct hone_toml_node *node;
	struct hone_toml *doc = NULL;

	hone_strv_push(&cfg, "unix");
	hone_strv_push(&cfg, "target_os=\"linux\"");
	(void)hone_cfg_matches(key, &cfg);
	if (hone_toml_parse("Cargo.toml", hone_view_sub(text, line, n), HONE_TOML_1_1, &doc, NULL))
		return 0;
	node = hone_toml_get(hone_toml_root(doc), "profile");
	if (node && !hone_config_from_toml(
			    &arena, doc, node, HONE_CONFIG_MANIFEST, NULL, &profiles, NULL))
		read_profiles(&arena, profiles);
	hone_toml_free(doc);
	return 0;
}
