#!/usr/bin/env bash
# RISC-V: the linker relaxes C, but not Rust, unless the target feature "relax" is on: 9 % of the flash.
#
# Guess:    linker relaxation is on by default on RISC-V, as it is for gcc and clang; lld shortens the calls.
# Versions: rustc 1.95.0 and 1.96.0 with lld 22, targets riscv32imac-unknown-none-elf and
#           riscv64gc-unknown-linux-gnu.
# Seen:     rustc's objects have no R_RISCV_RELAX mark, for bare metal and Linux alike, so the linker leaves each
#           far call (auipc and jalr) as it is. -Ctarget-feature=+relax writes the marks ("unstable feature": a
#           warning, stable takes it). A riscv-rt 0.14 program that prints a float and a Debug value, level z,
#           fat LTO, core rebuilt: text 15,592 bytes, with relax 14,152.
# Matters:  the largest saving of flash there that no guide to small binaries names, for no instruction more.

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
lld=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin/rust-lld
[ -x "$lld" ] || {
	echo "skipped: this toolchain has no rust-lld"
	exit 77
}
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
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn step(n: u32) -> u32 {
    n
}
unsafe extern "C" {
    fn far(n: u32) -> u32;
}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _start(n: u32) -> u32 {
    unsafe { far(far(far(far(n)))) }
}
END
echo 'far = step;' >far.ld

# text TARGET FLAG...: bytes of code after the link
text() {
	rustc -Copt-level=z -Cpanic=abort --emit=obj -o calls.o --target "$@" calls.rs 2>rustc.log
	"$lld" -flavor gnu -o calls calls.o far.ld
	size -A calls | awk '$1 == ".text" { print $2 }'
}
marks() { readelf -rW calls.o | grep -c R_RISCV_RELAX || true; }

for target in riscv32imac-unknown-none-elf riscv64gc-unknown-linux-gnu; do
	plain=$(text $target)
	[ "$(marks)" = 0 ] || changed "$target: relax marks by default"
	relaxed=$(text $target -Ctarget-feature=+relax)
	grep -q 'unstable feature specified .*relax' rustc.log ||
		changed "$target: rustc says $(head -1 rustc.log)"
	[ "$(marks)" -gt 0 ] || changed "$target: +relax writes no marks"
	[ "$relaxed" -lt "$plain" ] || changed "$target: $plain bytes, relaxed $relaxed"
	echo "$target: $plain bytes of code, with relax $relaxed"
done
