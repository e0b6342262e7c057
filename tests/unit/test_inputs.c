/* What counts as a change while candidates are built and run, and what does not: by who wrote it. The builds are
 * played: the files that cargo, rustc and build scripts leave, in their order. */
#include "config.h"
#include "inputs.h"
#include "profile_set.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "scratch.h"

/* ---- a project with a package, one in its folder, and one of a registry */

static char custom_build[] = "custom-build", app[] = "app", util[] = "util", dep_name[] = "dep",
	    registry[] = "registry";
static struct hone_package packages[3];
static struct hone_target script = {.kind = HONE_KIND_BUILD_SCRIPT, .name = custom_build};
static struct hone_project project;
static struct hone_toolchain toolchain;
static struct hone_cargo_opts opts;
static struct hone_profile_set profiles;
static struct hone_build_env env;
static struct hone_inputs *in;
static char *old_dir;

/* Later than all that was written before, for file systems with coarse stamps. */
static void wait_a_tick(void)
{
	usleep(45000);
}

static void put(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *dir = hone_path_dir(path);

	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	put_file(path, text);
}

static void begin(void)
{
	static size_t deps[] = {1, 2};
	hone_auto_free char *folder = NULL;

	assert_int_equal(chdir(scratch), 0);
	put("Cargo.toml", "[package]\n");
	put("Cargo.lock", "version = 4\n");
	put("hone.toml", "");
	put("src/main.rs", "fn main() {}\n");
	put("src/sub/a b.rs", "//\n");
	put("src/unused.rs", "//\n");
	put("build.rs", "fn main() {}\n");
	put("data.txt", "data\n");
	put("util/Cargo.toml", "[package]\n");
	put("util/src/lib.rs", "//\n");
	put("reg/dep/src/lib.rs", "//\n");
	put("sysroot/bin/rustc", "rustc");
	packages[0] = (struct hone_package){.id = app,
		.dir = hone_xstrdup(scratch),
		.manifest_path = in_scratch("Cargo.toml"),
		.targets = &script,
		.n_targets = 1,
		.deps = deps,
		.n_deps = 2};
	packages[1] = (struct hone_package){.id = util,
		.dir = in_scratch("util"),
		.manifest_path = in_scratch("util/Cargo.toml")};
	packages[2] = (struct hone_package){.id = dep_name,
		.source = registry,
		.dir = in_scratch("reg/dep"),
		.manifest_path = in_scratch("reg/dep/Cargo.toml")};
	project = (struct hone_project){.workspace_root = scratch,
		.root_manifest = in_scratch("Cargo.toml"),
		.target_dir = in_scratch("target"),
		.packages = packages,
		.n_packages = 3,
		.graph = true,
		.package = &packages[0]};
	toolchain = (struct hone_toolchain){.sysroot = in_scratch("sysroot")};
	profiles = (struct hone_profile_set){0};
	assert_int_equal(hone_config_load(NULL, NULL, 95, &profiles.config, NULL), 0);
	env = (struct hone_build_env){
		.project = &project, .toolchain = &toolchain, .opts = &opts, .profiles = &profiles};
	wait_a_tick();
	folder = in_scratch("target/hone");
	in = hone_inputs_new(&env, folder);
}

static int setup(void **state)
{
	old_dir = getcwd(NULL, 0);
	return scratch_make(state);
}

static int teardown(void **state)
{
	hone_inputs_free(in);
	in = NULL;
	hone_config_free(profiles.config);
	profiles.config = NULL;
	for (size_t i = 0; i < 3; i++) {
		free(packages[i].dir);
		free(packages[i].manifest_path);
	}
	free(project.root_manifest);
	free(project.target_dir);
	free(toolchain.sysroot);
	if (chdir(old_dir))
		return -1;
	free(old_dir);
	return scratch_remove(state);
}

/* ---- a build, as cargo plays it */

#define DEPS "target/hone/build/release/deps/"
#define UNIT "target/hone/build/release/build/app-1/"

static void see_unit(char *package, const char *name, const char *files)
{
	hone_auto_free char *dep = hone_xasprintf(DEPS "%s-1.d", name);
	hone_auto_free char *lib = hone_xasprintf("%s/" DEPS "lib%s-1.rlib", scratch, name);
	hone_auto_free char *rule = hone_xasprintf("%s: %s\n\nmore:\n", dep, files);
	struct hone_message m = {.kind = HONE_MSG_ARTIFACT, .package_id = package};

	put(dep, rule);
	hone_strv_push(&m.paths, lib);
	hone_inputs_see(in, &m);
	hone_strv_release(&m.paths);
}

/* What the script wrote, what it says; then every unit is compiled. */
static void begin_script(void)
{
	put(UNIT "invoked.timestamp", "");
	wait_a_tick();
}

static void end_script(const char *says)
{
	hone_auto_free char *out = in_scratch(UNIT "out");
	struct hone_message m = {.kind = HONE_MSG_BUILD_SCRIPT, .package_id = app, .out_dir = out};

	wait_a_tick();
	put(UNIT "output", says);
	hone_inputs_see(in, &m);
}

