#ifndef HONE_BASE_TEXT_H
#define HONE_BASE_TEXT_H
/* Text of foreign origin on its way out, and how wide it is. */
#include "buf.h"

/* Bytes of the UTF-8 sequence at the start of v (1 to 4), or 0 when it is not valid UTF-8
 * (overlong forms, surrogates and code points above U+10FFFF are not). */
size_t hone_utf8_len(struct hone_view v);
/* The code point at the start of v; only after hone_utf8_len said > 0. */
uint32_t hone_utf8_decode(struct hone_view v);
/* Appends the code point as UTF-8. */
void hone_utf8_encode(struct hone_buf *b, uint32_t cp);
/* Columns that v takes on a terminal (wide characters two, combining ones none). */
size_t hone_text_width(struct hone_view v);
/* Is it one of those that steer a terminal or turn the order of text around: C0, DEL, C1, the separators of lines
 * and paragraphs, and Unicode's bidirectional controls? Source: Unicode 15, PropList.txt (Bidi_Control), and
 * ECMA-48 for C1. */
bool hone_text_is_control(uint32_t cp);
/* Appends v for a terminal: control characters (ESC above all), except newline and tab when
 * keep_lines, and bytes that are not UTF-8 become \xNN. */
void hone_text_safe(struct hone_buf *b, struct hone_view v, bool keep_lines);
/* The same for a text of several lines, all but the first of which begin with indent: none of them can be taken for one
 * of hone's own. A line end at the end is dropped. */
void hone_text_safe_lines(struct hone_buf *b, struct hone_view v, const char *indent);
/* Appends text with its blanks turned into line ends where it would pass column width. The first line
 * goes on at column indent, the others begin with indent blanks; a newline ends the last. */
void hone_text_wrap(struct hone_buf *b, struct hone_view text, size_t indent, size_t width);
/* Appends what a program said, for a message: its first `head` lines and its last `tail` ones, with the
 * number of those left out between them, each cut at 300 bytes. Blank space around it is dropped. */
void hone_text_excerpt(struct hone_buf *b, struct hone_view said, size_t head, size_t tail);
/* Appends s so that it can be pasted into a POSIX shell as one word: bare when harmless, else in
 * single quotes. For display only: hone never runs a shell by itself. */
void hone_text_shell_word(struct hone_buf *b, const char *s);
/* A whole argument list for display; the caller frees. */
char *hone_text_command(const char *const *argv);

#endif
