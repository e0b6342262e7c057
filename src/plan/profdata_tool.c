/* Which llvm-profdata works: by trying. One that is older than rustc's LLVM may read what it writes (19 does what 22
 * writes, 14 does not), and rustc only warns of a profile that it cannot read. */
#include "profdata_tool.h"

#include "fs.h"
#include "num.h"
#include "profile_kind.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TOOL_NS (600 * HONE_NS_PER_S)
/* Versions of LLVM that are looked for, on both sides of rustc's own. */
#define OTHER_VERSIONS 9
/* Bytes of magic number and version. */
#define HEADER 16

static bool major_of(const struct hone_toolchain *tc, uint64_t *ret)
{
	struct hone_view version = hone_view_of(tc->llvm_version);

	return hone_parse_u64(hone_view_sub(version, 0, hone_view_find(version, 0, '.')), ret);
}

static void add_tool(const char *name, struct hone_strv *to)
{
	hone_auto_free char *path = NULL;
	hone_auto_free char *real = NULL;

	if (hone_path_find_program(name, &path, NULL) || hone_path_real(path, &real, NULL))
		return;
	for (size_t i = 0; i < to->n; i++) {
		hone_auto_free char *other = NULL;

		if (!hone_path_real(to->v[i], &other, NULL) && strcmp(other, real) == 0)
			return;
	}
	hone_strv_push(to, path);
}

static void add_version(const struct hone_toolchain *tc, uint64_t major, struct hone_strv *to)
{
	hone_auto_free char *named =
		hone_xasprintf("llvm-profdata-%llu", (unsigned long long)major);
	hone_auto_free char *packaged = hone_toolchain_packaged(tc, major, "llvm-profdata");

	add_tool(named, to);
	add_tool(packaged, to);
}

void hone_profdata_find_tools(const struct hone_toolchain *tc, struct hone_strv *ret_paths)
{
	hone_auto_free char *own =
		hone_xasprintf("%s/lib/rustlib/%s/bin/llvm-profdata", tc->sysroot, tc->host);
	uint64_t major = 0;

	if (!major_of(tc, &major))
		return;
	add_tool(own, ret_paths);
	add_version(tc, major, ret_paths);
	add_tool("llvm-profdata", ret_paths);
	for (uint64_t i = 1; i <= OTHER_VERSIONS; i++) {
		add_version(tc, major + i, ret_paths);
		if (major > i)
			add_version(tc, major - i, ret_paths);
	}
}

int hone_profdata_no_tool(
	const struct hone_toolchain *tc, const struct hone_err *why, struct hone_err *err)
{
	uint64_t major = 0;

	if (!major_of(tc, &major))
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"this rustc has no LLVM, and profiles are made by it");
	hone_err_set(err, HONE_E_NOT_FOUND,
		"a profile of rustc %s needs llvm-profdata of LLVM %u, or one that reads it%s%s",
		tc->rustc_version, (unsigned)major, why && why->msg ? ": " : "",
		why && why->msg ? why->msg : "");
	return hone_err_hint(err,
		"run `rustup component add llvm-tools`, or on Debian: apt-get install llvm-%u",
		(unsigned)major);
}

int hone_profdata_run(
	struct hone_proc_spec *spec, const char *what, size_t *ret_warnings, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *how = NULL;
	struct hone_view words;
	size_t warnings = 0;
	int error;

	spec->deadline_ns = TOOL_NS;
	error = hone_proc_run(spec, &r, err);
	if (error)
		return error;
	for (const char *at = hone_buf_str(&r.err); (at = strstr(at, "warning: ")); at++)
		warnings++;
	if (ret_warnings)
		*ret_warnings = warnings;
	if (hone_proc_succeeded(&r))
		return 0;
	how = hone_proc_how_ended(&r);
	words = hone_view_trim(hone_buf_view(&r.err));
	return hone_err_set(err, HONE_E_FAILED, "%s: %s: %s%s%.*s", what, spec->argv[0], how,
		words.n ? ": " : "", (int)words.n, words.p);
}

