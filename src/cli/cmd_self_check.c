#include "cli.h"
#include "self_check.h"

#include <string.h>

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct hone_self_check s;
	int error = hone_self_check(&s, err);

	(void)opts;
	(void)args;
	(void)n;
	if (error)
		return error;
	error = hone_cli_report(cli, HONE_DOC_TOOLS, &s, err);
	for (size_t i = 0; i < s.n && !error; i++) {
		const struct hone_found_tool *f = &s.v[i];

		if (!f->tool->needed || f->here)
			continue;
		error = hone_err_set(err, HONE_E_FAILED, "%s", f->note ? f->note : "");
		if (!f->note)
			hone_err_set(err, HONE_E_FAILED, "there is no %s here", f->tool->name);
		if (f->install)
			hone_err_hint(err, "%s", f->install);
	}
	hone_self_check_release(&s);
	return error;
}

const struct hone_command hone_cmd_self_check = {
	.name = "self-check",
	.args = "",
	.summary = "What is installed here, what else would bring, and how to get it",
	.help = "Looks for cargo, rustc and a C compiler, which everything needs, and for the "
		"tools "
		"that\n"
		"single settings and workloads use. Nothing is installed. Exit code 1 when "
		"something is\n"
		"missing that everything needs.\n",
	.groups = HONE_GROUP_FORMAT,
	.document = HONE_DOC_TOOLS,
	.run = run,
};
