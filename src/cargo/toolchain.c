#include "toolchain.h"

#include "fs.h"
#include "num.h"
#include "proc.h"

#include <jansson.h>
#include <signal.h>
#include <string.h>

/* The first cargo whose metadata ids are package-id specs, which hone relies on (1.77). */
#define OLDEST_MINOR 77
/* Since this version rustup's toolchains for x86-64 Linux link by an lld of their own. */
#define LLD_MINOR 90
#define ASK_NS (120 * HONE_NS_PER_S) /* rustup may have to install a toolchain first */

/* A tool's stdout. Its own last words become the error when it fails: rustup explains there which toolchain is missing. */
static int take_text(const char *const *argv, struct hone_proc_result *res, char **ret_text,
	struct hone_err *err)
{
	if (!hone_proc_succeeded(res)) {
		struct hone_view words = hone_view_trim(hone_buf_view(&res->err));
		hone_auto_free char *how = hone_proc_how_ended(res);
		hone_auto_free char *text = hone_view_dup(words);
		if (hone_starts(text, "error: "))
			memmove(text, text + 7, strlen(text + 7) + 1);
		return hone_err_set(
			err, HONE_E_FAILED, "%s %s: %s", argv[0], argv[1], text[0] ? text : how);
	}
	*ret_text = hone_buf_detach(&res->out);
	return 0;
}

/* Runs `program args...` in dir and hands out its stdout. */
static int ask(const char *const *argv, const char *dir, const char *const *env, char **ret_text,
	struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv, .dir = dir, .env = env, .deadline_ns = ASK_NS};
	int error = hone_proc_run(&spec, &res, err);

	return error ? error : take_text(argv, &res, ret_text, err);
}

/* What a program that was started besides printed. Ends it in any case; after an error of the caller's own (already) nothing is
 * taken. */
static int answer(struct hone_proc *p, const char *const *argv, int already, char **ret_text,
	struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	int64_t end = hone_now_ns() + ASK_NS;
	bool ended = false;
	int error = already, stopped;

	while (!error && !ended && hone_now_ns() < end)
		error = hone_proc_pump(p, HONE_NS_PER_S, &ended, err);
	stopped = hone_proc_stop(p, SIGTERM, 0, &res, error ? NULL : err);
	if (!error)
		error = stopped;
	return error ? error : take_text(argv, &res, ret_text, err);
}

/* The rest of the line that starts with key, or NULL. */
static char *field(const char *text, const char *key)
{
	struct hone_view rest = hone_view_of(text), line;
	bool started = false;
	while (hone_view_split(&rest, &started, '\n', &line)) {
		if (!hone_view_starts(line, key))
			continue;
		return hone_view_dup(hone_view_trim(hone_view_sub(line, strlen(key), line.n)));
	}
	return NULL;
}

/* "1.95.0-nightly" -> 1, 95. */
static bool version_parts(const char *version, uint64_t *ret_major, uint64_t *ret_minor)
{
	struct hone_view v = hone_view_of(version);
	size_t dot = hone_view_find(v, 0, '.');
	if (dot == v.n)
		return false;
	return hone_parse_u64(hone_view_sub(v, 0, dot), ret_major) &&
	       hone_parse_u64(
		       hone_view_sub(v, dot + 1, hone_view_find(v, dot + 1, '.')), ret_minor);
}

static const char *env_or(const char *name, const char *otherwise)
{
	const char *value = getenv(name);
	return value && value[0] ? value : otherwise;
}

