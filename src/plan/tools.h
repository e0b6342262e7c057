#ifndef HONE_PLAN_TOOLS_H
#define HONE_PLAN_TOOLS_H
/* The one table of the programs and files besides hone that it uses: what each of them brings, and what to type to
 * have it. */
#include "buf.h"

/* Package managers, in the order in which they are looked for. */
enum hone_manager {
	HONE_MANAGER_APT,
	HONE_MANAGER_DNF,
	HONE_MANAGER_PACMAN,
	HONE_MANAGER_APK,
	HONE_MANAGERS, /* none of these */
};
/* The one that this machine has: found by its program. */
enum hone_manager hone_manager_find(void);
/* "apt", ...; NULL for HONE_MANAGERS. */
const char *hone_manager_name(enum hone_manager m);

enum hone_tool_id {
	HONE_TOOL_CARGO,
	HONE_TOOL_RUSTC,
	HONE_TOOL_CC,
	HONE_TOOL_PROFDATA,
	HONE_TOOL_LLD,
	HONE_TOOL_RUST_SRC,
	HONE_TOOL_NIGHTLY,
	HONE_TOOL_TARGETS,
	HONE_TOOL_MOLD,
	HONE_TOOL_VALGRIND,
	HONE_TOOL_COUNTERS,
	HONE_TOOL_LOAD,
	HONE_TOOL_QEMU_USER,
	HONE_TOOL_QEMU_SYSTEM,
	HONE_TOOL_WASM_OPT,
	HONE_TOOL_BROTLI,
	HONE_TOOL_GIT,
	HONE_TOOL_LAUNCHER,
};

struct hone_tool {
	enum hone_tool_id id;
	const char *name;   /* as results call it */
	bool needed;        /* nothing can be built without it */
	const char *brings; /* a phrase: "counts instructions" */
	/* Programs to look for on the path, the first that is there counts; ends with NULL. None: found otherwise. */
	const char *programs[8];
	const char *rustup; /* what follows `rustup`, or NULL */
	/* What follows the manager's own words. %s stands for the major version of rustc's LLVM. NULL: it has none. */
	const char *packages[HONE_MANAGERS];
	const char *else_do; /* what to do where none of these helps; or NULL */
};

/* All, in the order in which they are shown; ends with name == NULL. */
extern const struct hone_tool hone_tools[];

/* The command that installs a tool here: rustup's where it has it and rustup is here (has_rustup), else the package
 * manager's, with sudo unless as_root; or what else to do. llvm: rustc's LLVM ("22.1.2"), or NULL. The caller frees;
 * NULL: nothing is known. */
char *hone_tool_install(const struct hone_tool *t, enum hone_manager m, bool has_rustup,
	bool as_root, const char *llvm);

/* The same for a tool that is no part of Rust, by the package manager of this machine. */
char *hone_tool_install_here(enum hone_tool_id id);

#endif
