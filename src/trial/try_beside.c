/* Builds of a comparison beside each other. hone is the jobserver that all cargos join; each runs in a worker (a copy of
 * hone) with a target folder of its own. The next one is started when a job lies idle for a moment, as while fat LTO
 * keeps one CPU busy, at once where an earlier try has built it, and in any case when its memory is there. When a worker
 * has ended, hone takes the steps of that candidate itself, and finds done what cargo had to do. */
#include "try_beside.h"

#include "clock.h"
#include "estimate.h"
#include "fs.h"
#include "inputs.h"
#include "kept_links.h"
#include "machine.h"
#include "num.h"
#include "profile_set.h"
#include "share.h"
#include "try_beside_impl.h"
#include "twin.h"

#include <math.h>
#include <string.h>

/* ---- in a worker */

struct job {
	const struct hone_sides *b;
	size_t trial;
	unsigned slot;
};

static void tell_counted(void)
{
	hone_worker_tell(HONE_VIEW("c"));
}

static void tell_unit(void *ctx, const char *crate, unsigned done)
{
	hone_auto_free char *line = hone_xasprintf("u%u", done);

	(void)ctx;
	(void)crate;
	hone_worker_tell(hone_view_of(line));
}

static void work(void *ctx)
{
	const struct job *job = ctx;
	struct hone_try *t = job->b->t;
	struct hone_trial *trial = &t->trials[job->trial];
	struct hone_events events = {.watch = {.unit = tell_unit}};
	struct hone_ahead ahead = {.slot = job->slot,
		.is_worker = true,
		.keeps = job->b->given && job->b->given->keeps,
		.session = job->b->session,
		.flags = job->b->flags,
		.counted = tell_counted};
	struct hone_session s = *t->session;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	struct hone_build_watch watch;
	int error;

	s.events = &events;
	s.dir.ahead = &ahead;
	s.dir.inputs = NULL; /* what others write meanwhile is none of its business */
	watch = hone_events_building(&events, trial->candidate->name, 1, 1);
	/* The key of what training makes of the plan is not known the next time either. */
	if (hone_plan_learns(trial->plan))
		(void)hone_ahead_keep_slot(&s.dir, trial->plan->key, job->slot, NULL);
	error = trial->reason ? HONE_E_FAILED
			      : hone_train_plan(&s, &trial->plan, t->workloads.training, &why);
	if (!error && job->b->given && job->b->given->trains_only)
		error = HONE_E_FAILED; /* that was all */
	if (!error)
		error = hone_twin_ahead(trial->plan, &s.env, &s.dir, &watch, &why);
	/* Profiles of benches are other ones: nobody waits for them. */
	ahead.counted = NULL;
	if (!error)
		(void)hone_try_benches_ahead(t, trial, &s, &why);
	if (ahead.killed)
		hone_worker_tell(HONE_VIEW("k"));
	hone_buf_release(&ahead.messages);
}

/* ---- in hone */

static bool has_scripts(const struct hone_project *p)
{
	for (size_t i = 0; i < p->n_packages; i++)
		for (size_t k = 0; !p->packages[i].source && k < p->packages[i].n_targets; k++)
			if (p->packages[i].targets[k].kind == HONE_KIND_BUILD_SCRIPT)
				return true;
	return false;
}

/* As cargo counts them: -j, else build.jobs with its variable; a negative number is what is left of the CPUs. */
static unsigned jobs_of(const struct hone_build_env *env)
{
	const struct hone_config_key key = hone_config_key("build", "jobs", NULL);
	const struct hone_config_value *v = NULL;
	unsigned cpus = hone_machine_cpus(NULL, NULL);
	const char *asked = env->opts ? env->opts->jobs : NULL;
	bool less = asked && *asked == '-';
	uint64_t n = 0;

	if (asked && !hone_parse_u64(hone_view_of(asked + less), &n))
		n = 0; /* "default" */
	if (!asked && !hone_config_get(env->profiles->config, &key, &v, NULL) && v &&
		v->type == HONE_CONFIG_INTEGER) {
		less = v->integer < 0;
		n = (uint64_t)(less ? -v->integer : v->integer);
	}
	if (!n || n > 1000)
		return cpus;
	return !less ? (unsigned)n : n < cpus ? cpus - (unsigned)n : 1;
}

