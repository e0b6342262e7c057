/* Builds of a comparison beside each other. hone is the jobserver that all cargos join; each runs in a worker (a copy of
 * hone) with a target folder of its own. The next one is started when a job lies idle for a moment, as while fat LTO
 * keeps one CPU busy, and when its memory is there. When a worker has ended, hone takes the steps of that candidate
 * itself, and finds done what cargo had to do. */
#include "try_beside.h"

#include "ahead.h"
#include "clock.h"
#include "estimate.h"
#include "fs.h"
#include "inputs.h"
#include "jobs.h"
#include "machine.h"
#include "num.h"
#include "profile_set.h"
#include "record.h"
#include "rules.h"
#include "share.h"
#include "twin.h"
#include "worker.h"

#include <math.h>
#include <string.h>

enum state { WAITS, RUNS, RAN, DONE };

struct side {
	size_t trial;
	uint64_t memory; /* that it may need */
	unsigned units;  /* that are done */
	bool killed;     /* a compiler of it was */
	unsigned counts; /* profiles of it that are there, which others may use, too */
};

struct beside {
	struct hone_try *t;
	struct hone_jobs jobs;
	char *session, *flags;
	enum state *states; /* of trials */
	double *builds;     /* of trials: how many each takes */
	unsigned *slots;    /* where they were built */
	unsigned width;     /* how many may run; also how many slots there are */
	bool alone; /* one at a time: memory ran out, or build scripts write where others read */
	const struct hone_ahead *given; /* how the session wants it (shard.h), or NULL */
	bool shares;                    /* what is the same is compiled once */
	int64_t start;
	bool has_scripts; /* packages of the user's have build scripts; the first build tells what these write */
	size_t running;
	struct side sides[HONE_RULE_BUILDS_MOST];           /* by slot */
	struct hone_worker *workers[HONE_RULE_BUILDS_MOST]; /* the same; NULL: it is free */
	unsigned idle_looks;                                /* at which a job lay idle, in a row */
	size_t built;
};

/* ---- in a worker */

struct job {
	const struct beside *b;
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

/* The largest process of an earlier build of it; else that of any other so far, and more, as LTO differs. */
static uint64_t memory_of(const struct beside *b, size_t trial)
{
	const struct hone_workdir *dir = &b->t->session->dir;
	uint64_t most = HONE_RULE_BUILD_MEMORY;

	for (size_t i = 0; i < b->t->n; i++) {
		hone_auto_free char *path = hone_xasprintf(
			"%s/%s/record.json", dir->artifacts, b->t->trials[i].plan->key);
		struct hone_record record;

		hone_record_read(path, &record);
		if (!record.known)
			continue;
		if (i == trial)
			return record.cost.peak_rss;
		if (record.cost.peak_rss * HONE_RULE_BUILD_MEMORY_MORE > most)
			most = record.cost.peak_rss * HONE_RULE_BUILD_MEMORY_MORE;
	}
	return most;
}

/* Nothing may be swapped: all that run may still grow to their largest. */
static bool has_memory(const struct beside *b, uint64_t wanted)
{
	for (unsigned i = 0; i < b->width; i++)
		if (b->workers[i])
			wanted += b->sides[i].memory;
	return wanted <= hone_machine_memory_left();
}

/* Will this one build what a worker is just building, too? Then it waits: two candidates may have a whole plan in common,
 * or but for the link, or the builds that count, of which it only wants the profiles. */
static bool has_equal_at_work(const struct beside *b, size_t trial)
{
	const struct hone_plan *mine = b->t->trials[trial].plan;

	for (unsigned i = 0; i < b->width; i++) {
		const struct side *side = &b->sides[i];
		const struct hone_plan *plan = b->t->trials[side->trial].plan;

		if (b->workers[i] &&
			(hone_plan_is_same(mine, plan) ||
				(b->shares && hone_plan_differs_in_links(
						      &b->t->session->env, mine, plan)) ||
				(side->counts < 1 &&
					hone_plan_is_same(mine->instrument, plan->instrument)) ||
				(side->counts < 2 &&
					hone_plan_is_same(mine->recount, plan->recount))))
			return true;
	}
	return false;
}

/* A free slot for a trial: the one that it was built in before; width: there is none now. */
static unsigned slot_for(const struct beside *b, size_t trial)
{
	unsigned slot;

	if (hone_ahead_slot(&b->t->session->dir, b->t->trials[trial].plan->key, &slot) &&
		slot < b->width)
		return b->workers[slot] ? b->width : slot;
	for (slot = 0; slot < b->width && b->workers[slot]; slot++)
		;
	return slot;
}

/* The baseline first, without which there is nothing; then trained ones, which take several builds each. */
static bool pick(const struct beside *b, size_t *ret_trial, unsigned *ret_slot)
{
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < b->t->n; i++) {
			int of = i == 0 ? 0 : hone_plan_learns(b->t->trials[i].plan) ? 1 : 2;

			if (b->states[i] != WAITS || of != round || has_equal_at_work(b, i))
				continue;
			*ret_slot = slot_for(b, i);
			*ret_trial = i;
			if (*ret_slot < b->width)
				return true;
		}
	return false;
}

