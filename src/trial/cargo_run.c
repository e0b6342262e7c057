#include "cargo_run.h"

#include "ahead.h"
#include "cross_link.h"
#include "artifact_kind.h"
#include "beside.h"
#include "disk_cap.h"
#include "fs.h"
#include "hash.h"
#include "helper.h"
#include "inputs.h"
#include "num.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "proc.h"
#include "rules.h"
#include "share.h"

#include <string.h>

/* Longest compiler error that is kept: the first errors matter. */
#define ERROR_LIMIT ((size_t)256 << 10)
/* With more room than this, no link was short of it. */
#define ROOM_FOR_A_LINK ((uint64_t)2 << 30)

struct run {
	const struct hone_build_env *env;
	enum hone_artifact_kind kind; /* of what the plan is about */
	char *output;                 /* the folder in which cargo puts what the plan is about */
	const struct hone_build_watch *watch;
	struct hone_cargo_run *result;
	struct hone_buf errors;        /* rendered error diagnostics */
	struct hone_buf stderr_errors; /* cargo's own lines from the first "error" on */
	char *last_error_crate;
	bool finished; /* cargo said that all is built */
	struct hone_beside beside;
	struct hone_inputs *inputs; /* borrowed */
	struct hone_ahead *ahead;   /* borrowed; or NULL */
};

void hone_cargo_run_release(struct hone_cargo_run *r)
{
	free(r->executable);
	hone_strv_release(&r->beside);
	hone_strv_release(&r->script_env);
	*r = (struct hone_cargo_run){0};
}

/* Several scripts of one package, or several runs of cargo: what was said last counts. */
static void set_variable(struct hone_strv *list, const char *text)
{
	size_t n = strcspn(text, "=") + 1;

	for (size_t i = 0; i < list->n; i++)
		if (strncmp(list->v[i], text, n) == 0) {
			free(list->v[i]);
			list->v[i] = hone_xstrdup(text);
			return;
		}
	hone_strv_push(list, text);
}

void hone_cargo_run_hear(
	struct hone_cargo_run *r, const struct hone_build_env *env, const struct hone_message *m)
{
	if (m->kind != HONE_MSG_BUILD_SCRIPT || !m->package_id ||
		strcmp(m->package_id, env->project->package->id) != 0)
		return;
	for (size_t i = 0; i < m->env.n; i++)
		set_variable(&r->script_env, m->env.v[i]);
	if (m->out_dir) {
		hone_auto_free char *text = hone_xasprintf("OUT_DIR=%s", m->out_dir);

		set_variable(&r->script_env, text);
	}
}

/* cargo names a library by the first of its crate types, which --crate-type changes. */
static bool is_kind(const struct hone_project *p, enum hone_target_kind kind)
{
	return kind == p->target->kind ||
	       (hone_target_kind_is_library(p->made) && hone_target_kind_is_library(kind));
}

/* The file that the plan is about, if this unit made it, else NULL. Package, target, kind, profile and the triple's folder
 * have to be the plan's: cargo can build a program of that name more than once, for several targets or as what another
 * one needs. */
static const char *selected_file(const struct run *run, const struct hone_message *m)
{
	const struct hone_project *p = run->env->project;
	bool is_bench = p->target->kind == HONE_KIND_BENCH;
	const char *file = hone_artifact_kind_file(run->kind, m);

	return file && hone_starts(file, run->output) && m->test == is_bench && m->package_id &&
			       strcmp(m->package_id, p->package->id) == 0 && m->target_name &&
			       strcmp(m->target_name, p->target->name) == 0 &&
			       is_kind(p, m->target_kind)
		       ? file
		       : NULL;
}

/* The package's binary is built beside a bench target, which may start it: what it has no profile for says
 * nothing of the bench target. */
static bool is_beside(const struct run *run, const struct hone_message *m)
{
	return run->env->project->target->kind == HONE_KIND_BENCH &&
	       m->target_kind == HONE_KIND_BIN;
}

/* The count that a warning belongs to: LLVM's words when a function has no data in the profile, or its shape
 * is another one. NULL: it is about something else. */
static uint64_t *profile_count(struct hone_cargo_run *r, const char *text)
{
	if (strstr(text, "no profile data available for function"))
		return &r->missing;
	return strstr(text, "(hash mismatch)") ? &r->mismatched : NULL;
}

