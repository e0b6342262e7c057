/* A check as JUnit XML, which build servers show as tests: a budget is a test, which fails above it and is skipped where it
 * is undecided. */
#include "check_findings.h"
#include "fs.h"
#include "place.h"
#include "text.h"

#include <string.h>

/* What would be markup is escaped; XML 1.0 can hold the rest, which was made visible before. */
static void put_xml(struct hone_buf *to, const char *safe)
{
	static const char *const escapes[] = {"&amp;", "&lt;", "&gt;", "&quot;"};

	for (const char *p = safe; *p; p++) {
		const char *at = strchr("&<>\"", *p);

		if (at)
			hone_buf_adds(to, escapes[at - strchr("&<>\"", '&')]);
		else
			hone_buf_addc(to, *p);
	}
}

/* An attribute is one line. */
static void attribute(struct hone_buf *to, const char *name, const char *text)
{
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;

	hone_text_safe(&safe, hone_view_of(text), false);
	hone_buf_addf(to, " %s=\"", name);
	put_xml(to, hone_buf_str(&safe));
	hone_buf_addc(to, '"');
}

/* Of an element: no further line can be taken for markup or one of hone's. */
static void content(struct hone_buf *to, const char *text)
{
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;

	hone_text_safe_lines(&safe, hone_view_of(text), "  ");
	put_xml(to, hone_buf_str(&safe));
}

static void counts(struct hone_buf *to, const struct hone_check_findings *f)
{
	hone_buf_addf(to,
		" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\">\n", f->n,
		f->over, f->undecided);
}

static void test(struct hone_buf *to, const struct hone_check_doc *doc,
	const struct hone_check_finding *f, const char *repository)
{
	hone_auto_free char *class = hone_xasprintf("hone check.%s", doc->check->head->bin);
	hone_auto_free char *path = NULL;
	struct hone_place place;

	hone_place_find(f->budget && f->budget->where ? f->budget->where : "", doc->root,
		repository, &place);
	path = hone_path_relative(place.file, repository);
	hone_buf_adds(to, "    <testcase");
	attribute(to, "name", f->title);
	attribute(to, "classname", class);
	attribute(to, "file", path);
	hone_buf_addf(to, " line=\"%u\" time=\"0\">\n", place.line);
	hone_place_release(&place);
	if (f->verdict != HONE_CHECK_WITHIN) {
		const char *element = f->verdict == HONE_CHECK_OVER ? "failure" : "skipped";

		hone_buf_addf(to, "      <%s", element);
		attribute(to, "message", f->text);
		if (f->verdict == HONE_CHECK_OVER) {
			hone_buf_adds(to, " type=\"budget\">");
			content(to, *f->causes ? f->causes : f->text);
			hone_buf_addf(to, "</%s>\n", element);
		} else {
			hone_buf_adds(to, "/>\n");
		}
	}
	hone_buf_adds(to, "    </testcase>\n");
}

static void check_junit(struct hone_report *r, const void *document)
{
	const struct hone_check_doc *doc = document;
	hone_auto_free char *repository = hone_repository_of(doc->root);
	struct hone_check_findings findings;

	hone_check_findings_make(doc, &findings);
	hone_buf_adds(r->to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	attribute(r->to, "name", "cargo hone check");
	counts(r->to, &findings);
	hone_buf_adds(r->to, "  <testsuite");
	attribute(r->to, "name", doc->check->head->bin);
	counts(r->to, &findings);
	for (size_t i = 0; i < findings.n; i++)
		test(r->to, doc, &findings.v[i], repository);
	hone_buf_adds(r->to, "  </testsuite>\n</testsuites>\n");
	hone_check_findings_release(&findings);
}

const struct hone_report_format hone_format_junit = {
	.name = "junit",
	.documents = {[HONE_DOC_CHECK] = check_junit},
	.exact = true,
};
