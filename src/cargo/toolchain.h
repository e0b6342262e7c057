#ifndef HONE_CARGO_TOOLCHAIN_H
#define HONE_CARGO_TOOLCHAIN_H
/* Which cargo and rustc are called, and what they are. */
#include "err.h"
#include "strv.h"
#include "view.h"

struct hone_toolchain {
	char *cargo; /* path or name: $CARGO, else "cargo" */
	char *rustc; /* $RUSTC, else what cargo would call ("rustc"; build.rustc of the config is
			       * cargo's business) */
	char *cargo_version; /* "1.95.0" */
	char *rustc_version; /* "1.95.0", "1.97.0-nightly" */
	char *rustc_verbose; /* the whole of rustc -vV: identity of the compiler for cache keys */
	char *host;          /* "x86_64-unknown-linux-gnu" */
	char *llvm_version;  /* "22.1.2" */
	char *sysroot;
	unsigned cargo_minor;  /* 95 of 1.95 */
	unsigned rustc_minor;  /* the same of rustc; 0: unknown */
	bool nightly;          /* takes unstable options: it is one, or RUSTC_BOOTSTRAP=1 is set */
	bool bootstrap;        /* only the latter */
	char *llvm_options;    /* what rustc prints of LLVM's options, once it was asked; or NULL */
	char *flavor_of;       /* the target whose linker was asked for, or NULL, ... */
	char *linker_flavor;   /* ... and what that is */
	struct hone_strv told; /* what other programs told: a question, its answer, ... */
	const char *
		packages; /* where the system's packages put their LLVMs; borrowed; NULL: "/usr/lib" */
};

/* Asks cargo and rustc in folder dir (rustup's overrides depend on it; NULL: the current one).
 * HONE_E_NOT_FOUND with a hint how to install when there is no cargo; HONE_E_UNSUPPORTED when it is
 * older than hone can use (1.77). */
int hone_toolchain_load(const char *dir, struct hone_toolchain **ret_tc, struct hone_err *err);
/* Does this rustc's LLVM have an option of this name (without dashes)? Asks once and remembers: such
 * options come and go with LLVM. */
int hone_toolchain_llvm_option(
	struct hone_toolchain *tc, struct hone_view name, bool *ret_known, struct hone_err *err);
/* How rustc speaks to the linker of a target, if nobody names another one: "gnu-cc", "gnu-lld". Asks once and
 * remembers; "" where rustc does not tell. Borrowed. */
int hone_toolchain_linker_flavor(struct hone_toolchain *tc, const char *triple,
	const char **ret_flavor, struct hone_err *err);
/* What was remembered under this key, or NULL. Both borrow from tc, until more is remembered. */
const char *hone_toolchain_told(const struct hone_toolchain *tc, const char *key);
const char *hone_toolchain_remember(struct hone_toolchain *tc, const char *key, const char *answer);
/* The path of a program of the LLVM with this major version, as packages of the system install it; it need not be there.
 * The caller frees. */
char *hone_toolchain_packaged(const struct hone_toolchain *tc, uint64_t major, const char *program);
void hone_toolchain_free(struct hone_toolchain *tc);
/* Does its rustc tell the C compiler to link programs for the triple by rustc's own lld, where nobody says otherwise? Compilers
 * that were built by a distribution have no such program. */
bool hone_toolchain_links_by_own_lld(const struct hone_toolchain *tc, const char *triple);

#endif
