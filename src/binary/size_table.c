#include "object_ops.h"
#include "size_model.h"
#include "size_rows.h"
#include "sym_name.h"

#include <stdio.h>
#include <string.h>

static const char *const by_names[] = {
	"section", "crate", "instance", "function", "generic", "file", "owned"};

bool hone_size_by_parse(struct hone_view v, enum hone_size_by *ret_by)
{
	for (size_t i = 0; i <= HONE_SIZE_BY_FILE; i++)
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

static struct hone_size_row *row(
	struct hone_size_rows *rows, const char *name, enum hone_size_kind kind)
{
	return hone_size_rows_get(rows, hone_view_of(name), kind);
}

/* The row for what of a piece no symbol covers. */
static struct hone_size_row *piece_row(
	struct hone_size_rows *rows, const struct hone_piece *p, bool brackets)
{
	hone_auto_free char *text =
		p->section && brackets ? hone_xasprintf("[%s]", p->name) : hone_xstrdup(p->name);

	return row(rows, text, p->kind);
}

/* Everything but the rows that cover parts of pieces. covered, gaps: bytes by piece. */
static void add_pieces(const struct hone_size *s, struct hone_size_rows *rows,
	const uint64_t *covered, const uint64_t *gaps, bool brackets)
{
	for (size_t i = 0; i < s->n_pieces; i++) {
		const struct hone_piece *p = &s->pieces[i];
		uint64_t left = p->size - covered[i] - gaps[i];
		if (left > 0) {
			struct hone_size_row *r = piece_row(rows, p, brackets);
			r->size += left;
			r->code += p->code ? left : 0;
		}
		if (gaps[i] > 0) {
			struct hone_size_row *r = row(rows, "[padding]", HONE_SIZE_PADDING);
			r->size += gaps[i];
			r->code += p->code ? gaps[i] : 0;
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
	if (by == HONE_SIZE_BY_OWNED)
		hone_buf_addf(name, "%s\t", s->owners.labels[who]);
	hone_sym_readable(name, hone_size_symbol(s, span), full);
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
	struct hone_size_table t = {.size = s->file.size, .by = by};
	struct hone_size_rows rows = {0};
	hone_auto_free uint64_t *covered = hone_xcalloc(s->n_pieces + 1, sizeof *covered);
	hone_auto_free uint64_t *gaps = hone_xcalloc(s->n_pieces + 1, sizeof *gaps);
	if (s->headers_only && by != HONE_SIZE_BY_SECTION)
		hone_bug("a table by %s needs the symbols", hone_size_by_name(by));
	if (by == HONE_SIZE_BY_FILE) {
		int rc = s->ops->source_files ? s->ops->source_files(s, full, &rows, covered, err)
					      : hone_err_set(err, HONE_E_NOT_FOUND,
							"%s: has no debug information", s->path);
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
