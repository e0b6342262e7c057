#include "size_advice.h"

#include "num.h"
#include "size_model.h"
#include "size_rows.h"
#include "sym_name.h"

#include <elf.h>
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

static void add(struct hone_advice_list *l, enum hone_advice_id id, uint64_t bytes, char *detail)
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

static uint32_t relative_type(const struct hone_elf *e)
{
	switch (e->machine) {
	case EM_X86_64:
		return R_X86_64_RELATIVE;
	case EM_AARCH64:
		return R_AARCH64_RELATIVE;
	case EM_RISCV:
		return R_RISCV_RELATIVE;
	case EM_ARM:
		return R_ARM_RELATIVE;
	case EM_386:
		return R_386_RELATIVE;
	default:
		return 0;
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

/* Words that SHT_RELR takes for sorted addresses (gABI: an address, then bitmaps of the 63 or 31
 * words behind it; odd addresses cannot be packed and are not among them). */
static uint64_t relr_words(const uint64_t *addr, size_t n, size_t word)
{
	uint64_t words = 0, bits = 8 * word - 1;
	for (size_t i = 0; i < n;) {
		uint64_t base = addr[i++] + word;
		words++;
		for (;;) {
			size_t start = i;
			while (i < n && addr[i] - base < bits * word &&
				(addr[i] - base) % word == 0)
				i++;
			if (i == start)
				break;
			words++;
			base += bits * word;
		}
	}
	return words;
}

/* Packs the relative relocations of the file and counts what that saves. */
static void advise_relr(struct hone_size *s, struct hone_advice_list *l)
{
	const struct hone_elf *e = &s->elf;
	size_t w = e->is64 ? 8 : 4;
	uint32_t relative = relative_type(e);
	HONE_VEC(uint64_t) addr = {0};
	uint64_t old = 0;
	for (size_t i = 1; relative && i < e->n_sh; i++) {
		const struct hone_elf_sh *sh = &e->sh[i];
		hone_auto_elf_data struct hone_elf_data d = HONE_ELF_DATA_INIT;
		if (!(sh->flags & SHF_ALLOC) || (sh->type != SHT_RELA && sh->type != SHT_REL) ||
			hone_elf_load_section(e, i, &d, NULL) < 0)
			continue;
		size_t size = sh->type == SHT_RELA ? 3 * w : 2 * w;
		for (size_t at = 0; d.v.n - at >= size; at += size) {
			uint64_t offset = hone_elf_word(e, d.v.p + at);
			uint64_t info = hone_elf_word(e, d.v.p + at + w);
			if ((e->is64 ? info & 0xffffffff : info & 0xff) != relative || offset % 2)
				continue;
			hone_vec_push(&addr, offset);
			old += size;
		}
	}
	if (addr.n > 0)
		qsort(addr.v, addr.n, sizeof *addr.v, by_value);
	uint64_t new = relr_words(addr.v, addr.n, w) * w;
	char text[HONE_NUM_TEXT];
	if (old > new)
		add(l, HONE_ADVICE_RELR, old - new,
			hone_xasprintf("%s relocations", hone_text_count(text, addr.n)));
	hone_vec_release(&addr);
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
		hone_sym_readable(&name, hone_elf_string(s->strtab.v, span->name), false);
		uint64_t bytes = span->size + span->unwind + span->relocs;
		bool std_backtracer = w->kind == HONE_SIZE_STD && is_backtracer(w->name);
		if (std_backtracer || strstr(hone_buf_str(&name), "std::backtrace_rs::"))
			backtracer += bytes;
		else if (is_formatting(hone_buf_str(&name)))
			formatting += bytes;
	}
	add(l, HONE_ADVICE_BACKTRACE, backtracer, NULL);
	add(l, HONE_ADVICE_FORMATTING, formatting, NULL);
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
		hone_sym_readable(&name, hone_elf_string(s->strtab.v, span->name), false);
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
	add(l, HONE_ADVICE_GENERICS, further,
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
	add(l, HONE_ADVICE_VERSIONS, bytes, hone_buf_detach(&names));
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
			add(l, HONE_ADVICE_FEATURES, bytes[i],
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
	add(&l, HONE_ADVICE_STRIP, bytes_of(&sections, HONE_SIZE_SYMBOLS, HONE_SIZE_DEBUG),
		hone_xstrdup("never loaded: no RAM, and no flash of a device"));
	add(&l, HONE_ADVICE_UNWIND, bytes_of(&sections, HONE_SIZE_UNWIND, HONE_SIZE_UNWIND), NULL);
	advise_relr(s, &l);
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
