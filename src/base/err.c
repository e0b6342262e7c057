#include "err.h"

#include <string.h>

/* What analysers are told about these is for their callers. */
#undef hone_err_set
#undef hone_err_sys
#undef hone_err_wrap
#undef hone_err_hint
#undef hone_err_move

static int set_message(struct hone_err *err, enum hone_code code, int errnum, char *msg)
{
	if (!err) {
		free(msg);
		return (int)code;
	}
	hone_err_release(err);
	err->code = code;
	err->sys_errno = errnum;
	err->msg = msg;
	return (int)code;
}

int hone_err_set(struct hone_err *err, enum hone_code code, const char *fmt, ...)
{
	va_list ap;
	char *msg;

	if (code == HONE_OK)
		hone_bug("an error with the code for success");
	va_start(ap, fmt);
	msg = hone_xvasprintf(fmt, ap);
	va_end(ap);
	return set_message(err, code, 0, msg);
}

/* glibc's strerror_r gives the text; POSIX's, which is musl's, fills it in. */
static const char *system_text(int errnum, char *text, size_t size)
{
#ifdef __GLIBC__
	return strerror_r(errnum, text, size);
#else
	return strerror_r(errnum, text, size) == 0 ? text : "unknown error";
#endif
}

int hone_err_sys(struct hone_err *err, int errnum, const char *fmt, ...)
{
	hone_auto_free char *what = NULL;
	char text[128];
	va_list ap;

	va_start(ap, fmt);
	what = hone_xvasprintf(fmt, ap);
	va_end(ap);
	return set_message(err, HONE_E_SYSTEM, errnum,
		hone_xasprintf("%s: %s", what, system_text(errnum, text, sizeof(text))));
}

int hone_err_wrap(struct hone_err *err, const char *fmt, ...)
{
	hone_auto_free char *where = NULL;
	hone_auto_free char *old = NULL;
	va_list ap;

	if (!err)
		return HONE_E_FAILED;
	va_start(ap, fmt);
	where = hone_xvasprintf(fmt, ap);
	va_end(ap);
	old = HONE_TAKE(err->msg);
	err->msg = hone_xasprintf("%s: %s", where, old ? old : "unknown error");
	return (int)err->code;
}

int hone_err_hint(struct hone_err *err, const char *fmt, ...)
{
	hone_auto_free char *old = NULL;
	va_list ap;

	if (!err)
		return HONE_E_FAILED;
	old = err->hint; /* until the new one is made: it may be part of it */
	va_start(ap, fmt);
	err->hint = hone_xvasprintf(fmt, ap);
	va_end(ap);
	return (int)err->code;
}

int hone_err_move(struct hone_err *to, struct hone_err *from)
{
	int code = (int)from->code;

	if (!to) {
		hone_err_release(from);
		return code;
	}
	hone_err_release(to);
	*to = *from;
	*from = (struct hone_err)HONE_ERR_INIT;
	return code;
}

void hone_err_release(struct hone_err *err)
{
	if (!err)
		return;
	free(err->msg);
	free(err->hint);
	*err = (struct hone_err)HONE_ERR_INIT;
}
