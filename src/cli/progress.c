#include "progress.h"

#include "clock.h"
#include "num.h"
#include "text.h"

#include <stdio.h>

void hone_progress_start(
	struct hone_progress *p, struct hone_out *out, const char *name, size_t at, size_t n)
{
	unsigned expected = p->units_done;
	double last = p->last_s;

	*p = (struct hone_progress){.out = out,
		.name = name,
		.at = at,
		.n = n,
		.units_expected = expected,
		.last_s = last,
		.expected_s = last,
		.started_ns = hone_now_ns()};
	hone_out_verbose(out, "building %s (%zu of %zu)", name, at, n);
}

static void draw(struct hone_progress *p, bool force)
{
	double elapsed = hone_ns_to_s(hone_now_ns() - p->started_ns);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char a[HONE_NUM_TEXT];

	hone_buf_addf(&text, "building %s (%zu of %zu)", p->name, p->at, p->n);
	if (p->units_done && p->units_expected >= p->units_done)
		hone_buf_addf(&text, ", crate %u of about %u", p->units_done, p->units_expected);
	else if (p->units_done)
		hone_buf_addf(&text, ", crate %u", p->units_done);
	if (*p->crate)
		hone_buf_addf(&text, " (%s)", p->crate);
	hone_buf_addf(&text, ", %s", hone_text_seconds(a, elapsed));
	if (p->expected_s > elapsed)
		hone_buf_addf(
			&text, ", about %s left", hone_text_seconds(a, p->expected_s - elapsed));
	hone_out_live(p->out, force, "%s", hone_buf_str(&text));
}

static void on_unit(void *ctx, const char *crate, unsigned done)
{
	struct hone_progress *p = ctx;

	p->units_done = done;
	snprintf(p->crate, sizeof(p->crate), "%s", crate);
	draw(p, false);
}

static void on_tick(void *ctx)
{
	draw(ctx, false);
}

static void on_output(void *ctx, struct hone_view line)
{
	struct hone_progress *p = ctx;

	if (p->out->verbosity >= 2)
		hone_out_info(p->out, "%.*s", (int)line.n, line.p);
}

struct hone_build_watch hone_progress_watch(struct hone_progress *p)
{
	return (struct hone_build_watch){
		.ctx = p, .unit = on_unit, .tick = on_tick, .output = on_output};
}

void hone_progress_done(struct hone_progress *p, const struct hone_artifact *a)
{
	char size[HONE_NUM_TEXT], time[HONE_NUM_TEXT];

	hone_out_live_clear(p->out);
	if (a->reused) {
		hone_out_status(p->out, "Fresh", "%s: %s bytes, nothing to compile", p->name,
			hone_text_count(size, a->size));
		return;
	}
	p->last_s = a->cost.wall_s;
	hone_out_status(p->out, "Built", "%s: %s bytes in %s, %u %s compiled", p->name,
		hone_text_count(size, a->size), hone_text_seconds(time, a->cost.wall_s),
		a->cost.units, a->cost.units == 1 ? "unit" : "units");
}

void hone_progress_announce(struct hone_progress *p, struct hone_out *out,
	const struct hone_build_estimate *e, const char *folder)
{
	char low[HONE_NUM_TEXT], high[HONE_NUM_TEXT], disk[HONE_NUM_TEXT];

	hone_out_status(out, "Planned", "%u %s of %u %s%s: about %s to %s, up to %s of disk in %s",
		e->n_builds, e->n_builds == 1 ? "build" : "builds", e->n_packages,
		e->n_packages == 1 ? "package" : "packages",
		e->n_known ? " (some were built before)" : "", hone_text_seconds(low, e->low_s),
		hone_text_seconds(high, e->high_s), hone_text_bytes(disk, e->disk), folder);
	p->units_done = e->n_packages;
	p->last_s = e->n_builds ? (e->low_s + e->high_s) / 2 / e->n_builds : 0;
	if (e->disk > e->free)
		hone_out_warn(out, "only %s are free there", hone_text_bytes(disk, e->free));
}
