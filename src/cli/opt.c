#include "cli.h"

#include <string.h>

static void *field(const struct hone_opt *opt, void *into)
{
	return (char *)into + opt->offset;
}

static bool takes_value(const struct hone_opt *opt)
{
	return opt->kind != HONE_OPT_FLAG && opt->kind != HONE_OPT_COUNT;
}

static const struct hone_opt *find(const struct hone_opt_set *sets, size_t n_sets,
	struct hone_view name, char letter, void **ret_into)
{
	for (size_t s = 0; s < n_sets; s++) {
		for (const struct hone_opt *opt = sets[s].opts; opt && opt->name; opt++) {
			if (letter ? opt->letter == letter : hone_view_is(name, opt->name)) {
				*ret_into = sets[s].into;
				return opt;
			}
		}
	}
	return NULL;
}

static int unknown(const struct hone_opt_set *sets, size_t n_sets, const char *arg,
	struct hone_view name, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	hone_auto_free char *typed = hone_view_dup(name);
	const char *nearest;

	for (size_t s = 0; s < n_sets; s++)
		for (const struct hone_opt *opt = sets[s].opts; opt && opt->name; opt++)
			hone_strv_push(&names, opt->name);
	nearest = hone_did_you_mean(typed, hone_strv_argv(&names));
	hone_err_set(err, HONE_E_USAGE, "unexpected argument '%s'", arg);
	if (nearest)
		return hone_err_hint(
			err, "did you mean '--%s'? `cargo hone --help` lists the options", nearest);
	return hone_err_hint(err, "`cargo hone --help` lists the commands and their options");
}

static void add_words(struct hone_strv *list, const char *text)
{
	const char *p = text;

	while (*p) {
		size_t n = strcspn(p, " ,");

		if (n)
			hone_strv_pushv(list, (struct hone_view){p, n});
		p += n;
		p += strspn(p, " ,");
	}
}

void hone_opt_set(const struct hone_opt *opt, void *into, const char *value)
{
	void *at = field(opt, into);

	switch (opt->kind) {
	case HONE_OPT_FLAG:
		*(bool *)at = true;
		break;
	case HONE_OPT_COUNT:
		*(int *)at += 1;
		break;
	case HONE_OPT_TEXT:
	case HONE_OPT_ONE:
		free(*(char **)at);
		*(char **)at = hone_xstrdup(value);
		break;
	case HONE_OPT_LIST:
		hone_strv_push(at, value);
		break;
	case HONE_OPT_WORDS:
		add_words(at, value);
		break;
	}
}

/* One argument that begins with a dash; *i is left at the last argument that it used. */
static int parse_one(const struct hone_opt_set *sets, size_t n_sets, char *const *argv, size_t argc,
	size_t *i, struct hone_err *err)
{
	const char *arg = argv[*i];
	bool is_long = arg[1] == '-';
	struct hone_view name = hone_view_of(is_long ? arg + 2 : arg + 1);
	size_t equals = hone_view_find(name, 0, '=');
	const char *attached = NULL;
	const struct hone_opt *opt;
	void *into = NULL;

	if (is_long) {
		if (equals < name.n)
			attached = name.p + equals + 1;
		opt = find(sets, n_sets, hone_view_sub(name, 0, equals), 0, &into);
		if (!opt)
			return unknown(sets, n_sets, arg, hone_view_sub(name, 0, equals), err);
	} else {
		/* -vv, -p NAME, -pNAME */
		for (;; name = hone_view_sub(name, 1, name.n)) {
			opt = find(sets, n_sets, name, name.p[0], &into);
			if (!opt)
				return unknown(sets, n_sets, arg, name, err);
			if (takes_value(opt) || name.n == 1)
				break;
			hone_opt_set(opt, into, NULL);
		}
		if (takes_value(opt) && name.n > 1)
			attached = name.p[1] == '=' ? name.p + 2 : name.p + 1;
	}
	if (!takes_value(opt)) {
		if (attached)
			return hone_err_set(
				err, HONE_E_USAGE, "option '--%s' takes no value", opt->name);
		hone_opt_set(opt, into, NULL);
		return 0;
	}
	if (!attached) {
		if (*i + 1 >= argc)
			return hone_err_set(err, HONE_E_USAGE,
				"a value is required for '--%s %s' but none was supplied",
				opt->name, opt->arg);
		attached = argv[++*i];
	}
	if (opt->kind == HONE_OPT_ONE) {
		const char *before = *(char **)field(opt, into);

		if (before && strcmp(before, attached) != 0)
			return hone_err_set(err, HONE_E_USAGE,
				"'--%s' is given twice, as %s and as %s: hone takes one", opt->name,
				before, attached);
	}
	hone_opt_set(opt, into, attached);
	return 0;
}

int hone_opt_parse(const struct hone_opt_set *sets, size_t n_sets, char *const *argv, size_t argc,
	struct hone_strv *rest, size_t *ret_used, struct hone_err *err)
{
	bool only_args = false;
	size_t i;

	for (i = 0; i < argc; i++) {
		int error;

		if (only_args || argv[i][0] != '-' || argv[i][1] == '\0') {
			if (!rest)
				break;
			hone_strv_push(rest, argv[i]);
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			only_args = true;
			continue;
		}
		error = parse_one(sets, n_sets, argv, argc, &i, err);
		if (error)
			return error;
	}
	if (ret_used)
		*ret_used = i;
	return 0;
}

static bool is_listed(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static void spell_list(const char *name, const struct hone_strv *values, struct hone_strv *words)
{
	for (size_t i = 0; i < values->n; i++) {
		hone_strv_pushf(words, "--%s", name);
		hone_strv_push(words, values->v[i]);
	}
}

void hone_opt_spell(const struct hone_opt *opts, const void *from, const char *const *but,
	struct hone_strv *words)
{
	for (const struct hone_opt *opt = opts; opt && opt->name; opt++) {
		const void *at = (const char *)from + opt->offset;
		const char *text;

		if (is_listed(but, opt->name))
			continue;
		switch (opt->kind) {
		case HONE_OPT_FLAG:
			if (*(const bool *)at)
				hone_strv_pushf(words, "--%s", opt->name);
			break;
		case HONE_OPT_COUNT:
			for (int i = 0; i < *(const int *)at; i++)
				hone_strv_pushf(words, "--%s", opt->name);
			break;
		case HONE_OPT_TEXT:
		case HONE_OPT_ONE:
			text = *(char *const *)at;
			if (text) {
				hone_strv_pushf(words, "--%s", opt->name);
				hone_strv_push(words, text);
			}
			break;
		case HONE_OPT_LIST:
		case HONE_OPT_WORDS:
			spell_list(opt->name, at, words);
			break;
		}
	}
}

void hone_opt_release(const struct hone_opt *opts, void *into)
{
	for (const struct hone_opt *opt = opts; opt && opt->name; opt++) {
		void *at = field(opt, into);

		if (opt->kind == HONE_OPT_TEXT || opt->kind == HONE_OPT_ONE) {
			free(*(char **)at);
			*(char **)at = NULL;
		} else if (opt->kind == HONE_OPT_LIST || opt->kind == HONE_OPT_WORDS) {
			hone_strv_release(at);
		}
	}
}
