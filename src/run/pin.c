#include "machine.h"
#include "measure_impl.h"
#include "proc_child.h"
#include "rules.h"

bool hone_pin_is_worth_trying(const struct hone_workload *w, double wall_s, double cpu_s)
{
	return !w->service && wall_s <= HONE_RULE_PIN_LONGEST_S &&
	       cpu_s <= HONE_RULE_ONE_CPU * wall_s;
}

int hone_pin_again(int cpu)
{
	int last;

	return hone_machine_cpus(NULL, &last) > 1 && cpu == 1 + last ? cpu : 0;
}

int hone_pin(
	struct hone_comparison *s, size_t workload, hone_run_baseline_fn *run, struct hone_err *err)
{
	int *cpu = &s->m->workloads[workload].cpu, last, error = 0;
	double wall, sum[2] = {0, 0};

	/* The first ones serve most interrupts. */
	if (hone_machine_cpus(NULL, &last) < 2)
		return 0;
	for (size_t k = 0; k < 2 * HONE_RULE_PIN_PAIRS && !error; k++) {
		/* Each is first as often as the other, so that what one leaves in the caches helps both. */
		size_t pinned = (k + k / 2) % 2;

		*cpu = pinned ? 1 + last : 0;
		error = run(s, workload, &wall, err);
		sum[pinned] += wall;
	}
	/* Sums, not medians: where another program wants that CPU now and then, it shows in a few runs. */
	*cpu = !error && sum[1] <= HONE_RULE_PIN_TOLERANCE * sum[0] ? 1 + last : 0;
	return error;
}

bool hone_pin_self(const struct hone_comparison *s, cpu_set_t *ret_before)
{
	int cpu = s->m->workloads[0].cpu;

	for (size_t i = 0; i < s->n_workloads; i++)
		if (s->m->workloads[i].cpu == 0 || s->m->workloads[i].cpu != cpu)
			return false;
	return sched_getaffinity(0, sizeof(*ret_before), ret_before) == 0 && hone_pin_thread(cpu);
}

void hone_unpin_self(const cpu_set_t *before)
{
	(void)sched_setaffinity(0, sizeof(*before), before);
}
