#include "candidate.h"

#include "package_spec.h"
#include "text.h"
#include "toml_value.h"

#include <string.h>

#define TEXT_LIMIT ((size_t)64 << 10)
#define UNSET "unset"

struct preset_value {
	enum hone_setting_id id;
	const char *value; /* NULL: the end */
};

/* The recipes that people publish. */
static const struct preset_value small[] = {{HONE_SET_OPT_LEVEL, "\"z\""}, {HONE_SET_LTO, "true"},
	{HONE_SET_CODEGEN_UNITS, "1"}, {HONE_SET_PANIC, "\"abort\""},
	{HONE_SET_STRIP, "\"debuginfo\""}, {0}};
static const struct preset_value fast[] = {{HONE_SET_OPT_LEVEL, "3"}, {HONE_SET_LTO, "\"fat\""},
	{HONE_SET_CODEGEN_UNITS, "1"}, {HONE_SET_PANIC, "\"abort\""}, {0}};
static const struct preset_value balanced[] = {{HONE_SET_OPT_LEVEL, "\"s\""},
	{HONE_SET_LTO, "\"fat\""}, {HONE_SET_CODEGEN_UNITS, "1"}, {HONE_SET_PANIC, "\"abort\""},
	{HONE_SET_STRIP, "\"symbols\""}, {0}};

/* What hone's own are made of. */
static const struct preset_value size[] = {{HONE_SET_OPT_LEVEL, "\"z\""}, {0}};
static const struct preset_value no_symbols[] = {{HONE_SET_STRIP, "\"symbols\""}, {0}};
/* Smaller code in functions that are compiled for size. */
static const struct preset_value dense[] = {{HONE_SET_RUSTC_EXT_TSP_SIZE, "\"on\""},
	{HONE_SET_RUSTC_MIN_JUMP_TABLE_ENTRIES, "16"}, {0}};
/* The same for what is compiled for speed. */
static const struct preset_value compact[] = {{HONE_SET_RUSTC_COMPACT, "\"on\""}, {0}};
static const struct preset_value minsize[] = {{HONE_SET_LINK_MINSIZE, "\"all\""}, {0}};
static const struct preset_value profiled[] = {{HONE_SET_TRAIN_PGO, "\"cold-size\""}, {0}};
/* For size, but for what is hot, or near it: there the profile decides, which has to see functions before they are inlined. */
static const struct preset_value levelled[] = {{HONE_SET_TRAIN_PGO, "\"cold-size\""},
	{HONE_SET_TRAIN_HOT, "\"99.9\""}, {HONE_SET_TRAIN_NEAR, "\"crate\""},
	{HONE_SET_RUSTC_PREINLINE_THRESHOLD, "15"}, {0}};
/* What most deployments can take: glibc 2.36, no backtraces, folded functions. */
static const struct preset_value bold[] = {{HONE_SET_LINK_ICF, "\"all\""},
	{HONE_SET_LINK_RELR, "\"on\""}, {HONE_SET_LINK_UNWIND, "\"discard\""},
	{HONE_SET_LINK_BUILD_ID, "\"none\""}, {HONE_SET_LINK_SYMBOLIZER, "\"drop\""}, {0}};
/* std as part of the program, and what only then can be left out of it. */
static const struct preset_value whole[] = {{HONE_SET_STD_BUILD, "\"on\""},
	{HONE_SET_PANIC, "\"immediate-abort\""}, {HONE_SET_RUSTC_LOCATION_DETAIL, "\"none\""}, {0}};
static const struct preset_value small_std[] = {
	{HONE_SET_STD_FEATURES, "\"optimize_for_size\""}, {0}};

#define MAX_PARTS 10

/* What a name on the command line stands for: parts, of which a later one wins. Of those in `more` a value
 * is taken if its labels were let in. */
