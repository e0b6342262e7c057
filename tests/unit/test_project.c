/* The project as a fake cargo tells it (exact words, exit codes, odd output), and as the real one
 * does for a small workspace made here, offline. */
#include "project.h"
#include "proc.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

static char *home; /* the folder that the tests started in */

static int setup(void **state)
{
	home = getcwd(NULL, 0);
	return scratch_make(state);
}

static int teardown(void **state)
{
	int rc = chdir(home);
	free(home);
	unsetenv("CARGO");
	unsetenv("RUSTC");
	return rc | scratch_remove(state);
}

/* An executable script in the scratch folder; the caller frees its path. */
static char *put_script(const char *name, const char *body)
{
	char *path = in_scratch(name);
	hone_auto_free char *text = hone_xasprintf("#!/bin/sh\n%s\n", body);
	put_file(path, text);
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

static void put(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *dir = hone_path_dir(path);
	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	put_file(path, text);
}

static void asserts_error(const struct hone_err *err, int code, const char *msg, const char *hint)
{
	assert_int_equal(err->code, code);
	assert_string_equal(err->msg, msg);
	if (hint)
		assert_string_equal(err->hint, hint);
}

/* --- the toolchain --- */

#define CARGO_V "cargo 1.95.0 (f2d3ce0bd 2026-03-21)"

static void use_tools(const char *cargo_body, const char *rustc_body)
{
	hone_auto_free char *cargo = put_script("cargo", cargo_body);
	hone_auto_free char *rustc = put_script("rustc", rustc_body);
	setenv("CARGO", cargo, 1);
	setenv("RUSTC", rustc, 1);
}

static const char rustc_body[] =
	"case $1 in\n"
	"-vV) printf 'rustc 1.95.0 (x)\\nbinary: rustc\\nhost: x86_64-unknown-linux-gnu\\n"
	"release: 1.95.0\\nLLVM version: 22.1.2\\n' ;;\n"
	"--print=sysroot) echo /opt/rust ;;\nesac";

static void a_toolchain_is_asked_for_its_versions(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_toolchain *tc = NULL;
	(void)state;
	unsetenv("RUSTC_BOOTSTRAP");
	use_tools("printf '" CARGO_V "\\n'", rustc_body);
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), 0);
	assert_string_equal(tc->cargo_version, "1.95.0");
	assert_int_equal(tc->cargo_minor, 95);
	assert_string_equal(tc->rustc_version, "1.95.0");
	assert_string_equal(tc->host, "x86_64-unknown-linux-gnu");
	assert_string_equal(tc->llvm_version, "22.1.2");
	assert_string_equal(tc->sysroot, "/opt/rust");
	assert_false(tc->nightly);
	hone_toolchain_free(tc);

	setenv("RUSTC_BOOTSTRAP", "1", 1);
	assert_int_equal(hone_toolchain_load(scratch, &tc, &err), 0);
	assert_true(tc->nightly);
	hone_toolchain_free(tc);
	unsetenv("RUSTC_BOOTSTRAP");

	use_tools("printf 'cargo 1.97.0-nightly (x)\\n'",
		"printf 'release: 1.97.0-nightly\\nhost: h\\n'");
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), 0);
	assert_true(tc->nightly);
	assert_int_equal(tc->cargo_minor, 97);
	assert_string_equal(tc->llvm_version, "");
	hone_toolchain_free(tc);
}

static void a_wrong_toolchain_is_refused(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_toolchain *tc = NULL;
	(void)state;
	use_tools("printf 'cargo 1.76.0\\n'", rustc_body);
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), HONE_E_UNSUPPORTED);
	asserts_error(&err, HONE_E_UNSUPPORTED, "cargo 1.76.0 is too old: hone needs 1.77 or newer",
		"run `rustup update stable`");
	use_tools("echo 'gnu make 4'", rustc_body);
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), HONE_E_UNSUPPORTED);
	assert_non_null(strstr(err.msg, "does not tell its version: is it cargo?"));
	use_tools("printf 'cargo 1.95.0\\n'", "true");
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), HONE_E_UNSUPPORTED);
	assert_non_null(strstr(err.msg, "does not tell release and host: is it rustc?"));
	use_tools("echo \"error: toolchain 'x' is not installed\" >&2; exit 1", rustc_body);
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), HONE_E_FAILED);
	assert_non_null(strstr(err.msg, "/cargo -V: toolchain 'x' is not installed"));
	use_tools("exit 3", rustc_body);
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), HONE_E_FAILED);
	assert_non_null(strstr(err.msg, "exit code 3"));
	setenv("CARGO", "/nowhere/cargo", 1);
	assert_int_equal(hone_toolchain_load(NULL, &tc, &err), HONE_E_NOT_FOUND);
	assert_string_equal(
		err.hint, "install Rust from https://rustup.rs, or set CARGO to your cargo");
	assert_null(tc);
}

