/* A check as GitLab's Code Quality report: a list of what a merge request shows, a budget that is passed over each. The keys
 * are those that its documentation names (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format"). */
#include "check_findings.h"
#include "fs.h"
#include "place.h"

static void issue(struct hone_jsonw *w, const struct hone_check_doc *doc,
	const struct hone_check_finding *f, const char *repository)
{
	hone_auto_free char *text = hone_xasprintf(
		"%s: %s%s%s", doc->check->head->bin, f->text, *f->causes ? "; " : "", f->causes);
	hone_auto_free char *path = NULL;
	struct hone_place place;

	hone_place_find(f->budget && f->budget->where ? f->budget->where : "", doc->root,
		repository, &place);
	path = hone_path_relative(place.file, repository);
	for (char *at = text; *at; at++)
		*at = *at == '\n' ? ';' : *at;
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "description", text);
	hone_jsonw_kstr(w, "check_name", f->figure);
	hone_jsonw_kstr(w, "fingerprint", f->fingerprint);
	hone_jsonw_kstr(w, "severity", f->verdict == HONE_CHECK_OVER ? "major" : "info");
	hone_jsonw_kobject(w, "location");
	hone_jsonw_kstr(w, "path", path);
	hone_jsonw_kobject(w, "lines");
	hone_jsonw_ki64(w, "begin", place.line);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	hone_place_release(&place);
}

static void check_gitlab(struct hone_report *r, const void *document)
{
	const struct hone_check_doc *doc = document;
	hone_auto_free char *repository = hone_repository_of(doc->root);
	struct hone_check_findings findings;
	struct hone_jsonw w;

	hone_check_findings_make(doc, &findings);
	hone_jsonw_init(&w, r->to, true);
	hone_jsonw_array(&w);
	for (size_t i = 0; i < findings.n; i++)
		if (findings.v[i].verdict != HONE_CHECK_WITHIN)
			issue(&w, doc, &findings.v[i], repository);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
	hone_check_findings_release(&findings);
}

const struct hone_report_format hone_format_gitlab = {
	.name = "gitlab",
	.documents = {[HONE_DOC_CHECK] = check_gitlab},
	.exact = true,
};
