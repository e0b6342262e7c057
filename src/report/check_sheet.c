#include "check_report.h"

#include "num.h"

#include <string.h>

#define ROWS 12
/* Of a comment: GitHub takes 65,536 characters. */
#define COMMENT_ROWS 20
/* Causes that stand above what is folded, and how long each may be. */
#define COMMENT_CAUSES 2
#define COMMENT_CAUSE 160

static void add(struct hone_report *r, struct hone_table *t)
{
	if (t)
		hone_report_table(r, t);
}

/* What is over a budget, with its causes where the tables do not tell them, then what is undecided. */
static void say_verdicts(struct hone_report *r, const struct hone_result_check *c)
{
	static const enum hone_check_verdict told[] = {HONE_CHECK_OVER, HONE_CHECK_UNDECIDED};

	for (size_t k = 0; k < HONE_COUNT(told); k++)
		for (size_t i = 0; i < c->n_budgets; i++) {
			hone_auto_free char *text = NULL;

			if (hone_result_check_verdict(c, &c->budgets[i]) != told[k])
				continue;
			text = hone_check_budget_text(c, &c->budgets[i]);
			hone_report_line(r, k ? "Undecided" : "Over", text);
		}
}

static void say_bisected(struct hone_report *r, const struct hone_check_doc *doc)
{
	const struct hone_check_bisected *b = doc->bisected;
	hone_auto_free char *text = NULL;

	if (!b)
		return;
	text = hone_xasprintf("%.9s \"%s\" is the first of %zu %s with %s%s (%zu looked at)",
		doc->check->head->commit, b->subject, b->commits,
		b->commits == 1 ? "commit" : "commits", b->why,
		b->skipped ? ", or one of those before it that were skipped" : "", b->looked_at);
	hone_report_line(r, "Found", text);
}

static void say_runs(struct hone_report *r, const struct hone_result_check *c)
{
	if (!c->times)
		return;
	hone_report_line(r, "Fails", c->times->failed);
	if (c->times->same_file)
		hone_report_line(
			r, "Runs", "base and head are the same file, and so is their time");
	else if (c->times->why)
		hone_report_line(r, "Not measured", c->times->why);
}

void hone_check_sheet(struct hone_report *r, const void *document)
{
	const struct hone_check_doc *doc = document;
	const struct hone_result_check *c = doc->check;

	add(r, hone_check_figures(c));
	add(r, hone_check_runs(c));
	add(r, hone_check_movers(c, false, ROWS));
	if (c->base->named && c->head->named) {
		add(r, hone_check_movers(c, true, ROWS));
		add(r, hone_check_instances(c, ROWS / 2));
	}
	add(r, hone_check_deps(c, 3 * ROWS));
	add(r, hone_check_settings(c));
	hone_report_gap(r);
	say_bisected(r, doc);
	hone_report_line(r, "Base", c->base->what);
	hone_report_line(r, "Head", c->head->what);
	hone_report_line(r, "Toolchain", doc->other_toolchain);
	if (!c->base->named || !c->head->named)
		hone_report_line(r, "Note",
			"a side has no symbols, so that crates and functions are not known");
	say_runs(r, c);
	say_verdicts(r, c);
	hone_report_line(r, "Remedy", doc->remedy);
	if (!c->n_budgets && !doc->bisected)
		hone_report_line(r, "Note",
			"no budget is set, so that nothing can be over it: [budget] in hone.toml");
}

static void folded(struct hone_report *r, struct hone_table *t)
{
	if (!t)
		return;
	hone_buf_addf(r->to, "\n<details><summary>%s</summary>\n\n", t->title);
	free(HONE_TAKE(t->title));
	hone_report_add_table(r, t);
	hone_buf_adds(r->to, "\n</details>\n");
}

static void say_cause(struct hone_report *r, const char *cause)
{
	size_t all = strlen(cause), n = all < COMMENT_CAUSE ? all : COMMENT_CAUSE;
	hone_auto_free char *text = NULL;

	/* Not within a character. */
	while (n && n < all && (cause[n] & 0xC0) == 0x80)
		n--;
	text = hone_xasprintf("%.*s%s", (int)n, cause, n < all ? "..." : "");
	hone_report_line(r, "Cause", text);
}

static void add_causes(const struct hone_result_check *c, const struct hone_check_budget *b,
	struct hone_strv *told)
{
	hone_auto_strv struct hone_strv first = hone_check_first_causes(c, b);

	for (size_t i = 0; i < first.n && told->n < COMMENT_CAUSES; i++)
		if (!hone_strv_has(told, first.v[i]))
			hone_strv_push(told, first.v[i]);
}

/* The first causes of what is over, of sizes before all others, each once: several budgets have the same. */
static void say_causes(struct hone_report *r, const struct hone_result_check *c)
{
	hone_auto_strv struct hone_strv told = HONE_STRV_INIT;

	for (int sizes = 1; sizes >= 0; sizes--)
		for (size_t i = 0; i < c->n_budgets; i++) {
			const struct hone_check_budget *b = &c->budgets[i];

			if ((b->figure < HONE_CHECK_CRATES) == sizes &&
				hone_result_check_verdict(c, b) == HONE_CHECK_OVER)
				add_causes(c, b, &told);
		}
	for (size_t i = 0; i < told.n; i++)
		say_cause(r, told.v[i]);
}

/* A comment that fits a screen; its first line finds it again, so that it can be replaced. */
void hone_check_markdown(struct hone_report *r, const void *document)
{
	const struct hone_check_doc *doc = document;
	const struct hone_result_check *c = doc->check;
	int64_t delta =
		(int64_t)(c->head->figures[HONE_CHECK_SIZE] - c->base->figures[HONE_CHECK_SIZE]);
	char text[HONE_NUM_TEXT];
	size_t over = hone_result_check_count(c, HONE_CHECK_OVER);
	size_t undecided = hone_result_check_count(c, HONE_CHECK_UNDECIDED);
	struct hone_table *runs = hone_check_runs(c);

	hone_buf_adds(r->to, "<!-- cargo hone check: ");
	hone_markdown(r->to, c->head->bin);
	hone_buf_adds(r->to, " -->\n### ");
	hone_markdown(r->to, c->head->bin);
	hone_buf_addf(r->to, ": %s bytes%s\n\n", hone_text_delta(text, delta),
		!c->n_budgets ? ""
		: over        ? ", over budget"
		: undecided   ? ", undecided"
			      : ", within budget");
	hone_report_add_table(r, hone_check_figures(c));
	hone_buf_addc(r->to, '\n');
	if (runs) {
		hone_report_add_table(r, runs);
		hone_buf_addc(r->to, '\n');
	}
	say_bisected(r, doc);
	say_runs(r, c);
	say_verdicts(r, c);
	say_causes(r, c);
	hone_report_line(r, "Remedy", doc->remedy);
	hone_report_line(r, "Toolchain", doc->other_toolchain);
	folded(r, hone_check_movers(c, false, COMMENT_ROWS));
	if (c->base->named && c->head->named) {
		folded(r, hone_check_movers(c, true, COMMENT_ROWS));
		folded(r, hone_check_instances(c, COMMENT_ROWS / 2));
	}
	folded(r, hone_check_deps(c, COMMENT_ROWS));
	folded(r, hone_check_settings(c));
	hone_buf_adds(r->to, "\n");
	hone_report_line(r, "Base", c->base->what);
	hone_report_line(r, "Head", c->head->what);
}
