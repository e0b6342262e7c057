#include "out.h"

#include "text.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define VERB_COLUMNS 12

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

/* no-color.org and bixense.com/clicolors: the choice on the command line beats the environment. */
static bool wants_color(FILE *f, enum hone_color_choice choice)
{
	const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");

	if (choice != HONE_COLOR_AUTO)
		return choice == HONE_COLOR_ALWAYS;
	if (no && *no)
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return isatty(fileno(f)) && !is_dumb();
}

void hone_out_init(
	struct hone_out *o, FILE *out, FILE *err, enum hone_color_choice color, int verbosity)
{
	struct winsize size;

	*o = (struct hone_out){
		.out = out,
		.err = err,
		.out_color = wants_color(out, color),
		.err_color = wants_color(err, color),
		.verbosity = verbosity,
		.progress = verbosity >= 0 && isatty(fileno(err)) && !is_dumb(),
		.out_width = ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0,
	};
}

static const char *sequence(bool color, enum hone_style s)
{
	if (!color)
		return "";
	switch (s) {
	case HONE_PLAIN:
		return "\x1b[0m";
	case HONE_BOLD:
		return "\x1b[1m";
	case HONE_DIM:
		return "\x1b[2m";
	case HONE_GOOD:
		return "\x1b[32m";
	case HONE_BAD:
		return "\x1b[31m";
	case HONE_WARN:
		return "\x1b[33m";
	case HONE_NOTE:
		return "\x1b[36m";
	}
	hone_bug("style %d", (int)s);
}

const char *hone_out_style(const struct hone_out *o, enum hone_style s)
{
	return sequence(o->out_color, s);
}

static const char *err_style(const struct hone_out *o, enum hone_style s)
{
	return sequence(o->err_color, s);
}

void hone_out_result(struct hone_out *o, struct hone_view text)
{
	hone_out_live_clear(o);
	if (fwrite(text.p, 1, text.n, o->out) < text.n && !o->out_errno)
		o->out_errno = errno;
}

/* What goes to stderr is written at once and as one piece, so that lines of several programs on one
 * terminal do not mix. It cannot be reported when that fails. */
static void write_err(struct hone_out *o, const struct hone_buf *b)
{
	(void)fwrite(hone_buf_str(b), 1, b->n, o->err);
	(void)fflush(o->err);
}

/* Further lines of a message are indented: none of them looks like a message of hone's. */
#define INDENT "  "

static void add_safe(struct hone_buf *line, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
static void add_safe(struct hone_buf *line, const char *fmt, va_list ap)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_buf_vaddf(&text, fmt, ap);
	hone_text_safe_lines(line, hone_buf_view(&text), INDENT);
}

/* A line with a coloured word before it (NULL: none). */
static void say(struct hone_out *o, enum hone_style style, const char *word, const char *fmt,
	va_list ap) __attribute__((format(printf, 4, 0)));
static void say(
	struct hone_out *o, enum hone_style style, const char *word, const char *fmt, va_list ap)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;
	const char *bold = err_style(o, HONE_BOLD), *plain = err_style(o, HONE_PLAIN);

	if (word)
		hone_buf_addf(&line, "%s%s%s%s%s:%s ", bold, err_style(o, style), word, plain, bold,
			plain);
	add_safe(&line, fmt, ap);
	hone_buf_addc(&line, '\n');
	hone_out_live_clear(o);
	write_err(o, &line);
}

void hone_out_error(struct hone_out *o, const char *text, const char *hint)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	hone_buf_addf(&line, "%serror%s: ", err_style(o, HONE_BAD), err_style(o, HONE_PLAIN));
	hone_text_safe_lines(&line, hone_view_of(text), INDENT);
	hone_buf_addc(&line, '\n');
	if (hint) {
		hone_buf_addf(
			&line, "  %shelp%s: ", err_style(o, HONE_NOTE), err_style(o, HONE_PLAIN));
		hone_text_safe_lines(&line, hone_view_of(hint), INDENT INDENT);
		hone_buf_addc(&line, '\n');
	}
	hone_out_live_clear(o);
	write_err(o, &line);
}

void hone_out_warn(struct hone_out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(o, HONE_WARN, "warning", fmt, ap);
	va_end(ap);
}

void hone_out_note(struct hone_out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->verbosity < 0)
		return;
	va_start(ap, fmt);
	say(o, HONE_NOTE, "note", fmt, ap);
	va_end(ap);
}

void hone_out_info(struct hone_out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->verbosity < 0)
		return;
	va_start(ap, fmt);
	say(o, HONE_PLAIN, NULL, fmt, ap);
	va_end(ap);
}

void hone_out_verbose(struct hone_out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->verbosity < 1)
		return;
	va_start(ap, fmt);
	say(o, HONE_PLAIN, NULL, fmt, ap);
	va_end(ap);
}

void hone_out_status(struct hone_out *o, const char *verb, const char *fmt, ...)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;
	va_list ap;

	if (o->verbosity < 0)
		return;
	hone_buf_addf(&line, "%s%s%*s%s ", err_style(o, HONE_BOLD), err_style(o, HONE_GOOD),
		VERB_COLUMNS, verb, err_style(o, HONE_PLAIN));
	va_start(ap, fmt);
	add_safe(&line, fmt, ap);
	va_end(ap);
	hone_buf_addc(&line, '\n');
	hone_out_live_clear(o);
	write_err(o, &line);
}

int hone_out_close(struct hone_out *o)
{
	hone_out_pane(o, NULL);
	if (fflush(o->out) != 0 && !o->out_errno)
		o->out_errno = errno;
	/* Some file systems report a full disk only when a file is closed. */
	if (close(fileno(o->out)) < 0 && !o->out_errno && errno != EBADF)
		o->out_errno = errno;
	/* A reader that has seen enough, as in "| head", is no error. */
	if (!o->out_errno || o->out_errno == EPIPE)
		return 0;
	errno = o->out_errno;
	return -1;
}
