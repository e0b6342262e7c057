/* With the real cargo: a build whose link is captured gives the same bytes as one without, its link can
 * be repeated byte for byte, and the twin has the symbols that the artifact lost. */
#include "twin.h"

#include "fs.h"

#include <setjmp.h>
#include <unistd.h>
#include <cmocka.h>

#include "scratch.h"

static const char manifest[] =
	"[package]\nname = \"two-words\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
	"[workspace]\n";
static const char source[] =
	"fn main() { println!(\"{:?}\", std::env::args().collect::<Vec<_>>()); }\n";

/* A program with C in it: an object and an archive, one more of each in a response file, and a
 * version script. */
static const char c_script[] =
	"use std::process::Command;\n"
	"fn run(program: &str, words: &[&str]) {\n"
	"    let dir = std::env::var(\"OUT_DIR\").unwrap();\n"
	"    "
	"assert!(Command::new(program).args(words).current_dir(dir).status().unwrap().success());\n"
	"}\n"
	"fn main() {\n"
	"    let dir = std::env::var(\"OUT_DIR\").unwrap();\n"
	"    for (i, name) in [\"object\", \"archived\", \"listed\", \"far\"].iter().enumerate() "
	"{\n"
	"        let text = format!(\"int {name}(void) {{ return {i}; }}\\n\");\n"
	"        std::fs::write(format!(\"{dir}/{name}.c\"), text).unwrap();\n"
	"        run(\"cc\", &[\"-c\", \"-O1\", \"-fPIC\", &format!(\"{name}.c\")]);\n"
	"    }\n"
	"    run(\"ar\", &[\"rcs\", \"libarchived.a\", \"archived.o\"]);\n"
	"    run(\"ar\", &[\"rcs\", \"libfar.a\", \"far.o\"]);\n"
	"    std::fs::write(format!(\"{dir}/local.map\"), \"{ local: *; };\\n\").unwrap();\n"
	"    let rest = format!(\"{dir}/listed.o -L{dir} -lfar\\n\");\n"
	"    std::fs::write(format!(\"{dir}/rest.rsp\"), rest).unwrap();\n"
	"    println!(\"cargo:rustc-link-search=native={dir}\");\n"
	"    println!(\"cargo:rustc-link-lib=static=archived\");\n"
	"    println!(\"cargo:rustc-link-arg={dir}/object.o\");\n"
	"    println!(\"cargo:rustc-link-arg=@{dir}/rest.rsp\");\n"
	"    println!(\"cargo:rustc-link-arg=-Wl,--version-script={dir}/local.map\");\n"
	"}\n";
static const char c_source[] =
	"extern \"C\" { fn object() -> i32; fn archived() -> i32; fn listed() -> i32; fn far() -> "
	"i32; }\n"
	"fn main() { unsafe { println!(\"{}\", object() + archived() + listed() + far()) } }\n";

struct world {
	struct hone_toolchain *toolchain;
	struct hone_project *project;
	struct hone_profile_set *profiles;
	struct hone_cargo_opts opts;
	struct hone_workdir dir;
	struct hone_build_env env;
};

static void must(int error, const struct hone_err *err)
{
	if (error)
		fail_msg("%s", err->msg);
}

/* build_text may be NULL. */
static void open_world(struct world *w, const char *main_text, const char *build_text)
{
	hone_auto_free char *build_rs = in_scratch("build.rs");
	hone_auto_free char *src = in_scratch("src");
	hone_auto_free char *main_rs = in_scratch("src/main.rs");
	hone_auto_free char *cargo_toml = in_scratch("Cargo.toml");
	struct hone_err err = HONE_ERR_INIT;

	*w = (struct world){.opts = {.offline = true}};
	must(hone_fs_mkdirs(src, &err), &err);
	put_file(main_rs, main_text);
	if (build_text)
		put_file(build_rs, build_text);
	put_file(cargo_toml, manifest);
	assert_int_equal(chdir(scratch), 0);
	must(hone_toolchain_load(NULL, &w->toolchain, &err), &err);
	must(hone_project_load(&w->opts, w->toolchain, true, true, &w->project, &err), &err);
	must(hone_project_select(w->project, &w->opts, &err), &err);
	must(hone_profile_set_load(w->project, w->toolchain, &w->opts, &w->profiles, &err), &err);
	hone_workdir_init(&w->dir, w->project->target_dir);
	must(hone_workdir_open(&w->dir, &err), &err);
	w->env = (struct hone_build_env){.project = w->project,
		.toolchain = w->toolchain,
		.opts = &w->opts,
		.profiles = w->profiles,
		.profile = "release",
		.layers = "release"};
}

static void close_world(struct world *w)
{
	hone_workdir_close(&w->dir);
	hone_profile_set_free(w->profiles);
	hone_project_free(w->project);
	hone_toolchain_free(w->toolchain);
	assert_int_equal(chdir("/"), 0);
}

static void twin_of(struct world *w, const char *text)
{
	struct hone_artifact *plain = NULL, *captured = NULL;
	struct hone_candidate *c = NULL;
	const struct hone_plan *plan = NULL;
	struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *twin = NULL;
	struct hone_object_info info = {0};

	must(hone_candidate_parse(text, &c, &err), &err);
	must(hone_plan_make(&w->env, c, &plan, &err), &err);
	must(hone_artifact_build(plan, &w->env, &w->dir, NULL, NULL, &plain, &err), &err);
	/* Cargo has the binary ready now: its final unit alone has to be made again. */
	must(hone_twin_make(plan, &w->env, &w->dir, NULL, &captured, &twin, &err), &err);
	assert_false(captured->reused);
	assert_int_equal(captured->cost.units, 1);
	assert_true(hone_hash_eq(plain->hash, captured->hash));
	must(hone_object_info_read(twin, &info, &err), &err);
	assert_true(info.has_symtab);
	assert_true(info.has_debug);
	hone_object_info_release(&info);
	must(hone_artifact_finish(plain, &err), &err);
	must(hone_artifact_finish(captured, &err), &err);
	hone_artifact_free(plain);
	hone_artifact_free(captured);
	hone_plan_free(plan);
	hone_candidate_free(c);
}

static void twins(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, source, NULL);
	twin_of(&w, "strip=symbols");
	twin_of(&w, "opt-level=s,lto=fat,codegen-units=1,panic=abort,strip=symbols");
	close_world(&w);
}

/* The replayed link of a program with C objects, archives, a response file and a version script. */
static void twins_with_c(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, c_source, c_script);
	twin_of(&w, "strip=symbols");
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(twins, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(twins_with_c, scratch_make, scratch_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
