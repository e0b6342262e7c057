/* The workloads of a session's hone.toml, the session of another target that they run, and whether they can be run here. */
#include "session.h"

#include "fs.h"
#include "platform.h"
#include "workload_file.h"

#include <string.h>

static const struct hone_target *find_bench(const struct hone_package *p, const char *name)
{
	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_BENCH && strcmp(p->targets[i].name, name) == 0)
			return &p->targets[i];
	return NULL;
}

static int no_bench(
	const struct hone_package *p, const struct hone_workload *w, struct hone_err *err)
{
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;

	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_BENCH)
			hone_buf_addf(&all, "%s%s", all.n ? ", " : "", p->targets[i].name);
	hone_err_set(err, HONE_E_NOT_FOUND, "workload `%s`: package %s has no bench target `%s`",
		w->name, p->name, w->bench);
	return all.n ? hone_err_hint(err, "its bench targets: %s", hone_buf_str(&all))
		     : HONE_E_NOT_FOUND;
}

/* A bench target runs in its package's folder, as `cargo bench` has it. */
static int complete_benches(
	const struct hone_package *p, struct hone_workload *list, size_t n, struct hone_err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct hone_workload *w = &list[i];

		if (!w->bench)
			continue;
		if (!find_bench(p, w->bench))
			return no_bench(p, w, err);
		if (!w->dir)
			w->dir = hone_xstrdup(p->dir);
		hone_strv_pushf(&w->env, "CARGO_MANIFEST_DIR=%s", p->dir);
	}
	return 0;
}

/* Of the same file those that name another target of the session. */
static int add_of_others(const struct hone_session *s, const char *path, struct hone_workload **all,
	size_t *n, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < s->project->n_others; i++) {
		const char *name = s->project->others[i].target->name;
		hone_auto_free struct hone_workload *more = NULL;
		size_t n_more = 0;

		error = hone_workload_file_read(path, name, &more, &n_more, err);
		for (size_t k = 0; k < n_more; k++) {
			if (!more[k].bin || strcmp(more[k].bin, name) != 0) {
				hone_workload_release(&more[k]);
				continue;
			}
			*all = hone_xrealloc(*all, hone_size_mul(*n + 1, sizeof(**all)));
			(*all)[(*n)++] = more[k];
		}
	}
	return error;
}

int hone_session_workloads(const struct hone_session *s, struct hone_workload **ret, size_t *ret_n,
	struct hone_err *err)
{
	const struct hone_package *p = s->project->package;
	const char *const dirs[] = {p->dir, s->project->workspace_root};

	for (size_t i = 0; i < HONE_COUNT(dirs); i++) {
		hone_auto_free char *path = hone_path_join(dirs[i], HONE_WORKLOAD_FILE);
		int error;

		if (!hone_fs_exists(path))
			continue;
		error = hone_workload_file_read(path, s->project->target->name, ret, ret_n, err);
		if (!error)
			error = add_of_others(s, path, ret, ret_n, err);
		return error ? error : complete_benches(p, *ret, *ret_n, err);
	}
	return 0;
}

void hone_session_for_other(const struct hone_session *s, const struct hone_other *other,
	struct hone_project *project, struct hone_session *ret)
{
	*project = *s->project;
	project->package = other->package;
	project->target = other->target;
	project->made = other->made;
	project->made_alone = false;
	*ret = *s;
	ret->project = project;
	ret->env.project = project;
}

void hone_session_for_bench(const struct hone_session *s, const char *name,
	struct hone_project *project, struct hone_session *ret)
{
	const struct hone_other bench = {
		s->project->package, find_bench(s->project->package, name), HONE_KIND_BENCH};

	hone_session_for_other(s, &bench, project, ret);
}

static bool starts_program(const struct hone_workload *w)
{
	return w->argv.n &&
	       (strcmp(w->argv.v[0], "{bin}") == 0 || strcmp(w->argv.v[0], "{lib}") == 0);
}

static int starts_library(const struct hone_workload *w, const char *name, struct hone_err *err)
{
	hone_err_set(err, HONE_E_USAGE,
		"workload `%s` starts the library `%s` itself, which is no program", w->name, name);
	return hone_err_hint(err, "name a program that loads it, with {lib} where it takes the "
				  "library's path: 'python3 use.py {lib}'");
}

bool hone_session_is_library(const struct hone_session *s)
{
	return s->project->target && hone_target_kind_is_library(s->project->made);
}

int hone_session_can_run(const struct hone_session *s, const struct hone_workload *list, size_t n,
	struct hone_err *err)
{
	const char *triple = hone_session_triple(s);

	for (size_t i = 0; hone_session_is_library(s) && i < n; i++)
		if (!list[i].bench && starts_program(&list[i]))
			return starts_library(&list[i], s->project->target->name, err);
	if (hone_platform_of(triple, s->toolchain->host).runs_here)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (!starts_program(&list[i]))
			continue;
		hone_err_set(err, HONE_E_USAGE,
			"workload `%s` starts the program itself, and one for %s does not run here "
			"(%s)",
			list[i].name, triple, s->toolchain->host);
		if (hone_platform_of(triple, NULL).object == HONE_OBJECT_WASM)
			return hone_err_hint(err, "name a runtime in the command: 'wasmtime run "
						  "{bin} ARGS'; without a "
						  "workload sizes alone are compared");
		return hone_err_hint(err,
			"name an emulator in the command: 'qemu-%s {bin} ARGS'; without a "
			"workload sizes alone are compared",
			hone_platform_of(triple, NULL).machine);
	}
	return 0;
}
