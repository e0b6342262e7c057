/* Problems as SARIF 2.1.0 (OASIS standard of 27 March 2020), with what code scanning pages ask for
 * besides: every result has a file and a line. */
#include "documents.h"
#include "fs.h"

#include <ctype.h>
#include <string.h>

/* The folder that file names are relative to; the caller frees. */
static char *repository_of(const char *root)
{
	hone_auto_free char *at = hone_xstrdup(root);

	for (;;) {
		hone_auto_free char *git = hone_path_join(at, ".git");
		char *up;

		if (hone_fs_exists(git))
			return hone_xstrdup(at);
		up = hone_path_dir(at);
		if (!strcmp(up, at)) {
			free(up);
			return hone_xstrdup(root);
		}
		free(at);
		at = up;
	}
}

/* A path as a URI reference: relative to base where it lies in there, else file://. */
static void add_uri(struct hone_buf *to, const char *path, const char *base)
{
	hone_auto_free char *relative = hone_path_relative(path, base);

	if (*relative == '/')
		hone_buf_adds(to, "file://");
	for (const char *p = relative; *p; p++) {
		unsigned char c = (unsigned char)*p;
		/* RFC 3986: pchar without the sub-delimiters, and the slash. */
		if (c < 0x80 && (isalnum(c) || strchr("-._~/@+", c)))
			hone_buf_addc(to, *p);
		else
			hone_buf_addf(to, "%%%02X", c);
	}
}

static void text_json(struct hone_jsonw *w, const char *key, const char *text)
{
	hone_jsonw_kobject(w, key);
	hone_jsonw_kstr(w, "text", text);
	hone_jsonw_end(w);
}

/* SARIF has the same three words for the levels that hone has. */
static void rules_json(struct hone_jsonw *w)
{
	hone_jsonw_karray(w, "rules");
	for (const struct hone_problem_kind *k = hone_problem_kinds; k->id; k++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "id", k->id);
		text_json(w, "shortDescription", k->summary);
		hone_jsonw_kobject(w, "defaultConfiguration");
		hone_jsonw_kstr(w, "level", hone_severity_name(k->severity));
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void tool_json(struct hone_jsonw *w)
{
	hone_jsonw_kobject(w, "tool");
	hone_jsonw_kobject(w, "driver");
	hone_jsonw_kstr(w, "name", "hone");
	hone_jsonw_kstr(w, "version", HONE_VERSION);
	rules_json(w);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

/* A list of one location, with a message for what is not the main place (NULL: none). */
static void location_json(struct hone_jsonw *w, const char *key, const char *file, unsigned line,
	unsigned col, const char *base, const char *message)
{
	hone_auto_buf struct hone_buf uri = HONE_BUF_INIT;

	add_uri(&uri, file, base);
	hone_jsonw_karray(w, key);
	hone_jsonw_object(w);
	hone_jsonw_kobject(w, "physicalLocation");
	hone_jsonw_kobject(w, "artifactLocation");
	hone_jsonw_kstr(w, "uri", hone_buf_str(&uri));
	hone_jsonw_end(w);
	hone_jsonw_kobject(w, "region");
	hone_jsonw_ki64(w, "startLine", line ? line : 1);
	hone_jsonw_ki64(w, "startColumn", col ? col : 1);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	if (message)
		text_json(w, "message", message);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

/* A variable or an option is no file, and a file outside of the repository is none that the page can
 * show: those stand at the manifest of the workspace, whose build they change. */
static void place_json(struct hone_jsonw *w, const char *where, const char *root, const char *base)
{
	unsigned line, col;
	hone_auto_free char *file = hone_place_split(where, &line, &col);
	hone_auto_free char *relative = hone_path_relative(file, base);
	hone_auto_free char *manifest = hone_path_join(root, "Cargo.toml");

	if (*file == '/' && *relative != '/') {
		location_json(w, "locations", file, line, col, base, NULL);
		return;
	}
	location_json(w, "locations", manifest, 0, 0, base, NULL);
	if (*file == '/')
		location_json(w, "relatedLocations", file, line, col, base, "the place itself");
}

static void result_json(
	struct hone_jsonw *w, const struct hone_problem *p, const char *root, const char *base)
{
	hone_auto_free char *text = p->remedy ? hone_xasprintf("%s.\n%s", p->message, p->remedy)
					      : hone_xstrdup(p->message);

	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "ruleId", p->kind->id);
	hone_jsonw_ki64(w, "ruleIndex", p->kind - hone_problem_kinds);
	hone_jsonw_kstr(w, "level", hone_severity_name(p->kind->severity));
	text_json(w, "message", text);
	place_json(w, p->where ? p->where : "", root, base);
	hone_jsonw_end(w);
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
	const char *root = s->root;
	hone_auto_free char *base = repository_of(root);
	struct hone_jsonw w;

	hone_jsonw_init(&w, r->to, true);
	hone_jsonw_object(&w);
	hone_jsonw_kstr(&w, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	hone_jsonw_kstr(&w, "version", "2.1.0");
	hone_jsonw_karray(&w, "runs");
	hone_jsonw_object(&w);
	tool_json(&w);
	hone_jsonw_kstr(&w, "columnKind", "unicodeCodePoints");
	invocation_json(&w, p);
	hone_jsonw_karray(&w, "results");
	for (size_t i = 0; i < p->n; i++)
		result_json(&w, &p->v[i], root, base);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}

const struct hone_report_format hone_format_sarif = {
	.name = "sarif",
	.documents = {[HONE_DOC_SETTINGS] = settings_sarif},
	.exact = true,
};