unsigned hone_try_width(const struct hone_try *t)
{
	unsigned jobs = jobs_of(&t->session->env);

	/* Jobs of an outer make are not hone's to give away. */
	if (t->n < 2 || hone_jobs_from_outside())
		return 1;
	return jobs < HONE_RULE_BUILDS_MOST ? jobs : HONE_RULE_BUILDS_MOST;
}

/* Has cargo nothing more to do for the baseline? */
static bool is_baseline_made(const struct hone_sides *b)
{
	return b->states[0] == HONE_SIDE_DONE || b->t->trials[0].artifact;
}

/* Begins the next build, if there is one that may: with is_idle any, else one that finds itself done. */
static int start_one(struct hone_sides *b, bool is_idle, bool *ret_started, struct hone_err *err)
{
	const int keep[] = {b->jobs.read_fd, b->jobs.write_fd};
	struct hone_side_next next;
	uint64_t memory;
	bool is_room;
	struct job job = {.b = b};
	int error;

	*ret_started = false;
	if (!hone_sides_next(b, &next) || !(is_idle || next.is_found))
		return 0;
	is_room = hone_sides_memory(b, next.trial, &memory);
	/* One runs whatever it takes, with the job that is nobody's while none does. */
	if (b->running && (b->alone || (b->has_scripts && !is_baseline_made(b)) || !is_room ||
				  !hone_jobs_take(&b->jobs)))
		return 0;
	job.trial = next.trial;
	job.slot = next.slot;
	error = hone_worker_start(work, &job, keep, HONE_COUNT(keep), &b->workers[job.slot], err);
	if (error)
		return error;
	b->sides[job.slot] = (struct hone_side){.trial = job.trial, .memory = memory};
	b->states[job.trial] = HONE_SIDE_RUNS;
	b->slots[job.trial] = job.slot;
	b->running++;
	b->idle_looks = 0;
	*ret_started = true;
	return 0;
}

/* Begins as many as may at this moment. */
static int start(struct hone_sides *b, struct hone_err *err)
{
	bool started = true;
	int error = 0;

	while (!error && started)
		error = start_one(b, !b->running || b->idle_looks >= HONE_RULE_BUILDS_IDLE_LOOKS,
			&started, err);
	return error;
}

static void on_line(void *ctx, size_t at, struct hone_view line)
{
	struct hone_sides *b = ctx;
	uint64_t units;

	if (hone_view_is(line, "k"))
		b->sides[at].killed = true;
	else if (hone_view_is(line, "c"))
		b->sides[at].counts++;
	else if (hone_view_starts(line, "u") &&
		 hone_parse_u64(hone_view_sub(line, 1, line.n), &units))
		b->sides[at].units = (unsigned)units;
}

/* How many builds it takes to a trial, beside those that come before it. */
static double builds_of(const struct hone_sides *b, size_t trial)
{
	const struct hone_plan *mine = b->t->trials[trial].plan;
	double n = 1 + (mine->instrument != NULL) + (mine->recount != NULL);

	for (size_t i = 0; i < trial; i++) {
		const struct hone_plan *plan = b->t->trials[i].plan;

		if (mine->instrument && hone_plan_is_same(mine->instrument, plan->instrument))
			n = 1 + (mine->recount && !hone_plan_is_same(mine->recount, plan->recount));
	}
	return n;
}

