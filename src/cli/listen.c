/* What the engine tells, as lines on stderr, and documents on stdout. */
#include "cli.h"

#include "num.h"
#include "progress.h"

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
			hone_out_status(out, "Measuring", "%zu rounds of %zu programs, about %s",
				p->rounds, p->n, hone_text_seconds(a, p->expected_s));
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

void hone_cli_listen(struct hone_cli *cli)
{
	cli->events = (struct hone_events){.ctx = cli,
		.status = on_status,
		.note = on_note,
		.warning = on_warning,
		.detail = on_detail,
		.planned = hone_progress_planned,
		.building = hone_progress_building,
		.watch = hone_progress_watch(cli),
		.built = hone_progress_built,
		.measuring = on_measuring,
		.live = on_live,
		.progress = on_progress,
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
