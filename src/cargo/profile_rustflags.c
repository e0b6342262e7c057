/* Which flags cargo adds for rustc, and what they do to the profile. Order of the sources: cargo
 * 1.95, core/compiler/build_context/target_info.rs. */
#include "cfg_expr.h"
#include "num.h"
#include "proc.h"
#include "profile_set.h"

#include <string.h>
#include <unistd.h>

#define PRINT_CFG_NS (60 * HONE_NS_PER_S)

void hone_rustflags_release(struct hone_rustflags *f)
{
	hone_strv_release(&f->flags);
	free(f->where);
	free(f->config_key);
	free(f->more_key);
	hone_strv_release(&f->more_before);
	*f = (struct hone_rustflags){0};
}

/* CARGO_ENCODED_RUSTFLAGS, else RUSTFLAGS; either counts where it is set, if only to nothing. */
static bool from_env(struct hone_rustflags *f)
{
	const char *encoded = hone_config_env("CARGO_ENCODED_RUSTFLAGS");
	const char *plain = hone_config_env("RUSTFLAGS");
	struct hone_view rest = hone_view_of(encoded ? encoded : plain), part;
	bool started = false;

	if (!encoded && !plain)
		return false;
	while (rest.n && hone_view_split(&rest, &started, encoded ? '\x1f' : ' ', &part)) {
		if (!encoded)
			part = hone_view_trim(part);
		if (encoded || part.n)
			hone_strv_pushv(&f->flags, part);
	}
	f->origin = HONE_ORIGIN_ENVIRONMENT;
	f->where = hone_xstrdup(encoded ? "CARGO_ENCODED_RUSTFLAGS" : "RUSTFLAGS");
	return true;
}

/* The key whose flags come last so far. */
struct last {
	struct hone_config_key key;
	const struct hone_config_value *list; /* its words; NULL: no key has any */
};

static char *key_text(const struct hone_config_key *key)
{
	struct hone_buf text = HONE_BUF_INIT;

	hone_config_key_text(key, &text);
	return hone_buf_detach(&text);
}

/* Adds the words of a list, and notes where the first came from. */
static void add_list(struct hone_rustflags *f, const struct hone_config_value *list,
	const struct hone_config_key *key, struct last *last)
{
	for (size_t i = 0; list && i < list->n_items; i++) {
		const struct hone_config_value *word = list->items[i];
		if (!f->where) {
			f->where = hone_xstrdup(word->where);
			f->origin = word->source == HONE_CONFIG_ENV ? HONE_ORIGIN_ENVIRONMENT
								    : HONE_ORIGIN_CONFIG;
			f->config_key = key_text(key);
		}
		hone_strv_push(&f->flags, word->text);
		*last = (struct last){*key, list};
	}
}

static int by_key(const void *a, const void *b)
{
	const struct hone_config_value *const *va = a, *const *vb = b;

	return strcmp((*va)->key, (*vb)->key);
}

/* Adds the flags of every [target.'cfg(...)'] that is true for these lines; *ret_any: there is one that
 * has flags, true or not. */
static int add_cfg(const struct hone_profile_set *set, const struct hone_strv *cfg_lines,
	struct hone_rustflags *f, struct last *last, bool *ret_any, struct hone_err *err)
{
	struct hone_config_key key = hone_config_key("target", NULL, NULL);
	const struct hone_config_value *target = NULL;
	HONE_VEC(const struct hone_config_value *) tables = {0};
	int code = hone_config_get(set->config, &key, &target, err);

	for (size_t i = 0; !code && target && i < target->n_items; i++)
		if (hone_starts(target->items[i]->key, "cfg("))
			hone_vec_push(&tables, target->items[i]);
	if (tables.n)
		qsort(tables.v, tables.n, sizeof(*tables.v), by_key);
	for (size_t i = 0; !code && i < tables.n; i++) {
		const struct hone_config_value *list = NULL;
		struct hone_config_key at = hone_config_key_push(
			hone_config_key_push(key, tables.v[i]->key, true), "rustflags", true);

		code = hone_config_strings(set->config, &at, true, &list, err);
		*ret_any = *ret_any || (!code && list);
		if (!code && list && cfg_lines && hone_cfg_matches(tables.v[i]->key, cfg_lines))
			add_list(f, list, &at, last);
	}
	hone_vec_release(&tables);
	return code;
}

