#include "elf_ops.h"
#include "dwarf_line.h"

#include <string.h>

static int by_low(const void *a, const void *b)
{
	const struct hone_line_range *x = a, *y = b;
	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	if (x->high != y->high)
		return x->high > y->high ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* "/rustc/HASH/library/core/src/x.rs" -> "library/core/src/x.rs"; a registry's path from the package
 * on. */
static const char *short_path(const char *path)
{
	const char *hit = strstr(path, "/registry/src/"), *next;
	if (hit && (next = strchr(hit + strlen("/registry/src/"), '/')))
		return next + 1;
	if (hone_starts(path, "/rustc/") && (next = strchr(path + strlen("/rustc/"), '/')))
		return next + 1;
	if (hone_starts(path, "/rust/deps/"))
		return path + strlen("/rust/deps/");
	if ((hit = strstr(path, "/git/checkouts/")))
		return hit + strlen("/git/checkouts/");
	return path;
}

static enum hone_size_kind kind_of(const char *path)
{
	/* std's paths are relative to "/rustc/HASH" in its own units. */
	if (hone_starts(path, "/rustc/") || hone_starts(path, "/rust/deps/") ||
		(hone_starts(path, "library/") && strstr(path, "/src/")) ||
		strstr(path, "/lib/rustlib/src/rust/"))
		return HONE_SIZE_STD;
	if (strstr(path, "/registry/src/") || strstr(path, "/git/checkouts/"))
		return HONE_SIZE_DEPENDENCY;
	return hone_ends(path, ".rs") ? HONE_SIZE_WORKSPACE : HONE_SIZE_C;
}

/* Bytes of each file: lays sorted ranges over sorted places, each byte counted once. */
static void sweep(
	const struct hone_size *s, const struct hone_lines *l, uint64_t *of_file, uint64_t *covered)
{
	size_t at = 0;
	for (size_t i = 0; i < s->places.n; i++) {
		const struct hone_place *p = &s->places.v[i];
		uint64_t end = p->addr + p->size, cur = p->addr;
		if (!p->code || !p->in_file)
			continue;
		while (at < l->ranges.n && l->ranges.v[at].high <= cur)
			at++;
		for (; at < l->ranges.n && l->ranges.v[at].low < end; at++) {
			const struct hone_line_range *r = &l->ranges.v[at];
			uint64_t from = r->low > cur ? r->low : cur,
				 to = r->high < end ? r->high : end;
			if (to <= from)
				continue;
			of_file[r->file] += to - from;
			covered[p->piece] += to - from;
			cur = to;
		}
	}
}

int hone_dwarf_source_files(struct hone_size *s, const struct hone_elf *e, bool full,
	struct hone_size_rows *rows, uint64_t *covered, struct hone_err *err)
{
	hone_auto_lines struct hone_lines l = HONE_LINES_INIT;
	hone_auto_units struct hone_units units = HONE_UNITS_INIT;
	hone_units_read(e, &units);
	int rc = hone_lines_read(e, &units, &l, err);
	if (rc < 0)
		return hone_err_wrap(err, "%s", s->path);
	if (l.ranges.n > 0)
		qsort(l.ranges.v, l.ranges.n, sizeof *l.ranges.v, by_low);
	uint64_t *of_file = hone_xcalloc(l.files.n + 1, sizeof *of_file);
	sweep(s, &l, of_file, covered);
	for (size_t i = 0; i < l.files.n; i++) {
		if (of_file[i] == 0)
			continue;
		const char *path = l.files.v[i];
		struct hone_size_row *r = hone_size_rows_get(
			rows, hone_view_of(full ? path : short_path(path)), kind_of(path));
		r->size += of_file[i];
		r->code += of_file[i];
	}
	free(of_file);
	return 0;
}

int hone_elf_source_files(struct hone_size *s, bool full, struct hone_size_rows *rows,
	uint64_t *covered, struct hone_err *err)
{
	return hone_dwarf_source_files(s, hone_elf_model_of(s)->names, full, rows, covered, err);
}
