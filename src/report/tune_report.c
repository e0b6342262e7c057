/* What a search found: the way in bytes, and what each setting is worth. */
#include "documents.h"

#include "cells.h"
#include "num.h"
#include "run_report.h"

#include <math.h>
#include <string.h>

/* ---- for programs */

static void way_tree(struct hone_jsonw *w, const struct hone_result_tune *t)
{
	hone_jsonw_karray(w, "way");
	for (size_t i = 0; i < t->steps.n; i++) {
		const struct hone_tune_step *s = &t->steps.v[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "step", s->what);
		hone_jsonw_kstr(w, "change", s->change);
		hone_jsonw_ku64(w, "tried", s->tried);
		hone_jsonw_ku64(w, "before", s->before);
		hone_jsonw_ku64(w, "after", s->after);
		if (s->ratio > 0)
			hone_jsonw_kf64(w, "ratio", s->ratio);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "shares");
	for (size_t i = 0; i < t->shares.n; i++) {
		const struct hone_tune_share *s = &t->shares.v[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "key", s->key);
		hone_jsonw_key(w, "value");
		hone_run_value_tree(w, s->value);
		hone_jsonw_key(w, "worth");
		if (s->known)
			hone_jsonw_i64(w, s->bytes);
		else
			hone_jsonw_null(w);
		hone_jsonw_kstr(w, "reason", s->why);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "out");
	for (size_t i = 0; i < t->out.n; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "candidate", t->out.v[i].candidate);
		hone_jsonw_kstr(w, "reason", t->out.v[i].reason);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_tune_tree(struct hone_report *r, const void *document)
{
	const struct hone_tune_doc *doc = document;
	const struct hone_result_tune *t = doc->tune;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	hone_jsonw_kstr(&w, "goal", t->goal);
	hone_jsonw_kstr(&w, "metric", t->metric);
	hone_jsonw_kstr(&w, "name", t->name);
	hone_run_recipe_tree(&w, t->recipe ? t->recipe : "");
	hone_jsonw_ku64(&w, "baseline", t->baseline);
	hone_jsonw_kstr(&w, "fixed", t->fixed);
	hone_jsonw_ku64(&w, "fixed_cost", t->fixed_cost);
	hone_jsonw_ku64(&w, "best", t->best);
	if (t->ratio > 0) {
		hone_jsonw_kf64(&w, "ratio", t->ratio);
		hone_jsonw_kf64(&w, "low", t->low);
		hone_jsonw_kf64(&w, "high", t->high);
	}
	hone_jsonw_kstr(&w, "ended", t->ended);
	hone_jsonw_ku64(&w, "candidates", t->candidates);
	hone_jsonw_ku64(&w, "builds", t->builds);
	hone_jsonw_kf64(&w, "seconds", t->s);
	way_tree(&w, t);
	if (doc->run) {
		hone_jsonw_kobject(&w, "run");
		hone_run_facts_tree(&w, doc->run);
		hone_run_keys_tree(&w, doc->run, (struct hone_run_keys){.whole = true});
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
}

/* ---- for people */

static void delta_cell(struct hone_table *t, int64_t n)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, n ? hone_text_delta(text, n) : "0");
	hone_table_raw(t, "%lld", (long long)n);
	hone_table_style(t, n < 0 ? HONE_GOOD : HONE_DIM);
}

static struct hone_table *way_table(const struct hone_result_tune *t)
{
	struct hone_table *table = hone_table_new("the way");

	hone_table_column(table, "step", HONE_LEFT);
	hone_table_column(table, "tried", HONE_RIGHT);
	hone_table_column(table, "bytes", HONE_RIGHT);
	hone_table_column(table, "change", HONE_RIGHT);
	hone_table_column(table, "time, ratio", HONE_RIGHT);
	hone_table_column(table, "by", HONE_LEFT);
	hone_table_cell(table, "baseline");
	hone_table_cell(table, NULL);
	hone_cell_number(table, t->baseline);
	hone_table_cell(table, NULL);
	hone_table_cell(table, NULL);
	hone_table_cell(table, NULL);
	for (size_t i = 0; i < t->steps.n; i++) {
		const struct hone_tune_step *s = &t->steps.v[i];

		hone_table_cell(table, s->what);
		hone_cell_number(table, s->tried);
		hone_cell_number(table, s->after);
		delta_cell(table, (int64_t)s->after - (int64_t)s->before);
		hone_cell_ratio(table, s->ratio > 0 ? s->ratio : NAN);
		hone_table_cell(table, s->change);
	}
	return table;
}

