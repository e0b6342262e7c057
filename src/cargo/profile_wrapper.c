#include "config.h"
#include "fs.h"
#include "profile.h"
#include "profile_set.h"

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

/* A text of [target.TRIPLE], or NULL. */
static const char *text_of_target(
	struct hone_profile_set *set, const char *triple, const char *name)
{
	const struct hone_config_key key = hone_config_key("target", triple, name);
	const struct hone_config_value *v = NULL;

	if (hone_config_typed(set->config, &key, HONE_CONFIG_STRING, &v, NULL) || !v)
		return NULL;
	return v->text;
}

const char *hone_profile_set_linker(struct hone_profile_set *set, const char *triple)
{
	return text_of_target(set, triple, "linker");
}

const char *hone_profile_set_runner(struct hone_profile_set *set, const char *triple)
{
	return text_of_target(set, triple, "runner");
}
