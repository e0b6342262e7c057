#!/usr/bin/env bash
# opt-level = "z" moves repeated code into functions of its own on Cortex-M, AArch64 and RISC-V, without being asked.
#
# Guess:    the machine outliner has to be switched on (-enable-machine-outliner); "z" is "s" with less inlining and
#           without vectorized loops.
# Versions: rustc 1.95.0 (LLVM 22.1).
# Seen:     "z" writes OUTLINED_FUNCTION_n on thumbv7m, thumbv7em, thumbv8m.main, aarch64 and riscv32imac, "s" does not;
#           thumbv6m, armv7a and x86-64 have none with either. Four functions with a run of equal calls, bytes of
#           code with "s", "z", and "z" with -Cllvm-args=-enable-machine-outliner=never: thumbv7m 202, 188, 200;
#           aarch64 232, 188, 232. So on AArch64 it was all that "z" did. On thumbv7m each outlined function has an
#           entry of 8 bytes in .ARM.exidx, which costs more than was saved unless the linker script discards that.
# Matters:  it explains why "z" is slow there, and frames named OUTLINED_FUNCTION in profiles and size reports, that
#           belong to no crate. What is known of "z" from x86-64 does not hold for firmware, and the other way round.

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
cat >runs.rs <<'END'
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
    fn a(n: u32);
    fn b(n: u32);
    fn c(n: u32);
    fn d(n: u32);
    fn e(n: u32);
}
END
last=55
for before in "" "b(1);" "c(2);" "d(3);"; do
	echo "#[unsafe(no_mangle)] pub unsafe extern \"C\" fn to_$last() {"
	echo "    unsafe { $before a(11); b(22222); c(333333); d(44); e($last) }"
	echo "}"
	last=$((last + 1))
done >>runs.rs

# code TARGET FLAG...: bytes of code; the assembly is in runs.s
code() {
	rustc -Cpanic=abort --emit=asm=runs.s --emit=obj=runs.o --target "$@" runs.rs 2>rustc.log
	size -A runs.o | awk '$1 ~ /^\.text/ { n += $2 } END { print n }'
}
outlined() { grep -c '^OUTLINED_FUNCTION_[0-9]*:' runs.s || true; }

for target in thumbv7m-none-eabi thumbv8m.main-none-eabi aarch64-unknown-none; do
	s=$(code $target -Copt-level=s)
	[ "$(outlined)" = 0 ] || changed "$target: \"s\" outlines"
	z=$(code $target -Copt-level=z)
	[ "$(outlined)" -gt 0 ] || changed "$target: \"z\" does not outline"
	never=$(code $target -Copt-level=z -Cllvm-args=-enable-machine-outliner=never)
	[ "$(outlined)" = 0 ] || changed "$target: never outlines"
	echo "$target: s $s, z $z, z without the outliner $never"
	[ "$z" -lt "$never" ] || changed "$target: outlining saves no code"
done
code x86_64-unknown-linux-gnu -Copt-level=z >code.log
[ "$(outlined)" = 0 ] || changed "x86-64: \"z\" outlines"
