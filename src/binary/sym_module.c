#include "sym_module.h"

#include <string.h>

/* Types begin with a capital. */
static bool is_module(struct hone_view part)
{
	return part.n && ((part.p[0] >= 'a' && part.p[0] <= 'z') || part.p[0] == '_') &&
	       !hone_view_starts(part, "_$");
}

static void add(struct hone_buf *b, size_t start, struct hone_view part)
{
	if (b->n > start)
		hone_buf_adds(b, "::");
	hone_buf_addv(b, part);
}

static bool skip(struct hone_view *v, const char *word)
{
	if (!hone_view_starts(*v, word))
		return false;
	*v = hone_view_sub(*v, strlen(word), v->n);
	return true;
}

/* "5crate4name": the first of them, and what is left; false: there is none. between: what may stand before a name that
 * would go on with the digits. */
static bool take_part(struct hone_view *rest, const char *between, struct hone_view *ret_part)
{
	size_t digits = 0, n = 0;

	while (digits < rest->n && digits < 6 && rest->p[digits] >= '0' && rest->p[digits] <= '9')
		n = n * 10 + (size_t)(rest->p[digits++] - '0');
	if (!digits)
		return false;
	*rest = hone_view_sub(*rest, digits, rest->n);
	(void)skip(rest, between);
	if (n > rest->n)
		return false;
	*ret_part = hone_view_sub(*rest, 0, n);
	*rest = hone_view_sub(*rest, n, rest->n);
	return true;
}

/* "regex_automata..hybrid..dfa..DFA$u20$as...": only of a type, which ends with a capitalized name. */
static void add_of_type(struct hone_buf *b, struct hone_view type)
{
	size_t start = b->n, end;

	while (skip(&type, "$RF$") || skip(&type, "mut$u20$") || skip(&type, "dyn$u20$"))
		;
	for (;;) {
		for (end = 0; end < type.n && type.p[end] != '.' && type.p[end] != '$';)
			end++;
		if (end + 1 >= type.n || type.p[end] != '.' || type.p[end + 1] != '.' ||
			!is_module(hone_view_sub(type, 0, end)))
			break;
		add(b, start, hone_view_sub(type, 0, end));
		type = hone_view_sub(type, end + 2, type.n);
	}
	if (!type.n || type.p[0] < 'A' || type.p[0] > 'Z')
		hone_buf_cut(b, start);
}

/* What follows "_ZN". The function's name is what stands before the hash, or before its closures. */
static void add_legacy(struct hone_buf *b, struct hone_view rest)
{
	size_t start = b->n, before = b->n;
	struct hone_view part;
	bool first = true;

	while (take_part(&rest, "", &part)) {
		if (first && skip(&part, "_$LT$")) {
			add_of_type(b, part);
			return;
		}
		first = false;
		if (hone_view_starts(part, "_$u7b$$u7b$"))
			hone_buf_cut(b, before);
		if (!is_module(part) || hone_view_starts(rest, "17h"))
			return;
		before = b->n;
		add(b, start, part);
	}
	hone_buf_cut(b, start);
}

/* s_ or sX1_: tells apart what has the same name. */
static void skip_number(struct hone_view *v)
{
	size_t end = hone_view_find(*v, 0, '_');

	if (v->n && v->p[0] == 's' && end < v->n)
		*v = hone_view_sub(*v, end + 1, v->n);
}

#define DEEPEST 40

/* What follows "_R": tags of namespaces from the outside in, the crate, names from the inside out. An impl has the
 * module that it stands in before its type. */
static void add_v0(struct hone_buf *b, struct hone_view rest)
{
	char spaces[DEEPEST];
	size_t n = 0, start = b->n;
	struct hone_view part;

	for (; rest.n && rest.p[0] != 'C'; rest = hone_view_sub(rest, 1, rest.n)) {
		if (rest.p[0] == 'N' && rest.n > 1 && n < DEEPEST) {
			spaces[n++] = rest.p[1];
			rest = hone_view_sub(rest, 1, rest.n);
		} else if (rest.p[0] == 'M' || rest.p[0] == 'X') {
			n = 0;
			while (rest.n > 1 && rest.p[1] == 's')
				rest = hone_view_sub(rest, hone_view_find(rest, 1, '_'), rest.n);
		} else if (rest.p[0] != 'I') {
			return;
		}
	}
	if (!skip(&rest, "C"))
		return;
	for (bool within = true; within;) {
		skip_number(&rest);
		(void)skip(&rest, "u");
		if (!take_part(&rest, "_", &part) || !is_module(part))
			return;
		add(b, start, part);
		within = n && spaces[--n] == 't';
	}
}

void hone_sym_module(struct hone_buf *b, const char *mangled)
{
	if (hone_starts(mangled, "_ZN"))
		add_legacy(b, hone_view_of(mangled + 3));
	else if (hone_starts(mangled, "_R"))
		add_v0(b, hone_view_of(mangled + 2));
}
