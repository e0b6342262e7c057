#!/usr/bin/env bash
# The assembly of a library in a project with LTO is half done: its loops are not vectorized, those of the program are.
#
# Guess:    --emit asm shows a function that is not inlined as the program has it, with lto = "fat" as without.
# Versions: cargo and rustc 1.95.0, x86-64.
# Seen:     a sum over a slice, opt-level 3: `cargo rustc --release --lib -- --emit asm` has vector additions (paddd). With
#           lto = "thin" or "fat" in the profile the same command has none, and the program of the same profile has them. A
#           library gets -C linker-plugin-lto then: LLVM does what comes before the link and leaves vectorizing, unrolling
#           and more to the end; what is shown is nobody's code. Nothing says so.
# Matters:  who looks whether a hot loop is vectorized, or compares the assembly of two release profiles, sees LTO make it
#           worse. Disassemble the program.

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

[ "$(uname -m)" = x86_64 ] || {
	echo "skipped: not x86-64"
	exit 77
}

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[profile.release]
codegen-units = 1
strip = "none"
END
cat >src/lib.rs <<'END'
#[inline(never)]
pub fn total(v: &[u32]) -> u32 {
    v.iter().fold(0, |a, x| a.wrapping_add(*x))
}
END
cat >src/main.rs <<'END'
fn main() {
    let v: Vec<u32> = (0..std::env::args().count() as u32).collect();
    println!("{}", app::total(&v));
}
END

# shown: how many vector additions are in the assembly of the library
shown() {
	cargo rustc -q --release --lib -- --emit asm
	grep -c paddd target/release/deps/app-*.s || true
}
# built: how many are in that function of the program
built() {
	cargo build -q --release
	objdump -d --no-show-raw-insn target/release/app | awk '/^[0-9a-f]+ <.*app.*total/ { p = 1 } /^$/ { p = 0 } p' |
		grep -c paddd || true
}

for lto in false thin fat; do
	rm -rf target
	export CARGO_PROFILE_RELEASE_LTO=$lto
	asm=$(shown)
	program=$(built)
	echo "lto = $lto: $asm vector additions in the assembly of the library, $program in the program"
	[ "$program" -gt 0 ] || changed "the program's loop is not vectorized"
	if [ $lto = false ]; then
		[ "$asm" -gt 0 ] || changed "not vectorized without LTO"
	else
		[ "$asm" = 0 ] || changed "vectorized before the link"
	fi
done
