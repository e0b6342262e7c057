/* What the engine tells, as lines on stderr, and documents on stdout. */
#include "cli.h"

#include "clock.h"
#include "artifact.h"
#include "estimate.h"
#include "num.h"
#include "text.h"

#include <stdio.h>

static void on_status(void *ctx, const char *verb, const char *text)
{
	hone_out_status(&((struct hone_cli *)ctx)->out, verb, "%s", text);
}

static void on_note(void *ctx, const char *text)
{
	hone_out_note(&((struct hone_cli *)ctx)->out, "%s", text);
}

static void on_warning(void *ctx, const char *text)
{
	hone_out_warn(&((struct hone_cli *)ctx)->out, "%s", text);
}

static void on_detail(void *ctx, const char *text)
{
	hone_out_verbose(&((struct hone_cli *)ctx)->out, "%s", text);
}

static void on_live(void *ctx, const char *text)
{
	hone_out_live(&((struct hone_cli *)ctx)->out, true, "%s", text);
}

static void on_progress(void *ctx, const char *text)
{
	hone_out_live(&((struct hone_cli *)ctx)->out, false, "%s", text);
}

static void on_so_far(void *ctx, const char *text)
{
	hone_out_pane(&((struct hone_cli *)ctx)->out, text);
}

static void on_settled(void *ctx)
{
	hone_out_live_clear(&((struct hone_cli *)ctx)->out);
}

/* The expected time, before the first round: what a verdict takes at least, and the budget. */
static void announce_rounds(struct hone_out *out, const struct hone_measure_progress *p)
{
	char round[HONE_NUM_TEXT], least[HONE_NUM_TEXT], most[HONE_NUM_TEXT];

	hone_text_seconds(round, p->round_s);
	hone_text_seconds(least, p->least_s);
	hone_text_seconds(most, p->expected_s);
	if (p->least_s <= p->expected_s)
		hone_out_status(out, "Measuring",
			"%zu programs in rounds of about %s until it is decided: at least about "
			"%s, at most about %s",
			p->n, round, least, most);
	else
		hone_out_status(out, "Measuring",
			"%zu programs in rounds of about %s for %s, too short for a verdict: that "
			"takes at least about %s",
			p->n, round, most, least);
}

static void on_measuring(void *ctx, const struct hone_measure_progress *p)
{
	struct hone_out *out = &((struct hone_cli *)ctx)->out;
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];

	switch (p->stage) {
	case HONE_STAGE_GATE:
		hone_out_live(out, false, "comparing behaviour: %zu of %zu", p->at + 1, p->n);
		break;
	case HONE_STAGE_WARMUP:
		hone_out_live(out, false, "warming up");
		break;
	case HONE_STAGE_PLAN:
		if (p->rounds)
			hone_out_status(out, "Measuring", "%zu %s of %zu programs, about %s",
				p->rounds, p->rounds == 1 ? "round" : "rounds", p->n,
				hone_text_seconds(a, p->expected_s));
		else
			announce_rounds(out, p);
		break;
	case HONE_STAGE_ROUND:
		if (p->rounds)
			hone_out_live(out, false, "measuring: round %zu of %zu, %s of about %s",
				p->round, p->rounds, hone_text_seconds(a, p->elapsed_s),
				hone_text_seconds(b, p->expected_s));
		else
			hone_out_live(out, false,
				"measuring: round %zu of %zu programs, %zu undecided, %s of at "
				"most %s",
				p->round, p->n - p->left, p->undecided,
				hone_text_seconds(a, p->elapsed_s),
				hone_text_seconds(b, p->expected_s));
		break;
	case HONE_STAGE_DONE:
		hone_out_live_clear(out);
		break;
	}
}

static void on_building(void *ctx, const char *name, size_t at, size_t n)
{
	struct hone_cli *cli = ctx;
	struct hone_progress *p = &cli->progress;

	p->at = at;
	p->n = n;
	p->units_expected = p->units_done;
	p->units_done = 0;
	p->expected_s = p->last_s;
	p->started_ns = hone_now_ns();
	*p->crate = '\0';
	free(p->name);
	p->name = hone_xstrdup(name);
	hone_out_verbose(&cli->out, "building %s (%zu of %zu)", name, at, n);
}

static void draw(struct hone_cli *cli)
{
	const struct hone_progress *p = &cli->progress;
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
	hone_out_live(&cli->out, false, "%s", hone_buf_str(&text));
}

static void on_unit(void *ctx, const char *crate, unsigned done)
{
	struct hone_cli *cli = ctx;

	cli->progress.units_done = done;
	snprintf(cli->progress.crate, sizeof(cli->progress.crate), "%s", crate);
	draw(cli);
}