static const struct preset {
	const char *name;
	const struct preset_value *parts[MAX_PARTS], *more[MAX_PARTS];
} presets[] = {
	{"baseline", {NULL}, {NULL}},
	{"small", {small}, {NULL}},
	{"fast", {fast}, {NULL}},
	{"balanced", {balanced}, {NULL}},
	{"smallest", {fast, size, no_symbols, dense, compact, minsize}, {bold, whole, small_std}},
	{"smallest-bold", {fast, size, no_symbols, dense, compact, minsize, bold}, {NULL}},
	{"smallest-std", {fast, size, no_symbols, dense, compact, minsize, bold, whole, small_std},
		{NULL}},
	{"fastest", {fast, no_symbols, profiled}, {bold, whole}},
	{"fastest-bold", {fast, no_symbols, profiled, bold}, {NULL}},
	{"fastest-std", {fast, no_symbols, profiled, bold, whole}, {NULL}},
	{"best-balanced", {fast, no_symbols, dense, compact, levelled}, {bold, whole}},
	{"best-balanced-bold", {fast, no_symbols, dense, compact, levelled, bold}, {NULL}},
	{"best-balanced-std", {fast, no_symbols, dense, compact, levelled, bold, whole}, {NULL}},
};

static const struct preset *find_preset(struct hone_view name)
{
	for (size_t i = 0; i < HONE_COUNT(presets); i++)
		if (hone_view_is(name, presets[i].name))
			return &presets[i];
	return NULL;
}

/* What is left of the text, and what was read of it. */
struct reader {
	struct hone_view text;
	size_t at;
	bool named;                         /* it began with a name, so + separates */
	unsigned allowed;                   /* labels that were let in */
	const struct hone_recipes *recipes; /* of the project's own; or NULL */
	struct hone_candidate *candidate;
	struct hone_candidate *given; /* what the text itself assigned, to notice repetitions */
};

static bool is_separator(const struct reader *r, char c)
{
	return c == ',' || (r->named && c == '+');
}

static struct hone_view rest(const struct reader *r)
{
	return hone_view_sub(r->text, r->at, r->text.n);
}

/* Position behind the quoted string that starts at from, or SIZE_MAX when it has no end. */
static size_t quote_end(struct hone_view text, size_t from)
{
	char quote = text.p[from];
	for (size_t i = from + 1; i < text.n; i++) {
		if (text.p[i] == '\\' && quote == '"')
			i++;
		else if (text.p[i] == quote)
			return i + 1;
	}
	return SIZE_MAX;
}

static int unknown_key(struct hone_view key, struct hone_err *err)
{
	hone_auto_free char *text = hone_view_dup(key);
	const char *near = hone_did_you_mean(text, hone_setting_keys());
	hone_err_set(err, HONE_E_USAGE, "unknown setting `%s`", text);
	if (near)
		return hone_err_hint(err, "did you mean `%s`?", near);
	return hone_err_hint(err, "`cargo hone explain` lists all settings");
}

static int check_package(const struct hone_setting *s, struct hone_view key, const char *package,
	struct hone_err *err)
{
	if (!s)
		return unknown_key(key, err);
	if (s->kind != HONE_SETTING_PROFILE)
		return hone_err_set(err, HONE_E_USAGE,
			"%s holds for the whole program, not for package %s", s->key, package);
	if (!s->per_package)
		return hone_err_set(err, HONE_E_USAGE,
			"`%s` may not be specified in a `package` profile: it holds for the whole "
			"program",
			s->key);
	if (strcmp(package, "*") == 0)
		return 0;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	struct hone_spec spec;
	if (hone_spec_parse(package, &spec, &why) < 0)
		return hone_err_set(err, HONE_E_USAGE, "package `%s`: %s", package, why.msg);
	hone_spec_release(&spec);
	return 0;
}

/* Where in "SPEC.KEY=..." the dot before KEY stands. A spec holds dots and, in the query of a git
 * URL, equals signs, so the first dot is taken that a known key and "=" follow; else, for the sake of
 * the message, the last one before the first "=". */
static size_t spec_end(struct hone_view text)
{
	size_t last = SIZE_MAX, equals = hone_view_find(text, 0, '=');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] != '.')
			continue;
		if (i < equals)
			last = i;
		size_t end = hone_view_find(text, i, '=');
		const struct hone_setting *s = hone_setting_find(hone_view_sub(text, i + 1, end));
		if (end < text.n && s && s->kind == HONE_SETTING_PROFILE)
			return i;
	}
	return last;
}

