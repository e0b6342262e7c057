#include "cli.h"
#include "documents.h"
#include "regions_find.h"
#include "num.h"
#include "size_subject.h"

#include <limits.h>
#include <string.h>

struct size_opts {
	char *by, *diff, *filter, *rows, *twin, *regions;
	bool full, advice, memory, packed, no_wait;
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
	{"packed", 0, HONE_OPT_FLAG, NULL, offsetof(struct size_opts, packed),
		"Also its size by gzip, zstd and, of WebAssembly, brotli"},
	HONE_OPT_NO_WAIT(struct size_opts),
	{0},
};

#define DEFAULT_ROWS 25

static int take_options(const struct hone_cli *cli, const struct size_opts *o,
	struct hone_result_bytes *ret, struct hone_err *err)
{
	bool people = !cli->format->exact;
	uint64_t rows = people ? DEFAULT_ROWS : 0;

	*ret = (struct hone_result_bytes){
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
	if (o->diff && (o->advice || o->memory))
		return hone_err_set(
			err, HONE_E_USAGE, "--diff goes with neither --advice nor --memory");
	if (o->packed && o->memory)
		return hone_err_set(err, HONE_E_USAGE, "--packed does not go with --memory");
	if (o->regions && !o->memory)
		return hone_err_set(err, HONE_E_USAGE, "--regions goes with --memory");
	if (o->memory && (ret->by == HONE_SIZE_BY_FILE || o->advice || o->filter))
		return hone_err_set(err, HONE_E_USAGE,
			"--memory goes with neither --advice, --filter nor --by file");
	return 0;
}

/* What could go, with the commands that are typed here. */
static int show_advice(struct hone_cli *cli, struct hone_size *model,
	const struct hone_result_bytes *asked, struct hone_err *err)
{
	struct hone_result_bytes v = *asked;
	hone_auto_strv struct hone_strv owned = HONE_STRV_INIT;
	hone_auto_free const char **remedies = NULL;
	struct hone_advice_list l;
	int error;

	hone_size_advice(model, &l);
	remedies = hone_xcalloc(l.n + 1, sizeof(*remedies));
	for (size_t i = 0; i < l.n; i++) {
		if (!l.v[i].remedy)
			continue;
		hone_strv_take(&owned, hone_cli_remedy(cli, l.v[i].remedy));
		remedies[i] = owned.v[owned.n - 1];
	}
	v.advice = &l;
	v.remedies = remedies;
	error = hone_cli_report(cli, HONE_DOC_BYTES, &v, err);
	hone_advice_list_release(&l);
	return error;
}

static int show_diff(struct hone_cli *cli, const struct hone_size_subject *s,
	const struct hone_result_bytes *asked, bool full, struct hone_err *err)
{
	struct hone_result_bytes v = *asked;
	hone_auto_size_table struct hone_size_table first = HONE_SIZE_TABLE_INIT;
	hone_auto_size_table struct hone_size_table second = HONE_SIZE_TABLE_INIT;
	hone_auto_size_diff struct hone_size_diff diff = HONE_SIZE_DIFF_INIT;
	int error = hone_size_table(s[0].model, v.by, full, &first, err);

	if (!error)
		error = hone_size_table(s[1].model, v.by, full, &second, err);
	if (error)
		return error;
	diff = hone_size_diff(&first, &second);
	v.diff = &diff;
	return hone_cli_report(cli, HONE_DOC_DIFF, &v, err);
}

static int show_memory(struct hone_cli *cli, const struct hone_size_subject *s,
	const struct hone_result_bytes *asked, const struct hone_regions *regions,
	struct hone_err *err)
{
	struct hone_result_bytes v = *asked;
	hone_auto_memory struct hone_memory memory = HONE_MEMORY_INIT;
	hone_auto_stack struct hone_stack stack = HONE_STACK_INIT;
	int error = hone_size_memory(s->model, v.by, regions, &memory, err);

	if (error)
		return error;
	v.memory = &memory;
	v.stack = hone_size_stack(s->model, &stack, NULL) == 0 ? &stack : NULL;
	return hone_cli_report(cli, HONE_DOC_MEMORY, &v, err);
}

static int show(struct hone_cli *cli, const struct hone_size_subject *s,
	const struct hone_result_bytes *asked, const struct size_opts *o, struct hone_err *err)
{
	struct hone_result_bytes v = *asked;
	hone_auto_size_table struct hone_size_table table = HONE_SIZE_TABLE_INIT;
	int error;

	if (o->diff)
		return show_diff(cli, s, &v, o->full, err);
	error = hone_size_table(s->model, v.by, o->full, &table, err);
	if (error)
		return error;
	v.table = &table;
	return o->advice ? show_advice(cli, s->model, &v, err)
			 : hone_cli_report(cli, HONE_DOC_BYTES, &v, err);
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct size_opts *o = opts;
	struct hone_size_subject subjects[2] = {0};
	const char *names[2] = {n ? args[0] : NULL, o->diff};
	size_t n_names = o->diff ? 2 : 1;
	hone_auto_regions struct hone_regions regions = HONE_REGIONS_INIT;
	struct hone_result_bytes v;
	int error = take_options(cli, o, &v, err);
	bool headers_only = !error && v.by == HONE_SIZE_BY_SECTION && !o->advice && !o->memory;

	if (!error)
		error = hone_regions_read(o->regions, &regions, err);
	if (!error)
		error = hone_size_subjects_open(&cli->cargo, &cli->events,
			&(struct hone_size_request){
				names, n_names, o->twin, headers_only, o->no_wait, o->packed},
			subjects, err);
	for (size_t i = 0; !error && i < n_names; i++)
		v.files[i] = (struct hone_result_file){subjects[i].name, subjects[i].path,
			hone_size_has_symbols(subjects[i].model), subjects[i].packed.gzip,
			subjects[i].packed.zstd, subjects[i].packed.brotli};
	if (!error && o->memory)
		error = show_memory(cli, subjects, &v, o->regions ? &regions : NULL, err);
	else if (!error)
		error = show(cli, subjects, &v, o, err);
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
	.document = HONE_DOC_BYTES,
	.opts = size_options,
	.opts_size = sizeof(struct size_opts),
	.min_args = 0,
	.max_args = 1,
	.run = run,
};
