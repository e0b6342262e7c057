#ifndef HONE_TRIAL_WASM_OPT_H
#define HONE_TRIAL_WASM_OPT_H
/* Binaryen's optimizer on a linked module. */
#include "plan.h"

/* Replaces bytes, a linked module, by what wasm-opt makes of it; files lie in folder meanwhile. HONE_E_FAILED:
 * wasm-opt does not take the module, and who is at fault (a tool that is too old, the module itself); what it wrote is no
 * module, or exports something else. */
struct hone_buf;
int hone_wasm_opt(const struct hone_wasm_opt_call *call, const char *folder, struct hone_buf *bytes,
	struct hone_err *err);

#endif
