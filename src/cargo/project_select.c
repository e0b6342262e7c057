#include "buf.h"
#include "package_spec.h"
#include "project.h"
#include "project_library.h"

#include <string.h>

int hone_spec_matches(
	const char *spec, const struct hone_package *p, bool *ret_matches, struct hone_err *err)
{
	struct hone_spec want, id;
	int rc = hone_spec_parse(spec, &want, err);
	if (rc < 0)
		return rc;
	rc = hone_spec_parse(p->id, &id, err);
	if (rc == 0) {
		*ret_matches = hone_spec_covers(&want, p->name, p->version, &id);
		hone_spec_release(&id);
	}
	hone_spec_release(&want);
	return rc;
}

/* One binary or example that could be meant. */
struct choice {
	const struct hone_package *package;
	const struct hone_target *target;
};

struct choices {
	struct choice *v;
	size_t n, cap;
};

/* Appends the targets of one kind: of this package, or (NULL) of all default members. */
static void collect(const struct hone_project *p, const struct hone_package *only,
	enum hone_target_kind kind, struct choices *all)
{
	for (size_t i = 0; i < p->n_packages; i++) {
		const struct hone_package *package = &p->packages[i];
		if (only ? package != only : !package->default_member)
			continue;
		for (size_t k = 0; k < package->n_targets; k++)
			if (package->targets[k].kind == kind)
				hone_vec_push(all, (struct choice){package, &package->targets[k]});
	}
}

/* The sorted names, as `a`, `b`; and as a list for "did you mean". */
static char *names_of(const struct choices *all, struct hone_strv *ret_names)
{
	struct hone_buf text = HONE_BUF_INIT;
	for (size_t i = 0; i < all->n; i++)
		if (!hone_strv_has(ret_names, all->v[i].target->name))
			hone_strv_push(ret_names, all->v[i].target->name);
	hone_strv_sort(ret_names);
	for (size_t i = 0; i < ret_names->n; i++)
		hone_buf_addf(&text, "%s%s", i ? ", " : "", ret_names->v[i]);
	return hone_buf_detach(&text);
}

static int find_package(const struct hone_project *p, const char *spec,
	const struct hone_package **ret_package, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	const struct hone_package *found = NULL;
	for (size_t i = 0; i < p->n_packages; i++) {
		const struct hone_package *package = &p->packages[i];
		bool matches = false;
		if (!package->member)
			continue;
		hone_strv_push(&names, package->name);
		if (hone_spec_matches(spec, package, &matches, &why) < 0)
			return hone_err_set(err, HONE_E_USAGE, "--package %s: %s", spec, why.msg);
		if (!matches)
			continue;
		if (found)
			return hone_err_set(err, HONE_E_USAGE,
				"specification `%s` is ambiguous: it means %s and %s", spec,
				found->id, package->id);
		found = package;
	}
	if (!found) {
		const char *near = hone_did_you_mean(spec, hone_strv_argv(&names));
		hone_err_set(err, HONE_E_USAGE, "package(s) `%s` not found in workspace `%s`", spec,
			p->workspace_root);
		if (near)
			hone_err_hint(err, "a package with a similar name exists: `%s`", near);
		return HONE_E_USAGE;
	}
	*ret_package = found;
	return 0;
}

/* "in `app` package" or, when nobody named one, cargo's "in default-run packages". */
static char *scope_of(const struct hone_package *only)
{
	return only ? hone_xasprintf("in `%s` package", only->name)
		    : hone_xstrdup("in default-run packages");
}

/* --bin NAME or --example NAME. */
static int choose_named(const struct hone_project *p, const struct hone_package *only,
	enum hone_target_kind type, const char *name, struct choice *ret_choice,
	struct hone_err *err)
{
	const char *kind = hone_target_kind_name(type);
	struct choices all = {0};
	const struct choice *found = NULL, *second = NULL;
	collect(p, only, type, &all);
	for (size_t i = 0; i < all.n; i++) {
		if (strcmp(all.v[i].target->name, name) != 0)
			continue;
		second = found;
		found = &all.v[i];
	}
	int rc = 0;
	if (found && second) {
		hone_err_set(err, HONE_E_USAGE, "several packages have a %s named `%s`: %s and %s",
			kind, name, second->package->name, found->package->name);
		rc = hone_err_hint(err, "choose one with --package %s", found->package->name);
	} else if (found) {
		*ret_choice = *found;
	} else {
		hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
		hone_auto_free char *list = names_of(&all, &names);
		hone_auto_free char *scope = scope_of(only);
		const char *near = hone_did_you_mean(name, hone_strv_argv(&names));
		rc = hone_err_set(
			err, HONE_E_USAGE, "no %s target named `%s` %s", kind, name, scope);
		if (near)
			hone_err_hint(err, "a target with a similar name exists: `%s`", near);
		else if (all.n)
			hone_err_hint(err, "available %s targets: %s", kind, list);
		for (size_t i = 0; i < p->n_packages; i++)
			for (size_t k = 0; k < p->packages[i].n_targets; k++)
				if (p->packages[i].member && &p->packages[i] != only &&
					p->packages[i].targets[k].kind == type &&
					strcmp(p->packages[i].targets[k].name, name) == 0)
					hone_err_hint(err,
						"package `%s` has it: --package %s --%s %s",
						p->packages[i].name, p->packages[i].name, kind,
						name);
	}
	hone_vec_release(&all);
	return rc;
}

