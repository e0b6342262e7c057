/* Lines below the tables of a run: which trial is best for each goal. */
#include "run_report.h"

#include "num.h"
#include "rules.h"

#include <math.h>

/* The bytes that are of the recipe's making: with those symbols that went without its doing, as hone_lost_cost. */
static uint64_t own_cost(const struct hone_result_run *r, const struct hone_result_trial *t)
{
	const struct hone_result_trial *base = &r->trials[0];
	uint64_t named = base->size - base->stripped_size;

	if (r->bare || !(t->unasked & HONE_RESULT_LOST_NAMES) ||
		t->size - t->stripped_size >= named)
		return hone_result_cost(t);
	return t->stripped_size + named;
}

/* "small, 1,234 bytes, 0.800 of the baseline": never with what went without the recipe's doing. */
static void add_size(const struct hone_result_run *r, size_t at, struct hone_buf *text)
{
	const struct hone_result_trial *t = &r->trials[at], *base = &r->trials[0];
	char size[HONE_NUM_TEXT];

	hone_buf_addf(text, "%s, %s bytes%s, ", t->name, hone_text_count(size, hone_result_cost(t)),
		r->bare ? " of flash" : "");
	if (own_cost(r, t) == hone_result_cost(t))
		hone_buf_addf(text, "%.3f of the baseline",
			(double)hone_result_cost(t) / (double)hone_result_cost(base));
	else
		hone_buf_addf(text,
			"%.3f of the baseline when both are stripped, as it lost "
			"symbols that no setting of it takes",
			(double)t->stripped_size / (double)base->stripped_size);
}

static uint64_t packed_size(const struct hone_result_trial *t, bool brotli)
{
	return brotli ? t->brotli_size : t->gzip_size;
}

/* Modules are downloaded: what is smallest when it is packed, where that is another one. */
static void say_packed(struct hone_report *r, const struct hone_result_run *run, bool brotli)
{
	size_t small = run->best.small, best = small;
	uint64_t base = packed_size(&run->trials[0], brotli);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char size[HONE_NUM_TEXT], other[HONE_NUM_TEXT];

	if (!run->module || !base || !packed_size(&run->trials[small], brotli))
		return;
	for (size_t i = 0; i < run->n_trials; i++) {
		const struct hone_result_trial *t = &run->trials[i];
		uint64_t packed = packed_size(t, brotli);

		if (t->hash && hone_result_is_built(t) && t->allowed && packed &&
			packed < packed_size(&run->trials[best], brotli))
			best = i;
	}
	hone_buf_addf(&text, "by %s %s, %s bytes, %.3f of the baseline", brotli ? "brotli" : "gzip",
		run->trials[best].name,
		hone_text_count(size, packed_size(&run->trials[best], brotli)),
		(double)packed_size(&run->trials[best], brotli) / (double)base);
	if (best != small)
		hone_buf_addf(&text, "; %s has %s", run->trials[small].name,
			hone_text_count(other, packed_size(&run->trials[small], brotli)));
	hone_report_line(r, "Smallest", hone_buf_str(&text));
}

static void say_small(struct hone_report *r, const struct hone_result_run *run)
{
	size_t best = run->best.small, stripped = best;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char size[HONE_NUM_TEXT];

	if (best == HONE_PICK_NONE)
		return;
	for (size_t i = 0; i < run->n_trials; i++) {
		const struct hone_result_trial *t = &run->trials[i];

		if (t->hash && hone_result_is_built(t) && t->allowed &&
			t->stripped_size < run->trials[stripped].stripped_size)
			stripped = i;
	}
	add_size(run, best, &text);
	if (stripped != best && !run->bare)
		hone_buf_addf(&text, "; with symbols stripped %s would be smallest, %s bytes",
			run->trials[stripped].name,
			hone_text_count(size, run->trials[stripped].stripped_size));
	hone_report_line(r, "Smallest", hone_buf_str(&text));
	hone_run_say_artifacts(r, run);
	say_packed(r, run, false);
	say_packed(r, run, true);
}