/* package.SPEC.KEY or package."SPEC".KEY; leaves r->at on the "=". */
static int read_package_key(
	struct reader *r, char **ret_package, struct hone_view *ret_key, struct hone_err *err)
{
	struct hone_view text = rest(r);
	hone_auto_buf struct hone_buf spec = HONE_BUF_INIT;
	size_t end;
	if (text.n && (text.p[0] == '"' || text.p[0] == '\'')) {
		end = quote_end(text, 0);
		if (end == SIZE_MAX || !hone_toml_unquote(hone_view_sub(text, 0, end), &spec))
			return hone_err_set(err, HONE_E_USAGE,
				"package.%.*s: the quoted name is not a TOML string", (int)text.n,
				text.p);
	} else {
		end = spec_end(text);
		if (end != SIZE_MAX)
			hone_buf_addv(&spec, hone_view_sub(text, 0, end));
	}
	if (end == SIZE_MAX || end >= text.n || text.p[end] != '.' || spec.n == 0 ||
		memchr(hone_buf_str(&spec), 0, spec.n))
		return hone_err_set(err, HONE_E_USAGE, "package.%.*s is not package.NAME.KEY=VALUE",
			(int)text.n, text.p);
	size_t equals = hone_view_find(text, end, '=');
	*ret_key = hone_view_trim(hone_view_sub(text, end + 1, equals));
	*ret_package = hone_buf_detach(&spec);
	r->at += equals;
	return 0;
}

static int not_an_assignment(const struct reader *r, struct hone_view part, struct hone_err *err)
{
	hone_auto_free char *text = hone_view_dup(part);
	const struct hone_setting *s = hone_setting_find_short(part);
	if (s)
		return hone_err_set(
			err, HONE_E_USAGE, "%s has no value: it takes %s", s->key, s->range);
	if (part.n == 0)
		return hone_err_set(err, HONE_E_USAGE, "a KEY=VALUE is missing in `%.*s`",
			(int)r->text.n, r->text.p);
	if (find_preset(part))
		return hone_err_set(err, HONE_E_USAGE,
			"the name `%s` can only stand first: several candidates are several "
			"arguments",
			text);
	const char *names[HONE_COUNT(presets) + 1] = {NULL};
	for (size_t i = 0; i < HONE_COUNT(presets); i++)
		names[i] = presets[i].name;
	const char *near = r->at == 0 ? hone_did_you_mean(text, names) : NULL;
	if (!near)
		near = hone_did_you_mean(text, hone_setting_keys());
	hone_err_set(err, HONE_E_USAGE,
		"`%s` is neither a candidate (baseline, small, fast, balanced, smallest, fastest, "
		"best-balanced) nor KEY=VALUE",
		text);
	if (r->at == 0 && hone_view_starts(part, "tuned-"))
		return hone_err_hint(err, "`cargo hone tune` finds it, and has not yet here");
	return near ? hone_err_hint(err, "did you mean `%s`?", near)
		    : hone_err_hint(err, "`cargo hone explain` lists all settings");
}

static int read_value(struct reader *r, struct hone_view *ret_value, struct hone_err *err)
{
	struct hone_view text = r->text;
	size_t from = r->at, to;
	while (from < text.n && text.p[from] == ' ')
		from++;
	if (from < text.n && (text.p[from] == '"' || text.p[from] == '\'')) {
		to = quote_end(text, from);
		if (to == SIZE_MAX)
			return hone_err_set(err, HONE_E_USAGE, "the quote in `%.*s` is not closed",
				(int)(text.n - from), text.p + from);
	} else {
		for (to = from; to < text.n && !is_separator(r, text.p[to]); to++)
			;
	}
	*ret_value = hone_view_trim(hone_view_sub(text, from, to));
	while (to < text.n && text.p[to] == ' ')
		to++;
	if (to < text.n && !is_separator(r, text.p[to]))
		return hone_err_set(err, HONE_E_USAGE, "unexpected `%.*s` behind %.*s",
			(int)(text.n - to), text.p + to, (int)ret_value->n, ret_value->p);
	r->at = to;
	return 0;
}

