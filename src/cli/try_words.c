/* The words around the tables of a try: what is out and why, the winners, the noise, the labels, and
 * what to type next. */
#include "try_report.h"

#include "labels.h"
#include "line.h"
#include "num.h"
#include "service.h"
#include "text.h"

#include <math.h>
#include <string.h>

static void print_table(struct hone_cli *cli, struct hone_table *table, struct hone_buf *to)
{
	if (to->n)
		hone_buf_addc(to, '\n');
	hone_table_print(table, cli->format, &cli->out, to);
	hone_table_free(table);
}

/* A line below the tables; in CSV there are none. */
static void say(struct hone_cli *cli, struct hone_buf *to, const char *head, const char *text)
{
	hone_report_line(cli->format, &cli->out, head, text, to);
}

/* "small, 1,234 bytes, 0.800 of the baseline": never with what went without the recipe's doing. */
static void add_size(const struct hone_try *t, size_t at, struct hone_buf *text)
{
	const struct hone_artifact *a = t->trials[at].artifact, *base = t->trials[0].artifact;
	char size[HONE_NUM_TEXT];

	hone_buf_addf(text, "%s, %s bytes%s, ", t->trials[at].candidate->name,
		hone_text_count(size, hone_artifact_cost(a)),
		hone_try_is_bare(t) ? " of flash" : "");
	if (hone_trial_cost(t, &t->trials[at]) == hone_artifact_cost(a))
		hone_buf_addf(text, "%.3f of the baseline",
			(double)hone_artifact_cost(a) / (double)hone_artifact_cost(base));
	else
		hone_buf_addf(text,
			"%.3f of the baseline when both are stripped, as it lost "
			"symbols that no setting of it takes",
			(double)a->stripped_size / (double)base->stripped_size);
}

/* Modules are downloaded: what is smallest when it is packed, where that is another one. */
static void say_packed(
	struct hone_cli *cli, const struct hone_try *t, size_t small, struct hone_buf *to)
{
	size_t best = small;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char size[HONE_NUM_TEXT], other[HONE_NUM_TEXT];

	if (t->trials[0].artifact->elf.format != HONE_OBJECT_WASM)
		return;
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];

		if (trial->artifact && trial->status == HONE_TRIAL_BUILT && trial->allowed &&
			trial->artifact->gzip_size < t->trials[best].artifact->gzip_size)
			best = i;
	}
	hone_buf_addf(&text, "by gzip %s, %s bytes, %.3f of the baseline",
		t->trials[best].candidate->name,
		hone_text_count(size, t->trials[best].artifact->gzip_size),
		(double)t->trials[best].artifact->gzip_size /
			(double)t->trials[0].artifact->gzip_size);
	if (best != small)
		hone_buf_addf(&text, "; %s has %s", t->trials[small].candidate->name,
			hone_text_count(other, t->trials[small].artifact->gzip_size));
	say(cli, to, "Smallest", hone_buf_str(&text));
}

static void say_small(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	size_t best = t->picks.small, stripped = best;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	bool bare = hone_try_is_bare(t);
	char size[HONE_NUM_TEXT];

	if (best == HONE_PICK_NONE)
		return;
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];

		if (trial->artifact && trial->status == HONE_TRIAL_BUILT && trial->allowed &&
			trial->artifact->stripped_size <
				t->trials[stripped].artifact->stripped_size)
			stripped = i;
	}
	add_size(t, best, &text);
	if (stripped != best && !bare)
		hone_buf_addf(&text, "; with symbols stripped %s would be smallest, %s bytes",
			t->trials[stripped].candidate->name,
			hone_text_count(size, t->trials[stripped].artifact->stripped_size));
	say(cli, to, "Smallest", hone_buf_str(&text));
	say_packed(cli, t, best, to);
}

/* The figure of a winner: from the rounds after it was picked. */
static const struct hone_estimate *confirmed(const struct hone_try *t, size_t trial)
{
	for (size_t i = 0; t->confirmed && i < t->n_confirmed; i++)
		if (t->confirmed_trials[i] == trial)
			return &t->confirmed->composite[i];
	return NULL;
}

