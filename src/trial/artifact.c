#include "artifact.h"

#include "allocator.h"
#include "bindgen.h"
#include "artifact_kind.h"
#include "bolt.h"
#include "platform.h"
#include "strip.h"
#include "fs.h"
#include "inputs.h"
#include "plan_impl.h"
#include "record.h"
#include "size_memory.h"
#include "wasm_opt.h"
#include "wasm_pack.h"
#include "workload.h"

#include <string.h>

/* Largest binary that hone reads into memory. */
#define BINARY_LIMIT ((size_t)2 << 30)

struct owned_artifact {
	struct hone_artifact a; /* first: what callers see */
	struct hone_compress_job *job, *bound_job;
	char *record_path;
};

static struct owned_artifact *owned(struct hone_artifact *a)
{
	return (struct owned_artifact *)a;
}

/* The plan's own steps after the link, on the bytes that hone keeps. */
static int apply_post_steps(const struct hone_plan *plan, const struct hone_build_env *env,
	const char *folder, struct hone_buf *bytes, struct hone_err *err)
{
	struct hone_buf stripped = HONE_BUF_INIT;
	enum hone_strip_level level;
	struct hone_wasm_opt_call call = hone_plan_wasm_opt_call(plan, env);
	int error = call.level ? hone_wasm_opt(&call, folder, bytes, err) : 0;

	if (error)
		return hone_err_wrap(err, "post.wasm-opt");
	if (plan->bolt.profile)
		error = hone_bolt(plan, folder, bytes, err);
	if (error)
		return hone_err_wrap(err, "post.bolt");
	if (!plan->post_strip || !hone_strip_level_parse(hone_view_of(plan->post_strip), &level))
		return 0;
	error = hone_strip_bytes(hone_buf_view(bytes), level, NULL, &stripped, err);
	if (error) {
		hone_buf_release(&stripped);
		return hone_err_wrap(err, "post.strip=\"%s\"", plan->post_strip);
	}
	hone_buf_release(bytes);
	*bytes = stripped;
	return 0;
}

/* A module that a page gets through wasm-bindgen, where the one of its version is here. */
static int bind(struct owned_artifact *o, const struct hone_plan *plan,
	const struct hone_build_env *env, const char *folder, struct hone_view bytes,
	struct hone_err *err)
{
	const char *version = hone_plan_bindgen(env);
	struct hone_wasm_opt_call call = hone_plan_wasm_opt_call(plan, env);
	hone_auto_free char *here = version ? hone_bindgen_here() : NULL;
	hone_auto_free char *path = NULL;
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	int error;

	if (!here || strcmp(here, version) != 0)
		return 0;
	error = hone_bindgen(&call, bytes, folder, &path, &out, err);
	if (error)
		return error;
	o->a.bound_size = out.n;
	return hone_compress_start(hone_buf_view(&out), path, &o->bound_job, err);
}

/* A linker that ends well is not proof of a file that it has written to its end. */
static int read_facts(struct owned_artifact *o, struct hone_view bytes,
	const struct hone_build_env *env, const struct hone_workdir *dir, struct hone_err *err)
{
	hone_auto_buf struct hone_buf stripped = HONE_BUF_INIT;
	struct hone_artifact *a = &o->a;
	int error = bytes.n ? hone_object_info_read(a->path, &a->elf, err)
			    : hone_err_set(err, HONE_E_SYNTAX, "%s is empty", a->path);

	if (error == HONE_E_SYNTAX)
		return hone_err_wrap(err, "what was linked is no program");
	a->is_elf = error == 0;
	if (error)
		hone_err_release(err);
	if (a->is_elf && a->elf.is_cut_off)
		return hone_err_set(err, HONE_E_SYNTAX,
			"what was linked is no program: %s is cut off", a->path);
	a->path_dependent = memmem(bytes.p, bytes.n, dir->build, strlen(dir->build)) != NULL;
	a->stripped_size = a->size;
	if (a->is_elf && hone_strip_bytes(bytes, HONE_STRIP_SYMBOLS, NULL, &stripped, NULL) == 0)
		a->stripped_size = stripped.n;
	a->bare = a->is_elf && hone_platform_of(hone_plan_triple(env), NULL).os == HONE_OS_NONE &&
		  hone_memory_totals(a->path, &a->flash, &a->ram, NULL) == 0;
	return 0;
}