static void on_tick(void *ctx)
{
	draw(ctx);
}

static void on_output(void *ctx, struct hone_view line)
{
	struct hone_cli *cli = ctx;

	/* Indented, as all foreign lines are. */
	if (cli->out.verbosity >= 2)
		hone_out_info(&cli->out, "  %.*s", (int)line.n, line.p);
}

static struct hone_build_watch on_watch(struct hone_cli *cli)
{
	return (struct hone_build_watch){
		.ctx = cli, .unit = on_unit, .tick = on_tick, .output = on_output};
}

static void on_built(void *ctx, const struct hone_artifact *a)
{
	struct hone_cli *cli = ctx;
	struct hone_progress *p = &cli->progress;
	char size[HONE_NUM_TEXT], time[HONE_NUM_TEXT], taken[64] = "";

	hone_out_live_clear(&cli->out);
	if (a->reused) {
		hone_out_status(&cli->out, "Fresh", "%s: %s bytes, nothing to compile", p->name,
			hone_text_count(size, a->size));
		return;
	}
	p->last_s = a->cost.wall_s;
	if (a->cost.taken)
		snprintf(taken, sizeof(taken), ", %u taken from earlier builds", a->cost.taken);
	hone_out_status(&cli->out, "Built", "%s: %s bytes in %s, %u %s compiled%s", p->name,
		hone_text_count(size, a->size), hone_text_seconds(time, a->cost.wall_s),
		a->cost.units, a->cost.units == 1 ? "unit" : "units", taken);
}

/* "about 20 s (10 s to 40 s), up to 40 MB of disk in target/hone", or that there is nothing to do. */
static void add_cost(const struct hone_build_estimate *e, const char *folder, struct hone_buf *to)
{
	char all[HONE_NUM_TEXT], low[HONE_NUM_TEXT], high[HONE_NUM_TEXT], disk[HONE_NUM_TEXT];

	if (e->n_known && e->n_known == e->n_builds) {
		hone_buf_adds(to, "built before, and there already unless something was changed");
		return;
	}
	hone_buf_addf(to, "about %s (%s to %s)", hone_text_seconds(all, e->s),
		hone_text_seconds(low, e->s / e->spread),
		hone_text_seconds(high, e->s * e->spread));
	if (e->disk)
		hone_buf_addf(
			to, ", up to %s of disk in %s", hone_text_bytes(disk, e->disk), folder);
	if (e->n_known)
		hone_buf_addf(to, "; %u %s built before, and there already", e->n_known,
			e->n_known == 1 ? "was" : "were");
}

static void on_planned(void *ctx, const struct hone_build_estimate *e, const char *folder)
{
	struct hone_cli *cli = ctx;
	struct hone_progress *p = &cli->progress;
	hone_auto_buf struct hone_buf cost = HONE_BUF_INIT;
	char free_text[HONE_NUM_TEXT];

	add_cost(e, folder, &cost);
	hone_out_status(&cli->out, "Planned", "%u %s of %u %s: %s", e->n_builds,
		e->n_builds == 1 ? "build" : "builds", e->n_packages,
		e->n_packages == 1 ? "package" : "packages", hone_buf_str(&cost));
	p->units_done = e->n_packages;
	p->last_s = e->n_builds ? e->s / e->n_builds : 0;
	if (e->disk > e->free)
		hone_out_warn(
			&cli->out, "only %s are free there", hone_text_bytes(free_text, e->free));
}

void hone_cli_listen(struct hone_cli *cli)
{
	cli->events = (struct hone_events){.ctx = cli,
		.status = on_status,
		.note = on_note,
		.warning = on_warning,
		.detail = on_detail,
		.planned = on_planned,
		.building = on_building,
		.watch = on_watch(cli),
		.built = on_built,
		.measuring = on_measuring,
		.live = on_live,
		.progress = on_progress,
		.so_far = on_so_far,
		.settled = on_settled};
}

static void flush(struct hone_report *r)
{
	hone_out_result(&((struct hone_cli *)r->ctx)->out, hone_buf_view(r->to));
	hone_buf_reset(r->to);
}

int hone_cli_report(
	struct hone_cli *cli, enum hone_document d, const void *document, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_report r = {
		.format = cli->format, .out = &cli->out, .to = &text, .flush = flush, .ctx = cli};
	int error = hone_report_write(&r, d, document, err);

	if (!error)
		hone_out_result(&cli->out, hone_buf_view(&text));
	return error;
}
