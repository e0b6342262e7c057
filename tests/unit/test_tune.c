/* Searches by the engine's headers, with a fake cargo whose program costs what the test says of each setting: what is found,
 * in which order, where it ends, and what of it is built again. */
#include "proc.h"
#include "tune.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_project.h"

/* An lld of rustc's LLVM, as rustup's toolchains bring one: not every machine has another. */
static void put_lld(void)
{
	static const char dir[] = "sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin/gcc-ld";
	hone_auto_free char *path = in_scratch(dir);

	assert_int_equal(hone_fs_mkdirs(path, NULL), 0);
	write_program("sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin/gcc-ld/ld.lld",
		"#!/bin/sh\necho 'LLD 22.1.2 (compatible with GNU linkers)'\n");
}

static int set_up_tune(void **state)
{
	hone_auto_free char *options = NULL;
	int error = set_up(state);

	if (error)
		return error;
	build_elf();
	options = in_scratch("llvm-options");
	put_file(options, "  --force-attribute=<string> - a\n  --inline-threshold=<int> - b\n");
	put_lld();
	return 0;
}

static void put_sizes(const char *text)
{
	hone_auto_free char *path = in_scratch("sizes");
	hone_auto_free char *all = hone_xasprintf("20000 release\n%s", text);

	put_file(path, all);
}

/* What a search found; done() releases it. */
struct search {
	struct hone_session s;
	struct hone_result_tune found;
	struct hone_err err;
};

static int search_with(
	struct search *x, const struct hone_tune_request *r, const struct hone_events *events)
{
	*x = (struct search){.s = HONE_SESSION_INIT, .err = HONE_ERR_INIT};
	hone_buf_reset(&told);
	if (hone_session_open(
		    &opts, events, HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &x->s, &x->err))
		fail_msg("%s", x->err.msg);
	return hone_tune(&x->s, r, NULL, &x->found, &x->err);
}

/* keys: that alone are searched, with blanks between. */
static void search(struct search *x, struct hone_tune_request r, const char *keys)
{
	hone_auto_strv struct hone_strv only = HONE_STRV_INIT;

	assert_int_equal(hone_strv_split_words(&only, keys, NULL), 0);
	r.goal = HONE_GOAL_SMALL;
	r.only = &only;
	if (search_with(x, &r, &recorder))
		fail_msg("%s\n%s", x->err.msg, hone_buf_str(&told));
}

static void done(struct search *x)
{
	hone_result_tune_release(&x->found);
	hone_session_close(&x->s);
	hone_err_release(&x->err);
}

struct step {
	const char *what, *change;
	int64_t bytes; /* less than before */
};

static void assert_steps(const struct hone_result_tune *found, const struct step *want, size_t n)
{
	uint64_t now = found->baseline;

	for (size_t i = 0; i < found->steps.n; i++) {
		const struct hone_tune_step *s = &found->steps.v[i];

		if (i >= n || strcmp(s->what, want[i].what) != 0 ||
			strcmp(s->change, want[i].change) != 0)
			fail_msg("step %zu is \"%s\": \"%s\"", i, s->what, s->change);
		assert_int_equal(s->before, now);
		assert_int_equal((int64_t)s->before - (int64_t)s->after, want[i].bytes);
		now = s->after;
	}
	if (found->steps.n != n) {
		fputs(hone_buf_str(&told), stderr); /* longer than cmocka prints */
		fail_msg("%zu steps, not %zu", found->steps.n, n);
	}
	assert_int_equal(found->best, now);
}

static void assert_share(const struct hone_result_tune *found, const char *key, int64_t bytes)
{
	for (size_t i = 0; i < found->shares.n; i++)
		if (strcmp(found->shares.v[i].key, key) == 0) {
			assert_true(found->shares.v[i].known);
			assert_int_equal(found->shares.v[i].bytes, bytes);
			return;
		}
	fail_msg("%s has no share", key);
}

/* Why a candidate is out, or NULL: it came out. */
static const char *why_out(const struct hone_result_tune *found, const char *candidate)
{
	for (size_t i = 0; i < found->out.n; i++)
		if (strcmp(found->out.v[i].candidate, candidate) == 0)
			return found->out.v[i].reason;
	return NULL;
}

