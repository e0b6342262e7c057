#include "cli.h"
#include "proc.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

/* The exit code that an error stands for: 0, 1, 2, 3, 4 or 128 + signal. */
static int exit_code(const struct hone_err *err)
{
	switch (err->code) {
	case HONE_OK:
		return 0;
	case HONE_E_USAGE:
		return 2;
	case HONE_E_NOTHING_BETTER:
		return 3;
	case HONE_E_DENIED:
		return 4;
	case HONE_E_INTERRUPTED:
		return 128 + (err->sig ? err->sig : SIGINT);
	case HONE_E_FAILED:
	case HONE_E_SYNTAX:
	case HONE_E_NOT_FOUND:
	case HONE_E_LIMIT:
	case HONE_E_SYSTEM:
	case HONE_E_TIMEOUT:
	case HONE_E_CONFLICT:
	case HONE_E_UNSUPPORTED:
		return 1;
	}
	return 1;
}

static void print_error(struct hone_cli *cli, const struct hone_err *err)
{
	hone_auto_free char *hint = err->hint ? hone_cli_fill(cli, err->hint) : NULL;

	hone_out_error(&cli->out, err->msg ? err->msg : "unknown error", hint);
}

int main(int argc, char **argv)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_cli cli = {0};
	int code, first = 1;

	/* Character widths follow the user's locale; numbers never do. */
	setlocale(LC_CTYPE, "");
	hone_out_init(&cli.out, stdout, stderr, HONE_COLOR_AUTO, 0);
	hone_cli_listen(&cli);
	/* `cargo hone x` runs `cargo-hone hone x`. */
	if (argc > 1 && strcmp(argv[1], "hone") == 0)
		first = 2;
	if (hone_signals_init(&err) == 0)
		(void)hone_cli_dispatch(&cli, argv + first, (size_t)(argc - first), &err);
	hone_proc_shutdown();
	code = exit_code(&err);
	if (err.code)
		print_error(&cli, &err);
	if (hone_out_close(&cli.out) < 0 && errno != EPIPE && !code) {
		fprintf(stderr, "error: writing to standard output: %s\n", strerror(errno));
		code = 1;
	}
	free(cli.progress.name);
	hone_opt_release(hone_project_opts, &cli);
	hone_opt_release(hone_format_opts, &cli);
	hone_opt_release(hone_common_opts, &cli);
	hone_opt_release(hone_build_opts, &cli);
	return code;
}
