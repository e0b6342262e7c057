#include "num.h"
#include "size_extra.h"
#include "text.h"

#include <limits.h>
#include <string.h>

struct size_opts {
	char *by, *diff, *filter, *rows, *twin, *regions;
	bool full, advice, memory, no_wait;
};

static const struct hone_opt size_options[] = {
	{"by", 'b', HONE_OPT_TEXT, "VIEW", offsetof(struct size_opts, by),
		"section, crate, instance (crate that instantiated a generic), function, "
		"generic (all instances of one together) or file (source) [default: crate]"},
	{"diff", 0, HONE_OPT_TEXT, "OTHER", offsetof(struct size_opts, diff),
		"What becomes larger or smaller from BIN to OTHER"},
	{"filter", 0, HONE_OPT_TEXT, "TEXT", offsetof(struct size_opts, filter),
		"Only rows with TEXT in their name; the others become one row"},
	{"rows", 'n', HONE_OPT_TEXT, "N", offsetof(struct size_opts, rows),
		"The N largest rows; 0: all [default: 25 in text and markdown, else all]"},
	{"full", 0, HONE_OPT_FLAG, NULL, offsetof(struct size_opts, full),
		"Names with their hashes and suffixes, whole paths"},
	{"twin", 0, HONE_OPT_TEXT, "FILE", offsetof(struct size_opts, twin),
		"The unstripped file of the same build, for the names that BIN has lost"},
	{"advice", 0, HONE_OPT_FLAG, NULL, offsetof(struct size_opts, advice),
		"Also what could go, each with the bytes that were counted or computed"},
	{"memory", 0, HONE_OPT_FLAG, NULL, offsetof(struct size_opts, memory),
		"Flash, RAM and stack (an estimate) of a device instead of bytes of the file"},
	{"regions", 0, HONE_OPT_TEXT, "MEMORY.X", offsetof(struct size_opts, regions),
		"The linker script with the device's MEMORY, for used and capacity; with --memory"},
	HONE_OPT_NO_WAIT(struct size_opts),
	{0},
};

#define DEFAULT_ROWS 25

/* What of the options the printing needs. */
struct view {
	enum hone_size_by by;
	bool whole_names, advice;
	size_t rows; /* SIZE_MAX: all */
	const char *filter;
};

/* Longest name in text and markdown, in columns, unless --full. */
#define NAME_COLUMNS 100

/* The name as it is printed: a long one loses its middle, in scratch. */
static const char *shown_name(const struct view *v, const char *name, struct hone_buf *scratch)
{
	struct hone_view all = hone_view_of(name);
	size_t from = 0, to, n;

	if (v->whole_names || all.n <= NAME_COLUMNS)
		return name;
	/* Two thirds from the start, one from the end, never a part of a character. */
	while (from < NAME_COLUMNS * 2 / 3 && (n = hone_utf8_len(hone_view_sub(all, from, all.n))))
		from += n;
	to = all.n - NAME_COLUMNS / 3;
	while (to < all.n && !hone_utf8_len(hone_view_sub(all, to, all.n)))
		to++;
	hone_buf_reset(scratch);
	hone_buf_addf(scratch, "%.*s...%s", (int)from, name, name + to);
	return hone_buf_str(scratch);
}

static bool matches(const struct view *v, const char *name)
{
	return !v->filter || strstr(name, v->filter);
}

static int take_options(const struct hone_cli *cli, const struct size_opts *o, struct view *ret,
	struct hone_err *err)
{
	bool people = cli->format == HONE_FORMAT_TEXT || cli->format == HONE_FORMAT_MARKDOWN;
	uint64_t rows = people ? DEFAULT_ROWS : 0;

	*ret = (struct view){
		.by = HONE_SIZE_BY_CRATE, .whole_names = o->full || !people, .filter = o->filter};
	if (o->by && !hone_size_by_parse(hone_view_of(o->by), &ret->by))
		return hone_err_set(err, HONE_E_USAGE,
			"argument for --by must be section, crate, instance, function, generic, or "
			"file, but "
			"found `%s`",
			o->by);
	if (o->rows && !hone_parse_u64(hone_view_of(o->rows), &rows))
		return hone_err_set(err, HONE_E_USAGE, "-n takes a number, not `%s`", o->rows);
	ret->rows = rows ? rows : SIZE_MAX;
	ret->advice = o->advice;
	if (o->diff && (o->advice || o->memory))
		return hone_err_set(
			err, HONE_E_USAGE, "--diff goes with neither --advice nor --memory");
	if (o->regions && !o->memory)
		return hone_err_set(err, HONE_E_USAGE, "--regions goes with --memory");
	if (o->memory && (ret->by == HONE_SIZE_BY_FILE || o->advice || o->filter))
		return hone_err_set(err, HONE_E_USAGE,
			"--memory goes with neither --advice, --filter nor --by file");
	return 0;
}