static void add_figure(const struct hone_try *t, size_t trial, struct hone_buf *text)
{
	const struct hone_estimate *e = confirmed(t, trial);

	if (!e || !isfinite(e->ratio))
		return;
	hone_buf_addf(text, ", %.3f of the baseline's cost", e->ratio);
	if (e->low > 0 && isfinite(e->high))
		hone_buf_addf(text, " [%.3f, %.3f]", e->low, e->high);
	hone_buf_addf(text, " in %zu fresh rounds", e->rounds);
}

static void say_fast(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t fast = t->picks.fast, balanced = t->picks.balanced;

	if (hone_try_is_bare(t)) {
		say(cli, to, "Fastest",
			"not said: times in an emulator are this machine's, not the device's; the "
			"runs compare behaviour");
		return;
	}
	if (!t->speed_measured) {
		hone_auto_free char *command = hone_try_with(t, "--run", "ARGUMENTS");

		hone_buf_addf(&text, "speed was not measured; name a workload: %s", command);
		say(cli, to, "Fastest", hone_buf_str(&text));
		return;
	}
	if (t->measured && t->measured->control_differs) {
		say(cli, to, "Fastest",
			"not said: the baseline and its own copy were told apart, so times cannot "
			"be trusted here");
		return;
	}
	if (fast == 0 && t->picks.doubted != HONE_PICK_NONE) {
		hone_buf_addf(&text,
			"the baseline: %s was ahead, and its fresh rounds do not bear it out",
			t->trials[t->picks.doubted].candidate->name);
		add_figure(t, t->picks.doubted, &text);
	} else if (fast == 0) {
		hone_buf_adds(&text, "the baseline: no candidate was proved faster");
	} else if (fast != HONE_PICK_NONE) {
		hone_buf_adds(&text, t->trials[fast].candidate->name);
		add_figure(t, fast, &text);
	}
	for (size_t i = 0; i < t->picks.n_tied; i++)
		hone_buf_addf(&text, "%s%s", i ? ", " : "; cannot be told apart from it: ",
			t->trials[t->picks.tied[i]].candidate->name);
	say(cli, to, "Fastest", hone_buf_str(&text));
	hone_buf_reset(&text);
	if (balanced == HONE_PICK_NONE) {
		hone_buf_adds(&text, "not proved yet: no smaller one was shown to stay within 5 % "
				     "of the fastest");
	} else {
		char size[HONE_NUM_TEXT];

		hone_buf_addf(&text, "%s, %s bytes", t->trials[balanced].candidate->name,
			hone_text_count(size, t->trials[balanced].artifact->size));
		add_figure(t, balanced, &text);
	}
	say(cli, to, "Balanced", hone_buf_str(&text));
}

/* What could be had if more labels were let in. */
static void say_any(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	const struct {
		const char *what;
		size_t allowed, any;
	} goals[] = {{"smallest", t->picks.small, t->any.small},
		{"fastest", t->picks.fast, t->any.fast},
		{"balanced", t->picks.balanced, t->any.balanced}};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < HONE_COUNT(goals); i++) {
		if (goals[i].any == HONE_PICK_NONE || goals[i].any == goals[i].allowed)
			continue;
		hone_buf_addf(&text, "%s%s ", text.n ? "; " : "", goals[i].what);
		add_size(t, goals[i].any, &text);
		if (i)
			add_figure(t, goals[i].any, &text);
	}
	say(cli, to, "With every label", hone_buf_str(&text));
}

/* What the requests of a service cost its owner, with the formula. */
static void say_service(struct hone_cli *cli, const struct hone_try *t,
	const struct hone_workload_result *w, struct hone_buf *to)
{
	const struct hone_metric_result *cpu = hone_try_metric(w, HONE_METRIC_CPU_PER_REQUEST);
	const struct hone_metric_result *rate = hone_try_metric(w, HONE_METRIC_REQUESTS_PER_S);
	const struct hone_metric_result *memory = hone_try_metric(w, HONE_METRIC_PEAK_MEMORY);

	for (size_t i = 0; cpu && rate && memory && i < t->n; i++) {
		size_t at = t->trials[i].measured;
		hone_auto_free char *cost = NULL;
		hone_auto_free char *line = NULL;

		if (at == SIZE_MAX || t->trials[i].status != HONE_TRIAL_BUILT)
			continue;
		cost = hone_service_cost_text(
			cpu->median[at], rate->median[at], memory->median[at]);
		line = hone_xasprintf("%s: %s", t->trials[i].candidate->name, cost);
		say(cli, to, "Cost", line);
	}
}