static int on_stdout(void *ctx, struct hone_view line)
{
	struct run *run = ctx;
	struct hone_message m;
	uint64_t *count = NULL;

	hone_message_parse(line, &m);
	hone_beside_see(&run->beside, &m);
	hone_inputs_see(run->inputs, &m);
	hone_cargo_run_hear(run->result, run->env, &m);
	if (run->ahead && (m.kind == HONE_MSG_ARTIFACT || m.kind == HONE_MSG_BUILD_SCRIPT)) {
		hone_buf_addv(&run->ahead->messages, line);
		hone_buf_addc(&run->ahead->messages, '\n');
	}
	if (m.kind == HONE_MSG_ARTIFACT) {
		const char *file = selected_file(run, &m);

		run->result->n_units++;
		if (file) {
			free(run->result->executable);
			run->result->executable = hone_xstrdup(file);
			hone_strv_release(&run->result->beside);
			hone_strv_copy(&run->result->beside, &m.beside);
			run->result->fresh = m.fresh;
		}
		if (m.file)
			hone_disk_cap_used(m.file);
		if (run->watch->unit)
			run->watch->unit(run->watch->ctx, m.target_name ? m.target_name : "",
				run->result->n_units);
	} else if (m.kind == HONE_MSG_FINISHED) {
		run->finished = m.success;
	} else if (m.kind == HONE_MSG_BUILD_SCRIPT && m.out_dir) {
		hone_disk_cap_used(m.out_dir);
	} else if (m.kind == HONE_MSG_DIAGNOSTIC && m.rendered &&
		   (count = profile_count(run->result, m.rendered))) {
		*count += !is_beside(run, &m);
	} else if (m.kind == HONE_MSG_DIAGNOSTIC && m.level && hone_starts(m.level, "error") &&
		   m.rendered) {
		hone_buf_adds(&run->errors, m.rendered);
		if (!hone_ends(m.rendered, "\n"))
			hone_buf_addc(&run->errors, '\n');
	}
	hone_message_release(&m);
	return 0;
}

static int on_stderr(void *ctx, struct hone_view line)
{
	struct run *run = ctx;

	if (run->stderr_errors.n || hone_view_starts(line, "error")) {
		hone_buf_addv(&run->stderr_errors, line);
		hone_buf_addc(&run->stderr_errors, '\n');
	}
	if (run->watch->output)
		run->watch->output(run->watch->ctx, line);
	return 0;
}

static void on_tick(void *ctx)
{
	struct run *run = ctx;

	if (run->watch->tick)
		run->watch->tick(run->watch->ctx);
}

/* The wrapper of the user, which cargo would have called: hone's calls it in turn. */
static void add_wrapper(const struct run *run, const char *wrapper, const struct hone_workdir *dir,
	struct hone_strv *env)
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