/* -V and not -vV, for which cargo looks at the whole system first. */
static int load_cargo(struct hone_toolchain *tc, const char *dir, struct hone_err *err)
{
	const char *const argv[] = {tc->cargo, "-V", NULL};
	hone_auto_free char *text = NULL;
	int rc = ask(argv, dir, NULL, &text, err);
	if (rc == HONE_E_NOT_FOUND)
		return hone_err_hint(
			err, "install Rust from https://rustup.rs, or set CARGO to your cargo");
	if (rc < 0)
		return rc;
	/* "cargo 1.95.0 (f2d3ce0bd 2026-03-21)" */
	tc->cargo_version = field(text, "cargo ");
	if (tc->cargo_version)
		tc->cargo_version[strcspn(tc->cargo_version, " ")] = '\0';
	uint64_t major, minor;
	if (!tc->cargo_version || !version_parts(tc->cargo_version, &major, &minor))
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"%s -V does not tell its version: is it cargo?", tc->cargo);
	if (major != 1 || minor < OLDEST_MINOR) {
		hone_err_set(err, HONE_E_UNSUPPORTED,
			"cargo %s is too old: hone needs 1.%d or newer", tc->cargo_version,
			OLDEST_MINOR);
		return hone_err_hint(err, "run `rustup update stable`");
	}
	tc->cargo_minor = (unsigned)minor;
	return 0;
}

static int load_rustc(struct hone_toolchain *tc, const char *dir, struct hone_err *err)
{
	const char *const version[] = {tc->rustc, "-vV", NULL};
	const char *const sysroot[] = {tc->rustc, "--print=sysroot", NULL};
	hone_auto_free char *text = NULL;
	struct hone_proc *second = NULL;
	/* Both at once: each takes what a rustc takes to start. cargo -V, before these, has made rustup install what is missing. */
	int rc = hone_proc_start(
		&(struct hone_proc_spec){.argv = sysroot, .dir = dir, .deadline_ns = ASK_NS},
		&second, err);
	if (rc == 0) {
		rc = ask(version, dir, NULL, &tc->rustc_verbose, err);
		rc = answer(second, sysroot, rc, &text, err);
	}
	if (rc == HONE_E_NOT_FOUND)
		return hone_err_hint(
			err, "install Rust from https://rustup.rs, or set RUSTC to your rustc");
	if (rc < 0)
		return rc;
	tc->rustc_version = field(tc->rustc_verbose, "release: ");
	tc->host = field(tc->rustc_verbose, "host: ");
	tc->llvm_version = field(tc->rustc_verbose, "LLVM version: ");
	if (!tc->rustc_version || !tc->host)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"%s -vV does not tell release and host: is it rustc?", tc->rustc);
	if (!tc->llvm_version)
		tc->llvm_version = hone_xstrdup(""); /* a compiler with another backend */

	uint64_t major, minor;
	if (version_parts(tc->rustc_version, &major, &minor))
		tc->rustc_minor = (unsigned)minor;
	tc->sysroot = hone_view_dup(hone_view_trim(hone_view_of(text)));
	if (!tc->sysroot[0])
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"%s --print=sysroot does not name a folder: is it rustc?", tc->rustc);
	return 0;
}

int hone_toolchain_load(const char *dir, struct hone_toolchain **ret_tc, struct hone_err *err)
{
	struct hone_toolchain *tc = HONE_NEW(struct hone_toolchain);
	tc->cargo = hone_xstrdup(env_or("CARGO", "cargo"));
	tc->rustc = hone_xstrdup(env_or("RUSTC", env_or("CARGO_BUILD_RUSTC", "rustc")));
	int rc = load_cargo(tc, dir, err);
	if (rc == 0)
		rc = load_rustc(tc, dir, err);
	if (rc < 0) {
		hone_toolchain_free(tc);
		return rc;
	}
	/* Cargo, too, counts RUSTC_BOOTSTRAP=1 as a toolchain that takes unstable options. */
	tc->nightly = strstr(tc->rustc_version, "-nightly") || strstr(tc->rustc_version, "-dev");
	tc->bootstrap = !tc->nightly && strcmp(env_or("RUSTC_BOOTSTRAP", ""), "1") == 0;
	tc->nightly |= tc->bootstrap;
	*ret_tc = tc;
	return 0;
}

