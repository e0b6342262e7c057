#include "bolt_train.h"

#include "ahead.h"
#include "artifact.h"
#include "bolt.h"
#include "clock.h"
#include "fs.h"
#include "inputs.h"
#include "left_out.h"
#include "num.h"
#include "rules.h"
#include "train.h"
#include "training_memory.h"

#include <string.h>

/* Bytes of code, and whether the linker left what llvm-bolt goes by. */
static int check_program(const struct hone_plan *plan, const char *path, struct hone_err *err)
{
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	char code[HONE_NUM_TEXT], least[HONE_NUM_TEXT];
	uint64_t size = 0;
	bool relocs = false;
	int error = hone_object_info_read(path, &info, err);

	if (error)
		return error;
	for (size_t i = 0; i < info.n_sections; i++) {
		relocs |= strcmp(info.sections[i].name, ".rela.text") == 0;
		if (strcmp(info.sections[i].name, ".text") == 0)
			size = info.sections[i].size;
	}
	if (!relocs || !info.has_symtab) {
		hone_err_set(err, HONE_E_FAILED,
			"post.bolt: the linked program has no %s, without which llvm-bolt cannot "
			"move functions",
			relocs ? "symbol table" : "relocations");
		return hone_err_hint(err, "a flag or a linker of your own can take them away");
	}
	if (size >= HONE_RULE_BOLT_CODE || plan->bolt.always)
		return 0;
	hone_err_set(err, HONE_E_FAILED,
		"post.bolt: the program has %s bytes of code, and below %s no gain was measured",
		hone_text_count(code, size), hone_text_count(least, HONE_RULE_BOLT_CODE));
	return hone_err_hint(err, "leave it out, or try it all the same: post.bolt=always");
}

/* What is under way. */
struct bolting {
	const struct hone_session *s;
	const struct hone_plan *plan;
	const struct hone_artifact *linked; /* the program before the step */
	struct hone_training training;
	char *run_dir, *raw, *merged, *counting; /* of this build slot */
};

static void run_training(struct bolting *b, const char *program, int *ret, struct hone_err *err)
{
	struct hone_train_request r = {.path = program,
		.workloads = b->training.workloads,
		.n = b->training.n,
		.run_dir = b->run_dir,
		.raw_dir = b->raw};
	struct hone_left_outs left_out;

	hone_left_outs_find(b->s, b->linked, &left_out);
	r.left_out = left_out.v.v;
	r.n_left_out = left_out.v.n;
	*ret = hone_train(&r, err);
	hone_left_outs_release(&left_out);
	hone_inputs_ran(b->s->dir.inputs, HONE_INPUTS_FIRST);
	if (!*ret)
		*ret = hone_inputs_error(b->s->dir.inputs, err);
}

static int add_path(void *ctx, const char *name, struct hone_err *err)
{
	(void)err;
	if (hone_ends(name, ".fdata"))
		hone_strv_push(ctx, name);
	return 0;
}

static int merge(struct bolting *b, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT, names = HONE_STRV_INIT;
	int error = hone_fs_each(b->raw, add_path, &names, err);

	if (!error && !names.n) {
		hone_err_set(err, HONE_E_FAILED, "post.bolt: the training left no counts");
		error = hone_err_hint(err, "they are written when the program ends by itself: a "
					   "signal or _exit leaves nothing");
	}
	if (error)
		return error;
	/* What is added up does not depend on the order, what is written does. */
	hone_strv_sort(&names);
	hone_strv_take(&argv, hone_plan_merge_fdata(b->plan));
	for (size_t i = 0; i < names.n; i++)
		hone_strv_take(&argv, hone_path_join(b->raw, names.v[i]));
	hone_strv_push(&argv, "-o");
	hone_strv_push(&argv, b->merged);
	return hone_bolt_tool(&argv, "merging the profile", err);
}

/* Has the program count, runs the training, and keeps the profile under the hash of its content. */
static int gather(struct bolting *b, const char *workloads, struct hone_training_memory *ret,
	struct hone_err *err)
{
	hone_auto_free char *counts = hone_path_join(b->raw, "counts");
	hone_auto_free char *absolute = hone_path_absolute(counts);
	hone_auto_free char *path = NULL;
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	char text[HONE_HASH_TEXT];
	struct hone_hash hash = {0};
	int error;

	hone_plan_bolt_count_args(b->plan, b->linked->path, absolute, b->counting, &argv);
	error = hone_bolt_tool(&argv, "having the program count", err);
	hone_inputs_add_workloads(b->s->dir.inputs, b->training.workloads, b->training.n);
	if (!error)
		error = hone_inputs_check(b->s->dir.inputs, err);
	if (!error)
		run_training(b, b->counting, &error, err);
	if (!error)
		error = merge(b, err);
	if (!error)
		error = hone_hash_file(b->merged, &hash, err);
	if (!error) {
		*ret = (struct hone_training_memory){.workloads = hone_xstrdup(workloads),
			.names = hone_training_names(b->training),
			.file = hone_xasprintf("%s.fdata", hone_hash_text(text, hash)),
			.made = hone_wall_clock_s()};
		path = hone_path_join(hone_workdir_profile_files(&b->s->dir), ret->file);
		error = hone_fs_rename(b->merged, path, err);
	}
	return error;
}

