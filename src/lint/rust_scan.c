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

/* ---- #[global_allocator] */

/* The bracket that closes the one at i; beyond the end where none does. */
static size_t closing(const struct scanner *s, size_t i)
{
	unsigned depth = 0;

	for (; i < s->tokens.n; i++) {
		const struct token *t = tok(s, i);

		depth += is(t, "(") || is(t, "[") || is(t, "{");
		depth -= is(t, ")") || is(t, "]") || is(t, "}");
		if (!depth)
			break;
	}
	return i;
}

/* The text from one token up to another, without that. */
static struct hone_view text_between(const struct scanner *s, size_t from, size_t to)
{
	const char *begin = tok(s, from)->text.p, *end = tok(s, to)->text.p;

	return begin && end && end > begin ? (struct hone_view){begin, (size_t)(end - begin)}
					   : (struct hone_view){"", 0};
}

/* Behind the item that begins at i: its block, or its semicolon. */
static size_t item_end(const struct scanner *s, size_t i)
{
	for (; i < s->tokens.n; i++) {
		if (is(tok(s, i), ";") || is(tok(s, i), "}"))
			return i + is(tok(s, i), ";");
		if (is(tok(s, i), "(") || is(tok(s, i), "["))
			i = closing(s, i);
		else if (is(tok(s, i), "{"))
			return closing(s, i) + 1;
	}
	return i;
}

/* What the attributes of one item say. */
struct said {
	bool allocator, is_left_out;
	size_t at;
};

/* cfg_attr(CONDITION, ...): i is at its (. */
static bool condition_holds(
	const struct scanner *s, size_t i, size_t end, const struct hone_rust_asker *ask)
{
	hone_auto_free char *text = NULL;
	struct hone_view condition;
	size_t k = i + 1;

	while (k < end && !is(tok(s, k), ","))
		k = is(tok(s, k), "(") ? closing(s, k) + 1 : k + 1;
	condition = text_between(s, i + 1, k);
	text = hone_xasprintf("cfg(%.*s)", (int)condition.n, condition.p);
	return ask->holds(ask->ctx, hone_view_of(text));
}

/* The attributes that begin at i, #[...] #[...]; returns where the item begins. */
static size_t read_attributes(
	const struct scanner *s, size_t i, const struct hone_rust_asker *ask, struct said *ret)
{
	while (is(tok(s, i), "#") && is(tok(s, i + 1), "[")) {
		size_t end = closing(s, i + 1);
		bool named = false;

		for (size_t k = i + 2; k < end; k++)
			named |= is(tok(s, k), "global_allocator");
		if (is(tok(s, i + 2), "cfg")) {
			ret->is_left_out |= !ask->holds(ask->ctx, text_between(s, i + 2, end));
		} else if (named && (!is(tok(s, i + 2), "cfg_attr") ||
					    condition_holds(s, i + 3, end, ask))) {
			ret->allocator = true;
			ret->at = i;
		}
		i = end + 1;
	}
	return i;
}

bool hone_rust_global_allocator(struct hone_view source, const struct hone_rust_asker *ask,
	unsigned *ret_line, unsigned *ret_col)
{
	struct lexer l = {source.p, source.p + source.n, source.p, 1};
	struct scanner s = {0};
	bool found = false;

	for (struct token t = next(&l); t.kind != END; t = next(&l))
		hone_vec_push(&s.tokens, t);
	for (size_t i = 0; !found && i < s.tokens.n;) {
		struct said said = {0};
		size_t item;

		if (!is(tok(&s, i), "#") || !is(tok(&s, i + 1), "[")) {
			i++;
			continue;
		}
		item = read_attributes(&s, i, ask, &said);
		i = said.is_left_out ? item_end(&s, item) : item;
		if (said.is_left_out && ask->left_out) {
			size_t k = item + is(tok(&s, item), "pub");

			if (k > item && is(tok(&s, k), "("))
				k = closing(&s, k) + 1;
			if (is(tok(&s, k), "mod") && is(tok(&s, k + 2), ";"))
				ask->left_out(ask->ctx, tok(&s, k + 1)->text);
		}
		found = said.allocator && !said.is_left_out;
		*ret_line = found ? tok(&s, said.at)->line : 0;
		*ret_col = found ? tok(&s, said.at)->col : 0;
	}
	hone_vec_release(&s.tokens);
	return found;
}
