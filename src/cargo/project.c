#include "project.h"

#include "build_target.h"
#include "fs.h"
#include "package_spec.h"
#include "proc.h"
#include "stock_rustc.h"

#include <jansson.h>
#include <string.h>

#define METADATA_LIMIT ((size_t)512 << 20)
#define METADATA_NS (1800 * HONE_NS_PER_S) /* it may download the index and every package */

void hone_cargo_opts_release(struct hone_cargo_opts *o)
{
	free(o->manifest_path);
	free(o->package);
	free(o->example);
	free(o->target);
	free(o->target_dir);
	free(o->jobs);
	free(o->profile);
	free(o->crate_type);
	hone_strv_release(&o->bin);
	hone_strv_release(&o->features);
	hone_strv_release(&o->config);
	*o = (struct hone_cargo_opts){0};
}

static void option(struct hone_strv *argv, const char *name, const char *value)
{
	if (!value)
		return;
	hone_strv_push(argv, name);
	hone_strv_push(argv, value);
}

/* What `cargo metadata` takes, too. */
static void shared_args(const struct hone_cargo_opts *o, struct hone_strv *argv)
{
	option(argv, "--manifest-path", o->manifest_path);
	for (size_t i = 0; i < o->features.n; i++)
		option(argv, "--features", o->features.v[i]);
	if (o->all_features)
		hone_strv_push(argv, "--all-features");
	if (o->no_default_features)
		hone_strv_push(argv, "--no-default-features");
	if (o->locked)
		hone_strv_push(argv, "--locked");
	if (o->offline)
		hone_strv_push(argv, "--offline");
	if (o->frozen)
		hone_strv_push(argv, "--frozen");
	for (size_t i = 0; i < o->config.n; i++)
		option(argv, "--config", o->config.v[i]);
}

void hone_cargo_opts_args(const struct hone_cargo_opts *o, struct hone_strv *argv)
{
	shared_args(o, argv);
	option(argv, "--target", o->target);
}

/* The member of a JSON object as a copied string, or NULL when it is missing or no string. */
static char *text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_string(value) ? hone_xstrdup(json_string_value(value)) : NULL;
}

static void texts_of(const json_t *object, const char *key, struct hone_strv *ret)
{
	const json_t *list = json_object_get(object, key), *item;
	size_t i;
	json_array_foreach(list, i, item)
	{
		if (json_is_string(item))
			hone_strv_push(ret, json_string_value(item));
	}
}

static int shape_error(struct hone_err *err, const char *what)
{
	return hone_err_set(err, HONE_E_UNSUPPORTED,
		"`cargo metadata` printed something that hone does not understand: %s", what);
}

static int read_target(const json_t *j, struct hone_target *t, struct hone_err *err)
{
	const json_t *kinds = json_object_get(j, "kind");
	const char *kind = json_string_value(json_array_get(kinds, 0));
	t->name = text_of(j, "name");
	t->kind = hone_target_kind_parse(kind);
	t->src_path = text_of(j, "src_path");
	texts_of(j, "crate_types", &t->crate_types);
	texts_of(j, "required-features", &t->required_features);
	if (!t->name || !kind || !t->src_path)
		return shape_error(err, "a target without name, kind or src_path");
	return 0;
}

static int read_package(const json_t *j, struct hone_package *p, struct hone_err *err)
{
	const json_t *targets = json_object_get(j, "targets"), *item;
	size_t i;
	p->id = text_of(j, "id");
	p->name = text_of(j, "name");
	p->version = text_of(j, "version");
	p->manifest_path = text_of(j, "manifest_path");
	p->source = text_of(j, "source");
	p->rust_version = text_of(j, "rust_version");
	p->default_run = text_of(j, "default_run");
	p->edition = text_of(j, "edition");
	if (!p->id || !p->name || !p->version || !p->manifest_path || !json_is_array(targets))
		return shape_error(
			err, "a package without id, name, version, manifest_path or targets");
	p->dir = hone_path_dir(p->manifest_path);
	p->n_declared = json_array_size(json_object_get(j, "dependencies"));
	p->targets = hone_xcalloc(json_array_size(targets) + 1, sizeof(*p->targets));
	json_array_foreach(targets, i, item)
	{
		p->n_targets++;
		int rc = read_target(item, &p->targets[i], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct hone_package *)a)->id, ((const struct hone_package *)b)->id);
}

