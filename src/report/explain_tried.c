/* What a setting did to this project: the trials of the newest run that assign it. */
#include "changes_report.h"
#include "explain.h"
#include "num.h"
#include "run_report.h"
#include "text.h"

#include <math.h>
#include <string.h>

#define LABEL_COLUMN 14

static bool assigns(const struct hone_candidate *c, const struct hone_setting *s)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->assigns[i].setting == s)
			return true;
	return false;
}

/* Is a change this setting's alone? */
static bool is_alone(const struct hone_change *c, const struct hone_setting *s)
{
	return c->key == s;
}

/* Is a change that of this setting among others? */
static bool is_among(const struct hone_change *c, const struct hone_result_changes *sides,
	const struct hone_setting *s)
{
	return !c->setting && c->beside == 0 && assigns(sides->candidates[c->trial], s);
}

/* "lto=true: small beside opt-level=\"z\",...: -812,000 bytes, of it std -301,112, ..." */
static char *change_line(const struct hone_change *c, const struct hone_result_changes *sides,
	const struct hone_result_run *run)
{
	hone_auto_free char *parts = hone_change_parts(c);
	hone_auto_free char *together = hone_xasprintf("%zu settings together", c->n_settings);
	char text[HONE_NUM_TEXT];

	return hone_xasprintf("%s: %s beside %s: %s bytes%s, of it %s",
		c->setting ? c->setting : together, sides->sides[c->trial].name,
		sides->sides[c->beside].name, hone_text_delta(text, c->diff.delta),
		run->trials[0].flash ? " of flash" : "", parts);
}

/* The setting as a trial had it. */
struct tried {
	char *value; /* "opt-level = \"z\""; owned; NULL: the trial does not assign it */
	size_t more; /* other settings of the same trial: its numbers are theirs, too */
};

static struct tried tried_of(
	const struct hone_result_trial *trial, const struct hone_setting *setting)
{
	struct hone_candidate *c = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct tried found = {0};

	/* A recipe of another hone may hold what this one does not know. */
	if (!*trial->candidate || hone_candidate_parse(trial->candidate, &c, &err))
		return found;
	for (size_t i = 0; !found.value && i < c->n; i++) {
		hone_auto_free char *key = hone_assign_key(&c->assigns[i]);

		if (c->assigns[i].setting == setting)
			found.value = hone_xasprintf("%s=%s", key, c->assigns[i].value);
	}
	found.more = c->n ? c->n - 1 : 0;
	hone_candidate_free(c);
	return found;
}

/* "size 0.804 of the baseline, time 0.985 [0.961, 1.022] same", or why there is nothing to say. */
static char *outcome(const struct hone_result_run *run, const struct hone_result_trial *t)
{
	const struct hone_result_ratio *c = &t->cost;
	const char *what = run->speed_measured ? "time" : "start-up";
	struct hone_buf b = HONE_BUF_INIT;

	if (strcmp(t->status, "built") != 0) {
		struct hone_view reason = hone_view_of(t->reason ? t->reason : "");

		reason = hone_view_sub(reason, 0, hone_view_find(reason, 0, '\n'));
		hone_buf_addf(&b, "%s: %.*s", t->status, (int)reason.n, reason.p);
		return hone_buf_detach(&b);
	}
	if (t->size && run->trials[0].size)
		hone_buf_addf(&b, "%s %.3f of the baseline", t->flash ? "flash" : "size",
			(double)hone_result_cost(t) / (double)hone_result_cost(&run->trials[0]));
	if (isfinite(c->ratio) && c->low > 0 && isfinite(c->high))
		hone_buf_addf(&b, ", %s %.3f [%.3f, %.3f] %s", what, c->ratio, c->low, c->high,
			c->verdict);
	else if (isfinite(c->ratio))
		hone_buf_addf(&b, ", %s: too few rounds", what); /* no ratio without interval */
	return hone_buf_detach(&b);
}

static void put_changes(const struct hone_setting *s, const struct hone_result_run *run,
	void (*line)(void *ctx, const char *text), void *ctx)
{
	struct hone_result_changes sides;

	hone_result_changes_find(run, &sides);
	for (size_t i = 0; i < sides.changes.n; i++) {
		const struct hone_change *c = &sides.changes.v[i];
		hone_auto_free char *text = NULL;

		if (!is_alone(c, s) && !is_among(c, &sides, s))
			continue;
		text = change_line(c, &sides, run);
		line(ctx, text);
	}
	hone_result_changes_release(&sides);
}

