#!/usr/bin/env bash
# -Cforce-frame-pointers=no changes no byte of firmware for Cortex-M: its functions keep their frame pointers.
#
# Guess:    optimized code has no frame pointers unless they are asked for, and "no" makes sure.
# Versions: rustc 1.95.0 (asm by its LLVM 22.1), targets thumbv6m, thumbv7m and thumbv8m.main-none-eabi.
# Seen:     the targets' specifications say "frame-pointer": "always", which -Cforce-frame-pointers can only raise:
#           "yes" and "no" give one and the same code, without a warning. The same specification with "may-omit"
#           saves the `mov r7, sp` of each function and registers in push and pop: 50 bytes instead of 56 here.
#           aarch64 and riscv32 targets without an operating system do not have the key, so "no" is their default.
# Matters:  the flag is listed among the ways to save flash; on the most common microcontrollers only a target
#           specification of one's own does it (nightly, with std rebuilt).

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL

changed() {
	echo "changed: $*"
	exit 1
}

export RUSTC_BOOTSTRAP=1
# A crate without core: no std for the target has to be installed.
cat >calls.rs <<'END'
#![feature(no_core, lang_items)]
#![no_core]
#![crate_type = "lib"]
#![allow(internal_features)]
#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[lang = "copy"]
pub trait Copy {}
impl Copy for u32 {}
unsafe extern "C" {
    fn step(n: u32) -> u32;
}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn first(n: u32) -> u32 {
    unsafe { step(step(n)) }
}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn second(n: u32) -> u32 {
    unsafe { step(step(step(n))) }
}
END
asm() { rustc -Copt-level=z -Cpanic=abort --emit=asm -o "$1" --target "${@:2}" calls.rs 2>>rustc.log; }
spec() { rustc -Zunstable-options --print target-spec-json --target "$1"; }

for target in thumbv6m-none-eabi thumbv7m-none-eabi thumbv8m.main-none-eabi; do
	asm no.s $target -Cforce-frame-pointers=no
	asm yes.s $target -Cforce-frame-pointers=yes
	cmp -s no.s yes.s || changed "$target: the flag has an effect"
	grep -q 'r7, sp' no.s || changed "$target: no frame pointer"
	spec $target | grep -v is-builtin | sed 's/"frame-pointer": "always"/"frame-pointer": "may-omit"/' >omit.json
	asm omit.s ./omit.json -Zunstable-options
	grep -q 'r7, sp' omit.s && changed "$target: may-omit keeps it"
done
[ -s rustc.log ] && changed "a warning: $(cat rustc.log)"
asm no.s riscv32imac-unknown-none-elf -Cforce-frame-pointers=no
asm yes.s riscv32imac-unknown-none-elf -Cforce-frame-pointers=yes
cmp -s no.s yes.s && changed "riscv32imac: the flag has no effect"
echo "thumb: no and yes are the same code; riscv32imac: they differ"
