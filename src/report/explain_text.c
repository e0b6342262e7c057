#include "explain.h"

#include "text.h"
#include "toml_value.h"

#include <string.h>

#define LABEL_COLUMN 14
#define KEY_COLUMN 33
#define DEFAULT_WIDTH 80
#define WIDEST 100

const struct hone_setting *hone_explain_next_group(const struct hone_setting *s)
{
	for (int id = s ? (int)s->id + 1 : 0; id < HONE_SETTINGS; id++) {
		const struct hone_setting *at = hone_setting((enum hone_setting_id)id);
		bool first = true;

		for (int before = 0; before < id && first; before++)
			first = strcmp(hone_setting((enum hone_setting_id)before)->group,
					at->group) != 0;
		if (first)
			return at;
	}
	return NULL;
}

char *hone_explain_default(const struct hone_setting *s)
{
	const char *dev = s->default_dev, *release = s->default_release;

	if (dev && release && strcmp(dev, release) == 0)
		return hone_xstrdup(dev);
	if (dev && release)
		return hone_xasprintf("%s in release, %s in dev", release, dev);
	return dev ? hone_xasprintf("%s in dev", dev) : NULL;
}

char *hone_explain_place(const struct hone_setting *s)
{
	switch (s->scope) {
	case HONE_SCOPE_PROFILE:
		return hone_xasprintf(
			"[profile.NAME]%s%s in Cargo.toml, or CARGO_PROFILE_<NAME>_%s",
			s->per_package ? ", [profile.NAME.package.SPEC]" : "",
			s->build_override ? ", [profile.NAME.build-override]" : "", s->env_key);
	case HONE_SCOPE_FINAL:
		return hone_xstrdup("the final crate and its link: what follows `cargo rustc --`");
	case HONE_SCOPE_GRAPH:
		return hone_xstrdup("every crate of the target: rustflags");
	case HONE_SCOPE_FILE:
		return hone_xstrdup("the finished file");
	case HONE_SCOPE_TRAIN:
		return hone_xstrdup(
			"every crate of the target, after an instrumented build and training");
	case HONE_SCOPE_CARGO:
		return hone_xstrdup("options of cargo itself, in the alias that apply writes");
	}
	hone_bug("setting %s has no scope", s->key);
}

const char *hone_explain_not_for(const struct hone_setting *s)
{
	if (s->wasm)
		return "anything but WebAssembly: left out there";
	if (s->hosted && s->native && s->program)
		return "programs without an operating system, libraries, WebAssembly: left out "
		       "there";
	if (s->native && s->program)
		return "libraries, WebAssembly: left out there";
	if (s->hosted && s->native)
		return "programs without an operating system, WebAssembly: left out there";
	if (s->native)
		return "WebAssembly: left out there";
	return s->hosted ? "programs without an operating system: left out there" : NULL;
}

char *hone_explain_labels(unsigned labels)
{
	struct hone_buf b = HONE_BUF_INIT;

	if (!labels)
		return NULL;
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (labels & (unsigned)l->bit)
			hone_buf_addf(&b, "%s%s", b.n ? ", " : "", l->text);
	return hone_buf_detach(&b);
}

char *hone_explain_flags(const struct hone_setting *s, const char *value)
{
	const struct hone_setting_value *row = hone_setting_value_row(s, hone_view_of(value));
	const char *hole = row && row->flags ? strstr(row->flags, "%s") : NULL;
	hone_auto_buf struct hone_buf bare = HONE_BUF_INIT;

	if (!row || !row->flags)
		return NULL;
	if (!hole)
		return hone_xstrdup(row->flags);
	if (!hone_toml_unquote(hone_view_of(value), &bare))
		hone_buf_adds(&bare, value);
	return hone_xasprintf(
		"%.*s%s%s", (int)(hole - row->flags), row->flags, hone_buf_str(&bare), hole + 2);
}

/* "name          text, wrapped behind the column"; nothing for an empty text. */
static void field(struct hone_buf *to, const struct hone_out *o, size_t width, const char *name,
	const char *text)
{
	if (!text)
		return;
	hone_buf_addf(
		to, "  %s%s%s", hone_out_style(o, HONE_BOLD), name, hone_out_style(o, HONE_PLAIN));
	hone_buf_pad(to, ' ', LABEL_COLUMN - 2 - strlen(name));
	hone_text_wrap(to, hone_view_of(text), LABEL_COLUMN, width);
}

/* Columns of the longest value that still leaves room for what it does. */
static size_t value_column(const struct hone_setting *s)
{
	size_t column = 0;

	for (const struct hone_setting_value *v = s->values; v && v->toml; v++)
		if (strlen(v->toml) > column && strlen(v->toml) < 24)
			column = strlen(v->toml);
	return LABEL_COLUMN + column + 2;
}

/* From column at to column to; on a new line when there is no room for two blanks. */
static void to_column(struct hone_buf *b, size_t at, size_t column)
{
	if (at + 2 > column) {
		hone_buf_addc(b, '\n');
		at = 0;
	}
	hone_buf_pad(b, ' ', column - at);
}

