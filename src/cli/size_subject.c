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

/* How files are to be read: the packages as symbols name them, and whether symbols are wanted. */
struct how {
	HONE_VEC(struct hone_size_package) packages;
	struct hone_strv names; /* what packages points to */
	bool headers_only;
};

static void how_release(struct how *how)
{
	hone_vec_release(&how->packages);
	hone_strv_release(&how->names);
}

static void add_crate(struct how *how, const char *name, const struct hone_package *package)
{
	char *crate = hone_xstrdup(name);

	for (char *c = crate; *c; c++)
		if (*c == '-')
			*c = '_';
	for (size_t i = 0; i < how->packages.n; i++)
		if (strcmp(how->packages.v[i].crate, crate) == 0 &&
			strcmp(how->packages.v[i].version, package->version) == 0) {
			free(crate);
			return;
		}
	hone_strv_take(&how->names, crate);
	hone_vec_push(&how->packages,
		(struct hone_size_package){crate, package->version, package->member});
}

static void read_packages(const struct hone_project *project, struct how *how)
{
	for (size_t i = 0; project && i < project->n_packages; i++) {
		const struct hone_package *package = &project->packages[i];

		add_crate(how, package->name, package);
		for (size_t k = 0; k < package->n_targets; k++) {
			const char *kind = package->targets[k].kind;
			bool linked = strcmp(kind, "lib") == 0 || strcmp(kind, "rlib") == 0 ||
				      strcmp(kind, "bin") == 0 || strcmp(kind, "example") == 0 ||
				      strcmp(kind, "cdylib") == 0 || strcmp(kind, "staticlib") == 0;

			if (linked)
				add_crate(how, package->targets[k].name, package);
		}
	}
}

/* Names and versions as Cargo.lock has them, without asking cargo; a package without a source is the
 * user's own. A lock file that is missing or broken only costs the rows their versions. */
static void read_lock(const char *path, struct how *how)
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
		hone_strv_take(&how->names, package.version);
		add_crate(how, package.name, &package);
		free(package.name);
	}
	hone_toml_free(doc);
}

/* The lock file of the project that a folder lies in: in it or in the nearest one above. */
static void find_lock(const char *start, struct how *how)
{
	char *dir = hone_path_absolute(start);

	for (;;) {
		hone_auto_free char *lock = hone_path_join(dir, "Cargo.lock");
		char *above;

		if (hone_fs_exists(lock)) {
			read_lock(lock, how);
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

static int open_model(const struct how *how, const char *path, const char *twin, const char *name,
	struct hone_size_subject *ret, struct hone_err *err)
{
	struct hone_size_opts opts = {.twin = twin,
		.packages = how->packages.v,
		.n_packages = how->packages.n,
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
	const struct hone_build_watch *watch, const struct how *how, const char *name,
	struct hone_artifact **a, struct hone_size_subject *ret, struct hone_err *err)
{
	hone_auto_err struct hone_err no_fit = HONE_ERR_INIT;
	hone_auto_free char *twin = hone_xasprintf("%s.unstripped", (*a)->path);
	int error;

	if (hone_fs_exists(twin) && open_model(how, (*a)->path, twin, name, ret, &no_fit) == 0)
		return 0;
	hone_artifact_free(*a);
	*a = NULL;
	free(twin);
	twin = NULL;
	error = hone_twin_make(plan, &s->env, &s->dir, watch, a, &twin, err);
	if (error)
		return error;
	return open_model(how, (*a)->path, twin, name, ret, err);
}

static int build(struct hone_cli *cli, struct hone_session *s, const char *name,
	const struct how *how, size_t at, size_t n, struct hone_size_subject *ret,
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
		if (!error && a->is_elf && !a->elf.has_symtab && !how->headers_only)
			error = open_stripped(s, plan, &watch, how, name, &a, ret, err);
		else if (!error)
			error = open_model(how, a->path, NULL, name, ret, err);
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
	const char *twin, bool headers_only, struct hone_size_subject *ret, struct hone_err *err)
{
	struct hone_session s = {.dir = {.lock_fd = -1}};
	struct how how = {.headers_only = headers_only};
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
		read_packages(s.project, &how);
	} else if (!error) {
		hone_auto_free char *dir =
			hone_path_dir(cli->cargo.manifest_path ? cli->cargo.manifest_path : "./x");

		find_lock(dir, &how);
	}
	for (size_t i = 0; !error && i < n; i++) {
		const char *name = names[i] ? names[i] : "baseline";

		if (is_file(names[i]))
			error = open_model(&how, name, twin, name, &ret[i], err);
		else
			error = build(cli, &s, name, &how, i + 1, n, &ret[i], err);
	}
	how_release(&how);
	if (builds && s.project)
		hone_session_close(&s);
	for (size_t i = 0; error && i < n; i++)
		hone_size_subject_release(&ret[i]);
	return error;
}