/* packages are sorted by id. */
static struct hone_package *find_id(const struct hone_project *p, const char *id)
{
	size_t low = 0, high = p->n_packages;
	while (id && low < high) {
		size_t middle = low + (high - low) / 2;
		int c = strcmp(p->packages[middle].id, id);
		if (c == 0)
			return &p->packages[middle];
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct hone_package *hone_project_find_id(const struct hone_project *p, const char *id)
{
	return find_id(p, id);
}

static void mark_members(struct hone_project *p, const json_t *root)
{
	const json_t *item;
	size_t i;
	json_array_foreach(json_object_get(root, "workspace_members"), i, item)
	{
		struct hone_package *package = find_id(p, json_string_value(item));
		if (package)
			package->member = true;
	}
	json_array_foreach(json_object_get(root, "workspace_default_members"), i, item)
	{
		struct hone_package *package = find_id(p, json_string_value(item));
		if (package)
			package->default_member = true;
	}
}

static unsigned char dep_kinds(const json_t *dep)
{
	unsigned kinds = 0;
	const json_t *item;
	size_t i;
	json_array_foreach(json_object_get(dep, "dep_kinds"), i, item)
	{
		const char *kind = json_string_value(json_object_get(item, "kind"));
		kinds |= !kind                        ? HONE_DEP_NORMAL
			 : strcmp(kind, "build") == 0 ? HONE_DEP_BUILD
						      : HONE_DEP_DEV;
	}
	return (unsigned char)kinds;
}

static void read_graph(struct hone_project *p, const json_t *root)
{
	const json_t *nodes = json_object_get(json_object_get(root, "resolve"), "nodes"), *node,
		     *dep;
	size_t i, k;
	p->graph = json_is_array(nodes);
	json_array_foreach(nodes, i, node)
	{
		const json_t *deps = json_object_get(node, "deps");
		struct hone_package *package =
			find_id(p, json_string_value(json_object_get(node, "id")));
		if (!package || package->deps)
			continue;
		texts_of(node, "features", &package->features);
		package->deps = hone_xcalloc(json_array_size(deps) + 1, sizeof(*package->deps));
		package->dep_kinds = hone_xcalloc(json_array_size(deps) + 1, 1);
		json_array_foreach(deps, k, dep)
		{
			const struct hone_package *on =
				find_id(p, json_string_value(json_object_get(dep, "pkg")));
			if (!on)
				continue;
			package->dep_kinds[package->n_deps] = dep_kinds(dep);
			package->deps[package->n_deps++] = (size_t)(on - p->packages);
		}
	}
}

static int read_project(const json_t *root, const struct hone_cargo_opts *opts,
	struct hone_project *p, struct hone_err *err)
{
	const json_t *packages = json_object_get(root, "packages"), *item;
	size_t i;
	p->workspace_root = text_of(root, "workspace_root");
	p->target_dir = text_of(root, "target_directory");
	p->build_dir = text_of(root, "build_directory");
	if (!p->workspace_root || !p->target_dir || !json_is_array(packages))
		return shape_error(err, "no workspace_root, target_directory or packages");
	p->root_manifest = hone_path_join(p->workspace_root, "Cargo.toml");
	/* Without a build-dir of its own, cargo tells the target directory a second time. */
	if (p->build_dir && strcmp(p->build_dir, p->target_dir) == 0) {
		free(p->build_dir);
		p->build_dir = NULL;
	}
	if (opts->target_dir) {
		free(p->target_dir);
		p->target_dir = hone_path_absolute(opts->target_dir);
	}
	p->packages = hone_xcalloc(json_array_size(packages) + 1, sizeof(*p->packages));
	json_array_foreach(packages, i, item)
	{
		p->n_packages++;
		int rc = read_package(item, &p->packages[i], err);
		if (rc < 0)
			return rc;
	}
	qsort(p->packages, p->n_packages, sizeof(*p->packages), by_id);
	mark_members(p, root);
	read_graph(p, root);
	hone_auto_free char *lock = hone_path_join(p->workspace_root, "Cargo.lock");
	p->has_lock = hone_fs_exists(lock);
	return 0;
}

/* Cargo's own words: from its "error: " on, without that prefix; warnings before it are dropped. */
static int cargo_refused(const struct hone_proc_result *res, struct hone_err *err)
{
	hone_auto_free char *text = hone_view_dup(hone_view_trim(hone_buf_view(&res->err)));
	hone_auto_free char *how = hone_proc_how_ended(res);
	const char *words = text;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (hone_starts(line, "error: ")) {
			words = line + 7;
			break;
		}
	}
	enum hone_code code = hone_starts(words, "could not find `Cargo.toml`") ? HONE_E_NOT_FOUND
										: HONE_E_FAILED;
	if (!words[0])
		return hone_err_set(err, code, "cargo metadata: %s", how);
	hone_err_set(err, code, "%s", words);
	if (code == HONE_E_NOT_FOUND)
		hone_err_hint(err, "go to the folder of a Cargo project, or give --manifest-path");
	return code;
}

/* Whom cargo metadata is asked with. */
struct asked {
	const struct hone_cargo_opts *opts;
	const struct hone_toolchain *tc;
	struct hone_config *config; /* NULL: it cannot be read, which cargo says itself */
};

/* extra: further arguments, or NULL. */
static int run_metadata(const struct asked *a, const char *const *extra,
	struct hone_project **ret_project, struct hone_err *err)
{
	const struct hone_cargo_opts *opts = a->opts;
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_strv_push(&argv, a->tc->cargo);
	hone_strv_push(&argv, "metadata");
	hone_strv_push(&argv, "--format-version=1");
	hone_strv_push(&argv, "--color=never");
	shared_args(opts, &argv);
	hone_strv_append(&argv, extra);

	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;