static void say_noise(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char time[HONE_NUM_TEXT];

	if (!t->measured || hone_try_is_bare(t))
		return;
	for (size_t i = 0; i < t->measured->n_workloads; i++) {
		const struct hone_workload_result *w = &t->measured->workloads[i];

		if (isfinite(w->metrics[0].noise))
			hone_buf_addf(&text, "%s%s: +-%.1f %%", text.n ? ", " : "", w->name,
				w->metrics[0].noise * 100);
	}
	if (text.n)
		hone_buf_adds(&text, " between the baseline and its own copy");
	if (isinf(t->measured->more_s))
		hone_buf_addf(
			&text, "%sno end is in sight for what is undecided", text.n ? "; " : "");
	else if (t->measured->more_s > 0)
		hone_buf_addf(&text, "%sabout %s more would decide what is undecided",
			text.n ? "; " : "", hone_text_seconds(time, t->measured->more_s));
	if (t->measured->provable > 0 && isfinite(t->measured->provable))
		hone_buf_addf(&text, "%srounds like these can tell differences of %.1f %% and more",
			text.n ? "; " : "", t->measured->provable * 100);
	say(cli, to, "Noise", hone_buf_str(&text));
	if (t->measured->resumed) {
		hone_auto_free char *line = hone_xasprintf(
			"%zu of %zu rounds", t->measured->resumed, t->measured->rounds);

		say(cli, to, "Resumed", line);
	}
	for (size_t i = 0; i < t->measured->notes.n; i++)
		say(cli, to, "Note", t->measured->notes.v[i]);
}

static bool has_counters(const struct hone_measurement *m)
{
	for (size_t i = 0; i < m->n_workloads; i++)
		if (hone_try_metric(&m->workloads[i], HONE_METRIC_INSTRUCTIONS))
			return true;
	return false;
}

/* What the machine was like while it measured: whoever reads the times is to know. */
static void say_machine(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	const struct hone_measurement *m = t->measured;
	hone_auto_free char *state = NULL;
	hone_auto_free char *line = NULL;

	if (!m || !m->rounds || hone_try_is_bare(t))
		return;
	state = hone_machine_state_text(&m->before, &m->after);
	line = hone_xasprintf("%s%s", state, has_counters(m) ? "" : "; no hardware counters");
	say(cli, to, "Machine", line);
}

/* Where the times are too noisy for what was asked, instructions may still tell something. */
static void offer_callgrind(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	const struct hone_measurement *m = t->measured;
	hone_auto_free char *line = NULL;
	bool open = false, countable = false;

	for (size_t i = 0; m && i < m->n; i++)
		open |= m->status[i] == HONE_RAN &&
			m->composite[i].verdict == HONE_VERDICT_UNDECIDED;
	for (size_t i = 0; m && i < m->n_workloads; i++)
		countable |= !t->workloads[i].service && !t->workloads[i].until_output &&
			     !m->workloads[i].callgrind;
	if (!open || !countable || hone_try_is_bare(t) || !(m->provable > m->rules.precision))
		return;
	line = hone_xasprintf(
		"too noisy here for %.3g %%: --callgrind counts instructions instead, "
		"which do not vary so, but are not time",
		m->rules.precision * 100);
	say(cli, to, "Note", line);
}

/* One line for each different set of labels, with the candidates that carry it. */
static void say_label_sets(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	for (size_t i = 0; i < t->n; i++) {
		unsigned labels = hone_trial_labels(&t->trials[i]);
		hone_auto_buf struct hone_buf line = HONE_BUF_INIT;
		hone_auto_free char *text = hone_labels_text(labels);
		bool said = !labels;

		for (size_t k = 0; k < t->n; k++) {
			if (hone_trial_labels(&t->trials[k]) != labels)
				continue;
			said |= k < i;
			hone_buf_addf(
				&line, "%s%s", line.n ? ", " : "", t->trials[k].candidate->name);
		}
		if (said)
			continue;
		hone_buf_addf(&line, ": %s", text);
		say(cli, to, "Labels", hone_buf_str(&line));
	}
}

/* Bytes that went, or stayed, by something else than a setting. */
static void say_lost(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		hone_auto_free char *text = NULL;
		hone_auto_free char *line = NULL;

		if (!trial->lost)
			continue;
		text = hone_lost_text(trial->lost, t->trials[0].artifact, trial->artifact);
		line = hone_xasprintf("%s: %s", trial->candidate->name, text);
		say(cli, to, "Mind", line);
	}
}

