#!/usr/bin/env bash
# split-debuginfo = "packed" leaves nearly all debug information in the program: std's is not split.
#
# Guess:    the .dwp takes the debug information, the program keeps what a stripped one has and a little more.
# Versions: rustc 1.95.0, x86-64 Linux.
# Seen:     debug = 2: 4,803,680 bytes; packed: 4,465,632 and a .dwp of 287,504; unpacked: the same. Stripped:
#           418,096. Only the crates compiled now are split, the prebuilt std has its 4 MB of DWARF in the program.
# Matters:  packed looks like the way to ship a small program and keep its debug file; it is not. objcopy
#           --only-keep-debug with .gnu_debuglink is.

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

echo 'fn main() { panic!("seven {}", std::env::args().count()); }' >app.rs
for how in off packed unpacked; do
	mkdir $how
	rustc --edition 2021 -O -Cdebuginfo=2 -Csplit-debuginfo=$how -o $how/app app.rs
done
strip -o stripped packed/app
bytes() { stat -c %s "$1"; }

[ -f packed/app.dwp ] || changed "no .dwp"
for how in packed unpacked; do
	[ "$(bytes $how/app)" -gt $(($(bytes off/app) * 85 / 100)) ] || changed "$how takes std's part out"
done
[ "$(bytes stripped)" -lt $(($(bytes packed/app) / 5)) ] || changed "little is left to strip"
echo "off $(bytes off/app), packed $(bytes packed/app) with a .dwp of $(bytes packed/app.dwp), stripped $(bytes stripped)"
