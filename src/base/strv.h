#ifndef HONE_BASE_STRV_H
#define HONE_BASE_STRV_H
/* A growing list of owned C strings, always NULL-terminated: argument and environment lists. */
#include "view.h"

struct hone_strv {
	char **v; /* NULL while nothing was pushed; use hone_strv_argv for a list that never is */
	size_t n, cap;
};
#define HONE_STRV_INIT                                                                             \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_strv __attribute__((cleanup(hone_strv_release)))

void hone_strv_push(struct hone_strv *l, const char *s);
void hone_strv_pushv(struct hone_strv *l, struct hone_view v);
void hone_strv_pushf(struct hone_strv *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Takes ownership of s. */
void hone_strv_take(struct hone_strv *l, char *s);
/* Copies every string of a NULL-terminated list (NULL: nothing). */
void hone_strv_append(struct hone_strv *l, const char *const *list);
void hone_strv_copy(struct hone_strv *l, const struct hone_strv *from);
bool hone_strv_has(const struct hone_strv *l, const char *s);
/* qsort by strcmp. */
void hone_strv_sort(struct hone_strv *l);
/* Borrowed NULL-terminated list, never NULL. */
const char *const *hone_strv_argv(const struct hone_strv *l);
void hone_strv_release(struct hone_strv *l);

/* Splits a command line into words like a POSIX shell would: blanks, 'single', "double" quotes and
 * backslash; nothing is expanded. 0, or HONE_E_SYNTAX for an open quote (with its column). */
struct hone_err;
int hone_strv_split_words(struct hone_strv *l, const char *line, struct hone_err *err);

#endif
