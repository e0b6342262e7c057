/* Lines below the tables of a run: what a reader of its figures is to know. */
#include "run_report.h"

#include "machine_state.h"
#include "metric.h"
#include "num.h"
#include "service.h"
#include "settings.h"
#include "target_kind.h"

#include <math.h>
#include <string.h>

static void say_of(struct hone_report *r, const char *head, const char *name, const char *text)
{
	hone_auto_free char *line = text ? hone_xasprintf("%s: %s", name, text) : NULL;

	hone_report_line(r, head, line);
}

void hone_run_say_out(struct hone_report *r, const struct hone_result_run *run)
{
	for (size_t i = 0; i < run->n_trials; i++) {
		const struct hone_result_trial *t = &run->trials[i];
		hone_auto_free char *line = NULL;

		if (hone_result_is_built(t) || !t->reason)
			continue;
		line = hone_xasprintf("%s %s: %s", t->name, t->status, t->reason);
		hone_report_line(r, "Out", line);
	}
}

/* What the requests of a service cost its owner, with the formula. */
static void say_service(struct hone_report *r, const struct hone_result_run *run,
	const struct hone_result_workload *w)
{
	static const enum hone_metric needed[] = {
		HONE_METRIC_CPU_PER_REQUEST, HONE_METRIC_REQUESTS_PER_S, HONE_METRIC_PEAK_MEMORY};
	const struct hone_result_metric *m[HONE_COUNT(needed)];

	for (size_t i = 0; i < HONE_COUNT(needed); i++) {
		m[i] = hone_result_metric(w, hone_metric_info(needed[i])->name);
		if (!m[i])
			return;
	}
	for (size_t i = 0; i < run->n_trials; i++) {
		hone_auto_free char *cost = NULL;

		if (!hone_run_ran(&run->trials[i]))
			continue;
		cost = hone_service_cost_text(
			m[0]->series[i].median, m[1]->series[i].median, m[2]->series[i].median);
		say_of(r, "Cost", run->trials[i].name, cost);
	}
}

static void say_noise(struct hone_report *r, const struct hone_result_run *run)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char time[HONE_NUM_TEXT];

	if (run->bare || !run->complete)
		return;
	for (size_t i = 0; i < run->n_workloads; i++) {
		const struct hone_result_workload *w = &run->workloads[i];

		if (w->n_metrics && isfinite(w->metrics[0].noise))
			hone_buf_addf(&text, "%s%s: +-%.1f %%", text.n ? ", " : "", w->name,
				w->metrics[0].noise * 100);
	}
	if (text.n)
		hone_buf_adds(&text, " between the baseline and its own copy");
	if (isinf(run->more_s))
		hone_buf_addf(
			&text, "%sno end is in sight for what is undecided", text.n ? "; " : "");
	else if (run->more_s > 0)
		hone_buf_addf(&text, "%sabout %s more would decide what is undecided",
			text.n ? "; " : "", hone_text_seconds(time, run->more_s));
	if (run->provable > 0 && isfinite(run->provable))
		hone_buf_addf(&text, "%srounds like these can tell differences of %.1f %% and more",
			text.n ? "; " : "", run->provable * 100);
	hone_report_line(r, "Noise", hone_buf_str(&text));
	if (run->resumed) {
		hone_auto_free char *line = hone_xasprintf("%llu of %llu rounds",
			(unsigned long long)run->resumed, (unsigned long long)run->rounds);

		hone_report_line(r, "Resumed", line);
	}
	for (size_t i = 0; i < run->notes.n; i++)
		hone_report_line(r, "Note", run->notes.v[i]);
}

/* Where the times are too noisy for what was asked, instructions may still tell something. */
static void offer_callgrind(struct hone_report *r, const struct hone_result_run *run)
{
	hone_auto_free char *line = NULL;
	bool open = false, countable = false;

	for (size_t i = 0; i < run->n_trials; i++)
		open |= run->trials[i].measured &&
			hone_run_verdict(&run->trials[i].together) == HONE_VERDICT_UNDECIDED;
	for (size_t i = 0; i < run->n_workloads; i++)
		countable |= run->workloads[i].countable && !run->workloads[i].counts;
	if (!open || !countable || run->bare || !(run->provable > run->precision))
		return;
	line = hone_xasprintf(
		"too noisy here for %.3g %%: --callgrind counts instructions instead, "
		"which do not vary so, but are not time",
		run->precision * 100);
	hone_report_line(r, "Note", line);
}

