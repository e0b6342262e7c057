#include "bindgen.h"

#include "fs.h"
#include "proc.h"
#include "wasm_opt.h"

#include <string.h>

#define ASK_NS (60 * HONE_NS_PER_S)
/* Megabytes take seconds. */
#define BINDGEN_NS (1800 * HONE_NS_PER_S)
#define MODULE_LIMIT ((size_t)1 << 30)
#define FOLDER "bindgen"

char *hone_bindgen_install(const char *version)
{
	return hone_xasprintf("cargo install wasm-bindgen-cli --version %s --locked", version);
}

char *hone_bindgen_here(void)
{
	static const char *const argv[] = {"wasm-bindgen", "--version", NULL};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = ASK_NS};
	struct hone_view text;

	if (hone_proc_run(&spec, &r, NULL) || !hone_proc_succeeded(&r))
		return NULL;
	text = hone_view_trim(hone_buf_view(&r.out));
	if (!hone_starts(hone_buf_str(&r.out), "wasm-bindgen "))
		return NULL;
	text = hone_view_sub(text, strlen("wasm-bindgen "), text.n);
	return hone_view_dup(hone_view_sub(text, 0, strcspn(text.p, " \n")));
}

static int run(const char *from, const char *to, struct hone_err *err)
{
	const char *const argv[] = {"wasm-bindgen", "--target", "web", "--no-typescript",
		"--out-name", "module", "--out-dir", to, from, NULL};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = BINDGEN_NS};
	hone_auto_free char *how = NULL;
	struct hone_view words;
	int error = hone_proc_run(&spec, &r, err);

	if (error || hone_proc_succeeded(&r))
		return error;
	how = hone_proc_how_ended(&r);
	words = hone_view_sub(hone_view_trim(hone_buf_view(&r.err)), 0, 2000);
	return hone_err_set(err, HONE_E_FAILED, "wasm-bindgen does not take the module: %s%s%.*s",
		how, words.n ? ": " : "", (int)words.n, words.p);
}

int hone_bindgen(const struct hone_wasm_opt_call *call, struct hone_view bytes, const char *folder,
	char **ret_path, struct hone_buf *ret_bytes, struct hone_err *err)
{
	hone_auto_free char *from = hone_path_join(folder, "linked.wasm");
	hone_auto_free char *to = hone_path_join(folder, FOLDER);
	hone_auto_free char *made = hone_path_join(to, "module_bg.wasm");
	struct hone_buf out = {.limit = MODULE_LIMIT};
	int error = hone_fs_remove(made, err);

	if (!error)
		error = hone_fs_write_cache(from, bytes, 0644, err);
	if (!error)
		error = run(from, to, err);
	if (!error)
		error = hone_fs_read(made, MODULE_LIMIT, &out, NULL, err);
	if (!error && call->level)
		error = hone_wasm_opt(call, to, &out, err);
	if (!error && call->level)
		error = hone_fs_write_cache(made, hone_buf_view(&out), 0644, err);
	(void)hone_fs_remove(from, NULL);
	if (error) {
		hone_buf_release(&out);
		return error;
	}
	*ret_path = HONE_TAKE(made);
	*ret_bytes = out;
	return 0;
}