/* --- a fake cargo's metadata --- */

/* prints FILE of the scratch folder, and writes its arguments to args. */
static struct hone_toolchain fake(const char *body)
{
	hone_auto_free char *path = put_script("fake-cargo", body);
	struct hone_toolchain tc = {.cargo = hone_xstrdup(path), .host = hone_xstrdup("the-host")};
	return tc;
}

static void release_fake(struct hone_toolchain *tc)
{
	free(tc->cargo);
	free(tc->host);
}

static int load(const struct hone_toolchain *tc, const struct hone_cargo_opts *opts, bool graph,
	bool may_lock, struct hone_project **ret_project, struct hone_err *err)
{
	return hone_project_load(opts, tc, graph, may_lock, ret_project, err);
}

#define BIN(name)                                                                                  \
	"{\"kind\":[\"bin\"],\"crate_types\":[\"bin\"],\"name\":\"" name                           \
	"\",\"src_path\":\"/w/" name ".rs\"}"

static const char recorded[] =
	"{\"packages\":["
	"{\"name\":\"app\",\"version\":\"1.2.3\",\"id\":\"path+file:///w/"
	"app#1.2.3\",\"source\":null,"
	"\"rust_version\":\"1.80\",\"default_run\":\"two\",\"manifest_path\":\"/w/app/Cargo.toml\","
	"\"targets\":[" BIN("one") "," BIN(
		"two") ",{\"kind\":[\"lib\"],\"crate_types\":[\"cdylib\",\"rlib\"],"
		       "\"required-features\":[\"f\"],\"name\":\"app\",\"src_path\":\"/w/"
		       "lib.rs\"}]},"
		       "{\"name\":\"dep\",\"version\":\"0.9.0-rc.1\",\"id\":\"registry+https://"
		       "example.org/index#dep@0.9.0-rc.1\","
		       "\"source\":\"registry+https://example.org/"
		       "index\",\"rust_version\":null,\"default_run\":null,"
		       "\"manifest_path\":\"/r/dep/Cargo.toml\",\"targets\":[]}],"
		       "\"workspace_members\":[\"path+file:///w/app#1.2.3\"],"
		       "\"workspace_default_members\":[\"path+file:///w/app#1.2.3\"],"
		       "\"resolve\":{\"nodes\":[{\"id\":\"path+file:///w/"
		       "app#1.2.3\",\"deps\":[{\"name\":\"dep\","
		       "\"pkg\":\"registry+https://example.org/"
		       "index#dep@0.9.0-rc.1\",\"dep_kinds\":[]}]},"
		       "{\"id\":\"registry+https://example.org/"
		       "index#dep@0.9.0-rc.1\",\"deps\":[]}]},"
		       "\"target_directory\":\"/w/target\",\"build_directory\":\"/"
		       "b\",\"version\":1,"
		       "\"workspace_root\":\"/w\",\"metadata\":null}";

