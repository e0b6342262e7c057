#include "fs.h"
#include "hash.h"
#include "measure_impl.h"
#include "text.h"

#include <regex.h>
#include <string.h>

/* Outputs up to this size are compared by their lines; larger ones only as a whole. */
#define COMPARED_BY_LINE ((size_t)256 << 20)
/* How much of a line is shown, and how much of it before the difference. */
#define SHOWN 100
#define SHOWN_BEFORE 40

struct rules {
	regex_t *compiled;
	const struct hone_workload *w;
};

static void rules_release(struct rules *r)
{
	for (size_t i = 0; r->compiled && i < r->w->normalise.n; i++)
		regfree(&r->compiled[i]);
	free(r->compiled);
}

static int rules_compile(struct rules *r, struct hone_err *err)
{
	size_t n = r->w->normalise.n;

	r->compiled = hone_xcalloc(n + 1, sizeof(*r->compiled));
	for (size_t i = 0; i < n; i++) {
		const char *pattern = r->w->normalise.v[i].pattern;
		char why[128];
		int code = regcomp(&r->compiled[i], pattern, REG_EXTENDED);

		if (code) {
			regerror(code, &r->compiled[i], why, sizeof(why));
			/* What was compiled before is freed by the caller; this one and the rest never was. */
			while (i-- > 0)
				regfree(&r->compiled[i]);
			free(HONE_TAKE(r->compiled));
			return hone_err_set(err, HONE_E_SYNTAX,
				"workload `%s`: the pattern `%s` is no regular expression: %s",
				r->w->name, pattern, why);
		}
	}
	return 0;
}

/* Replaces every match in text (a C string) by with; an empty match replaces nothing. */
static char *replace_matches(const regex_t *re, const char *text, const char *with)
{
	struct hone_buf b = HONE_BUF_INIT;
	regmatch_t m;
	int flags = 0;

	while (*text && regexec(re, text, 1, &m, flags) == 0) {
		size_t end = (size_t)m.rm_eo;

		hone_buf_add(&b, text, (size_t)m.rm_so);
		if (m.rm_eo == m.rm_so) {
			if (!text[end])
				break;
			hone_buf_addc(&b, text[end]);
			end++;
		} else {
			hone_buf_adds(&b, with);
		}
		text += end;
		flags = REG_NOTBOL;
	}
	hone_buf_adds(&b, text);
	return hone_buf_detach(&b);
}

/* Replaces what of a line depends on where the copy lies. */
static void without_path(struct hone_buf *to, struct hone_view line, const char *bin)
{
	size_t n = strlen(bin);

	while (line.n) {
		const char *at = n ? memmem(line.p, line.n, bin, n) : NULL;
		size_t before = at ? (size_t)(at - line.p) : line.n;

		hone_buf_add(to, line.p, before);
		if (!at)
			return;
		hone_buf_adds(to, "{bin}");
		line = hone_view_sub(line, before + n, line.n);
	}
}

static void normalised(
	struct hone_buf *to, struct hone_view line, const char *bin, const struct rules *r)
{
	hone_buf_reset(to);
	without_path(to, line, bin);
	/* Regular expressions see a line up to its first NUL. */
	for (size_t i = 0; i < r->w->normalise.n && !memchr(to->p ? to->p : "", 0, to->n); i++) {
		hone_auto_free char *text = replace_matches(
			&r->compiled[i], hone_buf_str(to), r->w->normalise.v[i].with);

		hone_buf_reset(to);
		hone_buf_adds(to, text);
	}
}

static void show(struct hone_buf *to, const char *who, struct hone_view line, bool ended, size_t at)
{
	size_t from = at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0;

	hone_buf_addf(to, "\n  %s: ", who);
	if (ended) {
		hone_buf_adds(to, "(the output has ended)");
		return;
	}
	if (from)
		hone_buf_adds(to, "...");
	hone_text_safe(to, hone_view_sub(line, from, from + SHOWN), false);
	if (line.n > from + SHOWN)
		hone_buf_adds(to, "...");
}

struct side {
	struct hone_view rest, line;
	struct hone_buf text;
	bool started, ended;
	uint64_t offset; /* bytes before the line */
};

static void next_line(struct side *s, const char *bin, const struct rules *r)
{
	s->offset += s->started ? s->line.n + 1 : 0;
	s->ended = !hone_view_split(&s->rest, &s->started, '\n', &s->line);
	if (s->ended)
		s->line = HONE_VIEW("");
	normalised(&s->text, s->line, bin, r);
}

static char *compare_lines(const char *what, struct hone_view base, const char *base_bin,
	struct hone_view other, const char *bin, const struct rules *r)
{
	struct side a = {.rest = base}, b = {.rest = other};
	struct hone_buf said = HONE_BUF_INIT;
	uint64_t line = 0;
	size_t at = 0;

	do {
		line++;
		next_line(&a, base_bin, r);
		next_line(&b, bin, r);
	} while (!(a.ended && b.ended) && a.ended == b.ended &&
		 hone_view_eq(hone_buf_view(&a.text), hone_buf_view(&b.text)));
	if (!a.ended || !b.ended) {
		while (at < a.text.n && at < b.text.n && a.text.p[at] == b.text.p[at])
			at++;
		hone_buf_addf(&said, "%s differs at byte %llu (line %llu)", what,
			(unsigned long long)(b.offset + at), (unsigned long long)line);
		show(&said, "baseline", hone_buf_view(&a.text), a.ended, at);
		show(&said, "this one", hone_buf_view(&b.text), b.ended, at);
	}
	hone_buf_release(&a.text);
	hone_buf_release(&b.text);
	return said.n ? hone_buf_detach(&said) : NULL;
}

int hone_output_differs(const char *what, struct hone_output baseline, struct hone_output own,
	const struct hone_workload *w, char **ret_difference, struct hone_err *err)
{
	hone_auto_buf struct hone_buf base = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf other = HONE_BUF_INIT;
	struct rules r = {.w = w};
	struct hone_hash x, y;
	uint64_t size;
	int error = hone_hash_file(baseline.path, &x, err);

	*ret_difference = NULL;
	if (!error)
		error = hone_hash_file(own.path, &y, err);
	if (error || hone_hash_eq(x, y))
		return error;
	error = hone_fs_size(baseline.path, &size, err);
	if (!error && size > COMPARED_BY_LINE) {
		*ret_difference = hone_xasprintf("%s differs (%llu bytes; too large to show where)",
			what, (unsigned long long)size);
		return 0;
	}
	if (!error)
		error = hone_fs_read(baseline.path, COMPARED_BY_LINE, &base, NULL, err);
	if (!error)
		error = hone_fs_read(own.path, COMPARED_BY_LINE, &other, NULL, err);
	if (error == HONE_E_LIMIT) {
		hone_err_release(err);
		*ret_difference = hone_xasprintf("%s is far longer than the baseline's", what);
		return 0;
	}
	if (!error)
		error = rules_compile(&r, err);
	if (!error)
		*ret_difference = compare_lines(what, hone_buf_view(&base), baseline.bin,
			hone_buf_view(&other), own.bin, &r);
	rules_release(&r);
	return error;
}
