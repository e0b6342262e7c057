#!/usr/bin/env bash
# Debug sections compressed by zstd link well, and take the lines out of every backtrace.
#
# Guess:    --compress-debug-sections=zstd is zlib, only smaller: readers of 2026 know both.
# Versions: rustc 1.95.0 with its rust-lld (LLVM 22), x86-64 Linux.
# Seen:     rust-lld takes both. A program with debug = 1 has 4,563,256 bytes, with zlib 1,721,504, with zstd
#           1,414,120. With zlib std's backtrace names file and line as before; with zstd the names of functions
#           are left (they come from the symbol table), all files and lines are gone, without a warning.
# Matters:  compressed debug sections are the cheapest way to keep backtraces in a release binary; zstd quietly
#           defeats what they are kept for. Readers of ELF such as readelf 2.40 do read zstd, so a check of the
#           sections does not show it.

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

cat >app.rs <<'END'
fn main() {
    panic!("seven {}", std::env::args().count());
}
END

# build HOW: the program with its debug sections compressed in that way
build() {
	rustc --edition 2021 -O -Cdebuginfo=1 -Clink-arg=-Wl,--compress-debug-sections="$1" -o "$1" app.rs
}
trace() { (RUST_BACKTRACE=1 "./$1" 2>&1 || true) | sed -n '/stack backtrace/,$p'; }

for how in none zlib zstd; do
	build $how
	trace $how >$how.txt
	grep -q 'app::main\|: main' $how.txt || changed "$how: main has no name"
done
for how in none zlib; do
	grep -q ' at .*app\.rs:2' $how.txt || changed "$how: no lines"
done
grep -q '\.rs:' zstd.txt && changed "zstd: std reads it now"
[ "$(stat -c %s zstd)" -lt "$(stat -c %s zlib)" ] || changed "zstd is not smaller than zlib"
[ "$(stat -c %s zlib)" -lt "$(stat -c %s none)" ] || changed "zlib is not smaller than none"
echo "lines in backtraces: none, zlib; no lines: zstd"
