#include "training.h"

#include "ahead.h"
#include "allocator_build.h"
#include "artifact.h"
#include "bolt_train.h"
#include "clock.h"
#include "fs.h"
#include "hash.h"
#include "inputs.h"
#include "left_out.h"
#include "num.h"
#include "train.h"
#include "training_memory.h"

#include <string.h>

/* Runs the workloads and keeps the merged profile under the hash of its content: another profile has
 * another name, so that cargo compiles anew. */
static int gather(const struct hone_session *s, const struct hone_artifact *a,
	struct hone_training t, bool kept, struct hone_training_memory *ret, struct hone_err *err)
{
	/* Builds beside this one may train, too. */
	unsigned slot = s->dir.ahead ? s->dir.ahead->slot : 0;
	hone_auto_free char *run_dir = hone_xasprintf("%s/train.%u", s->dir.run, slot);
	hone_auto_free char *raw = hone_xasprintf("%s/raw.%u", s->dir.profiles, slot);
	hone_auto_free char *merged = hone_xasprintf("%s/merged.%u", s->dir.profiles, slot);
	hone_auto_free char *path = NULL;
	char hash_text[HONE_HASH_TEXT], workloads[HONE_HASH_TEXT];
	struct hone_train_request r = {.path = a->path,
		.workloads = t.workloads,
		.n = t.n,
		.kept = kept,
		.run_dir = run_dir,
		.raw_dir = raw};
	struct hone_left_outs left_out;
	struct hone_hash hash = {0};
	size_t damaged = 0;
	int error;

	hone_left_outs_find(s, a, &left_out);
	r.left_out = left_out.v.v;
	r.n_left_out = left_out.v.n;
	hone_inputs_add_workloads(s->dir.inputs, t.workloads, t.n);
	error = hone_inputs_check(s->dir.inputs, err);
	if (!error)
		error = hone_train(&r, err);
	hone_left_outs_release(&left_out);
	hone_inputs_ran(s->dir.inputs, HONE_INPUTS_FIRST);
	if (!error)
		error = hone_inputs_error(s->dir.inputs, err);
	if (!error)
		error = hone_profdata_merge(s->toolchain, raw, merged, &damaged, err);
	if (!error && damaged)
		hone_events_warn(s->events,
			"%zu of the profiles that the training left are damaged, as a process that "
			"is killed while it writes leaves them: they are left out",
			damaged);
	if (!error)
		error = hone_hash_file(merged, &hash, err);
	if (!error) {
		hone_hash_text(hash_text, hash);
		hone_training_hash(t, workloads);
		*ret = (struct hone_training_memory){.workloads = hone_xstrdup(workloads),
			.names = hone_training_names(t),
			.script = hone_train_script(t.workloads, t.n, s->project->workspace_root),
			.file = hone_xasprintf("%s.profdata", hash_text),
			.made = hone_wall_clock_s()};
		path = hone_path_join(hone_workdir_profile_files(&s->dir), ret->file);
		error = hone_fs_rename(merged, path, err);
	}
	(void)hone_fs_remove_tree(raw, NULL);
	return error;
}

static void say(const struct hone_session *s, const struct hone_profdata *p,
	const struct hone_training_memory *m, bool kept)
{
	char executed[HONE_NUM_TEXT], all[HONE_NUM_TEXT], age[HONE_NUM_TEXT];
	hone_auto_free char *when = NULL;

	/* A worker may have made it just now. */
	if (kept && !s->dir.ahead)
		when = hone_xasprintf(", made %s ago",
			hone_text_seconds(age, (double)(hone_wall_clock_s() - m->made)));
	hone_events_status(s->events, "Profile",
		"%s of %s functions were executed (%.0f %%) by %s%s",
		hone_text_count(executed, p->n_executed), hone_text_count(all, p->n_functions),
		p->n_functions ? 100.0 * (double)p->n_executed / (double)p->n_functions : 0.0,
		m->names, when ? when : "");
}

/* The profile's name is the hash of its content: one of another program, or a damaged one, is noticed. */
static int check_content(const char *path, struct hone_err *err)
{
	char text[HONE_HASH_TEXT];
	struct hone_hash hash;
	int error = hone_hash_file(path, &hash, err);

	if (!error && !hone_starts(hone_path_base(path), hone_hash_text(text, hash)))
		error = hone_err_set(
			err, HONE_E_FAILED, "%s is not the file any more that was made", path);
	return error;
}

/* What a training told, and the plan whose instrumented program it ran. */
struct lesson {
	const struct hone_plan
		*plan; /* owned: made from the one that was given; NULL: that one itself */
	struct hone_profdata profile;
	char *script; /* see struct hone_plan */
};

static void forget(struct lesson *l)
{
	hone_plan_free(l->plan);
	hone_profdata_release(&l->profile);
	free(l->script);
	*l = (struct lesson){0};
}