/* Rows that are not shown become one, so that what is shown still sums to the file. */
static struct hone_size_table shorten(const struct hone_size_table *t, const struct view *v,
	struct hone_size_row *ret_rest, size_t *ret_n_rest)
{
	struct hone_size_table shown = {.size = t->size, .by = t->by};

	*ret_rest = (struct hone_size_row){0};
	*ret_n_rest = 0;
	shown.rows = hone_xcalloc(t->n + 1, sizeof(*shown.rows));
	for (size_t i = 0; i < t->n; i++) {
		if (shown.n < v->rows && matches(v, t->rows[i].name)) {
			shown.rows[shown.n++] = t->rows[i];
			continue;
		}
		ret_rest->size += t->rows[i].size;
		ret_rest->code += t->rows[i].code;
		ret_rest->items += t->rows[i].items;
		(*ret_n_rest)++;
	}
	return shown;
}

static void number_cell(struct hone_table *t, uint64_t n, bool zero_is_empty)
{
	char text[HONE_NUM_TEXT];

	if (n == 0 && zero_is_empty) {
		hone_table_cell(t, NULL);
		return;
	}
	hone_table_cell(t, hone_text_count(text, n));
	hone_table_raw(t, "%llu", (unsigned long long)n);
}

/* Names are last in a row, since some have thousands of characters. */
static void name_cells(struct hone_table *t, const char *kind, const char *name)
{
	hone_table_cell(t, kind);
	hone_table_cell(t, name);
}

static void size_row(struct hone_table *t, const struct hone_size_row *r, uint64_t whole,
	const char *name, const char *kind)
{
	char share[HONE_NUM_TEXT];

	number_cell(t, r->size, false);
	hone_table_cell(t, hone_text_share(share, r->size, whole));
	hone_table_raw(t, "%.6f", whole ? (double)r->size / (double)whole : 0.0);
	number_cell(t, r->code, true);
	number_cell(t, r->items, true);
	number_cell(t, r->unwind, true);
	number_cell(t, r->relocs, true);
	number_cell(t, r->symbols, true);
	number_cell(t, r->debug, true);
	name_cells(t, kind, name);
}

static void print_table(struct hone_cli *cli, const struct hone_size_subject *s,
	const struct hone_size_table *full, const struct view *v, struct hone_buf *to)
{
	static const char *const headers[] = {
		"size", "share", "code", "items", "+unwind", "+relocs", "+symbols", "+debug"};
	struct hone_size_row rest, total = {.size = full->size};
	size_t n_rest;
	struct hone_size_table shown = shorten(full, v, &rest, &n_rest);
	hone_auto_free char *title =
		hone_xasprintf("%s by %s", s->path, hone_size_by_name(full->by));
	hone_auto_buf struct hone_buf scratch = HONE_BUF_INIT;
	struct hone_table *t = hone_table_new(title);

	t->no_raw = cli->format != HONE_FORMAT_CSV;
	for (size_t i = 0; i < HONE_COUNT(headers); i++)
		hone_table_column(t, headers[i], HONE_RIGHT);
	hone_table_column(t, "kind", HONE_LEFT);
	hone_table_column(t, hone_size_by_name(full->by), HONE_LEFT);
	for (size_t i = 0; i < shown.n; i++)
		size_row(t, &shown.rows[i], full->size, shown_name(v, shown.rows[i].name, &scratch),
			hone_size_kind_name(shown.rows[i].kind));
	if (n_rest > 0) {
		hone_auto_free char *name = hone_xasprintf("[%zu other rows]", n_rest);

		size_row(t, &rest, full->size, name, NULL);
	}
	if (cli->format != HONE_FORMAT_CSV) {
		size_row(t, &total, full->size, "file", NULL);
		if (full->by == HONE_SIZE_BY_CRATE || full->by == HONE_SIZE_BY_INSTANCE)
			hone_table_note(t,
				"+unwind, +relocs, +symbols, +debug: bytes of the rows in brackets "
				"that are there because of this one");
		if (full->by != HONE_SIZE_BY_SECTION && !hone_size_has_symbols(s->model))
			hone_table_note(t, "the file has no symbol table, so functions and crates "
					   "are unknown; "
					   "--twin FILE takes names from an unstripped file of the "
					   "same build");
	}
	hone_table_print(t, cli->format, &cli->out, to);
	hone_table_free(t);
	free(shown.rows);
}

