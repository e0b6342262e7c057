#include "try.h"

const char *hone_trial_status_text(enum hone_trial_status s)
{
	static const char *const text[] = {"built", "failed", "differs", "timeout", "not_run"};

	return text[s];
}

bool hone_try_trains(const struct hone_try *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->trials[i].plan &&
			(t->trials[i].plan->instrument || t->trials[i].plan->bolt.tool))
			return true;
	return false;
}

bool hone_try_trained_with(const struct hone_try *t, size_t workload)
{
	const struct hone_workload *w = &t->workloads.v[workload];

	return hone_training_has(
		w->program ? t->workloads.benches[w->program - 1].training : t->workloads.training,
		w);
}

void hone_try_release(struct hone_try *t)
{
	for (size_t i = 0; i < t->n; i++) {
		hone_trial_release_benches(t, &t->trials[i]);
		hone_artifact_free(t->trials[i].artifact);
		hone_plan_free(t->trials[i].plan);
		free(t->trials[i].reason);
		hone_size_table_release(&t->trials[i].bytes);
		hone_memory_release(&t->trials[i].memory);
	}
	hone_try_release_benches(t);
	for (size_t i = 0; i < t->workloads.n; i++)
		hone_workload_release(&t->workloads.v[i]);
	for (size_t i = 0; i < t->workloads.n_train; i++)
		hone_workload_release(&t->workloads.train[i]);
	hone_candidates_release(&t->candidates);
	hone_candidate_free(t->cold);
	free(t->workloads.training.workloads);
	free(t->workloads.train);
	hone_size_packages_release(&t->packages);
	hone_regions_release(&t->regions);
	hone_measurement_free(t->measurement);
	hone_measurement_free(t->confirmed.measurement);
	hone_picks_release(&t->best.allowed);
	hone_picks_release(&t->best.any);
	hone_strv_release(&t->labels.typed);
	free(t->trials);
	free(t->workloads.v);
	free(t->confirmed.trials);
}