/* One line for each trial of the setting, below a line that tells of the run. */
static void put_lines(const struct hone_setting *s, const struct hone_result_run *run,
	void (*line)(void *ctx, const char *text), void *ctx)
{
	hone_auto_free char *when = hone_result_when(run->when);
	hone_auto_free char *head = hone_xasprintf("%s%s (run %lld, %s, rustc %s, %s):",
		run->elsewhere ? "measured " : "in this project",
		run->elsewhere ? run->elsewhere : "", (long long)run->id, when, run->rustc_version,
		run->cpu);
	bool any = false;

	for (size_t i = 0; i < run->n_trials; i++) {
		struct tried t = tried_of(&run->trials[i], s);
		hone_auto_free char *says = outcome(run, &run->trials[i]);
		hone_auto_free char *more = t.more ? hone_xasprintf(" and %zu more", t.more) : NULL;
		hone_auto_free char *text = NULL;

		if (!t.value)
			continue;
		text = strcmp(run->trials[i].name, t.value) == 0
			       ? hone_xasprintf("%s: %s", t.value, says)
			       : hone_xasprintf("%s (%s%s): %s", run->trials[i].name, t.value,
					 more ? more : "", says);
		if (!any)
			line(ctx, head);
		any = true;
		line(ctx, text);
		free(t.value);
	}
	if (any)
		put_changes(s, run, line, ctx);
}

struct text_sink {
	const struct hone_out *o;
	size_t width, lines;
	struct hone_buf *to;
};

static void text_line(void *ctx, const char *text)
{
	struct text_sink *sink = ctx;
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;

	hone_text_safe(&safe, hone_view_of(text), false);
	if (!sink->lines++)
		hone_buf_addf(sink->to, "  %stried%s%*s", hone_out_style(sink->o, HONE_BOLD),
			hone_out_style(sink->o, HONE_PLAIN), LABEL_COLUMN - 7, "");
	else
		hone_buf_pad(sink->to, ' ', LABEL_COLUMN);
	hone_text_wrap(sink->to, hone_buf_view(&safe), LABEL_COLUMN, sink->width);
}

void hone_explain_tried_text(
	struct hone_report *r, const struct hone_explain_doc *doc, size_t width)
{
	put_lines(doc->setting, doc->run, text_line,
		&(struct text_sink){.o = r->out, .width = width, .to = r->to});
}

struct markdown_sink {
	struct hone_buf *to;
	size_t lines;
};

static void markdown_line(void *ctx, const char *text)
{
	struct markdown_sink *sink = ctx;

	if (!sink->lines++) {
		hone_buf_addf(sink->to, "\n**Tried** ");
		hone_markdown(sink->to, text);
		hone_buf_adds(sink->to, "\n\n");
		return;
	}
	hone_buf_adds(sink->to, "- ");
	hone_markdown_code(sink->to, text);
	hone_buf_addc(sink->to, '\n');
}

void hone_explain_tried_markdown(
	const struct hone_setting *s, const struct hone_result_run *run, struct hone_buf *to)
{
	put_lines(s, run, markdown_line, &(struct markdown_sink){.to = to});
}

/* Only those that tell of the setting. */
static void changes_tree(
	struct hone_jsonw *w, const struct hone_setting *s, const struct hone_result_run *run)
{
	struct hone_result_changes sides;
	struct hone_changes own = {0};

	hone_result_changes_find(run, &sides);
	for (size_t i = 0; i < sides.changes.n; i++)
		if (is_alone(&sides.changes.v[i], s) || is_among(&sides.changes.v[i], &sides, s))
			hone_vec_push(&own, sides.changes.v[i]);
	hone_changes_tree(w, &own, sides.sides, false);
	hone_vec_release(&own);
	hone_result_changes_release(&sides);
}

void hone_explain_tried_tree(
	struct hone_jsonw *w, const struct hone_setting *s, const struct hone_result_run *run)
{
	hone_jsonw_karray(w, "tried");
	for (size_t i = 0; run && i < run->n_trials; i++) {
		const struct hone_result_trial *trial = &run->trials[i];
		struct tried t = tried_of(trial, s);

		if (!t.value)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_ki64(w, "run", run->id);
		hone_jsonw_kstr(w, "elsewhere", run->elsewhere);
		hone_jsonw_kstr(w, "name", trial->name);
		hone_jsonw_kstr(w, "candidate", trial->candidate);
		hone_jsonw_kstr(w, "assigns", t.value);
		hone_jsonw_kstr(w, "status", trial->status);
		if (trial->size && run->trials[0].size)
			hone_jsonw_kf64(w, "size_ratio",
				(double)hone_result_cost(trial) /
					(double)hone_result_cost(&run->trials[0]));
		hone_jsonw_kobject(w, "cost");
		hone_run_ratio_tree(w, &trial->cost);
		hone_jsonw_end(w);
		hone_jsonw_kbool(w, "speed_measured", run->speed_measured);
		hone_jsonw_end(w);
		free(t.value);
	}
	hone_jsonw_end(w);
	if (run)
		changes_tree(w, s, run);
}
