#include "size_advice.h"

#include "num.h"
#include "object_ops.h"
#include "size_model.h"
#include "size_rows.h"
#include "sym_name.h"

#include <string.h>

static const struct {
	const char *id, *name, *remedy;
	bool upper_bound;
} kinds[] = {
	{"strip", "symbols and debug information", "strip = \"symbols\"", false},
	{"relr", "relative relocations that packing removes",
		"link.relr = \"on\" (needs glibc 2.36)", false},
	{"unwind", "unwind tables",
		"panic = \"abort\" and link.unwind = \"discard\": no backtraces then", false},
	{"backtrace", "the embedded backtracer",
		"lto = \"fat\" and link.symbolizer = \"drop\": addresses without names then", true},
	{"formatting", "formatting and panic machinery",
		"panic = \"abort\" and less {:?}; build-std with immediate-abort", true},
	{"generics", "further instances of generic functions",
		"lto = \"fat\" and codegen-units = 1; link.icf = \"all\" folds equal ones", true},
	{"versions", "crates in several versions", "cargo tree --duplicates", true},
	{"features", "a dependency with its default features",
		"default-features = false in Cargo.toml, by hand: it may not compile", true},
};

const char *hone_advice_id_name(enum hone_advice_id id)
{
	return kinds[id].id;
}

void hone_advice_add(
	struct hone_advice_list *l, enum hone_advice_id id, uint64_t bytes, char *detail)
{
	if (bytes == 0) {
		free(detail);
		return;
	}
	hone_vec_push(l, (struct hone_advice){.id = id,
				 .bytes = bytes,
				 .upper_bound = kinds[id].upper_bound,
				 .name = kinds[id].name,
				 .remedy = kinds[id].remedy,
				 .detail = detail});
}

/* The sum of the rows of some kinds in the view by section. */
static uint64_t bytes_of(
	const struct hone_size_table *t, enum hone_size_kind a, enum hone_size_kind b)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < t->n; i++)
		if (t->rows[i].kind == a || t->rows[i].kind == b)
			sum += t->rows[i].size;
	return sum;
}

/* Crates that std has only for its backtraces. */
static bool is_backtracer(const char *crate)
{
	static const char *const names[] = {"gimli", "addr2line", "object", "rustc_demangle",
		"miniz_oxide", "adler2", "backtrace"};
	for (size_t i = 0; i < HONE_COUNT(names); i++)
		if (strcmp(crate, names[i]) == 0)
			return true;
	return false;
}

static bool is_formatting(const char *readable)
{
	static const char *const marks[] = {"core::fmt::", "core::panicking::", "std::panicking::",
		"core::num::flt2dec::", "core::option::unwrap_failed",
		"core::option::expect_failed", "core::result::unwrap_failed",
		"alloc::fmt::", "core::str::slice_error_fail", "core::slice::index::slice_"};
	for (size_t i = 0; i < HONE_COUNT(marks); i++)
		if (strstr(readable, marks[i]))
			return true;
	return false;
}

static void advise_code(struct hone_size *s, struct hone_advice_list *l)
{
	uint64_t backtracer = 0, formatting = 0;
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;
	for (size_t i = 0; i < s->spans.n; i++) {
		const struct hone_span *span = &s->spans.v[i];
		const struct hone_owner *w = &s->owners.v.v[span->owner];
		if (!span->in_file)
			continue;
		hone_buf_reset(&name);
		hone_sym_readable(&name, hone_size_symbol(s, span), false);
		uint64_t bytes = span->size + span->unwind + span->relocs;
		bool std_backtracer = w->kind == HONE_SIZE_STD && is_backtracer(w->name);
		if (std_backtracer || strstr(hone_buf_str(&name), "std::backtrace_rs::"))
			backtracer += bytes;
		else if (is_formatting(hone_buf_str(&name)))
			formatting += bytes;
	}
	hone_advice_add(l, HONE_ADVICE_BACKTRACE, backtracer, NULL);
	hone_advice_add(l, HONE_ADVICE_FORMATTING, formatting, NULL);
}

