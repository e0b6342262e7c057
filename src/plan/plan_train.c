/* Candidates with train.* settings: an instrumented build with the very same profile keys, since cargo
 * puts these into every symbol's name and the profile knows functions by their symbols; then the build
 * that uses what the first one learnt. */
#include "plan_impl.h"
#include "num.h"
#include "profdata.h"

#include <string.h>

/* Where profiles go is said by LLVM_PROFILE_FILE, for every run. The value is for build scripts, as the cc crate
 * stops at a flag that could have one and has none; and no place, so that a program which lost the variable
 * leaves no files where it happens to be. */
#define GENERATE "-Cprofile-generate=/dev/null"

/* What a train.* setting says, or NULL when it is off or absent. */
static const struct hone_assign *training(
	const struct hone_candidate *candidate, enum hone_setting_id id)
{
	const struct hone_assign *a = hone_candidate_get(candidate, id, NULL);

	return a && strcmp(a->value, "\"off\"") != 0 ? a : NULL;
}

bool hone_plan_trains(const struct hone_candidate *candidate)
{
	return training(candidate, HONE_SET_TRAIN_PGO) || training(candidate, HONE_SET_TRAIN_HOT);
}

/* Options of LLVM that the final crate alone is given change the shape of its functions even before they are
 * counted: without them there the profile would not fit it. */
static void copy_llvm_options(const struct hone_plan *plan, struct hone_plan *first)
{
	for (size_t i = 0; i < plan->rustc_args.n; i++)
		if (hone_starts(plan->rustc_args.v[i], HONE_LLVM_ARGS))
			hone_strv_push(&first->rustc_args, plan->rustc_args.v[i]);
}

/* The binary is named always, as `cargo rustc` has it: else it would be another build for who has flags of its own. */
static void copy_command(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_plan *first)
{
	const struct hone_target *target = env->project->target;
	bool names = !hone_strv_has(&plan->command, "--bin") && target->kind == HONE_KIND_BIN;

	hone_strv_push(&first->command,
		first->rustc_args.n || hone_strv_has(&plan->command, "--crate-type") ? "rustc"
										     : "build");
	for (size_t i = 1; i < plan->command.n; i++) {
		hone_strv_push(&first->command, plan->command.v[i]);
		if (!names || strcmp(plan->command.v[i - 1], "-p") != 0)
			continue;
		hone_strv_push(&first->command, "--bin");
		hone_strv_push(&first->command, target->name);
		names = false;
	}
}

/* The build that counts. What is inlined before counting decides which functions can be hot, so it has the candidate's
 * options of LLVM from the first time on: hexyl's best-balanced needs 2 % more instructions without. */
static int make_counting(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_plan **ret, struct hone_err *err)
{
	struct hone_plan *first = HONE_NEW(struct hone_plan);
	int error = 0;

	first->candidate = plan->candidate;
	copy_llvm_options(plan, first);
	copy_command(env, plan, first);
	for (size_t i = 0; i < plan->n_keys; i++)
		hone_plan_add_key(
			first, plan->keys[i].setting, plan->keys[i].package, plan->keys[i].value);
	hone_strv_copy(&first->graph, &plan->graph);
	hone_strv_push(&first->graph, GENERATE);
	if (hone_plan_builds_std(plan->candidate))
		error = hone_plan_add_profiler(env, first, err);
	hone_strv_copy(&first->graph_before, &plan->graph_before);
	first->graph_key = hone_xstrdup(plan->graph_key);
	*ret = hone_plan_finish(env, first);
	return error;
}

/* "99" of train.hot, as a share: 0.99. HONE_E_USAGE. */
static int hot_share(const char *toml, double *ret_share, struct hone_err *err)
{
	struct hone_view v = hone_view_of(toml);

	v = hone_view_sub(v, 1, v.n - 1);
	if (hone_view_ends(v, "%"))
		v.n--;
	if (!hone_parse_f64(v, ret_share) || *ret_share <= 0 || *ret_share > 100)
		return hone_err_set(err, HONE_E_USAGE,
			"train.hot takes \"off\" or a percentage above 0 and at most 100, not %s",
			toml);
	*ret_share /= 100;
	return 0;
}

/* Will there be a plan that counts again (hone_plan_make_recount)? */
static bool needs_recount(const struct hone_candidate *candidate)
{
	return training(candidate, HONE_SET_TRAIN_PGO) && training(candidate, HONE_SET_TRAIN_HOT);
}

int hone_plan_add_instrument(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	const struct hone_assign *hot = training(plan->candidate, HONE_SET_TRAIN_HOT);
	hone_auto_free char *tool = NULL;
	double share;
	int error = hone_profdata_tool(env->toolchain, &tool, err);

	if (!error && hot)
		error = hot_share(hot->value, &share, err);
	if (!error)
		error = make_counting(env, plan, &plan->instrument, err);
	if (!error && needs_recount(plan->candidate))
		error = make_counting(env, plan, &plan->recount, err);
	return error;
}

