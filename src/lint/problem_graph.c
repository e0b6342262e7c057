/* Problems that the graph of packages shows. */
#include "artifact_kind.h"
#include "fs.h"
#include "problem_impl.h"

#include <string.h>

/* Has the package a program that `cargo install` can get from a registry? Then the profile of its own manifest counts
 * there: it is packed, and the workspace's is not. */
static bool is_installable(const struct hone_package *package, const struct hone_toml *doc)
{
	const struct hone_toml_node *publish =
		hone_toml_get(hone_toml_get(hone_toml_root(doc), "package"), "publish");
	bool has_program = false, published = true;

	for (size_t i = 0; i < package->n_targets; i++)
		has_program |= package->targets[i].kind == HONE_KIND_BIN;
	if (publish && !hone_toml_bool(publish, &published))
		published = hone_toml_type(publish) != HONE_TOML_ARRAY || hone_toml_count(publish);
	return has_program && published;
}

/* [profile] in the manifest of a package that is not the workspace's root. */
static int find_ignored_in(
	struct hone_finder *f, const struct hone_package *package, struct hone_err *err)
{
	struct hone_toml *doc = NULL;
	const struct hone_toml_node *node;
	const char *root = f->in->project->root_manifest;
	int code = hone_toml_read(package->manifest_path, HONE_TOML_1_1, &doc, NULL, err);

	if (code)
		return code;
	node = hone_toml_get(hone_toml_root(doc), "profile");
	for (size_t i = 0; node && i < hone_toml_count(node); i++) {
		const struct hone_toml_node *table = hone_toml_at(node, i);
		struct hone_view name = hone_toml_key(table);
		hone_auto_free char *where = hone_toml_where(doc, hone_toml_key_pos(table));
		struct hone_problem *p = hone_problem_add(f, "profile-ignored", where,
			"[profile.%.*s] of the %s %s is ignored: only the one in the workspace "
			"root counts",
			(int)name.n, name.p, package->member ? "workspace member" : "dependency",
			package->name);
		if (!package->member)
			hone_problem_remedy(p, "write what is to count in %s", root);
		else if (hone_view_is(name, "release") && is_installable(package, doc))
			hone_problem_remedy(p,
				"copy it to %s; here it counts only for who gets the published "
				"package by cargo install",
				root);
		else
			hone_problem_remedy(p, "move it to %s", root);
	}
	hone_toml_free(doc);
	return 0;
}

static int find_ignored(struct hone_finder *f, struct hone_err *err)
{
	const struct hone_project *p = f->in->project;

	for (size_t i = 0; i < p->n_packages; i++) {
		int code = 0;
		if (!p->packages[i].source &&
			strcmp(p->packages[i].manifest_path, p->root_manifest) != 0)
			code = find_ignored_in(f, &p->packages[i], err);
		if (code)
			return code;
	}
	return 0;
}

/* The name that a spec begins with: foo of foo@1.2, of https://x/foo and of https://x/y#foo@1.2. The
 * caller frees. */
static char *spec_name(const char *spec)
{
	const char *hash = strrchr(spec, '#'), *slash = strrchr(spec, '/');
	const char *from = hash ? hash + 1 : slash ? slash + 1 : spec;

	if (hash && *from >= '0' && *from <= '9') {
		while (hash > spec && hash[-1] != '/')
			hash--;
		return hone_xstrndup(hash, strcspn(hash, "#"));
	}
	return hone_xstrndup(from, strcspn(from, "@:"));
}

static void unmatched(struct hone_finder *f, const struct hone_profile_override *o)
{
	const struct hone_project *project = f->in->project;
	hone_auto_free char *name = spec_name(o->spec);
	hone_auto_buf struct hone_buf versions = HONE_BUF_INIT;
	HONE_VEC(const char *) names = {0};
	struct hone_problem *p;

	for (size_t i = 0; i < project->n_packages; i++) {
		const struct hone_package *package = &project->packages[i];
		if (!strcmp(package->name, name))
			hone_buf_addf(&versions, "%s%s", versions.n ? ", " : "", package->version);
		hone_vec_push(&names, package->name);
	}
	hone_vec_push(&names, NULL);
	if (versions.n) {
		hone_problem_remedy(hone_problem_add(f, "override-unmatched", o->where,
					    "the override for `%s` in profile `%s` means no "
					    "package: %s is there in version "
					    "%s",
					    o->spec, o->profile, name, hone_buf_str(&versions)),
			"[profile.%s.package.%s]", o->profile, name);
	} else {
		const char *near = hone_did_you_mean(name, names.v);
		p = hone_problem_add(f, "override-unmatched", o->where,
			"the override for `%s` in profile `%s` means no package of this project",
			o->spec, o->profile);
		if (near)
			hone_problem_remedy(
				p, "did you mean [profile.%s.package.%s]?", o->profile, near);
		else
			hone_problem_remedy(
				p, "remove [profile.%s.package.\"%s\"]", o->profile, o->spec);
	}
	hone_vec_release(&names);
}

