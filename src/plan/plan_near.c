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

/* Appends those of a module that are in neither list yet. */
static void add_module(const struct hone_strv *all, const struct hone_strv *modules,
	const char *module, const struct hone_strv *hot, struct hone_strv *ret_names)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(modules->v[i], module) == 0 && !hone_strv_has(hot, all->v[i]) &&
			!hone_strv_has(ret_names, all->v[i]))
			hone_strv_push(ret_names, all->v[i]);
}

void hone_plan_find_near(const struct hone_profdata *profile, const struct hone_strv *hot,
	struct hone_strv *ret_names)
{
	hone_auto_strv struct hone_strv all = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv modules = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv seen = HONE_STRV_INIT;

	list(profile, &all);
	for (size_t i = 0; i < all.n; i++)
		hone_strv_take(&modules, module_of(all.v[i]));
	for (size_t i = 0; i < hot->n; i++) {
		hone_auto_free char *module = module_of(hot->v[i]);

		if (!*module || hone_strv_has(&seen, module))
			continue;
		add_module(&all, &modules, module, hot, ret_names);
		hone_strv_push(&seen, module);
	}
}
