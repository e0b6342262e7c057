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
		if (s->ratio > 0) {
			hone_jsonw_kf64(w, "ratio", s->ratio);
			hone_jsonw_kf64(w, "low", s->low);
			hone_jsonw_kf64(w, "high", s->high);
		}
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

static void seen_tree(struct hone_jsonw *w, const struct hone_result_tune *t)
{
	hone_jsonw_karray(w, "seen");
	for (size_t i = 0; i < t->seen.n; i++) {
		const struct hone_tune_seen *s = &t->seen.v[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "candidate", s->name);
		hone_run_recipe_tree(w, s->recipe);
		hone_jsonw_ku64(w, "bytes", s->bytes);
		if (s->ratio > 0) {
			hone_jsonw_kf64(w, "ratio", s->ratio);
			hone_jsonw_kf64(w, "low", s->low);
			hone_jsonw_kf64(w, "high", s->high);
		}
		hone_jsonw_kf64(w, "cpu_s", s->cpu_s);
		hone_jsonw_kbool(w, "allowed", s->allowed);
		hone_jsonw_kbool(w, "compiled", s->compiled);
		hone_jsonw_kbool(w, "front", s->front);
		hone_jsonw_kbool(w, "knee", s->knee);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void goal_tree(struct hone_jsonw *to, const struct hone_tune_doc *doc)
{
	const struct hone_result_tune *t = doc->tune;

	hone_jsonw_kstr(to, "goal", t->goal);
	hone_jsonw_kstr(to, "metric", t->metric);
	hone_jsonw_kstr(to, "name", t->name);
	hone_run_recipe_tree(to, t->recipe ? t->recipe : "");
	hone_jsonw_ku64(to, "baseline", t->baseline);
	hone_jsonw_kstr(to, "fixed", t->fixed);
	hone_jsonw_ku64(to, "fixed_cost", t->fixed_cost);
	hone_jsonw_ku64(to, "best", t->best);
	if (t->ratio > 0) {
		hone_jsonw_kf64(to, "ratio", t->ratio);
		hone_jsonw_kf64(to, "low", t->low);
		hone_jsonw_kf64(to, "high", t->high);
	}
	hone_jsonw_kstr(to, "ended", t->ended);
	hone_jsonw_ku64(to, "candidates", t->candidates);
	hone_jsonw_ku64(to, "builds", t->builds);
	hone_jsonw_kf64(to, "seconds", t->s);
	if (t->within > 0)
		hone_jsonw_kf64(to, "within", t->within);
	way_tree(to, t);
	seen_tree(to, t);
	if (doc->run) {
		hone_jsonw_kobject(to, "run");
		hone_run_facts_tree(to, doc->run);
		hone_run_keys_tree(to, doc->run, (struct hone_run_keys){.whole = true});
		hone_jsonw_end(to);
	}
}

void hone_tune_tree(struct hone_report *r, const void *document)
{
	const struct hone_tune_docs *docs = document;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	if (docs->n == 1) {
		goal_tree(&w, docs->v);
	} else {
		hone_jsonw_karray(&w, "goals");
		for (size_t i = 0; i < docs->n; i++) {
			hone_jsonw_object(&w);
			goal_tree(&w, &docs->v[i]);
			hone_jsonw_end(&w);
		}
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
	bool timed = t->metric && strcmp(t->metric, "time") == 0;
	struct hone_table *table = hone_table_new(
		timed ? "what each setting is worth: without it, bytes more and time as a ratio"
		      : "what each setting is worth: bytes more without it");

	hone_table_column(table, "setting", HONE_LEFT);
	hone_table_column(table, "value", HONE_LEFT);
	hone_table_column(table, "worth", HONE_RIGHT);
	if (timed) {
		hone_table_column(table, "time", HONE_RIGHT);
		hone_table_column(table, "95 % interval", HONE_RIGHT);
	}
	hone_table_column(table, "why", HONE_LEFT);
	for (size_t i = 0; i < t->shares.n; i++) {
		const struct hone_tune_share *s = &t->shares.v[i];
		char text[HONE_NUM_TEXT];

		hone_table_cell(table, s->key);
		hone_table_cell(table, s->value);
		if (s->known) {
			hone_table_cell(table, s->bytes ? hone_text_delta(text, s->bytes) : "0");
			hone_table_raw(table, "%lld", (long long)s->bytes);
		} else {
			hone_table_cell(table, s->why ? "not without it" : "not built");
			hone_table_raw(table, "%s", "");
		}
		if (timed) {
			hone_cell_ratio(table, s->ratio > 0 ? s->ratio : NAN);
			hone_cell_interval(table, s->ratio > 0 ? s->ratio : NAN, s->low, s->high);
		}
		hone_table_cell(table, s->why);
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

/* What there is to choose from: nothing is smaller without being slower. */
static struct hone_table *front_table(const struct hone_result_tune *t)
{
	struct hone_table *table =
		hone_table_new("the front: what is neither larger nor slower than another");

	hone_table_column(table, "candidate", HONE_LEFT);
	hone_table_column(table, "bytes", HONE_RIGHT);
	hone_table_column(table, "time, ratio", HONE_RIGHT);
	hone_table_column(table, "95 % interval", HONE_RIGHT);
	hone_table_column(table, "what", HONE_LEFT);
	for (size_t i = 0; i < t->seen.n; i++) {
		const struct hone_tune_seen *s = &t->seen.v[i];
		bool result = t->recipe && strcmp(s->recipe, t->recipe) == 0;

		if (!s->front)
			continue;
		hone_table_cell(table, s->name);
		hone_cell_number(table, s->bytes);
		hone_cell_ratio(table, s->ratio);
		hone_cell_interval(table, s->ratio, s->low, s->high);
		hone_table_cell(table, result && s->knee ? "result, knee"
				       : result          ? "result"
				       : s->knee         ? "knee"
							 : NULL);
	}
	return table;
}

static size_t count_front(const struct hone_result_tune *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->seen.n; i++)
		n += t->seen.v[i].front;
	return n;
}

static void say_search(struct hone_report *r, const struct hone_result_tune *t)
{
	char s[HONE_NUM_TEXT];
	hone_auto_free char *cost = hone_xasprintf("%zu %s, %zu of them compiled, in %s%s%s",
		t->candidates, t->candidates == 1 ? "candidate" : "candidates", t->builds,
		hone_text_seconds(s, t->s), t->ended ? "; ended before all was tried: " : "",
		t->ended ? t->ended : "");

	hone_report_line(r, "Search", cost);
}

/* Where time decides. */
static void say_time(struct hone_report *r, const struct hone_result_tune *t)
{
	hone_auto_free char *bytes = against("the baseline", t->best, t->baseline);
	hone_auto_free char *text = NULL;
	char a[HONE_NUM_TEXT];

	if (t->recipe && *t->recipe && !(t->ratio > 0))
		text = hone_xasprintf("%s leads so far; no fresh rounds have proved it", t->name);
	else if (t->recipe && *t->recipe)
		text = hone_xasprintf(
			"%s, %.3f [%.3f, %.3f] of the baseline's time in fresh rounds, "
			"%s bytes%s",
			t->name, t->ratio, t->low, t->high, hone_text_count(a, t->best), bytes);
	else
		text = hone_xstrdup("nothing is proved to be better than what you have");
	hone_report_line(r, "Result", text);
	hone_report_line(r, "Recipe", t->recipe);
	if (t->within > 0) {
		hone_auto_free char *rule = hone_xasprintf(
			"the smallest that is proved to be at most %g %% slower than the fastest",
			100 * t->within);

		hone_report_line(r, "Balanced", rule);
	}
	say_search(r, t);
}

static void say_result(struct hone_report *r, const struct hone_result_tune *t)
{
	hone_auto_free char *base = against("the baseline", t->best, t->baseline);
	hone_auto_free char *fixed = t->fixed ? against(t->fixed, t->best, t->fixed_cost) : NULL;
	hone_auto_free char *text = NULL;
	char a[HONE_NUM_TEXT];

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
	say_search(r, t);
}

static void goal_sheet(struct hone_report *r, const struct hone_tune_doc *doc)
{
	const struct hone_result_tune *t = doc->tune;

	hone_report_table(r, way_table(t));
	if (t->shares.n)
		hone_report_table(r, share_table(t));
	if (count_front(t) > 1)
		hone_report_table(r, front_table(t));
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

void hone_tune_sheet(struct hone_report *r, const void *document)
{
	const struct hone_tune_docs *docs = document;

	for (size_t i = 0; i < docs->n; i++) {
		if (i)
			hone_report_gap(r);
		if (docs->n > 1)
			hone_report_line(r, "Goal", docs->v[i].tune->goal);
		goal_sheet(r, &docs->v[i]);
	}
}