static bool matches_any(const struct hone_project *p, const char *spec)
{
	for (size_t i = 0; i < p->n_packages; i++) {
		bool matches = false;
		if (hone_spec_matches(spec, &p->packages[i], &matches, NULL) || matches)
			return true;
	}
	return false;
}

/* Config files may be shared by many projects: only overrides of the manifest have to match. */
static void find_unmatched(struct hone_finder *f)
{
	const struct hone_profile_set *set = f->in->profiles;

	if (!f->in->project->graph)
		return;
	for (size_t i = 0; i < set->manifest.n; i++)
		for (size_t k = 0; k < set->manifest.v[i]->overrides.n; k++) {
			const struct hone_profile_override *o = &set->manifest.v[i]->overrides.v[k];
			if (strcmp(o->spec, "*") != 0 && !matches_any(f->in->project, o->spec))
				unmatched(f, o);
		}
}

/* "rlib, cdylib and staticlib" */
static void say_list(const struct hone_strv *words, struct hone_buf *out)
{
	for (size_t i = 0; i < words->n; i++)
		hone_buf_addf(out, "%s%s",
			i == 0             ? ""
			: i + 1 < words->n ? ", "
					   : " and ",
			words->v[i]);
}

/* LTO needs all crate types of a target to take part: a cdylib with an rlib beside it gets none. */
static void find_crate_types_of(struct hone_finder *f, const struct hone_package *package)
{
	for (size_t i = 0; i < package->n_targets; i++) {
		const struct hone_target *t = &package->targets[i];
		hone_auto_strv struct hone_strv lost = HONE_STRV_INIT, cause = HONE_STRV_INIT;
		hone_auto_buf struct hone_buf losers = HONE_BUF_INIT, all = HONE_BUF_INIT;
		hone_auto_buf struct hone_buf remedy = HONE_BUF_INIT;
		struct hone_problem *p;

		for (int k = 0; k < HONE_ARTIFACT_NONE; k++) {
			enum hone_artifact_kind kind = (enum hone_artifact_kind)k;

			if (hone_artifact_kind_has_lto(kind) &&
				hone_strv_has(&t->crate_types, hone_artifact_kind_name(kind)))
				hone_strv_push(&lost, hone_artifact_kind_name(kind));
		}
		for (size_t k = 0; k < t->crate_types.n; k++)
			if (!hone_strv_has(&lost, t->crate_types.v[k]))
				hone_strv_push(&cause, t->crate_types.v[k]);
		if (!lost.n || !cause.n)
			continue;
		say_list(&lost, &losers);
		hone_strv_copy(&cause, &lost);
		say_list(&cause, &all);
		for (size_t k = 0; k < lost.n; k++)
			hone_buf_addf(&remedy,
				"%scargo rustc --profile %s -p %s --lib --crate-type %s",
				k ? "\n" : "", f->in->profile, package->name, lost.v[k]);
		p = hone_problem_add(f, "lto-crate-types", package->manifest_path,
			"the library %s is built as %s at once, so that Cargo does no LTO for the "
			"%s, although the profile asks for it",
			t->name, hone_buf_str(&all), hone_buf_str(&losers));
		hone_problem_remedy(p, "%s", hone_buf_str(&remedy));
	}
}

/* The selected package, or without one all that cargo would build. */
static void find_crate_types(struct hone_finder *f)
{
	const struct hone_project *p = f->in->project;
	hone_auto_free char *lto = hone_finder_normal(f, HONE_SET_LTO);

	if (!strcmp(lto, "false") || !strcmp(lto, "off"))
		return;
	if (p->package)
		find_crate_types_of(f, p->package);
	for (size_t i = 0; !p->package && i < p->n_packages; i++)
		if (p->packages[i].default_member)
			find_crate_types_of(f, &p->packages[i]);
}

