/* What `cargo tree` tells: it resolves features as a build does, which the graph of `cargo metadata`
 * does not. That one is of the whole workspace with all kinds of edges. */
#include "clock.h"
#include "proc.h"
#include "profile_set.h"
#include "stock_rustc.h"

#include <string.h>

#define TREE_NS (120 * HONE_NS_PER_S)

int hone_cargo_tree(const struct hone_profile_set *set, const char *edges, const char *format,
	hone_cargo_tree_line *on_line, void *ctx, bool *ret_told, struct hone_err *err)
{
	const struct hone_project *p = set->project;
	const struct hone_cargo_opts *opts = set->opts;
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	struct hone_proc_spec spec = {.deadline_ns = TREE_NS};
	struct hone_view rest, line;
	bool started = false;
	int code;

	*ret_told = false;
	hone_strv_push(&argv, set->toolchain->cargo);
	hone_strv_push(&argv, "tree");
	hone_strv_push(&argv, "--color=never");
	hone_strv_push(&argv, "--prefix=none");
	hone_strv_pushf(&argv, "--edges=%s", edges);
	hone_strv_pushf(&argv, "--format=%s", format);
	if (opts)
		hone_cargo_opts_args(opts, &argv);
	/* Only with a target does it tell the features of build scripts from those of the program. */
	if (!opts || !opts->target) {
		hone_strv_push(&argv, "--target");
		hone_strv_push(&argv, set->target ? set->target : set->toolchain->host);
	}
	if (!opts || (!opts->locked && !opts->frozen))
		hone_strv_push(&argv, "--locked");
	if (p->package) {
		hone_strv_push(&argv, "-p");
		hone_strv_push(&argv, p->package->id);
	}
	hone_stock_rustc_env(set->config, set->toolchain, &env);
	spec.argv = hone_strv_argv(&argv);
	spec.env = hone_strv_argv(&env);
	code = hone_proc_run(&spec, &res, err);
	if (code || !hone_proc_succeeded(&res))
		return code;
	rest = hone_buf_view(&res.out);
	while (hone_view_split(&rest, &started, '\n', &line)) {
		if (hone_view_ends(line, " (*)"))
			line = hone_view_sub(line, 0, line.n - 4);
		if (line.n)
			on_line(ctx, line);
	}
	*ret_told = true;
	return 0;
}

/* "name vVERSION", as far as the second blank or the end of {p}. */
static struct hone_view name_and_version(struct hone_view line)
{
	size_t first = hone_view_find(line, 0, ' ');
	size_t bar = hone_view_find(line, 0, '|');
	size_t second = hone_view_find(line, first + 1, ' ');

	return hone_view_sub(line, 0, bar < second ? bar : second);
}

size_t hone_cargo_tree_package(const struct hone_project *p, struct hone_view line)
{
	struct hone_view wanted = name_and_version(line);

	for (size_t i = 0; i < p->n_packages; i++) {
		hone_auto_free char *text =
			hone_xasprintf("%s v%s", p->packages[i].name, p->packages[i].version);
		if (hone_view_is(wanted, text))
			return i;
	}
	return p->n_packages;
}

struct variants {
	const struct hone_profile_set *set;
	char **features; /* for each package: of its first line */
};

static void on_variant(void *ctx, struct hone_view line)
{
	struct variants *v = ctx;
	size_t i = hone_cargo_tree_package(v->set->project, line);
	size_t bar = hone_view_find(line, 0, '|');
	struct hone_view features = hone_view_sub(line, bar + 1, line.n);

	if (i == v->set->project->n_packages)
		return;
	if (!v->features[i])
		v->features[i] = hone_view_dup(features);
	else if (!hone_view_is(features, v->features[i]))
		v->set->cache->one_variant[i] = false;
}

bool hone_profile_one_variant(
	const struct hone_profile_set *set, const struct hone_package *package)
{
	const struct hone_project *p = set->project;
	struct variants v = {.set = set};
	bool told;

	if (!set->cache->one_variant) {
		set->cache->one_variant = hone_xcalloc(p->n_packages + 1, sizeof(bool));
		memset(set->cache->one_variant, 1, p->n_packages);
		v.features = hone_xcalloc(p->n_packages + 1, sizeof(char *));
		if (p->graph)
			(void)hone_cargo_tree(
				set, "normal,build", "{p}|{f}", on_variant, &v, &told, NULL);
		for (size_t i = 0; i < p->n_packages; i++)
			free(v.features[i]);
		free(v.features);
	}
	return set->cache->one_variant[package - p->packages];
}