static bool has_counters(const struct hone_result_run *run)
{
	for (size_t i = 0; i < run->n_workloads; i++)
		if (hone_result_metric(
			    &run->workloads[i], hone_metric_info(HONE_METRIC_INSTRUCTIONS)->name))
			return true;
	return false;
}

/* What the machine was like while it measured: whoever reads the times is to know. */
static void say_machine(struct hone_report *r, const struct hone_result_run *run)
{
	const struct hone_result_state *s = &run->state;
	hone_auto_free char *governor = s->governor ? hone_xstrdup(s->governor) : NULL;
	struct hone_machine_state before = {.load = isnan(s->load_before) ? -1 : s->load_before,
		.cpus = (unsigned)s->cpus,
		.governor = governor,
		.turbo = s->turbo,
		.smt = s->smt,
		.tells_throttling = !isnan(s->throttled)};
	struct hone_machine_state after = {.load = isnan(s->load_after) ? -1 : s->load_after,
		.swap_in = s->swapped_in,
		.throttled = isnan(s->throttled) ? 0 : (uint64_t)s->throttled,
		.total = s->ticks,
		.steal = s->steal};
	hone_auto_free char *state = NULL;
	hone_auto_free char *line = NULL;

	if (!s->cpus || run->bare)
		return;
	state = hone_machine_state_text(&before, &after);
	line = hone_xasprintf("%s%s", state, has_counters(run) ? "" : "; no hardware counters");
	hone_report_line(r, "Machine", line);
}

/* One line for each different set of labels, with the candidates that carry it. */
static void say_label_sets(struct hone_report *r, const struct hone_result_run *run)
{
	for (size_t i = 0; i < run->n_trials; i++) {
		unsigned labels = hone_result_labels(&run->trials[i]);
		hone_auto_buf struct hone_buf names = HONE_BUF_INIT;
		hone_auto_free char *text = hone_labels_text(labels);
		bool said = !labels;

		for (size_t k = 0; k < run->n_trials; k++) {
			if (hone_result_labels(&run->trials[k]) != labels)
				continue;
			said |= k < i;
			hone_buf_addf(&names, "%s%s", names.n ? ", " : "", run->trials[k].name);
		}
		if (!said)
			say_of(r, "Labels", hone_buf_str(&names), text);
	}
}

bool hone_run_is_library(const struct hone_result_run *r)
{
	return hone_target_kind_is_library(hone_target_kind_parse(r->kind));
}

static void say_risks(struct hone_report *r, const struct hone_result_run *run)
{
	bool embeds = false;

	for (size_t i = 0; i < run->n_trials; i++)
		embeds |= run->trials[i].path_dependent > 0;
	if (run->aborts && hone_run_is_library(run))
		hone_report_line(r, "Mind",
			"a panic that aborts ends the whole program that has loaded the library, "
			"an interpreter, too: it comes back to no caller as an error");
	if (run->aborts)
		hone_report_line(r, "Mind",
			"a panic that aborts is not seen by `cargo test`, which always unwinds: "
			"catch_unwind catches nothing, "
			"a panicking thread ends the program, destructors do not run");
	if (embeds)
		hone_report_line(r, "Mind",
			"the program embeds the folder it is built in: built elsewhere it has "
			"other bytes than here");
}

void hone_run_say_rest(struct hone_report *r, const struct hone_result_run *run)
{
	for (size_t i = 0; i < run->n_workloads; i++)
		if (run->workloads[i].connections)
			say_service(r, run, &run->workloads[i]);
	say_noise(r, run);
	offer_callgrind(r, run);
	say_machine(r, run);
	for (size_t i = 0; i < run->n_trials; i++)
		say_of(r, "Profile", run->trials[i].name, run->trials[i].profile.words);
	say_label_sets(r, run);
	say_risks(r, run);
	/* Bytes that went, or stayed, by something else than a setting. */
	for (size_t i = 0; i < run->n_trials; i++)
		say_of(r, "Mind", run->trials[i].name, run->trials[i].mind);
}
