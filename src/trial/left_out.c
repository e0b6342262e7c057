#include "left_out.h"

#include "config.h"
#include "profile_set.h"
#include "rules.h"
#include "toml_doc.h"

#include <string.h>

/* A longer value is not repeated in a message. */
#define LONGEST_VALUE 120

/* NAME=VALUE of [env] in cargo's config, which `cargo run` hands on. */
static void add_env_of_config(const struct hone_session *s, struct hone_strv *to)
{
	struct hone_config_key key = hone_config_key("env", NULL, NULL);
	const struct hone_config_value *table = NULL;

	if (hone_config_get(s->profiles->config, &key, &table, NULL) || !table ||
		table->type != HONE_CONFIG_TABLE)
		return;
	for (size_t i = 0; i < table->n_items; i++) {
		const struct hone_config_value *v = table->items[i];
		const char *name = v->key;

		if (v->type == HONE_CONFIG_TABLE)
			v = hone_config_entry(v, "value");
		if (v && v->type == HONE_CONFIG_STRING)
			hone_strv_pushf(to, "%s=%s", name, v->text);
	}
}

static void add_libraries(const struct hone_session *s, struct hone_left_outs *ret)
{
	const char *library = hone_arena_printf(&ret->arena, "%s/lib/rustlib/%s/lib",
		s->toolchain->sysroot, hone_session_triple(s));

	hone_vec_push(&ret->v,
		(struct hone_left_out){.what = "the toolchain's libraries in LD_LIBRARY_PATH",
			.remedy = hone_arena_printf(&ret->arena,
				"env = { LD_LIBRARY_PATH = \"%s\" } in hone.toml", library),
			.library = library});
}

static void add_package(const struct hone_session *s, struct hone_left_outs *ret)
{
	const struct hone_package *p = s->project->package;
	struct hone_left_out l = {
		.what = "the variables CARGO, CARGO_MANIFEST_DIR, CARGO_PKG_NAME, ...",
		.remedy = "env = { CARGO_MANIFEST_DIR = \"...\" } in hone.toml names those that it "
			  "needs"};

	hone_strv_pushf(&l.env, "CARGO=%s", s->toolchain->cargo);
	hone_strv_pushf(&l.env, "CARGO_MANIFEST_DIR=%s", p->dir);
	hone_strv_pushf(&l.env, "CARGO_MANIFEST_PATH=%s", p->manifest_path);
	hone_strv_pushf(&l.env, "CARGO_PKG_NAME=%s", p->name);
	hone_strv_pushf(&l.env, "CARGO_PKG_VERSION=%s", p->version);
	hone_vec_push(&ret->v, l);
}

static void add_config(const struct hone_session *s, struct hone_left_outs *ret)
{
	struct hone_left_out l = {.what = "the variables of [env] in cargo's config",
		.remedy = "env = { NAME = \"...\" } in hone.toml names those that it needs"};

	add_env_of_config(s, &l.env);
	if (l.env.n)
		hone_vec_push(&ret->v, l);
}

/* NAME = "VALUE" as hone.toml takes it; a value that is long, or names hone's own folder, is the user's to find. */
static void add_assignment(const struct hone_session *s, const char *text, struct hone_buf *to)
{
	size_t n = strcspn(text, "=");
	const char *value = text + n + 1;

	hone_toml_quote_key(to, (struct hone_view){text, n});
	hone_buf_adds(to, " = ");
	if (strlen(value) > LONGEST_VALUE || strstr(value, s->dir.root))
		value = "...";
	hone_toml_quote(to, hone_view_of(value));
}

/* Variables of the list from `from` on, n of them, tried together. */
static void add_script(const struct hone_session *s, const struct hone_strv *list, size_t from,
	size_t n, struct hone_left_outs *ret)
{
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf remedy = HONE_BUF_INIT;
	struct hone_left_out l = {0};

	for (size_t i = from; i < from + n; i++) {
		const char *text = list->v[i];

		hone_strv_push(&l.env, text);
		hone_buf_addf(
			&names, "%s%.*s", i > from ? ", " : "", (int)strcspn(text, "="), text);
		hone_buf_adds(&remedy, i > from ? ", " : "");
		add_assignment(s, text, &remedy);
	}
	l.what = hone_arena_printf(&ret->arena,
		"%s %s of its build script (cargo::rustc-env, or cargo's own OUT_DIR)",
		n == 1 ? "the variable" : "the variables", hone_buf_str(&names));
	l.remedy =
		hone_arena_printf(&ret->arena, "env = { %s } in hone.toml", hone_buf_str(&remedy));
	hone_vec_push(&ret->v, l);
}

/* A program that needs some of each. */
static void add_all(struct hone_left_outs *ret)
{
	struct hone_left_out l = {.what = "all variables that cargo, its config and the build "
					  "script set, together",
		.remedy = "env = { NAME = \"...\" } in hone.toml names those that it needs"};

	for (size_t i = 0; i < ret->v.n; i++) {
		l.library = ret->v.v[i].library ? ret->v.v[i].library : l.library;
		hone_strv_copy(&l.env, &ret->v.v[i].env);
	}
	hone_vec_push(&ret->v, l);
}

void hone_left_outs_find(const struct hone_session *s, const struct hone_artifact *baseline,
	struct hone_left_outs *ret)
{
	const struct hone_strv *script = &baseline->script_env;

	*ret = (struct hone_left_outs){0};
	add_libraries(s, ret);
	add_package(s, ret);
	add_config(s, ret);
	for (size_t i = 0; i < script->n && script->n <= HONE_RULE_VARIABLES_ALONE; i++)
		add_script(s, script, i, 1, ret);
	if (script->n > 1)
		add_script(s, script, 0, script->n, ret);
	add_all(ret);
}

void hone_left_outs_release(struct hone_left_outs *l)
{
	for (size_t i = 0; i < l->v.n; i++)
		hone_strv_release(&l->v.v[i].env);
	hone_vec_release(&l->v);
	hone_arena_release(&l->arena);
}
