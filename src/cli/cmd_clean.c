#include "cli.h"
#include "session.h"

#include "num.h"

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	char bytes[HONE_NUM_TEXT];
	struct hone_session s;
	uint64_t freed = 0;
	int error = hone_session_open(&cli->cargo, &cli->events, HONE_SESSION_NO_BIN, &s, err);

	(void)opts;
	(void)args;
	(void)n;
	if (error)
		return error;
	error = hone_workdir_clean(&s.dir, &freed, err);
	if (!error)
		hone_out_status(&cli->out, "Removed", "%s from %s; results were kept",
			hone_text_bytes(bytes, freed), s.dir.root);
	hone_session_close(&s);
	return error;
}

const struct hone_command hone_cmd_clean = {
	.name = "clean",
	.args = "",
	.summary = "Remove trials and builds from target/hone/, keep results",
	.groups = HONE_GROUP_PROJECT,
	.run = run,
};