static bool was_built(const char *candidate)
{
	hone_auto_free char *line = hone_xasprintf("building %s,", candidate);

	return strstr(hone_buf_str(&told), line) != NULL;
}

/* ---- the smallest file */

static void whole_search(void **state)
{
	static const char *const lines[] = {"status Planned: known recipes, 3 links, ",
		"live known recipes", "building baseline, 1 of 1", "settled",
		"building smallest, 2 of 6", "building smallest,opt-level=\"s\", 6 of 6",
		" so far: bytes   ratio  candidate",
		"status Better: known recipes: ", "status Expected: about ", "live best so far ",
		"status Tried: links: nothing better", "live best so far ",
		"building smallest,opt-level=2, 2 of 3", "status Tried: one setting after another",
		"live best so far ", "building smallest,package.\"prog\".opt-level=\"s\", ",
		"status Better: levels for packages: ", "live best so far ", "live best so far ",
		"status Better: settings that are worth nothing here: ", "settled", NULL};
	static const struct step steps[] = {
		{"known recipes",
			"opt-level=\"z\", lto=\"fat\", codegen-units=1, panic=\"abort\", "
			"strip=\"symbols\", rustc.ext-tsp-size=\"on\", "
			"rustc.min-jump-table-entries=16, rustc.compact=\"on\", "
			"link.minsize=\"all\"",
			6000},
		{"levels for packages",
			"package.\"dep\".opt-level=\"s\", package.\"prog\".opt-level=\"s\"",
			149 + 99},
		{"settings that are worth nothing here",
			"codegen-units unset, panic unset, strip unset, rustc.ext-tsp-size unset, "
			"rustc.min-jump-table-entries unset, rustc.compact unset",
			0},
	};
	struct hone_tune_request r = {.goal = HONE_GOAL_SMALL};
	hone_auto_strv struct hone_strv skip = HONE_STRV_INIT;
	struct search x;

	(void)state;
	put_sizes("-3000 release.opt-level=\"z\"\n-2000 lto\n-1000 link-arg\n");
	/* What not every machine has. */
	hone_strv_push(&skip, "link.icf");
	hone_strv_push(&skip, "link.linker");
	r.skip = &skip;
	if (search_with(&x, &r, &recorder))
		fail_msg("%s\n%s", x.err.msg, hone_buf_str(&told));
	assert_told(lines);
	assert_non_null(strstr(hone_buf_str(&told), "  smallest\n")); /* a row of it */
	assert_string_equal(x.found.goal, "small");
	assert_string_equal(x.found.metric, "size");
	assert_string_equal(x.found.name, "tuned-small");
	assert_steps(&x.found, steps, HONE_COUNT(steps));
	assert_string_equal(x.found.recipe,
		"opt-level=\"z\",package.\"dep\".opt-level=\"s\","
		"package.\"prog\".opt-level=\"s\",lto=\"fat\",link.minsize=\"all\"");
	assert_string_equal(x.found.fixed, "smallest");
	assert_int_equal(x.found.baseline - x.found.fixed_cost, 6000);
	assert_null(x.found.ended);
	assert_int_equal(x.found.shares.n, 5);
	assert_share(&x.found, "opt-level", 3000);
	/* link.minsize comes to nothing without LTO. */
	assert_share(&x.found, "lto", 3000);
	assert_share(&x.found, "link.minsize", 1000);
	assert_share(&x.found, "package.\"dep\".opt-level", 149);
	assert_share(&x.found, "package.\"prog\".opt-level", 99);
	/* That one does not build is no error. */
	assert_int_equal(x.found.out.n, 1);
	assert_non_null(strstr(why_out(&x.found, "smallest,opt-level=2"), "level 2 is broken"));
	done(&x);
}

