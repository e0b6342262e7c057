/* What an interrupted comparison had done, and how a comparison goes on from it. */
#include "measure_impl.h"

struct hone_measurement *hone_measurement_blank(size_t n, size_t baseline, size_t n_workloads)
{
	struct hone_measurement *m = HONE_NEW(struct hone_measurement);

	m->n = m->control = n;
	m->baseline = baseline;
	m->status = hone_xcalloc(n, sizeof(*m->status));
	m->reason = hone_xcalloc(n, sizeof(*m->reason));
	m->apart = hone_xcalloc(n, sizeof(*m->apart));
	m->left = hone_xcalloc(n, sizeof(*m->left));
	m->n_workloads = n_workloads;
	m->workloads = hone_xcalloc(n_workloads, sizeof(*m->workloads));
	for (size_t i = 0; i < n_workloads; i++)
		m->workloads[i].repeats = 1;
	m->composite = hone_xcalloc(n + 1, sizeof(*m->composite));
	m->log_cost = hone_xcalloc(n + 1, sizeof(*m->log_cost));
	return m;
}

size_t hone_measurement_width(const struct hone_measurement *m)
{
	size_t values = 0;

	for (size_t i = 0; i < m->n_workloads; i++)
		values += m->workloads[i].n_metrics * m->workloads[i].repeats;
	return values * (m->n + 1);
}

void hone_measurement_get_round(const struct hone_measurement *m, size_t round, double *values)
{
	for (size_t i = 0; i < m->n_workloads; i++) {
		const struct hone_workload_result *w = &m->workloads[i];

		for (size_t k = 0; k < w->n_metrics; k++)
			for (size_t who = 0; who <= m->n; who++)
				for (size_t r = 0; r < w->repeats; r++)
					*values++ =
						w->metrics[k].samples[who][round * w->repeats + r];
	}
}

void hone_measurement_add_round(struct hone_measurement *m, const double *values)
{
	size_t round = m->rounds;

	hone_measurement_grow(m);
	for (size_t i = 0; i < m->n_workloads; i++) {
		struct hone_workload_result *w = &m->workloads[i];

		for (size_t k = 0; k < w->n_metrics; k++)
			for (size_t who = 0; who <= m->n; who++)
				for (size_t r = 0; r < w->repeats; r++)
					w->metrics[k].samples[who][round * w->repeats + r] =
						*values++;
	}
}

static bool fits(const struct hone_measurement *a, const struct hone_measurement *b)
{
	return a->n == b->n && a->n_workloads == b->n_workloads && a->baseline == b->baseline;
}

static void take_workload(
	struct hone_measurement *m, const struct hone_measurement *old, size_t workload)
{
	struct hone_workload_result *to = &m->workloads[workload];
	const struct hone_workload_result *from = &old->workloads[workload];

	to->gated = from->gated;
	to->exit_code = from->exit_code;
	to->output_bytes = from->output_bytes;
	to->capacity = from->capacity;
	to->repeats = from->repeats;
	to->primary_why = from->primary_why ? hone_xstrdup(from->primary_why) : NULL;
	to->cpu = hone_pin_again(from->cpu);
	if (from->note) {
		struct hone_view rest = hone_view_of(from->note), line;
		bool started = false;

		to->note = hone_xstrdup(from->note);
		while (hone_view_split(&rest, &started, '\n', &line))
			hone_strv_pushv(&m->notes, line);
	}
	if (from->callgrind) {
		to->callgrind = hone_xcalloc(m->n + 1, sizeof(*to->callgrind));
		for (size_t who = 0; who <= m->n; who++)
			to->callgrind[who] = from->callgrind[who];
	}
	for (size_t k = 0; k < from->n_metrics; k++)
		hone_measurement_add_metric(
			m, workload, from->metrics[k].metric, from->metrics[k].more_is_better);
}

int hone_resume(struct hone_comparison *s, struct hone_err *err)
{
	const struct hone_measurement *old = s->opts.resume;
	struct hone_measurement *m = s->m;
	hone_auto_free double *values = NULL;

	if (!old)
		return 0;
	if (!fits(m, old))
		return hone_err_set(err, HONE_E_CONFLICT,
			"the interrupted comparison was one of other candidates or workloads");
	for (size_t i = 0; i < m->n; i++)
		if (old->status[i] != HONE_RAN)
			hone_comparison_out(s, i, old->status[i],
				hone_xstrdup(old->reason[i] ? old->reason[i] : ""));
	for (size_t i = 0; i < m->n_workloads; i++)
		take_workload(m, old, i);
	values = hone_xcalloc(hone_measurement_width(m) + 1, sizeof(*values));
	while (m->rounds < old->rounds) {
		hone_measurement_get_round(old, m->rounds, values);
		hone_measurement_add_round(m, values);
	}
	for (size_t i = 0; i < m->n; i++)
		m->left[i] = old->left[i];
	m->resumed = m->rounds;
	s->spent_before_s = m->elapsed_s = old->elapsed_s;
	s->run_ns = (int64_t)(old->runs_s * 1e9);
	m->runs_s = old->runs_s;
	if (m->rounds > 0)
		s->round_s = m->elapsed_s / (double)m->rounds;
	return 0;
}

int hone_comparison_keep(const struct hone_comparison *s, struct hone_err *err)
{
	return s->opts.on_done ? s->opts.on_done(s->opts.done_ctx, s->m, err) : 0;
}