static void metadata_becomes_a_project(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *body =
		hone_xasprintf("echo \"$@\" >>%s/args\ncat %s/json", scratch, scratch);
	hone_auto_free char *args = in_scratch("args");
	struct hone_toolchain tc = fake(body);
	struct hone_cargo_opts opts = {.manifest_path = hone_xstrdup("x/Cargo.toml"),
		.target_dir = hone_xstrdup("/elsewhere"),
		.offline = true};
	struct hone_project *p = NULL;
	(void)state;
	put("json", recorded);
	hone_strv_push(&opts.features, "a,b");
	assert_int_equal(load(&tc, &opts, true, true, &p, &err), 0);
	assert_string_equal(p->workspace_root, "/w");
	assert_string_equal(p->root_manifest, "/w/Cargo.toml");
	assert_string_equal(p->target_dir, "/elsewhere");
	assert_string_equal(p->build_dir, "/b");
	assert_true(p->graph);
	assert_false(p->has_lock);
	assert_int_equal(p->n_packages, 2);
	const struct hone_package *app = hone_project_find_id(p, "path+file:///w/app#1.2.3");
	assert_string_equal(app->name, "app");
	assert_string_equal(app->version, "1.2.3");
	assert_string_equal(app->rust_version, "1.80");
	assert_string_equal(app->default_run, "two");
	assert_string_equal(app->dir, "/w/app");
	assert_null(app->source);
	assert_true(app->member && app->default_member);
	assert_int_equal(app->n_targets, 3);
	assert_int_equal(app->targets[2].kind, HONE_KIND_LIB);
	assert_string_equal(app->targets[2].crate_types.v[1], "rlib");
	assert_string_equal(app->targets[2].required_features.v[0], "f");
	assert_int_equal(app->n_deps, 1);
	const struct hone_package *dep = &p->packages[app->deps[0]];
	assert_string_equal(dep->name, "dep");
	assert_string_equal(dep->source, "registry+https://example.org/index");
	assert_false(dep->member || dep->default_member);
	assert_null(hone_project_find_id(p, "nothing"));
	assert_file(args, "metadata --format-version=1 --color=never --manifest-path x/Cargo.toml "
			  "--features a,b --offline --filter-platform the-host\n");

	/* default-run, and what else could have been meant. */
	assert_int_equal(hone_project_select(p, &opts, &err), 0);
	assert_ptr_equal(p->package, app);
	assert_string_equal(p->target->name, "two");
	hone_project_free(p);

	/* Where a lock file would have to be written, a command that does not build gets the members
	 * only. */
	p = NULL;
	assert_int_equal(unlink(args), 0);
	hone_auto_free char *refusing = hone_xasprintf(
		"echo \"$@\" >>%s/args\ncase $* in *--locked*) exit 101; esac\ncat %s/json",
		scratch, scratch);
	release_fake(&tc);
	tc = fake(refusing);
	assert_int_equal(load(&tc, &opts, true, false, &p, &err), 0);
	assert_file(args, "metadata --format-version=1 --color=never --manifest-path x/Cargo.toml "
			  "--features a,b --offline --filter-platform the-host --locked\n"
			  "metadata --format-version=1 --color=never --manifest-path x/Cargo.toml "
			  "--features a,b --offline --no-deps\n");
	hone_project_free(p);
	hone_cargo_opts_release(&opts);
	release_fake(&tc);
}

static void cargo_has_the_last_word(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_cargo_opts opts = {0};
	struct hone_project *p = NULL;
	static const struct {
		const char *body;
		int code;
		const char *msg;
	} cases[] = {
		{"echo 'warning: something' >&2; printf 'error: no edition\\n\\nCaused by:\\n  "
		 "this\\n' >&2; "
		 "exit 101",
			HONE_E_FAILED, "no edition\n\nCaused by:\n  this"},
		{"echo 'error: could not find `Cargo.toml` in `/x` or any parent directory' >&2; "
		 "exit 101",
			HONE_E_NOT_FOUND,
			"could not find `Cargo.toml` in `/x` or any parent directory"},
		{"exit 7", HONE_E_FAILED, "cargo metadata: exit code 7"},
		{"echo odd >&2; exit 1", HONE_E_FAILED, "odd"},
		{"echo '{}'", HONE_E_UNSUPPORTED,
			"`cargo metadata` printed something that hone does not understand: no "
			"workspace_root, target_directory or packages"},
		{"echo '{\"workspace_root\":\"/w\",\"target_directory\":\"/t\",\"packages\":[{}]}'",
			HONE_E_UNSUPPORTED,
			"`cargo metadata` printed something that hone does not understand: a "
			"package "
			"without id, name, version, manifest_path or targets"},
	};
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		struct hone_toolchain tc = fake(cases[i].body);
		assert_int_equal(load(&tc, &opts, false, false, &p, &err), cases[i].code);
		asserts_error(&err, cases[i].code, cases[i].msg, NULL);
		assert_null(p);
		release_fake(&tc);
	}
	struct hone_toolchain tc = fake("head -c 100000 /dev/zero | tr '\\0' '['");
	assert_int_equal(load(&tc, &opts, false, false, &p, &err), HONE_E_UNSUPPORTED);
	release_fake(&tc);
}

