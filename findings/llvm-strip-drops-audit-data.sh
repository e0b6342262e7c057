#!/usr/bin/env bash
# The list of dependencies that cargo-auditable puts into a program: strip keeps it, llvm-strip drops it.
#
# Guess:    it is there to survive stripping (strip = "symbols" keeps it), so it does with every tool, or with none.
# Versions: cargo-auditable 0.7.7, cargo 1.95.0, GNU binutils 2.40, llvm-strip 14 and 22.
# Seen:     a program built by cargo auditable build with strip = "symbols" has .dep-v0, a section that is not loaded. GNU
#           strip and objcopy --strip-all leave it, llvm-strip and llvm-objcopy --strip-all remove it, without a word:
#           some 400 bytes less. llvm-strip --keep-section=.dep-v0 leaves it.
# Matters:  a last strip of what cargo had stripped takes away what scanners look for, for 400 bytes; which of two tools of
#           one purpose a package builder uses decides it.

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

cargo install -q --locked --debug --root tools --target-dir tools/build cargo-auditable@0.7.7 2>install.log || {
	echo "skipped: cargo-auditable cannot be installed"
	exit 77
}
export PATH=$work/tools/bin:$PATH
for tool in strip objcopy llvm-strip llvm-objcopy; do
	command -v $tool >>tool.log || {
		echo "skipped: no $tool"
		exit 77
	}
done

mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[profile.release]
strip = "symbols"
TOML
echo 'fn main() { println!("seven"); }' >src/main.rs
cargo auditable build -q --release
app=target/release/app

# keeps COMMAND...: runs it on a copy, says whether the list is still there
keeps() {
	cp $app copy
	"$@" copy
	readelf -SW copy | grep -q '\.dep-v0'
}
readelf -SW $app | grep -q '\.dep-v0' || changed "strip = symbols drops the list"
keeps strip || changed "strip drops it"
keeps objcopy --strip-all || changed "objcopy --strip-all drops it"
keeps llvm-strip && changed "llvm-strip keeps it"
echo "llvm-strip: $(stat -c %s $app) -> $(stat -c %s copy) bytes"
keeps llvm-objcopy --strip-all && changed "llvm-objcopy --strip-all keeps it"
keeps llvm-strip --keep-section=.dep-v0 || changed "--keep-section does not help"
echo "strip keeps .dep-v0, llvm-strip drops it"
