#include "rust_scan.h"

#include <string.h>

enum token_kind { END, NAME, PUNCT, OTHER /* string, number, lifetime, char */ };

struct token {
	enum token_kind kind;
	struct hone_view text;
	unsigned line, col;
};

struct lexer {
	const char *p, *end, *line_start;
	unsigned line;
};

static bool is_name(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static void step(struct lexer *l)
{
	if (*l->p++ == '\n') {
		l->line++;
		l->line_start = l->p;
	}
}

static bool at(const struct lexer *l, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(l->end - l->p) >= n && !memcmp(l->p, text, n);
}

/* Block comments nest in Rust. */
static void skip_comment(struct lexer *l)
{
	unsigned depth = 0;

	do {
		if (at(l, "/*")) {
			depth++;
			l->p += 2;
		} else if (at(l, "*/")) {
			depth--;
			l->p += 2;
		} else {
			step(l);
		}
	} while (depth && l->p < l->end);
}

static void skip_blanks(struct lexer *l)
{
	while (l->p < l->end) {
		if (at(l, "//"))
			while (l->p < l->end && *l->p != '\n')
				l->p++;
		else if (at(l, "/*"))
			skip_comment(l);
		else if (*l->p == ' ' || *l->p == '\t' || *l->p == '\n' || *l->p == '\r')
			step(l);
		else
			return;
	}
}

static void skip_string(struct lexer *l)
{
	for (step(l); l->p < l->end && *l->p != '"'; step(l))
		if (*l->p == '\\' && l->end - l->p > 1)
			step(l);
	if (l->p < l->end)
		l->p++;
}

/* r"...", r#"..."#: at the first # or quote; false when it is a raw name (r#type). */
static bool skip_raw_string(struct lexer *l)
{
	size_t hashes = 0;

	while ((size_t)(l->end - l->p) > hashes && l->p[hashes] == '#')
		hashes++;
	if ((size_t)(l->end - l->p) <= hashes || l->p[hashes] != '"')
		return false;
	for (l->p += hashes + 1; l->p < l->end; step(l)) {
		size_t n = 0;
		if (*l->p != '"')
			continue;
		while (n < hashes && (size_t)(l->end - l->p) > n + 1 && l->p[n + 1] == '#')
			n++;
		if (n == hashes) {
			l->p += hashes + 1;
			break;
		}
	}
	return true;
}

/* 'a', '\n', '\u{1F600}' or a lifetime. */
static void skip_quote(struct lexer *l)
{
	l->p++;
	if (l->p < l->end && *l->p == '\\') {
		/* What stands behind the backslash may be a quote, too. */
		l->p += l->end - l->p > 1 ? 2 : 1;
		while (l->p < l->end && *l->p != '\'' && *l->p != '\n')
			l->p++;
		if (l->p < l->end && *l->p == '\'')
			l->p++;
		return;
	}
	const char *start = l->p;
	while (l->p < l->end && is_name(*l->p))
		l->p++;
	/* A name without a quote behind it is a lifetime; otherwise one character of any kind. */
	if (l->p == start && l->p < l->end && *l->p != '\n')
		l->p++;
	if (l->p < l->end && *l->p == '\'')
		l->p++;
}

static struct token next(struct lexer *l)
{
	struct token t = {.kind = END};
	const char *start;

	skip_blanks(l);
	start = l->p;
	t.line = l->line;
	t.col = (unsigned)(l->p - l->line_start) + 1;
	if (l->p >= l->end)
		return t;
	t.kind = OTHER;
	if (*l->p == '"') {
		skip_string(l);
	} else if (*l->p == '\'') {
		skip_quote(l);
	} else if (is_name(*l->p)) {
		while (l->p < l->end && is_name(*l->p))
			l->p++;
		struct hone_view word = {start, (size_t)(l->p - start)};
		bool raw = hone_view_is(word, "r") || hone_view_is(word, "br") ||
			   hone_view_is(word, "cr");
		bool bytes = hone_view_is(word, "b") || hone_view_is(word, "c");
		if (raw && l->p < l->end && (*l->p == '#' || *l->p == '"') && skip_raw_string(l))
			return t;
		if (bytes && l->p < l->end && *l->p == '"') {
			skip_string(l);
			return t;
		}
		if (hone_view_is(word, "b") && l->p < l->end && *l->p == '\'') {
			skip_quote(l);
			return t;
		}
		t.kind = *start >= '0' && *start <= '9' ? OTHER : NAME;
	} else {
		l->p++;
		t.kind = PUNCT;
	}
	t.text = (struct hone_view){start, (size_t)(l->p - start)};
	return t;
}

static bool is(const struct token *t, const char *text)
{
	return (t->kind == NAME || t->kind == PUNCT) && hone_view_is(t->text, text);
}

struct scanner {
	HONE_VEC(struct token) tokens;
	unsigned braces, nesting; /* open {, and open ( and [ */
	bool test_ahead;          /* an attribute said that the next item is only for tests */
	unsigned test_until;      /* number of open { in the item that is being skipped; 0: none */
};

/* The token at an index; beyond both ends there is nothing. */
static const struct token *tok(const struct scanner *s, size_t i)
{
	static const struct token nothing = {.kind = END};

	return i < s->tokens.n ? &s->tokens.v[i] : &nothing;
}

/* #[cfg(test)], #[cfg(all(test, ...))], #[test], #[tokio::test]: i is at the `[`; returns where it
 * ends. The name of a feature is a string, so a bare word test is what it says. */
static size_t read_attribute(struct scanner *s, size_t i)
{
	unsigned depth = 0;
	bool test = false, negated = false;

	for (; i < s->tokens.n; i++) {
		const struct token *t = tok(s, i);
		depth += is(t, "[");
		depth -= is(t, "]");
		negated = negated || is(t, "not");
		test = test || is(t, "test") || is(t, "bench");
		if (!depth)
			break;
	}
	s->test_ahead = s->test_ahead || (test && !negated);
	return i;
}

/* Keeps count of brackets, and of whether we are in code for tests. */
static void follow_brackets(struct scanner *s, const struct token *t)
{
	if (is(t, "(") || is(t, "[")) {
		s->nesting++;
	} else if ((is(t, ")") || is(t, "]")) && s->nesting) {
		s->nesting--;
	} else if (is(t, "{")) {
		s->braces++;
		if (s->test_ahead && !s->test_until)
			s->test_until = s->braces;
		s->test_ahead = false;
	} else if (is(t, "}") && s->braces) {
		if (s->test_until == s->braces)
			s->test_until = 0;
		s->braces--;
	} else if (is(t, ";") && !s->nesting) {
		s->test_ahead = false; /* use ...; const ...; mod tests; */
	}
}

/* NAME( that is not `fn NAME(`. */
static bool is_call(const struct scanner *s, size_t i, const char *name)
{
	return is(tok(s, i), name) && is(tok(s, i + 1), "(") && !(i && is(tok(s, i - 1), "fn"));
}

/* .join() whose result is not just unwrapped: the program goes on after a thread that panicked. */
static bool is_watched_join(const struct scanner *s, size_t i)
{
	return i && is(tok(s, i - 1), ".") && is_call(s, i, "join") && is(tok(s, i + 2), ")") &&
	       !(is(tok(s, i + 3), ".") &&
		       (is(tok(s, i + 4), "unwrap") || is(tok(s, i + 4), "expect")));
}

void hone_rust_scan(struct hone_view source, hone_rust_found *found, void *ctx)
{
	struct lexer l = {source.p, source.p + source.n, source.p, 1};
	struct scanner s = {0};
	/* .join() without arguments is a thread's where the file speaks of threads. */
	bool threads = memmem(source.p, source.n, "JoinHandle", 10) ||
		       memmem(source.p, source.n, "thread::", 8);

	for (struct token t = next(&l); t.kind != END; t = next(&l))
		hone_vec_push(&s.tokens, t);
	for (size_t i = 0; i < s.tokens.n; i++) {
		const struct token *t = tok(&s, i);
		enum hone_rust_find what = HONE_RUST_FINDS;

		if (is(t, "#") && is(tok(&s, i + 1), "[")) {
			i = read_attribute(&s, i + 1);
			continue;
		}
		follow_brackets(&s, t);
		if (s.test_until || s.test_ahead)
			continue;
		if (is_call(&s, i, "catch_unwind"))
			what = HONE_RUST_CATCH;
		else if (is_call(&s, i, "set_hook"))
			what = HONE_RUST_HOOK;
		else if ((threads && is_watched_join(&s, i)) ||
			 (i && is(tok(&s, i - 1), ".") && is_call(&s, i, "is_panic")))
			what = HONE_RUST_JOIN;
		if (what != HONE_RUST_FINDS)
			found(ctx, what, t->line, t->col);
	}
	hone_vec_release(&s.tokens);
}
