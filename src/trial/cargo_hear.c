/* What cargo says while it builds, and what its failure is called. */
#include "cargo_run_impl.h"

#include "cross_link.h"
#include "disk_cap.h"
#include "fs.h"
#include "inputs.h"
#include "num.h"
#include "plan_impl.h"

#include <string.h>

/* With more room than this, no link was short of it. */
#define ROOM_FOR_A_LINK ((uint64_t)2 << 30)

/* Several scripts of one package, or several runs of cargo: what was said last counts. */
static void set_variable(struct hone_strv *list, const char *text)
{
	size_t n = strcspn(text, "=") + 1;

	for (size_t i = 0; i < list->n; i++)
		if (strncmp(list->v[i], text, n) == 0) {
			free(list->v[i]);
			list->v[i] = hone_xstrdup(text);
			return;
		}
	hone_strv_push(list, text);
}

void hone_cargo_run_hear(
	struct hone_cargo_run *r, const struct hone_build_env *env, const struct hone_message *m)
{
	if (m->kind != HONE_MSG_BUILD_SCRIPT || !m->package_id ||
		strcmp(m->package_id, env->project->package->id) != 0)
		return;
	for (size_t i = 0; i < m->env.n; i++)
		set_variable(&r->script_env, m->env.v[i]);
	if (m->out_dir) {
		hone_auto_free char *text = hone_xasprintf("OUT_DIR=%s", m->out_dir);

		set_variable(&r->script_env, text);
	}
}

/* cargo names a library by the first of its crate types, which --crate-type changes. */
static bool is_kind(const struct hone_project *p, enum hone_target_kind kind)
{
	return kind == p->target->kind ||
	       (hone_target_kind_is_library(p->made) && hone_target_kind_is_library(kind));
}

/* The file that the plan is about, if this unit made it, else NULL. Package, target, kind, profile and the triple's folder
 * have to be the plan's: cargo can build a program of that name more than once, for several targets or as what another
 * one needs. */
static const char *selected_file(
	const struct hone_cargo_listener *run, const struct hone_message *m)
{
	const struct hone_project *p = run->env->project;
	bool is_bench = p->target->kind == HONE_KIND_BENCH;
	const char *file = hone_artifact_kind_file(run->kind, m);

	return file && hone_starts(file, run->output) && m->test == is_bench && m->package_id &&
			       strcmp(m->package_id, p->package->id) == 0 && m->target_name &&
			       strcmp(m->target_name, p->target->name) == 0 &&
			       is_kind(p, m->target_kind)
		       ? file
		       : NULL;
}

/* The package's binary is built beside a bench target, which may start it: what it has no profile for says
 * nothing of the bench target. */
static bool is_beside(const struct hone_cargo_listener *run, const struct hone_message *m)
{
	return run->env->project->target->kind == HONE_KIND_BENCH &&
	       m->target_kind == HONE_KIND_BIN;
}

/* The count that a warning belongs to: LLVM's words when a function has no data in the profile, or its shape
 * is another one. NULL: it is about something else. */
static uint64_t *profile_count(struct hone_cargo_run *r, const char *text)
{
	if (strstr(text, "no profile data available for function"))
		return &r->missing;
	return strstr(text, "(hash mismatch)") ? &r->mismatched : NULL;
}

