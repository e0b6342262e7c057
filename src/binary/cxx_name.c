#include "cxx_name.h"

#include <string.h>

/* Nothing is read twice: template arguments and parameters are only skipped, so that substitutions,
 * which name what stands there, need no table. */
struct reader {
	struct hone_view v;
	size_t at;
	struct hone_view last; /* the last class or function: the name of its constructor */
};

static int peek(const struct reader *r)
{
	return r->at < r->v.n ? (unsigned char)r->v.p[r->at] : 0;
}

static bool eat(struct reader *r, const char *word)
{
	if (!hone_view_starts(hone_view_sub(r->v, r->at, r->v.n), word))
		return false;
	r->at += strlen(word);
	return true;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(int c)
{
	return c >= 'a' && c <= 'z';
}

static void skip_digits(struct reader *r)
{
	while (is_digit(peek(r)))
		r->at++;
}

/* A length and as many bytes. */
static bool source_name(struct reader *r, struct hone_view *ret_name)
{
	size_t n = 0;

	if (!is_digit(peek(r)))
		return false;
	for (; is_digit(peek(r)); r->at++) {
		n = n * 10 + (size_t)(peek(r) - '0');
		if (n > r->v.n)
			return false;
	}
	if (n == 0 || n > r->v.n - r->at)
		return false;
	*ret_name = hone_view_sub(r->v, r->at, r->at + n);
	r->at += n;
	return true;
}

/* Digits, and the underscore that ends them. */
static bool numbered(struct reader *r)
{
	skip_digits(r);
	return eat(r, "_");
}

/* "S_", "S1Z_", or one of the abbreviations such as "Sa". */
static bool skip_substitution(struct reader *r)
{
	r->at++;
	if (is_lower(peek(r))) {
		r->at++;
		return true;
	}
	while (is_digit(peek(r)) || (peek(r) >= 'A' && peek(r) <= 'Z'))
		r->at++;
	return eat(r, "_");
}

/* Discriminators of local names: "_0", "__10_". */
static bool skip_discriminator(struct reader *r)
{
	r->at++;
	if (eat(r, "_"))
		return numbered(r);
	if (!is_digit(peek(r)))
		return false;
	r->at++;
	return true;
}

/* What stands open while something is skipped: 'N' a nested name, 'I' arguments, 'U' a lambda, 'L' a
 * literal, whose value is no name, and so on. */
#define MAX_OPEN 64
struct open {
	char kind[MAX_OPEN];
	size_t n;
};

static bool push(struct open *o, char kind)
{
	if (o->n == MAX_OPEN)
		return false;
	o->kind[o->n++] = kind;
	return true;
}

/* After the type of a literal comes its value, up to E. */
static bool skip_value(struct reader *r)
{
	while (is_digit(peek(r)) || is_lower(peek(r)) || peek(r) == '_')
		r->at++;
	return peek(r) == 'E';
}

static bool skip_literal(struct reader *r, struct open *o)
{
	struct hone_view ignored;

	r->at++;
	if (o->n > 0 && o->kind[o->n - 1] == 'N' && is_digit(peek(r)))
		return source_name(r, &ignored); /* a name with internal linkage */
	if (eat(r, "_Z"))
		return push(o, 'Z');
	if (!push(o, 'L'))
		return false;
	if (peek(r) == 'N') {
		r->at++;
		return push(o, 'N');
	}
	if (is_digit(peek(r)))
		return source_name(r, &ignored) && skip_value(r);
	if (is_lower(peek(r))) {
		r->at++;
		return skip_value(r);
	}
	return false;
}

static bool skip_unnamed(struct reader *r, struct open *o)
{
	r->at++;
	if (eat(r, "l"))
		return push(o, 'U');
	return eat(r, "t") ? numbered(r) : is_digit(peek(r));
}

static bool skip_end(struct reader *r, struct open *o)
{
	char closed = o->kind[--o->n];

	r->at++;
	if (closed == 'U')
		return numbered(r);
	if (closed == 'N' && o->n > 0 && o->kind[o->n - 1] == 'L')
		return skip_value(r);
	return true;
}

/* One token of types and template arguments. Expressions are not read. */
static bool skip_token(struct reader *r, struct open *o)
{
	struct hone_view ignored;
	int c = peek(r);

	if (is_digit(c))
		return source_name(r, &ignored);
	if (c == 'E')
		return skip_end(r, o);
	if (c == 'S')
		return skip_substitution(r);
	if (c == 'L')
		return skip_literal(r, o);
	if (c == 'U')
		return skip_unnamed(r, o);
	if (c == '_')
		return skip_discriminator(r);
	r->at++;
	if (strchr("NIJFZ", c))
		return push(o, (char)c);
	if (c == 'T' || c == 'A')
		return numbered(r);
	if (c == 'C' || c == 'D') {
		if (!strchr("CIpnaichsudfe012345", peek(r)) || !peek(r))
			return false;
		r->at++;
		return true;
	}
	return is_lower(c) || strchr("PRKVOGMYB", c);
}

/* Up to the E that closes what was opened just before r->at. */
static bool skip_to_end(struct reader *r, char kind)
{
	struct open o = {.kind = {kind}, .n = 1};

	while (o.n > 0)
		if (!peek(r) || !skip_token(r, &o))
			return false;
	return true;
}

static const char *const operators[][2] = {{"nw", " new"}, {"na", " new[]"}, {"dl", " delete"},
	{"da", " delete[]"}, {"aw", " co_await"}, {"ps", "+"}, {"ng", "-"}, {"ad", "&"},
	{"de", "*"}, {"co", "~"}, {"pl", "+"}, {"mi", "-"}, {"ml", "*"}, {"dv", "/"}, {"rm", "%"},
	{"an", "&"}, {"or", "|"}, {"eo", "^"}, {"aS", "="}, {"pL", "+="}, {"mI", "-="},
	{"mL", "*="}, {"dV", "/="}, {"rM", "%="}, {"aN", "&="}, {"oR", "|="}, {"eO", "^="},
	{"ls", "<<"}, {"rs", ">>"}, {"lS", "<<="}, {"rS", ">>="}, {"eq", "=="}, {"ne", "!="},
	{"lt", "<"}, {"gt", ">"}, {"le", "<="}, {"ge", ">="}, {"ss", "<=>"}, {"nt", "!"},
	{"aa", "&&"}, {"oo", "||"}, {"pp", "++"}, {"mm", "--"}, {"cm", ","}, {"pm", "->*"},
	{"pt", "->"}, {"cl", "()"}, {"ix", "[]"}};

static bool put_operator(struct reader *r, struct hone_buf *b)
{
	for (size_t i = 0; i < HONE_COUNT(operators); i++)
		if (eat(r, operators[i][0])) {
			hone_buf_addf(b, "operator%s", operators[i][1]);
			return true;
		}
	return false;
}

static bool put_special(struct reader *r, struct hone_buf *b)
{
	if (eat(r, "Ut")) {
		hone_buf_adds(b, "{unnamed type}");
		return numbered(r);
	}
	if (eat(r, "Ul")) {
		hone_buf_adds(b, "{lambda(..)}");
		return skip_to_end(r, 'I') && numbered(r);
	}
	if (r->last.n > 0 && (eat(r, "C1") || eat(r, "C2") || eat(r, "C3") || eat(r, "C4"))) {
		hone_buf_addv(b, r->last);
		return true;
	}
	if (r->last.n > 0 && (eat(r, "D0") || eat(r, "D1") || eat(r, "D2") || eat(r, "D4"))) {
		hone_buf_adds(b, "~");
		hone_buf_addv(b, r->last);
		return true;
	}
	return put_operator(r, b);
}

static bool put_arguments(struct reader *r, struct hone_buf *b)
{
	if (!eat(r, "I"))
		return true;
	hone_buf_adds(b, "<..>");
	return skip_to_end(r, 'I');
}

/* One part of a name, with its ABI tags and template arguments. */
static bool put_part(struct reader *r, struct hone_buf *b)
{
	struct hone_view name;

	if (peek(r) == 'L')
		r->at++;
	if (is_digit(peek(r))) {
		if (!source_name(r, &name))
			return false;
		if (hone_view_starts(name, "_GLOBAL__N_"))
			name = HONE_VIEW("(anonymous namespace)");
		hone_buf_addv(b, name);
		r->last = name;
	} else if (!put_special(r, b)) {
		return false;
	}
	while (eat(r, "B")) {
		if (!source_name(r, &name))
			return false;
		hone_buf_adds(b, "[abi:");
		hone_buf_addv(b, name);
		hone_buf_adds(b, "]");
	}
	return put_arguments(r, b);
}

/* The abbreviations of the ABI, section 5.1.10. */
static bool put_std(struct reader *r, struct hone_buf *b)
{
	static const char *const names[][2] = {{"Sa", "allocator"}, {"Sb", "basic_string"},
		{"Ss", "string"}, {"Si", "istream"}, {"So", "ostream"}, {"Sd", "iostream"}};

	for (size_t i = 0; i < HONE_COUNT(names); i++)
		if (eat(r, names[i][0])) {
			r->last = hone_view_of(names[i][1]);
			hone_buf_addf(b, "std::%s", names[i][1]);
			return put_arguments(r, b);
		}
	return false;
}

static bool put_nested(struct reader *r, struct hone_buf *b)
{
	while (peek(r) && strchr("rVKRO", peek(r)))
		r->at++;
	if (eat(r, "St"))
		hone_buf_adds(b, "std");
	else if (peek(r) == 'S' ? !put_std(r, b) : !put_part(r, b))
		return false;
	while (!eat(r, "E")) {
		hone_buf_adds(b, "::");
		if (!put_part(r, b))
			return false;
	}
	return true;
}

static bool put_name(struct reader *r, struct hone_buf *b);

/* A function, and what is local to it. */
static bool put_local(struct reader *r, struct hone_buf *b)
{
	if (!put_name(r, b))
		return false;
	hone_buf_adds(
		b, hone_view_starts(hone_view_sub(r->v, r->at, r->v.n), "vE") ? "()" : "(..)");
	if (!skip_to_end(r, 'Z'))
		return false;
	hone_buf_adds(b, "::");
	if (peek(r) == 's') {
		hone_buf_adds(b, "{string literal}");
		r->at++;
	} else if (peek(r) == 'Z' || !put_name(r, b)) {
		return false;
	}
	return peek(r) != '_' || skip_discriminator(r);
}

static bool put_name(struct reader *r, struct hone_buf *b)
{
	if (eat(r, "Z")) /* what is local to something local is not read, so that nothing goes deep */
		return peek(r) != 'Z' && put_local(r, b);
	if (eat(r, "N"))
		return put_nested(r, b);
	if (eat(r, "St")) {
		hone_buf_adds(b, "std::");
		return put_part(r, b);
	}
	return peek(r) == 'S' ? put_std(r, b) : put_part(r, b);
}

/* "h16_", "v0_n24_": by how much a thunk moves the object. */
static bool skip_offsets(struct reader *r)
{
	int kind = peek(r);

	if (kind != 'h' && kind != 'v')
		return false;
	r->at++;
	for (int i = kind == 'h' ? 1 : 0; i < 2; i++) {
		eat(r, "n");
		if (!numbered(r))
			return false;
	}
	return true;
}

static bool put_all(struct reader *r, struct hone_buf *b)
{
	static const char *const data[][2] = {{"TV", "vtable for "}, {"TT", "VTT for "},
		{"TI", "typeinfo for "}, {"TS", "typeinfo name for "},
		{"GV", "guard variable for "}, {"TW", "TLS wrapper function for "},
		{"TH", "TLS init function for "}};

	for (size_t i = 0; i < HONE_COUNT(data); i++)
		if (eat(r, data[i][0])) {
			hone_buf_adds(b, data[i][1]);
			return put_name(r, b) && !peek(r);
		}
	if (eat(r, "T")) {
		hone_buf_adds(b, peek(r) == 'v' ? "virtual thunk to " : "non-virtual thunk to ");
		if (!skip_offsets(r))
			return false;
	}
	if (!put_name(r, b))
		return false;
	if (peek(r))
		hone_buf_adds(b, peek(r) == 'v' && r->at + 1 == r->v.n ? "()" : "(..)");
	return true;
}

bool hone_cxx_text(struct hone_buf *b, struct hone_view mangled)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct reader r = {.v = mangled};

	if (!eat(&r, "_Z") || !put_all(&r, &text))
		return false;
	hone_buf_addv(b, hone_buf_view(&text));
	return true;
}