int hone_profdata_check_kind(const char *path, struct hone_err *err)
{
	if (!hone_profile_is_of_coverage(path))
		return 0;
	hone_err_set(err, HONE_E_FAILED,
		"%s is the profile of a coverage build (-C instrument-coverage), which counts "
		"something else: mixed with that of the program it would be wrong without a word",
		hone_path_base(path));
	return hone_err_hint(err,
		"take -C instrument-coverage out of the flags of what the training runs, or let it "
		"start without LLVM_PROFILE_FILE");
}

/* ---- merging */

/* rustc ends well whatever it thinks of a profile, but it says so. dir: for what it makes of an empty crate. */
static int check_taken(const struct hone_toolchain *tc, const char *profile, struct hone_err *err)
{
	hone_auto_free char *object = hone_xasprintf("%s.o", profile);
	hone_auto_free char *flag = hone_xasprintf("-Cprofile-use=%s", profile);
	const char *const argv[] = {tc->rustc, "--crate-name=profile", "--crate-type=lib",
		"--emit=obj", "-o", object, flag, "-", NULL};
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = TOOL_NS};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int error = hone_proc_run(&spec, &r, err);
	struct hone_view words;

	(void)hone_fs_remove(object, NULL);
	if (error)
		return error;
	words = hone_view_trim(hone_buf_view(&r.err));
	if (hone_proc_succeeded(&r) && !strstr(hone_buf_str(&r.err), "warning"))
		return 0;
	return hone_err_set(
		err, HONE_E_FAILED, "rustc does not take the profile: %.*s", (int)words.n, words.p);
}

static int merge_by(const struct hone_toolchain *tc, const char *tool, const char *raw_dir,
	const char *out_path, size_t *ret_damaged, struct hone_err *err)
{
	/* A folder stands for the files in it. */
	const char *const argv[] = {
		tool, "merge", "--failure-mode=all", "-o", out_path, raw_dir, NULL};
	struct hone_proc_spec spec = {.argv = argv};
	uint64_t size = 0;
	int error = hone_fs_remove(out_path, err);

	if (!error)
		error = hone_profdata_run(&spec, "merging the profile", ret_damaged, err);
	if (!error && (hone_fs_size(out_path, &size, NULL) || size < HEADER))
		error = hone_err_set(err, HONE_E_FAILED,
			"merging the profile: %s ended well, and wrote no profile", tool);
	return error ? error : check_taken(tc, out_path, err);
}

/* How many raw profiles there are, none of a coverage build. */
static int look_at(const char *raw_dir, size_t *ret_n, struct hone_err *err)
{
	DIR *d = opendir(raw_dir);
	struct dirent *e;
	int error = 0;

	*ret_n = 0;
	while (!error && d && (e = readdir(d))) {
		hone_auto_free char *path = hone_path_join(raw_dir, e->d_name);

		if (!hone_ends(e->d_name, ".profraw"))
			continue;
		++*ret_n;
		error = hone_profdata_check_kind(path, err);
	}
	if (d)
		closedir(d);
	return error;
}

/* By the first that can; ret_tool: its path, or NULL when it is not wanted. */
static int merge(const struct hone_toolchain *tc, const char *raw_dir, const char *out_path,
	size_t *ret_damaged, char **ret_tool, struct hone_err *err)
{
	hone_auto_strv struct hone_strv tools = HONE_STRV_INIT;
	hone_auto_err struct hone_err first = HONE_ERR_INIT;

	hone_profdata_find_tools(tc, &tools);
	for (size_t i = 0; i < tools.n; i++) {
		int error =
			merge_by(tc, tools.v[i], raw_dir, out_path, ret_damaged, i ? NULL : &first);

		if (error == HONE_E_INTERRUPTED)
			return i ? hone_err_set(err, error, "interrupted")
				 : hone_err_move(err, &first);
		if (error)
			continue;
		if (ret_tool)
			*ret_tool = hone_xstrdup(tools.v[i]);
		return 0;
	}
	if (!tools.n || ret_tool)
		return hone_profdata_no_tool(tc, tools.n ? &first : NULL, err);
	return hone_err_move(err, &first);
}