/* KEY=unset: as the project has it, though the name before it says otherwise. */
static int unset(
	struct reader *r, const struct hone_setting *s, const char *package, struct hone_err *err)
{
	if (!hone_candidate_unset(r->candidate, s, package))
		return hone_err_set(err, HONE_E_USAGE, "%s=" UNSET ": `%.*s` does not set it",
			s->key, (int)r->text.n, r->text.p);
	hone_candidate_set(r->given, s, package, UNSET);
	return 0;
}

static int assign(struct reader *r, const struct hone_setting *s, const char *package,
	struct hone_view value, struct hone_err *err)
{
	hone_auto_free char *toml = NULL;
	hone_auto_free char *why = NULL;
	/* rustc has no strip level "all"; hone does that by itself. */
	if (!package && s->id == HONE_SET_STRIP &&
		(hone_view_is(value, "all") || hone_view_is(value, "\"all\"")))
		s = hone_setting(HONE_SET_POST_STRIP);
	if (s->id == HONE_SET_INHERITS)
		return hone_err_set(err, HONE_E_USAGE,
			"inherits is no setting of a candidate: --profile chooses what it starts "
			"from");
	if (hone_candidate_get(r->given, s->id, package))
		return hone_err_set(err, HONE_E_USAGE, "%s is given twice", s->key);
	if (hone_view_is(value, UNSET))
		return unset(r, s, package, err);
	if (!hone_setting_value_parse(s, value, &toml, &why))
		return hone_err_set(err, HONE_E_USAGE, "%s", why);
	hone_candidate_set(r->given, s, package, toml);
	hone_candidate_set(r->candidate, s, package, toml);
	return 0;
}

/* One KEY=VALUE at r->at. */
static int read_assignment(struct reader *r, struct hone_err *err)
{
	hone_auto_free char *package = NULL;
	struct hone_view key, value;
	const struct hone_setting *s;
	int rc;
	while (r->at < r->text.n && r->text.p[r->at] == ' ')
		r->at++;
	if (hone_view_starts(rest(r), "package.")) {
		r->at += strlen("package.");
		rc = read_package_key(r, &package, &key, err);
		if (rc < 0)
			return rc;
		s = hone_setting_find_short(key);
		rc = check_package(s, key, package, err);
	} else {
		struct hone_view text = rest(r);
		size_t equals = 0;
		while (equals < text.n && text.p[equals] != '=' && !is_separator(r, text.p[equals]))
			equals++;
		key = hone_view_trim(hone_view_sub(text, 0, equals));
		s = hone_setting_find_short(key);
		if (equals == text.n || text.p[equals] != '=') {
			/* A setting that can be "on" is turned on by its name alone. */
			if (!s || !hone_setting_value_find(s, HONE_VIEW("\"on\"")))
				return not_an_assignment(r, key, err);
			r->at += equals;
			return assign(r, s, NULL, HONE_VIEW("on"), err);
		}
		r->at += equals;
		rc = s ? 0 : unknown_key(key, err);
	}
	if (rc < 0)
		return rc;
	if (r->at >= r->text.n)
		return not_an_assignment(r, key, err);
	r->at++;
	rc = read_value(r, &value, err);
	return rc < 0 ? rc : assign(r, s, package, value, err);
}

static bool is_utf8(struct hone_view text)
{
	while (text.n) {
		size_t n = hone_utf8_len(text);
		if (n == 0)
			return false;
		text = hone_view_sub(text, n, text.n);
	}
	return true;
}

/* The values whose labels are all among those allowed. */
static void take_parts(
	struct reader *r, const struct preset_value *const parts[MAX_PARTS], unsigned allowed)
{
	for (size_t i = 0; i < MAX_PARTS && parts[i]; i++) {
		for (const struct preset_value *v = parts[i]; v->value; v++) {
			const struct hone_setting *s = hone_setting(v->id);

			if (!(hone_setting_value_labels(s, hone_view_of(v->value)) & ~allowed))
				hone_candidate_set(r->candidate, s, NULL, v->value);
		}
	}
}

/* The word that a name is, where one begins the text; *ret_end: its end. */
static struct hone_view first_word(struct hone_view text, size_t *ret_end)
{
	size_t end = 0;

	while (end < text.n && text.p[end] != ',' && text.p[end] != '+')
		end++;
	*ret_end = end;
	return hone_view_trim(hone_view_sub(text, 0, end));
}

