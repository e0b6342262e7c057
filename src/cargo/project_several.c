/* Several targets at once: --bin more than once, --bins, --examples, --workspace. */
#include "buf.h"
#include "project_library.h"

#include <string.h>

bool hone_project_asks_for_several(const struct hone_cargo_opts *o)
{
	size_t kinds = (o->bin.n > 0) + (o->example != NULL) + (o->lib || o->crate_type);

	return o->bins || o->examples || o->workspace || o->bin.n > 1 || kinds > 1;
}

/* Which targets of a package are meant. */
static bool is_meant(const struct hone_cargo_opts *o, const struct hone_target *t,
	enum hone_target_kind *ret_made)
{
	bool all = o->workspace && !o->bins && !o->examples && !o->bin.n && !o->example && !o->lib;

	*ret_made = t->kind;
	if (t->kind == HONE_KIND_BIN)
		return all || o->bins || hone_strv_has(&o->bin, t->name);
	if (t->kind == HONE_KIND_EXAMPLE)
		return hone_strv_has(&t->crate_types, "bin") &&
		       (o->examples || (o->example && strcmp(o->example, t->name) == 0));
	if (!hone_target_kind_is_library(t->kind) || !(all || o->lib))
		return false;
	/* Of several files of one library the first that is shipped. */
	for (size_t i = 0; i < t->crate_types.n; i++) {
		*ret_made = hone_target_kind_parse(t->crate_types.v[i]);
		if (hone_target_kind_is_shipped(*ret_made))
			return true;
	}
	return false;
}

static void add(struct hone_project *p, const struct hone_package *package,
	const struct hone_target *target, enum hone_target_kind made)
{
	if (!p->target) {
		p->package = package;
		p->target = target;
		p->made = made;
		return;
	}
	p->others = hone_xrealloc(p->others, hone_size_mul(p->n_others + 1, sizeof(*p->others)));
	p->others[p->n_others++] = (struct hone_other){package, target, made};
}

static bool has(const struct hone_project *p, const char *name, enum hone_target_kind kind)
{
	bool found = p->target && p->target->kind == kind && strcmp(p->target->name, name) == 0;

	for (size_t i = 0; i < p->n_others; i++)
		found |= p->others[i].target->kind == kind &&
			 strcmp(p->others[i].target->name, name) == 0;
	return found;
}

/* Results tell artifacts apart by their names. */
static int check_names(const struct hone_project *p, struct hone_err *err)
{
	for (size_t i = 0; i < p->n_others; i++) {
		const struct hone_other *o = &p->others[i];
		bool twice = strcmp(p->target->name, o->target->name) == 0;

		for (size_t k = 0; k < i; k++)
			twice |= strcmp(p->others[k].target->name, o->target->name) == 0;
		if (!twice)
			continue;
		hone_err_set(err, HONE_E_USAGE, "several targets that are meant are called `%s`",
			o->target->name);
		return hone_err_hint(err, "choose with --package, or by name with --bin");
	}
	return 0;
}

int hone_project_select_several(struct hone_project *p, const struct hone_package *only,
	const struct hone_cargo_opts *opts, struct hone_err *err)
{
	if (opts->crate_type)
		return hone_err_set(err, HONE_E_USAGE, "--crate-type is for one library alone");
	p->target = NULL;
	p->n_others = 0;
	for (size_t i = 0; i < p->n_packages; i++) {
		const struct hone_package *package = &p->packages[i];
		bool counts = opts->workspace ? package->member
			      : only          ? package == only
					      : package->default_member;

		for (size_t k = 0; counts && k < package->n_targets; k++) {
			enum hone_target_kind made;

			if (is_meant(opts, &package->targets[k], &made))
				add(p, package, &package->targets[k], made);
		}
	}
	for (size_t i = 0; i < opts->bin.n; i++)
		if (!has(p, opts->bin.v[i], HONE_KIND_BIN))
			return hone_err_set(err, HONE_E_USAGE, "no bin target named `%s`%s%s%s",
				opts->bin.v[i], only ? " in `" : " in default-run packages",
				only ? only->name : "", only ? "` package" : "");
	if (!p->target)
		return hone_err_set(err, HONE_E_FAILED,
			"there is nothing to build: no target is what the options ask for");
	return check_names(p, err);
}
