#include "estimate.h"

#include "fs.h"
#include "machine.h"
#include "plan_impl.h"
#include "record.h"
#include "rules.h"
#include "summary.h"

#include <dirent.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 16

/* Bytes of .rs files below a folder; tests, benches and examples of dependencies are not compiled. */
static uint64_t source_size(const char *dir, unsigned depth)
{
	static const char *const skip[] = {
		"target", "tests", "benches", "examples", "node_modules"};
	struct dirent *e;
	uint64_t sum = 0;
	DIR *d = depth < MAX_DEPTH ? opendir(dir) : NULL;

	while (d && (e = readdir(d))) {
		hone_auto_free char *path = NULL;
		bool skipped = e->d_name[0] == '.';
		uint64_t size;

		for (size_t i = 0; i < HONE_COUNT(skip); i++)
			skipped |= strcmp(e->d_name, skip[i]) == 0;
		if (skipped)
			continue;
		path = hone_path_join(dir, e->d_name);
		if (e->d_type == DT_DIR)
			sum += source_size(path, depth + 1);
		else if (hone_ends(e->d_name, ".rs") && hone_fs_size(path, &size, NULL) == 0)
			sum += size;
	}
	if (d)
		closedir(d);
	return sum;
}

/* Packages that the selected one needs, itself included; all of them when there is no graph. */
static void mark_needed(const struct hone_project *p, size_t at, bool *needed)
{
	if (needed[at])
		return;
	needed[at] = true;
	for (size_t i = 0; i < p->packages[at].n_deps; i++)
		mark_needed(p, p->packages[at].deps[i], needed);
}

/* The graph is of all targets, and these alone can have ten times the source of a program that never compiles them. */
static bool is_for_another_system(const char *name, const char *triple)
{
	static const char *const of[][2] = {{"windows", "windows"}, {"winapi", "windows"},
		{"web-sys", "wasm"}, {"js-sys", "wasm"}, {"wasm-bindgen", "wasm"}, {"wasi", "wasi"},
		{"objc2", "apple"}};

	for (size_t i = 0; i < HONE_COUNT(of); i++)
		if (hone_starts(name, of[i][0]) && !strstr(triple, of[i][1]))
			return true;
	return false;
}

static uint64_t graph_source(
	const struct hone_project *p, const char *triple, unsigned *ret_packages)
{
	bool *needed = hone_xcalloc(p->n_packages, sizeof(*needed));
	uint64_t sum = 0;

	mark_needed(p, (size_t)(p->package - p->packages), needed);
	*ret_packages = 0;
	for (size_t i = 0; i < p->n_packages; i++) {
		if (!needed[i] || is_for_another_system(p->packages[i].name, triple))
			continue;
		sum += source_size(p->packages[i].dir, 0);
		++*ret_packages;
	}
	free(needed);
	return sum;
}

/* The source of std, for candidates that compile it; nothing where the toolchain has none. */
static uint64_t std_source(const struct hone_build_env *env)
{
	static const char *const crates[] = {"core/src", "alloc/src", "std/src"};
	uint64_t sum = 0;

	for (size_t i = 0; i < HONE_COUNT(crates); i++) {
		hone_auto_free char *dir = hone_plan_std_source(env, crates[i]);

		sum += source_size(dir, 0);
	}
	return sum;
}

/* CPU seconds of what was really compiled here before. */
struct earlier {
	double *cpu;
	size_t n;
};

static int add_earlier(void *ctx, const char *name, struct hone_err *err)
{
	struct earlier *e = ((void **)ctx)[0];
	const struct hone_workdir *dir = ((void **)ctx)[1];
	hone_auto_free char *path = hone_xasprintf("%s/%s/record.json", dir->artifacts, name);
	struct hone_record record;

	(void)err;
	hone_record_read(path, &record);
	if (!record.known || !record.cost.units || record.cost.cpu_s <= 0)
		return 0;
	e->cpu = hone_xrealloc(e->cpu, hone_size_mul(e->n + 1, sizeof(*e->cpu)));
	e->cpu[e->n++] = record.cost.cpu_s;
	return 0;
}

static bool has_lto(const struct hone_plan *plan)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (plan->keys[i].setting->id == HONE_SET_LTO &&
			strcmp(plan->keys[i].value, "false") != 0 &&
			strcmp(plan->keys[i].value, "\"off\"") != 0)
			return true;
	return false;
}

/* Which builds there are: every plan once. */
enum kind { TWICE, THERE, LINKED, COMPILED };

static enum kind kind_of(const struct hone_build_env *env, const struct hone_workdir *dir,
	const struct hone_plan *const *plans, size_t at)
{
	hone_auto_free char *path =
		hone_xasprintf("%s/%s/record.json", dir->artifacts, plans[at]->key);
	struct hone_record record;
	bool linked = false;

	for (size_t i = 0; i < at; i++) {
		/* Its own second count has levels that are not known yet. */
		bool again = i + 1 == at && plans[i]->candidate == plans[at]->candidate;

		if (!again && hone_plan_is_same(plans[i], plans[at]))
			return TWICE;
		linked |= hone_plan_differs_in_links(env, plans[i], plans[at]);
	}
	hone_record_read(path, &record);
	return record.known ? THERE : linked ? LINKED : COMPILED;
}