/* All instances of each generic function but its largest one. */
static void advise_generics(struct hone_size *s, struct hone_advice_list *l)
{
	struct hone_size_rows rows = {0}; /* size: all instances; code: the largest one */
	uint64_t further = 0, n = 0;
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT, generic = HONE_BUF_INIT;
	for (size_t i = 0; i < s->spans.n; i++) {
		const struct hone_span *span = &s->spans.v[i];
		if (!span->code || !span->in_file || s->owners.v.v[span->owner].kind == HONE_SIZE_C)
			continue;
		hone_buf_reset(&name);
		hone_sym_readable(&name, hone_size_symbol(s, span), false);
		hone_buf_reset(&generic);
		hone_sym_generic(&generic, hone_buf_view(&name));
		/* What has no "<_>" is no instance of anything. */
		if (!strstr(hone_buf_str(&generic), "<_>"))
			continue;
		struct hone_size_row *r =
			hone_size_rows_get(&rows, hone_buf_view(&generic), HONE_SIZE_UNKNOWN);
		r->size += span->size;
		r->items++;
		if (span->size > r->code)
			r->code = span->size;
	}
	for (size_t i = 0; i < rows.n; i++) {
		further += rows.v[i].size - rows.v[i].code;
		n += rows.v[i].items - 1;
	}
	char text[HONE_NUM_TEXT];
	hone_advice_add(l, HONE_ADVICE_GENERICS, further,
		hone_xasprintf("%s of %zu functions", hone_text_count(text, n), rows.n));
	hone_size_rows_release(&rows);
}

static void advise_versions(struct hone_size *s, struct hone_advice_list *l)
{
	uint64_t *size = hone_xcalloc(s->owners.v.n + 1, sizeof *size), bytes = 0;
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;
	for (size_t i = 0; i < s->spans.n; i++)
		if (s->spans.v[i].in_file)
			size[s->spans.v[i].owner] += s->spans.v[i].size;
	for (size_t i = 0; i < s->owners.v.n; i++) {
		const struct hone_owner *w = &s->owners.v.v[i];
		uint64_t largest = size[i];
		bool twice = false;
		if (!w->is_crate || w->kind != HONE_SIZE_DEPENDENCY || !w->version || size[i] == 0)
			continue;
		for (size_t k = 0; k < s->owners.v.n; k++) {
			const struct hone_owner *x = &s->owners.v.v[k];
			if (k == i || !x->is_crate || x->kind != w->kind || !x->version ||
				size[k] == 0 || strcmp(x->name, w->name) != 0 ||
				strcmp(x->version, w->version) == 0)
				continue;
			twice = true;
			if (size[k] > largest)
				largest = size[k];
		}
		if (!twice)
			continue;
		hone_buf_addf(&names, "%s%s", names.n ? ", " : "", s->owners.labels[i]);
		bytes += size[i] < largest ? size[i] : 0;
	}
	hone_advice_add(l, HONE_ADVICE_VERSIONS, bytes, hone_buf_detach(&names));
	free(size);
}

/* Candidates only: which bytes a feature brings in is not in the file. */
static void advise_features(struct hone_size *s, struct hone_advice_list *l)
{
	hone_auto_free uint64_t *bytes = hone_xcalloc(s->owners.v.n + 1, sizeof *bytes);
	for (size_t i = 0; i < s->spans.n; i++)
		if (s->spans.v[i].in_file)
			bytes[s->spans.v[i].owner] +=
				s->spans.v[i].size + s->spans.v[i].unwind + s->spans.v[i].relocs;
	for (size_t i = 0; i < s->owners.v.n; i++)
		if (s->owners.v.v[i].features)
			hone_advice_add(l, HONE_ADVICE_FEATURES, bytes[i],
				hone_xasprintf(
					"%s: %s", s->owners.labels[i], s->owners.v.v[i].features));
}

static int by_bytes(const void *a, const void *b)
{
	const struct hone_advice *x = a, *y = b;
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return (int)x->id - (int)y->id;
}

void hone_size_advice(struct hone_size *s, struct hone_advice_list *ret_list)
{
	struct hone_advice_list l = HONE_ADVICE_LIST_INIT;
	hone_auto_size_table struct hone_size_table sections = HONE_SIZE_TABLE_INIT;
	(void)hone_size_table(s, HONE_SIZE_BY_SECTION, false, &sections, NULL);
	hone_advice_add(&l, HONE_ADVICE_STRIP,
		bytes_of(&sections, HONE_SIZE_SYMBOLS, HONE_SIZE_DEBUG),
		hone_xstrdup("never loaded: no RAM, and no flash of a device"));
	hone_advice_add(&l, HONE_ADVICE_UNWIND,
		bytes_of(&sections, HONE_SIZE_UNWIND, HONE_SIZE_UNWIND), NULL);
	if (s->ops->advice)
		s->ops->advice(s, &l);
	advise_code(s, &l);
	advise_generics(s, &l);
	advise_versions(s, &l);
	advise_features(s, &l);
	if (l.n > 0)
		qsort(l.v, l.n, sizeof *l.v, by_bytes);
	*ret_list = l;
}

void hone_advice_list_release(struct hone_advice_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].detail);
	hone_vec_release(l);
}
