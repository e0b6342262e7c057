#include "same_exports.h"

#include "object.h"

/* Names told of a difference. */
#define MOST_NAMES 5

/* WebAssembly's have their kind before them. */
static const char *bare_name(const char *name, bool wasm)
{
	return wasm && name[0] && name[1] ? name + 2 : name;
}

/* "3 names fewer: `a`, `b`, `c`"; nothing where all of `of` are in `in`. */
static void add_missing(struct hone_buf *to, const struct hone_strv *of, const struct hone_strv *in,
	const char *what, bool wasm)
{
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < of->n; i++) {
		if (hone_strv_has(in, of->v[i]))
			continue;
		if (n++ < MOST_NAMES)
			hone_buf_addf(
				&names, "%s`%s`", n > 1 ? ", " : "", bare_name(of->v[i], wasm));
	}
	if (n)
		hone_buf_addf(to, "%s%zu %s %s: %s%s", to->n ? "; " : "", n,
			n == 1 ? "name" : "names", what, hone_buf_str(&names),
			n > MOST_NAMES ? ", ..." : "");
}

int hone_exports_differ(const struct hone_session *s, const struct hone_artifact *base,
	const struct hone_artifact *own, char **ret_reason, struct hone_err *err)
{
	hone_auto_strv struct hone_strv before = HONE_STRV_INIT, after = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf what = HONE_BUF_INIT;
	bool wasm = base->is_elf && base->elf.format == HONE_OBJECT_WASM;
	int error;

	*ret_reason = NULL;
	if (!hone_session_is_library(s))
		return 0;
	error = hone_object_exports(base->path, &before, err);
	if (!error)
		error = hone_object_exports(own->path, &after, err);
	if (error)
		return error;
	add_missing(&what, &before, &after, "fewer", wasm);
	if (s->project->made != HONE_KIND_STATICLIB)
		add_missing(&what, &after, &before, "more", wasm);
	if (what.n)
		*ret_reason = hone_xasprintf(
			"it exports other names than the baseline: %s", hone_buf_str(&what));
	return 0;
}