/* What gained alone is tried together; a captured link compiles nothing. */
static void links_that_gain(void **state)
{
	static const struct step steps[] = {
		{"links", "link.build-id=\"none\", link.hash-style=\"gnu\"", 500}};
	struct search x;

	(void)state;
	put_sizes("-300 --hash-style=gnu\n-200 --build-id=none\n");
	search(&x, (struct hone_tune_request){0}, "link.build-id link.hash-style");
	assert_steps(&x.found, steps, 1);
	assert_string_equal(x.found.recipe, "link.build-id=\"none\",link.hash-style=\"gnu\"");
	assert_share(&x.found, "link.hash-style", 300);
	assert_share(&x.found, "link.build-id", 200);
	/* The baseline, each value, both, and what is left once more beside both. */
	assert_int_equal(x.found.candidates, 1 + 3 + 1 + 1);
	assert_int_equal(x.found.builds, 1);
	done(&x);
}

/* What spoils another is left out of what is taken together. */
static void link_that_is_best_alone(void **state)
{
	static const struct step steps[] = {{"links", "link.hash-style=\"gnu\"", 300}};
	struct search x;

	(void)state;
	put_sizes("-300 --hash-style=gnu\n-200 --build-id=none\n400 "
		  "--build-id=none*--hash-style=gnu\n"
		  "400 --hash-style=gnu*--build-id=none\n");
	search(&x, (struct hone_tune_request){0}, "link.build-id link.hash-style");
	assert_steps(&x.found, steps, 1);
	assert_true(was_built("baseline,link.build-id=\"none\",link.hash-style=\"gnu\""));
	done(&x);
}

/* Two values that cost alone and gain together. */
static void pairs_mend_each_other(void **state)
{
	static const struct step steps[] = {
		{"pairs of settings", "lto=\"thin\", rustc.inline-threshold=0", 2980}};
	struct search x;

	(void)state;
	put_sizes("10 lto=\"thin\"\n500 lto=\"fat\"\n500 lto=true\n500 inline-threshold\n"
		  "-490 inline-threshold=0\n-3000 lto=\"thin\"*inline-threshold=0\n");
	search(&x, (struct hone_tune_request){0}, "lto rustc.inline-threshold");
	assert_steps(&x.found, steps, 1);
	assert_share(&x.found, "lto", 2990);
	assert_share(&x.found, "rustc.inline-threshold", 2990);
	done(&x);
}

/* The descent takes the best value of each setting, and goes through all of them once more. */
static void one_setting_after_another(void **state)
{
	static const struct step steps[] = {{"known recipes", "lto=\"fat\"", 900},
		{"lto", "lto=\"thin\"", 100},
		{"rustc.inline-threshold", "rustc.inline-threshold=25", 800},
		{"lto", "lto=\"fat\"", 500}};
	struct search x;

	(void)state;
	put_sizes("5000 opt-level=\"z\"\n5000 codegen-units\n-1000 lto=\"thin\"\n-900 lto=\"fat\"\n"
		  "-800 inline-threshold=25\n-600 lto=\"fat\"*inline-threshold=25\n");
	search(&x, (struct hone_tune_request){0}, "lto rustc.inline-threshold");
	assert_steps(&x.found, steps, HONE_COUNT(steps));
	assert_string_equal(x.found.recipe, "lto=\"fat\",rustc.inline-threshold=25");
	assert_non_null(strstr(hone_buf_str(&told), ",lto=\"thin\",rustc.inline-threshold=75,"));
	done(&x);
}

/* ---- what earlier searches built, limits */

static void second_search_builds_nothing(void **state)
{
	struct search first, second;

	(void)state;
	put_sizes("-300 lto\n-200 inline-threshold=40\n");
	search(&first, (struct hone_tune_request){0}, "lto rustc.inline-threshold");
	assert_true(first.found.builds > 8);
	hone_session_close(&first.s);
	search(&second, (struct hone_tune_request){0}, "lto rustc.inline-threshold");
	assert_int_equal(second.found.builds, 0);
	assert_int_equal(second.found.candidates, 0);
	assert_non_null(strstr(hone_buf_str(&told), " of them there already\n"));
	assert_string_equal(first.found.recipe, second.found.recipe);
	assert_int_equal(first.found.best, second.found.best);
	assert_int_equal(first.found.steps.n, second.found.steps.n);
	hone_result_tune_release(&first.found);
	done(&second);
}

