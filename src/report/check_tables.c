/* What tables of a check share. */
#include "check_groups.h"
#include "check_report.h"

#include "num.h"
#include "settings.h"

#include <math.h>
#include <string.h>

static void delta_cell(struct hone_table *t, int64_t delta)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, hone_text_delta(text, delta));
	hone_table_raw(t, "%lld", (long long)delta);
	hone_table_style(t, delta > 0 ? HONE_BAD : delta < 0 ? HONE_GOOD : HONE_DIM);
}

static void count_cell(struct hone_table *t, uint64_t n)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, hone_text_count(text, n));
	hone_table_raw(t, "%llu", (unsigned long long)n);
}

static void known_cell(struct hone_table *t, uint64_t n, bool known)
{
	if (known)
		count_cell(t, n);
	else
		hone_table_cell(t, "unknown");
}

/* The worst of two. */
static void worsen(enum hone_check_verdict *verdict, enum hone_check_verdict by)
{
	if (*verdict != HONE_CHECK_OVER && by != HONE_CHECK_WITHIN)
		*verdict = by;
}

/* The budgets of a figure: "1,200 (+1%)", and what they came to together. */
static enum hone_check_verdict budget_cells(
	const struct hone_result_check *c, enum hone_check_figure f, struct hone_buf *text)
{
	enum hone_check_verdict all = HONE_CHECK_WITHIN;

	for (size_t i = 0; i < c->n_budgets; i++) {
		const struct hone_check_budget *b = &c->budgets[i];
		char limit[HONE_NUM_TEXT];

		if (b->figure != f)
			continue;
		worsen(&all, hone_result_check_verdict(c, b));
		hone_buf_adds(text, text->n ? ", " : "");
		if (hone_result_check_verdict(c, b) == HONE_CHECK_UNDECIDED) {
			hone_buf_adds(text, b->text);
			continue;
		}
		hone_buf_adds(
			text, hone_text_count(limit, hone_check_limit(b, c->base->figures[f])));
		if (b->relative)
			hone_buf_addf(text, " (%s)", b->text);
	}
	return all;
}

/* A row of what a side has no number of, where it differs or has a budget. */
static void text_row(struct hone_table *t, const struct hone_result_check *c,
	enum hone_check_figure figure, const char *base, const char *head)
{
	hone_auto_buf struct hone_buf budget = HONE_BUF_INIT;
	bool has = false, over = false;

	for (size_t i = 0; i < c->n_budgets; i++) {
		const struct hone_check_budget *b = &c->budgets[i];

		if (b->figure != figure)
			continue;
		over |= hone_result_check_verdict(c, b) == HONE_CHECK_OVER;
		hone_buf_addf(&budget, "%s%s", has ? "; " : "", *b->text ? b->text : "none");
		has = true;
	}
	if (!has && strcmp(base, head) == 0)
		return;
	hone_table_cell(t, hone_check_names[figure]);
	hone_table_cell(t, *base ? base : "none");
	hone_table_cell(t, *head ? head : "none");
	hone_table_cell(t, "");
	hone_table_cell(t, "");
	hone_table_cell(t, hone_buf_str(&budget));
	hone_table_cell(t, !has ? "" : over ? "over" : "within");
	hone_table_style(t, over ? HONE_BAD : HONE_GOOD);
}

/* "debug, glibc"; the caller frees. */
static char *ids_of(unsigned labels)
{
	struct hone_buf ids = HONE_BUF_INIT;

	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (labels & l->bit)
			hone_buf_addf(&ids, "%s%s", ids.n ? ", " : "", l->id);
	return hone_buf_detach(&ids);
}

static void figure_row(
	struct hone_table *t, const struct hone_result_check *c, enum hone_check_figure f)
{
	uint64_t base = c->base->figures[f], head = c->head->figures[f];
	bool was = hone_check_knows(c->base, f), is = hone_check_knows(c->head, f);
	hone_auto_buf struct hone_buf budget = HONE_BUF_INIT;
	enum hone_check_verdict verdict = budget_cells(c, f, &budget);

	if (!base && !head && !budget.n)
		return;
	hone_table_cell(t, hone_check_names[f]);
	known_cell(t, base, was);
	known_cell(t, head, is);
	if (was && is)
		delta_cell(t, (int64_t)(head - base));
	else
		hone_table_cell(t, "");
	if (was && is && base && head != base)
		hone_table_cellf(t, "%+.2f %%", 100.0 * ((double)head / (double)base - 1));
	else
		hone_table_cell(t, "");
	hone_table_cell(t, hone_buf_str(&budget));
	hone_table_cell(t, budget.n ? hone_check_verdict_text(verdict) : "");
	hone_table_style(t, verdict == HONE_CHECK_WITHIN ? HONE_GOOD
			    : verdict == HONE_CHECK_OVER ? HONE_BAD
							 : HONE_PLAIN);
}

