#include "candidate.h"
#include "cli.h"
#include "documents.h"
#include "fs.h"
#include "results.h"

#include <string.h>

/* KEY or KEY=VALUE; *ret_value is NULL without a value, else the caller's to free. */
static int find(const char *arg, const struct hone_setting **ret_setting, char **ret_value,
	struct hone_err *err)
{
	struct hone_candidate *c = NULL;
	const struct hone_setting *s = hone_setting_find_short(hone_view_of(arg));
	int error;

	if (s) {
		*ret_setting = s;
		*ret_value = NULL;
		return 0;
	}
	if (!strchr(arg, '=')) {
		const char *near = hone_did_you_mean(arg, hone_setting_keys());

		hone_err_set(err, HONE_E_USAGE, "unknown setting `%s`", arg);
		return near ? hone_err_hint(err, "did you mean `%s`?", near)
			    : hone_err_hint(err, "`cargo hone explain` lists all settings");
	}
	error = hone_candidate_parse(arg, &c, err);
	if (error)
		return error;
	if (c->n != 1)
		error = hone_err_set(err, HONE_E_USAGE,
			"`%s` assigns %zu settings: explain takes one", arg, c->n);
	if (!error) {
		*ret_setting = c->assigns[0].setting;
		*ret_value = hone_xstrdup(c->assigns[0].value);
	}
	hone_candidate_free(c);
	return error;
}

/* Is there a Cargo.toml here or above? Elsewhere neither cargo nor rustc is asked. */
static bool in_project(void)
{
	hone_auto_free char *dir = hone_path_absolute(".");

	for (;;) {
		hone_auto_free char *manifest = hone_path_join(dir, "Cargo.toml");
		char *above;

		if (hone_fs_exists(manifest))
			return true;
		if (strcmp(dir, "/") == 0)
			return false;
		above = hone_path_dir(dir);
		free(dir);
		dir = above;
	}
}

/* What was measured in the project that is stood in. That there is none, or that it cannot be read,
 * keeps nothing from being explained; a database that cannot be used is told. */
static int last_run(
	struct hone_cli *cli, struct hone_result_run *ret, bool *ret_found, struct hone_err *err)
{
	hone_auto_err struct hone_err own = HONE_ERR_INIT;
	struct hone_session s;
	int error;

	if (!in_project())
		return 0;
	error = hone_session_open(&cli->cargo, &cli->events, HONE_SESSION_NO_BIN, &s, &own);
	if (!error) {
		error = hone_results_last(&s, HONE_STORE_TRIALS, ret, &own);
		if (!error && ret->elsewhere)
			hone_out_note(&cli->out, "the last results here were measured %s",
				ret->elsewhere);
		hone_session_close(&s);
		if (error && error != HONE_E_NOT_FOUND)
			hone_out_warn(&cli->out, "%s", own.msg);
	}
	*ret_found = !error;
	return error == HONE_E_INTERRUPTED ? hone_err_move(err, &own) : 0;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct hone_setting *s = NULL;
	hone_auto_free char *value = NULL;
	hone_auto_result_run struct hone_result_run last = HONE_RESULT_RUN_INIT;
	bool found = false;
	int error = n ? find(args[0], &s, &value, err) : 0;

	(void)opts;
	if (!error && (s || !cli->format->table))
		error = last_run(cli, &last, &found, err);
	if (error)
		return error;
	return hone_cli_report(cli, HONE_DOC_EXPLAIN,
		&(struct hone_explain_doc){s, value, found ? &last : NULL}, err);
}

const struct hone_command hone_cmd_explain = {
	.name = "explain",
	.args = "[KEY[=VALUE]]",
	.summary = "What a setting does, its values, its default, what it costs",
	.help = "Without a key it lists all settings; with --format markdown it is the manual of "
		"all.\n"
		"Inside a project that was tried it adds what the setting did there.\n",
	.groups = HONE_GROUP_FORMAT,
	.document = HONE_DOC_EXPLAIN,
	.max_args = 1,
	.run = run,
};
