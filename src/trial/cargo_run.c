#include "cargo_run_impl.h"

#include "disk_cap.h"
#include "fs.h"
#include "hash.h"
#include "helper.h"
#include "inputs.h"
#include "num.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "rules.h"
#include "share.h"

#include <string.h>

/* Longest compiler error that is kept: the first errors matter. */
#define ERROR_LIMIT ((size_t)256 << 10)

void hone_cargo_run_release(struct hone_cargo_run *r)
{
	free(r->executable);
	hone_strv_release(&r->beside);
	hone_strv_release(&r->script_env);
	*r = (struct hone_cargo_run){0};
}

static void on_tick(void *ctx)
{
	struct hone_cargo_listener *run = ctx;

	if (run->watch->tick)
		run->watch->tick(run->watch->ctx);
}

/* The wrapper of the user, which cargo would have called: hone's calls it in turn. */
static void add_wrapper(const struct hone_cargo_listener *run, const char *wrapper,
	const struct hone_workdir *dir, struct hone_strv *env)
{
	const char *next = hone_profile_set_rustc_wrapper(run->env->profiles);

	hone_strv_pushf(env, "RUSTC_WRAPPER=%s", wrapper);
	/* All processes of hone's builds have the first of these, by which they are known. */
	hone_strv_pushf(env, "HONE_RUSTC_LOG=%s/units.log", dir->tools);
	hone_strv_pushf(env, "HONE_RUSTC_SLOT=%u", dir->slot);
	if (next && *next)
		hone_strv_pushf(env, "HONE_RUSTC_NEXT=%s", next);
	else
		hone_strv_push(env, "HONE_RUSTC_NEXT");
}

static void add_link_capture(const struct hone_cargo_listener *run, const struct hone_workdir *dir,
	const char *link_dir, struct hone_strv *env)
{
	hone_auto_free char *crate = NULL;

	if (!link_dir) {
		hone_strv_push(env, "HONE_LINK_CRATE");
		hone_strv_push(env, "HONE_LINK_TYPE");
		return;
	}
	crate = hone_xstrdup(run->env->project->target->name);
	for (char *c = crate; *c; c++)
		if (*c == '-')
			*c = '_';
	hone_strv_pushf(env, "HONE_LINK_CRATE=%s", crate);
	hone_strv_pushf(env, "HONE_LINK_TYPE=%s",
		hone_target_kind_is_library(run->env->project->made)
			? hone_target_kind_name(run->env->project->made)
			: "bin");
	hone_strv_pushf(env, "HONE_LINK_TOOLS=%s/linkers", dir->tools);
	hone_strv_pushf(env, "HONE_LINK_DIR=%s", link_dir);
}

/* The wrapper's log: crate, type, wall, user, sys (ns), peak (kB), status, how ("compiled", "taken"), separated by
 * tabs. */
static void read_log(const char *path, struct hone_build_cost *cost)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view rest, line;
	bool started = false;

	if (hone_fs_read(path, (size_t)64 << 20, &text, NULL, NULL))
		return; /* no unit was compiled */
	rest = hone_buf_view(&text);
	while (hone_view_split(&rest, &started, '\n', &line)) {
		struct hone_view fields = line, field;
		bool fields_started = false, taken = false;
		uint64_t peak_kb = 0;

		if (!line.n)
			continue;
		for (size_t i = 0; hone_view_split(&fields, &fields_started, '\t', &field); i++)
			if (i == 5 && !hone_parse_u64(field, &peak_kb))
				peak_kb = 0;
			else if (i == 7)
				taken = hone_view_is(field, "taken");
		cost->units += !taken;
		cost->taken += taken;
		if (peak_kb * 1024 > cost->peak_rss)
			cost->peak_rss = peak_kb * 1024;
	}
}

static int add_profile_question(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_strv *changes, struct hone_err *err)
{
	bool known = false;
	int error = 0;

	if (plan->profile)
		error = hone_toolchain_llvm_option(
			env->toolchain, HONE_VIEW("pgo-warn-missing-function"), &known, err);
	hone_strv_push(changes, known ? "HONE_RUSTC_ASK=1" : "HONE_RUSTC_ASK");
	return error;
}

/* A profile of other sources or settings does nothing, and the compiler says nothing of its own accord. */
static int check_profile(
	const struct hone_plan *plan, const struct hone_cargo_run *r, struct hone_err *err)
{
	uint64_t without = r->missing + r->mismatched;

	if (!plan->profile ||
		(double)without <= HONE_RULE_PROFILE_MISSING * (double)plan->profile_functions)
		return 0;
	return hone_err_set(err, HONE_E_FAILED,
		"the profile was not used: it has data of %llu functions, and %llu functions of "
		"the program "
		"found none in it",
		(unsigned long long)plan->profile_functions, (unsigned long long)without);
}