/* --- the real cargo --- */

static const char package[] = "[package]\nname = \"%s\"\nversion = \"%s\"\nedition = \"2021\"\n%s";

static void put_package(const char *dir, const char *name, const char *version, const char *more)
{
	hone_auto_free char *path = hone_xasprintf("%s/Cargo.toml", dir);
	hone_auto_free char *text = hone_xasprintf(package, name, version, more);
	put(path, text);
}

static struct hone_toolchain *real;

static struct hone_project *real_project(const char *dir, bool graph, bool may_lock)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *path = in_scratch(dir);
	struct hone_cargo_opts opts = {.offline = true};
	struct hone_project *p = NULL;
	assert_int_equal(chdir(path), 0);
	if (!real && hone_toolchain_load(NULL, &real, &err) < 0)
		fail_msg("%s", err.msg);
	if (load(real, &opts, graph, may_lock, &p, &err) < 0)
		fail_msg("%s", err.msg);
	return p;
}

static void make_workspace(void)
{
	put("ws/Cargo.toml",
		"[workspace]\nmembers = [\"app\", \"tool\", \"shared\"]\nresolver = \"2\"\n");
	put_package(
		"ws/app", "app", "0.1.0", "[dependencies]\nshared = { path = \"../shared\" }\n");
	put("ws/app/src/main.rs", "fn main() {}\n");
	put("ws/app/src/bin/extra.rs", "fn main() {}\n");
	put("ws/app/examples/demo.rs", "fn main() {}\n");
	put_package("ws/tool", "tool", "2.0.0-rc.1", "");
	put("ws/tool/src/main.rs", "fn main() {}\n");
	put_package("ws/shared", "shared", "1.0.0",
		"[[example]]\nname = \"part\"\ncrate-type = [\"cdylib\"]\n");
	put("ws/shared/src/lib.rs", "");
	put("ws/shared/examples/part.rs", "");
}

static struct hone_cargo_opts options(
	const char *package_spec, const char *bin, const char *example)
{
	struct hone_cargo_opts o = {.package = package_spec ? hone_xstrdup(package_spec) : NULL,
		.example = example ? hone_xstrdup(example) : NULL};

	if (bin)
		hone_strv_push(&o.bin, bin);
	return o;
}

static void chooses(struct hone_project *p, const char *spec, const char *bin, const char *example,
	const char *want_package, const char *want_target)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_cargo_opts opts = options(spec, bin, example);
	if (hone_project_select(p, &opts, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(p->package->name, want_package);
	assert_string_equal(p->target->name, want_target);
	hone_cargo_opts_release(&opts);
}

static void cannot_choose(struct hone_project *p, const char *spec, const char *bin,
	const char *example, int code, const char *msg, const char *hint)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_cargo_opts opts = options(spec, bin, example);
	assert_int_equal(hone_project_select(p, &opts, &err), code);
	asserts_error(&err, code, msg, hint);
	hone_cargo_opts_release(&opts);
}