/* The profile for an instrumented binary: kept, or made now. live: its counters lie in a file while it runs. */
static int find_profile(const struct hone_session *s, const struct hone_artifact *a,
	struct hone_training t, bool live, struct lesson *to, struct hone_err *err)
{
	char hash[HONE_HASH_TEXT], wanted[HONE_HASH_TEXT];
	hone_auto_free char *path = NULL;
	hone_auto_free char *profile = NULL;
	hone_auto_err struct hone_err damage = HONE_ERR_INIT;
	struct hone_training_memory m = {0};
	struct hone_profdata *ret = &to->profile;
	bool kept;
	int error = 0;

	path = hone_xasprintf("%s/%s.json", s->dir.profiles, hone_hash_text(hash, a->hash));
	hone_training_hash(t, wanted);
	kept = hone_training_memory_read(hone_workdir_profile_files(&s->dir), path, &m);
	if (kept && t.n && strcmp(m.workloads, wanted) != 0) {
		hone_training_memory_release(&m);
		kept = false;
	}
	if (kept) {
		profile = hone_path_join(hone_workdir_profile_files(&s->dir), m.file);
		error = check_content(profile, &damage);
		if (!error)
			error = hone_profdata_read(s->toolchain, profile, ret, &damage);
		if (error == HONE_E_FAILED) {
			/* Damaged since: it is made again. */
			free(HONE_TAKE(profile));
			hone_training_memory_release(&m);
			kept = false;
			error = 0;
		}
		if (error)
			hone_err_move(err, &damage);
	}
	if (!error && !kept && !t.n) {
		if (damage.msg)
			hone_err_set(err, HONE_E_USAGE,
				"there is nothing to train with, and the profile from before "
				"cannot be used: %s",
				damage.msg);
		else
			hone_err_set(err, HONE_E_USAGE,
				"there is nothing to train with, and no profile from before");
		return hone_err_hint(err, "say what the program does all day: --train 'ARGS', or "
					  "workloads in hone.toml");
	}
	if (!error && !kept) {
		error = gather(s, a, t, live, &m, err);
		if (!error)
			error = hone_training_memory_write(path, &m, err);
		if (!error) {
			profile = hone_path_join(hone_workdir_profile_files(&s->dir), m.file);
			error = hone_profdata_read(s->toolchain, profile, ret, err);
		}
	}
	if (!error && !ret->n_executed) {
		hone_profdata_release(ret);
		error = hone_err_set(err, HONE_E_FAILED,
			"the profile is empty: the training executed nothing of the program");
	}
	if (!error) {
		if (!t.again)
			say(s, ret, &m, kept);
		to->script = t.n ? hone_train_script(t.workloads, t.n, s->project->workspace_root)
				 : HONE_TAKE(m.script);
	}
	hone_training_memory_release(&m);
	return error;
}

/* Builds the instrumented program and finds its profile. */
static int instrument(const struct hone_session *s, const struct hone_plan *plan,
	struct hone_training training, struct lesson *ret, struct hone_err *err)
{
	hone_auto_free char *name = hone_xasprintf("%s, instrumented%s", plan->candidate->name,
		training.again ? ", with its levels" : "");
	struct hone_build_watch watch;
	struct hone_artifact *a = NULL;
	int error;

	watch = hone_events_building(s->events, name, 1, 1);
	error = hone_artifact_build(plan->instrument, &s->env, &s->dir, NULL, &watch, &a, err);
	hone_events_settled(s->events);
	if (error)
		return error;
	hone_events_built(s->events, a);
	error = hone_artifact_finish(a, err);
	if (!error)
		error = find_profile(s, a, training, hone_plan_keeps_counters(plan), ret, err);
	hone_artifact_free(a);
	return error;
}

static bool has_service(struct hone_training t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.workloads[i].service)
			return true;
	return false;
}

/* A server is ended by a signal, and so are the children of some programs: they leave a profile only when
 * the counters lie in the file all the time. That a recipe needs it is remembered by an empty file, for
 * commands that are given no workloads. */
static int learn(const struct hone_session *s, const struct hone_plan *plan,
	struct hone_training training, struct lesson *ret, struct hone_err *err)
{
	hone_auto_free char *mark =
		hone_xasprintf("%s/%s.kept", s->dir.profiles, plan->instrument->key);
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	bool marked = hone_fs_exists(mark);
	int error = 0;

	if (has_service(training) || marked || hone_plan_keeps_counters(plan)) {
		error = hone_plan_keep_counters(&s->env, plan, &ret->plan, err);
	} else {
		error = instrument(s, plan, training, ret, &why);
		if (!error)
			return 0;
		if (error != HONE_E_NOT_FOUND || !training.n)
			return hone_err_move(err, &why);
		error = hone_plan_keep_counters(&s->env, plan, &ret->plan, err);
		if (error)
			return error;
		if (!ret->plan) /* this LLVM cannot */
			return hone_err_move(err, &why);
		hone_events_note(s->events,
			"%s: its processes end by a signal, or go on in the background, where they "
			"are stopped; again, with counters that are kept in a file while they run",
			why.msg);
	}
	if (!error)
		error = instrument(s, ret->plan ? ret->plan : plan, training, ret, err);
	if (!error && ret->plan)
		error = hone_fs_write(mark, HONE_VIEW(""), 0666, err);
	return error;
}

