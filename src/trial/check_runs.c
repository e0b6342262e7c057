/* Which runs a check has, and which budgets are of them. */
#include "check.h"

#include "text.h"

#include <string.h>

static int take_lines(
	const struct hone_strv *lines, struct hone_check_runs *ret, struct hone_err *err)
{
	ret->v = hone_xcalloc(lines->n, sizeof(*ret->v));
	for (size_t i = 0; i < lines->n; i++) {
		if (hone_workload_from_line(&ret->v[i], lines->v[i], lines->v[i], err)) {
			hone_err_wrap(err, "--run");
			return err->code = HONE_E_USAGE;
		}
		ret->n++;
	}
	return 0;
}

/* Bench targets are programs of their own, which a check does not build. */
static void leave_benches(const struct hone_session *s, struct hone_check_runs *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].bench) {
			hone_events_note(s->events,
				"workload `%s` is of a bench target, which check does not build: "
				"it "
				"is left out",
				r->v[i].name);
			hone_workload_release(&r->v[i]);
			continue;
		}
		r->v[n++] = r->v[i];
	}
	r->n = n;
}

static int no_workload(
	const struct hone_check_runs *r, const struct hone_check_budget *b, struct hone_err *err)
{
	hone_auto_free const char **names = hone_xcalloc(r->n + 1, sizeof(*names));
	const char *near;

	for (size_t i = 0; i < r->n; i++)
		names[i] = r->v[i].name;
	near = b->workload ? hone_did_you_mean(b->workload, names) : NULL;
	if (b->workload)
		hone_err_set(err, HONE_E_USAGE,
			"%s: there is no workload `%s` for its budget of %s", b->where, b->workload,
			hone_check_budget_name(b));
	else
		hone_err_set(err, HONE_E_USAGE, "%s: a budget of %s needs a workload to be run",
			b->where, hone_check_budget_name(b));
	if (near)
		return hone_err_hint(err, "did you mean `%s`?", near);
	return hone_err_hint(err, "name one: --run 'ARGS', or [[workload]] in hone.toml");
}

/* A budget without a workload is one of each. */
static int spread(
	const struct hone_check_runs *r, struct hone_check_budgets *budgets, struct hone_err *err)
{
	struct hone_check_budget *all = hone_arena_alloc(
		&budgets->arena, hone_size_mul((budgets->n + 1) * (r->n + 1), sizeof(*all)));
	size_t n = 0;

	for (size_t i = 0; i < budgets->n; i++) {
		const struct hone_check_budget *b = &budgets->v[i];
		size_t of = 0;

		if (b->figure != HONE_CHECK_TIME) {
			all[n++] = *b;
			continue;
		}
		for (size_t k = 0; k < r->n; k++) {
			if (b->workload && strcmp(b->workload, r->v[k].name) != 0)
				continue;
			all[n] = *b;
			all[n].verdict = HONE_CHECK_UNDECIDED;
			all[n++].workload = hone_arena_strdup(&budgets->arena, r->v[k].name);
			of++;
		}
		if (!of)
			return no_workload(r, b, err);
	}
	budgets->v = all;
	budgets->n = n;
	return 0;
}

int hone_check_runs_take(const struct hone_session *s, const struct hone_strv *lines,
	struct hone_check_budgets *budgets, struct hone_check_runs *ret, struct hone_err *err)
{
	int error = lines->n ? take_lines(lines, ret, err)
			     : hone_session_workloads(s, &ret->v, &ret->n, err);

	if (error)
		return error;
	leave_benches(s, ret);
	return spread(ret, budgets, err);
}

void hone_check_runs_release(struct hone_check_runs *r)
{
	for (size_t i = 0; i < r->n; i++)
		hone_workload_release(&r->v[i]);
	free(r->v);
	*r = (struct hone_check_runs){0};
}
