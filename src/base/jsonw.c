#include "jsonw.h"

#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void hone_jsonw_init(struct hone_jsonw *w, struct hone_buf *out, bool pretty)
{
	*w = (struct hone_jsonw){.out = out, .pretty = pretty};
}

static void new_line(struct hone_jsonw *w)
{
	if (!w->pretty)
		return;
	hone_buf_addc(w->out, '\n');
	hone_buf_pad(w->out, ' ', (size_t)w->depth * 2);
}

/* What has to stand before a value or key at this place. */
static void separate(struct hone_jsonw *w, bool is_key)
{
	if (w->after_key) {
		if (is_key)
			hone_bug("JSON key after key");
		w->after_key = false;
		return;
	}
	if (!w->depth)
		return;
	if (!is_key && w->kind[w->depth - 1] == '{')
		hone_bug("JSON value without a key");
	if (w->some[w->depth - 1] && !w->form)
		hone_buf_addc(w->out, ',');
	w->some[w->depth - 1] = true;
	if (!w->form)
		new_line(w);
}

static void open_level(struct hone_jsonw *w, char kind)
{
	separate(w, false);
	if (w->depth == HONE_JSONW_DEPTH)
		hone_bug("JSON nested too deeply");
	if (w->form)
		w->form->open(w, kind);
	else
		hone_buf_addc(w->out, kind);
	w->kind[w->depth] = kind;
	w->some[w->depth++] = false;
}

void hone_jsonw_object(struct hone_jsonw *w)
{
	open_level(w, '{');
}

void hone_jsonw_array(struct hone_jsonw *w)
{
	open_level(w, '[');
}

void hone_jsonw_end(struct hone_jsonw *w)
{
	if (!w->depth || w->after_key)
		hone_bug("JSON end without a beginning");
	w->depth--;
	if (w->form) {
		w->form->close(w, w->kind[w->depth]);
		return;
	}
	if (w->some[w->depth])
		new_line(w);
	hone_buf_addc(w->out, w->kind[w->depth] == '{' ? '}' : ']');
	if (!w->depth && w->pretty)
		hone_buf_addc(w->out, '\n');
}

static void put_string(struct hone_jsonw *w, struct hone_view v)
{
	hone_buf_addc(w->out, '"');
	for (size_t i = 0; i < v.n;) {
		unsigned char c = (unsigned char)v.p[i];

		if (c == '"' || c == '\\') {
			hone_buf_addc(w->out, '\\');
			hone_buf_addc(w->out, (char)c);
			i++;
		} else if (c == '\n') {
			hone_buf_adds(w->out, "\\n");
			i++;
		} else if (c == '\t') {
			hone_buf_adds(w->out, "\\t");
			i++;
		} else if (c < 0x20 || c == 0x7f) {
			hone_buf_addf(w->out, "\\u%04x", c);
			i++;
		} else {
			struct hone_view rest = hone_view_sub(v, i, v.n);
			size_t n = hone_utf8_len(rest);
			uint32_t cp = n ? hone_utf8_decode(rest) : 0xfffd;

			/* All of them are below U+10000: no surrogates are needed. */
			if (hone_text_is_control(cp))
				hone_buf_addf(w->out, "\\u%04x", cp);
			else if (n)
				hone_buf_add(w->out, v.p + i, n);
			else
				hone_utf8_encode(w->out, cp);
			i += n ? n : 1;
		}
	}
	hone_buf_addc(w->out, '"');
}

void hone_jsonw_key_view(struct hone_jsonw *w, struct hone_view key)
{
	if (!w->depth || w->kind[w->depth - 1] != '{')
		hone_bug("JSON key %.*s outside an object", (int)key.n, key.p);
	separate(w, true);
	if (w->form) {
		w->form->key(w, key);
	} else {
		put_string(w, key);
		hone_buf_adds(w->out, w->pretty ? ": " : ":");
	}
	w->after_key = true;
}

void hone_jsonw_key(struct hone_jsonw *w, const char *key)
{
	hone_jsonw_key_view(w, hone_view_of(key));
}

void hone_jsonw_view(struct hone_jsonw *w, struct hone_view v)
{
	separate(w, false);
	if (w->form)
		w->form->text(w, v);
	else
		put_string(w, v);
}

void hone_jsonw_raw(struct hone_jsonw *w, const char *json)
{
	separate(w, false);
	if (w->form)
		w->form->plain(w, json);
	else
		hone_buf_adds(w->out, json);
}

void hone_jsonw_null(struct hone_jsonw *w)
{
	hone_jsonw_raw(w, "null");
}

void hone_jsonw_str(struct hone_jsonw *w, const char *s)
{
	if (s)
		hone_jsonw_view(w, hone_view_of(s));
	else
		hone_jsonw_null(w);
}

void hone_jsonw_i64(struct hone_jsonw *w, int64_t x)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)x);
	hone_jsonw_raw(w, text);
}

void hone_jsonw_u64(struct hone_jsonw *w, uint64_t x)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)x);
	hone_jsonw_raw(w, text);
}

void hone_jsonw_f64(struct hone_jsonw *w, double x)
{
	static const int digits[] = {6, 9, 12, 15, 17};
	char text[40];

	if (!isfinite(x)) {
		hone_jsonw_null(w);
		return;
	}
	for (size_t i = 0; i < HONE_COUNT(digits); i++) {
		snprintf(text, sizeof(text), "%.*g", digits[i], x);
		if (strtod(text, NULL) == x) /* LC_NUMERIC is never set: main.c */
			break;
	}
	hone_jsonw_raw(w, text);
}

void hone_jsonw_bool(struct hone_jsonw *w, bool x)
{
	hone_jsonw_raw(w, x ? "true" : "false");
}

void hone_jsonw_kstr(struct hone_jsonw *w, const char *key, const char *s)
{
	hone_jsonw_key(w, key);
	hone_jsonw_str(w, s);
}

void hone_jsonw_ki64(struct hone_jsonw *w, const char *key, int64_t x)
{
	hone_jsonw_key(w, key);
	hone_jsonw_i64(w, x);
}

void hone_jsonw_ku64(struct hone_jsonw *w, const char *key, uint64_t x)
{
	hone_jsonw_key(w, key);
	hone_jsonw_u64(w, x);
}

void hone_jsonw_kf64(struct hone_jsonw *w, const char *key, double x)
{
	hone_jsonw_key(w, key);
	hone_jsonw_f64(w, x);
}

void hone_jsonw_kbool(struct hone_jsonw *w, const char *key, bool x)
{
	hone_jsonw_key(w, key);
	hone_jsonw_bool(w, x);
}

void hone_jsonw_kobject(struct hone_jsonw *w, const char *key)
{
	hone_jsonw_key(w, key);
	hone_jsonw_object(w);
}

void hone_jsonw_karray(struct hone_jsonw *w, const char *key)
{
	hone_jsonw_key(w, key);
	hone_jsonw_array(w);
}