int hone_cargo_run_on_stdout(void *ctx, struct hone_view line)
{
	struct hone_cargo_listener *run = ctx;
	struct hone_message m;
	uint64_t *count = NULL;

	hone_message_parse(line, &m);
	hone_beside_see(&run->beside, &m);
	hone_inputs_see(run->inputs, &m);
	hone_cargo_run_hear(run->result, run->env, &m);
	if (run->ahead && (m.kind == HONE_MSG_ARTIFACT || m.kind == HONE_MSG_BUILD_SCRIPT)) {
		hone_buf_addv(&run->ahead->messages, line);
		hone_buf_addc(&run->ahead->messages, '\n');
	}
	if (m.kind == HONE_MSG_ARTIFACT) {
		const char *file = selected_file(run, &m);

		run->result->n_units++;
		if (file) {
			free(run->result->executable);
			run->result->executable = hone_xstrdup(file);
			hone_strv_release(&run->result->beside);
			hone_strv_copy(&run->result->beside, &m.beside);
			run->result->fresh = m.fresh;
		}
		if (m.file)
			hone_disk_cap_used(m.file);
		if (run->watch->unit)
			run->watch->unit(run->watch->ctx, m.target_name ? m.target_name : "",
				run->result->n_units);
	} else if (m.kind == HONE_MSG_FINISHED) {
		run->finished = m.success;
	} else if (m.kind == HONE_MSG_BUILD_SCRIPT && m.out_dir) {
		hone_disk_cap_used(m.out_dir);
	} else if (m.kind == HONE_MSG_DIAGNOSTIC && m.rendered &&
		   (count = profile_count(run->result, m.rendered))) {
		*count += !is_beside(run, &m);
	} else if (m.kind == HONE_MSG_DIAGNOSTIC && m.level && hone_starts(m.level, "error") &&
		   m.rendered) {
		hone_buf_adds(&run->errors, m.rendered);
		if (!hone_ends(m.rendered, "\n"))
			hone_buf_addc(&run->errors, '\n');
	}
	hone_message_release(&m);
	return 0;
}

int hone_cargo_run_on_stderr(void *ctx, struct hone_view line)
{
	struct hone_cargo_listener *run = ctx;

	if (run->stderr_errors.n || hone_view_starts(line, "error")) {
		hone_buf_addv(&run->stderr_errors, line);
		hone_buf_addc(&run->stderr_errors, '\n');
	}
	if (run->watch->output)
		run->watch->output(run->watch->ctx, line);
	return 0;
}

/* A linker that writes through memory dies of SIGBUS when the disk is full, others and the compiler say so. That is no
 * candidate's fault. 0: it was something else. */
static int full_disk(
	const struct hone_cargo_listener *run, struct hone_view text, struct hone_err *err)
{
	static const char *const words[] = {"No space left on device", "signal 7", "signal: 7",
		"Bus error", "SIGBUS", "Disk quota exceeded"};
	char free_text[HONE_NUM_TEXT];
	uint64_t free_bytes = 0;
	bool said = false;

	for (size_t i = 0; i < HONE_COUNT(words); i++)
		said |= memmem(text.p, text.n, words[i], strlen(words[i])) != NULL;
	if (!said || hone_fs_free_bytes(run->output, &free_bytes, NULL) ||
		free_bytes > ROOM_FOR_A_LINK)
		return 0;
	hone_err_set(err, HONE_E_SYSTEM,
		"the disk is full: %s bytes are free where %s lies, and the build ended with: %.*s",
		hone_text_count(free_text, free_bytes), run->output, (int)text.n, text.p);
	hone_err_hint(err,
		"make room there (`cargo hone clean` removes what hone has built), or name "
		"a folder of another disk with --target-dir");
	return HONE_E_SYSTEM;
}

/* cargo's last lines say again that the build failed; they follow the compiler's and are left out. */
int hone_cargo_run_failed(const struct hone_cargo_listener *run, const struct hone_proc_result *r,
	struct hone_err *err)
{
	hone_auto_free char *hint = NULL;
	struct hone_view text = hone_view_trim(hone_buf_view(&run->errors));

	if (!text.n)
		text = hone_view_trim(hone_buf_view(&run->stderr_errors));
	if (hone_view_starts(text, "error: "))
		text = hone_view_sub(text, 7, text.n);
	if (!text.n) {
		hone_auto_free char *how = hone_proc_how_ended(r);

		return hone_err_set(err, HONE_E_FAILED, "cargo failed without a word: %s", how);
	}
	if (full_disk(run, text, err))
		return HONE_E_SYSTEM;
	hint = hone_cross_link_hint(hone_plan_triple(run->env), text);
	hone_err_set(err, HONE_E_FAILED, "%.*s", (int)text.n, text.p);
	return hint ? hone_err_hint(err, "%s", hint) : HONE_E_FAILED;
}
