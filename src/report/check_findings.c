#include "check_findings.h"

#include "hash.h"

static char *join_lines(const struct hone_strv *lines)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < lines->n; i++)
		hone_buf_addf(&b, "%s%s", i ? "\n" : "", lines->v[i]);
	return hone_buf_detach(&b);
}

static void add(struct hone_check_findings *f, const char *bin, struct hone_check_finding one)
{
	hone_auto_free char *id = hone_xasprintf("hone check\n%s\n%s", bin, one.title);

	hone_hash_text(one.fingerprint, hone_hash_bytes(hone_view_of(id)));
	f->over += one.verdict == HONE_CHECK_OVER;
	f->undecided += one.verdict == HONE_CHECK_UNDECIDED;
	f->v[f->n++] = one;
}

void hone_check_findings_make(const struct hone_check_doc *doc, struct hone_check_findings *ret)
{
	const struct hone_result_check *c = doc->check;

	*ret = (struct hone_check_findings){0};
	ret->v = hone_xcalloc(c->n_budgets + 1, sizeof(*ret->v));
	for (size_t i = 0; i < c->n_budgets; i++) {
		const struct hone_check_budget *b = &c->budgets[i];
		hone_auto_strv struct hone_strv causes = HONE_STRV_INIT;
		hone_auto_free char *title = hone_check_budget_title(b);
		enum hone_check_verdict v = hone_result_check_verdict(c, b);

		if (v == HONE_CHECK_UNDECIDED)
			v = doc->undecided;
		if (hone_result_check_verdict(c, b) == HONE_CHECK_OVER)
			causes = hone_check_causes(c, b);
		add(ret, c->head->bin,
			(struct hone_check_finding){.budget = b,
				.verdict = v,
				.figure = hone_check_budget_name(b),
				.title = hone_xasprintf("%s: %s", title, b->text),
				.text = hone_check_budget_text(c, b),
				.causes = join_lines(&causes)});
	}
	if (c->times && c->times->failed)
		add(ret, c->head->bin,
			(struct hone_check_finding){.verdict = HONE_CHECK_OVER,
				.figure = "workload",
				.title = hone_xstrdup("workloads of the head"),
				.text = hone_xstrdup(c->times->failed),
				.causes = hone_xstrdup("")});
}

void hone_check_findings_release(struct hone_check_findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].title);
		free(f->v[i].text);
		free(f->v[i].causes);
	}
	free(f->v);
	*f = (struct hone_check_findings){0};
}
