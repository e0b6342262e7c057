#include "diff.h"

#include "text.h"

#include <string.h>

#define CONTEXT ((size_t)3)
/* Cells of the table of common subsequences; larger middles are shown as replaced whole. */
#define MAX_CELLS ((size_t)1 << 24)

struct lines {
	struct hone_view *v;
	size_t n, cap;
};

struct op {
	char kind; /* ' ', '-', '+' */
	struct hone_view line;
};
struct ops {
	struct op *v;
	size_t n, cap;
};

static struct lines split(const char *text)
{
	struct hone_view rest = hone_view_of(text), line;
	struct lines l = {0};
	bool started = false;

	while (rest.n && hone_view_split(&rest, &started, '\n', &line))
		hone_vec_push(&l, line);
	/* split gives an empty part after the last newline */
	if (l.n && !l.v[l.n - 1].n && hone_ends(text, "\n"))
		l.n--;
	return l;
}

static void push(struct ops *ops, char kind, struct hone_view line)
{
	hone_vec_push(ops, (struct op){kind, line});
}

/* Longest common subsequence by dynamic programming over the lines between the common ends. */
static void diff_middle(const struct lines *a, size_t a0, size_t a1, const struct lines *b,
	size_t b0, size_t b1, struct ops *ops)
{
	size_t n = a1 - a0, m = b1 - b0, width = m + 1;
	uint32_t *common = NULL;
	size_t i = 0, j = 0;

	if (n && m && n < MAX_CELLS / (m + 1)) {
		common = hone_xcalloc((n + 1) * width, sizeof(*common));
		for (i = n; i-- > 0;) {
			for (j = m; j-- > 0;) {
				uint32_t down = common[(i + 1) * width + j];
				uint32_t right = common[i * width + j + 1];

				common[i * width + j] =
					hone_view_eq(a->v[a0 + i], b->v[b0 + j])
						? common[(i + 1) * width + j + 1] + 1
						: (down > right ? down : right);
			}
		}
		i = j = 0;
	}
	while (i < n || j < m) {
		if (common && i < n && j < m && hone_view_eq(a->v[a0 + i], b->v[b0 + j])) {
			push(ops, ' ', a->v[a0 + i]);
			i++;
			j++;
		} else if (i < n &&
			   (!common || j == m ||
				   common[(i + 1) * width + j] >= common[i * width + j + 1])) {
			push(ops, '-', a->v[a0 + i++]);
		} else {
			push(ops, '+', b->v[b0 + j++]);
		}
	}
	free(common);
}

static void put_line(const struct op *op, const struct hone_out *o, struct hone_buf *to)
{
	enum hone_style style = op->kind == '+'   ? HONE_GOOD
				: op->kind == '-' ? HONE_BAD
						  : HONE_PLAIN;
	struct hone_view line = op->line;

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	if (o && style != HONE_PLAIN)
		hone_buf_adds(to, hone_out_style(o, style));
	hone_buf_addc(to, op->kind);
	hone_text_safe(to, line, true);
	if (o && style != HONE_PLAIN)
		hone_buf_adds(to, hone_out_style(o, HONE_PLAIN));
	hone_buf_addc(to, '\n');
}

/* One hunk: ops [from, to_op), with the line numbers at which they begin. */
static void put_hunk(const struct ops *ops, size_t from, size_t end, size_t old_line,
	size_t new_line, const struct hone_out *o, struct hone_buf *to)
{
	size_t old_n = 0, new_n = 0;

	for (size_t i = from; i < end; i++) {
		old_n += ops->v[i].kind != '+';
		new_n += ops->v[i].kind != '-';
	}
	hone_buf_addf(to, "%s@@ -%zu,%zu +%zu,%zu @@%s\n", o ? hone_out_style(o, HONE_NOTE) : "",
		old_n ? old_line : old_line - 1, old_n, new_n ? new_line : new_line - 1, new_n,
		o ? hone_out_style(o, HONE_PLAIN) : "");
	for (size_t i = from; i < end; i++)
		put_line(&ops->v[i], o, to);
}

static void put_hunks(const struct ops *ops, const struct hone_out *o, struct hone_buf *to)
{
	size_t old_line = 1, new_line = 1;

	for (size_t i = 0; i < ops->n;) {
		size_t first = i, from, end, last;

		while (first < ops->n && ops->v[first].kind == ' ')
			first++;
		if (first == ops->n)
			return;
		from = first - i > CONTEXT ? first - CONTEXT : i;
		old_line += from - i;
		new_line += from - i;
		/* The hunk goes on while less than two contexts lie between changes. */
		last = first;
		for (end = first; end < ops->n && end - last <= 2 * CONTEXT; end++)
			if (ops->v[end].kind != ' ')
				last = end;
		end = last + 1 + CONTEXT < ops->n ? last + 1 + CONTEXT : ops->n;
		put_hunk(ops, from, end, old_line, new_line, o, to);
		for (size_t k = from; k < end; k++) {
			old_line += ops->v[k].kind != '+';
			new_line += ops->v[k].kind != '-';
		}
		i = end;
	}
}

void hone_diff(const char *name, const char *before, const char *after, const struct hone_out *o,
	struct hone_buf *to)
{
	struct lines a = split(before ? before : ""), b = split(after);
	size_t head = 0, tail = 0;
	struct ops ops = {0};

	while (head < a.n && head < b.n && hone_view_eq(a.v[head], b.v[head]))
		head++;
	while (tail < a.n - head && tail < b.n - head &&
		hone_view_eq(a.v[a.n - 1 - tail], b.v[b.n - 1 - tail]))
		tail++;
	if (head < a.n || head < b.n) {
		const char *bold = o ? hone_out_style(o, HONE_BOLD) : "";
		const char *plain = o ? hone_out_style(o, HONE_PLAIN) : "";
		hone_auto_buf struct hone_buf shown = HONE_BUF_INIT;

		hone_text_safe(&shown, hone_view_of(name), false);
		for (size_t i = 0; i < head; i++)
			push(&ops, ' ', a.v[i]);
		diff_middle(&a, head, a.n - tail, &b, head, b.n - tail, &ops);
		for (size_t i = a.n - tail; i < a.n; i++)
			push(&ops, ' ', a.v[i]);
		hone_buf_addf(to, "%s--- %s%s\n%s+++ %s%s\n", bold,
			before ? hone_buf_str(&shown) : "/dev/null", plain, bold,
			hone_buf_str(&shown), plain);
		put_hunks(&ops, o, to);
	}
	hone_vec_release(&a);
	hone_vec_release(&b);
	hone_vec_release(&ops);
}
