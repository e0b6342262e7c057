#ifndef HONE_BASE_ERR_H
#define HONE_BASE_ERR_H
/* The one error type. Functions that can fail return 0 or a negative enum hone_code and take a
 * struct hone_err * last, which they write only on failure. Lower layers describe, callers add
 * where with hone_err_wrap, and only src/cli prints and picks an exit code. */
#include "mem.h"

enum hone_code {
	HONE_OK = 0,
	HONE_E_FAILED = -1,      /* it did not work; the message says why */
	HONE_E_USAGE = -2,       /* wrong usage, or a choice that the user must make: exit 2 */
	HONE_E_SYNTAX = -3,      /* bytes that are not of their format; message has path:line:col */
	HONE_E_NOT_FOUND = -4,   /* the thing asked for does not exist */
	HONE_E_LIMIT = -5,       /* larger or deeper than hone accepts */
	HONE_E_SYSTEM = -6,      /* a system call failed; sys_errno is set */
	HONE_E_INTERRUPTED = -7, /* ended by a signal to hone; sig is set: exit 128 + sig */
	HONE_E_TIMEOUT = -8,     /* a deadline passed */
	HONE_E_CONFLICT = -9,    /* a file changed meanwhile, or another hone holds it */
	HONE_E_UNSUPPORTED = -10,    /* hone, the toolchain or the platform cannot do this */
	HONE_E_NOTHING_BETTER = -11, /* exit 3 */
	HONE_E_DENIED = -12,         /* a budget or a denied problem: exit 4 */
};

struct hone_err {
	enum hone_code code;
	int sys_errno; /* 0 when no system call was at fault */
	int sig;       /* the signal for HONE_E_INTERRUPTED */
	char *msg;     /* one or more lines, no newline at the end; owned */
	char *hint;    /* what to do about it, or NULL; owned */
};
#define HONE_ERR_INIT                                                                              \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_err __attribute__((cleanup(hone_err_release)))

/* Sets the error and returns its code. err may be NULL. A former content is freed. */
int hone_err_set(struct hone_err *err, enum hone_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same for a failed system call: appends ": " and the text of errnum. HONE_E_SYSTEM. */
int hone_err_sys(struct hone_err *err, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts context and ": " before the message; returns the code that err holds. */
int hone_err_wrap(struct hone_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Says what the user can do about it (replaces a former hint); returns the code. */
int hone_err_hint(struct hone_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Moves the error of one object into another; returns the code. */
int hone_err_move(struct hone_err *to, struct hone_err *from);
#ifdef HONE_ANALYZER
/* Static analysers look into one file at a time: they are told that an error's code is never 0. */
#define hone_err_set(...) (hone_err_set(__VA_ARGS__), (int)HONE_E_FAILED)
#define hone_err_sys(...) (hone_err_sys(__VA_ARGS__), (int)HONE_E_SYSTEM)
#define hone_err_wrap(...) (hone_err_wrap(__VA_ARGS__), (int)HONE_E_FAILED)
#define hone_err_hint(...) (hone_err_hint(__VA_ARGS__), (int)HONE_E_FAILED)
#define hone_err_move(...) (hone_err_move(__VA_ARGS__), (int)HONE_E_FAILED)
#endif
/* Frees what it holds and makes it HONE_ERR_INIT again. */
void hone_err_release(struct hone_err *err);

#endif