static void row_json(
	struct hone_jsonw *w, const struct hone_size_row *r, const char *name, const char *kind)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "name", name);
	hone_jsonw_kstr(w, "kind", kind);
	hone_jsonw_ku64(w, "size", r->size);
	hone_jsonw_ku64(w, "code", r->code);
	hone_jsonw_ku64(w, "items", r->items);
	hone_jsonw_ku64(w, "unwind", r->unwind);
	hone_jsonw_ku64(w, "relocations", r->relocs);
	hone_jsonw_ku64(w, "symbols", r->symbols);
	hone_jsonw_ku64(w, "debug", r->debug);
	hone_jsonw_end(w);
}

static void print_json(const struct hone_size_subject *s, const struct hone_size_table *full,
	const struct view *v, struct hone_buf *to)
{
	struct hone_size_row rest;
	size_t n_rest;
	struct hone_size_table shown = shorten(full, v, &rest, &n_rest);
	struct hone_jsonw w;

	hone_jsonw_init(&w, to, true);
	hone_jsonw_object(&w);
	hone_jsonw_ku64(&w, "schema", 1);
	hone_jsonw_kstr(&w, "file", s->path);
	hone_jsonw_ku64(&w, "size", full->size);
	hone_jsonw_kstr(&w, "by", hone_size_by_name(full->by));
	hone_jsonw_karray(&w, "rows");
	for (size_t i = 0; i < shown.n; i++)
		row_json(&w, &shown.rows[i], shown.rows[i].name,
			hone_size_kind_name(shown.rows[i].kind));
	if (n_rest > 0)
		row_json(&w, &rest, "[other rows]", NULL);
	hone_jsonw_end(&w);
	hone_jsonw_kbool(&w, "has_symbols", hone_size_has_symbols(s->model));
	if (v->advice) {
		struct hone_advice_list l;

		hone_size_advice(s->model, &l);
		hone_advice_json(&w, &l);
		hone_advice_list_release(&l);
	}
	hone_jsonw_end(&w);
	hone_buf_addc(to, '\n');
	free(shown.rows);
}

static struct hone_size_diff_row diff_rest(
	const struct hone_size_diff *d, const struct view *v, size_t *ret_n)
{
	struct hone_size_diff_row rest = {0};
	size_t shown = 0;

	*ret_n = 0;
	for (size_t i = 0; i < d->n; i++) {
		if (matches(v, d->rows[i].name) && shown++ < v->rows)
			continue;
		rest.old_size += d->rows[i].old_size;
		rest.new_size += d->rows[i].new_size;
		rest.delta += d->rows[i].delta;
		(*ret_n)++;
	}
	return rest;
}

static void diff_row(struct hone_table *t, const struct hone_size_diff_row *r, const char *name,
	const char *kind)
{
	char text[HONE_NUM_TEXT];
	const char *what = r->old_size == 0   ? "new"
			   : r->new_size == 0 ? "gone"
			   : r->delta > 0     ? "grew"
					      : "shrank";

	number_cell(t, r->old_size, kind != NULL);
	number_cell(t, r->new_size, kind != NULL);
	hone_table_cell(t, hone_text_delta(text, r->delta));
	hone_table_raw(t, "%lld", (long long)r->delta);
	hone_table_style(t, r->delta < 0 ? HONE_GOOD : r->delta > 0 ? HONE_BAD : HONE_PLAIN);
	hone_table_cell(t, kind ? what : NULL);
	name_cells(t, kind, name);
}

static void print_diff(struct hone_cli *cli, const struct hone_size_subject *s,
	const struct hone_size_diff *d, const struct view *v, struct hone_buf *to)
{
	size_t n_rest, shown = 0;
	struct hone_size_diff_row rest = diff_rest(d, v, &n_rest);
	struct hone_size_diff_row total = {
		.old_size = d->old_size, .new_size = d->new_size, .delta = d->delta};
	hone_auto_free char *title = hone_xasprintf(
		"from %s to %s by %s", s[0].name, s[1].name, hone_size_by_name(d->by));
	struct hone_table *t = hone_table_new(title);

	hone_table_column(t, "old", HONE_RIGHT);
	hone_table_column(t, "new", HONE_RIGHT);
	hone_table_column(t, "change", HONE_RIGHT);
	hone_table_column(t, "what", HONE_LEFT);
	hone_table_column(t, "kind", HONE_LEFT);
	hone_table_column(t, hone_size_by_name(d->by), HONE_LEFT);
	for (size_t i = 0; i < d->n; i++)
		if (matches(v, d->rows[i].name) && shown++ < v->rows)
			diff_row(t, &d->rows[i], d->rows[i].name,
				hone_size_kind_name(d->rows[i].kind));
	if (n_rest > 0) {
		hone_auto_free char *name = hone_xasprintf("[%zu other rows]", n_rest);

		diff_row(t, &rest, name, NULL);
	}
	if (cli->format != HONE_FORMAT_CSV)
		diff_row(t, &total, "file", NULL);
	hone_table_print(t, cli->format, &cli->out, to);
	hone_table_free(t);
}

