#include "events.h"

#include <stdarg.h>

typedef void (*say_fn)(void *ctx, const char *text);

__attribute__((format(printf, 3, 0))) static void say(
	const struct hone_events *e, say_fn fn, const char *fmt, va_list args)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	if (!fn)
		return;
	hone_buf_vaddf(&text, fmt, args);
	fn(e->ctx, hone_buf_str(&text));
}

void hone_events_status(const struct hone_events *e, const char *verb, const char *fmt, ...)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	va_list args;

	if (!e || !e->status)
		return;
	va_start(args, fmt);
	hone_buf_vaddf(&text, fmt, args);
	va_end(args);
	e->status(e->ctx, verb, hone_buf_str(&text));
}

void hone_events_note(const struct hone_events *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(e, e ? e->note : NULL, fmt, args);
	va_end(args);
}

void hone_events_warn(const struct hone_events *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(e, e ? e->warning : NULL, fmt, args);
	va_end(args);
}

void hone_events_detail(const struct hone_events *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(e, e ? e->detail : NULL, fmt, args);
	va_end(args);
}

void hone_events_live(const struct hone_events *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(e, e ? e->live : NULL, fmt, args);
	va_end(args);
}

void hone_events_progress(const struct hone_events *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(e, e ? e->progress : NULL, fmt, args);
	va_end(args);
}

void hone_events_so_far(const struct hone_events *e, const char *text)
{
	if (e && e->so_far)
		e->so_far(e->ctx, text);
}

void hone_events_planned(
	const struct hone_events *e, const struct hone_build_estimate *estimate, const char *folder)
{
	if (e && e->planned)
		e->planned(e->ctx, estimate, folder);
}

struct hone_build_watch hone_events_building(
	const struct hone_events *e, const char *name, size_t at, size_t n)
{
	if (e && e->building)
		e->building(e->ctx, name, at, n);
	return e ? e->watch : (struct hone_build_watch){0};
}

void hone_events_built(const struct hone_events *e, const struct hone_artifact *a)
{
	if (e && e->built)
		e->built(e->ctx, a);
}

void hone_events_measuring(const struct hone_events *e, const struct hone_measure_progress *p)
{
	if (e && e->measuring)
		e->measuring(e->ctx, p);
}

void hone_events_settled(const struct hone_events *e)
{
	if (e && e->settled)
		e->settled(e->ctx);
}

void hone_events_quiet(const struct hone_events *e)
{
	if (e && e->quiet)
		e->quiet(e->ctx);
}
