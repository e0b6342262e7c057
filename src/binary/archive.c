#include "archive.h"

#include "num.h"

#include <string.h>

#define MAGIC "!<arch>\n"
#define HEADER 60 /* of each member */
#define NAME 16
#define SIZE_AT 48
#define SIZE_LENGTH 10

/* An archive, with what its first members tell of all. */
struct archive {
	struct hone_view bytes, index, long_names;
	size_t word; /* bytes of a number in the index */
};

bool hone_archive_is(struct hone_view head)
{
	return hone_view_starts(head, MAGIC);
}

static struct hone_view without_blanks(struct hone_view v)
{
	while (v.n && v.p[v.n - 1] == ' ')
		v.n--;
	return v;
}

/* The member whose header is at an offset: its name as it stands there, and its content. */
static int member_at(const struct archive *a, uint64_t at, struct hone_view *ret_name,
	struct hone_view *ret_content, struct hone_err *err)
{
	struct hone_view header;
	uint64_t size = 0;

	if (at > a->bytes.n || a->bytes.n - at < HEADER)
		return hone_err_set(err, HONE_E_SYNTAX, "the header of a member is cut off");
	header = hone_view_sub(a->bytes, (size_t)at, (size_t)at + HEADER);
	if (memcmp(header.p + HEADER - 2, "`\n", 2) != 0 ||
		!hone_parse_u64(
			without_blanks(hone_view_sub(header, SIZE_AT, SIZE_AT + SIZE_LENGTH)),
			&size))
		return hone_err_set(err, HONE_E_SYNTAX, "the header of a member is broken");
	if (size > a->bytes.n - at - HEADER)
		return hone_err_set(err, HONE_E_SYNTAX, "a member is cut off");
	*ret_name = without_blanks(hone_view_sub(header, 0, NAME));
	*ret_content = hone_view_sub(a->bytes, (size_t)at + HEADER, (size_t)(at + HEADER + size));
	return 0;
}

/* "/123" stands for a name in the table of long ones, "name/" for itself. */
static struct hone_view full_name(const struct archive *a, struct hone_view name)
{
	uint64_t at = 0;
	struct hone_view rest;
	const char *end;

	if (name.n > 1 && name.p[0] == '/' && hone_parse_u64(hone_view_sub(name, 1, name.n), &at) &&
		at < a->long_names.n) {
		rest = hone_view_sub(a->long_names, (size_t)at, a->long_names.n);
		end = memchr(rest.p, '\n', rest.n);
		name = hone_view_sub(rest, 0, end ? (size_t)(end - rest.p) : rest.n);
	}
	if (name.n && name.p[name.n - 1] == '/')
		name.n--;
	return name;
}

/* The index and the table of long names stand before all others. */
static int read_tables(struct archive *a, struct hone_err *err)
{
	uint64_t at = strlen(MAGIC);

	while (at < a->bytes.n) {
		struct hone_view name, content;
		int error = member_at(a, at, &name, &content, err);

		if (error)
			return error;
		if (hone_view_is(name, "/") || hone_view_is(name, "/SYM64/")) {
			a->index = content;
			a->word = name.n > 1 ? 8 : 4;
		} else if (hone_view_is(name, "//")) {
			a->long_names = content;
		} else {
			return 0;
		}
		at += HEADER + content.n + content.n % 2;
	}
	return 0;
}

static uint64_t big_endian(const char *p, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value << 8 | (unsigned char)p[i];
	return value;
}

/* The index: how many, an offset for each, the names with a NUL behind each. */
static int each_symbol(
	const struct archive *a, hone_archive_symbol each, void *ctx, struct hone_err *err)
{
	uint64_t n;
	struct hone_view names;

	if (a->index.n < a->word)
		return hone_err_set(err, HONE_E_SYNTAX, "the index is cut off");
	n = big_endian(a->index.p, a->word);
	if (n > (a->index.n - a->word) / a->word)
		return hone_err_set(err, HONE_E_SYNTAX, "the index is cut off");
	names = hone_view_sub(a->index, a->word * ((size_t)n + 1), a->index.n);
	for (size_t i = 0; i < n; i++) {
		uint64_t at = big_endian(a->index.p + a->word * (i + 1), a->word);
		const char *end = names.n ? memchr(names.p, '\0', names.n) : NULL;
		struct hone_view name, content, symbol;
		int error = end ? member_at(a, at, &name, &content, err)
				: hone_err_set(err, HONE_E_SYNTAX, "the index is cut off");

		if (error)
			return error;
		symbol = hone_view_sub(names, 0, (size_t)(end - names.p));
		each(ctx, symbol, full_name(a, name));
		names = hone_view_sub(names, symbol.n + 1, names.n);
	}
	return 0;
}

int hone_archive_symbols(
	struct hone_view bytes, hone_archive_symbol each, void *ctx, struct hone_err *err)
{
	struct archive a = {.bytes = bytes};
	int error = hone_archive_is(bytes) ? read_tables(&a, err)
					   : hone_err_set(err, HONE_E_SYNTAX, "is no archive");

	return error || !a.word ? error : each_symbol(&a, each, ctx, err);
}
