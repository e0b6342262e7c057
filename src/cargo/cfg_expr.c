#include "cfg_expr.h"

#include "buf.h"

#include <string.h>

#define DEPTH 64

struct parser {
	struct hone_view rest;
	const struct hone_strv *cfg;
	unsigned depth;
	bool bad;
};

static bool is_ident(char c, bool first)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (!first && c >= '0' && c <= '9');
}

static void skip_blanks(struct parser *p)
{
	while (p->rest.n && p->rest.p[0] == ' ')
		p->rest = hone_view_sub(p->rest, 1, p->rest.n);
}

static bool take(struct parser *p, char c)
{
	skip_blanks(p);
	if (!p->rest.n || p->rest.p[0] != c)
		return false;
	p->rest = hone_view_sub(p->rest, 1, p->rest.n);
	return true;
}

static void expect(struct parser *p, char c)
{
	if (!take(p, c))
		p->bad = true;
}

static struct hone_view identifier(struct parser *p)
{
	struct hone_view name;
	size_t n = 0;

	skip_blanks(p);
	while (n < p->rest.n && is_ident(p->rest.p[n], n == 0))
		n++;
	name = hone_view_sub(p->rest, 0, n);
	p->rest = hone_view_sub(p->rest, n, p->rest.n);
	p->bad = p->bad || n == 0;
	return name;
}

/* NAME or NAME = "VALUE"; a raw identifier r#NAME is NAME, and never true, false, all, any or not. */
static bool option(struct parser *p, struct hone_view name, bool raw)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	hone_buf_addv(&line, name);
	if (take(p, '=')) {
		size_t end;
		expect(p, '"');
		end = hone_view_find(p->rest, 0, '"');
		if (p->bad || end == p->rest.n) {
			p->bad = true;
			return false;
		}
		hone_buf_adds(&line, "=\"");
		hone_buf_addv(&line, hone_view_sub(p->rest, 0, end));
		hone_buf_addc(&line, '"');
		p->rest = hone_view_sub(p->rest, end + 1, p->rest.n);
	} else if (!raw && hone_view_is(name, "true")) {
		return true;
	} else if (!raw && hone_view_is(name, "false")) {
		return false;
	}
	return hone_strv_has(p->cfg, hone_buf_str(&line));
}

static bool expression(struct parser *p)
{
	struct hone_view name = identifier(p);
	bool all = hone_view_is(name, "all"), any = hone_view_is(name, "any"), value = all;

	if (p->bad || ++p->depth > DEPTH) {
		p->bad = true;
		return false;
	}
	if (hone_view_is(name, "r") && p->rest.n && p->rest.p[0] == '#') {
		take(p, '#');
		value = option(p, identifier(p), true);
	} else if (hone_view_is(name, "not")) {
		expect(p, '(');
		value = !expression(p);
		expect(p, ')');
	} else if (all || any) {
		expect(p, '(');
		while (!p->bad && !take(p, ')')) {
			bool part = expression(p);
			value = all ? value && part : value || part;
			if (!take(p, ',')) {
				expect(p, ')');
				break;
			}
		}
	} else {
		value = option(p, name, false);
	}
	p->depth--;
	return value;
}

bool hone_cfg_matches(const char *key, const struct hone_strv *cfg_lines)
{
	struct hone_view v = hone_view_of(key);
	struct parser p = {.cfg = cfg_lines};
	bool value;

	if (!hone_starts(key, "cfg(") || !hone_ends(key, ")"))
		return false;
	p.rest = hone_view_sub(v, 4, v.n - 1);
	value = expression(&p);
	skip_blanks(&p);
	return value && !p.bad && p.rest.n == 0;
}
