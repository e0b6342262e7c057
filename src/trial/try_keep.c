#include "try_keep.h"

#include "clock.h"
#include "fs.h"
#include "inputs.h"
#include "machine.h"
#include "results.h"

#include <unistd.h>

/* Rounds that are shorter are kept several at a time: so much can be lost by a kill. */
#define KEEP_NS (HONE_NS_PER_S / 10)
/* Between two looks at what must not change, while rounds run. */
#define LOOK_NS (2 * HONE_NS_PER_S)

/* ---- identity: whatever differs here makes it another comparison */

static void add(struct hone_buf *to, const char *text)
{
	hone_buf_adds(to, text ? text : "");
	hone_buf_addc(to, '\n');
}

static void add_machine(struct hone_buf *to)
{
	struct hone_machine machine;

	hone_machine_read(&machine);
	add(to, machine.id ? machine.id : "");
	add(to, machine.cpu);
	add(to, machine.kernel);
	hone_buf_addf(to, "%u\n", machine.cores);
	hone_machine_release(&machine);
}

static void add_rules(struct hone_buf *to, const struct hone_measure_opts *o)
{
	hone_buf_addf(to, "%zu %zu %.17g %.17g %zu %d %d\n", o->rounds, o->min_rounds, o->precision,
		o->alpha, o->warmup, o->no_compare, o->callgrind);
	if (o->screen > 0)
		hone_buf_addf(to, "screened at %.17g\n", o->screen);
	if (o->margin > 0)
		hone_buf_addf(to, "within %.17g\n", o->margin);
	for (const char *const *word = o->check; word && *word; word++)
		add(to, *word);
}

static void make_identity(struct hone_keeper *k, const struct hone_contestant *contestants,
	const size_t *trials, size_t n, const struct hone_measure_opts *opts)
{
	const struct hone_try *t = k->t;
	const struct hone_session *s = t->session;
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_free char *here = hone_path_absolute(".");
	char hash[HONE_HASH_TEXT];

	add(&b, HONE_VERSION);
	add(&b, k->what);
	add(&b, s->project->package->name);
	add(&b, s->project->target->name);
	add(&b, hone_target_kind_name(s->project->made));
	add(&b, s->env.profile);
	add(&b, hone_session_triple(s));
	add(&b, s->toolchain->rustc_verbose);
	add_machine(&b);
	add_rules(&b, opts);
	for (size_t i = 0; i < n; i++) {
		const struct hone_trial *trial = &t->trials[trials[i]];

		add(&b, contestants[i].name);
		add(&b, hone_hash_text(hash, trial->artifact->hash));
		for (size_t j = 0; j < t->workloads.n_benches; j++)
			add(&b, hone_hash_text(hash, trial->benches[j]->hash));
	}
	for (size_t i = 0; i < t->workloads.n; i++)
		hone_workload_identity(&t->workloads.v[i], here, &b);
	hone_hash_text(k->identity, hone_hash_bytes(hone_buf_view(&b)));
}

/* ---- from the store */

static struct hone_measurement *restore(const struct hone_unfinished *u)
{
	struct hone_measurement *m = hone_measurement_blank(u->n_contestants, 0, u->n_workloads);

	for (size_t i = 0; i < u->n_contestants; i++) {
		m->status[i] = (enum hone_contestant_status)u->status[i];
		m->reason[i] = u->reason[i] ? hone_xstrdup(u->reason[i]) : NULL;
		m->left[i] = u->left[i];
	}
	for (size_t i = 0; i < u->n_workloads; i++) {
		const struct hone_unfinished_workload *from = &u->workloads[i];
		struct hone_workload_result *to = &m->workloads[i];

		to->gated = from->gated;
		to->exit_code = from->exit_code;
		to->output_bytes = from->output_bytes;
		to->capacity = from->capacity;
		to->repeats = from->repeats;
		to->note = from->note ? hone_xstrdup(from->note) : NULL;
		to->primary_why = from->why ? hone_xstrdup(from->why) : NULL;
		to->cpu = from->cpu;
		if (from->counts) {
			to->callgrind = hone_xcalloc(m->n + 1, sizeof(*to->callgrind));
			for (size_t who = 0; who <= m->n; who++)
				to->callgrind[who] = from->counts[who];
		}
		for (size_t j = 0; j < from->n_metrics; j++)
			hone_measurement_add_metric(m, i, hone_metric_by_name(from->metrics[j]),
				from->more_is_better[j]);
	}
	for (size_t i = 0; i < u->n_rounds; i++)
		hone_measurement_add_round(m, u->samples + i * u->width);
	m->elapsed_s = u->elapsed_s;
	m->runs_s = u->runs_s;
	return m;
}

