/* The planner without a build: plans the candidates that it is given for the project in the current folder, and prints
 * what each of them comes to. run.py makes the project and a toolchain of scripts, and compares.
 *   plan_case [-PACKAGES FOLDER] [OPTION VALUE]... [--apply] CANDIDATE...   or   plan_case --undo
 * With --apply the (one) candidate's edits are written into the project. */
#include "profdata.h"
#include "session.h"
#include "text.h"
#include "writedown.h"

#include <stdio.h>
#include <string.h>

struct request {
	struct hone_cargo_opts opts;
	struct hone_strv allow, candidates, executed;
	char *packages; /* stands for /usr/lib */
	char *profile;  /* what training is to give: a file */
	char *training; /* lines of a shell script */
	bool apply, undo, keeps;
};

static void release(struct request *r)
{
	hone_cargo_opts_release(&r->opts);
	hone_strv_release(&r->allow);
	hone_strv_release(&r->candidates);
	hone_strv_release(&r->executed);
	free(r->packages);
	free(r->profile);
	free(r->training);
}

static bool take_flag(struct request *r, const char *word)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {{"--apply", &r->apply}, {"--undo", &r->undo}, {"--keep-counters", &r->keeps},
		{"--locked", &r->opts.locked}, {"--offline", &r->opts.offline},
		{"--frozen", &r->opts.frozen}, {"--all-features", &r->opts.all_features},
		{"--no-default-features", &r->opts.no_default_features}};

	for (size_t i = 0; i < HONE_COUNT(flags); i++)
		if (strcmp(flags[i].name, word) == 0)
			return *flags[i].flag = true;
	return false;
}

static bool take_value(struct request *r, const char *word, const char *value)
{
	const struct {
		const char *name;
		char **text;
		struct hone_strv *list;
	} options[] = {{"-p", &r->opts.package, NULL}, {"--bin", NULL, &r->opts.bin},
		{"--example", &r->opts.example, NULL}, {"--target", &r->opts.target, NULL},
		{"--target-dir", &r->opts.target_dir, NULL}, {"--jobs", &r->opts.jobs, NULL},
		{"--profile", &r->opts.profile, NULL}, {"--crate-type", &r->opts.crate_type, NULL},
		{"--manifest-path", &r->opts.manifest_path, NULL},
		{"--features", NULL, &r->opts.features}, {"--config", NULL, &r->opts.config},
		{"--allow", NULL, &r->allow}, {"--executed", NULL, &r->executed},
		{"--packages", &r->packages, NULL}, {"--learnt", &r->profile, NULL},
		{"--training", &r->training, NULL}};

	for (size_t i = 0; value && i < HONE_COUNT(options); i++) {
		if (strcmp(options[i].name, word) != 0)
			continue;
		if (options[i].list) {
			hone_strv_push(options[i].list, value);
		} else {
			free(*options[i].text);
			*options[i].text = hone_xstrdup(value);
		}
		return true;
	}
	return false;
}

static void print_error(struct hone_err *err)
{
	printf("refused: %s\n", err->msg);
	if (err->hint)
		printf("hint: %s\n", err->hint);
	hone_err_release(err);
}

static void on_note(void *ctx, const char *text)
{
	(void)ctx;
	printf("note: %s\n", text);
}

static void on_warning(void *ctx, const char *text)
{
	(void)ctx;
	printf("warning: %s\n", text);
}

/* Each option with its value on a line of its own. */
static void print_args(const char *title, struct hone_strv *args)
{
	printf("%s:", title);
	for (size_t i = 0; i < args->n; i++) {
		hone_auto_buf struct hone_buf word = HONE_BUF_INIT;
		bool is_key = strcmp(args->v[i], "--config") == 0;
		bool is_flag = hone_starts(args->v[i], "-C") || hone_starts(args->v[i], "-Z") ||
			       strcmp(args->v[i], "--") == 0;

		hone_text_shell_word(&word, args->v[i]);
		printf("%s%s", is_key || is_flag ? "\n    " : " ", hone_buf_str(&word));
	}
	printf("\n");
}

static void print_plan(const struct hone_plan *plan, const struct hone_session *s)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv typed = HONE_STRV_INIT;
	hone_auto_free char *text = NULL;
	hone_auto_free char *output = hone_plan_output_dir(plan, &s->env);

	for (HONE_EACH_SETTING(setting))
		if (plan->left_out[setting->id])
			printf("leaves out: %s\n", setting->key);
	hone_plan_cargo_args(plan, &s->env, "TARGET_DIR", NULL, &args);
	print_args("cargo", &args);
	if (plan->bolt.tool) {
		hone_auto_strv struct hone_strv bolt = HONE_STRV_INIT;

		hone_plan_bolt_args(plan, "LINKED", "PROFILE", "FILE", &bolt);
		print_args("then runs", &bolt);
	}
	if (plan->post_strip)
		printf("then strips: %s\n", plan->post_strip);
	printf("output: %s\n", output);
	hone_plan_user_command(plan, &s->env, &typed);
	text = hone_text_command(hone_strv_argv(&typed));
	printf("typed: %s\n", text);
	printf("key %s\n", plan->key);
}