static void a_program_is_selected_as_cargo_does(void **state)
{
	(void)state;
	make_workspace();
	struct hone_project *p = real_project("ws", false, false);
	hone_auto_free char *not_found =
		hone_xasprintf("package(s) `ap` not found in workspace `%s`", p->workspace_root);
	assert_int_equal(p->n_packages, 3);
	assert_false(p->graph);
	assert_null(p->build_dir);

	chooses(p, "tool", NULL, NULL, "tool", "tool");
	chooses(p, NULL, "extra", NULL, "app", "extra");
	chooses(p, "app", "app", NULL, "app", "app");
	chooses(p, NULL, NULL, "demo", "app", "demo");
	cannot_choose(p, NULL, NULL, NULL, HONE_E_USAGE,
		"could not determine which binary is meant\navailable binaries: app, extra, tool",
		"choose one with --bin NAME, or set the `default-run` manifest key");
	cannot_choose(p, "app", NULL, NULL, HONE_E_USAGE,
		"could not determine which binary is meant\navailable binaries: app, extra",
		"choose one with --bin NAME, or set the `default-run` manifest key");
	cannot_choose(p, NULL, "extr", NULL, HONE_E_USAGE,
		"no bin target named `extr` in default-run packages",
		"a target with a similar name exists: `extra`");
	cannot_choose(p, "tool", "zzz", NULL, HONE_E_USAGE,
		"no bin target named `zzz` in `tool` package", "available bin targets: tool");
	cannot_choose(p, "tool", "extra", NULL, HONE_E_USAGE,
		"no bin target named `extra` in `tool` package",
		"package `app` has it: --package app --bin extra");
	cannot_choose(p, NULL, NULL, "dem", HONE_E_USAGE,
		"no example target named `dem` in default-run packages",
		"a target with a similar name exists: `demo`");
	cannot_choose(p, "shared", NULL, "part", HONE_E_USAGE,
		"example target `part` is a library and cannot be executed", NULL);
	cannot_choose(p, "shared", NULL, NULL, HONE_E_FAILED,
		"`shared` is a library only: there is no program to build and measure",
		"an example can stand for it: --example NAME, of part");
	cannot_choose(p, "ap", NULL, NULL, HONE_E_USAGE, not_found,
		"a package with a similar name exists: `app`");
	cannot_choose(p, "9x", NULL, NULL, HONE_E_USAGE,
		"--package 9x: invalid character `9` in package name: `9x`, the name cannot start "
		"with a "
		"digit",
		NULL);
	chooses(p, "app", "app", "demo", "app", "app");
	assert_int_equal(p->n_others, 1);
	assert_string_equal(p->others[0].target->name, "demo");
	hone_project_free(p);

	p = real_project("ws/tool", false, false);
	chooses(p, NULL, NULL, NULL, "tool", "tool");
	cannot_choose(p, NULL, "extra", NULL, HONE_E_USAGE,
		"no bin target named `extra` in default-run packages",
		"package `app` has it: --package app --bin extra");
	hone_project_free(p);
}

static void the_lock_file_is_made_only_when_allowed(void **state)
{
	hone_auto_free char *lock = NULL;
	(void)state;
	make_workspace();
	lock = in_scratch("ws/Cargo.lock");
	struct hone_project *p = real_project("ws", true, false);
	assert_false(p->graph || p->has_lock || hone_fs_exists(lock));
	hone_project_free(p);
	p = real_project("ws", true, true);
	assert_true(p->graph && p->has_lock && hone_fs_exists(lock));
	const struct hone_package *app = NULL;
	for (size_t i = 0; i < p->n_packages; i++)
		if (strcmp(p->packages[i].name, "app") == 0)
			app = &p->packages[i];
	assert_int_equal(app->n_deps, 1);
	assert_string_equal(p->packages[app->deps[0]].name, "shared");
	hone_project_free(p);

	/* A lock file that is out of date stays as it is, and the graph is left out. */
	put_file(lock, "version = 4\n");
	p = real_project("ws", true, false);
	assert_false(p->graph);
	assert_true(p->has_lock);
	assert_file(lock, "version = 4\n");
	hone_project_free(p);
	assert_int_equal(unlink(lock), 0);
}

/* Does `cargo pkgid` take the spec for this package? */
static bool cargo_says(const char *spec, const char *id)
{
	const char *const argv[] = {real->cargo, "pkgid", "--offline", "--", spec, NULL};
	struct hone_proc_spec run = {.argv = argv, .deadline_ns = 60 * HONE_NS_PER_S};
	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	if (hone_proc_run(&run, &res, &err) < 0)
		fail_msg("%s", err.msg);
	return res.exit_code == 0 && hone_view_is(hone_view_trim(hone_buf_view(&res.out)), id);
}

