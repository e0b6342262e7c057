#!/usr/bin/env bash
# Debug information changes the code of Rust functions, not only what is beside them.
#
# Guess:    -Cdebuginfo adds sections that strip takes away again: what is executed is the same, byte by byte.
# Versions: rustc 1.95.0 (LLVM 22.1).
# Seen:     one crate, one unit, -O3, the same names. With debuginfo=1 `main` has one more load, of gdb's script section,
#           39 -> 49 bytes; with debuginfo=2 the sort of std that is compiled into the crate has other code, too:
#           core::slice::sort::stable::drift::sort of 2,194 -> 2,197 bytes. A larger program (fat LTO, 345 kB of code): 48 bytes
#           more, that sort 2,053 -> 2,111.
# Matters:  a profiler's build (debug = true) is not the program that ships; a comparison of two builds, one with and one
#           without debug information, compares two programs, and instruction counts differ without a change of source.

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
use std::collections::HashMap;
fn main() {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for word in std::env::args() {
        *counts.entry(word).or_insert(0) += 1;
    }
    let mut rows: Vec<(&String, &u64)> = counts.iter().collect();
    rows.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    for (word, n) in rows {
        println!("{n} {word}");
    }
}
END
# size_of LEVEL PATTERN: bytes of the function in the object with that debug information
size_of() { nm -S --defined-only "$1.o" | awk -v pattern="$2" '$3 ~ /[tTwW]/ && $4 ~ pattern { print $2 }'; }
for level in 0 1 2; do
	rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 -Cdebuginfo=$level --emit obj -o $level.o app.rs
	nm --defined-only $level.o | awk '$2 ~ /[tTwW]/ { print $3 }' | sort >$level.names
done
for level in 1 2; do
	cmp -s 0.names $level.names || changed "not the same functions"
done
sort=stable5drift4sort
for level in 0 1 2; do
	echo "debuginfo=$level: main 0x$(size_of $level '^main$'), sort 0x$(size_of $level $sort)"
done
[ "$(size_of 0 '^main$')" != "$(size_of 1 '^main$')" ] || changed "main is the same with debuginfo=1"
[ "$(size_of 0 $sort)" = "$(size_of 1 $sort)" ] || changed "the sort differs with debuginfo=1 already"
[ "$(size_of 0 $sort)" != "$(size_of 2 $sort)" ] || changed "the sort is the same with debuginfo=2"