/* Its list has lines like "  --inline-threshold=<int>   - Control ...". */
int hone_toolchain_llvm_option(
	struct hone_toolchain *tc, struct hone_view name, bool *ret_known, struct hone_err *err)
{
	const char *const argv[] = {tc->rustc, "-Cllvm-args=--help-hidden", "-", NULL};
	int rc = 0;
	if (!tc->llvm_options)
		rc = ask(argv, NULL, NULL, &tc->llvm_options, err);
	if (rc < 0)
		return rc;
	struct hone_view rest = hone_view_of(tc->llvm_options), line;
	bool started = false, known = false;
	while (!known && hone_view_split(&rest, &started, '\n', &line)) {
		line = hone_view_trim(line);
		size_t dashes = 0;
		while (dashes < line.n && line.p[dashes] == '-')
			dashes++;
		line = hone_view_sub(line, dashes, line.n);
		size_t end = 0;
		while (end < line.n && !strchr("= \t", line.p[end]))
			end++;
		known = dashes && hone_view_eq(hone_view_sub(line, 0, end), name);
	}
	*ret_known = known;
	return 0;
}

/* The specification of a target is printed to nightlies only; with RUSTC_BOOTSTRAP, which changes nothing else of
 * it, to all. */
int hone_toolchain_linker_flavor(struct hone_toolchain *tc, const char *triple,
	const char **ret_flavor, struct hone_err *err)
{
	const char *const argv[] = {tc->rustc, "-Zunstable-options", "--print=target-spec-json",
		"--target", triple, NULL};
	static const char *const env[] = {"RUSTC_BOOTSTRAP=1", NULL};
	hone_auto_free char *text = NULL;
	json_t *root;
	const char *flavor;
	int error;

	*ret_flavor = tc->linker_flavor;
	if (tc->flavor_of && strcmp(tc->flavor_of, triple) == 0)
		return 0;
	error = ask(argv, NULL, env, &text, err);
	if (error == HONE_E_INTERRUPTED)
		return error;
	root = error ? NULL : json_loads(text, 0, NULL);
	flavor = json_string_value(json_object_get(root, "linker-flavor"));
	free(tc->flavor_of);
	free(tc->linker_flavor);
	tc->flavor_of = hone_xstrdup(triple);
	tc->linker_flavor = hone_xstrdup(flavor ? flavor : "");
	json_decref(root);
	*ret_flavor = tc->linker_flavor;
	return 0;
}

const char *hone_toolchain_told(const struct hone_toolchain *tc, const char *key)
{
	for (size_t i = 0; i + 1 < tc->told.n; i += 2)
		if (strcmp(tc->told.v[i], key) == 0)
			return tc->told.v[i + 1];
	return NULL;
}

const char *hone_toolchain_remember(struct hone_toolchain *tc, const char *key, const char *answer)
{
	hone_strv_push(&tc->told, key);
	hone_strv_push(&tc->told, answer);
	return tc->told.v[tc->told.n - 1];
}

char *hone_toolchain_packaged(const struct hone_toolchain *tc, uint64_t major, const char *program)
{
	return hone_xasprintf("%s/llvm-%llu/bin/%s", tc->packages ? tc->packages : "/usr/lib",
		(unsigned long long)major, program);
}

void hone_toolchain_free(struct hone_toolchain *tc)
{
	if (!tc)
		return;
	free(tc->cargo);
	free(tc->rustc);
	free(tc->cargo_version);
	free(tc->rustc_version);
	free(tc->rustc_verbose);
	free(tc->host);
	free(tc->llvm_version);
	free(tc->sysroot);
	free(tc->llvm_options);
	free(tc->flavor_of);
	free(tc->linker_flavor);
	hone_strv_release(&tc->told);
	free(tc);
}

bool hone_toolchain_links_by_own_lld(const struct hone_toolchain *tc, const char *triple)
{
	hone_auto_free char *lld =
		hone_xasprintf("%s/lib/rustlib/%s/bin/gcc-ld/ld.lld", tc->sysroot, tc->host);

	return tc->rustc_minor >= LLD_MINOR && strcmp(triple, tc->host) == 0 &&
	       strcmp(triple, "x86_64-unknown-linux-gnu") == 0 && hone_fs_exists(lld);
}
