/* Binaryen's optimizer after the link: whether it is here, and what it has to be told. */
#include "fs.h"
#include "plan_impl.h"
#include "proc.h"
#include "tools.h"

#include <string.h>

#define ASK_NS (60 * HONE_NS_PER_S)

/* Features of WebAssembly as rustc and the section target_features call them, and wasm-opt's options. The last two are
 * parts of older ones, by which tools that do not know them yet take them. Source: tool-conventions, Linking.md;
 * binaryen, src/tools/tool-options.h. */
static const struct {
	const char *feature, *option, *older;
} features[] = {{"atomics", "threads", NULL}, {"bulk-memory", "bulk-memory", NULL},
	{"exception-handling", "exception-handling", NULL},
	{"extended-const", "extended-const", NULL}, {"gc", "gc", NULL},
	{"memory64", "memory64", NULL}, {"multimemory", "multimemory", NULL},
	{"multivalue", "multivalue", NULL}, {"mutable-globals", "mutable-globals", NULL},
	{"nontrapping-fptoint", "nontrapping-float-to-int", NULL},
	{"reference-types", "reference-types", NULL}, {"relaxed-simd", "relaxed-simd", NULL},
	{"sign-ext", "sign-ext", NULL}, {"simd128", "simd", NULL}, {"tail-call", "tail-call", NULL},
	{"bulk-memory-opt", "bulk-memory-opt", "bulk-memory"},
	{"call-indirect-overlong", "call-indirect-overlong", "reference-types"}};

void hone_plan_add_wasm_opt(
	const struct hone_build_env *env, struct hone_plan *plan, const struct hone_assign *a)
{
	const struct hone_setting_value *row =
		hone_setting_value_row(a->setting, hone_view_of(a->value));
	const char *triple = hone_plan_triple(env);

	if (!row || !row->flags)
		return;
	if (strstr(triple, "wasip2") || strstr(triple, "wasip3"))
		hone_plan_leave_out(plan, a->setting,
			"it reads modules, and what is built for %s is a component", triple);
	else
		plan->wasm_opt = row->flags;
}

int hone_plan_check_wasm_opt(const struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_free char *path = NULL;
	hone_auto_free char *install = NULL;

	if (!plan->wasm_opt || hone_path_find_program("wasm-opt", &path, NULL) == 0)
		return 0;
	install = hone_tool_install_here(HONE_TOOL_WASM_OPT);
	hone_err_set(err, HONE_E_USAGE, "%s: there is no wasm-opt on the path",
		hone_setting(HONE_SET_POST_WASM_OPT)->key);
	return hone_err_hint(err, "install binaryen (%s, or a newer one: npm install -g binaryen)",
		install ? install : "from its releases");
}

static int ask(const char *const *argv, struct hone_proc_result *r, struct hone_err *err)
{
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = ASK_NS};
	int error = hone_proc_run(&spec, r, err);

	if (error || hone_proc_succeeded(r))
		return error;
	hone_auto_free char *how = hone_proc_how_ended(r);

	return hone_err_set(err, HONE_E_FAILED, "%s %s: %s", argv[0], argv[1], how);
}

/* Is a whole word in a text? */
static bool has_option(const char *help, const char *option)
{
	hone_auto_free char *flag = hone_xasprintf("--enable-%s", option);
	size_t n = strlen(flag);

	for (const char *at = help; (at = strstr(at, flag)); at += n)
		if (!at[n] || strchr(" \t\r\n,", at[n]))
			return true;
	return false;
}

struct hone_wasm_opt_call hone_plan_wasm_opt_call(
	const struct hone_plan *plan, const struct hone_build_env *env)
{
	return (struct hone_wasm_opt_call){
		plan->wasm_opt, env->toolchain->rustc, hone_plan_triple(env)};
}

int hone_wasm_opt_args(const struct hone_wasm_opt_call *call, bool tells_features,
	struct hone_strv *ret_args, struct hone_err *err)
{
	const char *const cfg_argv[] = {call->rustc, "--print=cfg", "--target", call->triple, NULL};
	static const char *const help_argv[] = {"wasm-opt", "--help", NULL};
	hone_auto_proc_result struct hone_proc_result cfg = HONE_PROC_RESULT_INIT;
	hone_auto_proc_result struct hone_proc_result help = HONE_PROC_RESULT_INIT;
	hone_auto_free char *path = NULL;
	int error = tells_features ? 0 : ask(cfg_argv, &cfg, err);

	/* One that is not here is brought by somebody else: options that all know. */
	if (!error && !tells_features && hone_path_find_program("wasm-opt", &path, NULL) == 0)
		error = ask(help_argv, &help, err);
	if (error)
		return error;
	hone_strv_push(ret_args, call->level);
	for (size_t i = 0; !tells_features && i < HONE_COUNT(features); i++) {
		hone_auto_free char *line =
			hone_xasprintf("target_feature=\"%s\"\n", features[i].feature);
		const char *option = features[i].option;
		hone_auto_free char *flag = NULL;

		if (!strstr(hone_buf_str(&cfg.out), line))
			continue;
		if (path ? !has_option(hone_buf_str(&help.out), option) : !!features[i].older)
			option = features[i].older;
		if (!option)
			continue;
		flag = hone_xasprintf("--enable-%s", option);
		if (!hone_strv_has(ret_args, flag))
			hone_strv_push(ret_args, flag);
	}
	return 0;
}