/* "NAME WEIGHT". */
static void add_executed(struct hone_profdata *p, const char *text)
{
	size_t n = strcspn(text, " ");
	struct hone_function_weight f = {.name = hone_xstrndup(text, n)};

	f.weight = strtod(text + n, NULL);
	hone_strv_push(&p->names, f.name);
	p->n_functions++;
	p->n_executed += f.weight > 0;
	p->total += f.weight;
	if (f.weight > 0)
		hone_vec_push(&p->functions, f);
	else
		free(f.name);
}

/* Prints what the instrumented build of a plan is given. */
static void print_instrumented(
	const char *title, const struct hone_session *s, const struct hone_plan *plan)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;

	hone_plan_cargo_args(plan->instrument, &s->env, "TARGET_DIR", NULL, &args);
	print_args(title, &args);
}

/* Puts the next plan in the place of one. */
static int use_profile(const struct request *r, const struct hone_session *s,
	const struct hone_plan **plan, const struct hone_profdata *profile, struct hone_err *err)
{
	const struct hone_plan *next = NULL;
	int error = hone_plan_use_profile(
		&s->env, *plan, &(struct hone_learnt){profile, r->training}, &next, err);

	if (!error) {
		hone_plan_free(*plan);
		*plan = next;
	}
	return error;
}

static int train(const struct request *r, const struct hone_session *s,
	const struct hone_plan **plan, struct hone_err *err)
{
	struct hone_profdata profile = {0};
	const struct hone_plan *next = NULL;
	int error = r->keeps ? hone_plan_keep_counters(&s->env, *plan, &next, err) : 0;

	if (error)
		return error;
	if (next) {
		hone_plan_free(*plan);
		*plan = next;
	}
	print_instrumented("instrumented", s, *plan);
	if (!r->profile)
		return 0;
	profile.path = hone_xstrdup(r->profile);
	for (size_t i = 0; i < r->executed.n; i++)
		add_executed(&profile, r->executed.v[i]);
	error = use_profile(r, s, plan, &profile, err);
	next = error ? NULL : hone_plan_make_recount(&s->env, *plan);
	if (next) {
		hone_plan_free(*plan);
		*plan = next;
		print_instrumented("instrumented again", s, *plan);
		error = use_profile(r, s, plan, &profile, err);
	}
	hone_profdata_release(&profile);
	return error;
}

static void run_one(
	const struct request *r, const struct hone_session *s, const char *name, unsigned allowed)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_candidates list = {0};
	struct hone_writedown edits = {0};
	const struct hone_plan *plan = NULL;
	size_t notes;
	int error = hone_session_candidates(&name, 1, false, allowed, NULL, &list, &err);

	if (!error)
		hone_session_adapt(s, list.v, list.n);
	if (!error)
		error = hone_session_plan(s, list.v[0], &plan, &err);
	notes = plan ? plan->notes.n : 0;
	if (!error && plan->instrument)
		error = train(r, s, &plan, &err);
	for (size_t i = notes; !error && i < plan->notes.n; i++)
		printf("note: %s\n", plan->notes.v[i]);
	if (!error) {
		(void)hone_session_overriders(s, plan, true, NULL);
		print_plan(plan, s);
	}
	if (!error && r->apply && (!plan->instrument || plan->trained))
		error = hone_writedown_make(
			&(struct hone_plan_part){plan, &s->env}, 1, &edits, &err);
	if (!error && edits.changes.n)
		error = hone_writedown_commit(&edits, s->project->workspace_root, &err);
	if (error)
		print_error(&err);
	hone_writedown_release(&edits);
	hone_plan_free(plan);
	hone_candidates_release(&list);
}

static int undo(struct hone_err *err)
{
	struct hone_writedown w = {0};
	int error = hone_undo_read(".", ".", &w, err);

	if (!error)
		error = hone_undo_commit(&w, err);
	hone_writedown_release(&w);
	return error;
}

static int run_all(const struct request *r)
{
	static const struct hone_events events = {.note = on_note, .warning = on_warning};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_session s;
	unsigned allowed = 0;
	int error = hone_labels_parse(&r->allow, &allowed, &err);

	if (!error)
		error = hone_session_open(&r->opts, &events, HONE_SESSION_GRAPH, &s, &err);
	if (error) {
		print_error(&err);
		return 0;
	}
	s.toolchain->packages = r->packages;
	for (size_t i = 0; i < r->candidates.n; i++)
		run_one(r, &s, r->candidates.v[i], allowed);
	hone_session_close(&s);
	return 0;
}

int main(int argc, char **argv)
{
	struct request r = {0};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int code = 0;

	for (int i = 1; i < argc; i++) {
		if (take_flag(&r, argv[i]))
			continue;
		if (take_value(&r, argv[i], argv[i + 1]))
			i++;
		else
			hone_strv_push(&r.candidates, argv[i]);
	}
	if (r.undo && undo(&err)) {
		print_error(&err);
		code = 1;
	} else if (!r.undo) {
		code = run_all(&r);
	}
	release(&r);
	return code;
}