static int run_once(struct hone_cargo_listener *run, const struct hone_plan *plan,
	const struct hone_workdir *dir, const char *link_dir, struct hone_err *err)
{
	static const char *const extra[] = {"--message-format=json", NULL};
	const struct hone_build_env *env = run->env;
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv changes = HONE_STRV_INIT;
	hone_auto_free char *wrapper = hone_path_join(dir->tools, "hone-rustc");
	hone_auto_free char *log = hone_xasprintf("%s/units.log.%u", dir->tools, dir->slot);
	hone_auto_free char *files = hone_xasprintf("%s/files.%u", dir->tools, dir->slot);
	hone_auto_free char *before = hone_plan_files_before(env);
	hone_auto_free char *share = NULL;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {0};
	int error = hone_helper_write(wrapper, err);

	if (!error)
		error = hone_fs_remove(log, err);
	if (!error)
		error = hone_plan_files_write(plan, files, err);
	if (!error)
		error = hone_share_prepare(plan, env, dir, &share, err);
	if (error)
		return error;
	hone_strv_push(&argv, env->toolchain->cargo);
	hone_plan_cargo_args(plan, env, dir->build, extra, &argv);
	add_wrapper(run, wrapper, dir, &changes);
	hone_strv_pushf(&changes, "HONE_RUSTC_FILES=%s", files);
	hone_strv_pushf(&changes, "HONE_RUSTC_FILES_BEFORE=%s", before);
	if (dir->ahead && dir->ahead->flags) {
		hone_strv_pushf(&changes, "MAKEFLAGS=%s", dir->ahead->flags);
		hone_strv_push(&changes, "CARGO_MAKEFLAGS");
	}
	if (share)
		hone_strv_pushf(&changes, "HONE_SHARE=%s", share);
	else
		hone_strv_push(&changes, "HONE_SHARE");
	error = add_profile_question(plan, env, &changes, err);
	if (error)
		return error;
	add_link_capture(run, dir, link_dir, &changes);
	run->finished = false;
	spec = (struct hone_proc_spec){.argv = hone_strv_argv(&argv),
		.env = hone_strv_argv(&changes),
		.out = HONE_SINK_LINES,
		.errout = HONE_SINK_LINES,
		.on_line = hone_cargo_run_on_stdout,
		.on_err_line = hone_cargo_run_on_stderr,
		.ctx = run,
		.deadline_ns = HONE_RULE_CARGO_LONGEST_S * HONE_NS_PER_S,
		.on_tick = on_tick};
	error = hone_proc_run(&spec, &r, err);
	if (error)
		return error;
	run->result->cost.wall_s += hone_ns_to_s(r.usage.wall_ns);
	run->result->cost.cpu_s += hone_ns_to_s(r.usage.user_ns + r.usage.sys_ns);
	read_log(log, &run->result->cost);
	if (r.timed_out)
		return hone_err_set(err, HONE_E_TIMEOUT, "cargo did not end within six hours");
	if (!hone_proc_succeeded(&r))
		return hone_cargo_run_failed(run, &r, err);
	if (!run->finished)
		return hone_err_set(err, HONE_E_FAILED,
			"cargo ended without saying that it had finished: what it named is not "
			"taken");
	if (!run->result->executable)
		return hone_err_set(err, HONE_E_FAILED,
			"cargo built, but named no %s for %s below %s",
			hone_artifact_kind_name(run->kind), env->project->target->name,
			run->output);
	return 0;
}

/* What build scripts put beside the program was taken away from there; something may be compiled from it, all the
 * same: then it fails, and is tried once more with it. */
static int run_or_restore(struct hone_cargo_listener *run, const struct hone_plan *plan,
	const struct hone_workdir *dir, const char *link_dir, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error = run_once(run, plan, dir, link_dir, &why);

	if (error != HONE_E_FAILED || !hone_beside_restore(&run->beside))
		return error ? hone_err_move(err, &why) : 0;
	hone_buf_reset(&run->errors);
	hone_buf_reset(&run->stderr_errors);
	run->result->n_units = 0;
	return run_once(run, plan, dir, link_dir, err);
}

/* The final unit's file that cargo names has no hash in its name; its other link, in deps, has. */
static void mark_final_unit(const char *executable)
{
	hone_auto_free char *dir = hone_path_dir(executable);
	hone_auto_free char *deps = hone_path_join(dir, "deps");
	hone_auto_free char *name = NULL;
	hone_auto_free char *path = NULL;

	if (hone_fs_find_link(deps, executable, &name, NULL))
		return;
	path = hone_path_join(deps, name);
	hone_disk_cap_used(path);
}

/* With rustup's rust-src rustc writes where that lies into programs, without it a path of its own, and cargo compiles
 * nothing anew when it comes or goes: what was built before is forgotten then. A file of the compiler's tells how it
 * was. */