	hone_stock_rustc_env(a->config, a->tc, &env);
	struct hone_proc_spec spec = {.argv = hone_strv_argv(&argv),
		.env = hone_strv_argv(&env),
		.limit = METADATA_LIMIT,
		.deadline_ns = METADATA_NS};
	int rc = hone_proc_run(&spec, &res, err);
	if (rc < 0)
		return rc;
	if (res.exit_code == 0 && res.out_truncated)
		return hone_err_set(err, HONE_E_LIMIT,
			"`cargo metadata` printed more than %zu bytes", METADATA_LIMIT);
	if (!hone_proc_succeeded(&res))
		return cargo_refused(&res, err);

	json_error_t where;
	json_t *root = json_loadb(res.out.p ? res.out.p : "", res.out.n, 0, &where);
	if (!root)
		return shape_error(err, where.text);
	struct hone_project *p = HONE_NEW(struct hone_project);
	rc = read_project(root, opts, p, err);
	json_decref(root);
	if (rc < 0) {
		hone_project_free(p);
		return rc;
	}
	*ret_project = p;
	return 0;
}

/* The triple that cargo builds for, the first of several. What is wrong with the config cargo says itself. */
static char *find_platform(const struct asked *a)
{
	struct hone_build_targets targets = {0};
	char *platform;

	(void)hone_build_targets_asked(a->config, a->opts, a->tc->host, &targets, NULL);
	platform = hone_xstrdup(targets.triples.n ? targets.triples.v[0] : a->tc->host);
	hone_build_targets_release(&targets);
	return platform;
}

static int load(const struct asked *a, bool with_graph, bool may_lock,
	struct hone_project **ret_project, struct hone_err *err)
{
	const char *const members_only[] = {"--no-deps", NULL};
	/* The platform decides what is downloaded: what cargo build would, and no more. */
	hone_auto_free char *platform = find_platform(a);
	bool keep_lock = !may_lock && !a->opts->locked && !a->opts->frozen;
	const char *const whole[] = {
		"--filter-platform", platform, keep_lock ? "--locked" : NULL, NULL};
	struct hone_err why = HONE_ERR_INIT;
	struct hone_project *members;
	int rc;

	if (!with_graph)
		return run_metadata(a, members_only, ret_project, err);
	rc = run_metadata(a, whole, ret_project, &why);
	if (rc == 0)
		return 0;
	if (rc == HONE_E_INTERRUPTED || may_lock)
		return hone_err_move(err, &why);
	/* The lock file would have to be made or changed first, which is not this command's business:
	 * the members alone, unless the user asked for what does not hold. */
	rc = run_metadata(a, members_only, &members, err);
	if (rc == 0 && members->has_lock && !keep_lock) {
		hone_project_free(members);
		return hone_err_move(err, &why);
	}
	if (rc == 0) {
		members->graph_why = hone_xstrndup(why.msg, strcspn(why.msg, "\n"));
		*ret_project = members;
	}
	hone_err_release(&why);
	return rc;
}

int hone_project_load(const struct hone_cargo_opts *opts, const struct hone_toolchain *tc,
	bool with_graph, bool may_lock, struct hone_project **ret_project, struct hone_err *err)
{
	struct asked a = {.opts = opts, .tc = tc};
	int error;

	(void)hone_config_load(NULL, &opts->config, tc->cargo_minor, &a.config, NULL);
	error = load(&a, with_graph, may_lock, ret_project, err);
	hone_config_free(a.config);
	return error;
}

void hone_project_free(struct hone_project *p)
{
	if (!p)
		return;
	free(p->others);
	for (size_t i = 0; i < p->n_packages; i++) {
		struct hone_package *package = &p->packages[i];
		for (size_t k = 0; k < package->n_targets; k++) {
			struct hone_target *t = &package->targets[k];
			free(t->name);
			free(t->src_path);
			hone_strv_release(&t->crate_types);
			hone_strv_release(&t->required_features);
		}
		free(package->targets);
		free(package->deps);
		free(package->dep_kinds);
		hone_strv_release(&package->features);
		free(package->id);
		free(package->name);
		free(package->version);
		free(package->manifest_path);
		free(package->dir);
		free(package->source);
		free(package->rust_version);
		free(package->default_run);
		free(package->edition);
	}
	free(p->packages);
	free(p->workspace_root);
	free(p->root_manifest);
	free(p->target_dir);
	free(p->build_dir);
	free(p->graph_why);
	free(p);
}