static double left_of(const struct hone_sides *b)
{
	double n[HONE_SIDE_DONE + 1] = {0};

	for (size_t i = 0; i < b->t->n; i++)
		n[b->states[i]] += b->builds[i];
	return hone_estimate_left(n[HONE_SIDE_RAN] + n[HONE_SIDE_DONE], n[HONE_SIDE_RUNS],
		n[HONE_SIDE_WAITS], hone_ns_to_s(hone_now_ns() - b->start));
}

static void show(const struct hone_sides *b)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *rest = NULL;
	char time[HONE_NUM_TEXT];
	size_t left = 0;

	for (size_t i = 0; i < b->t->n; i++)
		left += b->states[i] == HONE_SIDE_WAITS;
	for (unsigned i = 0; i < b->width; i++)
		if (b->workers[i])
			hone_buf_addf(&text, "%s%s (crate %u)", text.n ? ", " : "",
				b->t->trials[b->sides[i].trial].candidate->name, b->sides[i].units);
	if (isfinite(left_of(b)))
		rest = hone_xasprintf(", about %s left", hone_text_seconds(time, left_of(b)));
	hone_events_progress(b->t->session->events, "building %s; %zu of %zu to begin%s",
		hone_buf_str(&text), left, b->t->n, rest ? rest : "");
}

/* One whose training fails is tried again by whoever builds it, and is out there. */
static int train(struct hone_try *t, size_t trial, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error =
		hone_train_plan(t->session, &t->trials[trial].plan, t->workloads.training, &why);

	if (error != HONE_E_FAILED)
		return error ? hone_err_move(err, &why) : 0;
	hone_events_warn(t->session->events, "%s: %s", t->trials[trial].candidate->name, why.msg);
	return 0;
}

/* Nothing more is built for a trial; of what follows only its bytes are read. */
static void made(struct hone_sides *b, size_t trial)
{
	struct hone_try *t = b->t;

	/* How long that took tells nothing of those that compile. */
	if (t->trials[trial].artifact && t->trials[trial].artifact->reused)
		b->builds[trial] = 0;
	b->alone |= hone_inputs_has_writers(t->session->dir.inputs);
}

/* The others begin once cargo has nothing more to do for the baseline, while hone reads its bytes; in other folders, as
 * what is read may be cargo's file. */
static int build(struct hone_sides *b, size_t trial, struct hone_err *err)
{
	hone_auto_free char *twin = NULL;
	int outcome = hone_try_make_one(b->t, trial, &twin, err);
	int error = 0;

	made(b, trial);
	if (!outcome && !b->running && !b->alone)
		error = start(b, err);
	return error ? error : hone_try_take_one(b->t, trial, outcome, twin, &b->built, err);
}

/* The steps of a trial in hone itself, which finds what its worker left. */
static int take(struct hone_sides *b, size_t trial, struct hone_err *err)
{
	struct hone_try *t = b->t;
	bool keeps = b->given && b->given->keeps;
	/* What has to be kept is left by hone, too, where its worker could not. */
	struct hone_ahead ahead = {
		.slot = b->slots[trial], .is_worker = keeps, .keeps = keeps, .session = b->session};
	struct hone_session mine = *t->session;
	const struct hone_session *before = t->session;
	int error;

	mine.dir.ahead = &ahead;
	t->session = &mine;
	if (keeps && b->given->trains_only) {
		error = train(t, trial, err);
		made(b, trial);
	} else {
		error = build(b, trial, err);
	}
	t->session = before;
	b->states[trial] = HONE_SIDE_DONE;
	hone_buf_release(&ahead.messages);
	return error;
}

/* The baseline comes first; what ended before it waits. */
static int take_all(struct hone_sides *b, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < b->t->n; i++) {
		if (i && b->states[0] != HONE_SIDE_DONE)
			break;
		if (b->states[i] == HONE_SIDE_RAN)
			error = take(b, i, err);
	}
	return error;
}

