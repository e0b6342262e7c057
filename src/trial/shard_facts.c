/* What has to be the same wherever a share of a comparison is built, so that its files are those of one machine. */
#include "shard.h"

#include "check_git.h"
#include "config.h"
#include "fs.h"
#include "proc.h"
#include "profile_set.h"

#include <string.h>

#define ASK_DEADLINE_NS (20 * HONE_NS_PER_S)

static void add(struct hone_shard_facts *f, const char *label, const char *value)
{
	hone_strv_push(&f->labels, label);
	hone_strv_push(&f->values, value ? value : "none");
}

static void add_file(struct hone_shard_facts *f, const char *label, const char *path)
{
	char text[HONE_HASH_TEXT];
	struct hone_hash hash;

	add(f, label,
		path && !hone_hash_file(path, &hash, NULL) ? hone_hash_text(text, hash) : NULL);
}

/* The compiler is a library, and std comes with it: their files tell more than a version that anybody can build. */
static void add_compiler(const struct hone_session *s, struct hone_shard_facts *f)
{
	const char *sysroot = s->toolchain->sysroot;
	hone_auto_free char *lib = hone_path_join(sysroot ? sysroot : "", "lib");
	hone_auto_free char *rlibs =
		hone_xasprintf("%s/rustlib/%s/lib", lib, hone_session_triple(s));
	hone_auto_free char *driver = NULL;
	hone_auto_free char *std = NULL;

	add(f, "rustc", s->toolchain->rustc_verbose);
	add(f, "cargo", s->toolchain->cargo_version);
	(void)hone_fs_find_named(lib, "librustc_driver", ".so", &driver, NULL);
	(void)hone_fs_find_named(rlibs, "libstd-", ".rlib", &std, NULL);
	add_file(f, "rustc's own library", driver);
	add_file(f, "std", std);
}

/* Where cc finds a part of the link. The caller frees; NULL: it does not tell. */
static char *ask_cc(const char *question)
{
	const char *const argv[] = {"cc", question, NULL};
	const struct hone_proc_spec spec = {
		.argv = argv, .errout = HONE_SINK_NULL, .deadline_ns = ASK_DEADLINE_NS};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *name = NULL;
	char *path = NULL;

	if (hone_proc_run(&spec, &r, NULL) || !hone_proc_succeeded(&r))
		return NULL;
	name = hone_view_dup(hone_view_trim(hone_buf_view(&r.out)));
	return hone_path_find_program(name, &path, NULL) ? HONE_TAKE(name) : path;
}

/* What every link takes besides cargo's own. */
static void add_linker(struct hone_shard_facts *f)
{
	static const char *const parts[][2] = {{"ld", "-print-prog-name=ld"},
		{"crt1.o", "-print-file-name=crt1.o"}, {"libgcc.a", "-print-file-name=libgcc.a"},
		{"libc.so.6", "-print-file-name=libc.so.6"}};
	hone_auto_free char *cc = NULL;

	(void)hone_path_find_program("cc", &cc, NULL);
	add_file(f, "cc", cc);
	for (size_t i = 0; i < HONE_COUNT(parts); i++) {
		hone_auto_free char *path = cc ? ask_cc(parts[i][1]) : NULL;

		add_file(f, parts[i][0], path);
	}
}

void hone_shard_facts_find(const struct hone_try *t, struct hone_shard_facts *ret)
{
	const struct hone_session *s = t->session;
	hone_auto_free char *home = hone_config_home(hone_config_cwd(s->profiles->config));
	hone_auto_free char *commit = hone_git_commit(s->project->workspace_root, "HEAD");

	*ret = (struct hone_shard_facts){0};
	add(ret, "hone", HONE_VERSION);
	add_compiler(s, ret);
	add_linker(ret);
	/* Paths of sources stand in programs. */
	add(ret, "folder of the workspace", s->project->workspace_root);
	add(ret, "cargo's home", home);
	add(ret, "commit", commit);
	for (size_t i = 0; i < t->n; i++) {
		hone_auto_free char *label =
			hone_xasprintf("plan of %s", t->trials[i].candidate->name);

		add(ret, label, t->trials[i].plan->key);
	}
}

void hone_shard_facts_release(struct hone_shard_facts *f)
{
	hone_strv_release(&f->labels);
	hone_strv_release(&f->values);
}