static int follow_std_source(
	const struct hone_build_env *env, const struct hone_workdir *dir, struct hone_err *err)
{
	hone_auto_free char *source = hone_plan_std_source(env, "core/src");
	struct hone_hash hash = hone_hash_bytes(hone_view_of(env->toolchain->rustc_verbose));
	char text[HONE_HASH_TEXT];
	hone_auto_free char *mark =
		hone_xasprintf("%s/.rust-src-%s", dir->build, hone_hash_text(text, hash));
	bool is_here = hone_fs_exists(source);
	int error;

	if (is_here == hone_fs_exists(mark))
		return 0;
	error = hone_fs_remove_tree(dir->build, err);
	if (!error && is_here)
		error = hone_fs_mkdirs(dir->build, err);
	if (!error && is_here)
		error = hone_fs_write_cache(mark, HONE_VIEW(""), 0666, err);
	return error;
}

/* cargo compares arguments, not the files of the user's that they name for the linker: what it takes for fresh may be of
 * another content. A file in its folder tells with which content these arguments linked last. The caller frees. */
static char *files_mark(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	char text[HONE_HASH_TEXT];

	hone_plan_cargo_args(plan, env, "", NULL, &args);
	for (size_t i = 0; i < args.n; i++)
		hone_buf_add(&b, args.v[i], strlen(args.v[i]) + 1);
	return hone_xasprintf("%s/.linked-with-%s", dir->build,
		hone_hash_text(text, hone_hash_bytes(hone_buf_view(&b))));
}

static bool is_linked_with(const char *mark, const char *files)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	return !hone_fs_read(mark, 4096, &b, NULL, NULL) && strcmp(hone_buf_str(&b), files) == 0;
}

static int link_again(struct hone_cargo_listener *run, const struct hone_plan *plan,
	const struct hone_workdir *dir, const char *link_dir, struct hone_err *err)
{
	struct hone_cargo_run *r = run->result;
	int error = hone_cargo_forget(run->env, r->executable, err);

	r->n_units = 0;
	r->missing = r->mismatched = 0;
	return error ? error : run_once(run, plan, dir, link_dir, err);
}

/* Where the plan names files of the user's: with their content of now. */
static int follow_files(struct hone_cargo_listener *run, const struct hone_plan *plan,
	const struct hone_workdir *dir, const char *link_dir, struct hone_err *err)
{
	hone_auto_free char *mark = files_mark(plan, run->env, dir);
	int error = 0;

	if (!*plan->user_files || is_linked_with(mark, plan->user_files))
		return 0;
	if (run->result->fresh)
		error = link_again(run, plan, dir, link_dir, err);
	return error ? error : hone_fs_write_cache(mark, hone_view_of(plan->user_files), 0666, err);
}

int hone_cargo_run_now(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const char *link_dir, const struct hone_build_watch *watch,
	struct hone_cargo_run *ret_run, struct hone_err *err)
{
	static const struct hone_build_watch no_watch = {0};
	hone_auto_free char *linkers = hone_path_join(dir->tools, "linkers");
	hone_auto_free char *captured = link_dir ? hone_path_join(link_dir, "args") : NULL;
	hone_auto_free char *below = hone_plan_output_dir(plan, env);
	hone_auto_free char *folder = hone_path_join(dir->artifacts, plan->key);
	struct hone_cargo_run result = {0};
	struct hone_platform platform = hone_platform_of(hone_plan_triple(env), NULL);
	struct hone_cargo_listener run = {.env = env,
		.kind = hone_artifact_kind_of(env->project->made, &platform),
		.watch = watch ? watch : &no_watch,
		.inputs = dir->inputs,
		.ahead = dir->ahead,
		.result = &result,
		.errors = {.limit = ERROR_LIMIT},
		.stderr_errors = {.limit = ERROR_LIMIT}};
	int error = 0;

	run.output = hone_xasprintf("%s/%s", dir->build, below);
	hone_beside_init(&run.beside, run.output);
	if (link_dir) {
		/* The helper makes link_dir itself, but nothing above it. */
		hone_auto_free char *above = hone_path_dir(link_dir);

		error = hone_fs_mkdirs(linkers, err);
		if (!error)
			error = hone_fs_mkdirs(above, err);
		if (!error)
			error = hone_fs_remove_tree(link_dir, err);
	}
	if (!error)
		error = follow_std_source(env, dir, err);
	if (!error)
		error = run_or_restore(&run, plan, dir, link_dir, err);
	if (!error)
		error = follow_files(&run, plan, dir, link_dir, err);
	if (!error && link_dir && !run.watch->spare_fresh && !hone_fs_exists(captured)) {
		error = link_again(&run, plan, dir, link_dir, err);
		if (!error && !hone_fs_exists(captured))
			error = hone_err_set(err, HONE_E_UNSUPPORTED,
				"the link of %s could not be captured", result.executable);
	}
	if (!error)
		error = hone_beside_keep(&run.beside, result.executable, folder, err);
	if (!error)
		error = check_profile(plan, &result, err);
	if (result.executable)
		mark_final_unit(result.executable);
	hone_beside_release(&run.beside);
	free(run.output);
	hone_buf_release(&run.errors);
	hone_buf_release(&run.stderr_errors);
	if (error) {
		hone_cargo_run_release(&result);
		return error;
	}
	*ret_run = result;
	return 0;
}
