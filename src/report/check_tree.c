/* A check as keys and values: docs/json.md. */
#include "check_groups.h"
#include "check_report.h"

#include "settings.h"

static void side_tree(struct hone_jsonw *w, const char *key, const struct hone_check_side *s)
{
	hone_jsonw_kobject(w, key);
	hone_jsonw_kstr(w, "what", s->what);
	hone_jsonw_kstr(w, "commit", *s->commit ? s->commit : NULL);
	hone_jsonw_kstr(w, "rustc_verbose", s->rustc);
	hone_jsonw_kstr(w, "target", s->target);
	hone_jsonw_kstr(w, "profile", s->profile);
	hone_jsonw_kstr(w, "hash", s->hash);
	hone_jsonw_kstr(w, "min_glibc", *s->min_glibc ? s->min_glibc : NULL);
	hone_jsonw_kbool(w, "has_symbols", s->named);
	hone_jsonw_karray(w, "labels");
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (s->labels & l->bit)
			hone_jsonw_str(w, l->id);
	hone_jsonw_end(w);
	for (size_t i = 0; i < HONE_CHECK_FIGURES; i++)
		if (i != HONE_CHECK_BROTLI || s->figures[i])
			hone_jsonw_ku64(w, hone_check_names[i], s->figures[i]);
	hone_jsonw_end(w);
}

static void changes_tree(
	struct hone_jsonw *w, const char *key, const struct hone_check_change *v, size_t n)
{
	hone_jsonw_karray(w, key);
	for (size_t i = 0; i < n; i++) {
		hone_auto_free char *why = hone_check_why(&v[i]);

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "owner", v[i].owner);
		hone_jsonw_kstr(w, "kind", hone_size_kind_name(v[i].kind));
		hone_jsonw_kstr(w, "name", *v[i].name ? v[i].name : NULL);
		hone_jsonw_ku64(w, "base", v[i].base);
		hone_jsonw_ku64(w, "head", v[i].head);
		hone_jsonw_ki64(w, "delta", v[i].delta);
		hone_jsonw_ku64(w, "base_items", v[i].base_items);
		hone_jsonw_ku64(w, "head_items", v[i].head_items);
		hone_jsonw_kstr(w, "why", *why ? why : NULL);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void causes_tree(
	struct hone_jsonw *w, const struct hone_result_check *c, const struct hone_check_budget *b)
{
	hone_auto_strv struct hone_strv causes = HONE_STRV_INIT;