/* Fills in spread, and gives the CPU seconds of a build that compiles so much source. */
static double typical(const struct earlier *e, double source, bool lto, double *ret_spread)
{
	hone_auto_free double *logs = hone_xcalloc(e->n + 1, sizeof(*logs));
	double spread;

	*ret_spread = HONE_RULE_UNKNOWN_SPREAD;
	if (!e->n)
		return HONE_RULE_BUILD_CPU_S + (lto ? HONE_RULE_LTO_CPU_S : 0) +
		       source / HONE_RULE_SOURCE_PER_CPU_S;
	for (size_t i = 0; i < e->n; i++)
		logs[i] = log(e->cpu[i]);
	spread = e->n > 2 ? exp(hone_spread(logs, e->n)) : HONE_RULE_UNKNOWN_SPREAD;
	*ret_spread = fmin(fmax(spread, HONE_RULE_KNOWN_SPREAD), HONE_RULE_UNKNOWN_SPREAD);
	return hone_median(e->cpu, e->n);
}

/* Wall time of so much work, of which the longest chain of builds is the last to end. */
static double wall_of(double cpu_s, double longest_s, unsigned width)
{
	double cpus = hone_machine_cpus(NULL, NULL);
	double alone = cpus > 1 ? 1 + HONE_RULE_CPU_GAIN * (cpus - 1) : 1;

	if (width < 2)
		return cpu_s / alone;
	return fmax(cpu_s / fmax(1, HONE_RULE_CPUS_USED * fmin(cpus, width * alone)),
		longest_s / alone);
}

/* With the builds that count. */
static size_t add_builds(
	const struct hone_plan *const *plans, size_t n, const struct hone_plan **ret)
{
	size_t n_ret = 0;

	for (size_t i = 0; i < n; i++) {
		const struct hone_plan *const all[] = {
			plans[i]->instrument, plans[i]->recount, plans[i]};

		for (size_t k = 0; k < HONE_COUNT(all); k++)
			if (all[k])
				ret[n_ret++] = all[k];
	}
	return n_ret;
}

int hone_build_estimate(const struct hone_build_env *env, const struct hone_workdir *dir,
	const struct hone_plan *const *given, size_t n_given, unsigned width,
	struct hone_build_estimate *ret, struct hone_err *err)
{
	hone_auto_free const struct hone_plan **plans =
		hone_xcalloc(n_given + 1, 3 * sizeof(*plans));
	size_t n = add_builds(given, n_given, plans);
	struct hone_build_estimate e = {.spread = 1};
	struct earlier earlier = {0};
	void *ctx[] = {&earlier, (void *)(uintptr_t)dir};
	double graph = (double)graph_source(env->project, hone_plan_triple(env), &e.n_packages),
	       library = 0;
	double cpu_s = 0, chain_s = 0, longest_s = 0, fixed_s = 0;

	(void)hone_fs_each(dir->artifacts, add_earlier, ctx, NULL);
	for (size_t i = 0; i < n; i++) {
		enum kind kind = kind_of(env, dir, plans, i);
		double source = graph, spread, one;

		if (kind == TWICE)
			continue;
		e.n_builds++;
		e.n_known += kind == THERE;
		e.n_links += kind == LINKED;
		if (kind != COMPILED) {
			fixed_s += kind == THERE ? HONE_RULE_FRESH_S : HONE_RULE_LINK_S;
			continue;
		}
		if (hone_plan_builds_std(plans[i]->candidate)) {
			library = library > 0 ? library : (double)std_source(env);
			source += library;
		}
		one = typical(&earlier, source, has_lto(plans[i]), &spread);
		if (cpu_s > 0 && !earlier.n)
			one -= HONE_RULE_SHARED_SOURCE * source / HONE_RULE_SOURCE_PER_CPU_S;
		e.spread = fmax(e.spread, spread);
		cpu_s += one;
		/* Builds of one candidate follow each other. */
		chain_s = i && plans[i]->candidate == plans[i - 1]->candidate ? chain_s + one : one;
		longest_s = fmax(longest_s, chain_s);
		e.disk += (uint64_t)(source * HONE_RULE_DISK_PER_SOURCE) + HONE_RULE_DISK_BUILD;
	}
	e.s = wall_of(cpu_s, longest_s, width) + fixed_s;
	free(earlier.cpu);
	*ret = e;
	return hone_fs_free_bytes(dir->root, &ret->free, err);
}

double hone_estimate_left(double done, double running, double waiting, double elapsed_s)
{
	if (done <= 0)
		return NAN;
	return elapsed_s / (done + running / 2) * (waiting + running / 2);
}
