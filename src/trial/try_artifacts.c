/* The result of a trial that made several files: each of them, and their sum. */
#include "try_artifacts.h"

#include <string.h>

static const struct hone_artifact *artifact_of(
	const struct hone_try *t, const struct hone_trial *trial, size_t at)
{
	return at == 0 ? trial->artifact : hone_trial_other(t, trial, at - 1);
}

/* May this trial be the best? */
static bool is_eligible(const struct hone_trial *trial, bool any)
{
	return trial->artifact && trial->status == HONE_TRIAL_BUILT && (any || trial->allowed);
}

/* The trial whose file number `at` is the smallest; of equal ones the first. */
static size_t smallest(const struct hone_try *t, size_t at, bool any)
{
	size_t best = HONE_PICK_NONE;
	uint64_t least = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint64_t cost;

		if (!is_eligible(&t->trials[i], any))
			continue;
		cost = hone_trial_cost_of(t, &t->trials[i], at == 0 ? SIZE_MAX : at - 1);
		if (best == HONE_PICK_NONE || cost < least) {
			best = i;
			least = cost;
		}
	}
	return best;
}

static void fill_one(const struct hone_try *t, const struct hone_artifact *a, size_t at,
	struct hone_arena *arena, struct hone_result_artifact *to)
{
	const struct hone_project *p = t->session->project;
	const struct hone_other first = {p->package, p->target, p->made};
	const struct hone_other *other = at == 0 ? &first : &p->others[at - 1];
	char hash[HONE_HASH_TEXT];

	*to = (struct hone_result_artifact){.name = other->target->name,
		.kind = hone_target_kind_name(other->made),
		.package = other->package->name,
		.path = a->path,
		.hash = hone_arena_strdup(arena, hone_hash_text(hash, a->hash)),
		.size = a->size,
		.stripped_size = a->stripped_size,
		.gzip_size = a->gzip_size,
		.zstd_size = a->zstd_size,
		.flash = a->flash,
		.ram = a->ram,
		.n_sections = a->elf.n_sections};
	to->sections =
		hone_arena_alloc(arena, hone_size_mul(to->n_sections, sizeof(*to->sections)));
	for (size_t i = 0; i < to->n_sections; i++)
		to->sections[i] = (struct hone_result_section){
			a->elf.sections[i].name, a->elf.sections[i].size};
}

/* What is of no file alone: of sections and crates each file has its own. */
static void add_up(struct hone_result_trial *to, const struct hone_artifact *a)
{
	to->size += a->size;
	to->stripped_size += a->stripped_size;
	to->gzip_size += a->gzip_size;
	to->zstd_size += a->zstd_size;
	to->flash += a->flash;
	to->ram += a->ram;
	to->build_wall_s += a->cost.wall_s;
	to->build_cpu_s += a->cost.cpu_s;
	to->build_units += a->cost.units;
	if (a->cost.peak_rss > to->build_peak)
		to->build_peak = a->cost.peak_rss;
	if (a->elf.min_glibc && (!to->min_glibc || strverscmp(a->elf.min_glibc, to->min_glibc) > 0))
		to->min_glibc = a->elf.min_glibc;
	to->path_dependent = to->path_dependent > 0 || a->path_dependent;
	to->fresh = to->fresh > 0 && a->reused;
}

void hone_try_fill_artifacts(const struct hone_try *t, size_t trial, struct hone_arena *arena,
	struct hone_result_trial *to)
{
	const struct hone_trial *from = &t->trials[trial];
	size_t n = t->session->project->n_others + 1;
	hone_auto_buf struct hone_buf hashes = HONE_BUF_INIT;
	char hash[HONE_HASH_TEXT];

	if (n == 1)
		return;
	to->n_artifacts = n;
	to->artifacts = hone_arena_alloc(arena, hone_size_mul(n, sizeof(*to->artifacts)));
	for (size_t i = 0; i < n; i++) {
		const struct hone_artifact *a = artifact_of(t, from, i);

		fill_one(t, a, i, arena, &to->artifacts[i]);
		to->artifacts[i].smallest = smallest(t, i, false) == trial;
		to->artifacts[i].smallest_of_any = smallest(t, i, true) == trial;
		hone_buf_adds(&hashes, to->artifacts[i].hash);
		if (i)
			add_up(to, a);
	}
	to->hash = hone_arena_strdup(
		arena, hone_hash_text(hash, hone_hash_bytes(hone_buf_view(&hashes))));
	to->path = NULL;
	to->n_sections = to->n_owners = 0;
}
