#ifndef HONE_BASE_OUT_H
#define HONE_BASE_OUT_H
/* Where the program's words go: results to stdout, all else to stderr, and a progress line when
 * stderr is a terminal in the foreground. Passed down by the commands; nothing below src/cli
 * prints by itself. */
#include "buf.h"

#include <stdio.h>

enum hone_color_choice { HONE_COLOR_AUTO, HONE_COLOR_ALWAYS, HONE_COLOR_NEVER };
enum hone_style {
	HONE_PLAIN,
	HONE_BOLD,
	HONE_DIM,
	HONE_GOOD, /* green */
	HONE_BAD,  /* red */
	HONE_WARN, /* yellow */
	HONE_NOTE, /* cyan */
};

struct hone_out {
	FILE *out, *err; /* borrowed */
	bool out_color, err_color;
	int verbosity; /* -1 quiet, 0, 1 verbose, 2 very verbose */
	bool progress; /* a live line may be drawn */
	bool live;     /* one stands on the terminal now */
	size_t rows;   /* of the pane, that stand above it */
	char *pane;    /* its text, owned, or NULL */
	int64_t drawn_ns;
	/* of the terminal on stderr, 0 unknown; known once a line is drawn */
	unsigned width, height;
	unsigned out_width; /* columns of the terminal on stdout when it began; 0: it is none */
	int out_errno;      /* of the first write to stdout that failed */
};

/* Looks at the descriptors, NO_COLOR, CLICOLOR_FORCE, TERM and the choice. */
void hone_out_init(
	struct hone_out *o, FILE *out, FILE *err, enum hone_color_choice color, int verbosity);
/* The escape sequence that starts or ends a style on stdout / stderr: "" without colour. */
const char *hone_out_style(const struct hone_out *o, enum hone_style s);

/* A result on stdout, as is. */
void hone_out_result(struct hone_out *o, struct hone_view text);
/* "error: ..." and what to do about it (hint, or NULL), on stderr, made safe as the lines below. */
void hone_out_error(struct hone_out *o, const char *text, const char *hint);
/* A line on stderr: "warning: ...", "note: ...", or plain. Removes the live line first. Control
 * bytes in the text are made visible, further lines of it are indented. Verbosity -1 drops notes and info, keeps warnings. */
void hone_out_warn(struct hone_out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void hone_out_note(struct hone_out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void hone_out_info(struct hone_out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A right-aligned bold verb and a text, as cargo prints: "   Building small (2 of 4)". */
void hone_out_status(struct hone_out *o, const char *verb, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Only with -v. */
void hone_out_verbose(struct hone_out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The live line: redrawn in place, cut to the width, at most ten times a second unless forced. */
void hone_out_live(struct hone_out *o, bool force, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void hone_out_live_clear(struct hone_out *o);
/* Rows that are drawn above the live line whenever that is, as many as the terminal has room for: a text of lines, copied,
 * made safe when it is drawn; NULL: none any more, and what stands is removed. hone_out_close does so, too. */
void hone_out_pane(struct hone_out *o, const char *text);
/* Flushes and closes stdout, at the end of main; -1 when anything that was printed could not be
 * written (errno set). A pipe that its reader has closed is no error. */
int hone_out_close(struct hone_out *o);

#endif
