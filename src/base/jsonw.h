#ifndef HONE_BASE_JSONW_H
#define HONE_BASE_JSONW_H
/* A JSON writer: keeps commas, nesting and escapes right. Numbers never depend on the locale,
 * doubles round-trip (17 digits at most), NaN and infinity become null, bytes that are not UTF-8
 * become U+FFFD. Misuse (a value where a key is due, an unclosed level) is a bug. */
#include "buf.h"

/* Deeper than the deepest TOML document, as those are printed as JSON too. */
#define HONE_JSONW_DEPTH 160
struct hone_jsonw;

/* Another way to write the same tree down. Each is called in the order of the tree, after misuse was found; depth is that
 * of the levels which are open around it. */
struct hone_jsonw_form {
	void (*open)(struct hone_jsonw *w, char kind); /* '{' or '[' begins, as a value */
	void (*close)(struct hone_jsonw *w, char kind);
	void (*key)(struct hone_jsonw *w, struct hone_view key);
	void (*text)(struct hone_jsonw *w, struct hone_view text); /* foreign: to be escaped */
	void (*plain)(struct hone_jsonw *w, const char *value); /* a number, true, false or null */
};

struct hone_jsonw {
	struct hone_buf *out;               /* borrowed */
	const struct hone_jsonw_form *form; /* NULL: JSON */
	bool pretty;                        /* two-space indentation; else one line */
	unsigned depth;
	char kind[HONE_JSONW_DEPTH]; /* '{' or '[' */
	bool some[HONE_JSONW_DEPTH]; /* an element was written at this level */
	bool after_key;
};

void hone_jsonw_init(struct hone_jsonw *w, struct hone_buf *out, bool pretty);
void hone_jsonw_object(struct hone_jsonw *w);
void hone_jsonw_array(struct hone_jsonw *w);
/* Closes the innermost object or array. */
void hone_jsonw_end(struct hone_jsonw *w);
void hone_jsonw_key(struct hone_jsonw *w, const char *key);
void hone_jsonw_key_view(struct hone_jsonw *w, struct hone_view key); /* may hold NUL */
void hone_jsonw_str(struct hone_jsonw *w, const char *s);             /* NULL gives null */
void hone_jsonw_view(struct hone_jsonw *w, struct hone_view v);
void hone_jsonw_i64(struct hone_jsonw *w, int64_t x);
void hone_jsonw_u64(struct hone_jsonw *w, uint64_t x);
void hone_jsonw_f64(struct hone_jsonw *w, double x);
void hone_jsonw_bool(struct hone_jsonw *w, bool x);
void hone_jsonw_null(struct hone_jsonw *w);
/* Text that already is one JSON value. */
void hone_jsonw_raw(struct hone_jsonw *w, const char *json);
/* key and value in one call. */
void hone_jsonw_kstr(struct hone_jsonw *w, const char *key, const char *s);
void hone_jsonw_ki64(struct hone_jsonw *w, const char *key, int64_t x);
void hone_jsonw_ku64(struct hone_jsonw *w, const char *key, uint64_t x);
void hone_jsonw_kf64(struct hone_jsonw *w, const char *key, double x);
void hone_jsonw_kbool(struct hone_jsonw *w, const char *key, bool x);
void hone_jsonw_kobject(struct hone_jsonw *w, const char *key);
void hone_jsonw_karray(struct hone_jsonw *w, const char *key);

#endif
