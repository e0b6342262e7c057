#include "hone_helper.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

char *helper_format(const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	return text;
}