/* What an earlier build of the same bytes cost, their compressed sizes, and, where no wasm-bindgen is here, what one made of
 * them. */
static void use_record(struct owned_artifact *o, const struct hone_record *record,
	const struct hone_build_env *env, bool fresh)
{
	if (!record->known || !hone_hash_eq(record->hash, o->a.hash))
		return;
	o->a.packed = record->packed;
	if (!o->a.bound_size && hone_plan_bindgen(env)) {
		o->a.bound_size = record->bound_size;
		o->a.bound = record->bound;
	}
	if (fresh)
		o->a.cost = record->cost;
}

/* What an earlier build of the same bytes has left is not worked out again. Modules are downloaded, most often packed by
 * brotli. */
static int start_packing(struct owned_artifact *o, struct hone_view bytes,
	const struct hone_build_env *env, const struct hone_workdir *dir, struct hone_err *err)
{
	bool module = hone_platform_of(hone_plan_triple(env), NULL).object == HONE_OBJECT_WASM;

	if (dir->unpacked || (o->a.packed.gzip && (!module || o->a.packed.brotli ||
							  !hone_compress_has_brotli())))
		return 0;
	return hone_compress_start(bytes, module ? o->a.path : NULL, &o->job, err);
}

int hone_artifact_copy_beside(const struct hone_artifact *a, const char *path, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < a->beside.n; i++) {
		hone_auto_free char *from = hone_xasprintf("%s%s", a->path, a->beside.v[i]);
		hone_auto_free char *to = hone_xasprintf("%s%s", path, a->beside.v[i]);

		error = hone_fs_copy(from, to, err);
	}
	return error;
}

struct siblings {
	const char *from, *to;
};

static int copy_sibling(void *ctx, const char *name, struct hone_err *err)
{
	const struct siblings *s = ctx;
	hone_auto_free char *from = hone_path_join(s->from, name);
	hone_auto_free char *to = hone_path_join(s->to, name);

	return hone_fs_copy_tree(from, to, err);
}

int hone_artifact_copy_siblings(
	const struct hone_artifact *a, const char *dir, struct hone_err *err)
{
	hone_auto_free char *own = hone_path_dir(a->path);
	hone_auto_free char *beside = hone_path_join(own, HONE_BESIDE);
	struct siblings s = {beside, dir};

	return hone_fs_each(beside, copy_sibling, &s, err);
}

/* Keeps what belongs to the program beside hone's copy of it, and nothing of an earlier build. */
static int keep_beside(
	struct hone_artifact *a, const struct hone_cargo_run *run, struct hone_err *err)
{
	hone_auto_free char *old = hone_xasprintf("%s.dwp", a->path);
	size_t n = strlen(run->executable);
	int error = hone_fs_remove(old, err);

	for (size_t i = 0; !error && i < run->beside.n; i++) {
		hone_auto_free char *to = hone_xasprintf("%s%s", a->path, run->beside.v[i] + n);

		hone_strv_push(&a->beside, run->beside.v[i] + n);
		error = hone_fs_copy(run->beside.v[i], to, err);
	}
	return error;
}

/* A build that failed may have failed by what was written meanwhile. */
static int build_of_one_input(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const char *link_dir, const struct hone_build_watch *watch,
	struct hone_cargo_run *ret, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error = hone_inputs_error(dir->inputs, err), changed;

	if (error)
		return error;
	hone_inputs_build(dir->inputs);
	error = hone_cargo_run_plan(plan, env, dir, link_dir, watch, ret, err);
	changed = error == HONE_E_INTERRUPTED ? 0 : hone_inputs_built(dir->inputs, &why);
	return changed ? hone_err_move(err, &why) : error;
}

