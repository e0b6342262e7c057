#include "page_report.h"

#include "page_bytes.h"
#include "run_report.h"
#include "settings.h"

#include <math.h>
#include <string.h>

/* So many samples, about ten bytes each, are in a page at most. */
#define SAMPLES 16000

static uint64_t count_samples(const struct hone_result_run *r, bool primary)
{
	uint64_t n = 0;

	for (size_t i = 0; i < r->n_workloads; i++)
		for (size_t k = 0; k < r->workloads[i].n_metrics; k++)
			if (!primary || r->workloads[i].metrics[k].primary)
				n += r->workloads[i].rounds * (r->n_trials + 1);
	return n;
}

/* Whose the bytes of each trial are: rows of name, kind, and a size for each trial. */
static void owners_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	struct hone_result_functions all = HONE_RESULT_FUNCTIONS_INIT;

	all.n_trials = r->n_trials;
	for (size_t i = 0; i < r->n_trials; i++)
		all.n += r->trials[i].n_owners;
	all.rows = hone_xcalloc(all.n + 1, sizeof(*all.rows));
	all.n = 0;
	for (size_t i = 0; i < r->n_trials; i++)
		for (size_t k = 0; k < r->trials[i].n_owners; k++) {
			const struct hone_result_owner *o = &r->trials[i].owners[k];
			struct hone_result_function *to = &all.rows[all.n++];

			*to = (struct hone_result_function){.owner = hone_xstrdup(o->name),
				.name = hone_xstrdup(""),
				.kind = hone_size_kind_parse(o->kind),
				.sizes = hone_xcalloc(r->n_trials + 1, sizeof(*to->sizes))};
			to->sizes[i] = o->size;
		}
	hone_result_functions_shorten(&all, SIZE_MAX);
	hone_jsonw_karray(w, "owners");
	for (size_t i = 0; i < all.n; i++) {
		hone_jsonw_array(w);
		hone_jsonw_str(w, all.rows[i].owner);
		hone_jsonw_str(w, hone_size_kind_name(all.rows[i].kind));
		for (size_t k = 0; k < r->n_trials; k++)
			hone_jsonw_u64(w, all.rows[i].sizes[k]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_result_functions_release(&all);
}

static bool same_owner(const struct hone_result_function *a, const struct hone_result_function *b)
{
	return a->kind == b->kind && strcmp(a->owner, b->owner) == 0;
}

/* Rows are sorted by owner: `owners[]` of name and kind, `rows[]` of owner's number, name, sizes. */
static void functions_tree(struct hone_jsonw *w, const struct hone_result_functions *f,
	const struct hone_result_run *r)
{
	size_t owner = 0;

	hone_jsonw_kobject(w, "functions");
	hone_jsonw_karray(w, "trials");
	for (size_t i = 0; i < f->n_trials; i++)
		hone_jsonw_str(w, r->trials[f->trials[i]].name);
	hone_jsonw_end(w);
	hone_jsonw_ku64(w, "small", f->small);
	hone_jsonw_karray(w, "owners");
	for (size_t i = 0; i < f->n; i++) {
		if (i && same_owner(&f->rows[i - 1], &f->rows[i]))
			continue;
		hone_jsonw_array(w);
		hone_jsonw_str(w, f->rows[i].owner);
		hone_jsonw_str(w, hone_size_kind_name(f->rows[i].kind));
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "rows");
	for (size_t i = 0; i < f->n; i++) {
		owner += i && !same_owner(&f->rows[i - 1], &f->rows[i]);
		hone_jsonw_array(w);
		hone_jsonw_u64(w, owner);
		hone_jsonw_str(w, f->rows[i].name);
		for (size_t k = 0; k < f->n_trials; k++)
			hone_jsonw_u64(w, f->rows[i].sizes[k]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "missing");
	for (size_t i = 0; i < f->n_all; i++) {
		if (!f->why[i])
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", r->trials[i].name);
		hone_jsonw_kstr(w, "why", f->why[i]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

static void past_tree(struct hone_jsonw *w, const struct hone_result_page *p)
{
	hone_jsonw_karray(w, "history");
	for (size_t i = 0; i < p->n_past; i++) {
		const struct hone_result_run *r = &p->past[i];
		size_t small = r->best.small < r->n_trials ? r->best.small : 0;

		hone_jsonw_object(w);
		hone_jsonw_ki64(w, "run", r->id);
		hone_jsonw_ki64(w, "time", r->when);
		hone_jsonw_kstr(w, "elsewhere", r->elsewhere);
		hone_jsonw_kstr(w, "profile", r->profile);
		hone_jsonw_kstr(w, "target", r->target);
		hone_jsonw_kstr(w, "rustc", r->rustc_version);
		hone_jsonw_ku64(w, "trials", r->n_trials);
		hone_jsonw_ku64(w, "baseline_size", hone_result_cost(&r->trials[0]));
		hone_jsonw_ku64(w, "small_size", hone_result_cost(&r->trials[small]));
		hone_jsonw_kstr(w, "small", hone_result_name(r, r->best.small));
		hone_jsonw_kstr(w, "fast", hone_result_name(r, r->best.fast));
		hone_jsonw_kf64(w, "fast_cost",
			r->best.fast < r->n_trials ? r->trials[r->best.fast].cost.ratio : NAN);
		hone_jsonw_kstr(w, "balanced", hone_result_name(r, r->best.balanced));
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_ku64(w, "history_left_out", p->past_left_out);
}

static void next_tree(struct hone_jsonw *w, const struct hone_result_page *p)
{
	hone_jsonw_karray(w, "next");
	for (size_t i = 0; i < p->n_next; i++) {
		const struct hone_result_trial *t = &p->run->trials[p->next[i].trial];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "goal", p->next[i].goal);
		hone_jsonw_kstr(w, "name", t->name);
		hone_jsonw_kstr(w, "apply", p->next[i].apply);
		hone_jsonw_kstr(w, "build", t->command);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void words_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	hone_jsonw_karray(w, "label_words");
	for (const struct hone_label_info *l = hone_labels; l->id; l++) {
		hone_jsonw_array(w);
		hone_jsonw_str(w, l->id);
		hone_jsonw_str(w, l->text);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "notes");
	for (size_t i = 0; i < r->notes.n; i++)
		hone_jsonw_str(w, r->notes.v[i]);
	hone_jsonw_end(w);
}

/* The keys and values that the page holds, as one line. */
static void page_tree(struct hone_buf *to, const struct hone_result_page *p)
{
	const struct hone_result_run *r = p->run;
	struct hone_run_keys keys = {.stored = true, .whole = true, .samples = true, .brief = true};
	struct hone_jsonw w;

	keys.primary = count_samples(r, false) > SAMPLES;
	if (count_samples(r, keys.primary) > SAMPLES)
		keys.every = count_samples(r, true) / SAMPLES + 1;
	hone_jsonw_init(&w, to, false);
	hone_jsonw_object(&w);
	hone_jsonw_ki64(&w, "schema", 1);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	hone_jsonw_ki64(&w, "run", r->id);
	hone_jsonw_ki64(&w, "time", r->when);
	hone_jsonw_kstr(&w, "kind", r->kind);
	hone_jsonw_kstr(&w, "elsewhere", r->elsewhere);
	hone_jsonw_kbool(&w, "bare", r->bare);
	hone_jsonw_kbool(&w, "primary_samples", keys.primary);
	hone_jsonw_ku64(&w, "samples_every", keys.every ? keys.every : 1);
	hone_jsonw_kf64(&w, "precision", r->precision);
	hone_run_facts_tree(&w, r);
	hone_run_keys_tree(&w, r, keys);
	owners_tree(&w, r);
	functions_tree(&w, p->functions, r);
	past_tree(&w, p);
	next_tree(&w, p);
	words_tree(&w, r);
	hone_jsonw_end(&w);
}

/* In a script of data only `<` can begin what ends it; as JSON escapes it, it is the same text. */
static void add_data(struct hone_buf *to, const char *json)
{
	for (size_t n; *json; json += n) {
		n = strcspn(json, "<");
		hone_buf_add(to, json, n);
		if (json[n] == '<') {
			hone_buf_adds(to, "\\u003c");
			n++;
		}
	}
}

void hone_page_write(struct hone_buf *to, const struct hone_result_page *page)
{
	hone_auto_buf struct hone_buf json = HONE_BUF_INIT;

	page_tree(&json, page);
	hone_buf_adds(to,
		HONE_PAGE_MARK "\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<style>\n");
	hone_buf_add(to, hone_page_css, hone_page_css_size);
	hone_buf_adds(to, "</style>\n");
	hone_buf_add(to, hone_page_html, hone_page_html_size);
	hone_buf_adds(to, "<script type=\"application/json\" id=\"run\">");
	add_data(to, hone_buf_str(&json));
	hone_buf_adds(to, "</script>\n<script>\n");
	hone_buf_add(to, hone_page_d3, hone_page_d3_size);
	hone_buf_adds(to, "\n");
	hone_buf_add(to, hone_page_js, hone_page_js_size);
	hone_buf_add(to, hone_page_charts_js, hone_page_charts_js_size);
	hone_buf_add(to, hone_page_bytes_js, hone_page_bytes_js_size);
	hone_buf_adds(to, "</script>\n</html>\n");
}
