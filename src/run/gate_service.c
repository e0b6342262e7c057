/* Behaviour of what does not end by itself: services, of which it is what the compared paths answer, and starts until the first
 * output, after which the program is stopped, so that there is no more to compare. */
#include "gate_impl.h"

#include "service.h"

#include <math.h>
#include <string.h>

static int compare_answers(const struct hone_gate_of *g, const char *name, size_t who,
	char **ret_difference, struct hone_err *err)
{
	const struct hone_strv *paths = &g->w->service->compare;
	const struct hone_copies *c = hone_copies_of(g->s, g->w);
	int error = 0;

	*ret_difference = NULL;
	for (size_t i = 0; i < paths->n && !error && !*ret_difference; i++) {
		hone_auto_free char *base = hone_xasprintf("%s/answers.%zu", g->s->run_dir, i);
		hone_auto_free char *path = hone_xasprintf("%s/%s.%zu", g->s->run_dir, name, i);
		hone_auto_free char *what = hone_xasprintf("the answer to GET %s", paths->v[i]);

		error = hone_output_differs(what,
			(struct hone_output){base, c->path[g->s->m->baseline]},
			(struct hone_output){path, c->path[who]}, g->w, ret_difference, err);
	}
	return error;
}

/* One short run of a server; *ret_wrong is NULL, or what is wrong with it. */
static int service(const struct hone_gate_of *g, size_t who, const char *name, char **ret_wrong,
	enum hone_contestant_status *ret_status, struct hone_err *err)
{
	struct hone_sample sample;
	int error = hone_run_service(g->s, g->w,
		&(struct hone_service_run){.who = who, .bodies = name}, &sample, ret_wrong, err);

	*ret_status = HONE_RUN_FAILED;
	if (error || *ret_wrong || who == g->s->m->baseline || g->s->opts.no_compare)
		return error;
	*ret_status = HONE_RUN_DIFFERS;
	return compare_answers(g, name, who, ret_wrong, err);
}

static bool service_works(void *ctx)
{
	const struct hone_gate_of *g = ctx;
	hone_auto_free char *wrong = NULL;
	enum hone_contestant_status status;

	return service(g, g->s->m->baseline, "answers", &wrong, &status, NULL) == 0 && !wrong;
}

int hone_gate_baseline_service(struct hone_gate_of *g, struct hone_err *err)
{
	hone_auto_free char *wrong = NULL;
	enum hone_contestant_status status;
	int error = service(g, g->s->m->baseline, "answers", &wrong, &status, err);

	if (error)
		return error;
	if (wrong) {
		hone_err_set(err, HONE_E_FAILED, "workload `%s` fails on the baseline: %s",
			g->w->name, wrong);
		(void)hone_lacks_name(g->s, service_works, g, err);
		return HONE_E_FAILED;
	}
	error = service(g, g->s->n, "again", &wrong, &status, err);
	if (error || !wrong)
		return error;
	hone_err_set(err, HONE_E_FAILED,
		"workload `%s` does not do the same twice on the baseline: %s", g->w->name, wrong);
	return hone_err_hint(err, "name what may vary under `normalise` in hone.toml, or leave the "
				  "path out of `compare`");
}

int hone_gate_service(const struct hone_gate_of *g, size_t who, struct hone_err *err)
{
	hone_auto_free char *wrong = NULL;
	enum hone_contestant_status status;
	int error = service(g, who, "again", &wrong, &status, err);

	if (!error && wrong)
		hone_comparison_out(
			g->s, who, status, hone_xasprintf("workload `%s`: %s", g->w->name, wrong));
	return error;
}

static bool start_works(void *ctx)
{
	const struct hone_gate_of *g = ctx;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	double seconds;

	return hone_run_until_output(g->s, g->w, g->s->m->baseline, 0, &seconds, &r, NULL) == 0 &&
	       !isnan(seconds) && !hone_died_by_itself(&r);
}

static int no_start(struct hone_gate_of *g, const char *how, struct hone_err *err)
{
	hone_err_set(
		err, HONE_E_FAILED, "workload `%s` fails on the baseline: it %s", g->w->name, how);
	(void)hone_lacks_name(g->s, start_works, g, err);
	return HONE_E_FAILED;
}

int hone_gate_first_output(struct hone_gate_of *g, size_t who, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	double seconds;
	int error = hone_run_until_output(g->s, g->w, who, 0, &seconds, &r, err);

	if (error)
		return error;
	/* What it printed before it died is no start. */
	if (!isnan(seconds) && !hone_died_by_itself(&r))
		return 0;
	if (!isnan(seconds)) {
		hone_auto_free char *ended = hone_proc_how_ended(&r);
		hone_auto_free char *how = hone_xasprintf("%s after its first output", ended);

		if (who == g->s->m->baseline)
			return no_start(g, how, err);
		hone_comparison_out(g->s, who, HONE_RUN_FAILED,
			hone_xasprintf("workload `%s`: it %s", g->w->name, how));
		return 0;
	}
	if (who == g->s->m->baseline)
		return no_start(g, "printed nothing on stdout", err);
	hone_comparison_out(g->s, who, HONE_RUN_FAILED,
		hone_xasprintf("workload `%s`: it printed nothing on stdout", g->w->name));
	return 0;
}
