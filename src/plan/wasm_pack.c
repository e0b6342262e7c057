#include "wasm_pack.h"

#include "plan_impl.h"

#include <string.h>

/* What wasm-pack calls wasm-opt with where nothing says otherwise. Source: wasm-pack 0.15.1, manifest/mod.rs. */
#define DEFAULT_LEVEL "-O"

/* Modules of the web: WASI's have no JavaScript beside them. */
static bool is_for_the_web(const struct hone_build_env *env)
{
	return strcmp(hone_plan_triple(env), "wasm32-unknown-unknown") == 0 &&
	       env->project->made == HONE_KIND_CDYLIB;
}

static const char *find(const struct hone_project *p, size_t at, bool *seen)
{
	const struct hone_package *package = &p->packages[at];
	const char *found = NULL;

	if (seen[at])
		return NULL;
	seen[at] = true;
	if (strcmp(package->name, "wasm-bindgen") == 0)
		return package->version;
	for (size_t i = 0; i < package->n_deps && !found; i++)
		if (package->dep_kinds[i] & HONE_DEP_NORMAL)
			found = find(p, package->deps[i], seen);
	return found;
}

const char *hone_plan_bindgen(const struct hone_build_env *env)
{
	const struct hone_project *p = env->project;
	hone_auto_free bool *seen = NULL;

	if (!p->graph || !is_for_the_web(env))
		return NULL;
	seen = hone_xcalloc(p->n_packages, sizeof(*seen));
	return find(p, (size_t)(p->package - p->packages), seen);
}

bool hone_wasm_pack_needs(const struct hone_plan *plan, const struct hone_build_env *env)
{
	return strcmp(env->profile, "release") == 0 && hone_plan_bindgen(env) &&
	       (plan->wasm_opt || hone_plan_strips_symbols(plan, env));
}

int hone_wasm_pack_edit(struct hone_toml *doc, const struct hone_plan *plan,
	const struct hone_build_env *env, struct hone_err *err)
{
	static const char *const path[] = {
		"package", "metadata", "wasm-pack", "profile", "release", "wasm-opt"};
	const size_t n = HONE_COUNT(path);
	struct hone_wasm_opt_call call = hone_plan_wasm_opt_call(plan, env);
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf value = HONE_BUF_INIT;
	const struct hone_toml_node *there = hone_toml_get_path(doc, path, n);
	bool on = true;
	int error;

	/* Off, or a list of the user's, or of another apply: only who asks for the step by name changes that. */
	if (there && (!hone_toml_bool(there, &on) || !on) && (!on || !plan->wasm_opt))
		return 0;
	if (!call.level)
		call.level = DEFAULT_LEVEL;
	error = hone_wasm_opt_args(&call, !hone_plan_strips_symbols(plan, env), &args, err);
	if (error)
		return error;
	for (size_t i = 0; i < args.n; i++)
		hone_buf_addf(&value, "%s\"%s\"", i ? ", " : "[", args.v[i]);
	hone_buf_adds(&value, "]");
	return hone_toml_put(doc, path, n, hone_buf_str(&value), err);
}
