/* A check as SARIF: what is over a budget is an error at the budget's place, what is undecided a warning. */
#include "check_findings.h"
#include "place.h"
#include "sarif.h"

#include <string.h>

static const struct hone_sarif_rule rules[] = {
	{"over-budget", "a figure is above what its budget allows", "error"},
	{"undecided", "the runs did not prove whether a figure is within its budget", "warning"},
	{"workload-fails", "a workload does not work on the head", "error"},
};

static void result(struct hone_jsonw *w, const struct hone_check_doc *doc,
	const struct hone_check_finding *f, const char *repository)
{
	const struct hone_check_budget *b = f->budget;
	bool undecided = b && hone_result_check_verdict(doc->check, b) == HONE_CHECK_UNDECIDED;
	size_t rule = !b ? 2 : undecided ? 1 : 0;
	hone_auto_free char *text = hone_xasprintf(
		"%s: %s.%s%s", doc->check->head->bin, f->text, *f->causes ? "\n" : "", f->causes);
	const struct hone_sarif_result r = {.rule = rules[rule].id,
		.index = rule,
		.level = f->verdict == HONE_CHECK_OVER ? "error" : rules[rule].level,
		.text = text,
		.where = b ? b->where : NULL,
		.fingerprint = f->fingerprint};

	if (undecided || f->verdict != HONE_CHECK_WITHIN)
		hone_sarif_result(w, &r, doc->root, repository);
}

void hone_check_sarif(struct hone_report *r, const void *document)
{
	const struct hone_check_doc *doc = document;
	hone_auto_free char *repository = hone_repository_of(doc->root);
	struct hone_check_findings findings;
	struct hone_jsonw w;

	hone_check_findings_make(doc, &findings);
	hone_sarif_begin(&w, r->to, rules, HONE_COUNT(rules));
	hone_jsonw_karray(&w, "results");
	for (size_t i = 0; i < findings.n; i++)
		result(&w, doc, &findings.v[i], repository);
	hone_jsonw_end(&w);
	hone_sarif_end(&w, r->to);
	hone_check_findings_release(&findings);
}
