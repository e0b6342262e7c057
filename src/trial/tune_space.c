/* What a search may build: settings that were asked for, whose labels are let in, and that the target knows. */
#include "tune_impl.h"

#include "labels.h"
#include "machine.h"
#include "platform.h"

#include <string.h>

static bool is_asked_for(const struct hone_tune *t, const struct hone_setting *s)
{
	const struct hone_tune_request *r = t->request;

	if (r->only && r->only->n && !hone_strv_has(r->only, s->key))
		return false;
	return !r->skip || !hone_strv_has(r->skip, s->key);
}

static bool is_let_in(const struct hone_tune *t, const struct hone_assign *a)
{
	return !(hone_labels_of_assign(&t->session, a, NULL, NULL) & ~t->let_in);
}

static bool is_pinned(const struct hone_tune *t, const struct hone_setting *s, const char *package)
{
	return t->request->pins && hone_candidate_get(t->request->pins, s->id, package);
}

/* Is the value one of another processor than the target's, or of a newer one than is here to run it? */
static bool is_strange_cpu(
	const struct hone_tune *t, const struct hone_setting *s, const char *value)
{
	struct hone_view cpu = hone_view_sub(hone_view_of(value), 1, strlen(value) - 1);

	return s->id == HONE_SET_RUSTC_TARGET_CPU &&
	       ((hone_view_starts(cpu, "x86-64") &&
			!hone_starts(hone_session_triple(&t->session), "x86_64")) ||
		       !hone_machine_runs(cpu));
}

bool hone_tune_may(const struct hone_tune *t, const struct hone_setting *s, const char *value)
{
	struct hone_platform to = hone_platform_of(hone_session_triple(&t->session), NULL);
	bool wasm = to.object == HONE_OBJECT_WASM;
	hone_auto_free char *copy = hone_xstrdup(value);
	const struct hone_assign a = {.setting = s, .value = copy};

	if ((s->wasm && !wasm) || (s->native && wasm) || (s->hosted && to.os == HONE_OS_NONE))
		return false;
	if (is_strange_cpu(t, s, value) ||
		(s->id == HONE_SET_LINK_STATIC && to.libc == HONE_LIBC_MUSL))
		return false;
	return is_asked_for(t, s) && !is_pinned(t, s, NULL) && is_let_in(t, &a);
}

void hone_tune_adapt(const struct hone_tune *t, struct hone_candidate *c)
{
	const struct hone_candidate *pins = t->request->pins;

	for (size_t i = c->n; i > 0; i--) {
		const struct hone_assign *a = &c->assigns[i - 1];

		if (!is_asked_for(t, a->setting) || !is_let_in(t, a))
			hone_candidate_unset(c, a->setting, a->package);
	}
	for (size_t i = 0; pins && i < pins->n; i++)
		hone_candidate_set(c, pins->assigns[i].setting, pins->assigns[i].package,
			pins->assigns[i].value);
	hone_session_adapt(&t->session, &c, 1);
}

void hone_tune_copy_links(const struct hone_candidate *from, struct hone_candidate *to)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct hone_assign *a = &from->assigns[i];

		if (hone_setting_cost(a->setting, hone_view_of(a->value)) == HONE_COST_LINK)
			hone_candidate_set(to, a->setting, NULL, a->value);
	}
}
