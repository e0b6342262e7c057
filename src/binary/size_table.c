#include "size_model.h"
#include "size_rows.h"
#include "size_source.h"
#include "sym_name.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

static const char *const by_names[] = {
	"section", "crate", "instance", "function", "generic", "file"};

bool hone_size_by_parse(struct hone_view v, enum hone_size_by *ret_by)
{
	for (size_t i = 0; i < HONE_COUNT(by_names); i++)
		if (hone_view_is(v, by_names[i])) {
			*ret_by = (enum hone_size_by)i;
			return true;
		}
	return false;
}

const char *hone_size_by_name(enum hone_size_by by)
{
	return by_names[by];
}

static const char *const kind_names[] = {"workspace", "dependency", "std", "c", "glue", "unknown",
	"section", "unwind", "relocations", "symbols", "debug", "headers", "padding"};

const char *hone_size_kind_name(enum hone_size_kind kind)
{
	return kind_names[kind];
}

enum hone_size_kind hone_size_kind_parse(const char *name)
{
	for (size_t i = 0; i < HONE_COUNT(kind_names); i++)
		if (strcmp(name, kind_names[i]) == 0)
			return (enum hone_size_kind)i;
	return HONE_SIZE_UNKNOWN;
}

/* Sections of the image that are tables for the unwinder or for the dynamic loader. */
static enum hone_size_kind kind_in_image(const char *name)
{
	static const struct {
		const char *prefix;
		enum hone_size_kind kind;
	} table[] = {{".eh_frame", HONE_SIZE_UNWIND}, {".gcc_except_table", HONE_SIZE_UNWIND},
		{".ARM.ex", HONE_SIZE_UNWIND}, {".bolt.org.eh_frame", HONE_SIZE_UNWIND},
		{".bolt.org.gcc_except_table", HONE_SIZE_UNWIND}, {".rel", HONE_SIZE_RELOCS},
		{".dyn", HONE_SIZE_RELOCS}, {".gnu.hash", HONE_SIZE_RELOCS},
		{".hash", HONE_SIZE_RELOCS}, {".gnu.version", HONE_SIZE_RELOCS},
		{".got", HONE_SIZE_RELOCS}, {".interp", HONE_SIZE_RELOCS}, {".plt", HONE_SIZE_GLUE},
		{".init", HONE_SIZE_GLUE}, {".fini", HONE_SIZE_GLUE}, {".note", HONE_SIZE_HEADERS}};
	for (size_t i = 0; i < HONE_COUNT(table); i++)
		if (hone_starts(name, table[i].prefix))
			return table[i].kind;
	return HONE_SIZE_SECTION;
}

enum hone_size_kind hone_size_kind_of_section(const struct hone_elf *e, size_t i)
{
	switch (hone_elf_classify(e, i)) {
	case HONE_SECT_IMAGE:
		return kind_in_image(hone_elf_section_name(e, i));
	case HONE_SECT_DEBUG:
		return HONE_SIZE_DEBUG;
	case HONE_SECT_SYMBOLS:
	case HONE_SECT_NAMES:
		return HONE_SIZE_SYMBOLS;
	case HONE_SECT_RELOCS:
		return HONE_SIZE_RELOCS;
	case HONE_SECT_NOTE:
	case HONE_SECT_COMMENT:
	case HONE_SECT_ATTRIBUTES:
	case HONE_SECT_LINK:
		return HONE_SIZE_HEADERS;
	case HONE_SECT_OTHER:
		return HONE_SIZE_SECTION;
	}
	return HONE_SIZE_SECTION;
}

static struct hone_size_row *row(
	struct hone_size_rows *rows, const char *name, enum hone_size_kind kind)
{
	return hone_size_rows_get(rows, hone_view_of(name), kind);
}

static struct hone_size_row *section_row(
	const struct hone_size *s, struct hone_size_rows *rows, uint32_t index, bool brackets)
{
	const struct hone_elf *e = hone_size_names_of(s);
	const char *name = hone_elf_section_name(e, index);
	hone_auto_free char *text = brackets ? hone_xasprintf("[%s]", name) : hone_xstrdup(name);
	return row(rows, text, hone_size_kind_of_section(e, index));
}

static struct hone_size_row *segment_row(
	const struct hone_size *s, struct hone_size_rows *rows, uint32_t index)
{
	uint32_t f = s->elf.ph[index].flags;
	char text[64];
	(void)snprintf(text, sizeof text, "[segment %u %s%s%s]", index, f & PF_R ? "r" : "",
		f & PF_W ? "w" : "", f & PF_X ? "x" : "");
	return row(rows, text, HONE_SIZE_SECTION);
}