static void see_units(const char *more)
{
	hone_auto_free char *dep = hone_xasprintf("%s/reg/dep/src/lib.rs", scratch);
	hone_auto_free char *files = hone_xasprintf(
		"src/main.rs src/sub/a\\ b.rs %s/target/hone/build/gen.rs%s", scratch, more);

	wait_a_tick();
	see_unit(dep_name, "dep", dep);
	see_unit(util, "util", "util/src/lib.rs");
	see_unit(app, "app", files);
}

static void build(const char *more)
{
	hone_inputs_build(in);
	see_units(more);
}

static void assert_good(void)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	if (hone_inputs_error(in, &err))
		fail_msg("%s", err.msg);
}

static void assert_built(void)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	if (hone_inputs_built(in, &err))
		fail_msg("%s", err.msg);
}

static void assert_changed(int error, const struct hone_err *err, const char *name)
{
	hone_auto_free char *begins = hone_xasprintf("%s changed ", name);

	assert_int_equal(error, HONE_E_CONFLICT);
	if (!hone_starts(err->msg, begins))
		fail_msg("%s", err->msg);
	/* Once is for ever. */
	assert_int_equal(hone_inputs_check(in, NULL), HONE_E_CONFLICT);
}

static void build_finds(const char *name)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int error = hone_inputs_built(in, &err);

	assert_changed(error, &err, name);
}

static void check_finds(const char *name)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int error = hone_inputs_check(in, &err);

	assert_changed(error, &err, name);
}

/* ---- cases */

/* Each is edited between two builds. */
static const char *const inputs[] = {"Cargo.toml", "Cargo.lock", "hone.toml", "src/main.rs",
	"src/sub/a b.rs", "util/Cargo.toml", "util/src/lib.rs", "reg/dep/src/lib.rs",
	"sysroot/bin/rustc", ".cargo/config.toml", ".cargo/config", "rust-toolchain",
	"rust-toolchain.toml", "data.txt"};

static void test_each_input(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(inputs); i++) {
		begin();
		build(" data.txt");
		assert_built();
		put(inputs[i], "# other\n");
		if (i % 2) {
			check_finds(inputs[i]);
		} else {
			build(" data.txt");
			build_finds(inputs[i]);
		}
		assert_int_equal(teardown(NULL), 0);
		assert_int_equal(setup(NULL), 0);
	}
	begin();
}

static void test_in_the_first_build(void **state)
{
	(void)state;
	begin();
	build("");
	put("src/main.rs", "fn main() { }\n");
	build_finds("src/main.rs");
}

static void test_what_comes_and_goes(void **state)
{
	(void)state;
	begin();
	build("");
	assert_built();
	assert_int_equal(unlink("src/main.rs"), 0);
	put("util/.cargo/config.toml", "");
	check_finds("src/main.rs");
}

/* A file that no build read, of a project without a script; the same bytes again. */
static void test_what_is_no_input(void **state)
{
	(void)state;
	begin();
	packages[0].n_targets = 0;
	build("");
	assert_built();
	put("src/unused.rs", "// other\n");
	put("README.md", "other\n");
	put("target/hone/build/gen.rs", "// other\n");
	put("src/main.rs", "fn main() {}\n");
	put("Cargo.toml", "[package]\n");
	build("");
	assert_built();
	assert_int_equal(hone_inputs_check(in, NULL), 0);
}

/* An editor that gives the file its old time back. */
static void test_hidden_edit(void **state)
{
	struct timespec times[2];
	struct stat st;

	(void)state;
	begin();
	build("");
	assert_built();
	assert_int_equal(stat("src/main.rs", &st), 0);
	put("src/main.rs", "fn main() { }");
	times[0] = times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, "src/main.rs", times, 0), 0);
	check_finds("src/main.rs");
}

#define TELLS "cargo::rerun-if-changed=build.rs\n"

/* A script that writes a source of its package, another one each time. */
static void test_generated_source(void **state)
{
	(void)state;
	begin();
	for (int i = 0; i < 3; i++) {
		char text[] = "// 0\n";

		text[3] = (char)('0' + i);
		hone_inputs_build(in);
		begin_script();
		put("src/gen.rs", text);
		end_script(TELLS);
		see_units(" src/gen.rs");
		assert_built();
	}
	/* It was fresh: it wrote nothing. */
	build(" src/gen.rs");
	put("src/gen.rs", "// the user's\n");
	build_finds("src/gen.rs");
}

/* The user's edit while the script runs is none of the script's. */
static void test_edit_beside_a_script(void **state)
{
	(void)state;
	begin();
	for (int i = 0; i < 2; i++) {
		hone_inputs_build(in);
		begin_script();
		put("src/gen.rs", i ? "// 1\n" : "// 0\n");
		if (i)
			put("src/main.rs", "fn main() { }\n");
		end_script(TELLS);
		see_units(" src/gen.rs");
		if (!i)
			assert_built();
	}
	build_finds("src/main.rs");
}