static void put_value(const struct hone_setting *s, const struct hone_setting_value *v,
	const struct hone_out *o, size_t width, struct hone_buf *to)
{
	hone_auto_free char *labels =
		hone_explain_labels(hone_setting_value_labels(s, hone_view_of(v->toml)));
	hone_auto_free char *text = hone_xasprintf("%s%s%s%s%s%s%s", v->effect,
		v->since ? " (since " : "", v->since ? v->since : "", v->since ? ")" : "",
		labels ? "; " : "", labels ? labels : "",
		v->needs_abort ? "; only with panic = \"abort\"" : "");
	size_t column = value_column(s);

	hone_buf_pad(to, ' ', LABEL_COLUMN);
	hone_buf_addf(
		to, "%s%s%s", hone_out_style(o, HONE_NOTE), v->toml, hone_out_style(o, HONE_PLAIN));
	to_column(to, LABEL_COLUMN + strlen(v->toml), column);
	hone_text_wrap(to, hone_view_of(text), column, width);
}

/* What was typed is foreign text, and so are the flags that are made of it. The caller frees. */
static char *made_safe(char *text)
{
	struct hone_buf b = HONE_BUF_INIT;

	if (!text)
		return NULL;
	hone_text_safe(&b, hone_view_of(text), false);
	free(text);
	return hone_buf_detach(&b);
}

/* The part about one value. */
static void put_asked_value(const struct hone_setting *s, const char *value,
	const struct hone_out *o, size_t width, struct hone_buf *to)
{
	const struct hone_setting_value *own = hone_setting_value_find(s, hone_view_of(value));
	hone_auto_free char *shown = made_safe(hone_xstrdup(value));
	hone_auto_free char *flags = made_safe(hone_explain_flags(s, value));
	hone_auto_free char *labels =
		hone_explain_labels(hone_setting_value_labels(s, hone_view_of(value)));

	hone_buf_addf(to, "%s%s = %s%s\n", hone_out_style(o, HONE_BOLD), s->key, shown,
		hone_out_style(o, HONE_PLAIN));
	field(to, o, width, "does", own ? own->effect : NULL);
	field(to, o, width, "same as", own ? own->same_as : NULL);
	field(to, o, width, "risk", labels);
	field(to, o, width, "flags", flags);
	field(to, o, width, "only with", own && own->needs_abort ? "panic = \"abort\"" : NULL);
	field(to, o, width, "since", own ? own->since : NULL);
	hone_buf_addc(to, '\n');
}

static void put_setting(const struct hone_setting *s, const char *value, const struct hone_out *o,
	size_t width, struct hone_buf *to)
{
	hone_auto_free char *default_text = hone_explain_default(s);
	hone_auto_free char *place = hone_explain_place(s);

	if (value)
		put_asked_value(s, value, o, width, to);
	hone_buf_addf(to, "%s%s%s: %s\n", hone_out_style(o, HONE_BOLD), s->key,
		hone_out_style(o, HONE_PLAIN), s->summary);
	field(to, o, width, "takes", s->range);
	for (const struct hone_setting_value *v = s->values; v && v->toml; v++)
		put_value(s, v, o, width, to);
	field(to, o, width, "default", default_text);
	field(to, o, width, "not set", s->unset_means);
	field(to, o, width, "where", place);
	field(to, o, width, "not for", hone_explain_not_for(s));
	field(to, o, width, "since", s->since);
	field(to, o, width, "build cost", s->build_cost);
	field(to, o, width, "risks", s->risks);
	field(to, o, width, "mind", s->interacts);
	field(to, o, width, "folklore", s->folklore);
}

static void put_list(const struct hone_out *o, size_t width, struct hone_buf *to)
{
	const struct hone_setting *first = NULL;

	while ((first = hone_explain_next_group(first))) {
		hone_buf_addf(to, "%s%s%s%s\n", to->n ? "\n" : "", hone_out_style(o, HONE_BOLD),
			first->group, hone_out_style(o, HONE_PLAIN));
		for (HONE_SETTINGS_FROM(s, first)) {
			if (strcmp(s->group, first->group) != 0)
				continue;
			hone_buf_addf(to, "  %s%s%s", hone_out_style(o, HONE_NOTE), s->key,
				hone_out_style(o, HONE_PLAIN));
			to_column(to, 2 + strlen(s->key), KEY_COLUMN);
			hone_text_wrap(to, hone_view_of(s->summary), KEY_COLUMN, width);
		}
	}
}

static size_t text_width(const struct hone_out *o)
{
	if (!o->out_width)
		return DEFAULT_WIDTH;
	return o->out_width < WIDEST ? o->out_width : WIDEST;
}

void hone_explain_text(struct hone_report *r, const void *document)
{
	const struct hone_explain_doc *doc = document;
	size_t width = text_width(r->out);

	if (!doc->setting) {
		put_list(r->out, width, r->to);
		return;
	}
	put_setting(doc->setting, doc->value, r->out, width, r->to);
	if (doc->run)
		hone_explain_tried_text(r, doc, width);
}