static void diff_row_json(struct hone_jsonw *w, const struct hone_size_diff_row *r,
	const char *name, const char *kind)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "name", name);
	hone_jsonw_kstr(w, "kind", kind);
	hone_jsonw_ku64(w, "old", r->old_size);
	hone_jsonw_ku64(w, "new", r->new_size);
	hone_jsonw_ki64(w, "delta", r->delta);
	hone_jsonw_end(w);
}

static void print_diff_json(const struct hone_size_subject *s, const struct hone_size_diff *d,
	const struct view *v, struct hone_buf *to)
{
	size_t n_rest, shown = 0;
	struct hone_size_diff_row rest = diff_rest(d, v, &n_rest);
	struct hone_jsonw w;

	hone_jsonw_init(&w, to, true);
	hone_jsonw_object(&w);
	hone_jsonw_ku64(&w, "schema", 1);
	hone_jsonw_kstr(&w, "old_file", s[0].path);
	hone_jsonw_kstr(&w, "new_file", s[1].path);
	hone_jsonw_kstr(&w, "by", hone_size_by_name(d->by));
	hone_jsonw_ku64(&w, "old", d->old_size);
	hone_jsonw_ku64(&w, "new", d->new_size);
	hone_jsonw_ki64(&w, "delta", d->delta);
	hone_jsonw_karray(&w, "rows");
	for (size_t i = 0; i < d->n; i++)
		if (matches(v, d->rows[i].name) && shown++ < v->rows)
			diff_row_json(&w, &d->rows[i], d->rows[i].name,
				hone_size_kind_name(d->rows[i].kind));
	if (n_rest > 0)
		diff_row_json(&w, &rest, "[other rows]", NULL);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(to, '\n');
}

static int show(struct hone_cli *cli, const struct hone_size_subject *s, size_t n,
	const struct view *v, bool full, struct hone_err *err)
{
	hone_auto_size_table struct hone_size_table first = HONE_SIZE_TABLE_INIT;
	hone_auto_size_table struct hone_size_table second = HONE_SIZE_TABLE_INIT;
	hone_auto_size_diff struct hone_size_diff diff = HONE_SIZE_DIFF_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	bool json = cli->format == HONE_FORMAT_JSON;
	int error = hone_size_table(s[0].model, v->by, full, &first, err);

	if (!error && n == 2)
		error = hone_size_table(s[1].model, v->by, full, &second, err);
	if (error)
		return error;
	if (n == 2) {
		diff = hone_size_diff(&first, &second);
		if (json)
			print_diff_json(s, &diff, v, &text);
		else
			print_diff(cli, s, &diff, v, &text);
	} else if (json) {
		print_json(s, &first, v, &text);
	} else {
		print_table(cli, s, &first, v, &text);
		if (v->advice) {
			struct hone_advice_list l;

			hone_size_advice(s->model, &l);
			hone_advice_print(cli, &l, &text);
			hone_advice_list_release(&l);
		}
	}
	hone_out_result(&cli->out, hone_buf_view(&text));
	return 0;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct size_opts *o = opts;
	struct hone_size_subject subjects[2] = {0};
	const char *names[2] = {n ? args[0] : NULL, o->diff};
	size_t n_names = o->diff ? 2 : 1;
	hone_auto_regions struct hone_regions regions = HONE_REGIONS_INIT;
	struct view v;
	int error = take_options(cli, o, &v, err);
	bool headers_only = !error && v.by == HONE_SIZE_BY_SECTION && !o->advice && !o->memory;

	if (!error)
		error = hone_regions_read(o->regions, &regions, err);
	if (!error)
		error = hone_size_subjects_open(&cli->cargo, &cli->events,
			&(struct hone_size_request){
				names, n_names, o->twin, headers_only, o->no_wait},
			subjects, err);
	if (!error && o->memory)
		error = hone_memory_show(
			cli, subjects, v.by, v.rows, o->regions ? &regions : NULL, err);
	else if (!error)
		error = show(cli, subjects, n_names, &v, o->full, err);
	for (size_t i = 0; i < n_names; i++)
		hone_size_subject_release(&subjects[i]);
	return error;
}

const struct hone_command hone_cmd_size = {
	.name = "size",
	.args = "[BIN]",
	.summary = "Where the bytes are: by section, crate, function; and what a change did",
	.help = "BIN is a file, or a candidate (baseline, small, KEY=VALUE,...) that is built "
		"first;\n"
		"without it the baseline. Every byte of the file is in one row: the rows sum to\n"
		"its size.\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT | HONE_GROUP_BUILD,
	.opts = size_options,
	.opts_size = sizeof(struct size_opts),
	.min_args = 0,
	.max_args = 1,
	.run = run,
};