/* Can it be gone on with? A file that was tampered with may hold anything. */
static bool is_sound(const struct hone_unfinished *u, const struct hone_keeper *k, size_t n)
{
	bool measured = true;

	if (u->n_contestants != n || u->n_workloads != k->t->workloads.n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (u->status[i] < HONE_RAN || u->status[i] > HONE_NOT_RUN)
			return false;
	for (size_t i = 0; i < u->n_workloads; i++) {
		measured &= u->workloads[i].n_metrics > 0 && u->workloads[i].gated;
		if (u->workloads[i].n_metrics >= HONE_METRICS)
			return false;
		for (size_t j = 0; j < u->workloads[i].n_metrics; j++)
			if (hone_metric_by_name(u->workloads[i].metrics[j]) == HONE_METRICS)
				return false;
	}
	return u->n_rounds == 0 || measured;
}

static int find(struct hone_keeper *k, size_t n, bool fresh, struct hone_err *err)
{
	const char *workspace = k->t->session->project->workspace_root;
	hone_auto_unfinished struct hone_unfinished u = HONE_UNFINISHED_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error = hone_unfinished_get(k->store, workspace, k->identity, &u, &why);

	if (error == HONE_E_NOT_FOUND)
		return 0;
	if (error)
		return hone_err_move(err, &why);
	if (fresh || !is_sound(&u, k, n))
		return hone_unfinished_forget(k->store, u.id, err);
	k->id = u.id;
	k->seed = u.seed;
	k->rounds = u.n_rounds;
	k->resume = restore(&u);
	if (u.n_rounds)
		hone_events_status(k->t->session->events, "Resumed",
			"%zu rounds of an interrupted %s; --fresh begins anew", u.n_rounds,
			k->what);
	else
		hone_events_status(k->t->session->events, "Resumed",
			"an interrupted %s after its comparison of behaviour; --fresh begins anew",
			k->what);
	return 0;
}

/* ---- into the store */

/* Grows by one with everything that is kept beside the rounds. */
static size_t parts_of(const struct hone_measurement *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n_workloads; i++)
		n += m->workloads[i].gated + m->workloads[i].n_metrics;
	for (size_t i = 0; i < m->n; i++)
		n += (m->status[i] != HONE_RAN) + (m->left[i] > 0);
	return n;
}

static void fill_workload(const struct hone_workload_result *w, struct hone_arena *arena,
	struct hone_unfinished_workload *to)
{
	*to = (struct hone_unfinished_workload){.gated = w->gated,
		.exit_code = w->exit_code,
		.output_bytes = w->output_bytes,
		.counts = w->callgrind,
		.note = w->note,
		.capacity = w->capacity,
		.repeats = w->repeats,
		.why = w->primary_why,
		.cpu = w->cpu,
		.n_metrics = w->n_metrics};
	to->metrics = hone_arena_alloc(arena, hone_size_mul(w->n_metrics, sizeof(*to->metrics)));
	to->more_is_better =
		hone_arena_alloc(arena, hone_size_mul(w->n_metrics, sizeof(*to->more_is_better)));
	for (size_t k = 0; k < w->n_metrics; k++) {
		to->metrics[k] = hone_metric_info(w->metrics[k].metric)->name;
		to->more_is_better[k] = w->metrics[k].more_is_better;
	}
}

static int put_parts(struct hone_keeper *k, const struct hone_measurement *m, struct hone_err *err)
{
	hone_auto_unfinished struct hone_unfinished u = {
		.workspace = k->t->session->project->workspace_root,
		.identity = k->identity,
		.seed = k->seed,
		.n_contestants = m->n,
		.n_workloads = m->n_workloads};

	u.status = hone_arena_alloc(&u.arena, hone_size_mul(m->n, sizeof(*u.status)));
	u.reason = hone_arena_alloc(&u.arena, hone_size_mul(m->n, sizeof(*u.reason)));
	u.left = m->left;
	for (size_t i = 0; i < m->n; i++) {
		u.status[i] = (int)m->status[i];
		u.reason[i] = m->reason[i];
	}
	u.workloads =
		hone_arena_alloc(&u.arena, hone_size_mul(m->n_workloads, sizeof(*u.workloads)));
	for (size_t i = 0; i < m->n_workloads; i++)
		fill_workload(&m->workloads[i], &u.arena, &u.workloads[i]);
	return hone_unfinished_put(k->store, &u, &k->id, err);
}