/* Where the builds end the best so far is told, and the next search goes on from there. */
static void limit_of_builds(void **state)
{
	struct search x;

	(void)state;
	put_sizes("-200 release.opt-level=\"z\"\n-100 inline-threshold=75\n");
	search(&x, (struct hone_tune_request){.builds = 4}, "opt-level rustc.inline-threshold");
	assert_non_null(strstr(hone_buf_str(&told), "; at most 4 that compile something\n"));
	assert_string_equal(x.found.ended, "builds");
	assert_int_equal(x.found.builds, 4);
	assert_int_equal(x.found.baseline - x.found.best, 200);
	assert_string_equal(x.found.recipe, "opt-level=\"z\"");
	assert_int_equal(x.found.shares.n, 1); /* the baseline is it without that */
	assert_share(&x.found, "opt-level", 200);
	done(&x);
	search(&x, (struct hone_tune_request){.builds = 4}, "opt-level rustc.inline-threshold");
	assert_int_equal(x.found.builds, 4);
	done(&x);
	search(&x, (struct hone_tune_request){0}, "opt-level rustc.inline-threshold");
	assert_int_equal(x.found.baseline - x.found.best, 300 + 149 + 99);
	assert_non_null(strstr(hone_buf_str(&told), " of them there already"));
	done(&x);
}

static void limit_of_time(void **state)
{
	static const char *const lines[] = {"status Planned: ", "building baseline, 1 of 1",
		"note the budget is over by ", NULL};
	struct search x;

	(void)state;
	put_sizes("-200 lto\n");
	search(&x, (struct hone_tune_request){.budget_s = 1e-6}, "lto");
	assert_told(lines);
	assert_non_null(strstr(hone_buf_str(&told), ": building baseline took "));
	assert_non_null(strstr(hone_buf_str(&told), "; ends after 1000 ns\n"));
	assert_string_equal(x.found.ended, "budget");
	assert_int_equal(x.found.candidates, 1);
	assert_string_equal(x.found.recipe, "");
	assert_int_equal(x.found.best, x.found.baseline);
	assert_null(x.found.fixed);
	done(&x);
}

/* Where builds take less than the first one made it seem, what did not seem to fit is built all the same. */
static void estimate_too_long(void **state)
{
	hone_auto_free char *slow = in_scratch("slow");
	struct search x;

	(void)state;
	put_file(slow, "3");
	put_sizes("-100 release.opt-level=\"z\"\n-300 inline-threshold=75\n");
	search(&x, (struct hone_tune_request){.budget_s = 15},
		"opt-level lto codegen-units rustc.inline-threshold");
	assert_null(x.found.ended);
	assert_int_equal(x.found.baseline - x.found.best, 300 + 100 + 149 + 99);
	done(&x);
}

static void quick_search(void **state)
{
	struct search x;

	(void)state;
	put_sizes("-100 release.opt-level=\"z\"\n-300 --hash-style=gnu\n-500 inline-threshold\n");
	search(&x, (struct hone_tune_request){.quick = true},
		"opt-level link.hash-style rustc.inline-threshold");
	assert_string_equal(x.found.recipe, "opt-level=\"z\",link.hash-style=\"gnu\"");
	assert_null(strstr(hone_buf_str(&told), "inline-threshold"));
	assert_share(&x.found, "link.hash-style", 300);
	/* A whole build more, which a quick search does not have. */
	assert_string_equal(x.found.shares.v[0].key, "opt-level");
	assert_false(x.found.shares.v[0].known);
	assert_null(x.found.shares.v[0].why);
	done(&x);
}

/* Ctrl-C while the third candidate is built. */
static void on_third(void *ctx, const char *name, size_t at, size_t n)
{
	on_building(ctx, name, at, n);
	if (at == 3)
		assert_int_equal(raise(SIGINT), 0);
}

static void interrupted_search(void **state)
{
	struct hone_events events = recorder;
	struct search x;

	(void)state;
	put_sizes("-300 opt-level=\"z\"\n");
	events.building = on_third;
	assert_int_equal(
		search_with(&x, &(struct hone_tune_request){.goal = HONE_GOAL_SMALL}, &events),
		HONE_E_INTERRUPTED);
	assert_string_equal(x.found.ended, "interrupted");
	assert_non_null(x.found.recipe);
	assert_true(x.found.baseline >= x.found.best && x.found.best > 0);
	assert_int_equal(x.found.shares.n, 0);
	done(&x);
}

