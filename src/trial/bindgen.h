#ifndef HONE_TRIAL_BINDGEN_H
#define HONE_TRIAL_BINDGEN_H
/* What wasm-bindgen makes of a module: the file that a page gets. */
#include "plan.h"

/* The program of that version, to be typed. The caller frees. */
char *hone_bindgen_install(const char *version);
/* The version of the wasm-bindgen on the path: "0.2.117"; NULL: there is none, or it does not say. The caller frees. */
char *hone_bindgen_here(void);
/* Runs it on bytes, a linked module, in folder, and then the plan's wasm-opt, as wasm-pack does. *ret_path: the file,
 * which the caller frees; it stays in folder. HONE_E_FAILED: one of the two does not take the module. */
int hone_bindgen(const struct hone_wasm_opt_call *call, struct hone_view bytes, const char *folder,
	char **ret_path, struct hone_buf *ret_bytes, struct hone_err *err);

#endif
