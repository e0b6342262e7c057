/* Which runs of the past are meant. */
#include "which_run.h"

#include "num.h"
#include "text.h"

#include <string.h>

int hone_cli_run_number(const char *text, int64_t *ret, struct hone_err *err)
{
	if (hone_parse_i64(hone_view_of(text), ret) && *ret > 0)
		return 0;
	hone_err_set(err, HONE_E_USAGE, "`%s` is not the number of a run", text);
	return hone_err_hint(err, "`cargo hone history` lists them");
}

int hone_cli_run_filter(const struct hone_cli *cli, const struct hone_session *s,
	struct hone_store_filter *ret, struct hone_err *err)
{
	const struct hone_cargo_opts *o = &cli->cargo;
	const struct hone_project *p = s->project;

	*ret = (struct hone_store_filter){.bin = o->bin.n ? o->bin.v[0] : o->example,
		.kind = o->crate_type ? o->crate_type
			: o->lib      ? "lib"
				      : NULL};
	for (size_t i = 0; o->package && !ret->package && i < p->n_packages; i++) {
		bool matches = false;
		int error = hone_spec_matches(o->package, &p->packages[i], &matches, err);

		if (error)
			return error;
		if (matches && p->packages[i].member)
			ret->package = p->packages[i].name;
	}
	if (o->package && !ret->package)
		return hone_err_set(
			err, HONE_E_USAGE, "no package of this workspace is `%s`", o->package);
	return 0;
}

char *hone_cli_apply(const struct hone_cli *cli, const struct hone_session *s,
	const struct hone_result_run *run, const char *best)
{
	const struct hone_cargo_opts *chosen = &cli->cargo;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	struct hone_buf text = HONE_BUF_INIT;
	struct hone_cli now = {.cargo = {.manifest_path = chosen->manifest_path,
				       .target_dir = chosen->target_dir}};
	hone_auto_free char *kind = hone_xasprintf("--%s", run->kind);
	bool is_library = hone_target_kind_is_library(hone_target_kind_parse(run->kind));

	hone_cli_words(run->options ? &now : cli, "apply", &words);
	if (run->options && (chosen->package || !s->project->target)) {
		hone_strv_push(&words, "--package");
		hone_strv_push(&words, run->package);
	}
	if (run->options && is_library) {
		hone_strv_push(&words, "--lib");
	} else if (run->options && (chosen->bin.n || chosen->example || !s->project->target)) {
		hone_strv_push(&words, kind);
		hone_strv_push(&words, run->bin);
	}
	/* Who asked for it by a variable or a config file of that folder may not ask for it here. */
	if (strcmp(run->target, hone_session_triple(s)) != 0 &&
		!(run->options && strstr(run->options, "--target "))) {
		hone_strv_push(&words, "--target");
		hone_strv_push(&words, run->target);
	}
	for (size_t i = 0; i < words.n; i++) {
		hone_text_shell_word(&text, words.v[i]);
		hone_buf_addc(&text, ' ');
	}
	if (run->options && *run->options)
		hone_buf_addf(&text, "%s ", run->options);
	hone_text_shell_word(&text, best);
	return hone_buf_detach(&text);
}
