#!/usr/bin/env bash
# A stripped Rust program prints full backtraces again if a debug file lies beside it.
#
# Guess:    std reads debug information from the program alone: strip = "symbols" means no names and no lines,
#           and .gnu_debuglink is for gdb.
# Versions: rustc 1.95.0, GNU binutils 2.40, x86-64 Linux.
# Seen:     objcopy --only-keep-debug and --add-gnu-debuglink (96 bytes) are enough: the stripped file of 420,056
#           bytes prints functions, files and lines like the one of 4,542,240 bytes. The debug file is looked for
#           beside the program and in .debug there, whatever the program was renamed to. Its checksum is not
#           compared: a file that has changed since is used, too.
# Matters:  "smallest" and "can be debugged" are not a choice: ship the small file, install the other one where it is
#           wanted. A stale debug file after an update prints lines of the old program, without a warning.

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
    let n: usize = std::env::args().count();
    fail(n);
}

#[inline(never)]
fn fail(n: usize) {
    panic!("seven {n}");
}
END
rustc --edition 2021 -O -Cdebuginfo=line-tables-only -o full app.rs

# lines PROGRAM: how many frames of the backtrace name a line of app.rs
lines() {
	(RUST_BACKTRACE=1 "$1" 2>&1 || true) | sed '1,/stack backtrace/d' | grep -c ' at .*app\.rs:[0-9]' || true
}

strip -o app full
want=$(lines ./full)
[ "$want" -ge 1 ] || changed "the full program prints no lines"
[ "$(lines ./app)" = 0 ] || changed "the stripped program prints lines"

small=$(stat -c %s app)
objcopy --only-keep-debug full app.debug
objcopy --add-gnu-debuglink=app.debug app
[ "$(lines ./app)" = "$want" ] || changed "the debug file is not read"
grown=$(($(stat -c %s app) - small))
[ "$grown" -le 256 ] || changed "the link costs $grown bytes"

mkdir -p other/.debug
cp app other/renamed
[ "$(lines other/renamed)" = 0 ] || changed "lines without the debug file"
cp app.debug other/.debug
[ "$(lines other/renamed)" = "$want" ] || changed ".debug is not looked into"

echo "not what the checksum was made of" >>app.debug
[ "$(lines ./app)" = "$want" ] || changed "the checksum is compared now"
echo "a link of $grown bytes brings $want frames with lines back; the checksum is not compared"
