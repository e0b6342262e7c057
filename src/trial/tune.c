/* The order of a search. */
#include "tune_impl.h"

#include "clock.h"
#include "inputs.h"
#include "labels.h"
#include "num.h"
#include "platform.h"
#include "tools.h"

#include <string.h>

const char *const hone_tune_metrics[HONE_TUNE_METRICS + 1] = {
	"size", "stripped", "gzip", "zstd", "brotli", "ram", NULL};

/* What a step that found something says is said when it is found. */
static void say(const struct hone_tune *t, const char *what, size_t steps_before)
{
	char a[HONE_NUM_TEXT];

	if (t->result->steps.n == steps_before)
		hone_events_status(t->all, "Tried", "%s: nothing better than %s bytes", what,
			hone_text_count(a, t->points.v[t->best].cost));
}

struct step {
	const char *what;
	int (*run)(struct hone_tune *t, struct hone_err *err);
	bool quick; /* a quick search has it, too */
};

static int run_steps(struct hone_tune *t, struct hone_err *err)
{
	static const struct step steps[] = {
		{"known recipes", hone_tune_start, true},
		{"links", hone_tune_links, true},
		{"one setting after another", hone_tune_descend, false},
		{"levels for packages", hone_tune_packages, false},
		{"links again", hone_tune_links, false},
		{"what each setting is worth", hone_tune_shares, true},
	};
	int error = 0;

	for (size_t i = 0; !error && i < HONE_COUNT(steps); i++) {
		size_t before = t->result->steps.n;

		/* Beyond a limit only what is known of the shares is put together. */
		if ((t->request->quick && !steps[i].quick) ||
			(t->result->ended && i + 1 < HONE_COUNT(steps)))
			continue;
		hone_events_live(&t->events, "%s", steps[i].what);
		error = steps[i].run(t, err);
		hone_events_settled(t->all);
		if (!error)
			error = hone_inputs_check(t->session.dir.inputs, err);
		if (!error && !t->result->ended)
			say(t, steps[i].what, before);
		/* What is known now makes a better estimate than before the first build. */
		if (!error && !t->result->ended && !i)
			error = hone_tune_say_plan(t, err);
	}
	return error;
}

static void fill_result(struct hone_tune *t)
{
	struct hone_result_tune *r = t->result;

	if (!t->points.n || !t->points.v[0].cost) {
		/* Nothing is less than none, and nothing is known where the search was interrupted. */
		r->recipe = r->ended ? NULL : hone_xstrdup("");
		return;
	}
	r->baseline = t->points.v[0].cost;
	r->best = t->points.v[t->best].cost;
	r->recipe = hone_xstrdup(t->points.v[t->best].canonical);
	if (t->fixed != HONE_TUNE_NONE) {
		r->fixed = hone_xstrdup(t->points.v[t->fixed].candidate->name);
		r->fixed_cost = t->points.v[t->fixed].cost;
	}
	r->s = hone_tune_elapsed_s(t);
	for (size_t i = 0; i < t->points.n; i++) {
		const struct hone_tune_point *p = &t->points.v[i];

		if (p->cost)
			hone_tune_see(r, &(struct hone_tune_seen){.name = p->candidate->name,
						 .recipe = p->canonical,
						 .bytes = p->cost,
						 .allowed = p->allowed,
						 .cpu_s = p->cpu_s,
						 .compiled = p->compiled});
	}
}

static void release(struct hone_tune *t)
{
	for (size_t i = 0; i < t->points.n; i++) {
		hone_candidate_free(t->points.v[i].candidate);
		free(t->points.v[i].canonical);
		hone_size_table_release(&t->points.v[i].bytes);
	}
	hone_vec_release(&t->points);
	hone_artifact_free(t->base);
}

/* Is it a size of a packed copy? */
static bool packs(enum hone_tune_metric metric)
{
	return metric == HONE_TUNE_GZIP || metric == HONE_TUNE_ZSTD || metric == HONE_TUNE_BROTLI;
}

int hone_tune_check_metric(
	const struct hone_session *s, const struct hone_tune_request *r, struct hone_err *err)
{
	const char *triple = hone_session_triple(s);
	struct hone_platform platform = hone_platform_of(triple, NULL);
	hone_auto_free char *install = NULL;

	if (r->goal != HONE_GOAL_SMALL)
		return 0;
	if (r->metric == HONE_TUNE_RAM && platform.os != HONE_OS_NONE)
		return hone_err_set(err, HONE_E_USAGE,
			"--metric ram is of programs without an operating system, and %s has one",
			triple);
	if (r->metric != HONE_TUNE_BROTLI)
		return 0;
	if (platform.object != HONE_OBJECT_WASM)
		return hone_err_set(err, HONE_E_USAGE,
			"--metric brotli is of WebAssembly, and %s is none: gzip and zstd are of "
			"every file",
			triple);
	if (hone_compress_has_brotli())
		return 0;
	install = hone_tool_install_here(HONE_TOOL_BROTLI);
	hone_err_set(err, HONE_E_USAGE, "--metric brotli: there is no brotli on the path");
	return hone_err_hint(err, "%s", install ? install : "install it, or take gzip");
}

int hone_tune(struct hone_session *s, const struct hone_tune_request *r,
	const struct hone_tune_runs *runs, struct hone_result_tune *ret, struct hone_err *err)
{
	struct hone_tune t = {.session = *s,
		.request = r,
		.result = ret,
		.fixed = HONE_TUNE_NONE,
		.start = hone_now_ns()};
	int error;

	*ret = (struct hone_result_tune){.goal = !runs         ? "small"
						 : r->balanced ? "balanced"
							       : "fast",
		.metric = runs ? "time" : hone_tune_metrics[r->metric]};
	ret->name = hone_xasprintf("tuned-%s", ret->goal);
	ret->within = runs && r->balanced ? hone_tune_within(r) : 0;
	t.let_in = (hone_labels_of_presets() | r->allowed) & ~r->denied;
	if (r->pins)
		t.let_in |= hone_candidate_labels(r->pins);
	t.session.dir.unpacked = runs || !packs(r->metric);
	hone_tune_listen(&t, s->events);
	error = hone_tune_check_metric(s, r, err);
	if (!error)
		error = hone_tune_say_plan(&t, err);
	if (!error)
		error = runs ? hone_tune_race(&t, runs, err) : run_steps(&t, err);
	if (error == HONE_E_INTERRUPTED)
		ret->ended = "interrupted";
	if (!runs && (!error || error == HONE_E_INTERRUPTED))
		fill_result(&t);
	release(&t);
	return error;
}
