#include "size_subject.h"

#include "fs.h"
#include "progress.h"
#include "toml_doc.h"
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

/* Packages as symbols name them. */
struct packages {
	HONE_VEC(struct hone_size_package) list;
	struct hone_strv names;
};

static void packages_release(struct packages *p)
{
	hone_vec_release(&p->list);
	hone_strv_release(&p->names);
}

static void add_crate(struct packages *p, const char *name, const struct hone_package *package)
{
	char *crate = hone_xstrdup(name);

	for (char *c = crate; *c; c++)
		if (*c == '-')
			*c = '_';
	for (size_t i = 0; i < p->list.n; i++)
		if (strcmp(p->list.v[i].crate, crate) == 0 &&
			strcmp(p->list.v[i].version, package->version) == 0) {
			free(crate);
			return;
		}
	hone_strv_take(&p->names, crate);
	hone_vec_push(
		&p->list, (struct hone_size_package){crate, package->version, package->member});
}

static void read_packages(const struct hone_project *project, struct packages *p)
{
	for (size_t i = 0; project && i < project->n_packages; i++) {
		const struct hone_package *package = &project->packages[i];

		add_crate(p, package->name, package);
		for (size_t k = 0; k < package->n_targets; k++) {
			const char *kind = package->targets[k].kind;
			bool linked = strcmp(kind, "lib") == 0 || strcmp(kind, "rlib") == 0 ||
				      strcmp(kind, "bin") == 0 || strcmp(kind, "example") == 0 ||
				      strcmp(kind, "cdylib") == 0 || strcmp(kind, "staticlib") == 0;

			if (linked)
				add_crate(p, package->targets[k].name, package);
		}
	}
}

/* Names and versions as Cargo.lock has them, without asking cargo; a package without a source is the
 * user's own. A lock file that is missing or broken only costs the rows their versions. */
static void read_lock(const char *path, struct packages *p)
{
	struct hone_toml *doc = NULL;
	const struct hone_toml_node *list, *entry;

	if (hone_toml_read(path, HONE_TOML_1_1, &doc, NULL, NULL) < 0)
		return;
	list = hone_toml_get(hone_toml_root(doc), "package");
	for (size_t i = 0; (entry = hone_toml_at(list, i)); i++) {
		struct hone_view name, version;
		struct hone_package package = {0};

		if (!hone_toml_string(hone_toml_get(entry, "name"), &name) ||
			!hone_toml_string(hone_toml_get(entry, "version"), &version))
			continue;
		package.name = hone_view_dup(name);
		package.version = hone_view_dup(version);
		package.member = !hone_toml_get(entry, "source");
		hone_strv_take(&p->names, package.version);
		add_crate(p, package.name, &package);
		free(package.name);
	}
	hone_toml_free(doc);
}

/* The lock file of the project that a folder lies in: in it or in the nearest one above. */
static void find_lock(const char *start, struct packages *p)
{
	char *dir = hone_path_absolute(start);

	for (;;) {
		hone_auto_free char *lock = hone_path_join(dir, "Cargo.lock");
		char *above;

		if (hone_fs_exists(lock)) {
			read_lock(lock, p);
			break;
		}
		above = hone_path_dir(dir);
		if (strcmp(above, dir) == 0) {
			free(above);
			break;
		}
		free(dir);
		dir = above;
	}
	free(dir);
}

static int open_model(const struct packages *p, const char *path, const char *twin,
	const char *name, struct hone_size_subject *ret, struct hone_err *err)
{
	struct hone_size_opts opts = {.twin = twin, .packages = p->list.v, .n_packages = p->list.n};
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
	const struct hone_build_watch *watch, const struct packages *packages, const char *name,
	struct hone_artifact **a, struct hone_size_subject *ret, struct hone_err *err)
{
	hone_auto_err struct hone_err no_fit = HONE_ERR_INIT;
	hone_auto_free char *twin = hone_xasprintf("%s.unstripped", (*a)->path);
	int error;

	if (hone_fs_exists(twin) && open_model(packages, (*a)->path, twin, name, ret, &no_fit) == 0)
		return 0;
	hone_artifact_free(*a);
	*a = NULL;
	free(twin);
	twin = NULL;
	error = hone_twin_make(plan, &s->env, &s->dir, watch, a, &twin, err);
	if (error)
		return error;
	return open_model(packages, (*a)->path, twin, name, ret, err);
}

static int build(struct hone_cli *cli, struct hone_session *s, const char *name,
	const struct packages *packages, size_t at, size_t n, struct hone_size_subject *ret,
	struct hone_err *err)
{
	static const struct hone_strv no_training = HONE_STRV_INIT;
	struct hone_candidates list = {0};
	struct hone_plan *plan = NULL;
	struct hone_artifact *a = NULL;
	struct hone_progress progress = {0};
	struct hone_build_watch watch;
	struct hone_build_estimate estimate;
	int error = hone_session_candidates(&name, 1, false, &list, err);

	if (!error)
		error = hone_session_plan(cli, s, list.v[0], &plan, err);
	if (!error)
		error = hone_train_with_options(cli, s, plan, &no_training, err);
	if (!error)
		error = hone_build_estimate(&s->env, &s->dir, &plan, 1, &estimate, err);
	if (!error) {
		hone_progress_announce(&progress, &cli->out, &estimate, s->dir.root);
		hone_progress_start(&progress, &cli->out, name, at, n);
		watch = hone_progress_watch(&progress);
		error = hone_artifact_build(plan, &s->env, &s->dir, NULL, &watch, &a, err);
		if (!error && a->is_elf && !a->elf.has_symtab)
			error = open_stripped(s, plan, &watch, packages, name, &a, ret, err);
		else if (!error)
			error = open_model(packages, a->path, NULL, name, ret, err);
		hone_out_live_clear(&cli->out);
	}
	if (!error) {
		hone_progress_done(&progress, a);
		error = hone_artifact_finish(a, err);
	}
	hone_artifact_free(a);
	hone_plan_free(plan);
	hone_candidates_release(&list);
	return error;
}

int hone_size_subjects_open(struct hone_cli *cli, const char *const *names, size_t n,
	const char *twin, struct hone_size_subject *ret, struct hone_err *err)
{
	struct hone_session s = {.dir = {.lock_fd = -1}};
	struct packages packages = {0};
	bool builds = false;
	int error = 0;

	for (size_t i = 0; i < n; i++) {
		builds |= !is_file(names[i]);
		ret[i] = (struct hone_size_subject){0};
	}
	if (twin && (n != 1 || builds))
		return hone_err_set(err, HONE_E_USAGE,
			"--twin goes with one file; a candidate's twin is made by hone itself");
	if (builds)
		error = hone_session_open(cli, HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s, err);
	if (!error && builds) {
		read_packages(s.project, &packages);
	} else if (!error) {
		hone_auto_free char *dir =
			hone_path_dir(cli->cargo.manifest_path ? cli->cargo.manifest_path : "./x");

		find_lock(dir, &packages);
	}
	for (size_t i = 0; !error && i < n; i++) {
		const char *name = names[i] ? names[i] : "baseline";

		if (is_file(names[i]))
			error = open_model(&packages, name, twin, name, &ret[i], err);
		else
			error = build(cli, &s, name, &packages, i + 1, n, &ret[i], err);
	}
	packages_release(&packages);
	if (builds && s.project)
		hone_session_close(&s);
	for (size_t i = 0; error && i < n; i++)
		hone_size_subject_release(&ret[i]);
	return error;
}
