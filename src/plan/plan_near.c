/* train.near: which functions are near the hot ones. */
#include "plan_impl.h"
#include "profdata.h"
#include "sym_crate.h"
#include "sym_module.h"

#include <string.h>

/* "": none, or std's. The caller frees. */
static char *module_of(const char *symbol)
{
	struct hone_buf b = HONE_BUF_INIT;
	struct hone_view crate;

	hone_sym_module(&b, symbol);
	crate = hone_view_of(hone_buf_str(&b));
	if (hone_sym_is_std(hone_view_sub(crate, 0, hone_view_find(crate, 0, ':'))))
		hone_buf_cut(&b, 0);
	return hone_buf_detach(&b);
}

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static bool has(const struct hone_strv *sorted, const char *name)
{
	return sorted->n &&
	       bsearch(&name, sorted->v, sorted->n, sizeof(*sorted->v), by_name) != NULL;
}

/* Names of all functions: those that were executed, heaviest first, then the others in the order of their bytes. */
static void list(const struct hone_profdata *p, struct hone_strv *ret)
{
	hone_auto_strv struct hone_strv executed = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	for (size_t i = 0; i < p->functions.n; i++) {
		hone_strv_push(&executed, p->functions.v[i].name);
		hone_strv_push(ret, p->functions.v[i].name);
	}
	hone_strv_sort(&executed);
	hone_strv_copy(&names, &p->names);
	hone_strv_sort(&names);
	for (size_t i = 0; i < names.n; i++)
		if (!has(&executed, names.v[i]))
			hone_strv_push(ret, names.v[i]);
}

/* "regex_automata" of "regex_automata::dfa". */
static struct hone_view crate_of(const char *module)
{
	struct hone_view v = hone_view_of(module);

	return hone_view_sub(v, 0, hone_view_find(v, 0, ':'));
}

/* All functions of the profile, which of them are hot or near already, and what is theirs: a module, or a crate. */
struct functions {
	struct hone_strv names, modules;
	bool *taken; /* [names.n] */
};

static void take_those_of(
	struct functions *f, struct hone_view wanted, bool is_crate, struct hone_strv *ret_names)
{
	for (size_t i = 0; i < f->names.n; i++) {
		const char *module = f->modules.v[i];

		if (f->taken[i] ||
			!hone_view_eq(is_crate ? crate_of(module) : hone_view_of(module), wanted))
			continue;
		f->taken[i] = true;
		hone_strv_push(ret_names, f->names.v[i]);
	}
}

/* Those of the modules, or crates, of the hot ones. */
static void add_near(struct functions *f, const struct hone_strv *hot, bool is_crate,
	struct hone_strv *ret_names)
{
	hone_auto_strv struct hone_strv seen = HONE_STRV_INIT;

	for (size_t i = 0; i < hot->n; i++) {
		hone_auto_free char *module = module_of(hot->v[i]);
		struct hone_view wanted = is_crate ? crate_of(module) : hone_view_of(module);
		hone_auto_free char *name = hone_xstrndup(wanted.p, wanted.n);

		if (!wanted.n || hone_strv_has(&seen, name))
			continue;
		take_those_of(f, wanted, is_crate, ret_names);
		hone_strv_push(&seen, name);
	}
}

void hone_plan_find_near(const struct hone_profdata *profile, const struct hone_strv *hot,
	bool crates, struct hone_strv *ret_names)
{
	struct functions f = {0};
	hone_auto_strv struct hone_strv sorted = HONE_STRV_INIT;

	hone_strv_copy(&sorted, hot);
	hone_strv_sort(&sorted);
	list(profile, &f.names);
	f.taken = hone_xcalloc(f.names.n + 1, sizeof(*f.taken));
	for (size_t i = 0; i < f.names.n; i++) {
		hone_strv_take(&f.modules, module_of(f.names.v[i]));
		f.taken[i] = has(&sorted, f.names.v[i]);
	}
	add_near(&f, hot, false, ret_names);
	if (crates)
		add_near(&f, hot, true, ret_names);
	free(f.taken);
	hone_strv_release(&f.names);
	hone_strv_release(&f.modules);
}
