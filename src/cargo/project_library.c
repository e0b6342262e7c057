#include "project_library.h"

#include "buf.h"

/* A library that could be meant. */
struct library {
	const struct hone_package *package;
	const struct hone_target *target;
};

/* How many there are, of this package or (NULL) of all default members; only those with a file for others than Rust
 * programs, if shipped. *ret: the last one. */
static size_t find(const struct hone_project *p, const struct hone_package *only, bool shipped,
	struct library *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_packages; i++) {
		const struct hone_package *package = &p->packages[i];

		if (only ? package != only : !package->default_member)
			continue;
		for (size_t k = 0; k < package->n_targets; k++) {
			const struct hone_target *t = &package->targets[k];
			bool counts = hone_target_kind_is_library(t->kind) && !shipped;

			for (size_t c = 0; hone_target_kind_is_library(t->kind) && !counts &&
					   c < t->crate_types.n;
				c++)
				counts = hone_target_kind_is_shipped(
					hone_target_kind_parse(t->crate_types.v[c]));
			if (!counts)
				continue;
			*ret = (struct library){package, t};
			n++;
		}
	}
	return n;
}

/* The one of its files that is meant, where nobody said which. */
static int choose_file(
	const struct hone_target *t, enum hone_target_kind *ret_made, struct hone_err *err)
{
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;
	const char *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < t->crate_types.n; i++) {
		enum hone_target_kind kind = hone_target_kind_parse(t->crate_types.v[i]);

		if (!hone_target_kind_is_shipped(kind))
			continue;
		hone_buf_addf(&all, "%s%s", n++ ? ", " : "", t->crate_types.v[i]);
		first = first ? first : t->crate_types.v[i];
		*ret_made = kind;
	}
	if (n == 1)
		return 0;
	if (n == 0) {
		hone_err_set(err, HONE_E_FAILED,
			"`%s` is a library of Rust programs only: it has no file that is shipped",
			t->name);
		return hone_err_hint(err,
			"--crate-type cdylib or staticlib builds it as one, as `cargo rustc "
			"--crate-type` does");
	}
	hone_err_set(err, HONE_E_USAGE, "library `%s` is built as several files: %s", t->name,
		hone_buf_str(&all));
	return hone_err_hint(err, "choose one with --crate-type %s", first);
}

bool hone_project_has_one_library(const struct hone_project *p, const struct hone_package *only)
{
	struct library found;

	return find(p, only, true, &found) == 1;
}

int hone_project_select_library(struct hone_project *p, const struct hone_package *only,
	const struct hone_cargo_opts *opts, struct hone_err *err)
{
	enum hone_target_kind made = hone_target_kind_parse(opts->crate_type);
	struct library found = {0};
	bool shipped = find(p, only, true, &found) == 1;
	size_t n = shipped ? 1 : find(p, only, false, &found);
	int error = 0;

	if (opts->crate_type && !hone_target_kind_is_shipped(made))
		return hone_err_set(err, HONE_E_USAGE,
			"--crate-type takes cdylib, staticlib or dylib, not `%s`",
			opts->crate_type);
	if (n == 0 && only)
		return hone_err_set(
			err, HONE_E_USAGE, "no library targets found in package `%s`", only->name);
	if (n == 0)
		return hone_err_set(err, HONE_E_USAGE, "no library targets found in packages: %s",
			p->workspace_root);
	if (n > 1) {
		hone_err_set(err, HONE_E_USAGE, "several packages have a library");
		return hone_err_hint(err, "choose one with --package %s", found.package->name);
	}
	if (!opts->crate_type)
		error = choose_file(found.target, &made, err);
	if (error)
		return error;
	p->package = found.package;
	p->target = found.target;
	p->made = made;
	p->made_alone = opts->crate_type != NULL;
	return 0;
}