/* In the first build, too, when a unit had read the file before. */
static void test_edit_after_it_was_read(void **state)
{
	(void)state;
	begin();
	hone_inputs_build(in);
	see_unit(util, "util", "util/src/lib.rs");
	begin_script();
	put("util/src/lib.rs", "// other\n");
	end_script(TELLS);
	see_unit(app, "app", "src/main.rs");
	build_finds("util/src/lib.rs");
}

/* Without rerun-if cargo takes every file of the package for an input of the script; a folder that it names is one. */
static void test_what_scripts_read(void **state)
{
	static const char *const says[] = {"cargo::rustc-cfg=x\n",
		"cargo:rerun-if-changed=native\n", "cargo::rerun-if-changed=native/x.c\n"};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(says); i++) {
		begin();
		put("native/x.c", "int x;\n");
		hone_inputs_free(in);
		wait_a_tick();
		in = hone_inputs_new(&env, "/nowhere");
		hone_inputs_build(in);
		begin_script();
		end_script(says[i]);
		see_units("");
		assert_built();
		put("native/x.c", "int y;\n");
		build("");
		build_finds("native/x.c");
		assert_int_equal(teardown(NULL), 0);
		assert_int_equal(setup(NULL), 0);
	}
	begin();
}

static void test_lock_that_cargo_makes(void **state)
{
	(void)state;
	begin();
	assert_int_equal(unlink("Cargo.lock"), 0);
	hone_inputs_free(in);
	in = hone_inputs_new(&env, "/nowhere");
	build("");
	put("Cargo.lock", "version = 4\n");
	assert_built();
	put("Cargo.lock", "version = 4 \n");
	check_finds("Cargo.lock");
}

/* ---- runs */

static struct hone_workload workload;

static void begin_runs(const char *line)
{
	begin();
	put("in.txt", "in\n");
	put("out.txt", "old\n");
	put("folder/x", "x\n");
	put("stdin.txt", "x\n");
	build("");
	assert_built();
	assert_int_equal(hone_workload_from_line(&workload, "w", line, NULL), 0);
	workload.stdin_path = in_scratch("stdin.txt");
	hone_inputs_add_workloads(in, &workload, 1);
	wait_a_tick();
	assert_int_equal(hone_inputs_check(in, NULL), 0);
}

static void end_runs(void)
{
	hone_workload_release(&workload);
}

/* It writes whenever it runs, and others into the project besides. */
static void test_output_of_runs(void **state)
{
	static const enum hone_inputs_runs which[] = {
		HONE_INPUTS_FIRST, HONE_INPUTS_SOME, HONE_INPUTS_ALL, HONE_INPUTS_ALL};

	(void)state;
	begin_runs("{bin} in.txt --to=out.txt new.txt");
	for (size_t i = 0; i < HONE_COUNT(which); i++) {
		char text[] = "out 0\n";

		text[4] = (char)('0' + i);
		put("out.txt", text);
		put("new.txt", text);
		put("src/unused.txt", text);
		hone_inputs_ran(in, which[i]);
		assert_good();
	}
	/* Once it did not. */
	hone_inputs_ran(in, HONE_INPUTS_ALL);
	assert_good();
	put("out.txt", "the user's\n");
	hone_inputs_ran(in, HONE_INPUTS_ALL);
	check_finds("out.txt");
	end_runs();
}

static void test_input_of_runs(void **state)
{
	static const char *const names[] = {
		"in.txt", "folder/x", "stdin.txt", "src/main.rs", "Cargo.toml", "hone.toml"};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		begin_runs("{bin} --from=in.txt folder");
		/* A source is nothing that a first run may change, either. */
		hone_inputs_ran(in, HONE_INPUTS_FIRST);
		hone_inputs_ran(in, HONE_INPUTS_SOME);
		assert_good();
		put(names[i], "other\n");
		hone_inputs_ran(in, i % 2 ? HONE_INPUTS_ALL : HONE_INPUTS_SOME);
		check_finds(names[i]);
		end_runs();
		assert_int_equal(teardown(NULL), 0);
		assert_int_equal(setup(NULL), 0);
	}
	begin_runs("{bin} src/main.rs");
	put("src/main.rs", "fn main() { }\n");
	hone_inputs_ran(in, HONE_INPUTS_FIRST);
	check_finds("src/main.rs");
	end_runs();
}

static void test_nothing_is_looked_at(void **state)
{
	(void)state;
	begin();
	assert_int_equal(hone_inputs_check(NULL, NULL), 0);
	assert_int_equal(hone_inputs_built(NULL, NULL), 0);
	hone_inputs_ran(NULL, HONE_INPUTS_ALL);
	hone_inputs_build(NULL);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {CASE(test_each_input), CASE(test_in_the_first_build),
		CASE(test_what_comes_and_goes), CASE(test_what_is_no_input), CASE(test_hidden_edit),
		CASE(test_generated_source), CASE(test_edit_beside_a_script),
		CASE(test_edit_after_it_was_read), CASE(test_what_scripts_read),
		CASE(test_lock_that_cargo_makes), CASE(test_output_of_runs),
		CASE(test_input_of_runs), CASE(test_nothing_is_looked_at)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
