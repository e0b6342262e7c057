/* `cargo hone` alone: one screen about where the project stands, for people. */
#include "candidate.h"
#include "claims.h"
#include "documents.h"
#include "fs.h"
#include "num.h"
#include "text.h"

#include <math.h>
#include <string.h>

static void add(struct hone_report *r, const char *foreign)
{
	r->format->prose(r->to, foreign, "    ");
}

/* The five settings that posts about release builds are about. */
static bool is_talked_about(const char *key)
{
	static const enum hone_setting_id ids[] = {HONE_SET_OPT_LEVEL, HONE_SET_LTO,
		HONE_SET_CODEGEN_UNITS, HONE_SET_PANIC, HONE_SET_STRIP};

	for (size_t i = 0; i < HONE_COUNT(ids); i++)
		if (strcmp(key, hone_setting(ids[i])->key) == 0)
			return true;
	return false;
}

/* Those, and whatever somebody wrote. */
static bool matters(const struct hone_result_setting *r)
{
	return !r->unit && (is_talked_about(r->key) || r->origin != HONE_ORIGIN_DEFAULT);
}

/* What each of the published recipes sets a key to. */
static void add_recipes(struct hone_table *t, const char *key)
{
	for (size_t i = 0; hone_preset_names[i]; i++) {
		const struct hone_setting *s = key ? hone_setting_find(hone_view_of(key)) : NULL;
		struct hone_candidate *c = NULL;
		const struct hone_assign *a = NULL;

		if (s && !hone_candidate_parse(hone_preset_names[i], &c, NULL))
			a = hone_candidate_get(c, s->id, NULL);
		hone_table_cell(t, a ? a->value : "");
		hone_table_style(t, HONE_DIM);
		hone_candidate_free(c);
	}
}

static void add_settings(struct hone_report *r, const struct hone_result_settings *s)
{
	struct hone_table *t = hone_table_new(NULL);
	hone_auto_free char *flags = hone_text_command(hone_strv_argv(&s->flags.flags));

	hone_table_column(t, "setting", HONE_LEFT);
	hone_table_column(t, "here", HONE_LEFT);
	for (size_t i = 0; hone_preset_names[i]; i++)
		hone_table_column(t, hone_preset_names[i], HONE_LEFT);
	hone_table_column(t, "yours comes from", HONE_LEFT);
	for (size_t i = 0; i < s->rows.n; i++) {
		const struct hone_result_setting *row = &s->rows.v[i];
		hone_auto_free char *where = hone_path_hide_here(row->where);
		if (!matters(row))
			continue;
		hone_table_cell(t, row->key);
		if (row->value)
			hone_table_cell(t, row->value);
		else
			hone_table_cellf(t, "unset (%s)", row->meaning ? row->meaning : "-");
		add_recipes(t, row->key);
		hone_table_cell(t, *where ? where : hone_origin_name(row->origin));
		if (row->origin == HONE_ORIGIN_DEFAULT)
			hone_table_style(t, HONE_DIM);
	}
	if (s->flags.flags.n) {
		hone_auto_free char *where = hone_path_hide_here(s->flags.where);
		hone_table_cell(t, "RUSTFLAGS");
		hone_table_cell(t, flags);
		add_recipes(t, NULL);
		hone_table_cell(t, where);
	}
	hone_report_add_table(r, t);
}

/* What was read in a post, and what is true of it here. */
static void add_claims(struct hone_report *r, const struct hone_result_run *run)
{
	struct hone_claim claims[HONE_CLAIMS];
	size_t width = 0;

	hone_claims_judge(run, claims);
	hone_buf_adds(
		r->to, run ? "\nwhat posts say of these recipes:\n"
			   : "\nsmall, fast and balanced are the recipes of posts about release "
			     "builds. What these say is a\n"
			     "claim until it is tried here:\n");
	for (size_t i = 0; i < HONE_CLAIMS; i++)
		if (strlen(claims[i].says) > width)
			width = strlen(claims[i].says);
	for (size_t i = 0; i < HONE_CLAIMS; i++) {
		hone_buf_addf(r->to, "  %s", claims[i].says);
		hone_buf_pad(r->to, ' ', width + 2 - strlen(claims[i].says));
		hone_buf_addf(r->to, "%s\n", hone_claim_state_text(claims[i].state));
		if (!claims[i].why)
			continue;
		hone_buf_adds(r->to, "    ");
		add(r, claims[i].why);
		hone_buf_addc(r->to, '\n');
	}
	hone_claims_release(claims);
}

