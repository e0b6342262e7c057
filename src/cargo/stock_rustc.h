#ifndef HONE_CARGO_STOCK_RUSTC_H
#define HONE_CARGO_STOCK_RUSTC_H
/* cargo metadata and cargo tree ask rustc for its version and for facts of the target. */
#include "config.h"
#include "toolchain.h"

/* Adds the variables that make cargo ask tc's rustc, through no wrapper, whatever the project's config names: commands
 * that only look run nothing of the project's. config: as cargo reads it; NULL: it cannot be read. Only what a config
 * or the environment may name is set, as cargo 1.95 keeps what rustc said (target/.rustc_info.json) for one RUSTC and
 * not at all beside an empty wrapper variable: three runs of rustc more each time (findings/empty-wrapper-no-cache.sh). */
void hone_stock_rustc_env(
	struct hone_config *config, const struct hone_toolchain *tc, struct hone_strv *env);

#endif