static void say_risks(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	bool aborts = false, embeds = false;

	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		const struct hone_assign *panic =
			hone_candidate_get(trial->candidate, HONE_SET_PANIC, NULL);

		aborts |= panic && strstr(panic->value, "abort") &&
			  (hone_labels_of_assign(t->session, panic, NULL, NULL) &
				  HONE_LABEL_BEHAVIOUR);
		embeds |= trial->artifact && trial->artifact->path_dependent;
	}
	if (aborts)
		say(cli, to, "Mind",
			"a panic that aborts is not seen by `cargo test`, which always unwinds: "
			"catch_unwind catches nothing, "
			"a panicking thread ends the program, destructors do not run");
	if (embeds)
		say(cli, to, "Mind",
			"the program embeds the folder it is built in: built elsewhere it has "
			"other bytes than here");
}

/* What trained candidates made of their profile. */
static void say_profiles(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		hone_auto_free char *text = NULL;
		hone_auto_free char *line = NULL;

		if (!trial->artifact || !trial->plan->trained)
			continue;
		text = hone_profile_use_text(trial->plan, &trial->artifact->used);
		line = hone_xasprintf("%s: %s", trial->candidate->name, text);
		say(cli, to, "Profile", line);
	}
}

static void say_out(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		hone_auto_free char *line = NULL;

		if (trial->status == HONE_TRIAL_BUILT || !trial->reason)
			continue;
		line = hone_xasprintf("%s %s: %s", trial->candidate->name,
			hone_trial_status_text(trial->status), trial->reason);
		say(cli, to, "Out", line);
	}
}

static void say_next(struct hone_cli *cli, const struct hone_try *t, struct hone_buf *to)
{
	hone_auto_free char *command = hone_try_next(cli, t);

	say(cli, to, "Next", command ? command : "keep what you have");
}

static void say_project(const struct hone_try *t, struct hone_buf *to)
{
	const struct hone_project *p = t->session->project;
	const struct hone_toolchain *tc = t->session->toolchain;
	hone_auto_free char *line = hone_xasprintf("%s %s, binary %s, rustc %s (LLVM %s), %s",
		p->package->name, p->package->version, p->target->name, tc->rustc_version,
		tc->llvm_version, hone_session_triple(t->session));

	hone_text_safe(to, hone_view_of(line), false);
	hone_buf_addc(to, '\n');
}

void hone_try_print(struct hone_cli *cli, const struct hone_try *t)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
	struct hone_table *changes = hone_try_change_table(t);
	struct hone_table *together = hone_try_composite_table(t);
	struct hone_table *curve = hone_try_curve_table(t);

	if (cli->format == HONE_FORMAT_TEXT)
		say_project(t, &to);
	print_table(cli, hone_try_size_table(t), &to);
	for (size_t i = 0; t->measured && i < t->measured->n_workloads; i++)
		if (t->measured->workloads[i].n_metrics)
			print_table(
				cli, hone_try_workload_table(t, &t->measured->workloads[i]), &to);
	if (together)
		print_table(cli, together, &to);
	if (curve)
		print_table(cli, curve, &to);
	print_table(cli, hone_try_section_table(t), &to);
	if (hone_try_is_bare(t) && t->regions.n)
		print_table(cli, hone_try_region_table(t), &to);
	if (changes)
		print_table(cli, changes, &to);
	if (cli->format != HONE_FORMAT_CSV)
		hone_buf_addc(&to, '\n');
	say_out(cli, t, &to);
	say_small(cli, t, &to);
	say_fast(cli, t, &to);
	say_any(cli, t, &to);
	for (size_t i = 0; t->measured && i < t->measured->n_workloads; i++)
		if (t->measured->workloads[i].kind == HONE_WORKLOAD_SERVICE)
			say_service(cli, t, &t->measured->workloads[i], &to);
	say_noise(cli, t, &to);
	offer_callgrind(cli, t, &to);
	say_machine(cli, t, &to);
	say_profiles(cli, t, &to);
	say_label_sets(cli, t, &to);
	say_risks(cli, t, &to);
	say_lost(cli, t, &to);
	say_next(cli, t, &to);
	hone_out_result(&cli->out, hone_buf_view(&to));
}