static void specs_mean_what_cargo_says(void **state)
{
	static const char *const forms[] = {"app", "tool", "shared", "ap", "app@0", "app@0.1",
		"app@0.1.0", "app:0.1.0", "app@0.2", "app@1", "app@0.1.0-x", "app@0.1.0+b",
		"tool@2", "tool@2.0.0", "tool@2.0.0-rc.1", "tool@2.0.0-rc.2", "tool@2.0.0-rc.1+b",
		"shared@1", "shared@1.0", "shared@01", "app@", "@1", "9x", "a b", "", "a::b",
		"shared@1.0.0.0", "shared@^1", "shared@1.x", "file://%s/ws/app",
		"file://%s/ws/app#0.1.0", "file://%s/ws/app#app@0.1", "file://%s/ws/app#app",
		"file://%s/ws/app#tool", "file://%s/ws/app#0.2.0", "path+file://%s/ws/app",
		"path+file://%s/ws/app#0.1.0", "path+file://%s/ws/app#app@0.1.0",
		"FILE://%s/ws/./app", "file://%s/ws/tool/../app", "file://localhost%s/ws/app",
		"file://%s/ws/app/", "file://%s/ws/%%61pp", "registry+file://%s/ws/app",
		"git+file://%s/ws/app", "path+http://%s/ws/app", "file://%s/ws/app?x=1",
		"path+file://%s/ws/tool#2.0.0-rc.1", "path+file://%s/ws/tool#2",
		"https://example.org/ws/app", "zip+file://%s/ws/app"};
	size_t matched = 0;
	(void)state;
	make_workspace();
	struct hone_project *p = real_project("ws", true, true);
	for (size_t i = 0; i < HONE_COUNT(forms); i++) {
		hone_auto_buf struct hone_buf spec = HONE_BUF_INIT;
		const char *hole = strstr(forms[i], "%s");
		if (hole) {
			hone_buf_add(&spec, forms[i], (size_t)(hole - forms[i]));
			hone_buf_adds(&spec, scratch);
			hone_buf_adds(&spec, hole + 2);
		} else {
			hone_buf_adds(&spec, forms[i]);
		}
		for (size_t k = 0; k < p->n_packages; k++) {
			bool mine = false;
			int rc = hone_spec_matches(
				hone_buf_str(&spec), &p->packages[k], &mine, NULL);
			bool theirs = cargo_says(hone_buf_str(&spec), p->packages[k].id);
			print_message("%s of %s\n", hone_buf_str(&spec), p->packages[k].name);
			assert_int_equal(rc == 0 && mine, theirs);
			matched += theirs;
		}
	}
	assert_true(matched > 20);
	hone_project_free(p);
}

static void options_are_spelt_as_cargo_spells_them(void **state)
{
	struct hone_cargo_opts opts = {.manifest_path = hone_xstrdup("m"),
		.target = hone_xstrdup("t"),
		.all_features = true,
		.no_default_features = true,
		.locked = true,
		.offline = true,
		.frozen = true,
		.package = hone_xstrdup("p"),
		.jobs = hone_xstrdup("3")};
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	(void)state;
	hone_strv_push(&opts.features, "a b");
	hone_strv_push(&opts.config, "k=1");
	hone_cargo_opts_args(&opts, &argv);
	hone_auto_free char *text = hone_text_command(hone_strv_argv(&argv));
	assert_string_equal(text,
		"--manifest-path m --features 'a b' --all-features "
		"--no-default-features --locked --offline --frozen --config k=1 --target t");
	hone_cargo_opts_release(&opts);
}

static int forget_real(void **state)
{
	(void)state;
	hone_toolchain_free(real);
	real = NULL;
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_toolchain_is_asked_for_its_versions),
		TEST(a_wrong_toolchain_is_refused),
		TEST(metadata_becomes_a_project),
		TEST(cargo_has_the_last_word),
		TEST(a_program_is_selected_as_cargo_does),
		TEST(the_lock_file_is_made_only_when_allowed),
		TEST(specs_mean_what_cargo_says),
		TEST(options_are_spelt_as_cargo_spells_them),
	};
	return cmocka_run_group_tests(tests, NULL, forget_real);
}