static int start_one(struct beside *b, bool *ret_started, struct hone_err *err)
{
	const int keep[] = {b->jobs.read_fd, b->jobs.write_fd};
	struct job job = {.b = b};
	uint64_t memory;
	int error;

	*ret_started = false;
	if (!pick(b, &job.trial, &job.slot))
		return 0;
	memory = memory_of(b, job.trial);
	/* One runs whatever it takes, with the job that is nobody's while none does. */
	if (b->running && (b->alone || (b->has_scripts && b->states[0] != DONE) ||
				  !has_memory(b, memory) || !hone_jobs_take(&b->jobs)))
		return 0;
	error = hone_worker_start(work, &job, keep, HONE_COUNT(keep), &b->workers[job.slot], err);
	if (error)
		return error;
	b->sides[job.slot] = (struct side){.trial = job.trial, .memory = memory};
	b->states[job.trial] = RUNS;
	b->slots[job.trial] = job.slot;
	b->running++;
	b->idle_looks = 0;
	*ret_started = true;
	return 0;
}

static void on_line(void *ctx, size_t at, struct hone_view line)
{
	struct beside *b = ctx;
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
static double builds_of(const struct beside *b, size_t trial)
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

static double left_of(const struct beside *b)
{
	double n[DONE + 1] = {0};

	for (size_t i = 0; i < b->t->n; i++)
		n[b->states[i]] += b->builds[i];
	return hone_estimate_left(
		n[RAN] + n[DONE], n[RUNS], n[WAITS], hone_ns_to_s(hone_now_ns() - b->start));
}

static void show(const struct beside *b)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *rest = NULL;
	char time[HONE_NUM_TEXT];
	size_t left = 0;

	for (size_t i = 0; i < b->t->n; i++)
		left += b->states[i] == WAITS;
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

/* The steps of a trial in hone itself, which finds what its worker left. */
static int take(struct beside *b, size_t trial, struct hone_err *err)
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
	error = keeps && b->given->trains_only ? train(t, trial, err)
					       : hone_try_build_one(t, trial, &b->built, err);
	t->session = before;
	hone_buf_release(&ahead.messages);
	b->states[trial] = DONE;
	b->alone |= hone_inputs_has_writers(mine.dir.inputs);
	return error;
}

/* The baseline comes first; what ended before it waits. */
static int take_all(struct beside *b, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < b->t->n; i++) {
		if (i && b->states[0] != DONE)
			break;
		if (b->states[i] == RAN)
			error = take(b, i, err);
	}
	return error;
}

static void end_one(struct beside *b, size_t slot)
{
	struct side *side = &b->sides[slot];

	hone_worker_free(HONE_TAKE(b->workers[slot]));
	b->running--;
	if (b->running)
		hone_jobs_give(&b->jobs);
	b->states[side->trial] = RAN;
	if (!side->killed)
		return;
	/* Again, alone; and what follows one after another. */
	b->states[side->trial] = WAITS;
	b->alone = true;
	hone_events_note(b->t->session->events,
		"a compiler of %s was killed, for want of memory, it seems: from now on one build "
		"runs at a time",
		b->t->trials[side->trial].candidate->name);
}

static bool is_over(const struct beside *b)
{
	for (size_t i = 0; i < b->t->n; i++)
		if (b->states[i] != DONE)
			return false;
	return true;
}

static int run_all(struct beside *b, struct hone_err *err)
{
	int error = 0;

	while (!error && !is_over(b)) {
		bool started = false;
		size_t ended;

		b->idle_looks = hone_jobs_idle(&b->jobs) ? b->idle_looks + 1 : 0;
		if (!b->running || b->idle_looks >= HONE_RULE_BUILDS_IDLE_LOOKS)
			error = start_one(b, &started, err);
		if (error)
			break;
		error = hone_workers_wait(b->workers, HONE_RULE_BUILDS_MOST, HONE_NS_PER_S / 10,
			on_line, b, &ended, err);
		if (error)
			break;
		if (ended < HONE_RULE_BUILDS_MOST)
			end_one(b, ended);
		/* Before hone reads what was built, which takes a moment; not where builds write what hone looks at then. */
		if (!b->running && !b->alone && !b->has_scripts)
			error = start_one(b, &started, err);
		if (!error)
			error = take_all(b, err);
		if (b->running)
			show(b);
	}
	return error;
}

/* What was kept for links that were done again. */
static void forget_links(const struct beside *b)
{
	const struct hone_workdir *dir = &b->t->session->dir;
	hone_auto_free char *programs = hone_xasprintf("%s/programs.%s", dir->run, b->session);

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
	struct beside b = {.t = t, .width = width, .jobs = HONE_JOBS_INIT};
	int64_t start = hone_now_ns();
	int error = hone_jobs_open(&b.jobs, jobs_of(&t->session->env) - 1, err);

	if (error)
		return error;
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
		b.states[i] = t->trials[i].elsewhere ? DONE : WAITS;
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
