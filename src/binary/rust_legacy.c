#include "rust_legacy.h"

#include "sym_crate.h"
#include "text.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Takes "5alloc" off *v. */
static bool take_part(struct hone_view *v, struct hone_view *ret)
{
	size_t n = 0, at = 0;
	while (at < v->n && is_digit(v->p[at]) && n <= v->n)
		n = n * 10 + (size_t)(v->p[at++] - '0');
	if (at == 0 || n == 0 || n > v->n - at)
		return false;
	*ret = (struct hone_view){v->p + at, n};
	*v = (struct hone_view){v->p + at + n, v->n - at - n};
	return true;
}

static bool is_hash(struct hone_view part)
{
	if (part.n != 17 || part.p[0] != 'h')
		return false;
	for (size_t i = 1; i < part.n; i++)
		if (!is_digit(part.p[i]) && !(part.p[i] >= 'a' && part.p[i] <= 'f'))
			return false;
	return true;
}

bool hone_rust_legacy_read(const char *mangled, struct hone_legacy *ret)
{
	struct hone_view rest, part, first = {0};
	if (!hone_starts(mangled, "_ZN"))
		return false;
	const char *start = mangled + 3;
	rest = hone_view_of(start);
	while (take_part(&rest, &part)) {
		if (is_hash(part) && rest.n > 0 && rest.p[0] == 'E') {
			*ret = (struct hone_legacy){.parts = {start, (size_t)(rest.p - start)},
				.first = first,
				.suffix = hone_view_sub(rest, 1, rest.n)};
			return first.n > 0;
		}
		if (first.n == 0)
			first = part;
	}
	return false;
}

static size_t find_text(struct hone_view v, const char *text)
{
	const char *hit = v.n ? memmem(v.p, v.n, text, strlen(text)) : NULL;
	return hit ? (size_t)(hit - v.p) : v.n;
}

/* The crate at the start of an escaped type or trait: "$RF$alloc..string..String" gives alloc;
 * nothing for what is no path: "u8", "T", "(A, B)". */
static struct hone_view root(struct hone_view v)
{
	static const char *const prefixes[] = {
		"$RF$", "$BP$", "mut$u20$", "const$u20$", "dyn$u20$", "$u5b$", "$LT$", "_$LT$"};
	size_t i = 0;
	while (i < HONE_COUNT(prefixes)) {
		if (hone_view_starts(v, prefixes[i])) {
			v = hone_view_sub(v, strlen(prefixes[i]), v.n);
			i = 0;
		} else {
			i++;
		}
	}
	size_t n = 0;
	while (n < v.n && is_word(v.p[n]))
		n++;
	bool is_path = v.n - n >= 2 && v.p[n] == '.' && v.p[n + 1] == '.';
	return is_path ? hone_view_sub(v, 0, n) : (struct hone_view){0};
}

struct hone_view hone_rust_legacy_crate(const struct hone_legacy *l)
{
	if (!hone_view_starts(l->first, "_$LT$"))
		return l->first;
	size_t as = find_text(l->first, "$u20$as$u20$");
	struct hone_view owner = root(hone_view_sub(l->first, 5, as)), trait = {0};
	if (as < l->first.n)
		trait = root(hone_view_sub(l->first, as + strlen("$u20$as$u20$"), l->first.n));
	return owner.n == 0 || (trait.n > 0 && hone_sym_is_std(owner)) ? trait : owner;
}

/* "u7e" -> 0x7e; control characters are not spelt out. */
static bool code_point(struct hone_view v, uint32_t *ret)
{
	uint32_t x = 0;
	if (v.n < 2 || v.n > 7 || v.p[0] != 'u')
		return false;
	for (size_t i = 1; i < v.n; i++) {
		char c = v.p[i];
		if (!is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
		x = x * 16 + (uint32_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	*ret = x;
	return x >= 0x20 && (x < 0x7f || x > 0x9f) && (x < 0xd800 || x > 0xdfff) && x <= 0x10ffff;
}

/* v begins with "$": appends what the escape stands for and returns its length, or 0. */
static size_t put_escape(struct hone_buf *b, struct hone_view v)
{
	static const struct {
		const char *escape;
		char text;
	} table[] = {{"LT", '<'}, {"GT", '>'}, {"RF", '&'}, {"BP", '*'}, {"LP", '('}, {"RP", ')'},
		{"C", ','}, {"SP", '@'}};
	size_t end = hone_view_find(v, 1, '$');
	struct hone_view name = hone_view_sub(v, 1, end);
	uint32_t cp;
	if (end == v.n)
		return 0;
	for (size_t i = 0; i < HONE_COUNT(table); i++)
		if (hone_view_is(name, table[i].escape)) {
			hone_buf_addc(b, table[i].text);
			return end + 1;
		}
	if (!code_point(name, &cp))
		return 0;
	hone_utf8_encode(b, cp);
	return end + 1;
}

static void put_part(struct hone_buf *b, struct hone_view v)
{
	/* What begins with an escape got an underscore, so that it begins like a name. */
	size_t i = hone_view_starts(v, "_$");
	while (i < v.n) {
		size_t from = i, n;
		while (i < v.n && v.p[i] != '$' && v.p[i] != '.')
			i++;
		hone_buf_add(b, v.p + from, i - from);
		if (i == v.n)
			return;
		if (v.p[i] == '.') {
			bool path = i + 1 < v.n && v.p[i + 1] == '.';
			hone_buf_adds(b, path ? "::" : ".");
			i += path ? 2 : 1;
			continue;
		}
		n = put_escape(b, hone_view_sub(v, i, v.n));
		if (n == 0) { /* no escape that rustc makes: the rest stays as it is */
			hone_buf_add(b, v.p + i, v.n - i);
			return;
		}
		i += n;
	}
}

void hone_rust_legacy_text(struct hone_buf *b, const struct hone_legacy *l, bool full)
{
	struct hone_view rest = l->parts, part;
	for (bool first = true; take_part(&rest, &part); first = false) {
		if (rest.n == 0 && !full)
			return;
		if (!first)
			hone_buf_adds(b, "::");
		put_part(b, part);
	}
}
