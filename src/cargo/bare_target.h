#ifndef HONE_CARGO_BARE_TARGET_H
#define HONE_CARGO_BARE_TARGET_H
/* Targets without an operating system, and those that this machine does not run. */
#include <stdbool.h>

/* Is the target one without an operating system? By its triple (thumbv7m-none-eabi,
 * riscv32imac-unknown-none-elf), or by the key "os" of a target specification, FILE.json, which means
 * none when it is not there. A specification that cannot be read counts as an ordinary target: cargo says
 * what is wrong with it. */
bool hone_target_is_bare(const char *triple);

/* Is it WebAssembly? By its triple (wasm32-wasip1), or by the key "arch" of a target specification. */
bool hone_target_is_wasm(const char *triple);

/* The machine of a triple as QEMU calls it: "arm", "riscv32"; "" when it has none. Static. */
const char *hone_target_machine(const char *triple);

/* Can a machine of triple `host`, this one, run programs of the target by itself? It can where machine and
 * operating system are the same, where the machine takes the older 32-bit code, too, and where the kernel was
 * given an emulator (binfmt_misc). A target specification counts as one that runs, unless it is bare. */
bool hone_target_runs_here(const char *triple, const char *host);

#endif