bool hone_plan_keeps_counters(const struct hone_plan *plan)
{
	return hone_strv_has(
		&plan->instrument->graph, HONE_LLVM_ARGS "-runtime-counter-relocation");
}

/* Continuous mode maps the counters from the file, which takes a relocation of them; the record of values
 * (targets of indirect calls) is only written at the end, and a file that announces one without having it
 * is taken for truncated. Source: compiler-rt, InstrProfilingFile.c. */
int hone_plan_keep_counters(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_plan **ret_plan, struct hone_err *err)
{
	static const char *const options[] = {"runtime-counter-relocation", "disable-vp"};
	bool keeps = hone_plan_keeps_counters(plan);
	struct hone_plan *first, *again, *copy;

	*ret_plan = NULL;
	for (size_t i = 0; !keeps && i < HONE_COUNT(options); i++) {
		bool known;
		int error = hone_toolchain_llvm_option(
			env->toolchain, hone_view_of(options[i]), &known, err);

		if (error || !known)
			return error;
	}
	first = hone_plan_copy(plan->instrument, NULL);
	copy = hone_plan_copy(plan, first);
	again = plan->recount ? hone_plan_copy(plan->recount, NULL) : NULL;
	for (size_t i = 0; !keeps && i < HONE_COUNT(options); i++) {
		hone_strv_pushf(&first->graph, HONE_LLVM_ARGS "-%s", options[i]);
		if (again)
			hone_strv_pushf(&again->graph, HONE_LLVM_ARGS "-%s", options[i]);
	}
	hone_plan_finish(env, first);
	if (again) {
		hone_plan_free(copy->recount);
		copy->recount = hone_plan_finish(env, again);
	}
	*ret_plan = hone_plan_finish(env, copy);
	return 0;
}

/* cargo gives build scripts all flags in one variable, and the kernel takes none of more than 128 KiB; some of it
 * is left for flags of the user's. Source: Linux, MAX_ARG_STRLEN. */
#define FLAGS_ROOM ((size_t)124 << 10)

/* rustc takes several options of LLVM in one, with blanks between them. */
#define OPTIONS "-Cllvm-args="
#define REMOVE "-force-remove-attribute="
#define REMOVED_AT_ONCE 64
/* LLVM takes what is marked minsize for optsize, too: hexyl's best-balanced-bold has the same bytes with one mark and
 * with both. Source: LLVM, Function::hasOptSize. */
#define SIZE "minsize"

static size_t room_used(const struct hone_plan *plan)
{
	size_t used = 0;

	for (size_t i = 0; i < plan->graph.n; i++)
		used += strlen(plan->graph.v[i]) + 1;
	return used;
}

/* How many of these functions can be told beside flags of so many bytes, to which it adds theirs; a byte of each pays for
 * OPTIONS. */
static size_t that_fit(size_t *used, const struct hone_strv *names)
{
	size_t n = 0;

	for (; n < names->n; n++) {
		size_t more = strlen(" " REMOVE) + strlen(names->v[n]) + strlen(":" SIZE) + 1;

		if (*used + more > FLAGS_ROOM)
			break;
		*used += more;
	}
	return n;
}

static void keep_first(struct hone_strv *names, size_t n)
{
	while (names->n > n)
		free(names->v[--names->n]);
}

static void spare(struct hone_plan *plan, const struct hone_strv *names)
{
	hone_auto_buf struct hone_buf flag = HONE_BUF_INIT;

	for (size_t i = 0; i < names->n; i++) {
		hone_buf_addf(&flag, "%s" REMOVE "%s:" SIZE, flag.n ? " " : OPTIONS, names->v[i]);
		if (i + 1 == names->n || (i + 1) % REMOVED_AT_ONCE == 0)
			hone_strv_take(&plan->graph, hone_buf_detach(&flag));
	}
}

/* The share that fits where that is less than what was asked for. */
static void fit(struct hone_plan *plan, const struct hone_assign *hot,
	const struct hone_profdata *profile, size_t *used)
{
	size_t n = that_fit(used, &plan->hot), wanted = plan->hot.n;

	if (n == wanted)
		return;
	plan->hot_share = hone_profdata_share(profile, n);
	hone_strv_pushf(&plan->notes,
		"train.hot=%s: the flags of its %zu hot functions are more than the %zu kB that "
		"cargo can pass on; the hottest %zu are compiled for speed, which hold at least "
		"%.1f %% of all that was executed",
		hot->value, wanted, FLAGS_ROOM >> 10, n, 100 * plan->hot_share);
	keep_first(&plan->hot, n);
}

void hone_plan_check_near(struct hone_plan *plan, const struct hone_assign *a)
{
	if (a->setting->id == HONE_SET_TRAIN_NEAR &&
		training(plan->candidate, HONE_SET_TRAIN_NEAR) &&
		!training(plan->candidate, HONE_SET_TRAIN_HOT))
		hone_plan_leave_out(plan, a->setting, "train.hot is off, so nothing is hot");
}