/* What `rustc --print cfg` says with these flags. */
static int print_cfg(const struct hone_profile_set *set, const struct hone_strv *flags,
	struct hone_strv *ret_lines, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.deadline_ns = PRINT_CFG_NS};
	struct hone_view rest, line;
	bool started = false;
	int code;

	hone_strv_push(&argv, set->toolchain->rustc);
	hone_strv_copy(&argv, flags);
	hone_strv_push(&argv, "--print=cfg");
	if (set->target)
		hone_strv_pushf(&argv, "--target=%s", set->target);
	spec.argv = hone_strv_argv(&argv);
	code = hone_proc_run(&spec, &res, err);
	if (code)
		return code;
	if (!hone_proc_succeeded(&res)) {
		hone_auto_free char *how = hone_proc_how_ended(&res);

		return hone_err_set(err, HONE_E_FAILED, "rustc --print=cfg failed, %s: %s", how,
			hone_buf_str(&res.err));
	}
	/* Every target has an architecture. */
	if (!strstr(hone_buf_str(&res.out), "target_arch=") ||
		!hone_ends(hone_buf_str(&res.out), "\n"))
		return hone_err_set(err, HONE_E_FAILED,
			"rustc --print=cfg did not print all of a target's configuration");
	rest = hone_buf_view(&res.out);
	while (hone_view_split(&rest, &started, '\n', &line))
		if (line.n)
			hone_strv_pushv(ret_lines, line);
	return 0;
}

/* Is the value of this key one text, to which cargo joins no list? */
static bool is_text(const struct hone_profile_set *set, const struct hone_config_key *key)
{
	const struct hone_config_value *v = NULL;

	return !hone_config_get(set->config, key, &v, NULL) && v && v->type == HONE_CONFIG_STRING;
}

/* The key of [target.'cfg(...)'] beside this one that is true whenever it is, stands just before it in cargo's order
 * and is no text: with blanks before the last parenthesis. */
static struct hone_config_key beside(
	const struct hone_profile_set *set, const struct hone_config_key *key)
{
	struct hone_config_key k = *key;

	do {
		hone_auto_free char *text =
			hone_xasprintf("%.*s )", (int)strlen(k.part[1]) - 1, k.part[1]);

		k.part[1] = hone_arena_strdup(set->arena, text);
	} while (is_text(set, &k));
	return k;
}

/* KEY=[WORD, ...] */
static void repeat_words(struct hone_rustflags *f, const char *key, const struct last *last)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_buf_addf(&text, "%s=", key);
	hone_config_value_toml(last->list, &text);
	hone_strv_push(&f->more_before, hone_buf_str(&text));
}

/* Finds the place for more flags. cargo reads [build] only where [target] has none, joins lists of one key, and
 * takes [target.TRIPLE] before the [target.'cfg(...)'], these by their text. Seen with cargo 1.95. */
static void find_room(const struct hone_profile_set *set, const struct hone_config_key *triple,
	const struct last *last, struct hone_rustflags *f)
{
	struct hone_config_key all = hone_config_key("target", "cfg(all())", "rustflags");
	struct hone_config_key key = *triple;
	bool in_build = last->list && !strcmp(last->key.part[0], "build");
	bool in_cfg = last->list && !in_build && hone_starts(last->key.part[1], "cfg(");

	all.raw[1] = true;
	if (in_build && !is_text(set, &last->key)) {
		f->more_key = key_text(&last->key);
		return;
	}
	if (in_cfg)
		key = is_text(set, &last->key) ? beside(set, &last->key) : last->key;
	else if (is_text(set, triple))
		key = is_text(set, &all) ? beside(set, &all) : all;
	f->more_key = key_text(&key);
	if (in_build || (in_cfg && is_text(set, &last->key)))
		repeat_words(f, f->more_key, last);
	if (in_cfg && is_text(set, &last->key)) {
		hone_auto_free char *blank = key_text(&last->key);

		hone_strv_pushf(&f->more_before, "%s=\"\"", blank);
	}
}

