/* A run as tables and lines: the same now and when it is read from the store. */
#include "run_report.h"

#include "text.h"

static void add(struct hone_report *r, struct hone_table *t)
{
	if (t)
		hone_report_table(r, t);
}

/* What was compared, above the tables of text. */
static void say_project(struct hone_report *r, const struct hone_result_run *run)
{
	hone_auto_free char *all = hone_run_targets_text(run);
	hone_auto_free char *line = hone_xasprintf(
		"%s, rustc %s (LLVM %s), %s", all, run->rustc_version, run->llvm, run->target);

	hone_text_safe(r->to, hone_view_of(line), false);
	hone_buf_addc(r->to, '\n');
}

/* Is what is applied still best? */
static void say_recipe(struct hone_report *r, const struct hone_result_recipe *recipe)
{
	hone_auto_free char *text = NULL;

	if (!recipe)
		return;
	for (size_t i = 0; i < recipe->n_changed; i++) {
		hone_auto_free char *line = hone_xasprintf(
			"since run %lld: %s", (long long)recipe->before, recipe->changed[i]);

		hone_report_line(r, "Changed", line);
	}
	text = recipe->to ? hone_xasprintf(
				    "from %s to %s: %s", recipe->applied, recipe->to, recipe->why)
			  : hone_xasprintf("%s: %s", recipe->applied, recipe->why);
	hone_report_line(r, recipe->to ? "Switch" : "Keep", text);
}

void hone_run_sheet(struct hone_report *r, const void *document)
{
	const struct hone_run_doc *doc = document;
	const struct hone_result_run *run = doc->run;
	const struct hone_result_trial *with = hone_run_with_artifacts(run);

	if (!doc->now)
		hone_run_say_where(r, run);
	else if (r->format == &hone_format_text)
		say_project(r, run);
	for (size_t i = 0; with && i < with->n_artifacts; i++)
		add(r, hone_run_artifact_table(run, i));
	add(r, hone_run_size_table(run));
	add(r, hone_run_bindgen_table(run));
	for (size_t i = 0; i < run->n_workloads; i++)
		add(r, hone_run_workload_table(run, &run->workloads[i]));
	add(r, hone_run_composite_table(run));
	add(r, hone_run_curve_table(run));
	add(r, hone_run_section_table(run));
	add(r, hone_run_region_table(run));
	add(r, hone_run_change_table(run));
	hone_report_gap(r);
	hone_run_say_out(r, run);
	hone_run_say_winners(r, doc);
	hone_run_say_rest(r, run);
	say_recipe(r, doc->recipe);
	if (doc->now)
		hone_report_line(r, "Next", doc->next ? doc->next : "keep what you have");
}