/* The binary named by default-run, when exactly one of the packages has that key. */
static const char *default_run(const struct hone_project *p, const struct hone_package *only)
{
	const char *found = NULL;
	for (size_t i = 0; i < p->n_packages; i++) {
		const struct hone_package *package = &p->packages[i];
		if (!package->default_run || (only ? package != only : !package->default_member))
			continue;
		if (found)
			return NULL;
		found = package->default_run;
	}
	return found;
}

static int no_binary(
	const struct hone_project *p, const struct hone_package *only, struct hone_err *err)
{
	struct choices libraries = {0}, examples = {0};
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	collect(p, only, HONE_KIND_LIB, &libraries);
	collect(p, only, HONE_KIND_EXAMPLE, &examples);
	hone_auto_free char *list = names_of(&examples, &names);
	const char *of = only ? only->name : p->workspace_root;
	if (libraries.n == 1)
		hone_err_set(err, HONE_E_FAILED,
			"`%s` is a library only: there is no program to build and measure",
			libraries.v[0].package->name);
	else
		hone_err_set(
			err, HONE_E_FAILED, "`%s` has no binary: there is no program to build", of);
	if (examples.n)
		hone_err_hint(err, "an example can stand for it: --example NAME, of %s", list);
	hone_vec_release(&libraries);
	hone_vec_release(&examples);
	return HONE_E_FAILED;
}

/* Nothing was named: default-run, or the only binary; a target of NULL: there is none, but one library. */
static int choose_unnamed(const struct hone_project *p, const struct hone_package *only,
	struct choice *ret_choice, struct hone_err *err)
{
	const char *name = default_run(p, only);
	if (name)
		return choose_named(p, only, HONE_KIND_BIN, name, ret_choice, err);
	struct choices all = {0};
	int rc = 0;
	collect(p, only, HONE_KIND_BIN, &all);
	if (all.n == 1) {
		*ret_choice = all.v[0];
	} else if (all.n == 0 && hone_project_has_one_library(p, only)) {
		*ret_choice = (struct choice){0};
	} else if (all.n == 0) {
		rc = no_binary(p, only, err);
	} else {
		hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
		hone_auto_free char *list = names_of(&all, &names);
		hone_err_set(err, HONE_E_USAGE,
			"could not determine which binary is meant\navailable binaries: %s", list);
		rc = hone_err_hint(
			err, "choose one with --bin NAME, or set the `default-run` manifest key");
	}
	hone_vec_release(&all);
	return rc;
}

int hone_project_select(
	struct hone_project *p, const struct hone_cargo_opts *opts, struct hone_err *err)
{
	const struct hone_package *only = NULL;
	struct choice choice = {0};
	int rc = 0;
	if (opts->crate_type && (opts->bin.n || opts->example))
		return hone_err_set(err, HONE_E_USAGE, "--crate-type is for a library: --lib");
	if (opts->package)
		rc = find_package(p, opts->package, &only, err);
	if (rc < 0)
		return rc;
	if (hone_project_asks_for_several(opts))
		return hone_project_select_several(p, only, opts, err);
	if (opts->lib || opts->crate_type)
		return hone_project_select_library(p, only, opts, err);
	if (opts->bin.n)
		rc = choose_named(p, only, HONE_KIND_BIN, opts->bin.v[0], &choice, err);
	else if (opts->example)
		rc = choose_named(p, only, HONE_KIND_EXAMPLE, opts->example, &choice, err);
	else
		rc = choose_unnamed(p, only, &choice, err);
	if (rc == 0 && !choice.target)
		return hone_project_select_library(p, only, opts, err);
	if (rc < 0)
		return rc;
	if (opts->example && !hone_strv_has(&choice.target->crate_types, "bin"))
		return hone_err_set(err, HONE_E_USAGE,
			"example target `%s` is a library and cannot be executed", opts->example);
	p->package = choice.package;
	p->target = choice.target;
	p->made = choice.target->kind;
	return 0;
}