/* [target.TRIPLE] and its variable, and with cfg_lines also [target.'cfg(...)']; nothing in them: build. */
static int from_config(const struct hone_profile_set *set, const struct hone_strv *cfg_lines,
	struct hone_rustflags *f, bool *ret_cfg, struct hone_err *err)
{
	hone_auto_free char *name =
		hone_build_target_name(set->target ? set->target : set->toolchain->host);
	struct hone_config_key target = hone_config_key("target", name, "rustflags");
	struct hone_config_key build = hone_config_key("build", "rustflags", NULL);
	const struct hone_config_value *list = NULL;
	struct last last = {0};
	int code = hone_config_strings(set->config, &target, true, &list, err);

	add_list(f, code ? NULL : list, &target, &last);
	if (!code)
		code = add_cfg(set, cfg_lines, f, &last, ret_cfg, err);
	if (!code && !f->flags.n) {
		code = hone_config_strings(set->config, &build, true, &list, err);
		add_list(f, code ? NULL : list, &build, &last);
	}
	if (!code)
		find_room(set, &target, &last, f);
	return code;
}

int hone_profile_set_cfg_lines(const struct hone_profile_set *set,
	const struct hone_strv **ret_lines, struct hone_err *err)
{
	struct hone_rustflags f = {.origin = HONE_ORIGIN_DEFAULT};
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;
	bool has_cfg = false;
	int code = 0;

	if (!set->cache->cfg_lines) {
		/* cargo asks rustc with the flags that no cfg(...) gives, and keeps the first answer. */
		if (!from_env(&f))
			code = from_config(set, NULL, &f, &has_cfg, err);
		if (!code)
			code = print_cfg(set, &f.flags, &lines, err);
		hone_rustflags_release(&f);
		if (code)
			return code;
		set->cache->cfg_lines = HONE_NEW(struct hone_strv);
		*set->cache->cfg_lines = lines;
		lines = (struct hone_strv)HONE_STRV_INIT;
	}
	*ret_lines = set->cache->cfg_lines;
	return 0;
}

static int find_flags(
	const struct hone_profile_set *set, struct hone_rustflags *ret_flags, struct hone_err *err)
{
	struct hone_rustflags f = {.origin = HONE_ORIGIN_DEFAULT};
	bool has_cfg = false;
	int code = 0;

	if (!from_env(&f)) {
		code = from_config(set, NULL, &f, &has_cfg, err);
		if (has_cfg && !code) {
			const struct hone_strv *lines = NULL;

			hone_rustflags_release(&f);
			code = hone_profile_set_cfg_lines(set, &lines, err);
			if (!code)
				code = from_config(set, lines, &f, &has_cfg, err);
		}
	}
	if (code) {
		hone_rustflags_release(&f);
		return code;
	}
	/* Without a target of their own the host's units read [target.HOST] and [build]. */
	f.host_too =
		f.flags.n && !set->asked &&
		(!set->target || strcmp(set->target, set->toolchain->host) == 0 || !f.more_key ||
			(f.config_key && strcmp(f.config_key, "build.rustflags") == 0));
	*ret_flags = f;
	return 0;
}

static char *copy(const char *s)
{
	return s ? hone_xstrdup(s) : NULL;
}

int hone_rustflags_find(
	const struct hone_profile_set *set, struct hone_rustflags *ret_flags, struct hone_err *err)
{
	struct hone_rustflags *known = set->cache->flags;

	if (!known) {
		struct hone_rustflags f;
		int code = find_flags(set, &f, err);
		if (code)
			return code;
		known = set->cache->flags = HONE_NEW(struct hone_rustflags);
		*known = f;
	}
	*ret_flags = *known;
	ret_flags->flags = (struct hone_strv){0};
	hone_strv_copy(&ret_flags->flags, &known->flags);
	ret_flags->where = copy(known->where);
	ret_flags->config_key = copy(known->config_key);
	ret_flags->more_key = copy(known->more_key);
	ret_flags->more_before = (struct hone_strv)HONE_STRV_INIT;
	hone_strv_copy(&ret_flags->more_before, &known->more_before);
	return 0;
}
