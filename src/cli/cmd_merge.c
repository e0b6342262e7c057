/* Joins the shares of a `try` that several machines built: the command that made them, but that nothing is compiled. */
#include "cli.h"

#include <string.h>

struct merge_opts {
	char *rounds, *budget;
	bool measure;
};

static const struct hone_opt merge_options[] = {
	{"measure", 0, HONE_OPT_FLAG, NULL, offsetof(struct merge_opts, measure),
		"Run the workloads of the command here, all candidates in the same rounds"},
	{"rounds", 0, HONE_OPT_TEXT, "N", offsetof(struct merge_opts, rounds), "As for try"},
	{"budget", 0, HONE_OPT_TEXT, "TIME", offsetof(struct merge_opts, budget), "As for try"},
	{0},
};

/* The command of the first file is all files', and holds what the user chose. */
static int take_words(const struct hone_shards *s, const struct merge_opts *o,
	struct hone_strv *ret, struct hone_err *err)
{
	hone_auto_strv struct hone_strv all = HONE_STRV_INIT;

	hone_shards_words(s, &all);
	if (all.n < 3 || strcmp(all.v[2], "try") != 0)
		return hone_err_set(err, HONE_E_SYNTAX,
			"%s is no file of `cargo hone try --shard`: its command is another",
			s->v[0]->path);
	if (o->rounds) {
		hone_strv_push(ret, "--rounds");
		hone_strv_push(ret, o->rounds);
	}
	if (o->budget) {
		hone_strv_push(ret, "--budget");
		hone_strv_push(ret, o->budget);
	}
	hone_strv_append(ret, hone_strv_argv(&all) + 3);
	return 0;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct merge_opts *o = opts;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	struct hone_cli_merge merge = {.measure = o->measure};
	int error = 0;

	if (!o->measure && (o->rounds || o->budget))
		return hone_err_set(err, HONE_E_USAGE, "--%s goes with --measure",
			o->rounds ? "rounds" : "budget");
	for (size_t i = 0; !error && i < n; i++)
		error = hone_shards_add(&merge.shards, args[i], err);
	if (!error)
		error = hone_shards_check(&merge.shards, err);
	if (!error)
		error = take_words(&merge.shards, o, &words, err);
	cli->merge = &merge;
	if (!error)
		error = hone_cli_run(cli, "try", words.v, words.n, err);
	cli->merge = NULL;
	hone_shards_release(&merge.shards);
	return error;
}

const struct hone_command hone_cmd_merge = {
	.name = "merge",
	.args = "FILE...",
	.summary = "Join the shards of a try that several machines built",
	.help = "Every machine builds a share and writes one file; one of them, in the same "
		"sources at "
		"the same\n"
		"path, joins the files into a run, as if it had built all of it:\n"
		"  cargo hone try --all --run 'ARGS' --shard 1/3     (2/3 and 3/3 elsewhere)\n"
		"  cargo hone merge --measure hone-*-of-3.shard\n"
		"Refused is what was made of other sources, by another toolchain or linker, or for "
		"other\n"
		"candidates, with what differs. The command is the one that the files hold, so "
		"take "
		"files only\n"
		"from whom you would take a program.\n"
		"A profile is made once: the last shard has all that is trained; or train first, "
		"and "
		"give every\n"
		"shard the same:\n"
		"  cargo hone try --all --run 'ARGS' --shard 0/3\n"
		"  cargo hone try --all --run 'ARGS' --shard 1/3 --trained hone-0-of-3.shard\n"
		"  cargo hone merge --measure hone-*-of-3.shard\n",
	.groups = HONE_GROUP_FORMAT,
	.document = HONE_DOC_RUN,
	.opts = merge_options,
	.opts_size = sizeof(struct merge_opts),
	.min_args = 1,
	.max_args = 10001,
	.run = run,
};
