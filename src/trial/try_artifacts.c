/* The result of a trial that made several files: each of them, and their sum. */
#include "try_artifacts.h"

#include "rules.h"

#include <string.h>

static const struct hone_artifact *artifact_of(
	const struct hone_try *t, const struct hone_trial *trial, size_t at)
{
	return at == 0 ? trial->artifact : hone_trial_other(t, trial, at - 1);
}

/* Which workloads run one of the files; how many. */
static size_t find_workloads(const struct hone_try *t, const bool *files, bool *ret)
{
	size_t others = t->session->project->n_others, n = 0;
	size_t first = t->workloads.n_benches - others;

	for (size_t i = 0; i < t->workloads.n; i++) {
		size_t program = t->workloads.v[i].program;

		/* Bench targets are no files that anybody ships. */
		ret[i] = (program == 0 && files[0]) || (program > first && files[program - first]);
		n += ret[i];
	}
	return n;
}

/* Is what was measured something that a file may be chosen by? */
static bool is_timed(const struct hone_try *t)
{
	const struct hone_measurement *m = t->measurement;

	return m && t->speed_measured && !m->control_differs && m->n_workloads == t->workloads.n;
}

static uint64_t cost_of(const struct hone_try *t, const struct hone_trial *trial, const bool *files)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= t->session->project->n_others; i++)
		sum += files[i] ? hone_trial_cost_of(t, trial, i == 0 ? SIZE_MAX : i - 1) : 0;
	return sum;
}

void hone_try_pick_of(const struct hone_try *t, const bool *files, bool any, struct hone_picks *ret)
{
	static const struct hone_rules no_rules = HONE_RULES_DEFAULT;
	const struct hone_measurement *m = is_timed(t) ? t->measurement : NULL;
	hone_auto_free struct hone_choice *choices = hone_xcalloc(t->n, sizeof(*choices));
	hone_auto_free bool *counts = hone_xcalloc(t->workloads.n + 1, sizeof(*counts));
	hone_auto_free double *values = NULL;
	hone_auto_free double **costs = NULL;

	if (!find_workloads(t, files, counts))
		m = NULL;
	if (m) {
		values = hone_xcalloc(hone_size_mul(m->n + 1, m->rounds + 1), sizeof(*values));
		costs = hone_xcalloc(m->n + 1, sizeof(*costs));
		for (size_t i = 0; i <= m->n; i++)
			costs[i] = values + i * (m->rounds + 1);
		hone_measurement_log_cost(m, counts, costs);
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		bool ran = m && trial->contestant != SIZE_MAX;

		choices[i] =
			(struct hone_choice){.size = trial->artifact ? cost_of(t, trial, files) : 0,
				.eligible = trial->artifact && trial->status == HONE_TRIAL_BUILT &&
					    (any || trial->allowed),
				.baseline = i == 0,
				.beaten = ran && m->left[trial->contestant],
				.log_cost = ran ? costs[trial->contestant] : NULL};
	}
	hone_pick(choices, t->n, m ? m->rounds : 0, m ? &m->rules : &no_rules,
		HONE_RULE_BALANCED_MARGIN, ret);
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
		.gzip_size = a->packed.gzip,
		.zstd_size = a->packed.zstd,
		.brotli_size = a->packed.brotli,
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
	to->gzip_size += a->packed.gzip;
	to->zstd_size += a->packed.zstd;
	/* The sum of some of them would be none. */
	to->brotli_size =
		to->brotli_size && a->packed.brotli ? to->brotli_size + a->packed.brotli : 0;
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

static void mark(const struct hone_try *t, size_t at, size_t trial, struct hone_result_artifact *to)
{
	struct hone_picks allowed = HONE_PICKS_NONE, any = HONE_PICKS_NONE;
	hone_auto_free bool *files =
		hone_xcalloc(t->session->project->n_others + 1, sizeof(*files));

	files[at] = true;
	hone_try_pick_of(t, files, false, &allowed);
	hone_try_pick_of(t, files, true, &any);
	to->smallest = allowed.small == trial;
	to->smallest_of_any = any.small == trial;
	to->fastest = allowed.fast == trial;
	to->fastest_of_any = any.fast == trial;
	to->balanced = allowed.balanced == trial;
	to->balanced_of_any = any.balanced == trial;
	hone_picks_release(&allowed);
	hone_picks_release(&any);
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
		mark(t, i, trial, &to->artifacts[i]);
		hone_buf_adds(&hashes, to->artifacts[i].hash);
		if (i)
			add_up(to, a);
	}
	to->hash = hone_arena_strdup(
		arena, hone_hash_text(hash, hone_hash_bytes(hone_buf_view(&hashes))));
	to->path = NULL;
	to->bindgen = (struct hone_result_bindgen){0}; /* of the first file only */
	to->n_sections = to->n_owners = 0;
}