/* A name of the project's own; 1: it was one. */
static int read_recipe(struct reader *r, struct hone_err *err)
{
	size_t end;
	struct hone_view word = first_word(r->text, &end);

	for (size_t i = 0; r->recipes && i < r->recipes->names.n; i++) {
		struct hone_candidate *c = NULL;

		if (!hone_view_is(word, r->recipes->names.v[i]))
			continue;
		if (hone_candidate_parse(r->recipes->texts.v[i], &c, err)) {
			hone_err_wrap(err, "candidate `%s`", r->recipes->names.v[i]);
			return HONE_E_USAGE;
		}
		for (size_t k = 0; k < c->n; k++)
			hone_candidate_set(r->candidate, c->assigns[k].setting,
				c->assigns[k].package, c->assigns[k].value);
		hone_candidate_free(c);
		r->named = true;
		r->at = end;
		return 1;
	}
	return 0;
}

/* A name at the beginning of the text, if one stands there. */
static void read_name(struct reader *r)
{
	size_t end;
	const struct preset *preset = find_preset(first_word(r->text, &end));
	if (!preset)
		return;
	r->named = true;
	r->at = end;
	take_parts(r, preset->parts, ~0U);
	if (r->allowed)
		take_parts(r, preset->more, r->allowed | hone_candidate_labels(r->candidate));
	/* Where size alone decides, code is kept once; with tables for unwinding these may grow by more. */
	if (hone_starts(preset->name, "smallest") &&
		hone_candidate_get(r->candidate, HONE_SET_LINK_UNWIND, NULL))
		hone_candidate_set(
			r->candidate, hone_setting(HONE_SET_LINK_OUTLINER), NULL, "\"on\"");
}

static int read_all(struct reader *r, struct hone_err *err)
{
	if (r->text.n == 0)
		return hone_err_set(err, HONE_E_USAGE, "an empty candidate");
	if (r->text.n > TEXT_LIMIT)
		return hone_err_set(
			err, HONE_E_USAGE, "a candidate of more than %zu bytes", TEXT_LIMIT);
	if (!is_utf8(r->text))
		return hone_err_set(err, HONE_E_USAGE, "a candidate that is not UTF-8");
	int found = read_recipe(r, err);
	if (found < 0)
		return found;
	if (!found)
		read_name(r);
	if (!r->named) {
		int rc = read_assignment(r, err);
		if (rc < 0)
			return rc;
	}
	while (r->at < r->text.n) {
		r->at++; /* the separator */
		int rc = read_assignment(r, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int hone_candidate_parse(
	const char *text, struct hone_candidate **ret_candidate, struct hone_err *err)
{
	return hone_candidate_parse_allowed(text, 0, ret_candidate, err);
}

int hone_candidate_parse_allowed(const char *text, unsigned allowed,
	struct hone_candidate **ret_candidate, struct hone_err *err)
{
	return hone_candidate_parse_named(text, allowed, NULL, ret_candidate, err);
}

bool hone_candidate_is_taken(const char *name)
{
	return find_preset(hone_view_of(name)) || hone_setting_find_short(hone_view_of(name));
}

bool hone_candidate_wants_recipe(const char *text)
{
	size_t end;
	struct hone_view word = first_word(hone_view_trim(hone_view_of(text)), &end);
	hone_auto_free char *name = hone_view_dup(word);

	return *name && !strchr(name, '=') && !hone_candidate_is_taken(name);
}

int hone_candidate_parse_named(const char *text, unsigned allowed,
	const struct hone_recipes *recipes, struct hone_candidate **ret_candidate,
	struct hone_err *err)
{
	struct reader r = {.text = hone_view_trim(hone_view_of(text)),
		.allowed = allowed,
		.recipes = recipes,
		.candidate = HONE_NEW(struct hone_candidate),
		.given = HONE_NEW(struct hone_candidate)};
	int rc = read_all(&r, err);
	hone_candidate_free(r.given);
	if (rc < 0) {
		hone_candidate_free(r.candidate);
		return rc;
	}
	r.candidate->name = hone_view_dup(r.text);
	*ret_candidate = r.candidate;
	return 0;
}
