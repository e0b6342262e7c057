#ifndef HONE_BASE_VIEW_H
#define HONE_BASE_VIEW_H
/* A borrowed run of bytes; may hold NUL, is not terminated, owns nothing. */
#include "mem.h"

struct hone_view {
	const char *p;
	size_t n;
};

/* A view of a C string (NULL gives the empty view) and of a literal. */
struct hone_view hone_view_of(const char *s);
#define HONE_VIEW(literal) ((struct hone_view){(literal), sizeof(literal) - 1})

bool hone_view_eq(struct hone_view a, struct hone_view b);
bool hone_view_is(struct hone_view a, const char *s);
bool hone_view_starts(struct hone_view v, const char *prefix);
bool hone_view_ends(struct hone_view v, const char *suffix);
/* memcmp order, the shorter first when one is a prefix of the other. */
int hone_view_cmp(struct hone_view a, struct hone_view b);
/* Position of the first c at or after from, or v.n. */
size_t hone_view_find(struct hone_view v, size_t from, char c);
/* Bytes [from, to); the ends are clamped to the view. */
struct hone_view hone_view_sub(struct hone_view v, size_t from, size_t to);
/* Without blanks, tabs, CR and LF at both ends. */
struct hone_view hone_view_trim(struct hone_view v);
/* Takes the part before the next c off *rest (and the c); false when *rest is used up.
 * "a,,b" gives "a", "", "b". Start with started = false. */
bool hone_view_split(struct hone_view *rest, bool *started, char c, struct hone_view *ret_part);
/* A NUL-terminated copy; the caller frees. */
char *hone_view_dup(struct hone_view v) __attribute__((returns_nonnull));

/* s starts with prefix; s ends with suffix (C strings). */
bool hone_starts(const char *s, const char *prefix);
bool hone_ends(const char *s, const char *suffix);
/* Number of single-byte edits (insert, delete, replace, swap of neighbours) between two words:
 * optimal string alignment distance; for "did you mean". Words over 64 bytes give SIZE_MAX. */
size_t hone_edit_distance(const char *a, const char *b);
/* The word of list (NULL-terminated) nearest to s, or NULL when none is near enough (at most one
 * edit, or one for every three letters of a longer word). Borrowed from list. */
const char *hone_did_you_mean(const char *s, const char *const *list);

#endif
