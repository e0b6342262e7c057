#ifndef HONE_CARGO_BUILD_TARGET_H
#define HONE_CARGO_BUILD_TARGET_H
/* Which target triples cargo would build for: --target, else build.target with its variable, else what the package
 * itself says (forced-target, default-target: nightly). Source: cargo 1.95, core/compiler/compile_kind.rs and
 * core/compiler/unit_dependencies.rs. */
#include "config.h"
#include "project.h"

struct hone_build_targets {
	struct hone_strv
		triples; /* each once, in the order they are written; none: the host's own build */
	char *where; /* who asks for the first: "--target", "path:line:col", a variable's name; or NULL */
	enum hone_config_source source; /* of the first */
	bool by_package; /* the package's own manifest asks, so that no other target counts */
};
void hone_build_targets_release(struct hone_build_targets *t);

/* What is asked for when a build begins. host stands for "host-tuple". config may be NULL: then only opts count.
 * HONE_E_USAGE: cargo would not take the value ("target was empty"). */
int hone_build_targets_asked(struct hone_config *config, const struct hone_cargo_opts *opts,
	const char *host, struct hone_build_targets *ret, struct hone_err *err);
/* What the manifest of a package makes of it: forced-target wins over everything, default-target counts where nothing
 * is asked for. Only to be asked where the toolchain takes nightly features; others refuse such a manifest. */
int hone_build_targets_of_package(const struct hone_package *package, const char *host,
	struct hone_build_targets *targets, struct hone_err *err);
/* "x86_64-unknown-linux-gnu", or for "path/of/mine.json" "mine": what cargo calls the target in its config
 * ([target.mine]) and in the target dir. The caller frees. */
char *hone_build_target_name(const char *triple);

#endif