char *hone_artifact_path(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir)
{
	struct hone_platform platform = hone_platform_of(hone_plan_triple(env), NULL);
	hone_auto_free char *name = hone_artifact_kind_file_name(
		hone_artifact_kind_of(env->project->made, &platform), env->project->target);

	return hone_xasprintf("%s/%s/%s", dir->artifacts, plan->key, name);
}

int hone_artifact_build(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const char *link_dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, struct hone_err *err)
{
	hone_auto_free char *folder = hone_path_join(dir->artifacts, plan->key);
	struct owned_artifact *o = HONE_NEW(struct owned_artifact);
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	struct hone_record record = {0};
	struct hone_cargo_run run = {0};
	int error;

	o->a.path = hone_artifact_path(plan, env, dir);
	o->record_path = hone_path_join(folder, "record.json");
	o->a.exact = true;
	error = build_of_one_input(plan, env, dir, link_dir, watch, &run, err);
	if (!error)
		error = hone_plan_check_linked(plan, run.executable, err);
	if (!error)
		error = hone_plan_check_allocator(plan, run.executable, err);
	if (!error)
		error = hone_fs_mkdirs(folder, err);
	bytes.limit = BINARY_LIMIT;
	if (!error)
		error = hone_fs_read(run.executable, BINARY_LIMIT, &bytes, NULL, err);
	if (!error)
		error = bind(o, plan, env, folder, hone_buf_view(&bytes), err);
	if (!error)
		error = apply_post_steps(plan, env, folder, &bytes, err);
	if (!error) {
		o->a.hash = hone_hash_bytes(hone_buf_view(&bytes));
		o->a.size = bytes.n;
		o->a.cost = run.cost;
		hone_record_read(o->record_path, &record);
		use_record(o, &record, env, run.fresh);
	}
	if (!error)
		error = hone_fs_write_cache(o->a.path, hone_buf_view(&bytes), 0755, err);
	/* Early: after the last build nothing is left to hide it behind. */
	if (!error)
		error = start_packing(o, hone_buf_view(&bytes), env, dir, err);
	if (!error)
		error = keep_beside(&o->a, &run, err);
	if (!error)
		error = read_facts(o, hone_buf_view(&bytes), env, dir, err);
	/* cargo would take it for built from now on. */
	if (error == HONE_E_SYNTAX)
		(void)hone_cargo_forget(env, run.executable, NULL);
	if (!error) {
		o->a.used = (struct hone_profile_use){.functions = plan->profile_functions,
			.executed = plan->profile_executed,
			.missing = run.missing,
			.mismatched = run.mismatched};
		o->a.reused = run.fresh;
		o->a.built_at = HONE_TAKE(run.executable);
		hone_strv_copy(&o->a.script_env, &run.script_env);
	}
	hone_cargo_run_release(&run);
	if (error) {
		hone_artifact_free(&o->a);
		return error;
	}
	*ret_artifact = &o->a;
	return 0;
}

uint64_t hone_artifact_cost(const struct hone_artifact *a)
{
	return a->bare ? a->flash : a->size;
}

int hone_artifact_finish(struct hone_artifact *a, struct hone_err *err)
{
	struct owned_artifact *o = owned(a);
	int error = 0;

	if (o->bound_job)
		error = hone_compress_finish(HONE_TAKE(o->bound_job), &a->bound, err);
	if (!error && o->job)
		error = hone_compress_finish(HONE_TAKE(o->job), &a->packed, err);
	return error ? error
		     : hone_record_write(o->record_path,
			       &(struct hone_record){.hash = a->hash,
				       .packed = a->packed,
				       .bound_size = a->bound_size,
				       .bound = a->bound,
				       .cost = a->cost},
			       err);
}

void hone_artifact_free(struct hone_artifact *a)
{
	struct owned_artifact *o = a ? owned(a) : NULL;

	if (!o)
		return;
	hone_compress_abort(o->job);
	hone_compress_abort(o->bound_job);
	hone_object_info_release(&a->elf);
	free(a->path);
	free(a->built_at);
	hone_strv_release(&a->beside);
	hone_strv_release(&a->script_env);
	free(o->record_path);
	free(o);
}