	if (hone_result_check_verdict(c, b) == HONE_CHECK_OVER)
		causes = hone_check_causes(c, b);
	hone_jsonw_karray(w, "causes");
	for (size_t i = 0; i < causes.n; i++)
		hone_jsonw_str(w, causes.v[i]);
	hone_jsonw_end(w);
}

static void budgets_tree(struct hone_jsonw *w, const struct hone_result_check *c)
{
	hone_jsonw_karray(w, "budgets");
	for (size_t i = 0; i < c->n_budgets; i++) {
		const struct hone_check_budget *b = &c->budgets[i];
		hone_auto_free char *text = hone_check_budget_text(c, b);

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "figure", hone_check_budget_name(b));
		hone_jsonw_kstr(w, "workload", b->workload);
		hone_jsonw_kstr(w, "budget", b->text);
		hone_jsonw_kstr(w, "where", b->where);
		if (b->figure < HONE_CHECK_FIGURES &&
			hone_result_check_verdict(c, b) != HONE_CHECK_UNDECIDED) {
			hone_jsonw_ku64(
				w, "limit", hone_check_limit(b, c->base->figures[b->figure]));
			hone_jsonw_ku64(w, "head", c->head->figures[b->figure]);
		}
		hone_jsonw_kstr(
			w, "verdict", hone_check_verdict_text(hone_result_check_verdict(c, b)));
		hone_jsonw_kstr(w, "text", text);
		causes_tree(w, c, b);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void runs_tree(struct hone_jsonw *w, const struct hone_check_times *t)
{
	hone_jsonw_kobject(w, "runs");
	hone_jsonw_kbool(w, "same_file", t->same_file);
	hone_jsonw_kstr(w, "not_measured", t->why);
	hone_jsonw_kstr(w, "failed", t->failed);
	hone_jsonw_karray(w, "metrics");
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_check_time *x = &t->v[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "workload", x->workload);
		hone_jsonw_kstr(w, "metric", hone_metric_info(x->metric)->name);
		hone_jsonw_kstr(w, "unit", hone_metric_info(x->metric)->unit);
		hone_jsonw_kbool(w, "primary", x->primary);
		hone_jsonw_kf64(w, "base", x->base);
		hone_jsonw_kf64(w, "head", x->head);
		hone_jsonw_kf64(w, "ratio", x->ratio);
		hone_jsonw_kf64(w, "low", x->low);
		hone_jsonw_kf64(w, "high", x->high);
		hone_jsonw_ku64(w, "rounds", x->rounds);
		hone_jsonw_kstr(w, "verdict", hone_verdict_text(x->verdict));
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

static void groups_tree(struct hone_jsonw *w, const struct hone_result_check *c)
{
	struct hone_check_groups groups;

	hone_check_groups_make(c, &groups);
	hone_jsonw_karray(w, "instances");
	for (size_t i = 0; i < groups.n; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", groups.v[i].name);
		hone_jsonw_ki64(w, "delta", groups.v[i].delta);
		hone_jsonw_ku64(w, "functions", groups.v[i].functions);
		hone_jsonw_ki64(w, "more", groups.v[i].more);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_check_groups_release(&groups);
}

static void bisected_tree(struct hone_jsonw *w, const struct hone_check_bisected *b)
{
	hone_jsonw_key(w, "bisect");
	if (!b) {
		hone_jsonw_null(w);
		return;
	}
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "range", b->range);
	hone_jsonw_kstr(w, "why", b->why);
	hone_jsonw_kstr(w, "subject", b->subject);
	hone_jsonw_ku64(w, "commits", b->commits);
	hone_jsonw_ku64(w, "looked_at", b->looked_at);
	hone_jsonw_ku64(w, "skipped", b->skipped);
	hone_jsonw_end(w);
}

static void dep_tree(struct hone_jsonw *w, const char *key, const struct hone_check_dep *d)
{
	hone_jsonw_key(w, key);
	if (!d) {
		hone_jsonw_null(w);
		return;
	}
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "version", d->version);
	hone_jsonw_kstr(w, "features", d->features);
	hone_jsonw_kstr(w, "via", d->via);
	hone_jsonw_end(w);
}

void hone_check_tree(struct hone_report *r, const void *document)
{
	const struct hone_check_doc *doc = document;
	const struct hone_result_check *c = doc->check;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	hone_jsonw_kstr(&w, "package", c->head->package);
	hone_jsonw_kstr(&w, "bin", c->head->bin);
	side_tree(&w, "base", c->base);
	side_tree(&w, "head", c->head);
	hone_jsonw_kstr(&w, "toolchain_differs", doc->other_toolchain);
	hone_jsonw_kstr(&w, "remedy", doc->remedy);
	bisected_tree(&w, doc->bisected);
	budgets_tree(&w, c);
	if (c->times) {
		runs_tree(&w, c->times);
	} else {
		hone_jsonw_key(&w, "runs");
		hone_jsonw_null(&w);
	}
	changes_tree(&w, "crates", c->owners, c->n_owners);
	changes_tree(&w, "functions", c->functions, c->n_functions);
	groups_tree(&w, c);
	hone_jsonw_karray(&w, "dependencies");
	for (size_t i = 0; i < c->n_deps; i++) {
		const struct hone_check_dep_change *x = &c->deps[i];

		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "name", x->head ? x->head->name : x->base->name);
		dep_tree(&w, "base", x->base);
		dep_tree(&w, "head", x->head);
		hone_jsonw_kbool(&w, "doubled", x->doubled);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_karray(&w, "settings");
	for (size_t i = 0; i < c->n_settings; i++) {
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "key", c->settings[i].key);
		hone_jsonw_kstr(&w, "base", *c->settings[i].base ? c->settings[i].base : NULL);
		hone_jsonw_kstr(&w, "head", *c->settings[i].head ? c->settings[i].head : NULL);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
}
