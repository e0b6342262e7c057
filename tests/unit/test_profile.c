/* Layers of the profile: places (path:line:col), merging, what wins, what refuses, rustflags, digest.
 * That the values agree with cargo is tested in tests/profile/. */
#include "cfg_expr.h"
#include "config.h"
#include "profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

static char *home;
static char host_triple[] = "x86_64-unknown-linux-gnu";
static struct hone_toolchain toolchain = {.cargo_minor = 95, .host = host_triple};

static void put(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *dir = hone_path_dir(path);

	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	put_file(path, text);
}

static int setup(void **state)
{
	hone_auto_free char *cargo_home = NULL;
	static const char *const variables[] = {"RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS",
		"CARGO_INCREMENTAL", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET", "CI"};

	for (size_t i = 0; i < HONE_COUNT(variables); i++)
		unsetenv(variables[i]);
	home = getcwd(NULL, 0);
	if (scratch_make(state))
		return -1;
	cargo_home = in_scratch("home");
	setenv("CARGO_HOME", cargo_home, 1);
	put("ws/Cargo.toml", "[package]\nname = \"app\"\n");
	hone_auto_free char *ws = in_scratch("ws");
	return chdir(ws);
}

static int teardown(void **state)
{
	int rc = chdir(home);

	free(home);
	return rc | scratch_remove(state);
}

/* A workspace of app (member) that uses dep (not a member). */
struct fixture {
	struct hone_project project;
	struct hone_package packages[2];
	struct hone_cargo_opts opts;
	struct hone_profile_set *set;
	size_t dep_index;
	unsigned char dep_kind;
	char *root;
	char *texts[8];
	size_t n_texts;
};

static char *keep(struct fixture *f, const char *s)
{
	return f->texts[f->n_texts++] = hone_xstrdup(s);
}

static int load(struct fixture *f, struct hone_err *err)
{
	struct hone_package *app = &f->packages[0], *dep = &f->packages[1];

	f->root = in_scratch("ws/Cargo.toml");
	f->project.root_manifest = f->root;
	f->project.packages = f->packages;
	f->project.n_packages = 2;
	app->name = keep(f, "app");
	app->version = keep(f, "0.1.0");
	app->id = keep(f, "path+file:///ws#app@0.1.0");
	app->member = app->default_member = true;
	dep->name = keep(f, "dep");
	dep->version = keep(f, "1.2.3");
	dep->id = keep(f, "registry+https://github.com/rust-lang/crates.io-index#dep@1.2.3");
	dep->source = keep(f, "registry+https://github.com/rust-lang/crates.io-index");
	f->dep_index = 1;
	f->dep_kind = HONE_DEP_NORMAL;
	app->deps = &f->dep_index;
	app->dep_kinds = &f->dep_kind;
	app->n_deps = 1;
	return hone_profile_set_load(&f->project, &toolchain, &f->opts, &f->set, err);
}

static void unload(struct fixture *f)
{
	hone_profile_set_free(f->set);
	hone_strv_release(&f->opts.config);
	for (size_t i = 0; i < f->n_texts; i++)
		free(f->texts[i]);
	free(f->root);
}

/* What "value origin where" is for a key; where without the scratch folder. */
static void assert_value(struct fixture *f, size_t package, enum hone_unit_class class,
	const char *key, const char *want)
{
	struct hone_profile p;
	const struct hone_profile_value *v;
	hone_auto_free char *text = NULL;
	const char *where;

	assert_int_equal(
		hone_profile_compute(f->set, "release", &f->packages[package], class, &p, NULL), 0);
	v = hone_profile_get(&p, hone_setting_find(hone_view_of(key))->id);
	assert_non_null(v);
	where = v->where ? v->where : "";
	if (hone_starts(where, scratch))
		where += strlen(scratch) + 1;
	text = hone_xasprintf(
		"%s %s %s", v->value ? v->value : "-", hone_origin_name(v->origin), where);
	assert_string_equal(text, want);
	hone_profile_release(&p);
}

static void test_places(void **state)
{
	struct fixture f = {0};

	(void)state;
	put("ws/Cargo.toml", "[profile.release]\nlto = 'fat'\n  panic=\"abort\"\ndebug = true\n"
			     "[profile.release.package.\"*\"]\nopt-level = 's'\n"
			     "[profile.release.build-override]\nopt-level = 1\n");
	put("ws/.cargo/config.toml", "include = ['more.toml']\n[profile]\nrelease.debug = 0\n");
	put("ws/.cargo/more.toml", "[profile.release]\nrpath = true\ndebug = 1\n");
	put(".cargo/config.toml", "[profile.release]\nrpath = false\noverflow-checks = true\n");
	put("home/config.toml", "[profile.release]\noverflow-checks = false\nincremental = true\n");
	setenv("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "4", 1);
	hone_strv_push(&f.opts.config, "profile.release.strip='symbols'");
	assert_int_equal(load(&f, NULL), 0);
	assert_value(&f, 0, HONE_UNIT_TARGET, "lto", "\"fat\" manifest ws/Cargo.toml:2:1");
	assert_value(&f, 0, HONE_UNIT_TARGET, "panic", "\"abort\" manifest ws/Cargo.toml:3:3");
	assert_value(&f, 0, HONE_UNIT_TARGET, "debug", "0 config ws/.cargo/config.toml:3:1");
	assert_value(&f, 0, HONE_UNIT_TARGET, "rpath", "true config ws/.cargo/more.toml:2:1");
	assert_value(
		&f, 0, HONE_UNIT_TARGET, "overflow-checks", "true config .cargo/config.toml:3:1");
	assert_value(&f, 0, HONE_UNIT_TARGET, "incremental", "true config home/config.toml:3:1");
	assert_value(&f, 0, HONE_UNIT_TARGET, "codegen-units",
		"4 environment CARGO_PROFILE_RELEASE_CODEGEN_UNITS");
	assert_value(&f, 0, HONE_UNIT_TARGET, "strip",
		"\"symbols\" option --config profile.release.strip='symbols'");
	assert_value(&f, 0, HONE_UNIT_TARGET, "opt-level", "3 default ");
	assert_value(&f, 0, HONE_UNIT_TARGET, "split-debuginfo", "- default ");
	assert_value(&f, 1, HONE_UNIT_TARGET, "opt-level", "\"s\" manifest ws/Cargo.toml:6:1");
	assert_value(&f, 1, HONE_UNIT_TARGET, "incremental", "false default ");
	assert_value(&f, 0, HONE_UNIT_BUILD_SCRIPT, "opt-level", "1 manifest ws/Cargo.toml:8:1");
	assert_value(&f, 0, HONE_UNIT_BUILD_SCRIPT, "panic", "\"unwind\" default ");
	unsetenv("CARGO_PROFILE_RELEASE_CODEGEN_UNITS");
	unload(&f);
}

static void test_inherited(void **state)
{
	struct fixture f = {0};
	struct hone_profile p;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	put("ws/Cargo.toml",
		"[profile.release]\nlto = true\n[profile.dist]\ninherits = \"release\"\n"
		"opt-level = 2\n");
	assert_int_equal(load(&f, NULL), 0);
	assert_int_equal(hone_profile_compute(f.set, "dist", NULL, HONE_UNIT_TARGET, &p, &err), 0);
	assert_string_equal(hone_profile_get(&p, HONE_SET_LTO)->value, "true");
	assert_int_equal(hone_profile_get(&p, HONE_SET_LTO)->origin, HONE_ORIGIN_INHERITED);
	assert_true(hone_ends(hone_profile_get(&p, HONE_SET_LTO)->where, "Cargo.toml:2:1"));
	assert_int_equal(hone_profile_get(&p, HONE_SET_OPT_LEVEL)->origin, HONE_ORIGIN_MANIFEST);
	hone_profile_release(&p);
	assert_int_equal(
		hone_profile_compute(f.set, "dit", NULL, HONE_UNIT_TARGET, &p, &err), HONE_E_USAGE);
	assert_string_equal(err.msg, "profile `dit` is not defined");
	assert_string_equal(err.hint, "did you mean `dist`?");
	assert_int_equal(hone_profile_compute(f.set, "debug", NULL, HONE_UNIT_TARGET, &p, &err),
		HONE_E_USAGE);
	assert_string_equal(err.msg, "profile name `debug` is reserved");
	unload(&f);
}

/* The override of the program's own package takes strip back (facts: the strip trap). */
static void test_strip(void **state)
{
	struct fixture f = {0};
	hone_auto_strv struct hone_strv specs = HONE_STRV_INIT;

	(void)state;
	put("ws/Cargo.toml", "[profile.release]\nstrip = true\n[profile.release.package.app]\n"
			     "opt-level = 's'\n[profile.release.package.\"*\"]\nopt-level = 2\n");
	assert_int_equal(load(&f, NULL), 0);
	assert_value(&f, 0, HONE_UNIT_TARGET, "strip", "\"debuginfo\" default ");
	assert_int_equal(
		hone_profile_package_specs(f.set, "release", &f.packages[0], &specs, NULL), 0);
	assert_int_equal(specs.n, 1);
	assert_string_equal(specs.v[0], "app");
	unload(&f);
}

/* Debug information in a dependency keeps the program's, too. */
static void test_strip_of_deps(void **state)
{
	struct fixture f = {0};

	(void)state;
	put("ws/Cargo.toml", "[profile.release.package.dep]\ndebug = 1\n");
	assert_int_equal(load(&f, NULL), 0);
	assert_value(&f, 0, HONE_UNIT_TARGET, "strip", "\"none\" default ");
	f.dep_kind = HONE_DEP_DEV;
	assert_value(&f, 0, HONE_UNIT_TARGET, "strip", "\"debuginfo\" default ");
	unload(&f);
}

static void test_overrider(void **state)
{
	struct fixture f = {0};
	const struct hone_profile_value *v;

	(void)state;
	put("ws/Cargo.toml", "[profile.release]\nlto = true\n");
	put("ws/.cargo/config.toml", "[profile.release]\nlto = \"thin\"\n"
				     "[profile.release.package.'dep@1']\nopt-level = 1\n");
	setenv("RUSTFLAGS", "--cfg x -C opt-level=1 -Cstrip=symbols -Copt_level=2", 1);
	setenv("CARGO_INCREMENTAL", "1", 1);
	assert_int_equal(load(&f, NULL), 0);
	v = hone_profile_overrider(f.set, "release", NULL, HONE_SET_LTO);
	assert_non_null(v);
	assert_string_equal(v->value, "\"thin\"");
	assert_int_equal(v->origin, HONE_ORIGIN_CONFIG);
	assert_true(hone_ends(v->where, "ws/.cargo/config.toml:2:1"));
	v = hone_profile_overrider(f.set, "release", NULL, HONE_SET_OPT_LEVEL);
	assert_string_equal(v->value, "2");
	assert_int_equal(v->origin, HONE_ORIGIN_RUSTFLAGS);
	assert_string_equal(v->where, "-Copt_level=2 in RUSTFLAGS");
	v = hone_profile_overrider(f.set, "release", NULL, HONE_SET_INCREMENTAL);
	assert_string_equal(v->where, "CARGO_INCREMENTAL");
	assert_null(hone_profile_overrider(f.set, "release", NULL, HONE_SET_PANIC));
	assert_null(hone_profile_overrider(f.set, "other", NULL, HONE_SET_LTO));
	unload(&f);
	unsetenv("RUSTFLAGS");
	f = (struct fixture){0};
	assert_int_equal(load(&f, NULL), 0);
	v = hone_profile_overrider(f.set, "release", "dep:1", HONE_SET_OPT_LEVEL);
	assert_non_null(v);
	assert_string_equal(v->value, "1");
	assert_null(hone_profile_overrider(f.set, "release", "app", HONE_SET_OPT_LEVEL));
	unsetenv("CARGO_INCREMENTAL");
	unload(&f);
}

static void assert_refused(const char *manifest, const char *config, const char *want)
{
	struct fixture f = {0};
	struct hone_profile p = {0};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int code;

	put("ws/Cargo.toml", manifest);
	put("ws/.cargo/config.toml", config);
	code = load(&f, &err);
	if (!code)
		code = hone_profile_compute(
			f.set, "release", &f.packages[0], HONE_UNIT_TARGET, &p, &err);
	assert_int_not_equal(code, 0);
	if (!strstr(err.msg, want))
		fail_msg("`%s` is not in: %s", want, err.msg);
	unload(&f);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused("[profile.release]\nopt-level = \"3\"\n", "",
		"Cargo.toml:2:1: `profile.release.opt-level`: must be `0`, `1`, `2`, `3`, `s` or "
		"`z`, "
		"but found the string: \"3\"");
	assert_refused("", "[profile.release]\nlto = \"true\"\n",
		"config.toml:2:1: `lto` setting of string `\"true\"`");
	assert_refused("[profile.a]\ninherits = 'b'\n[profile.b]\ninherits = 'a'\n", "",
		"profile inheritance loop detected with profile `b` inheriting `a`");
	assert_refused(
		"[profile.a]\nlto = true\n", "", "profile `a` is missing an `inherits` directive");
	assert_refused(
		"[profile.release.package]\ndep = { debug = 1 }\n'dep:1.2' = { debug = 1 }\n", "",
		"multiple package overrides in profile `release` match package `dep v1.2.3`\n"
		"found package specs: dep, dep:1.2");
	assert_refused("", "[profile.release.package.dep]\npanic = 'abort'\n",
		"config.toml:2:1: `panic` may not be specified in a `package` profile");
	assert_refused("", "include = ['x.toml']\n", "failed to load config include `x.toml`");
	assert_refused("", "profile = 1\n", "expected table for configuration key `profile`");
	assert_refused("", "[profile.release]\nlto = 1.5\n",
		"config.toml:2:1: unsupported TOML configuration type `float`");
	assert_refused("", "include = ['config.toml']\n", "config `include` cycle detected");
}

static void assert_flags(const char *want_flags, const char *want_where)
{
	struct fixture fresh = {0}, *f = &fresh; /* a set keeps what it found */
	struct hone_rustflags flags;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const char *where;

	assert_int_equal(load(f, NULL), 0);
	assert_int_equal(hone_rustflags_find(f->set, &flags, NULL), 0);
	for (size_t i = 0; i < flags.flags.n; i++)
		hone_buf_addf(&text, "%s%s", i ? "|" : "", flags.flags.v[i]);
	assert_string_equal(hone_buf_str(&text), want_flags);
	where = flags.where ? flags.where : "";
	if (hone_starts(where, scratch))
		where += strlen(scratch) + 1;
	assert_string_equal(where, want_where);
	hone_rustflags_release(&flags);
	unload(f);
}

static void test_rustflags(void **state)
{
	(void)state;
	put("ws/.cargo/config.toml", "[build]\nrustflags = '-Cx -Cy'\n");
	put(".cargo/config.toml", "[build]\nrustflags = '-Cz'\n");
	assert_flags("-Cx|-Cy", "ws/.cargo/config.toml:2:1");
	setenv("CARGO_BUILD_RUSTFLAGS", "-Ce", 1);
	assert_flags("-Cx|-Cy|-Ce", "ws/.cargo/config.toml:2:1");
	setenv("RUSTFLAGS", "", 1);
	assert_flags("", "RUSTFLAGS");
	setenv("RUSTFLAGS", " -Ca  -C b ", 1);
	assert_flags("-Ca|-C|b", "RUSTFLAGS");
	setenv("CARGO_ENCODED_RUSTFLAGS",
		"-C\x1f"
		"a b",
		1);
	assert_flags("-C|a b", "CARGO_ENCODED_RUSTFLAGS");
	unsetenv("CARGO_ENCODED_RUSTFLAGS");
	unsetenv("RUSTFLAGS");
	unsetenv("CARGO_BUILD_RUSTFLAGS");
}

/* The place for more flags, and what goes before it, one a line. */
static void assert_room(const char *config, const char *want)
{
	struct fixture fixture = {0}, *f = &fixture;
	struct hone_rustflags flags;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	put("ws/.cargo/config.toml", config);
	assert_int_equal(load(f, NULL), 0);
	assert_int_equal(hone_rustflags_find(f->set, &flags, NULL), 0);
	hone_buf_adds(&text, flags.more_key);
	for (size_t i = 0; i < flags.more_before.n; i++)
		hone_buf_addf(&text, "\n%s", flags.more_before.v[i]);
	assert_string_equal(hone_buf_str(&text), want);
	hone_rustflags_release(&flags);
	unload(f);
}

/* A rustc that knows one thing: the target. */
static void use_fake_rustc(void)
{
	static char path[4096];
	hone_auto_free char *file = in_scratch("rustc");

	put("rustc", "#!/bin/sh\necho unix\necho 'target_arch=\"x86_64\"'\n");
	assert_int_equal(chmod(file, 0755), 0);
	snprintf(path, sizeof(path), "%s", file);
	toolchain.rustc = path;
}

#define TRIPLE "target.x86_64-unknown-linux-gnu.rustflags"

static void test_room_for_rustflags(void **state)
{
	(void)state;
	use_fake_rustc();
	assert_room("", TRIPLE);
	assert_room("build.rustflags = ['-Cx']", "build.rustflags");
	assert_room("build.rustflags = '-Cx -Cy'", TRIPLE "\n" TRIPLE "=[\"-Cx\", \"-Cy\"]");
	assert_room(TRIPLE " = ['-Cx']", TRIPLE);
	assert_room(TRIPLE " = '-Cx'", "target.\"cfg(all())\".rustflags");
	assert_room("target.'cfg(unix)'.rustflags = ['-Cx']", "target.\"cfg(unix)\".rustflags");
	assert_room("target.'cfg(windows)'.rustflags = '-Cx'", TRIPLE);
	assert_room("target.'cfg(unix)'.rustflags = '-Cx'",
		"target.\"cfg(unix )\".rustflags\n"
		"target.\"cfg(unix )\".rustflags=[\"-Cx\"]\n"
		"target.\"cfg(unix)\".rustflags=\"\"");
	assert_room(TRIPLE " = ''\ntarget.'cfg(all())'.rustflags = ''",
		"target.\"cfg(all() )\".rustflags");
	setenv("CARGO_BUILD_RUSTFLAGS", "-Ce", 1);
	assert_room("", "build.rustflags");
	assert_room("build.rustflags = '-Cx'", TRIPLE "\n" TRIPLE "=[\"-Cx\", \"-Ce\"]");
	unsetenv("CARGO_BUILD_RUSTFLAGS");
	toolchain.rustc = NULL;
}

static void assert_linker(const char *config, const char *want_linker, const char *want_runner)
{
	struct fixture fixture = {0}, *f = &fixture;
	const char *linker, *runner;

	put("ws/.cargo/config.toml", config);
	assert_int_equal(load(f, NULL), 0);
	linker = hone_profile_set_linker(f->set, host_triple);
	runner = hone_profile_set_runner(f->set, host_triple);
	assert_string_equal(linker ? linker : "-", want_linker);
	assert_string_equal(runner ? runner : "-", want_runner);
	unload(f);
}

static void test_linker_and_runner(void **state)
{
	static const char variable[] = "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER";

	(void)state;
	use_fake_rustc();
	assert_linker("", "-", "-");
	assert_linker("[target.x86_64-unknown-linux-gnu]\nlinker = 'a'\nrunner = 'b  c'\n"
		      "[target.'cfg(unix)']\nlinker = 'x'\nrunner = 'y'\n",
		"a", "b c");
	assert_linker("[target.x86_64-unknown-linux-gnu]\nrunner = ['b', 'c d']\n"
		      "[target.'cfg(unix)']\nlinker = 'x'\n",
		"x", "b 'c d'");
	assert_linker("[target.'cfg(windows)']\nlinker = 'a'\nrunner = 'b'\n"
		      "[target.'cfg(unix)']\nrunner = ['c']\n",
		"-", "c");
	setenv(variable, "e -f", 1);
	assert_linker("", "-", "e -f");
	unsetenv(variable);
	toolchain.rustc = NULL;
}

static void test_rustflags_value(void **state)
{
	static const struct {
		const char *flags, *key, *want;
	} cases[] = {
		{"-O", "opt-level", "3"},
		{"-C opt-level=s", "opt-level", "\"s\""},
		{"--codegen=lto", "lto", "true"},
		{"-Clto=no", "lto", "\"off\""},
		{"-Clto=fat", "lto", "\"fat\""},
		{"-g", "debug", "2"},
		{"-Cdebuginfo=line-tables-only", "debug", "\"line-tables-only\""},
		{"-Coverflow-checks=y", "overflow-checks", "true"},
		{"-Coverflow_checks=off", "overflow-checks", "false"},
		{"-Clinker=x", "lto", NULL},
		{"-Cltox=1", "lto", NULL},
		{"-C", "lto", NULL},
		{"-Cpanic=abort", "panic", "\"abort\""},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		hone_auto_strv struct hone_strv flags = HONE_STRV_INIT;
		hone_auto_free char *value = NULL;
		assert_int_equal(hone_strv_split_words(&flags, cases[i].flags, NULL), 0);
		value = hone_rustflags_value(
			&flags, hone_setting_find(hone_view_of(cases[i].key))->id, NULL);
		if (cases[i].want)
			assert_string_equal(value, cases[i].want);
		else
			assert_null(value);
	}
}

static void test_cfg(void **state)
{
	static const struct {
		const char *key;
		bool want;
	} cases[] = {
		{"cfg(unix)", true},
		{"cfg( unix )", true},
		{"cfg(windows)", false},
		{"cfg(not(windows))", true},
		{"cfg(all())", true},
		{"cfg(any())", false},
		{"cfg(all(unix, target_os = \"linux\",))", true},
		{"cfg(any(windows, target_os=\"macos\"))", false},
		{"cfg(target_os = \"lin\")", false},
		{"cfg(true)", true},
		{"cfg(false)", false},
		{"cfg(r#unix)", true},
		{"cfg(r#true)", false},
		{"cfg(unix", false},
		{"cfg(unix))", false},
		{"cfg(not())", false},
		{"cfg(unix windows)", false},
		{"unix", false},
		{"cfg()", false},
		{"cfg(not(x\")", false},
	};
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf deep = HONE_BUF_INIT;

	(void)state;
	hone_strv_push(&lines, "unix");
	hone_strv_push(&lines, "target_os=\"linux\"");
	for (size_t i = 0; i < HONE_COUNT(cases); i++)
		if (hone_cfg_matches(cases[i].key, &lines) != cases[i].want)
			fail_msg("%s", cases[i].key);
	hone_buf_adds(&deep, "cfg(");
	for (int i = 0; i < 100000; i++)
		hone_buf_adds(&deep, "all(");
	hone_buf_pad(&deep, ')', 100001);
	assert_false(hone_cfg_matches(hone_buf_str(&deep), &lines));
}

static void digest(struct fixture *f, struct hone_buf *out)
{
	assert_int_equal(load(f, NULL), 0);
	hone_profile_set_digest(f->set, out);
	unload(f);
}

static void test_digest(void **state)
{
	hone_auto_buf struct hone_buf a = HONE_BUF_INIT, b = HONE_BUF_INIT, c = HONE_BUF_INIT;

	(void)state;
	put("ws/Cargo.toml", "[profile.release]\nlto = true\n");
	put("ws/.cargo/config.toml", "[build]\nrustflags = ['-Cx']\n[net]\nretry = 1\n");
	digest(&(struct fixture){0}, &a);
	put("ws/Cargo.toml", "# moved\n\n[profile.release]\nlto    = true\n");
	put("ws/.cargo/config.toml", "[net]\nretry = 2\n[build]\nrustflags = [ '-Cx' ]\n");
	setenv("CARGO_TARGET_DIR", "elsewhere", 1);
	digest(&(struct fixture){0}, &b);
	assert_string_equal(hone_buf_str(&a), hone_buf_str(&b));
	setenv("CARGO_PROFILE_RELEASE_LTO", "off", 1);
	digest(&(struct fixture){0}, &c);
	assert_string_not_equal(hone_buf_str(&a), hone_buf_str(&c));
	unsetenv("CARGO_PROFILE_RELEASE_LTO");
	unsetenv("CARGO_TARGET_DIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inherited, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strip, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strip_of_deps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_overrider, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rustflags, setup, teardown),
		cmocka_unit_test_setup_teardown(test_room_for_rustflags, setup, teardown),
		cmocka_unit_test_setup_teardown(test_linker_and_runner, setup, teardown),
		cmocka_unit_test(test_rustflags_value),
		cmocka_unit_test(test_cfg),
		cmocka_unit_test_setup_teardown(test_digest, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
