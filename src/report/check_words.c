/* The words of a check: what a budget came to, and why. */
#include "check_groups.h"
#include "check_report.h"

#include "num.h"
#include "settings.h"

#include <math.h>
#include <string.h>

/* Causes of a kind that are named. */
#define NAMED 3

char *hone_check_budget_title(const struct hone_check_budget *b)
{
	return b->workload ? hone_xasprintf("%s of %s", hone_check_budget_name(b), b->workload)
			   : hone_xstrdup(hone_check_budget_name(b));
}

static const struct hone_check_time *time_of(
	const struct hone_result_check *c, const struct hone_check_budget *b)
{
	for (size_t i = 0; c->times && i < c->times->n; i++) {
		const struct hone_check_time *t = &c->times->v[i];

		if (b->workload && strcmp(t->workload, b->workload) == 0 &&
			(b->metric == HONE_METRIC_AUTO ? t->primary : t->metric == b->metric))
			return t;
	}
	return NULL;
}

static char *run_text(const struct hone_result_check *c, const struct hone_check_budget *b)
{
	static const char *const words[] = {"within", "proved to be above", "undecided beside"};
	const struct hone_check_time *t = time_of(c, b);
	hone_auto_free char *title = hone_check_budget_title(b);

	if (c->times && c->times->same_file)
		return hone_xasprintf("%s is that of the base, whose file is the same, within its "
				      "budget of %s",
			title, b->text);
	if (!t || isnan(t->ratio))
		return hone_xasprintf("%s is undecided beside its budget of %s: %s", title, b->text,
			b->why ? b->why : "it was not measured");
	return hone_xasprintf("%s is %.3f [%.3f, %.3f] of the base's, %s its budget of %s%s%s",
		title, t->ratio, t->low, t->high, words[b->verdict], b->text, b->why ? ": " : "",
		b->why ? b->why : "");
}

static char *labels_text(const struct hone_result_check *c, const struct hone_check_budget *b)
{
	unsigned more = c->head->labels & ~(unsigned)b->value;
	hone_auto_free char *text = hone_labels_text(more);
	hone_auto_buf struct hone_buf ids = HONE_BUF_INIT;

	if (!more)
		return hone_xasprintf("settings carry no label besides those allowed (%s)",
			*b->text ? b->text : "none");
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (more & l->bit)
			hone_buf_addf(&ids, "%s%s", ids.n ? ", " : "", l->id);
	return hone_xasprintf(
		"settings carry %s (%s), which labels does not allow", hone_buf_str(&ids), text);
}

static char *glibc_text(const struct hone_result_check *c, const struct hone_check_budget *b)
{
	const char *needs = c->head->min_glibc, *had = c->base->min_glibc;

	if (!*needs)
		return hone_xasprintf("no glibc is needed; %s may be", b->text);
	return hone_xasprintf("glibc %s is needed, %s its budget of %s%s%s%s", needs,
		hone_check_newer(needs, b->text) ? "newer than" : "within", b->text,
		*had && strcmp(had, needs) != 0 ? " (at base " : "",
		*had && strcmp(had, needs) != 0 ? had : "",
		*had && strcmp(had, needs) != 0 ? ")" : "");
}

/* Why a figure of the files is not known. */
static char *unknown_text(const struct hone_result_check *c, const struct hone_check_budget *b)
{
	const struct hone_check_side *side =
		hone_check_knows(c->head, b->figure) ? c->base : c->head;
	const char *name = hone_check_names[b->figure], *which = side == c->base ? "base" : "head";

	if (hone_check_has(side, b->figure))
		return hone_xasprintf("%s is undecided beside its budget of %s: nothing packed the "
				      "module of the %s",
			name, b->text, which);
	return hone_xasprintf("%s is undecided beside its budget of %s: the %s is for %s, and it "
			      "is counted for %s alone",
		name, b->text, which, side->target,
		b->figure == HONE_CHECK_BROTLI ? "WebAssembly"
					       : "programs without an operating system");
}

char *hone_check_budget_text(const struct hone_result_check *c, const struct hone_check_budget *b)
{
	char a[HONE_NUM_TEXT], d[HONE_NUM_TEXT], e[HONE_NUM_TEXT];
	uint64_t now, limit;

	if (b->figure == HONE_CHECK_TIME)
		return run_text(c, b);
	if (b->figure == HONE_CHECK_GLIBC)
		return glibc_text(c, b);
	if (b->figure == HONE_CHECK_LABELS)
		return labels_text(c, b);
	if (hone_result_check_verdict(c, b) == HONE_CHECK_UNDECIDED)
		return unknown_text(c, b);
	now = c->head->figures[b->figure];
	limit = hone_check_limit(b, c->base->figures[b->figure]);
	return hone_xasprintf("%s is %s, %s%sits budget of %s%s%s%s", hone_check_names[b->figure],
		hone_text_count(a, now), now > limit ? hone_text_count(d, now - limit) : "",
		now > limit ? " above " : "within ", hone_text_count(e, limit),
		b->relative ? " (" : "", b->relative ? b->text : "", b->relative ? ")" : "");
}

char *hone_check_why(const struct hone_check_change *x)
{
	if (!x->base)
		return hone_xstrdup("new");
	if (!x->head)
		return hone_xstrdup("gone");
	if (*x->name && x->head_items > x->base_items)
		return hone_xasprintf("%llu instance%s more",
			(unsigned long long)(x->head_items - x->base_items),
			x->head_items - x->base_items == 1 ? "" : "s");
	if (*x->name && x->head_items < x->base_items)
		return hone_xasprintf("%llu instance%s less",
			(unsigned long long)(x->base_items - x->head_items),
			x->base_items - x->head_items == 1 ? "" : "s");
	return hone_xstrdup("");
}