/* The figure of a winner: from the rounds after it was picked. */
static void add_figure(const struct hone_result_run *r, size_t trial, struct hone_buf *text)
{
	const struct hone_result_trial *t = &r->trials[trial];

	if (!t->confirmed || !isfinite(t->cost.ratio))
		return;
	hone_buf_addf(text, ", %.3f of the baseline's cost", t->cost.ratio);
	if (t->cost.low > 0 && isfinite(t->cost.high))
		hone_buf_addf(text, " [%.3f, %.3f]", t->cost.low, t->cost.high);
	if (t->fresh_rounds)
		hone_buf_addf(text, " in %llu fresh rounds", (unsigned long long)t->fresh_rounds);
}

static void say_fastest(struct hone_report *r, const struct hone_result_run *run)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const struct hone_picks *best = &run->best;

	if (best->fast == 0 && best->doubted != HONE_PICK_NONE) {
		hone_buf_addf(&text,
			"the baseline: %s was ahead, and its fresh rounds do not bear it out",
			run->trials[best->doubted].name);
		add_figure(run, best->doubted, &text);
	} else if (best->fast == 0) {
		hone_buf_adds(&text, "the baseline: no candidate was proved faster");
	} else if (best->fast != HONE_PICK_NONE) {
		hone_buf_adds(&text, run->trials[best->fast].name);
		add_figure(run, best->fast, &text);
	}
	for (size_t i = 0; i < best->n_tied; i++)
		hone_buf_addf(&text, "%s%s", i ? ", " : "; cannot be told apart from it: ",
			run->trials[best->tied[i]].name);
	hone_report_line(r, "Fastest", hone_buf_str(&text));
}

static void say_balanced(struct hone_report *r, const struct hone_result_run *run)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t balanced = run->best.balanced;
	char size[HONE_NUM_TEXT];

	if (balanced == HONE_PICK_NONE) {
		hone_buf_addf(&text,
			"not proved yet: no smaller one was shown to stay within %.3g %% of the "
			"fastest",
			100 * (run->margin > 0 ? run->margin : HONE_RULE_BALANCED_MARGIN));
	} else {
		hone_buf_addf(&text, "%s, %s bytes%s", run->trials[balanced].name,
			hone_text_count(size, hone_result_cost(&run->trials[balanced])),
			run->bare ? " of flash" : "");
		add_figure(run, balanced, &text);
	}
	hone_report_line(r, "Balanced", hone_buf_str(&text));
}

static void say_fast(struct hone_report *r, const struct hone_run_doc *doc)
{
	const struct hone_result_run *run = doc->run;
	hone_auto_free char *text = NULL;

	if (run->bare && !run->speed_measured) {
		hone_report_line(r, "Fastest",
			"not said: times in an emulator are this machine's, not the device's, and "
			"no instructions were counted; the runs compare behaviour");
	} else if (!run->speed_measured) {
		text = hone_xasprintf("speed was not measured%s%s",
			doc->speed ? "; name a workload: " : "", doc->speed ? doc->speed : "");
		hone_report_line(r, "Fastest", text);
	} else if (run->control_differs) {
		hone_report_line(r, "Fastest",
			"not said: the baseline and its own copy were told apart, so times cannot "
			"be trusted here");
	} else {
		say_fastest(r, run);
		say_balanced(r, run);
	}
}

/* What could be had if more labels were let in. */
static void say_any(struct hone_report *r, const struct hone_result_run *run)
{
	const struct {
		const char *what;
		size_t allowed, any;
	} goals[] = {{"smallest", run->best.small, run->any.small},
		{"fastest", run->best.fast, run->any.fast},
		{"balanced", run->best.balanced, run->any.balanced}};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < HONE_COUNT(goals); i++) {
		if (goals[i].any == HONE_PICK_NONE || goals[i].any == goals[i].allowed)
			continue;
		hone_buf_addf(&text, "%s%s ", text.n ? "; " : "", goals[i].what);
		add_size(run, goals[i].any, &text);
		if (i)
			add_figure(run, goals[i].any, &text);
	}
	hone_report_line(r, "With every label", hone_buf_str(&text));
}

void hone_run_say_winners(struct hone_report *r, const struct hone_run_doc *doc)
{
	say_small(r, doc->run);
	say_fast(r, doc);
	say_any(r, doc->run);
}
