#include "wasm_opt.h"

#include "fs.h"
#include "object.h"
#include "proc.h"

#include <string.h>

/* Programs of megabytes take seconds. */
#define OPT_NS (1800 * HONE_NS_PER_S)
#define MODULE_LIMIT ((size_t)1 << 30)

/* "wasm-opt version 108"; "wasm-opt" where it does not say. The caller frees. */
static char *version(void)
{
	static const char *const argv[] = {"wasm-opt", "--version", NULL};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = 60 * HONE_NS_PER_S};
	struct hone_view text = {0};

	if (hone_proc_run(&spec, &r, NULL) == 0 && hone_proc_succeeded(&r))
		text = hone_view_trim(hone_buf_view(&r.out));
	text = hone_view_sub(text, 0, hone_view_find(text, 0, '\n'));
	return text.n ? hone_view_dup(text) : hone_xstrdup("wasm-opt");
}

/* hone has read the module to its end before: what the tool cannot read is then newer than the tool. */
static int not_taken(const struct hone_proc_result *r, struct hone_err *err)
{
	hone_auto_free char *who = version();
	hone_auto_free char *how = hone_proc_how_ended(r);
	struct hone_view words = hone_view_trim(hone_buf_view(&r->err));
	bool refused = !r->sig && !r->timed_out;

	words = hone_view_sub(words, 0, 2000);
	hone_err_set(err, HONE_E_FAILED, "%s does not take the module that was linked: %s%s%.*s",
		who, how, words.n ? ": " : "", (int)words.n, words.p);
	if (!refused)
		return HONE_E_FAILED;
	return hone_err_hint(err, "the module is whole, and rustc's: this wasm-opt is older than "
				  "what it uses; a newer "
				  "one: npm install -g binaryen");
}

static int check(
	const struct hone_object_info *in, const struct hone_buf *out, struct hone_err *err)
{
	hone_auto_object_info struct hone_object_info now = HONE_OBJECT_INFO_INIT;
	int error = hone_object_info_from_bytes(hone_buf_view(out), &now, err);

	if (error)
		return hone_err_wrap(err, "what wasm-opt wrote");
	for (size_t i = 0; i < in->exports.n; i++)
		if (!hone_strv_has(&now.exports, in->exports.v[i]))
			return hone_err_set(err, HONE_E_FAILED, "wasm-opt took an export away: %s",
				in->exports.v[i] + 2);
	if (now.exports.n != in->exports.n || now.format != HONE_OBJECT_WASM || now.is_component)
		return hone_err_set(
			err, HONE_E_FAILED, "what wasm-opt wrote does not export the same");
	return 0;
}

static int run(const struct hone_strv *args, const char *from, const char *to, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.deadline_ns = OPT_NS};
	int error;

	hone_strv_push(&argv, "wasm-opt");
	hone_strv_copy(&argv, args);
	hone_strv_push(&argv, from);
	hone_strv_push(&argv, "-o");
	hone_strv_push(&argv, to);
	spec.argv = hone_strv_argv(&argv);
	error = hone_proc_run(&spec, &r, err);
	if (!error && !hone_proc_succeeded(&r))
		error = not_taken(&r, err);
	return error;
}

int hone_wasm_opt(const struct hone_wasm_opt_call *call, const char *folder, struct hone_buf *bytes,
	struct hone_err *err)
{
	hone_auto_free char *from = hone_path_join(folder, "linked.wasm");
	hone_auto_free char *to = hone_path_join(folder, "optimized.wasm");
	hone_auto_object_info struct hone_object_info in = HONE_OBJECT_INFO_INIT;
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	struct hone_buf out = {.limit = MODULE_LIMIT};
	int error = hone_object_info_from_bytes(hone_buf_view(bytes), &in, err);

	if (error)
		return hone_err_wrap(err, "what was linked");
	if (in.format != HONE_OBJECT_WASM || in.is_component)
		return hone_err_set(
			err, HONE_E_UNSUPPORTED, "what was linked is no WebAssembly module");
	error = hone_wasm_opt_args(call, in.tells_features, &args, err);
	/* It would stay as it is, with the addresses of the code before. */
	if (in.has_debug)
		hone_strv_push(&args, "--strip-dwarf");
	/* Names are strip's matter. */
	if (in.has_symtab)
		hone_strv_push(&args, "-g");
	if (!error)
		error = hone_fs_remove(to, err);
	if (!error)
		error = hone_fs_write_cache(from, hone_buf_view(bytes), 0644, err);
	if (!error)
		error = run(&args, from, to, err);
	if (!error)
		error = hone_fs_read(to, MODULE_LIMIT, &out, NULL, err);
	if (!error)
		error = check(&in, &out, err);
	(void)hone_fs_remove(from, NULL);
	(void)hone_fs_remove(to, NULL);
	if (error) {
		hone_buf_release(&out);
		return error;
	}
	hone_buf_release(bytes);
	*bytes = out;
	return 0;
}
