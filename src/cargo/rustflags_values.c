/* What rustflags do to the profile, and the digest of all that changes what is built. */
#include "num.h"
#include "profile_set.h"

#include <string.h>
#include <unistd.h>

/* "lto=fat" against "lto": the value ("" for none) or NULL. _ and - are the same to rustc. */
static const char *option_value(const char *text, const char *name)
{
	for (; *name; name++, text++)
		if (*text != *name && !(*text == '_' && *name == '-'))
			return NULL;
	return *text == '=' ? text + 1 : *text ? NULL : "";
}

/* A value of rustc's command line as the TOML text that the profile key would have. */
static char *flag_toml(enum hone_setting_id id, const char *value)
{
	static const char *const yes[] = {"", "y", "yes", "on", "true", NULL};
	static const char *const no[] = {"n", "no", "off", "false", NULL};
	bool is_bool =
		id != HONE_SET_OPT_LEVEL && id != HONE_SET_CODEGEN_UNITS && id != HONE_SET_PANIC;
	struct hone_buf quoted = HONE_BUF_INIT;
	int64_t number;

	for (size_t i = 0; is_bool && yes[i]; i++)
		if (!strcmp(value, yes[i]))
			return hone_xstrdup("true");
	/* rustc's lto=no is cargo's "off": false would still mean thin-local. */
	for (size_t i = 0; is_bool && no[i]; i++)
		if (!strcmp(value, no[i]))
			return hone_xstrdup(id == HONE_SET_LTO ? "\"off\"" : "false");
	if (hone_parse_i64(hone_view_of(value), &number))
		return hone_xasprintf("%jd", (intmax_t)number);
	hone_toml_quote(&quoted, hone_view_of(value));
	return hone_buf_detach(&quoted);
}

const char *hone_rustflags_option(const struct hone_strv *flags, const char *name, char **ret_flag)
{
	const char *found = NULL;
	size_t at = 0, last = 0;

	for (size_t i = 0; i < flags->n; i++) {
		const char *text = flags->v[i], *value = NULL;
		size_t first = i;

		if (!strcmp(text, "-O") && !strcmp(name, "opt-level")) {
			value = "3";
		} else if (!strcmp(text, "-g") && !strcmp(name, "debuginfo")) {
			value = "2";
		} else if (!strcmp(text, "-C") || !strcmp(text, "--codegen")) {
			if (i + 1 < flags->n)
				value = option_value(flags->v[++i], name);
		} else if (hone_starts(text, "-C")) {
			value = option_value(text + 2, name);
		} else if (hone_starts(text, "--codegen=")) {
			value = option_value(text + strlen("--codegen="), name);
		}
		if (value) {
			found = value;
			at = first;
			last = i;
		}
	}
	if (found && ret_flag)
		*ret_flag = at == last ? hone_xstrdup(flags->v[at])
				       : hone_xasprintf("%s %s", flags->v[at], flags->v[last]);
	return found;
}

char *hone_rustflags_value(const struct hone_strv *flags, enum hone_setting_id id, char **ret_flag)
{
	const char *option = hone_setting(id)->codegen;
	const char *found = option ? hone_rustflags_option(flags, option, ret_flag) : NULL;

	return found ? flag_toml(id, found) : NULL;
}

void hone_profile_apply_rustflags(struct hone_profile *p, const struct hone_rustflags *flags)
{
	for (size_t i = 0; i < p->n; i++) {
		struct hone_profile_value *v = &p->values[i];
		hone_auto_free char *flag = NULL;
		char *value = hone_rustflags_value(&flags->flags, v->setting->id, &flag);

		if (!value)
			continue;
		free(v->value);
		free(v->where);
		v->value = value;
		v->origin = HONE_ORIGIN_RUSTFLAGS;
		v->where = hone_xasprintf("%s in %s", flag, flags->where);
	}
}

/* Variables that change what is built: a prefix ends with '*'. */
static const char *const variables[] = {"CARGO_PROFILE_*", "CARGO_BUILD_*", "CARGO_TARGET_*",
	"CARGO_INCREMENTAL", "CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "RUSTC", "RUSTC_WRAPPER",
	"RUSTC_WORKSPACE_WRAPPER", "RUSTC_BOOTSTRAP", NULL};
/* ... except where the output goes and how fast it comes. */
static const char *const harmless[] = {"CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR",
	"CARGO_BUILD_BUILD_DIR", "CARGO_BUILD_JOBS", "CARGO_BUILD_DEP_INFO_BASEDIR", NULL};

static bool listed(struct hone_view name, const char *const *list)
{
	for (; *list; list++) {
		size_t n = strlen(*list);
		if ((*list)[n - 1] == '*' ? name.n >= n - 1 && !memcmp(name.p, *list, n - 1)
					  : hone_view_is(name, *list))
			return true;
	}
	return false;
}

void hone_profile_set_digest(const struct hone_profile_set *set, struct hone_buf *out)
{
	static const char *const tables[] = {"build", "env", "profile", "target", "unstable"};
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;

	for (size_t i = 0; i < set->manifest.n; i++) {
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		hone_config_value_toml(set->manifest.v[i]->source, &text);
		hone_strv_pushf(&lines, "manifest profile.%s %s", set->manifest.v[i]->name,
			hone_buf_str(&text));
	}
	for (size_t i = 0; i < HONE_COUNT(tables); i++) {
		struct hone_config_key key = hone_config_key(tables[i], NULL, NULL);
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		const struct hone_config_value *v = NULL;
		if (hone_config_get(set->config, &key, &v, NULL) || !v)
			continue;
		hone_config_value_toml(v, &text);
		hone_strv_pushf(&lines, "config %s %s", tables[i], hone_buf_str(&text));
	}
	for (char **e = environ; e && *e; e++) {
		struct hone_view name = {*e, strcspn(*e, "=")};
		if (listed(name, variables) && !listed(name, harmless))
			hone_strv_pushf(&lines, "env %s", *e);
	}
	hone_strv_sort(&lines);
	for (size_t i = 0; i < lines.n; i++)
		hone_buf_addf(out, "%s\n", lines.v[i]);
}