/* ---- causes */

static void add_growth(struct hone_strv *to, const struct hone_result_check *c, bool functions)
{
	const struct hone_check_change *v = functions ? c->functions : c->owners;
	size_t n = functions ? c->n_functions : c->n_owners, named = 0;

	for (size_t i = 0; i < n && named < NAMED; i++) {
		hone_auto_free char *why = hone_check_why(&v[i]);
		char grew[HONE_NUM_TEXT];

		if (v[i].delta <= 0 || (functions && !*v[i].name))
			continue;
		named++;
		hone_strv_pushf(to, "%.160s%s%.60s%s: %s bytes%s%s",
			functions ? v[i].name : v[i].owner, functions ? " of " : "",
			functions ? v[i].owner : "", "", hone_text_delta(grew, v[i].delta),
			*why ? ", " : "", why);
	}
}

static void add_groups(struct hone_strv *to, const struct hone_result_check *c)
{
	struct hone_check_groups groups;

	hone_check_groups_make(c, &groups);
	for (size_t i = 0; i < groups.n && i < NAMED; i++) {
		const struct hone_check_group *g = &groups.v[i];
		char grew[HONE_NUM_TEXT];

		hone_strv_pushf(to, "%.160s: %s bytes in %zu functions, %+lld instances", g->name,
			hone_text_delta(grew, g->delta), g->functions, (long long)g->more);
	}
	hone_check_groups_release(&groups);
}

bool hone_check_is_other_version(const struct hone_check_dep_change *x)
{
	return x->base && x->head && strcmp(x->base->version, x->head->version) != 0;
}

static bool has_feature(const char *list, struct hone_view name)
{
	struct hone_view rest = hone_view_of(list), word;
	bool started = false;

	while (hone_view_split(&rest, &started, ',', &word))
		if (hone_view_eq(hone_view_trim(word), name))
			return true;
	return false;
}

/* Those of one list that the other lacks. */
static void add_features(const char *list, const char *other, char sign, struct hone_buf *to)
{
	struct hone_view rest = hone_view_of(list), word;
	bool started = false;

	while (hone_view_split(&rest, &started, ',', &word)) {
		word = hone_view_trim(word);
		if (word.n && !has_feature(other, word))
			hone_buf_addf(to, "%s%c%.*s", to->n ? ", " : "", sign, (int)word.n, word.p);
	}
}

char *hone_check_features(const struct hone_check_dep_change *x)
{
	struct hone_buf b = HONE_BUF_INIT;

	if (!x->base || !x->head || strcmp(x->base->features, x->head->features) == 0)
		return hone_xstrdup(x->head ? x->head->features : x->base->features);
	add_features(x->head->features, x->base->features, '+', &b);
	add_features(x->base->features, x->head->features, '-', &b);
	return hone_buf_detach(&b);
}

static void add_deps(struct hone_strv *to, const struct hone_result_check *c)
{
	size_t named = 0;

	for (size_t i = 0; i < c->n_deps && named < 2 * NAMED; i++) {
		const struct hone_check_dep_change *x = &c->deps[i];

		if (!x->head)
			continue;
		named++;
		if (hone_check_is_other_version(x)) {
			hone_strv_pushf(to, "%s %s was %s, by way of %s%s%s", x->head->name,
				x->head->version, x->base->version, x->head->via,
				*x->head->features ? ", features " : "", x->head->features);
			continue;
		}
		hone_strv_pushf(to, "%s %s is %s, by way of %s%s%s", x->head->name,
			x->head->version,
			x->doubled ? "a second version of it"
			: x->base  ? "built with other features"
				   : "new",
			x->head->via, *x->head->features ? ", features " : "", x->head->features);
	}
}

static void add_settings(struct hone_strv *to, const struct hone_result_check *c)
{
	for (size_t i = 0; i < c->n_settings; i++)
		hone_strv_pushf(to, "%s was %s, is %s", c->settings[i].key,
			*c->settings[i].base ? c->settings[i].base : "unset",
			*c->settings[i].head ? c->settings[i].head : "unset");
}

struct hone_strv hone_check_causes(
	const struct hone_result_check *c, const struct hone_check_budget *b)
{
	struct hone_strv causes = HONE_STRV_INIT;

	if (b->figure < HONE_CHECK_CRATES) {
		add_growth(&causes, c, false);
		if (c->base->named && c->head->named) {
			add_growth(&causes, c, true);
			add_groups(&causes, c);
		}
	}
	if (b->figure != HONE_CHECK_LABELS)
		add_deps(&causes, c);
	add_settings(&causes, c);
	return causes;
}

struct hone_strv hone_check_first_causes(
	const struct hone_result_check *c, const struct hone_check_budget *b)
{
	hone_auto_strv struct hone_strv where = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv what = HONE_STRV_INIT;
	struct hone_strv first = HONE_STRV_INIT;
	bool sizes = b->figure < HONE_CHECK_CRATES;

	if (sizes)
		add_growth(&where, c, false);
	add_settings(&what, c);
	if (b->figure != HONE_CHECK_LABELS)
		add_deps(&what, c);
	if (sizes && c->base->named && c->head->named)
		add_growth(&what, c, true);
	if (where.n)
		hone_strv_push(&first, where.v[0]);
	for (size_t i = 0; i < what.n && first.n < 2; i++)
		hone_strv_push(&first, what.v[i]);
	return first;
}
