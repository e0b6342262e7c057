#ifndef HONE_CARGO_CFG_EXPR_H
#define HONE_CARGO_CFG_EXPR_H
/* cfg(...) expressions, as in [target.'cfg(...)'] of cargo's config and manifests. Grammar and
 * meaning: crate cargo-platform of cargo 1.95. */
#include "strv.h"
#include "view.h"

/* Is key "cfg(...)" true where `rustc --print cfg` printed these lines (`unix`, `target_os="linux"`)?
 * A key that is no such expression is false, as for cargo. At most 64 levels of nesting. */
bool hone_cfg_matches(const char *key, const struct hone_strv *cfg_lines);

#endif
