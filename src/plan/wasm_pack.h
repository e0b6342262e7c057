#ifndef HONE_PLAN_WASM_PACK_H
#define HONE_PLAN_WASM_PACK_H
/* Packages for wasm-bindgen: what is linked is not what a page gets, and what wasm-pack reads in their Cargo.toml. */
#include "plan.h"
#include "toml_doc.h"

/* The version of wasm-bindgen that the module is made for; NULL: for none. Borrowed. */
const char *hone_plan_bindgen(const struct hone_build_env *env);

/* Has wasm-pack's call of wasm-opt to be told something: the plan has the step, or its module does not tell its features
 * itself? */
bool hone_wasm_pack_needs(const struct hone_plan *plan, const struct hone_build_env *env);
/* Writes the options into the package's own manifest (wasm-opt of [package.metadata.wasm-pack.profile.release]), unless
 * wasm-opt is off there, or has options and the plan is without the step. */
int hone_wasm_pack_edit(struct hone_toml *doc, const struct hone_plan *plan,
	const struct hone_build_env *env, struct hone_err *err);

#endif
