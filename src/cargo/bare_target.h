#ifndef HONE_CARGO_BARE_TARGET_H
#define HONE_CARGO_BARE_TARGET_H
/* Targets without an operating system. */
#include <stdbool.h>

/* Is the target one without an operating system? By its triple (thumbv7m-none-eabi,
 * riscv32imac-unknown-none-elf), or by the key "os" of a target specification, FILE.json, which means
 * none when it is not there. A specification that cannot be read counts as an ordinary target: cargo says
 * what is wrong with it. */
bool hone_target_is_bare(const char *triple);

#endif