/* ---- what may be in the result */

static void pins_are_in_every_candidate(void **state)
{
	struct hone_candidate *pins = NULL;
	struct search x;

	(void)state;
	put_sizes("-100 lto\n50 panic=\"abort\"\n20 strip\n");
	assert_int_equal(hone_candidate_parse("panic=abort,strip=debuginfo", &pins, NULL), 0);
	search(&x, (struct hone_tune_request){.pins = pins}, "lto panic strip");
	assert_string_equal(x.found.recipe, "lto=\"fat\",panic=\"abort\",strip=\"debuginfo\"");
	assert_int_equal(x.found.baseline - x.found.best, 100 - 50 - 20);
	assert_null(strstr(hone_buf_str(&told), "strip=\"symbols\""));
	/* That a pin costs bytes is told, and does not take it out. */
	assert_share(&x.found, "panic", -50);
	done(&x);
	hone_candidate_free(pins);
}

static void skipped_and_denied(void **state)
{
	static const struct hone_tune_request small = {.goal = HONE_GOAL_SMALL, .quick = true};
	hone_auto_strv struct hone_strv skip = HONE_STRV_INIT;
	struct hone_tune_request r = small;
	struct search x;

	(void)state;
	put_sizes("-100 release.opt-level=\"z\"\n-1000 panic\n-300 strip\n-50 link-arg\n");
	hone_strv_push(&skip, "opt-level");
	r.skip = &skip;
	r.denied = HONE_LABEL_DEBUG;
	assert_int_equal(search_with(&x, &r, &recorder), 0);
	assert_null(strstr(x.found.recipe, "opt-level"));
	assert_null(strstr(x.found.recipe, "strip=\"symbols\""));
	assert_non_null(strstr(x.found.recipe, "panic=\"abort\""));
	done(&x);
	/* A label has to be let in. */
	put_sizes("-500 relro\n");
	search(&x, (struct hone_tune_request){0}, "link.relro");
	assert_string_equal(x.found.recipe, "");
	assert_null(strstr(hone_buf_str(&told), "relro"));
	done(&x);
	search(&x, (struct hone_tune_request){.allowed = ~0U}, "link.relro");
	assert_non_null(strstr(hone_buf_str(&told), "relro"));
	done(&x);
}

/* ---- what is to be small */

static void other_metrics(void **state)
{
	struct search x;

	(void)state;
	put_sizes("-3000 lto\n");
	search(&x, (struct hone_tune_request){.metric = HONE_TUNE_STRIPPED}, "lto");
	assert_string_equal(x.found.metric, "stripped");
	assert_string_equal(x.found.recipe, "lto=\"fat\"");
	assert_int_equal(x.found.baseline - x.found.best, 3000);
	done(&x);
	/* Blanks compress well. */
	put_sizes("-15000 lto\n");
	for (enum hone_tune_metric m = HONE_TUNE_GZIP; m <= HONE_TUNE_ZSTD; m++) {
		search(&x, (struct hone_tune_request){.metric = m}, "lto");
		assert_string_equal(x.found.metric, hone_tune_metrics[m]);
		assert_true(x.found.baseline < 15000);
		done(&x);
	}
}

static void memory_of_a_hosted_program(void **state)
{
	const struct hone_tune_request r = {.goal = HONE_GOAL_SMALL, .metric = HONE_TUNE_RAM};
	struct search x;

	(void)state;
	put_sizes("");
	assert_int_equal(search_with(&x, &r, &recorder), HONE_E_USAGE);
	assert_string_equal(x.err.msg,
		"--metric ram is of programs without an operating system, and "
		"x86_64-unknown-linux-gnu has one");
	assert_int_equal(told.n, 0); /* before anything is built */
	done(&x);
}