static struct hone_table *share_table(const struct hone_result_tune *t)
{
	struct hone_table *table =
		hone_table_new("what each setting is worth: bytes more without it");

	hone_table_column(table, "setting", HONE_LEFT);
	hone_table_column(table, "value", HONE_LEFT);
	hone_table_column(table, "worth", HONE_RIGHT);
	hone_table_column(table, "why", HONE_LEFT);
	for (size_t i = 0; i < t->shares.n; i++) {
		const struct hone_tune_share *s = &t->shares.v[i];
		char text[HONE_NUM_TEXT];

		hone_table_cell(table, s->key);
		hone_table_cell(table, s->value);
		if (!s->known) {
			hone_table_cell(table, s->why ? "not without it" : "not built");
			hone_table_raw(table, "%s", "");
			hone_table_cell(table, s->why);
			continue;
		}
		hone_table_cell(table, s->bytes ? hone_text_delta(text, s->bytes) : "0");
		hone_table_raw(table, "%lld", (long long)s->bytes);
		hone_table_cell(table, NULL);
	}
	return table;
}

static char *against(const char *name, uint64_t now, uint64_t before)
{
	char delta[HONE_NUM_TEXT];

	if (!before)
		return hone_xstrdup("");
	return hone_xasprintf(", %s (%.1f %%) beside %s",
		hone_text_delta(delta, (int64_t)now - (int64_t)before),
		100 * ((double)now / (double)before - 1), name);
}

/* Where time decides. */
static void say_time(struct hone_report *r, const struct hone_result_tune *t)
{
	hone_auto_free char *bytes = against("the baseline", t->best, t->baseline);
	hone_auto_free char *text = NULL;
	char a[HONE_NUM_TEXT];

	if (t->recipe && *t->recipe)
		text = hone_xasprintf(
			"%s, %.3f [%.3f, %.3f] of the baseline's time in fresh rounds, "
			"%s bytes%s",
			t->name, t->ratio, t->low, t->high, hone_text_count(a, t->best), bytes);
	else
		text = hone_xstrdup("nothing is proved to be better than what you have");
	hone_report_line(r, "Result", text);
	hone_report_line(r, "Recipe", t->recipe);
}

static void say_result(struct hone_report *r, const struct hone_result_tune *t)
{
	hone_auto_free char *base = against("the baseline", t->best, t->baseline);
	hone_auto_free char *fixed = t->fixed ? against(t->fixed, t->best, t->fixed_cost) : NULL;
	hone_auto_free char *text = NULL;
	hone_auto_free char *cost = NULL;
	char a[HONE_NUM_TEXT], s[HONE_NUM_TEXT];

	if (t->best < t->baseline)
		text = hone_xasprintf("%s, %s bytes%s%s%s", t->name, hone_text_count(a, t->best),
			t->metric && t->metric[1] == 'i' ? "" : " of what is counted", base,
			fixed ? fixed : "");
	else
		text = hone_xasprintf("nothing is smaller than the baseline's %s bytes",
			hone_text_count(a, t->baseline));
	hone_report_line(r, "Result", text);
	if (t->best < t->baseline)
		hone_report_line(r, "Recipe", t->recipe);
	cost = hone_xasprintf("%zu candidates, %zu of them compiled, in %s%s%s", t->candidates,
		t->builds, hone_text_seconds(s, t->s),
		t->ended ? "; ended before all was tried: " : "", t->ended ? t->ended : "");
	hone_report_line(r, "Search", cost);
}

void hone_tune_sheet(struct hone_report *r, const void *document)
{
	const struct hone_tune_doc *doc = document;
	const struct hone_result_tune *t = doc->tune;

	hone_report_table(r, way_table(t));
	if (t->shares.n)
		hone_report_table(r, share_table(t));
	hone_report_gap(r);
	if (t->metric && strcmp(t->metric, "time") == 0)
		say_time(r, t);
	else
		say_result(r, t);
	if (doc->run) {
		const struct hone_run_doc run = {.run = doc->run, .next = doc->next, .now = true};

		hone_report_gap(r);
		hone_run_sheet(r, &run);
	} else {
		hone_report_line(r, "Next", doc->next ? doc->next : "keep what you have");
	}
}