static void add_link_capture(const struct run *run, const struct hone_workdir *dir,
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

/* A linker that writes through memory dies of SIGBUS when the disk is full, others and the compiler say so. That is no
 * candidate's fault. 0: it was something else. */
static int full_disk(const struct run *run, struct hone_view text, struct hone_err *err)
{
	static const char *const words[] = {"No space left on device", "signal 7", "signal: 7",
		"Bus error", "SIGBUS", "Disk quota exceeded"};
	char free_text[HONE_NUM_TEXT];
	uint64_t free_bytes = 0;
	bool said = false;

	for (size_t i = 0; i < HONE_COUNT(words); i++)
		said |= memmem(text.p, text.n, words[i], strlen(words[i])) != NULL;
	if (!said || hone_fs_free_bytes(run->output, &free_bytes, NULL) ||
		free_bytes > ROOM_FOR_A_LINK)
		return 0;
	hone_err_set(err, HONE_E_SYSTEM,
		"the disk is full: %s bytes are free where %s lies, and the build ended with: %.*s",
		hone_text_count(free_text, free_bytes), run->output, (int)text.n, text.p);
	hone_err_hint(err,
		"make room there (`cargo hone clean` removes what hone has built), or name "
		"a folder of another disk with --target-dir");
	return HONE_E_SYSTEM;
}

/* cargo's last lines say again that the build failed; they follow the compiler's and are left out. */
static int failed(const struct run *run, const struct hone_proc_result *r, struct hone_err *err)
{
	hone_auto_free char *hint = NULL;
	struct hone_view text = hone_view_trim(hone_buf_view(&run->errors));

	if (!text.n)
		text = hone_view_trim(hone_buf_view(&run->stderr_errors));
	if (hone_view_starts(text, "error: "))
		text = hone_view_sub(text, 7, text.n);
	if (!text.n) {
		hone_auto_free char *how = hone_proc_how_ended(r);

		return hone_err_set(err, HONE_E_FAILED, "cargo failed without a word: %s", how);
	}
	if (full_disk(run, text, err))
		return HONE_E_SYSTEM;
	hint = hone_cross_link_hint(hone_plan_triple(run->env), text);
	hone_err_set(err, HONE_E_FAILED, "%.*s", (int)text.n, text.p);
	return hint ? hone_err_hint(err, "%s", hint) : HONE_E_FAILED;
}

/* Fingerprints of a library, whose files have no hash in their names: all of them go. */
struct forgotten {
	const char *folder, *prefix, *file;
	size_t n;
};

static int forget_one(void *ctx, const char *name, struct hone_err *err)
{
	struct forgotten *f = ctx;
	hone_auto_free char *dir = hone_path_join(f->folder, name);
	hone_auto_free char *file = hone_path_join(dir, f->file);

	if (!hone_starts(name, f->prefix) || !hone_fs_exists(file))
		return 0;
	f->n++;
	return hone_fs_remove_tree(dir, err);
}

/* A link is only captured when it happens. The final unit's fingerprint goes, so that cargo makes that
 * one unit again: deps/NAME-HASH is another link to the executable, .fingerprint/PACKAGE-HASH its
 * fingerprint (both in hone's own target dir). Nothing else makes cargo do so without changing the
 * binary or a file of the user's. */
static int forget_library(const struct hone_build_env *env, const char *dir, struct hone_err *err)
{
	hone_auto_free char *folder = hone_path_join(dir, ".fingerprint");
	hone_auto_free char *prefix = hone_xasprintf("%s-", env->project->package->name);
	hone_auto_free char *file = hone_xasprintf("lib-%s", env->project->target->name);
	struct forgotten f = {folder, prefix, file, 0};
	int error = hone_fs_each(folder, forget_one, &f, err);

	if (error || f.n)
		return error;
	return hone_err_set(err, HONE_E_UNSUPPORTED,
		"the link cannot be captured: this cargo keeps no fingerprint of %s below %s",
		env->project->target->name, folder);
}

int hone_cargo_forget(
	const struct hone_build_env *env, const char *executable, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_dir(executable);
	hone_auto_free char *deps = hone_path_join(dir, "deps");
	hone_auto_free char *hash = NULL;
	hone_auto_free char *fingerprint = NULL;
	int error = hone_fs_find_link(deps, executable, &hash, err);

	if (error)
		return hone_err_wrap(err, "the link of %s cannot be captured", executable);
	if (hone_target_kind_is_library(env->project->made))
		return forget_library(env, dir, err);
	/* NAME-HASH, of WebAssembly NAME-HASH.wasm. */
	if (hone_ends(hash, ".wasm"))
		hash[strlen(hash) - strlen(".wasm")] = '\0';
	fingerprint = hone_xasprintf("%s/.fingerprint/%s%s", dir, env->project->package->name,
		strrchr(hash, '-') ? strrchr(hash, '-') : "");
	if (!hone_fs_is_dir(fingerprint))
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"the link cannot be captured: this cargo keeps no fingerprint at %s",
			fingerprint);
	return hone_fs_remove_tree(fingerprint, err);
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

static int run_once(struct run *run, const struct hone_plan *plan, const struct hone_workdir *dir,
	const char *link_dir, struct hone_err *err)
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
		.on_line = on_stdout,
		.on_err_line = on_stderr,
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
		return failed(run, &r, err);
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
static int run_or_restore(struct run *run, const struct hone_plan *plan,
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

static int link_again(struct run *run, const struct hone_plan *plan, const struct hone_workdir *dir,
	const char *link_dir, struct hone_err *err)
{
	struct hone_cargo_run *r = run->result;
	int error = hone_cargo_forget(run->env, r->executable, err);

	r->n_units = 0;
	r->missing = r->mismatched = 0;
	return error ? error : run_once(run, plan, dir, link_dir, err);
}

/* Where the plan names files of the user's: with their content of now. */
static int follow_files(struct run *run, const struct hone_plan *plan,
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
	struct run run = {.env = env,
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
