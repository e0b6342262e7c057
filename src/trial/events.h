#ifndef HONE_TRIAL_EVENTS_H
#define HONE_TRIAL_EVENTS_H
/* What the engine tells while it works. It never prints: whoever calls it decides what becomes of these. Any
 * function may be NULL, and so may a pointer to events: then nobody listens. */
#include "build_watch.h"
#include "measure.h"

struct hone_artifact;
struct hone_build_estimate;

struct hone_events {
	void *ctx; /* the first argument of all */
	/* A step that is done or begins: "Profile", "120 of 300 functions were executed". */
	void (*status)(void *ctx, const char *verb, const char *text);
	void (*note)(void *ctx, const char *text);
	void (*warning)(void *ctx, const char *text);
	void (*detail)(void *ctx, const char *text); /* only for who wants to know all */
	/* What is about to be built, and where, before the first build. */
	void (*planned)(void *ctx, const struct hone_build_estimate *e, const char *folder);
	/* Build number `at` (from 1) of n begins. Until built or settled is called, the watch is told of cargo's work. */
	void (*building)(void *ctx, const char *name, size_t at, size_t n);
	struct hone_build_watch watch; /* its ctx is ctx */
	void (*built)(void *ctx, const struct hone_artifact *a);
	/* How far the rounds are. */
	void (*measuring)(void *ctx, const struct hone_measure_progress *p);
	/* A step that takes its time has begun; it goes on until settled is called. */
	void (*live)(void *ctx, const char *text);
	/* How far several builds are, as a line that stands until the next one or settled. */
	void (*progress)(void *ctx, const char *text);
	/* What is known so far, as lines that stand above the live line until there are others. */
	void (*so_far)(void *ctx, const char *text);
	/* A step with a live line has ended, well or not. */
	void (*settled)(void *ctx);
	/* From here on programs are timed: the machine must be quiet. */
	void (*quiet)(void *ctx);
};

void hone_events_status(const struct hone_events *e, const char *verb, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void hone_events_note(const struct hone_events *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void hone_events_warn(const struct hone_events *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void hone_events_detail(const struct hone_events *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void hone_events_live(const struct hone_events *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void hone_events_progress(const struct hone_events *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void hone_events_so_far(const struct hone_events *e, const char *text);
void hone_events_planned(const struct hone_events *e, const struct hone_build_estimate *estimate,
	const char *folder);
/* A build begins; the result is what hone_artifact_build takes. It is valid while e is. */
struct hone_build_watch hone_events_building(
	const struct hone_events *e, const char *name, size_t at, size_t n);
void hone_events_built(const struct hone_events *e, const struct hone_artifact *a);
void hone_events_measuring(const struct hone_events *e, const struct hone_measure_progress *p);
void hone_events_settled(const struct hone_events *e);
void hone_events_quiet(const struct hone_events *e);

#endif