static void baseline_that_does_not_build(void **state)
{
	hone_auto_free char *broken =
		hone_xasprintf("%s\n[profile.release]\nopt-level = 2\n", manifest);
	struct search x;

	(void)state;
	put_file(opts.manifest_path, broken);
	assert_int_equal(
		search_with(&x, &(struct hone_tune_request){.goal = HONE_GOAL_SMALL}, &recorder),
		HONE_E_FAILED);
	assert_non_null(strstr(x.err.msg, "level 2 is broken"));
	assert_null(x.found.recipe);
	done(&x);
}

/* ---- where time decides: a bench target that prints how long it took */

static int load_workloads(void *ctx, struct hone_try *t, struct hone_err *err)
{
	t->speed_measured = true;
	return hone_session_workloads(ctx, &t->workloads.v, &t->workloads.n, err);
}

/* The search, and what it found beside the baseline in fresh rounds. */
struct race {
	struct search x;
	struct hone_tune_request request;
	struct hone_try t;
};

static void race(struct race *r, bool balanced, const char *keys)
{
	hone_auto_free char *path = in_scratch("p/hone.toml");
	hone_auto_strv struct hone_strv only = HONE_STRV_INIT;
	const struct hone_try_request measure = {.measure = {.rounds = 20, .warmup = 1}};
	const struct hone_tune_runs runs = {load_workloads, &r->x.s, &measure};
	struct search *x = &r->x;

	put_file(path, "[[workload]]\nname = \"b\"\nkind = \"bench\"\nbench = \"speed\"\n"
		       "pattern = \"took ([0-9.]+ ms)\"\n");
	*r = (struct race){.x = {.s = HONE_SESSION_INIT, .err = HONE_ERR_INIT},
		.request = {.goal = HONE_GOAL_FAST, .balanced = balanced, .only = &only}};
	assert_int_equal(hone_strv_split_words(&only, keys, NULL), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &x->s);
	if (hone_tune(&x->s, &r->request, &runs, &x->found, &x->err))
		fail_msg("%s", x->err.msg);
}

static void prove(struct race *r)
{
	const struct hone_try_request measure = {.measure = {.rounds = 20, .warmup = 1}};
	struct search *x = &r->x;

	r->t.session = &x->s;
	if (load_workloads(&x->s, &r->t, &x->err) ||
		hone_tune_prove(&r->t, &x->found, &measure, &x->err))
		fail_msg("%s", x->err.msg);
}

static void race_done(struct race *r)
{
	hone_try_release(&r->t);
	done(&r->x);
}

static void assert_ratio(double have, double want)
{
	if (fabs(have - want) > 1e-9)
		fail_msg("%.12f, not %.12f", have, want);
}

/* Of the known recipes that with thin LTO leads; one setting otherwise takes the inliner besides. */
static void fastest(void **state)
{
	static const char *const lines[] = {"status Planned: known recipes",
		"status Racing: known recipes: 2 candidates", "building baseline, 1 of 3",
		"building baseline, bench target speed, 1 of 1", "quiet", "round 20",
		"status Fastest: baseline,lto=\"thin\",panic=\"abort\": 0.200 of the baseline's "
		"time",
		"status Racing: one setting otherwise: 4 candidates",
		"building baseline,lto=\"thin\",panic=\"abort\",rustc.inline-threshold=400, ",
		"status Fastest: baseline,lto=\"thin\",panic=\"abort\",rustc.inline-threshold=400: "
		"0.100 of the baseline's time",
		NULL};
	struct race r;
	const struct hone_result_tune *found = &r.x.found;

	(void)state;
	put_sizes("-5 release\n-15000 lto=\"fat\"\n-16000 lto=\"thin\"\n-2000 threshold=400\n");
	race(&r, false, "lto codegen-units panic rustc.inline-threshold");
	assert_told(lines);
	assert_string_equal(found->goal, "fast");
	assert_string_equal(found->metric, "time");
	assert_string_equal(
		found->recipe, "lto=\"thin\",panic=\"abort\",rustc.inline-threshold=400");
	assert_string_equal(found->fixed, "fast");
	assert_int_equal(found->steps.n, 2);
	assert_string_equal(found->steps.v[1].what, "one setting otherwise");
	assert_string_equal(found->steps.v[1].change, "rustc.inline-threshold=400");
	assert_ratio(found->steps.v[0].ratio, 0.2);
	assert_ratio(found->steps.v[1].ratio, 0.1);
	assert_true(found->candidates == 5);
	prove(&r);
	assert_int_equal(r.t.n, 3);
	assert_string_equal(r.t.trials[2].candidate->name, "tuned-fast");
	assert_true(hone_tune_settle(&r.request, &r.t, &r.x.found));
	/* Figures of the fresh rounds; a bench target prints the same in all of them. */
	assert_ratio(found->ratio, 0.1);
	assert_ratio(found->low, 0.1);
	assert_ratio(found->high, 0.1);
	assert_int_equal(found->baseline - found->best, 18000);
	race_done(&r);
}

