#include "view.h"

#include <string.h>

struct hone_view hone_view_of(const char *s)
{
	return s ? (struct hone_view){s, strlen(s)} : (struct hone_view){"", 0};
}

bool hone_view_eq(struct hone_view a, struct hone_view b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool hone_view_is(struct hone_view a, const char *s)
{
	return hone_view_eq(a, hone_view_of(s));
}

bool hone_view_starts(struct hone_view v, const char *prefix)
{
	size_t n = strlen(prefix);

	return v.n >= n && (n == 0 || memcmp(v.p, prefix, n) == 0);
}

bool hone_view_ends(struct hone_view v, const char *suffix)
{
	size_t n = strlen(suffix);

	return v.n >= n && (n == 0 || memcmp(v.p + v.n - n, suffix, n) == 0);
}

int hone_view_cmp(struct hone_view a, struct hone_view b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

size_t hone_view_find(struct hone_view v, size_t from, char c)
{
	const char *hit = from < v.n ? memchr(v.p + from, c, v.n - from) : NULL;

	return hit ? (size_t)(hit - v.p) : v.n;
}

struct hone_view hone_view_sub(struct hone_view v, size_t from, size_t to)
{
	if (to > v.n)
		to = v.n;
	if (from > to)
		from = to;
	return (struct hone_view){v.p + from, to - from};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct hone_view hone_view_trim(struct hone_view v)
{
	while (v.n && is_blank(v.p[0])) {
		v.p++;
		v.n--;
	}
	while (v.n && is_blank(v.p[v.n - 1]))
		v.n--;
	return v;
}

bool hone_view_split(struct hone_view *rest, bool *started, char c, struct hone_view *ret_part)
{
	size_t at;

	if (*started && !rest->p)
		return false;
	*started = true;
	at = hone_view_find(*rest, 0, c);
	*ret_part = hone_view_sub(*rest, 0, at);
	if (at == rest->n)
		*rest = (struct hone_view){NULL, 0};
	else
		*rest = hone_view_sub(*rest, at + 1, rest->n);
	return true;
}

char *hone_view_dup(struct hone_view v)
{
	return hone_xstrndup(v.n ? v.p : "", v.n);
}

bool hone_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool hone_ends(const char *s, const char *suffix)
{
	return hone_view_ends(hone_view_of(s), suffix);
}

#define EDIT_MAX 64

size_t hone_edit_distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	size_t d[3][EDIT_MAX + 1];

	if (na > EDIT_MAX || nb > EDIT_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *cur = d[i % 3], *up = d[(i + 2) % 3], *up2 = d[(i + 1) % 3];

		cur[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (cur[j - 1] + 1 < best)
				best = cur[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			cur[j] = best;
		}
	}
	return d[na % 3][nb];
}

const char *hone_did_you_mean(const char *s, const char *const *list)
{
	const char *best = NULL;
	size_t allowed = strlen(s) < 6 ? 1 : strlen(s) / 3;
	size_t best_distance = allowed + 1;

	for (; *list; list++) {
		size_t distance = hone_edit_distance(s, *list);

		if (distance < best_distance) {
			best_distance = distance;
			best = *list;
		}
	}
	return best;
}