struct hone_table *hone_check_figures(const struct hone_result_check *c)
{
	hone_auto_free char *base_labels = ids_of(c->base->labels);
	hone_auto_free char *head_labels = ids_of(c->head->labels);
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "figure", HONE_LEFT);
	hone_table_column(t, "base", HONE_RIGHT);
	hone_table_column(t, "head", HONE_RIGHT);
	hone_table_column(t, "change", HONE_RIGHT);
	hone_table_column(t, "of it", HONE_RIGHT);
	hone_table_column(t, "budget", HONE_RIGHT);
	hone_table_column(t, "verdict", HONE_LEFT);
	for (int i = 0; i < HONE_CHECK_FIGURES; i++)
		figure_row(t, c, (enum hone_check_figure)i);
	text_row(t, c, HONE_CHECK_GLIBC, c->base->min_glibc, c->head->min_glibc);
	text_row(t, c, HONE_CHECK_LABELS, base_labels, head_labels);
	return t;
}

/* "12.3 ms", "4.2 MB" or a number, by the metric's unit. */
static void value_cell(struct hone_table *t, enum hone_metric metric, double x)
{
	const char *unit = hone_metric_info(metric)->unit;
	char text[HONE_NUM_TEXT];

	if (isnan(x))
		hone_table_cell(t, "");
	else if (strcmp(unit, "s") == 0)
		hone_table_cell(t, hone_text_seconds(text, x));
	else if (strcmp(unit, "bytes") == 0)
		hone_table_cell(t, hone_text_bytes(text, (uint64_t)x));
	else
		hone_table_cellf(t, "%.6g", x);
}

/* The budgets of a row, and the worst of their verdicts; false: it has none. */
static bool run_budgets(const struct hone_result_check *c, const struct hone_check_time *time,
	struct hone_buf *text, enum hone_check_verdict *ret)
{
	static const unsigned rank[] = {0, 2, 1};

	*ret = HONE_CHECK_WITHIN;
	for (size_t i = 0; i < c->n_budgets; i++) {
		const struct hone_check_budget *b = &c->budgets[i];

		if (b->figure != HONE_CHECK_TIME || !b->workload ||
			strcmp(b->workload, time->workload) != 0 ||
			(b->metric == HONE_METRIC_AUTO ? !time->primary
						       : b->metric != time->metric))
			continue;
		hone_buf_addf(text, "%s%s", text->n ? ", " : "", b->text);
		if (rank[b->verdict] > rank[*ret])
			*ret = b->verdict;
	}
	return text->n > 0;
}

struct hone_table *hone_check_runs(const struct hone_result_check *c)
{
	static const enum hone_style styles[] = {HONE_GOOD, HONE_BAD, HONE_DIM};
	struct hone_table *t;

	if (!c->times || !c->times->n)
		return NULL;
	t = hone_table_new(NULL);
	hone_table_column(t, "workload", HONE_LEFT);
	hone_table_column(t, "metric", HONE_LEFT);
	hone_table_column(t, "base", HONE_RIGHT);
	hone_table_column(t, "head", HONE_RIGHT);
	hone_table_column(t, "head / base [95 % interval]", HONE_RIGHT);
	hone_table_column(t, "budget", HONE_RIGHT);
	hone_table_column(t, "verdict", HONE_LEFT);
	for (size_t i = 0; i < c->times->n; i++) {
		const struct hone_check_time *x = &c->times->v[i];
		hone_auto_buf struct hone_buf budgets = HONE_BUF_INIT;
		enum hone_check_verdict verdict;
		bool has = run_budgets(c, x, &budgets, &verdict);

		hone_table_cell(t, x->workload);
		hone_table_cell(t, hone_metric_info(x->metric)->title);
		value_cell(t, x->metric, x->base);
		value_cell(t, x->metric, x->head);
		if (isnan(x->ratio))
			hone_table_cell(t, "");
		else
			hone_table_cellf(t, "%.3f [%.3f, %.3f]", x->ratio, x->low, x->high);
		hone_table_cell(t, hone_buf_str(&budgets));
		hone_table_cell(
			t, has ? hone_check_verdict_text(verdict) : hone_verdict_text(x->verdict));
		hone_table_style(t, has ? styles[verdict] : HONE_DIM);
	}
	return t;
}