static void end_one(struct hone_sides *b, size_t slot)
{
	struct hone_side *side = &b->sides[slot];

	hone_worker_free(HONE_TAKE(b->workers[slot]));
	b->running--;
	if (b->running)
		hone_jobs_give(&b->jobs);
	b->states[side->trial] = HONE_SIDE_RAN;
	if (!side->killed)
		return;
	/* Again, alone; and what follows one after another. */
	b->states[side->trial] = HONE_SIDE_WAITS;
	b->alone = true;
	hone_events_note(b->t->session->events,
		"a compiler of %s was killed, for want of memory, it seems: from now on one build "
		"runs at a time",
		b->t->trials[side->trial].candidate->name);
}

static bool is_over(const struct hone_sides *b)
{
	for (size_t i = 0; i < b->t->n; i++)
		if (b->states[i] != HONE_SIDE_DONE)
			return false;
	return true;
}

static int run_all(struct hone_sides *b, struct hone_err *err)
{
	int error = 0;

	while (!error && !is_over(b)) {
		size_t ended;

		b->idle_looks = hone_jobs_idle(&b->jobs) ? b->idle_looks + 1 : 0;
		error = start(b, err);
		if (!error)
			error = hone_workers_wait(b->workers, HONE_RULE_BUILDS_MOST,
				HONE_NS_PER_S / 10, on_line, b, &ended, err);
		if (error)
			break;
		if (ended < HONE_RULE_BUILDS_MOST)
			end_one(b, ended);
		/* Before hone reads what was built, which takes a moment; not where builds write what hone looks at then. */
		if (!b->running && !b->alone && !b->has_scripts)
			error = start(b, err);
		if (!error)
			error = take_all(b, err);
		if (b->running)
			show(b);
	}
	return error;
}

/* What was kept for links that were done again. */
static void forget_links(const struct hone_sides *b)
{
	const struct hone_workdir *dir = &b->t->session->dir;
	hone_auto_free char *programs = hone_xasprintf("%s/programs.%s", dir->run, b->session);

	if (dir->links)
		return;
	(void)hone_fs_remove_tree(programs, NULL);
	for (size_t i = 0; i < b->t->n; i++) {
		hone_auto_free char *link =
			hone_xasprintf("%s/%s/link", dir->artifacts, b->t->trials[i].plan->key);

		(void)hone_fs_remove_tree(link, NULL);
	}
}

int hone_try_build_beside(
	struct hone_try *t, unsigned width, size_t *ret_built, struct hone_err *err)
{
	struct hone_sides b = {.t = t, .width = width, .jobs = HONE_JOBS_INIT};
	int64_t start = hone_now_ns();
	int error = hone_jobs_open(&b.jobs, jobs_of(&t->session->env) - 1, err);

	if (error)
		return error;
	hone_kept_links_next(&t->session->dir);
	b.shares = !hone_share_refused(&t->session->env);
	b.start = start;
	b.flags = hone_jobs_flags(&b.jobs);
	b.given = t->session->dir.ahead;
	b.session = b.given && b.given->session ? hone_xstrdup(b.given->session)
						: hone_ahead_new_session();
	b.has_scripts = has_scripts(t->session->project);
	b.states = hone_xcalloc(t->n, sizeof(*b.states));
	b.slots = hone_xcalloc(t->n, sizeof(*b.slots));
	b.builds = hone_xcalloc(t->n, sizeof(*b.builds));
	for (size_t i = 0; i < t->n; i++) {
		b.builds[i] = t->trials[i].elsewhere ? 0 : builds_of(&b, i);
		b.states[i] = t->trials[i].elsewhere ? HONE_SIDE_DONE : HONE_SIDE_WAITS;
	}
	error = run_all(&b, err);
	hone_workers_stop(b.workers, HONE_RULE_BUILDS_MOST);
	forget_links(&b);
	hone_events_settled(t->session->events);
	t->cargo_s = hone_ns_to_s(hone_now_ns() - start);
	*ret_built = b.built;
	hone_jobs_close(&b.jobs);
	free(b.flags);
	free(b.session);
	free(b.states);
	free(b.slots);
	free(b.builds);
	return error;
}