/* Who in the program depends on this package directly; appended as a list of names. */
static void say_users(
	const struct hone_project *p, size_t index, const bool *in_program, struct hone_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_packages; i++)
		for (size_t k = 0; in_program[i] && k < p->packages[i].n_deps; k++)
			if (p->packages[i].deps[k] == index &&
				(p->packages[i].dep_kinds[k] & HONE_DEP_NORMAL)) {
				if (n < 3)
					hone_buf_addf(out, "%s%s %s", n ? ", " : "",
						p->packages[i].name, p->packages[i].version);
				n++;
				break;
			}
	if (n > 3)
		hone_buf_addf(out, " and %zu more", n - 3);
}

/* The place of a package in Cargo.lock; NULL without one. The caller frees. */
static char *lock_place(const struct hone_toml *lock, const struct hone_package *package)
{
	const struct hone_toml_node *list =
		lock ? hone_toml_get(hone_toml_root(lock), "package") : NULL;

	for (size_t i = 0; list && i < hone_toml_count(list); i++) {
		const struct hone_toml_node *one = hone_toml_at(list, i);
		const struct hone_toml_node *name = hone_toml_get(one, "name");
		const struct hone_toml_node *version = hone_toml_get(one, "version");
		struct hone_view n, v;

		if (name && version && hone_toml_string(name, &n) &&
			hone_toml_string(version, &v) && hone_view_is(n, package->name) &&
			hone_view_is(v, package->version))
			return hone_toml_where(lock, hone_toml_key_pos(version));
	}
	return NULL;
}

/* Only where cargo told what the program consists of: the graph alone has too much. */
static void find_duplicates(struct hone_finder *f)
{
	const struct hone_project *p = f->in->project;
	const bool *in_program = f->in_program;
	hone_auto_free char *path = hone_path_join(p->workspace_root, "Cargo.lock");
	struct hone_toml *lock = NULL;

	if (hone_toml_read(path, HONE_TOML_1_0, &lock, NULL, NULL))
		lock = NULL;
	for (size_t i = 0; i < p->n_packages; i++) {
		const char *name = p->packages[i].name;
		hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
		hone_auto_free char *where = NULL;
		size_t versions = 0;
		bool told = false;

		for (size_t k = 0; k < i; k++)
			told = told || (in_program[k] && !strcmp(p->packages[k].name, name));
		for (size_t k = i; k < p->n_packages && !told && in_program[i]; k++) {
			if (!in_program[k] || strcmp(p->packages[k].name, name) != 0)
				continue;
			hone_buf_addf(&list, "%s%s (for ", versions++ ? ", " : "",
				p->packages[k].version);
			say_users(p, k, in_program, &list);
			hone_buf_addc(&list, ')');
		}
		if (versions < 2)
			continue;
		where = lock_place(lock, &p->packages[i]);
		hone_problem_remedy(hone_problem_add(f, "duplicate-crate", where,
					    "%zu versions of %s are in the program: %s", versions,
					    name, hone_buf_str(&list)),
			"cargo tree -i %s@%s", name, p->packages[i].version);
	}
	hone_toml_free(lock);
}

/* Without the graph nothing is known of dependencies, if there are any. */
static void tell_unseen(struct hone_finder *f)
{
	static const char *const always[] = {
		"duplicate-crate", "override-unmatched", "profile-ignored", "debug-kept", NULL};
	static const char *const of_abort[] = {
		"abort-dylib", "abort-dependencies", "abort-ffi", "abort-catch-unwind", NULL};
	static const char *const duplicates[] = {"duplicate-crate", NULL};
	const struct hone_project *p = f->in->project;
	struct hone_limit *l;
	size_t declared = 0;

	for (size_t i = 0; i < p->n_packages; i++)
		declared += p->packages[i].n_declared;
	if (p->graph && f->in->deep && !f->exact && f->merged->release)
		hone_limit_add(f, "which packages are in the program", duplicates,
			"`cargo tree` did not tell");
	if (p->graph || !declared)
		return;
	l = hone_limit_add(f, "dependencies", always, "%s",
		!p->has_lock   ? "there is no Cargo.lock, and only a build writes one"
		: p->graph_why ? p->graph_why
			       : "they were not asked for");
	for (size_t i = 0; hone_finder_aborts(f) && of_abort[i]; i++)
		hone_strv_push(&l->ids, of_abort[i]);
	l->remedy = hone_xstrdup(p->has_lock ? "cargo metadata" : "cargo generate-lockfile");
}

int hone_find_graph_problems(struct hone_finder *f, struct hone_err *err)
{
	int code = find_ignored(f, err);

	if (code)
		return code;
	find_unmatched(f);
	find_crate_types(f);
	tell_unseen(f);
	if (f->merged->release && f->exact)
		find_duplicates(f);
	return 0;
}
