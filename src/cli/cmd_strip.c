#include "cli.h"
#include "strip.h"
#include "fs.h"
#include "num.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct strip_opts {
	char *output, *split;
	struct hone_strv keep;
};

static const struct hone_opt strip_options[] = {
	{"output", 'o', HONE_OPT_TEXT, "FILE", offsetof(struct strip_opts, output),
		"Write there and leave the input as it is"},
	{"keep", 0, HONE_OPT_LIST, "ITEM", offsetof(struct strip_opts, keep),
		"symbols, debug, comment, notes, sections, padding, or a section by name; "
		"repeatable"},
	{"split", 0, HONE_OPT_TEXT, "DEBUGFILE", offsetof(struct strip_opts, split),
		"Put symbols and debug information into DEBUGFILE, where gdb and perf find them by "
		"the "
		"link that the program keeps"},
	{0},
};

/* Makes the debug file before anything is taken away. */
static int split(const char *from, const char *debug_file, uint32_t *ret_crc, struct hone_err *err)
{
	hone_auto_buf struct hone_buf in = {.limit = HONE_STRIP_LIMIT};
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	struct stat a, b;
	int error = hone_fs_read(from, HONE_STRIP_LIMIT, &in, NULL, err);

	if (error)
		return error;
	if (stat(from, &a) == 0 && stat(debug_file, &b) == 0 && a.st_dev == b.st_dev &&
		a.st_ino == b.st_ino)
		return hone_err_set(err, HONE_E_USAGE, "%s is the program itself", debug_file);
	error = hone_strip_debug_file(hone_buf_view(&in), &out, ret_crc, err);
	if (error)
		return hone_err_wrap(err, "%s", from);
	return hone_fs_write(debug_file, hone_buf_view(&out), 0644, err);
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct strip_opts *o = opts;
	struct hone_strip_opts how = {.keep = hone_strv_argv(&o->keep)};
	const char *from = args[1], *to = o->output ? o->output : from;
	enum hone_strip_level level;
	uint64_t before, after;
	char text[3][HONE_NUM_TEXT];
	int error;

	(void)n;
	if (!hone_strip_level_parse(hone_view_of(args[0]), &level))
		return hone_err_set(err, HONE_E_USAGE,
			"LEVEL must be none, debuginfo, symbols, or all, but found `%s`", args[0]);
	if (o->split && level == HONE_STRIP_ALL)
		return hone_err_set(err, HONE_E_USAGE,
			"--split needs section headers for its link, which level all removes; use "
			"symbols");
	if (o->split) {
		error = split(from, o->split, &how.debuglink_crc, err);
		if (error)
			return error;
		how.debuglink = hone_path_base(o->split);
	}
	error = hone_strip_file(from, to, level, &how, &before, &after, err);
	if (error)
		return error;
	hone_out_status(&cli->out, "Stripped", "%s: %s -> %s bytes (%s)", to,
		hone_text_count(text[0], before), hone_text_count(text[1], after),
		hone_text_delta(text[2], (int64_t)(after - before)));
	if (o->split)
		hone_out_status(&cli->out, "Split", "%s", o->split);
	return 0;
}

const struct hone_command hone_cmd_strip = {
	.name = "strip",
	.args = "LEVEL FILE",
	.summary = "Take away what a finished binary does not need: none, debuginfo, symbols, all",
	.help = "debuginfo is what strip -g removes, symbols what strip -s does; all leaves only "
		"what the\n"
		"loader maps: no section headers, so debuggers and linkers can no longer read the "
		"file.\n"
		"The file is replaced by rename: cargo's own copy, a hard link, keeps its bytes. "
		"Files that\n"
		"would break are refused with the reason.\n",
	.groups = 0,
	.opts = strip_options,
	.opts_size = sizeof(struct strip_opts),
	.min_args = 2,
	.max_args = 2,
	.run = run,
};
