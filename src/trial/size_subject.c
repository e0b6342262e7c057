#include "size_subject.h"

#include "estimate.h"
#include "fs.h"
#include "inputs.h"
#include "object.h"
#include "recipes.h"
#include "size_packages.h"
#include "training.h"
#include "twin.h"

#include <string.h>

void hone_size_subject_release(struct hone_size_subject *s)
{
	hone_size_free(s->model);
	free(s->name);
	free(s->path);
	*s = (struct hone_size_subject){0};
}

static bool is_file(const char *name)
{
	return name && (strchr(name, '/') || (hone_fs_exists(name) && !hone_fs_is_dir(name)));
}

/* How files are to be read. */
struct how {
	struct hone_size_packages packages;
	bool headers_only;
};

static int open_model(const struct how *how, const char *path, const char *twin, const char *name,
	struct hone_size_subject *ret, struct hone_err *err)
{
	struct hone_size_opts opts = {.twin = twin,
		.packages = how->packages.v.v,
		.n_packages = how->packages.v.n,
		.headers_only = how->headers_only};
	int error = hone_size_open(path, &opts, &ret->model, err);

	if (error)
		return error;
	ret->name = hone_xstrdup(name);
	ret->path = hone_xstrdup(path);
	return 0;
}

/* The model of a stripped artifact, with names from a twin: one that an earlier command left, when it
 * still fits, else a new one, which costs a link and at most the last unit. */
static int open_stripped(struct hone_session *s, const struct hone_plan *plan,
	const struct how *how, const char *name, struct hone_artifact **a,
	struct hone_size_subject *ret, struct hone_err *err)
{
	hone_auto_err struct hone_err no_fit = HONE_ERR_INIT;
	hone_auto_free char *twin = hone_xasprintf("%s.unstripped", (*a)->path);
	struct hone_build_watch watch = s->events ? s->events->watch : (struct hone_build_watch){0};
	int error;

	if (hone_twin_is_of(twin, *a) && open_model(how, (*a)->path, twin, name, ret, &no_fit) == 0)
		return 0;
	hone_artifact_free(*a);
	*a = NULL;
	free(twin);
	twin = NULL;
	error = hone_twin_make(plan, &s->env, &s->dir, &watch, a, &twin, err);
	if (error)
		return error;
	return open_model(how, (*a)->path, twin, name, ret, err);
}

static int build(struct hone_session *s, const char *name, const struct how *how, size_t at,
	size_t n, struct hone_size_subject *ret, struct hone_err *err)
{
	static const struct hone_strv no_training = HONE_STRV_INIT;
	struct hone_candidates list = {0};
	const struct hone_plan *plan = NULL;
	struct hone_artifact *a = NULL;
	struct hone_build_watch watch;
	struct hone_build_estimate estimate;
	struct hone_recipes recipes = {0};
	int error = hone_recipes_wanted(s, &name, 1, &recipes, err);

	if (!error)
		error = hone_session_candidates(&name, 1, false, 0, &recipes, &list, err);
	hone_recipes_release(&recipes);
	if (!error) {
		hone_session_adapt(s, list.v, list.n);
		error = hone_session_plan(s, list.v[0], &plan, err);
	}
	if (!error)
		error = hone_train_with_options(s, &plan, &no_training, err);
	if (!error)
		error = hone_build_estimate(&s->env, &s->dir, &plan, 1, 1, &estimate, err);
	if (!error) {
		hone_events_planned(s->events, &estimate, s->dir.root);
		watch = hone_events_building(s->events, name, at, n);
		error = hone_artifact_build(plan, &s->env, &s->dir, NULL, &watch, &a, err);
		if (!error && a->is_elf && !a->elf.has_symtab && !how->headers_only &&
			!plan->wasm_opt &&
			!plan->bolt.profile) /* it makes other code, which no twin has */
			error = open_stripped(s, plan, how, name, &a, ret, err);
		else if (!error)
			error = open_model(how, a->path, NULL, name, ret, err);
		hone_events_settled(s->events);
	}
	if (!error) {
		hone_events_built(s->events, a);
		error = hone_artifact_finish(a, err);
	}
	hone_artifact_free(a);
	hone_plan_free(plan);
	hone_candidates_release(&list);
	return error;
}

/* How large the file becomes when it is packed. */
static int pack(struct hone_size_subject *s, const struct hone_events *events, struct hone_err *err)
{
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	struct hone_compress_job *job = NULL;
	struct hone_object_info info = {0};
	bool module =
		hone_object_info_read(s->path, &info, NULL) == 0 && info.format == HONE_OBJECT_WASM;
	int error = hone_fs_read(s->path, HONE_BUF_DEFAULT_LIMIT, &bytes, NULL, err);

	hone_object_info_release(&info);
	if (!error)
		error = hone_compress_start(
			hone_buf_view(&bytes), module ? s->path : NULL, &job, err);
	if (!error)
		error = hone_compress_finish(job, &s->packed, err);
	if (!error && module && !s->packed.brotli)
		hone_compress_say_missing(events);
	return error;
}

int hone_size_subjects_open(const struct hone_cargo_opts *cargo, const struct hone_events *events,
	const struct hone_size_request *r, struct hone_size_subject *ret, struct hone_err *err)
{
	const char *const *names = r->names;
	size_t n = r->n;
	struct hone_session s = HONE_SESSION_INIT;
	struct how how = {.headers_only = r->headers_only};
	bool builds = false;
	int error = 0;

	for (size_t i = 0; i < n; i++) {
		builds |= !is_file(names[i]);
		ret[i] = (struct hone_size_subject){0};
	}
	if (r->twin && (n != 1 || builds))
		return hone_err_set(err, HONE_E_USAGE,
			"--twin goes with one file; a candidate's twin is made by hone itself");
	if (builds)
		error = hone_session_open(cargo, events,
			HONE_SESSION_GRAPH | HONE_SESSION_BUILD |
				(r->no_wait ? HONE_SESSION_NO_WAIT : 0),
			&s, err);
	if (!error && builds) {
		hone_size_packages_of(s.project, &how.packages);
	} else if (!error) {
		hone_auto_free char *dir =
			hone_path_dir(cargo->manifest_path ? cargo->manifest_path : "./x");

		hone_size_packages_find(dir, &how.packages);
	}
	for (size_t i = 0; !error && i < n; i++) {
		const char *name = names[i] ? names[i] : "baseline";

		if (is_file(names[i]))
			error = open_model(&how, name, r->twin, name, &ret[i], err);
		else
			error = build(&s, name, &how, i + 1, n, &ret[i], err);
		if (!error && r->packed)
			error = pack(&ret[i], events, err);
	}
	hone_size_packages_release(&how.packages);
	if (!error && builds)
		error = hone_inputs_check(s.dir.inputs, err);
	if (builds && s.project)
		hone_session_close(&s);
	for (size_t i = 0; error && i < n; i++)
		hone_size_subject_release(&ret[i]);
	return error;
}
