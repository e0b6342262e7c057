#include "opt_values.h"

#include "candidate.h"
#include "problem.h"
#include "toml_value.h"

#include <string.h>

/* One row for a word of the help, or for an option where the word alone does not say it. Rows of options
 * come first. */
struct row {
	const char *option; /* NULL: any option, or an argument */
	const char *arg;    /* NULL: whatever stands for its value */
	enum hone_value_kind kind;
	const char *words; /* with blanks between; NULL: none, or of a table elsewhere */
};

static const struct row rows[] = {
	{"bin", NULL, HONE_VALUE_BIN, NULL},
	{"example", NULL, HONE_VALUE_EXAMPLE, NULL},
	{"profile", NULL, HONE_VALUE_WORDS, "release dev"},
	{"undecided", NULL, HONE_VALUE_WORDS, "fail pass"},
	{"diff", NULL, HONE_VALUE_BINARY, NULL},
	{NULL, "BIN", HONE_VALUE_BINARY, NULL},
	{NULL, "CANDIDATE", HONE_VALUE_CANDIDATE, NULL},
	{NULL, "DEBUGFILE", HONE_VALUE_FILE, NULL},
	{NULL, "DIRECTORY", HONE_VALUE_FOLDER, NULL},
	{NULL, "FILE", HONE_VALUE_FILE, NULL},
	{NULL, "FORMAT", HONE_VALUE_WORDS, NULL},
	{NULL, "GOAL", HONE_VALUE_WORDS, "small fast balanced"},
	{NULL, "ID", HONE_VALUE_WORDS, NULL},
	{NULL, "ITEM", HONE_VALUE_WORDS, "symbols debug comment notes sections padding"},
	{NULL, "KEY=VALUE", HONE_VALUE_SETTING, NULL},
	{NULL, "KEY=VALUE|PATH", HONE_VALUE_FILE, NULL},
	{NULL, "LABELS", HONE_VALUE_LIST, NULL},
	{NULL, "LEVEL", HONE_VALUE_WORDS, "none debuginfo symbols all"},
	{NULL, "MEMORY.X", HONE_VALUE_FILE, NULL},
	{NULL, "METRIC", HONE_VALUE_WORDS, "wall cpu user system peak_memory"},
	{NULL, "PAGE", HONE_VALUE_WORDS, "cargo-hone hone-settings"},
	{NULL, "PATH", HONE_VALUE_FILE, NULL},
	{NULL, "SHELL", HONE_VALUE_WORDS, "bash zsh fish"},
	{NULL, "TRIPLE", HONE_VALUE_TRIPLE, NULL},
	{NULL, "TYPE", HONE_VALUE_WORDS, "cdylib staticlib dylib"},
	{NULL, "VIEW", HONE_VALUE_WORDS, "section crate instance function generic file"},
	{NULL, "WHEN", HONE_VALUE_WORDS, "auto always never"},
};

static const struct row *find(const char *option, const char *arg)
{
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		const struct row *r = &rows[i];

		if (r->option && (!option || strcmp(r->option, option) != 0))
			continue;
		if (!r->arg || strcmp(r->arg, arg) == 0)
			return r;
	}
	return NULL;
}

/* Words that a table elsewhere knows. */
static void add_known(const char *option, const char *arg, enum hone_value_kind kind,
	const struct hone_command *c, struct hone_strv *words)
{
	if (kind == HONE_VALUE_CANDIDATE || kind == HONE_VALUE_BINARY) {
		hone_strv_push(words, "baseline");
		hone_strv_append(words, hone_preset_names);
		hone_strv_append(words, hone_own_names);
	} else if (kind == HONE_VALUE_LIST) {
		for (const struct hone_label_info *l = hone_labels; l->id; l++)
			hone_strv_push(words, l->id);
		hone_strv_push(words, "all");
	} else if (strcmp(arg, "ID") == 0) {
		for (const struct hone_problem_kind *k = hone_problem_kinds; k->id; k++)
			hone_strv_push(words, k->id);
		if (option && strcmp(option, "deny") == 0) {
			hone_strv_push(words, "warnings");
			hone_strv_push(words, "all");
		}
	} else if (strcmp(arg, "FORMAT") == 0) {
		for (size_t i = 0; hone_report_formats[i]; i++)
			if (!c || hone_report_formats[i]->documents[c->document])
				hone_strv_push(words, hone_report_formats[i]->name);
	}
}

void hone_value_of(
	const struct hone_command *c, const char *option, const char *arg, struct hone_value *ret)
{
	const struct row *r = find(option, arg);
	struct hone_view rest, word;
	bool started = false;

	*ret = (struct hone_value){.kind = r ? r->kind : HONE_VALUE_FREE};
	if (!r)
		return;
	rest = hone_view_of(r->words ? r->words : "");
	while (hone_view_split(&rest, &started, ' ', &word))
		if (word.n)
			hone_strv_pushv(&ret->words, word);
	add_known(option, arg, r->kind, c, &ret->words);
}

void hone_value_release(struct hone_value *v)
{
	hone_strv_release(&v->words);
}

void hone_value_args(const struct hone_command *c, struct hone_strv *ret, bool *ret_repeats)
{
	struct hone_view rest = hone_view_of(c->args), word;
	bool started = false;

	*ret_repeats = false;
	while (hone_view_split(&rest, &started, ' ', &word)) {
		hone_auto_buf struct hone_buf name = HONE_BUF_INIT;

		*ret_repeats = hone_view_ends(word, "...");
		for (size_t i = 0; i < word.n; i++)
			if (!strchr("[].", word.p[i]))
				hone_buf_addc(&name, word.p[i]);
		if (name.n)
			hone_strv_push(ret, hone_buf_str(&name));
	}
}

char *hone_value_typed(const char *toml)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	if (!hone_toml_unquote(hone_view_of(toml), &text)) {
		hone_buf_reset(&text);
		hone_buf_adds(&text, toml);
	}
	return hone_xstrdup(hone_buf_str(&text));
}
