/* Settings as keys and values: docs/json.md. */
#include "explain.h"

static const char *const kinds[] = {[HONE_SETTING_PROFILE] = "profile",
	[HONE_SETTING_RUSTC] = "rustc",
	[HONE_SETTING_LINK] = "link",
	[HONE_SETTING_POST] = "post",
	[HONE_SETTING_TRAIN] = "train",
	[HONE_SETTING_STD] = "std"};
static const char *const scopes[] = {[HONE_SCOPE_PROFILE] = "profile",
	[HONE_SCOPE_FINAL] = "final",
	[HONE_SCOPE_GRAPH] = "graph",
	[HONE_SCOPE_FILE] = "file",
	[HONE_SCOPE_TRAIN] = "train",
	[HONE_SCOPE_CARGO] = "cargo"};
static const char *const types[] = {[HONE_TYPE_BOOL] = "boolean",
	[HONE_TYPE_INTEGER] = "integer",
	[HONE_TYPE_STRING] = "string",
	[HONE_TYPE_MIXED] = "mixed",
	[HONE_TYPE_LIST] = "list"};

static void put_labels(struct hone_jsonw *w, unsigned labels)
{
	hone_jsonw_karray(w, "labels");
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (labels & (unsigned)l->bit)
			hone_jsonw_str(w, l->id);
	hone_jsonw_end(w);
}

/* value is TOML text: settings that take several types tell true from "true" by it. */
static void put_value(struct hone_jsonw *w, const struct hone_setting *s, const char *value)
{
	const struct hone_setting_value *own = hone_setting_value_find(s, hone_view_of(value));
	const struct hone_setting_value *row = hone_setting_value_row(s, hone_view_of(value));
	hone_auto_free char *flags = hone_explain_flags(s, value);

	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "value", value);
	hone_jsonw_kstr(w, "same_as", own ? own->same_as : NULL);
	hone_jsonw_kstr(w, "effect", own ? own->effect : NULL);
	put_labels(w, hone_setting_value_labels(s, hone_view_of(value)));
	hone_jsonw_kstr(w, "flags", flags);
	hone_jsonw_kbool(w, "needs_abort", row && row->needs_abort);
	hone_jsonw_kstr(w, "since", own ? own->since : NULL);
	hone_jsonw_end(w);
}

static void put_setting(struct hone_jsonw *w, const struct hone_setting *s, const char *value,
	const struct hone_result_run *run)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "key", s->key);
	hone_jsonw_kstr(w, "kind", kinds[s->kind]);
	hone_jsonw_kstr(w, "scope", scopes[s->scope]);
	hone_jsonw_kstr(w, "type", types[s->type]);
	hone_jsonw_kstr(w, "group", s->group);
	hone_jsonw_kstr(w, "summary", s->summary);
	hone_jsonw_kstr(w, "range", s->range);
	hone_jsonw_kbool(w, "open", s->open);
	if (s->open && s->type == HONE_TYPE_INTEGER) {
		hone_jsonw_ki64(w, "min", s->min);
		hone_jsonw_ki64(w, "max", s->max);
	}
	hone_jsonw_kstr(w, "default_dev", s->default_dev);
	hone_jsonw_kstr(w, "default_release", s->default_release);
	hone_jsonw_kstr(w, "unset_means", s->unset_means);
	hone_jsonw_kstr(w, "since", s->since);
	hone_jsonw_kbool(w, "per_package", s->per_package);
	hone_jsonw_kbool(w, "build_override", s->build_override);
	hone_jsonw_kbool(w, "nightly", s->nightly);
	hone_jsonw_kbool(w, "hosted", s->hosted);
	hone_jsonw_kbool(w, "native", s->native);
	hone_jsonw_kbool(w, "program", s->program);
	hone_jsonw_kbool(w, "wasm", s->wasm);
	hone_jsonw_kstr(w, "env_key", s->env_key);
	hone_jsonw_kstr(w, "build_cost", s->build_cost);
	hone_jsonw_kstr(w, "risks", s->risks);
	hone_jsonw_kstr(w, "interacts", s->interacts);
	hone_jsonw_kstr(w, "folklore", s->folklore);
	if (value) {
		hone_jsonw_key(w, "asked");
		put_value(w, s, value);
	}
	hone_jsonw_karray(w, "values");
	for (const struct hone_setting_value *v = s->values; v && v->toml; v++)
		put_value(w, s, v->toml);
	hone_jsonw_end(w);
	hone_explain_tried_tree(w, s, run);
	hone_jsonw_end(w);
}

void hone_explain_tree(struct hone_report *r, const void *document)
{
	const struct hone_explain_doc *doc = document;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	hone_jsonw_karray(&w, "settings");
	for (HONE_EACH_SETTING(row))
		if (!doc->setting || row == doc->setting)
			put_setting(&w, row, doc->value, doc->run);
	hone_jsonw_end(&w);
	hone_jsonw_karray(&w, "labels");
	for (const struct hone_label_info *l = hone_labels; l->id; l++) {
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "id", l->id);
		hone_jsonw_kstr(&w, "text", l->text);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}
