#include "estimate.h"

#include "fs.h"
#include "record.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

/* Measured on ripgrep 13, fd, hexyl and tokei with rustc 1.95: between 60 and 250 kB of source a
 * CPU-second at opt-level 3 without LTO, and up to three times as long with fat LTO. */
#define FAST_BYTES_PER_CPU_S 250e3
#define SLOW_BYTES_PER_CPU_S 40e3
/* Intermediate files a byte of source, one candidate. */
#define DISK_PER_SOURCE_BYTE 12
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

static uint64_t graph_source(const struct hone_project *p, unsigned *ret_packages)
{
	bool *needed = hone_xcalloc(p->n_packages, sizeof(*needed));
	uint64_t sum = 0;

	mark_needed(p, (size_t)(p->package - p->packages), needed);
	*ret_packages = 0;
	for (size_t i = 0; i < p->n_packages; i++) {
		if (!needed[i])
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

int hone_build_estimate(const struct hone_build_env *env, const struct hone_workdir *dir,
	const struct hone_plan *const *plans, size_t n, struct hone_build_estimate *ret,
	struct hone_err *err)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	/* The final crate's LTO and codegen-units=1 keep one CPU busy: no build scales over all. */
	double speedup = cpus > 1 ? 1 + (double)(cpus - 1) / 2 : 1;
	struct hone_build_estimate e = {0};
	uint64_t graph = graph_source(env->project, &e.n_packages), library = 0;

	for (size_t i = 0; i < n; i++) {
		hone_auto_free char *path =
			hone_xasprintf("%s/%s/record.json", dir->artifacts, plans[i]->key);
		struct hone_record record;
		bool again = false;
		/* With the second of the instrumented builds, whose key is not known yet. */
		unsigned builds =
			plans[i]->instrument && hone_plan_counts_twice(plans[i]->candidate) ? 2 : 1;

		for (size_t k = 0; k < i; k++)
			again |= strcmp(plans[k]->key, plans[i]->key) == 0;
		if (again)
			continue;
		e.n_builds += builds;
		hone_record_read(path, &record);
		if (record.known) {
			e.n_known += builds;
			e.low_s += 0.3;
			e.high_s += 2 + record.cost.wall_s * 0.1;
		} else {
			double source = (double)graph;

			if (hone_plan_builds_std(plans[i]->candidate)) {
				if (!library)
					library = std_source(env);
				source += (double)library;
			}
			e.low_s += builds * (1 + source / FAST_BYTES_PER_CPU_S / speedup);
			e.high_s += builds * (3 + source / SLOW_BYTES_PER_CPU_S / speedup);
			e.disk += builds * ((uint64_t)(source * DISK_PER_SOURCE_BYTE) +
						   ((uint64_t)16 << 20));
		}
	}
	*ret = e;
	return hone_fs_free_bytes(dir->root, &ret->free, err);
}