/* Fat LTO is the smaller one, and within the margin of the fastest. */
static void balanced(void **state)
{
	struct race r;
	const struct hone_result_tune *found = &r.x.found;

	(void)state;
	put_sizes("-5 release\n-15000 lto=\"fat\"\n-14000 lto=\"thin\"\n"
		  "-900 --bench*lto=\"thin\"\n");
	race(&r, true, "lto codegen-units");
	assert_string_equal(found->goal, "balanced");
	assert_string_equal(found->recipe, "lto=\"fat\",codegen-units=1");
	prove(&r);
	assert_true(hone_tune_settle(&r.request, &r.t, &r.x.found));
	assert_int_equal(found->baseline - found->best, 15000);
	assert_ratio(found->ratio, 0.25);
	race_done(&r);
}

static void nothing_is_faster(void **state)
{
	struct race r;

	(void)state;
	put_sizes("3000 lto\n");
	race(&r, false, "lto");
	assert_string_equal(r.x.found.recipe, "");
	assert_string_equal(r.x.found.fixed, "fast");
	assert_int_equal(r.x.found.steps.n, 0);
	assert_null(strstr(hone_buf_str(&told), "one setting otherwise"));
	race_done(&r);
}

/* What led does not in the fresh rounds: keep what you have. */
static void result_that_does_not_hold(void **state)
{
	struct race r;

	(void)state;
	put_sizes("-5000 lto=\"fat\"\n");
	race(&r, false, "lto");
	assert_string_equal(r.x.found.recipe, "lto=\"fat\"");
	put_sizes("5000 lto\n");
	prove(&r);
	assert_false(hone_tune_settle(&r.request, &r.t, &r.x.found));
	assert_string_equal(r.x.found.recipe, "");
	assert_int_equal(r.x.found.best, r.x.found.baseline);
	assert_ratio(r.x.found.ratio, 0);
	race_done(&r);
}

/* That one of the field does not build is no error. */
static void race_with_a_broken_candidate(void **state)
{
	struct race r;

	(void)state;
	put_sizes("-5000 lto=\"fat\"\n");
	race(&r, false, "lto opt-level");
	assert_string_equal(r.x.found.recipe, "opt-level=3,lto=\"fat\"");
	/* Named by the recipe of which most is left. */
	assert_non_null(strstr(
		why_out(&r.x.found, "baseline,opt-level=2,lto=\"fat\""), "level 2 is broken"));
	race_done(&r);
}

#define TUNE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_tune, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TUNE_TEST(whole_search),
		TUNE_TEST(links_that_gain),
		TUNE_TEST(link_that_is_best_alone),
		TUNE_TEST(pairs_mend_each_other),
		TUNE_TEST(one_setting_after_another),
		TUNE_TEST(second_search_builds_nothing),
		TUNE_TEST(limit_of_builds),
		TUNE_TEST(limit_of_time),
		TUNE_TEST(estimate_too_long),
		TUNE_TEST(quick_search),
		TUNE_TEST(interrupted_search),
		TUNE_TEST(pins_are_in_every_candidate),
		TUNE_TEST(skipped_and_denied),
		TUNE_TEST(other_metrics),
		TUNE_TEST(memory_of_a_hosted_program),
		TUNE_TEST(baseline_that_does_not_build),
		TUNE_TEST(fastest),
		TUNE_TEST(balanced),
		TUNE_TEST(nothing_is_faster),
		TUNE_TEST(result_that_does_not_hold),
		TUNE_TEST(race_with_a_broken_candidate),
	};

	if (hone_signals_init(NULL))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
