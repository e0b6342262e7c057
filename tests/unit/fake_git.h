#ifndef HONE_TESTS_FAKE_GIT_H
#define HONE_TESTS_FAKE_GIT_H
/* The fake project in a git repository. Include after fake_project.h. */
#include "check.h"
#include "proc.h"

static bool run_git(const char *const *words, size_t n)
{
	static const char *const begin[] = {"git", "-c", "user.name=a", "-c", "user.email=a@b.c",
		"-c", "init.defaultBranch=main", NULL};
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.limit = 65536, .deadline_ns = 60 * HONE_NS_PER_S};

	hone_strv_append(&argv, begin);
	for (size_t i = 0; i < n; i++)
		hone_strv_push(&argv, words[i]);
	spec.argv = hone_strv_argv(&argv);
	return !hone_proc_run(&spec, &r, NULL) && hone_proc_succeeded(&r);
}

#define GIT(...)                                                                                   \
	run_git((const char *const[]){__VA_ARGS__},                                                \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void commit(const char *profile)
{
	hone_auto_free char *text = hone_xasprintf("%s%s", manifest, profile);

	put_file(opts.manifest_path, text);
	assert_true(GIT("add", "-A"));
	assert_true(GIT("commit", "-qm", "a change"));
}

/* An empty repository in the current folder; skips the test where there is no git. */
static void begin_repository(void)
{
	if (!GIT("--version"))
		skip();
	build_elf();
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	assert_true(GIT("init", "-q"));
	put_file(".gitignore", "/target\n");
}

/* Both sides; done() releases and closes. */
struct sides {
	struct hone_session s;
	struct hone_check_side base, head;
	struct hone_err err;
};

static int compare(struct sides *c, struct hone_check_request r)
{
	*c = (struct sides){.s = HONE_SESSION_INIT,
		.base = HONE_CHECK_SIDE_INIT,
		.head = HONE_CHECK_SIDE_INIT,
		.err = HONE_ERR_INIT};
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &c->s);
	return hone_check_build(&c->s, &r, &c->base, &c->head, &c->err);
}

static void done(struct sides *c)
{
	hone_check_side_release(&c->base);
	hone_check_side_release(&c->head);
	hone_session_close(&c->s);
	hone_err_release(&c->err);
}

#endif