static int put_round(struct hone_keeper *k, const struct hone_measurement *m, struct hone_err *err)
{
	size_t width = hone_measurement_width(m);
	hone_auto_free double *values = hone_xcalloc(width + 1, sizeof(*values));
	int error;

	hone_measurement_get_round(m, k->rounds, values);
	error = hone_unfinished_add_round(k->store, k->id,
		&(struct hone_new_round){k->rounds, m->elapsed_s, m->runs_s, values, width}, err);
	if (!error)
		k->rounds++;
	return error;
}

/* What cannot be kept does not stop the comparison: it is said, and nothing more is kept. */
static void give_up(struct hone_keeper *k, const struct hone_err *err)
{
	hone_events_warn(k->t->session->events,
		"the rounds are not kept, so that this comparison could not go on after an "
		"interrupt: %s%s%s",
		err->msg, err->hint ? "; " : "", err->hint ? err->hint : "");
	k->store = NULL;
}

static void keep_all(struct hone_keeper *k, const struct hone_measurement *m)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	size_t parts = parts_of(m);
	int error = 0;

	if (!k->store)
		return;
	if (parts != k->parts)
		error = put_parts(k, m, &why);
	k->parts = parts;
	while (!error && k->rounds < m->rounds)
		error = put_round(k, m, &why);
	if (error)
		give_up(k, &why);
	k->at_ns = hone_now_ns();
}

/* A teardown may write what a workload reads, and so may the run of a comparison that is gone on with. */
int hone_keep_look(
	struct hone_keeper *k, const struct hone_measurement *m, bool last, struct hone_err *err)
{
	struct hone_inputs *in = k->t->session->dir.inputs;
	enum hone_inputs_runs which = m->rounds > k->looked ? HONE_INPUTS_ALL : HONE_INPUTS_SOME;
	bool cleans = false;

	for (size_t i = 0; i < k->t->workloads.n; i++)
		cleans |= k->t->workloads.v[i].teardown.n > 0;
	if (!last && k->parts == parts_of(m) && hone_now_ns() - hone_inputs_looked_at(in) < LOOK_NS)
		return 0;
	hone_inputs_ran(in, k->first || (last && cleans) ? HONE_INPUTS_FIRST : which);
	k->looked = m->rounds;
	k->first = false;
	return hone_inputs_error(in, err);
}

static int keep(void *ctx, const struct hone_measurement *m, struct hone_err *err)
{
	struct hone_keeper *k = ctx;

	int error = hone_keep_look(k, m, false, err);

	if (error)
		return error;
	if (k->parts != parts_of(m) || hone_now_ns() - k->at_ns >= KEEP_NS)
		keep_all(k, m);
	return 0;
}

/* ---- */

void hone_keep_begin(struct hone_keeper *k, const struct hone_try *t, const char *what,
	const struct hone_contestant *contestants, const size_t *trials, size_t n,
	struct hone_measure_opts *opts)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error;

	*k = (struct hone_keeper){.t = t, .what = what, .seed = opts->seed};
	make_identity(k, contestants, trials, n, opts);
	error = hone_results_open(t->session, true, &k->store, &why);
	if (!error)
		error = find(k, n, t->fresh, &why);
	if (error)
		give_up(k, &why);
	/* A database takes signed numbers; the seed that is kept is the one that was used. */
	opts->seed = k->seed;
	opts->resume = k->resume;
	k->looked = k->rounds;
	k->first = k->resume || n == 1;
	opts->on_done = keep;
	opts->done_ctx = k;
}

void hone_keep_end(struct hone_keeper *k, int error, const struct hone_measurement *m,
	struct hone_err *err, int64_t *ret_finished)
{
	bool stays = error == HONE_E_INTERRUPTED ||
		     (error && error != HONE_E_CONFLICT && m && m->rounds > 0);

	*ret_finished = 0;
	if (m && k->id && (stays || !error))
		keep_all(k, m);
	if (k->store && k->id && !error)
		*ret_finished = k->id;
	if (k->store && k->id && error && !stays)
		(void)hone_unfinished_forget(k->store, k->id, NULL);
	if (k->store && k->id && stays && err)
		hone_err_hint(err, "%s%s%zu %s kept: the same command goes on from there",
			err->hint ? err->hint : "", err->hint ? "; " : "", k->rounds,
			k->rounds == 1 ? "round is" : "rounds are");
	k->store = NULL;
	hone_measurement_free(k->resume);
	k->resume = NULL;
}
