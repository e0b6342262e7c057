#include "planned.h"

#include "writedown.h"

#include <ctype.h>
#include <string.h>

static int find(const struct hone_session *s, struct hone_profile_set *profiles,
	const char *profile, bool builds_std, struct hone_problems *ret, struct hone_err *err)
{
	const struct hone_problem_input in = {.project = s->project,
		.toolchain = s->toolchain,
		.profiles = profiles,
		.profile = profile,
		.builds_std = builds_std,
		.deep = true};

	return hone_problems_find(&in, ret, err);
}

/* A message without the numbers of lines and columns, which the edit moves. The caller frees. */
static char *without_places(const char *message)
{
	struct hone_buf out = HONE_BUF_INIT;

	for (const char *p = message; *p; p++) {
		if (*p == ':')
			while (isdigit((unsigned char)p[1]))
				p++;
		hone_buf_addc(&out, *p == ':' ? ':' : isdigit((unsigned char)*p) ? '0' : *p);
	}
	return hone_buf_detach(&out);
}

static bool is_there(const struct hone_problems *list, const struct hone_problem *p)
{
	hone_auto_free char *wanted = without_places(p->message);

	for (size_t i = 0; i < list->n; i++) {
		hone_auto_free char *text = without_places(list->v[i].message);

		if (list->v[i].kind == p->kind && strcmp(text, wanted) == 0)
			return true;
	}
	return false;
}

static bool is_known_limit(const struct hone_problems *list, const struct hone_limit *l)
{
	for (size_t i = 0; i < list->limits.n; i++) {
		const struct hone_limit *known = &list->limits.v[i];
		bool all = true;

		for (size_t k = 0; k < l->ids.n; k++)
			all = all && hone_strv_has(&known->ids, l->ids.v[k]);
		if (all && strcmp(known->what, l->what) == 0)
			return true;
	}
	return false;
}

/* Takes out of `after` what is of no interest, since it is there already. */
static void keep_new(struct hone_problems *after, const struct hone_problems *before)
{
	struct hone_problems kept = {0}, known = {0};

	for (size_t i = 0; i < after->n; i++) {
		const struct hone_problem *p = &after->v[i];

		if (p->kind->severity < HONE_SEVERITY_ERROR && is_there(before, p))
			hone_vec_push(&known, *p);
		else
			hone_vec_push(&kept, *p);
	}
	for (size_t i = 0; i < after->limits.n; i++) {
		if (is_known_limit(before, &after->limits.v[i]))
			hone_vec_push(&known.limits, after->limits.v[i]);
		else
			hone_vec_push(&kept.limits, after->limits.v[i]);
	}
	free(after->v);
	hone_vec_release(&after->limits);
	*after = kept;
	hone_problems_release(&known);
}

int hone_planned_problems(const struct hone_session *s, const struct hone_plan *plan,
	struct hone_problems *ret_problems, struct hone_err *err)
{
	bool builds_std = hone_plan_builds_std(plan->candidate);
	struct hone_profile_set *profiles = NULL;
	struct hone_problems before = {0}, after = {0};
	hone_auto_free char *manifest = NULL;
	int error = hone_writedown_manifest(plan, &s->env, &manifest, err);

	if (!error)
		error = hone_profile_set_load_planned(
			s->project, s->toolchain, s->env.opts, manifest, &profiles, err);
	if (!error)
		error = find(s, profiles, manifest ? s->env.profile : s->env.layers, builds_std,
			&after, err);
	if (!error && after.n + after.limits.n) {
		error = find(s, s->profiles, s->env.layers, false, &before, err);
		if (!error)
			keep_new(&after, &before);
	}
	hone_profile_set_free(profiles);
	hone_problems_release(&before);
	if (error)
		hone_problems_release(&after);
	else
		*ret_problems = after;
	return error;
}