bool hone_plan_near_crates(const struct hone_plan *plan)
{
	const struct hone_assign *near = training(plan->candidate, HONE_SET_TRAIN_NEAR);

	return near && strcmp(near->value, "\"crate\"") == 0;
}

/* What the hot functions have left of the room. */
static void add_near(struct hone_plan *plan, const struct hone_profdata *profile, size_t used)
{
	const struct hone_assign *near = training(plan->candidate, HONE_SET_TRAIN_NEAR);
	size_t n, wanted;

	if (!near)
		return;
	hone_plan_find_near(profile, &plan->hot, hone_plan_near_crates(plan), &plan->near);
	wanted = plan->near.n;
	n = that_fit(&used, &plan->near);
	keep_first(&plan->near, n);
	if (n < wanted)
		hone_strv_pushf(&plan->notes,
			"train.near=%s: the flags of %zu functions near hot ones are more than the "
			"%zu kB that cargo can pass on; the first %zu, of the hottest modules, are "
			"compiled for speed",
			near->value, wanted, FLAGS_ROOM >> 10, n);
	spare(plan, &plan->near);
	hone_strv_sort(&plan->near);
}

/* Everything is marked for size, then the mark is taken off the hot functions. It acts where a crate is
 * compiled, so the prebuilt std keeps its own level. */
static int add_levels(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *hot, const struct hone_profdata *profile, struct hone_err *err)
{
	struct hone_strv *names = &plan->hot;
	bool forces = false, removes = false;
	double share;
	size_t used;
	int error = hot_share(hot->value, &share, err);

	if (!error)
		error = hone_toolchain_llvm_option(
			env->toolchain, HONE_VIEW("force-attribute"), &forces, err);
	if (!error)
		error = hone_toolchain_llvm_option(
			env->toolchain, HONE_VIEW("force-remove-attribute"), &removes, err);
	if (error)
		return error;
	if (!forces || !removes) {
		hone_plan_leave_out(plan, hot->setting,
			"the LLVM of rustc %s cannot force attributes on functions",
			env->toolchain->rustc_version);
		return 0;
	}
	plan->levels = true;
	plan->levels_at = plan->graph.n;
	plan->hot_share = share;
	hone_profdata_hot(profile, share, names);
	hone_strv_push(&plan->graph, "-Cllvm-args=-force-attribute=" SIZE);
	used = room_used(plan);
	if (training(plan->candidate, HONE_SET_TRAIN_NEAR))
		plan->near_room = used < FLAGS_ROOM ? FLAGS_ROOM - used : 1;
	fit(plan, hot, profile, &used);
	spare(plan, names);
	add_near(plan, profile, used);
	hone_strv_sort(names);
	return 0;
}

static void take_numbers(struct hone_plan *plan, const struct hone_profdata *profile)
{
	plan->profile_functions = profile->n_functions;
	plan->profile_executed = profile->n_executed;
	hone_strv_release(&plan->functions);
	hone_strv_copy(&plan->functions, &profile->names);
	hone_strv_sort(&plan->functions);
}

const struct hone_plan *hone_plan_make_recount(
	const struct hone_build_env *env, const struct hone_plan *plan)
{
	struct hone_plan *first, *copy;

	if (!plan->levels || !plan->profile)
		return NULL;
	first = hone_plan_copy(plan->recount, NULL);
	for (size_t i = plan->levels_at; i < plan->graph.n; i++)
		hone_strv_push(&first->graph, plan->graph.v[i]);
	copy = hone_plan_copy(plan, hone_plan_finish(env, first));
	return hone_plan_finish(env, copy);
}

int hone_plan_use_profile(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_learnt *learnt, const struct hone_plan **ret_plan, struct hone_err *err)
{
	const struct hone_assign *pgo = training(plan->candidate, HONE_SET_TRAIN_PGO);
	const struct hone_assign *hot = training(plan->candidate, HONE_SET_TRAIN_HOT);
	struct hone_plan *p = hone_plan_copy(plan, hone_plan_copy(plan->instrument, NULL));
	int error = 0;

	if (pgo && !plan->trained)
		error = hone_plan_add_flags(env, p, pgo, &p->graph, err);
	if (pgo) {
		free(p->profile);
		p->profile = hone_xstrdup(learnt->profile->path);
	}
	free(p->training);
	p->training = learnt->training ? hone_xstrdup(learnt->training) : NULL;
	take_numbers(p, learnt->profile);
	if (!error && hot && !plan->trained)
		error = add_levels(env, p, hot, learnt->profile, err);
	if (error) {
		hone_plan_free(p);
		return error;
	}
	p->trained = true;
	*ret_plan = hone_plan_finish(env, p);
	return 0;
}
