/* Does the user's own linker take what a setting tells it? Of the linkers that hone knows, src/settings says that; any other (a
 * wrapper around `zig cc`, `-fuse-ld=wild`) is asked: rustc links a program of one line by it, with the user's own flags. */
#include "fs.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "platform.h"
#include "proc.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A linker that takes longer for one line tells nothing. */
#define ASK_NS (60 * HONE_NS_PER_S)
#define LINK_ARG "-Clink-arg="

static const char source[] = "fn main() {}\n";

static bool is_for_linker(const struct hone_strv *flags)
{
	for (size_t i = 0; i < flags->n; i++)
		if (hone_starts(flags->v[i], LINK_ARG))
			return true;
	return false;
}

/* The linker's own words are the last note; what rustc says of its command stands before it. */
static char *words_of(const char *said)
{
	static const char note[] = "= note: ";
	static const char *const of_rustc[] = {" \"", "some arguments are omitted"};
	const char *last = "";

	for (const char *at = said; (at = strstr(at, note)); at += sizeof(note) - 1)
		last = at + sizeof(note) - 1;
	for (size_t i = 0; i < HONE_COUNT(of_rustc); i++)
		if (hone_starts(last, of_rustc[i]))
			last = "";
	return *last ? hone_xasprintf("%.*s", (int)strcspn(last, "\n"), last)
		     : hone_xstrdup("it fails, and says nothing");
}

/* Files that hone itself brings lie in the folder, others where cargo starts rustc. */
static void add_flags(const struct hone_strv *flags, const char *dir, struct hone_strv *argv)
{
	for (size_t i = 0; i < flags->n; i++) {
		const char *at = strstr(flags->v[i], HONE_PLAN_FILES_DIR "/");

		if (at)
			hone_strv_pushf(argv, "%.*s%s/%s", (int)(at - flags->v[i]), flags->v[i],
				dir, at + strlen(HONE_PLAN_FILES_DIR "/"));
		else
			hone_strv_push(argv, flags->v[i]);
	}
}

/* *ret: NULL where it links, else why not. Any error but an interruption is an answer, too: that there is none. */
static int link_line(const struct hone_build_env *env, const struct hone_strv *flags,
	const char *dir, char **ret, struct hone_err *err)
{
	const struct hone_package *p = env->project->package;
	const char *root = env->project->workspace_root, *triple = hone_plan_triple(env);
	const char *linker = hone_profile_set_linker(env->profiles, triple);
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_rustflags own = {0};
	struct hone_proc_spec spec = {.dir = hone_path_is_within(p->dir, root) ? root : p->dir,
		.out = HONE_SINK_NULL,
		.deadline_ns = ASK_NS};
	int error = hone_rustflags_find(env->profiles, &own, err);

	if (error)
		return error;
	hone_strv_push(&argv, env->toolchain->rustc);
	hone_strv_pushf(&argv, "%s/ask.rs", dir);
	hone_strv_push(&argv, "--crate-type=bin");
	hone_strv_pushf(&argv, "--out-dir=%s", dir);
	if (strcmp(triple, env->toolchain->host) != 0)
		hone_strv_pushf(&argv, "--target=%s", triple);
	if (linker)
		hone_strv_pushf(&argv, "-Clinker=%s", linker);
	hone_strv_copy(&argv, &own.flags);
	add_flags(flags, dir, &argv);
	hone_rustflags_release(&own);
	spec.argv = hone_strv_argv(&argv);
	error = hone_proc_run(&spec, &r, err);
	if (!error && !hone_proc_succeeded(&r))
		*ret = words_of(hone_buf_str(&r.err));
	return error;
}

static int write_files(const struct hone_strv *flags, const char *dir, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	hone_auto_free char *path = hone_path_join(dir, "ask.rs");
	int error = hone_fs_write_cache(path, hone_view_of(source), 0600, err);

	hone_plan_file_names(flags, &names);
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *file = hone_path_join(dir, names.v[i]);

		error = hone_fs_write_cache(
			file, hone_view_of(hone_plan_file_text(names.v[i])), 0600, err);
	}
	return error;
}

static int ask(const struct hone_build_env *env, const struct hone_strv *flags, char **ret,
	struct hone_err *err)
{
	const char *asked = getenv("TMPDIR");
	hone_auto_free char *dir =
		hone_path_join(asked && *asked == '/' ? asked : "/tmp", "hone-linker-XXXXXX");
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error = 0;

	if (!mkdtemp(dir))
		return 0;
	error = write_files(flags, dir, &why);
	if (!error)
		error = link_line(env, flags, dir, ret, &why);
	(void)hone_fs_remove_tree(dir, NULL);
	return error == HONE_E_INTERRUPTED ? hone_err_move(err, &why) : 0;
}

/* *ret: why it does not link with these flags; "": it does. Asked once. Borrowed from the toolchain. */
static int find_answer(const struct hone_build_env *env, const struct hone_strv *flags,
	const char **ret, struct hone_err *err)
{
	hone_auto_free char *line = hone_text_command(hone_strv_argv(flags));
	hone_auto_free char *key = hone_xasprintf("%s %s", hone_plan_triple(env), line);
	hone_auto_free char *why = NULL;
	int error = 0;

	*ret = hone_toolchain_told(env->toolchain, key);
	if (!*ret)
		error = ask(env, flags, &why, err);
	if (!error && !*ret)
		*ret = hone_toolchain_remember(env->toolchain, key, why ? why : "");
	return error;
}

int hone_plan_ask_linker(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, const struct hone_strv *flags, bool *ret_takes,
	struct hone_err *err)
{
	struct hone_platform p = hone_platform_of(hone_plan_triple(env), NULL);
	static const struct hone_strv none = HONE_STRV_INIT;
	bool known = true;
	const char *why = "", *without = "";
	int error = 0;

	*ret_takes = true;
	if (is_for_linker(flags) && p.os != HONE_OS_NONE && p.object == HONE_OBJECT_ELF)
		error = hone_plan_knows_linker(env, plan, &known, err);
	if (error || known)
		return error;
	if (!env->asks) {
		hone_strv_pushf(&plan->notes,
			"%s: whether your linker takes it is asked before anything is built or "
			"written",
			a->setting->key);
		return 0;
	}
	/* A linker that cannot link the line without the flags either tells nothing about them. */
	error = find_answer(env, &none, &without, err);
	if (!error && !*without)
		error = find_answer(env, flags, &why, err);
	*ret_takes = !*why;
	if (*why)
		hone_plan_leave_out(plan, a->setting, "your linker does not take it: %s", why);
	return error;
}