struct hone_table *hone_check_movers(const struct hone_result_check *c, bool functions, size_t rows)
{
	const struct hone_check_change *v = functions ? c->functions : c->owners;
	size_t n = functions ? c->n_functions : c->n_owners;
	struct hone_table *t;
	int64_t rest = 0;

	if (!n)
		return NULL;
	t = hone_table_new(
		functions ? "Functions that changed, bytes" : "Crates that changed, bytes");
	hone_table_column(t, functions ? "function" : "crate", HONE_LEFT);
	if (functions)
		hone_table_column(t, "of", HONE_LEFT);
	hone_table_column(t, "base", HONE_RIGHT);
	hone_table_column(t, "head", HONE_RIGHT);
	hone_table_column(t, "change", HONE_RIGHT);
	hone_table_column(t, "why", HONE_LEFT);
	for (size_t i = 0; i < n && i < rows; i++) {
		hone_auto_free char *why = hone_check_why(&v[i]);

		if (functions)
			hone_table_cellf(t, "%.160s", *v[i].name ? v[i].name : "[no function]");
		hone_table_cellf(t, "%.160s", v[i].owner);
		count_cell(t, v[i].base);
		count_cell(t, v[i].head);
		delta_cell(t, v[i].delta);
		hone_table_cell(t, why);
	}
	for (size_t i = rows; i < n; i++)
		rest += v[i].delta;
	if (n > rows) {
		hone_table_cellf(t, "[%zu others]", n - rows);
		for (int i = 0; i < (functions ? 3 : 2); i++)
			hone_table_cell(t, "");
		delta_cell(t, rest);
		hone_table_cell(t, "");
	}
	return t;
}

struct hone_table *hone_check_instances(const struct hone_result_check *c, size_t rows)
{
	struct hone_check_groups groups;
	struct hone_table *t = NULL;

	hone_check_groups_make(c, &groups);
	if (groups.n) {
		t = hone_table_new("Instances of one generic, or of one trait, that grew, bytes");
		hone_table_column(t, "what", HONE_LEFT);
		hone_table_column(t, "change", HONE_RIGHT);
		hone_table_column(t, "functions", HONE_RIGHT);
		hone_table_column(t, "instances", HONE_RIGHT);
	}
	for (size_t i = 0; i < groups.n && i < rows; i++) {
		const struct hone_check_group *g = &groups.v[i];

		hone_table_cellf(t, "%.160s", g->name);
		delta_cell(t, g->delta);
		count_cell(t, g->functions);
		hone_table_cellf(t, "%+lld", (long long)g->more);
	}
	hone_check_groups_release(&groups);
	return t;
}

struct hone_table *hone_check_deps(const struct hone_result_check *c, size_t rows)
{
	struct hone_table *t;

	if (!c->n_deps)
		return NULL;
	t = hone_table_new("Dependencies that changed");
	hone_table_column(t, "package", HONE_LEFT);
	hone_table_column(t, "change", HONE_LEFT);
	hone_table_column(t, "by way of", HONE_LEFT);
	hone_table_column(t, "features", HONE_LEFT);
	for (size_t i = 0; i < c->n_deps && i < rows; i++) {
		const struct hone_check_dep_change *x = &c->deps[i];
		const struct hone_check_dep *d = x->head ? x->head : x->base;
		hone_auto_free char *features = hone_check_features(x);

		hone_table_cellf(t, "%s %s", d->name, d->version);
		if (hone_check_is_other_version(x))
			hone_table_cellf(t, "was %s", x->base->version);
		else
			hone_table_cell(t, x->doubled ? "a second version"
					   : !x->base ? "new"
					   : !x->head ? "gone"
						      : "features");
		hone_table_cell(t, d->via);
		hone_table_cell(t, features);
	}
	if (c->n_deps > rows)
		hone_table_note(t, "%zu more", c->n_deps - rows);
	return t;
}

struct hone_table *hone_check_settings(const struct hone_result_check *c)
{
	struct hone_table *t;

	if (!c->n_settings)
		return NULL;
	t = hone_table_new("Settings that changed");
	hone_table_column(t, "setting", HONE_LEFT);
	hone_table_column(t, "base", HONE_LEFT);
	hone_table_column(t, "head", HONE_LEFT);
	for (size_t i = 0; i < c->n_settings; i++) {
		hone_table_cell(t, c->settings[i].key);
		hone_table_cell(t, *c->settings[i].base ? c->settings[i].base : "unset");
		hone_table_cell(t, *c->settings[i].head ? c->settings[i].head : "unset");
	}
	return t;
}
