/* What a search tells while it works: of hundreds of candidates nobody wants to read every line, but everybody what there is so
 * far. Live lines begin with it. */
#include "tune_impl.h"

#include "num.h"

#include <string.h>

/* "best so far 167,680 bytes, 0.265 of the baseline", or what is fastest; empty where nothing is known. */
static void add_best(const struct hone_tune *t, struct hone_buf *to)
{
	char bytes[HONE_NUM_TEXT];

	if (*t->lead) {
		hone_buf_addf(to, "%s; ", t->lead);
	} else if (t->points.n && t->points.v[0].cost && t->best) {
		uint64_t cost = t->points.v[t->best].cost;

		hone_buf_addf(to, "best so far %s bytes, %.3f of the baseline; ",
			hone_text_count(bytes, cost), (double)cost / (double)t->points.v[0].cost);
	}
}

static void on_live(void *ctx, const char *text)
{
	const struct hone_tune *t = ctx;
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	add_best(t, &line);
	hone_events_live(t->all, "%s%s", hone_buf_str(&line), text);
}

static void on_progress(void *ctx, const char *text)
{
	const struct hone_tune *t = ctx;
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	add_best(t, &line);
	hone_events_progress(t->all, "%s%s", hone_buf_str(&line), text);
}

static void on_status(void *ctx, const char *verb, const char *text)
{
	const struct hone_tune *t = ctx;

	/* That a second search finds the rounds of the first is no news, and it has no --fresh. */
	if (strcmp(verb, "Resumed") != 0)
		hone_events_status(t->all, verb, "%s", text);
}

static void on_detail(void *ctx, const char *text)
{
	const struct hone_tune *t = ctx;

	hone_events_detail(t->all, "%s", text);
}

static void on_building(void *ctx, const char *name, size_t at, size_t n)
{
	const struct hone_tune *t = ctx;

	(void)hone_events_building(t->all, name, at, n);
}

static void on_measuring(void *ctx, const struct hone_measure_progress *p)
{
	const struct hone_tune *t = ctx;

	hone_events_measuring(t->all, p);
}

static void on_settled(void *ctx)
{
	const struct hone_tune *t = ctx;

	hone_events_settled(t->all);
}

static void on_quiet(void *ctx)
{
	const struct hone_tune *t = ctx;

	hone_events_quiet(t->all);
}

void hone_tune_listen(struct hone_tune *t, const struct hone_events *all)
{
	t->all = all;
	if (!all)
		return;
	t->events = (struct hone_events){.ctx = t,
		.status = on_status,
		.note = on_detail,
		.warning = on_detail,
		.detail = on_detail,
		.building = on_building,
		.watch = all->watch,
		.measuring = on_measuring,
		.live = on_live,
		.progress = on_progress,
		.settled = on_settled,
		.quiet = on_quiet};
	t->session.events = &t->events;
}