/* "small: z 812 kB (-41 %)" for a winner. */
static void add_winner(
	struct hone_report *r, const struct hone_result_run *run, const char *goal, size_t i)
{
	const struct hone_result_trial *base = &run->trials[0];
	const struct hone_result_trial *t = i < run->n_trials ? &run->trials[i] : NULL;
	char size[HONE_NUM_TEXT];

	if (!t || !t->size)
		return;
	hone_buf_addf(r->to, "  %-9s ", goal);
	add(r, t->name);
	hone_buf_addf(r->to, ", %s bytes", hone_text_count(size, t->size));
	if (i && base->size)
		hone_buf_addf(
			r->to, " (%+.1f %%)", 100.0 * ((double)t->size / (double)base->size - 1.0));
	if (i && run->speed_measured && !isnan(t->cost.ratio))
		hone_buf_addf(r->to, ", %.3f x the baseline's cost", t->cost.ratio);
	hone_buf_addc(r->to, '\n');
}

static void add_results(struct hone_report *r, const struct hone_result_status *s)
{
	const struct hone_result_run *run = s->run;
	hone_auto_free char *when = run ? hone_result_when(run->when) : NULL;

	if (!run) {
		hone_buf_adds(r->to, "nothing was measured yet\n");
		if (s->has_binary)
			add_claims(r, NULL);
		return;
	}
	hone_buf_addf(r->to, "measured %s%s", when, run->elsewhere ? " " : "");
	add(r, run->elsewhere ? run->elsewhere : "");
	hone_buf_addf(r->to, ", %zu %s:\n", run->n_trials,
		run->n_trials == 1 ? "candidate" : "candidates");
	add_winner(r, run, "smallest", run->best.small);
	add_winner(r, run, "fastest", run->best.fast);
	add_winner(r, run, "balanced", run->best.balanced);
	add_claims(r, run->elsewhere ? NULL : run);
}

static void add_head(struct hone_report *r, const struct hone_result_status *s)
{
	const struct hone_package *package = s->settings->package;
	const struct hone_target *target = s->settings->target;
	const char *bold = hone_out_style(r->out, HONE_BOLD);
	const char *plain = hone_out_style(r->out, HONE_PLAIN);

	hone_buf_adds(r->to, bold);
	if (package) {
		hone_auto_free char *name =
			hone_xasprintf("%s %s", package->name, package->version);

		add(r, name);
		hone_buf_adds(r->to, plain);
	} else {
		hone_buf_addf(r->to, "workspace%s of several packages", plain);
	}
	if (target) {
		hone_buf_addf(r->to, " (%s ", hone_target_kind_name(target->kind));
		add(r, target->name);
		hone_buf_addc(r->to, ')');
	}
	hone_buf_adds(r->to, ", rustc ");
	add(r, s->rustc);
	hone_buf_adds(r->to, ", ");
	add(r, s->triple);
	hone_buf_adds(r->to, "\ngoal of profile ");
	add(r, s->settings->profile);
	hone_buf_addf(r->to, ": %s\n\n", s->goal);
}

void hone_status_text(struct hone_report *r, const void *document)
{
	const struct hone_result_status *s = document;
	hone_auto_free char *count = hone_result_count(&s->settings->problems);

	add_head(r, s);
	add_settings(r, s->settings);
	/* What takes cargo tree, sources or Git to find is not among them. */
	hone_buf_addf(r->to, "\n%s at first sight; ", count);
	add(r, s->closer);
	hone_buf_adds(r->to, " looks closer\n");
	add_results(r, s);
	hone_buf_addf(r->to, "\nnext: %s", hone_out_style(r->out, HONE_BOLD));
	add(r, s->next);
	hone_buf_addf(r->to, "%s\n", hone_out_style(r->out, HONE_PLAIN));
}

/* For programs and pull requests: the settings and problems. */
void hone_status_markdown(struct hone_report *r, const void *document)
{
	hone_settings_markdown(r, ((const struct hone_result_status *)document)->settings);
}

void hone_status_csv(struct hone_report *r, const void *document)
{
	hone_settings_csv(r, ((const struct hone_result_status *)document)->settings);
}

void hone_status_tree(struct hone_report *r, const void *document)
{
	hone_settings_tree(r, ((const struct hone_result_status *)document)->settings);
}