/* The row for what of a piece no symbol covers. */
static struct hone_size_row *piece_row(const struct hone_size *s, struct hone_size_rows *rows,
	const struct hone_piece *p, bool brackets)
{
	switch (p->kind) {
	case HONE_PIECE_EHDR:
		return row(rows, "[ELF header]", HONE_SIZE_HEADERS);
	case HONE_PIECE_PHDRS:
		return row(rows, "[program headers]", HONE_SIZE_HEADERS);
	case HONE_PIECE_SHDRS:
		return row(rows, "[section headers]", HONE_SIZE_HEADERS);
	case HONE_PIECE_SECTION:
		return section_row(s, rows, p->index, brackets);
	case HONE_PIECE_SEGMENT:
		return segment_row(s, rows, p->index);
	case HONE_PIECE_PADDING:
		return row(rows, "[padding]", HONE_SIZE_PADDING);
	case HONE_PIECE_APPENDED:
		return row(rows, "[appended data]", HONE_SIZE_SECTION);
	}
	hone_bug("piece of kind %d", p->kind);
}

static bool is_code(const struct hone_size *s, const struct hone_piece *p)
{
	return p->kind == HONE_PIECE_SECTION &&
	       hone_size_names_of(s)->sh[p->index].flags & SHF_EXECINSTR;
}

/* Everything but the rows that cover parts of pieces. covered, gaps: bytes by piece. */
static void add_pieces(const struct hone_size *s, struct hone_size_rows *rows,
	const uint64_t *covered, const uint64_t *gaps, bool brackets)
{
	for (size_t i = 0; i < s->n_pieces; i++) {
		const struct hone_piece *p = &s->pieces[i];
		uint64_t left = p->size - covered[i] - gaps[i];
		if (left > 0) {
			struct hone_size_row *r = piece_row(s, rows, p, brackets);
			r->size += left;
			r->code += is_code(s, p) ? left : 0;
		}
		if (gaps[i] > 0) {
			struct hone_size_row *r = row(rows, "[padding]", HONE_SIZE_PADDING);
			r->size += gaps[i];
			r->code += is_code(s, p) ? gaps[i] : 0;
		}
	}
}

struct hone_size_row *hone_size_span_row(const struct hone_size *s, struct hone_size_rows *rows,
	const struct hone_span *span, enum hone_size_by by, bool full)
{
	uint32_t who = by == HONE_SIZE_BY_INSTANCE ? span->instance : span->owner;
	enum hone_size_kind kind = s->owners.v.v[who].kind;
	if (by == HONE_SIZE_BY_CRATE || by == HONE_SIZE_BY_INSTANCE)
		return row(rows, s->owners.labels[who], kind);
	struct hone_buf *name = &rows->name, *generic = &rows->generic;
	hone_buf_reset(name);
	hone_sym_readable(name, hone_elf_string(s->strtab.v, span->name), full);
	if (by != HONE_SIZE_BY_GENERIC)
		return hone_size_rows_get(rows, hone_buf_view(name), kind);
	hone_buf_reset(generic);
	hone_sym_generic(generic, hone_buf_view(name));
	return hone_size_rows_get(rows, hone_buf_view(generic), kind);
}

static void add_spans(
	const struct hone_size *s, struct hone_size_rows *rows, enum hone_size_by by, bool full)
{
	for (size_t i = 0; i < s->spans.n; i++) {
		const struct hone_span *span = &s->spans.v[i];
		if (!span->in_file)
			continue;
		struct hone_size_row *r = hone_size_span_row(s, rows, span, by, full);
		r->size += span->size;
		r->code += span->code ? span->size : 0;
		r->items++;
		r->unwind += span->unwind;
		r->relocs += span->relocs;
		r->symbols += span->symbols;
	}
	for (size_t i = 0; by <= HONE_SIZE_BY_INSTANCE && i < s->owners.v.n; i++)
		if (s->owners.v.v[i].debug > 0)
			row(rows, s->owners.labels[i], s->owners.v.v[i].kind)->debug +=
				s->owners.v.v[i].debug;
}

int hone_size_table(struct hone_size *s, enum hone_size_by by, bool full,
	struct hone_size_table *ret_table, struct hone_err *err)
{
	struct hone_size_table t = {.size = s->elf.file_size, .by = by};
	struct hone_size_rows rows = {0};
	hone_auto_free uint64_t *covered = hone_xcalloc(s->n_pieces + 1, sizeof *covered);
	hone_auto_free uint64_t *gaps = hone_xcalloc(s->n_pieces + 1, sizeof *gaps);
	if (s->headers_only && by != HONE_SIZE_BY_SECTION)
		hone_bug("a table by %s needs the symbols", hone_size_by_name(by));
	if (by == HONE_SIZE_BY_FILE) {
		int rc = hone_size_add_files(s, full, &rows, covered, err);
		if (rc < 0)
			return rc;
	} else if (by != HONE_SIZE_BY_SECTION) {
		add_spans(s, &rows, by, full);
		for (size_t i = 0; i < s->places.n; i++) {
			if (!s->places.v[i].in_file)
				continue;
			covered[s->places.v[i].piece] += s->places.v[i].covered;
			gaps[s->places.v[i].piece] += s->places.v[i].gaps;
		}
	}
	add_pieces(s, &rows, covered, gaps, by != HONE_SIZE_BY_SECTION);
	hone_size_rows_finish(&rows, &t);
	t.file = hone_xstrdup(s->path);
	*ret_table = t;
	return 0;
}
