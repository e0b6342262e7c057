#include "cfg_expr.h"
#include "config.h"
#include "fs.h"
#include "profile.h"
#include "profile_set.h"
#include "text.h"

#include <string.h>

/* A program named in a config file: with a slash in it it is relative to the folder that holds the
 * .cargo folder, else it is looked up in PATH. */
static const char *resolve(struct hone_profile_set *set, const struct hone_config_value *v)
{
	hone_auto_free char *dot_cargo = NULL;
	hone_auto_free char *base = NULL;
	hone_auto_free char *path = NULL;

	if (!strchr(v->text, '/') || !v->file || *v->text == '/')
		return v->text;
	dot_cargo = hone_path_dir(v->file);
	base = hone_path_dir(dot_cargo);
	path = hone_path_join(base, v->text);
	return hone_arena_strdup(set->arena, path);
}

const char *hone_profile_set_rustc_wrapper(struct hone_profile_set *set)
{
	const struct hone_config_key key = hone_config_key("build", "rustc-wrapper", NULL);
	const struct hone_config_value *v = NULL;
	const char *variable = getenv("RUSTC_WRAPPER");

	if (variable)
		return *variable ? variable : NULL;
	if (hone_config_typed(set->config, &key, HONE_CONFIG_STRING, &v, NULL) || !v || !*v->text)
		return NULL;
	return resolve(set, v);
}

bool hone_profile_set_has_workspace_wrapper(struct hone_profile_set *set)
{
	const struct hone_config_key key =
		hone_config_key("build", "rustc-workspace-wrapper", NULL);
	const struct hone_config_value *v = NULL;
	const char *variable = getenv("RUSTC_WORKSPACE_WRAPPER");

	if (variable)
		return *variable;
	return !hone_config_typed(set->config, &key, HONE_CONFIG_STRING, &v, NULL) && v && *v->text;
}

/* The key of [target.TRIPLE], else of the first [target.'cfg(...)'] that is true for it: false where nobody has it. */
static bool find_of_target(struct hone_profile_set *set, const char *triple, const char *name,
	struct hone_config_key *ret_key)
{
	const struct hone_config_key target = hone_config_key("target", NULL, NULL);
	const struct hone_config_value *tables = NULL, *v;
	const struct hone_strv *lines = NULL;
	bool has = false;

	*ret_key = hone_config_key("target", triple, name);
	if (!hone_config_has(set->config, ret_key, false, &has, NULL) && has)
		return true;
	if (hone_config_get(set->config, &target, &tables, NULL) || !tables)
		return false;
	for (size_t i = 0; i < tables->n_items; i++) {
		v = tables->items[i];
		if (!hone_starts(v->key, "cfg(") || !hone_config_entry(v, name) ||
			hone_profile_set_cfg_lines(set, &lines, NULL) ||
			!hone_cfg_matches(v->key, lines))
			continue;
		*ret_key = hone_config_key_push(
			hone_config_key_push(target, v->key, true), name, true);
		return true;
	}
	return false;
}

const char *hone_profile_set_linker(struct hone_profile_set *set, const char *triple)
{
	struct hone_config_key key;
	const struct hone_config_value *v = NULL;

	if (!find_of_target(set, triple, "linker", &key) ||
		hone_config_typed(set->config, &key, HONE_CONFIG_STRING, &v, NULL) || !v)
		return NULL;
	return v->text;
}

const char *hone_profile_set_runner(struct hone_profile_set *set, const char *triple)
{
	struct hone_config_key key;
	const struct hone_config_value *list = NULL, *program;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_free char *line = NULL;

	if (!find_of_target(set, triple, "runner", &key) ||
		hone_config_strings(set->config, &key, true, &list, NULL) || !list ||
		!list->n_items)
		return NULL;
	program = list->items[0];
	hone_strv_push(&words, program->text);
	for (size_t i = 1; i < list->n_items; i++)
		hone_strv_push(&words, list->items[i]->text);
	line = hone_text_command(hone_strv_argv(&words));
	return hone_arena_strdup(set->arena, line);
}
