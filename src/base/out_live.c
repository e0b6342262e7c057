/* The live line, and the pane of lines above it. */
#include "out.h"

#include "clock.h"
#include "text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_NS (HONE_NS_PER_S / 10)
/* Where the terminal does not tell its size. */
#define USUAL_COLUMNS 80
/* Rows that stay free above a pane and its live line, for what is said besides. */
#define ROWS_FREE 4

/* A job in the background must not draw over what stands in the foreground, and its terminal can
 * be resized: both are looked at each time. */
static bool may_draw(struct hone_out *o)
{
	struct winsize size;

	if (!o->progress || tcgetpgrp(fileno(o->err)) != getpgrp())
		return false;
	o->width = o->height = 0;
	if (ioctl(fileno(o->err), TIOCGWINSZ, &size) == 0) {
		o->width = size.ws_col;
		o->height = size.ws_row;
	}
	return true;
}

/* Shortens text to so many columns, at a character's end. */
static void cut_to_width(struct hone_buf *text, size_t columns)
{
	struct hone_view all = hone_buf_view(text);
	size_t width = 0, n = 0;

	while (n < all.n) {
		size_t bytes = hone_utf8_len(hone_view_sub(all, n, all.n));
		size_t w = hone_text_width(hone_view_sub(all, n, n + bytes));

		if (width + w > columns)
			break;
		width += w;
		n += bytes;
	}
	hone_buf_cut(text, n);
}

/* One row, made safe, cut to the width, and nothing behind it. */
static void add_row(struct hone_buf *to, const struct hone_out *o, struct hone_view raw)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_text_safe(&text, raw, false);
	/* One column stays free: some terminals wrap when the last one is written. */
	cut_to_width(&text, (o->width > 1 ? o->width : USUAL_COLUMNS) - 1);
	hone_buf_addv(to, hone_buf_view(&text));
	hone_buf_adds(to, "\x1b[K");
}

/* To the first column of the first row that was drawn. */
static void add_back(struct hone_buf *to, const struct hone_out *o)
{
	hone_buf_adds(to, "\r");
	if (o->rows)
		hone_buf_addf(to, "\x1b[%zuA", o->rows);
}

/* As many rows of the pane as there is room for. Returns their number. */
static size_t add_pane(struct hone_buf *to, const struct hone_out *o)
{
	size_t most = o->height > ROWS_FREE ? o->height - ROWS_FREE : 0, n = 0;
	struct hone_view all = hone_view_of(o->pane ? o->pane : "");

	while (all.n && n < most) {
		struct hone_view row = hone_view_sub(all, 0, hone_view_find(all, 0, '\n'));

		add_row(to, o, row);
		hone_buf_addc(to, '\n');
		all = hone_view_sub(all, row.n + (row.n < all.n), all.n);
		n++;
	}
	return n;
}

static void write_err(const struct hone_out *o, const struct hone_buf *b)
{
	(void)fwrite(hone_buf_str(b), 1, b->n, o->err);
	(void)fflush(o->err);
}

void hone_out_live(struct hone_out *o, bool force, const char *fmt, ...)
{
	hone_auto_buf struct hone_buf raw = HONE_BUF_INIT, drawn = HONE_BUF_INIT;
	int64_t now = hone_now_ns();
	size_t rows;
	va_list ap;

	if ((!force && o->live && now - o->drawn_ns < REDRAW_NS) || !may_draw(o))
		return;
	va_start(ap, fmt);
	hone_buf_vaddf(&raw, fmt, ap);
	va_end(ap);
	add_back(&drawn, o);
	rows = add_pane(&drawn, o);
	add_row(&drawn, o, hone_buf_view(&raw));
	if (rows < o->rows)
		hone_buf_adds(&drawn, "\x1b[J"); /* the pane had more rows */
	write_err(o, &drawn);
	o->live = true;
	o->rows = rows;
	o->drawn_ns = now;
}

void hone_out_live_clear(struct hone_out *o)
{
	hone_auto_buf struct hone_buf erase = HONE_BUF_INIT;

	if (!o->live)
		return;
	add_back(&erase, o);
	hone_buf_adds(&erase, o->rows ? "\x1b[J" : "\x1b[K");
	write_err(o, &erase);
	o->live = false;
	o->rows = 0;
}

void hone_out_pane(struct hone_out *o, const char *text)
{
	if (!text)
		hone_out_live_clear(o);
	free(o->pane);
	o->pane = text ? hone_xstrdup(text) : NULL;
}