int hone_profdata_merge(const struct hone_toolchain *tc, const char *raw_dir, const char *out_path,
	size_t *ret_damaged, struct hone_err *err)
{
	size_t n = 0;
	int error = look_at(raw_dir, &n, err);

	if (error)
		return error;
	if (!n) {
		hone_err_set(err, HONE_E_NOT_FOUND, "the training left no profile");
		return hone_err_hint(err, "it is written when the program exits by itself: a "
					  "signal or _exit leaves nothing");
	}
	error = merge(tc, raw_dir, out_path, ret_damaged, NULL, err);
	if (error == HONE_E_FAILED && hone_profdata_is_empty(tc, out_path)) {
		hone_err_release(err);
		return hone_err_set(err, HONE_E_FAILED,
			"the profile is empty: the training executed nothing of the program");
	}
	return error;
}

/* ---- before anything is built */

/* A program of nothing, counted: what it leaves is what a tool is tried on. */
static int make_sample(const struct hone_toolchain *tc, const char *dir, struct hone_err *err)
{
	hone_auto_free char *source = hone_path_join(dir, "sample.rs");
	hone_auto_free char *program = hone_path_join(dir, "sample");
	hone_auto_free char *raw = hone_xasprintf("LLVM_PROFILE_FILE=%s/raw/x.profraw", dir);
	const char *const compile[] = {
		tc->rustc, "-Cprofile-generate", "-o", program, source, NULL};
	const char *const run[] = {program, NULL};
	const char *const env[] = {raw, NULL};
	struct hone_proc_spec compiling = {.argv = compile, .deadline_ns = TOOL_NS};
	struct hone_proc_spec running = {.argv = run, .env = env, .deadline_ns = TOOL_NS};
	int error = hone_fs_write_cache(source, HONE_VIEW("fn main() {}\n"), 0600, err);

	if (!error)
		error = hone_proc_run(&compiling, NULL, err);
	return error ? error : hone_proc_run(&running, NULL, err);
}

static int try_all(const struct hone_toolchain *tc, char **ret_path, struct hone_err *err)
{
	const char *tmp = getenv("TMPDIR");
	hone_auto_free char *dir =
		hone_xasprintf("%s/hone-profdata-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	hone_auto_free char *raw = NULL;
	hone_auto_free char *out = NULL;
	int error = mkdtemp(dir) ? 0 : hone_err_sys(err, errno, "cannot make %s", dir);

	if (error)
		return error;
	raw = hone_path_join(dir, "raw");
	out = hone_path_join(dir, "merged");
	error = make_sample(tc, dir, err);
	if (!error)
		error = merge(tc, raw, out, NULL, ret_path, err);
	(void)hone_fs_remove_tree(dir, NULL);
	return error;
}

/* Does it say that it is of rustc's LLVM? Then it is tried on what the training leaves, without a sample. */
static bool is_of(const char *tool, uint64_t major)
{
	const char *const argv[] = {tool, "--version", NULL};
	hone_auto_free char *words =
		hone_xasprintf("LLVM version %llu.", (unsigned long long)major);
	struct hone_proc_spec spec = {
		.argv = argv, .limit = 65536, .deadline_ns = 10 * HONE_NS_PER_S};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	return !hone_proc_run(&spec, &r, NULL) && hone_proc_succeeded(&r) &&
	       strstr(hone_buf_str(&r.out), words);
}

int hone_profdata_tool(const struct hone_toolchain *tc, char **ret_path, struct hone_err *err)
{
	hone_auto_strv struct hone_strv tools = HONE_STRV_INIT;
	uint64_t major = 0;

	hone_profdata_find_tools(tc, &tools);
	if (!tools.n || !major_of(tc, &major))
		return hone_profdata_no_tool(tc, NULL, err);
	for (size_t i = 0; i < tools.n; i++) {
		if (!is_of(tools.v[i], major))
			continue;
		*ret_path = hone_xstrdup(tools.v[i]);
		return 0;
	}
	return try_all(tc, ret_path, err);
}