/* The program as llvm-bolt lays it out has to do what it is trained with, before it is called a candidate. */
static int check_result(struct bolting *b, const struct hone_plan *plan,
	const struct hone_buf *bytes, struct hone_err *err)
{
	hone_auto_free char *folder = hone_path_dir(b->counting);
	hone_auto_buf struct hone_buf copy = {.limit = HONE_BOLT_PROGRAM};
	int error;

	hone_buf_addv(&copy, hone_buf_view(bytes));
	error = hone_bolt(plan, folder, &copy, err);
	if (!error)
		error = hone_fs_write_cache(b->counting, hone_buf_view(&copy), 0755, err);
	if (!error) {
		run_training(b, b->counting, &error, err);
		if (error == HONE_E_FAILED)
			hone_err_wrap(err, "post.bolt: what llvm-bolt wrote does not work");
	}
	return error;
}

/* Of the program and the workloads, still there and whole. */
static bool is_kept(struct bolting *b, const char *memory, const char *workloads,
	struct hone_training_memory *ret)
{
	const char *dir = hone_workdir_profile_files(&b->s->dir);
	hone_auto_free char *path = NULL;
	char text[HONE_HASH_TEXT];
	struct hone_hash content;

	if (!hone_training_memory_read(dir, memory, ret))
		return false;
	path = hone_path_join(dir, ret->file);
	if ((!b->training.n || strcmp(ret->workloads, workloads) == 0) &&
		hone_hash_file(path, &content, NULL) == 0 &&
		hone_starts(ret->file, hone_hash_text(text, content)))
		return true;
	hone_training_memory_release(ret);
	return false;
}

/* The plan with the profile of the program: kept, or made now, and then remembered once what comes of it works. */
static int learn(struct bolting *b, const struct hone_plan **ret, struct hone_err *err)
{
	const struct hone_workdir *dir = &b->s->dir;
	char hash[HONE_HASH_TEXT], workloads[HONE_HASH_TEXT];
	hone_auto_free char *memory = hone_xasprintf(
		"%s/%s.bolt.json", dir->profiles, hone_hash_text(hash, b->linked->hash));
	hone_auto_buf struct hone_buf bytes = {.limit = HONE_BOLT_PROGRAM};
	struct hone_training_memory m = {0};
	bool kept;
	int error = check_program(b->plan, b->linked->path, err);

	hone_training_hash(b->training, workloads);
	kept = is_kept(b, memory, workloads, &m);
	if (!error && !kept && !b->training.n) {
		hone_err_set(err, HONE_E_USAGE,
			"post.bolt: there is nothing to train with, and no profile of this program "
			"from before");
		error = hone_err_hint(err, "say what the program does all day: --train 'ARGS', or "
					   "workloads in hone.toml");
	}
	if (!error)
		error = hone_fs_read(b->linked->path, HONE_BOLT_PROGRAM, &bytes, NULL, err);
	if (!error && !kept)
		error = gather(b, workloads, &m, err);
	if (!error) {
		hone_auto_free char *profile =
			hone_path_join(hone_workdir_profile_files(dir), m.file);

		*ret = hone_plan_use_bolt(&b->s->env, b->plan, profile, hone_buf_view(&bytes));
		if (!kept)
			error = check_result(b, *ret, &bytes, err);
		if (!error && !kept)
			error = hone_training_memory_write(memory, &m, err);
		if (error)
			hone_plan_free(*ret);
	}
	if (!error && !kept)
		hone_events_status(
			b->s->events, "Profile", "of the machine code, made by %s", m.names);
	hone_training_memory_release(&m);
	return error;
}

int hone_bolt_prepare(const struct hone_session *s, const struct hone_plan **plan,
	struct hone_training training, struct hone_err *err)
{
	const struct hone_plan *first = *plan, *learnt = NULL;
	hone_auto_free char *name = hone_xasprintf("%s, as linked", first->candidate->name);
	struct bolting b = {.s = s, .plan = first, .training = training};
	unsigned slot = s->dir.ahead ? s->dir.ahead->slot : 0;
	struct hone_artifact *a = NULL;
	struct hone_build_watch watch;
	int error;

	if (!first->bolt.tool || first->bolt.profile)
		return 0;
	error = hone_session_can_run(s, training.workloads, training.n, err);
	if (error)
		return error;
	watch = hone_events_building(s->events, name, 1, 1);
	error = hone_artifact_build(first, &s->env, &s->dir, NULL, &watch, &a, err);
	hone_events_settled(s->events);
	if (error)
		return error;
	b.linked = a;
	b.run_dir = hone_xasprintf("%s/train.%u", s->dir.run, slot);
	b.raw = hone_xasprintf("%s/raw.%u", s->dir.profiles, slot);
	b.merged = hone_xasprintf("%s/merged.%u", s->dir.profiles, slot);
	b.counting = hone_xasprintf("%s/counting.%u", s->dir.profiles, slot);
	error = hone_artifact_finish(a, err);
	if (!error)
		error = learn(&b, &learnt, err);
	(void)hone_fs_remove_tree(b.raw, NULL);
	(void)hone_fs_remove(b.counting, NULL);
	free(b.run_dir);
	free(b.raw);
	free(b.merged);
	free(b.counting);
	hone_artifact_free(a);
	if (error)
		return error;
	hone_plan_free(first);
	*plan = learnt;
	return 0;
}
