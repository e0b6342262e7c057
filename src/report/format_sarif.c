/* Problems as SARIF 2.1.0 (OASIS standard of 27 March 2020), with what code scanning pages ask for
 * besides: every result has a file and a line. */
#include "check_report.h"
#include "documents.h"
#include "place.h"
#include "sarif.h"

static void text_json(struct hone_jsonw *w, const char *key, const char *text)
{
	hone_jsonw_kobject(w, key);
	hone_jsonw_kstr(w, "text", text);
	hone_jsonw_end(w);
}

/* SARIF has the same three words for the levels that hone has. */
static void rules_json(struct hone_jsonw *w, const struct hone_sarif_rule *rules, size_t n)
{
	hone_jsonw_karray(w, "rules");
	for (size_t i = 0; i < n; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "id", rules[i].id);
		text_json(w, "shortDescription", rules[i].summary);
		hone_jsonw_kobject(w, "defaultConfiguration");
		hone_jsonw_kstr(w, "level", rules[i].level);
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_sarif_begin(
	struct hone_jsonw *w, struct hone_buf *to, const struct hone_sarif_rule *rules, size_t n)
{
	hone_jsonw_init(w, to, true);
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	hone_jsonw_kstr(w, "version", "2.1.0");
	hone_jsonw_karray(w, "runs");
	hone_jsonw_object(w);
	hone_jsonw_kobject(w, "tool");
	hone_jsonw_kobject(w, "driver");
	hone_jsonw_kstr(w, "name", "hone");
	hone_jsonw_kstr(w, "version", HONE_VERSION);
	rules_json(w, rules, n);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	hone_jsonw_kstr(w, "columnKind", "unicodeCodePoints");
}

void hone_sarif_end(struct hone_jsonw *w, struct hone_buf *to)
{
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	hone_buf_addc(to, '\n');
}

/* A list of one location, with a message for what is not the main place (NULL: none). */
static void location_json(struct hone_jsonw *w, const char *key, const char *file, unsigned line,
	unsigned col, const char *base, const char *message)
{
	hone_auto_buf struct hone_buf uri = HONE_BUF_INIT;

	hone_place_uri(&uri, file, base);
	hone_jsonw_karray(w, key);
	hone_jsonw_object(w);
	hone_jsonw_kobject(w, "physicalLocation");
	hone_jsonw_kobject(w, "artifactLocation");
	hone_jsonw_kstr(w, "uri", hone_buf_str(&uri));
	hone_jsonw_end(w);
	hone_jsonw_kobject(w, "region");
	hone_jsonw_ki64(w, "startLine", line);
	hone_jsonw_ki64(w, "startColumn", col);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	if (message)
		text_json(w, "message", message);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

void hone_sarif_result(struct hone_jsonw *w, const struct hone_sarif_result *r, const char *root,
	const char *repository)
{
	struct hone_place place;

	hone_place_find(r->where ? r->where : "", root, repository, &place);
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "ruleId", r->rule);
	hone_jsonw_ki64(w, "ruleIndex", (int64_t)r->index);
	hone_jsonw_kstr(w, "level", r->level);
	text_json(w, "message", r->text);
	location_json(w, "locations", place.file, place.line, place.col, repository, NULL);
	if (place.related)
		location_json(w, "relatedLocations", place.related, place.related_line,
			place.related_col, repository, "the place itself");
	if (r->fingerprint) {
		hone_jsonw_kobject(w, "partialFingerprints");
		hone_jsonw_kstr(w, "hone/v1", r->fingerprint);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_place_release(&place);
}

/* What was not looked at. */
static void invocation_json(struct hone_jsonw *w, const struct hone_problems *p)
{
	hone_jsonw_karray(w, "invocations");
	hone_jsonw_object(w);
	hone_jsonw_kbool(w, "executionSuccessful", true);
	hone_jsonw_karray(w, "toolExecutionNotifications");
	for (size_t i = 0; i < p->limits.n; i++) {
		hone_auto_free char *words = hone_limit_text(&p->limits.v[i]);
		hone_auto_free char *text = hone_xasprintf("not looked at: %s", words);

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "level", "warning");
		text_json(w, "message", text);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

static void settings_sarif(struct hone_report *r, const void *document)
{
	const struct hone_result_settings *s = document;
	const struct hone_problems *p = &s->problems;
	hone_auto_free char *base = hone_repository_of(s->root);
	hone_auto_free struct hone_sarif_rule *rules = NULL;
	struct hone_jsonw w;
	size_t n = 0;

	while (hone_problem_kinds[n].id)
		n++;
	rules = hone_xcalloc(n, sizeof(*rules));
	for (size_t i = 0; i < n; i++)
		rules[i] = (struct hone_sarif_rule){hone_problem_kinds[i].id,
			hone_problem_kinds[i].summary,
			hone_severity_name(hone_problem_kinds[i].severity)};
	hone_sarif_begin(&w, r->to, rules, n);
	invocation_json(&w, p);
	hone_jsonw_karray(&w, "results");
	for (size_t i = 0; i < p->n; i++) {
		const struct hone_problem *x = &p->v[i];
		hone_auto_free char *text =
			x->remedy ? hone_xasprintf("%s.\n%s", x->message, x->remedy)
				  : hone_xstrdup(x->message);
		const struct hone_sarif_result result = {.rule = x->kind->id,
			.index = (size_t)(x->kind - hone_problem_kinds),
			.level = hone_severity_name(x->kind->severity),
			.text = text,
			.where = x->where};

		hone_sarif_result(&w, &result, s->root, base);
	}
	hone_jsonw_end(&w);
	hone_sarif_end(&w, r->to);
}

const struct hone_report_format hone_format_sarif = {
	.name = "sarif",
	.documents = {[HONE_DOC_SETTINGS] = settings_sarif, [HONE_DOC_CHECK] = hone_check_sarif},
	.exact = true,
};
