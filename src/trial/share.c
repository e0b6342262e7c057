#include "share.h"

#include "ahead.h"
#include "fs.h"
#include "machine.h"
#include "profile_set.h"

#include <string.h>
#include <sys/stat.h>

const char *hone_share_refused(const struct hone_build_env *env)
{
	const char *wrapper = hone_profile_set_rustc_wrapper(env->profiles);

	/* It may do what it likes; and cargo passes it as the compiler to the other one. */
	if (wrapper && *wrapper)
		return "RUSTC_WRAPPER or build.rustc-wrapper names a program of your own";
	if (hone_profile_set_has_workspace_wrapper(env->profiles))
		return "RUSTC_WORKSPACE_WRAPPER or build.rustc-workspace-wrapper names a program "
		       "of "
		       "your own";
	return NULL;
}

static void add_word(struct hone_buf *to, char kind, const char *text)
{
	hone_buf_addc(to, kind);
	hone_buf_add(to, text, strlen(text) + 1);
}

/* rustc's own words, and what its file and the source of std are: a toolchain may be built anew under its name. */
static void add_identity(const struct hone_build_env *env, struct hone_buf *to)
{
	const struct hone_toolchain *tc = env->toolchain;
	hone_auto_free char *program = hone_path_join(tc->sysroot, "bin/rustc");
	hone_auto_free char *source = hone_plan_std_source(env, "core/src");
	hone_auto_free char *text = NULL;
	struct stat st = {0};
	char here[HONE_HASH_TEXT];

	(void)stat(program, &st);
	/* What another machine or user kept has other names. */
	hone_machine_sign(HONE_VIEW("units"), here);
	text = hone_xasprintf("%s\n%s %lld %lld.%09ld %d %s", tc->rustc_verbose, tc->sysroot,
		(long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
		hone_fs_exists(source), here);
	add_word(to, 'i', text);
}

static bool is_macro(const struct hone_package *p)
{
	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_PROC_MACRO)
			return true;
	return false;
}

/* Packages whose code is in the program, or may be: the graph is of all features and all targets. */
static void mark_of_program(const struct hone_project *p, size_t at, bool *marks)
{
	const struct hone_package *package = &p->packages[at];

	if (marks[at] || is_macro(package))
		return;
	marks[at] = true;
	for (size_t i = 0; i < package->n_deps; i++)
		if (package->dep_kinds[i] & ~HONE_DEP_BUILD)
			mark_of_program(p, package->deps[i], marks);
}

static void add_host_packages(const struct hone_project *p, struct hone_buf *to)
{
	hone_auto_free bool *marks = hone_xcalloc(p->n_packages + 1, sizeof(*marks));

	if (!p->graph)
		return;
	mark_of_program(p, (size_t)(p->package - p->packages), marks);
	for (size_t i = 0; i < p->n_packages; i++) {
		hone_auto_free char *name =
			hone_xasprintf("%s %s", p->packages[i].name, p->packages[i].version);
		bool twice = false;

		/* Two packages of one name and version, from other sources. */
		for (size_t k = 0; k < p->n_packages; k++)
			twice |= marks[k] &&
				 strcmp(p->packages[k].name, p->packages[i].name) == 0 &&
				 strcmp(p->packages[k].version, p->packages[i].version) == 0;
		if (!marks[i] && !twice)
			add_word(to, 'h', name);
	}
}

int hone_share_prepare(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *folder = hone_path_join(dir->root, "build/units");
	hone_auto_free char *path = hone_xasprintf("%s/share.%u", dir->tools, dir->slot);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int error;

	*ret_path = NULL;
	if (hone_share_refused(env))
		return 0;
	add_word(&text, 'd', folder);
	if (dir->ahead) {
		hone_auto_free char *programs = hone_ahead_programs(dir);

		add_word(&text, 'p', programs);
	}
	add_identity(env, &text);
	if (env->profiles->asked)
		add_word(&text, 't', "");
	else
		add_host_packages(env->project, &text);
	for (size_t i = 0; i < plan->graph.n; i++)
		add_word(&text, 'f', plan->graph.v[i]);
	error = hone_fs_write_cache(path, hone_buf_view(&text), 0666, err);
	if (!error)
		*ret_path = HONE_TAKE(path);
	return error;
}