int hone_train_profile(const struct hone_session *s, const struct hone_plan *plan,
	struct hone_training training, struct hone_profdata *ret, struct hone_err *err)
{
	struct lesson l = {0};
	int error = learn(s, plan, training, &l, err);

	if (!error) {
		*ret = l.profile;
		l.profile = (struct hone_profdata){0};
	}
	forget(&l);
	return error;
}

/* From a plan by its training to the next one. */
static int next_plan(const struct hone_session *s, const struct hone_plan *plan,
	struct hone_training training, const struct hone_plan **ret_plan, struct hone_err *err)
{
	struct lesson l = {0};
	int error = learn(s, plan, training, &l, err);

	if (!error && s->dir.ahead && s->dir.ahead->counted)
		s->dir.ahead->counted();
	if (!error)
		error = hone_plan_use_profile(&s->env, l.plan ? l.plan : plan,
			&(struct hone_learnt){&l.profile, l.script}, ret_plan, err);
	forget(&l);
	return error;
}

/* A plan with an instrumented one. */
static int train(const struct hone_session *s, const struct hone_plan **plan,
	struct hone_training training, struct hone_err *err)
{
	const struct hone_plan *first = *plan, *trained = NULL, *again = NULL;
	int error = hone_session_can_run(s, training.workloads, training.n, err);

	if (!error)
		error = next_plan(s, first, training, &trained, err);
	if (!error)
		again = hone_plan_make_recount(&s->env, trained);
	if (again) {
		hone_plan_free(trained);
		trained = NULL;
		training.again = true;
		error = next_plan(s, again, training, &trained, err);
		hone_plan_free(again);
	}
	if (error)
		return error;
	for (size_t i = first->notes.n; i < trained->notes.n; i++)
		hone_events_note(s->events, "%s: %s", first->candidate->name, trained->notes.v[i]);
	hone_plan_free(first);
	*plan = trained;
	return 0;
}

int hone_train_plan(const struct hone_session *s, const struct hone_plan **plan,
	struct hone_training training, struct hone_err *err)
{
	int error = hone_allocator_prepare(s, plan, err);

	/* One that is trained already keeps its instrumented plan. */
	if (!error && (*plan)->instrument && !(*plan)->trained)
		error = train(s, plan, training, err);
	return error ? error : hone_bolt_prepare(s, plan, training, err);
}

void hone_train_say(
	const struct hone_session *s, const struct hone_plan *plan, const struct hone_artifact *a)
{
	hone_auto_free char *text = hone_profile_use_text(plan, &a->used);

	if (*text)
		hone_events_status(
			s->events, "Used", "the profile in %s: %s", plan->candidate->name, text);
}

static void free_workloads(struct hone_workload *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hone_workload_release(&list[i]);
	free(list);
}

int hone_train_check_options(const struct hone_session *s, const struct hone_plan *plan,
	const struct hone_strv *lines, struct hone_err *err)
{
	struct hone_workload *list = NULL;
	size_t n = 0;
	int error;

	if (!hone_plan_learns(plan))
		return 0;
	error = hone_train_options(lines, &list, &n, err);
	if (!error)
		error = hone_session_can_run(s, list, n, err);
	free_workloads(list, n);
	return error;
}

int hone_train_with_options(const struct hone_session *s, const struct hone_plan **plan,
	const struct hone_strv *lines, struct hone_err *err)
{
	struct hone_workload *list = NULL;
	struct hone_training t;
	size_t n = 0;
	int error = hone_allocator_prepare(s, plan, err);

	if (error || !hone_plan_learns(*plan))
		return error;
	error = hone_train_options(lines, &list, &n, err);
	t = hone_training_pick(list, n, NULL, true);
	if (!error)
		error = hone_train_plan(s, plan, t, err);
	if (error == HONE_E_USAGE && !n) {
		/* No profile is kept: then the project's own workloads, as try would. */
		hone_auto_err struct hone_err why = HONE_ERR_INIT;

		free(list);
		list = NULL;
		error = hone_session_workloads(s, &list, &n, &why);
		free(t.workloads);
		t = hone_training_pick(list, n, NULL, false);
		if (error)
			hone_err_move(err, &why);
		else if (!t.n)
			error = err->code;
		else {
			hone_err_release(err);
			error = hone_train_plan(s, plan, t, err);
		}
	}
	free(t.workloads);
	free_workloads(list, n);
	return error;
}
