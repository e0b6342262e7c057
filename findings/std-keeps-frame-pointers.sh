#!/usr/bin/env bash
# x86-64: std keeps frame pointers in a release program, and neither fat LTO nor -Cforce-frame-pointers=no removes them.
#
# Guess:    -Cforce-frame-pointers is off by default, and LLVM has omitted frame pointers on x86-64 for ever.
# Versions: rustc 1.95.0 for x86_64-unknown-linux-gnu.
# Seen:     std is shipped compiled with frame pointers, and each of its functions says so to LLVM: of a program that
#           sorts its arguments and reads a file three functions of four begin with push %rbp; mov %rsp,%rbp after fat
#           LTO, those that are compiled in the crate do not.
# Matters:  a stack walk by frame pointers (perf --call-graph fp) is right within std and loses its way in your own code,
#           unless that has them, too; and std's part of a program has one register less and some bytes more, which only
#           -Zbuild-std takes back.

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
	echo "skipped: x86-64 only"
	exit 77
}
cat >app.rs <<'END'
#[inline(never)]
fn own(words: &mut Vec<String>) -> usize {
    words.dedup();
    words.retain(|w| w.len() > 1);
    words.iter().map(|w| w.trim().len()).sum()
}
fn main() {
    let mut words: Vec<String> = std::env::args().collect();
    println!("{} {:?}", own(&mut words), std::fs::read_to_string("/dev/null"));
}
END
rustc --edition 2021 -Copt-level=3 -Clto=fat -Ccodegen-units=1 -Cforce-frame-pointers=no -o app app.rs
# Functions, and those with a frame pointer, by whose they are: the names of std's are v0, those of the crate legacy.
objdump -d --no-show-raw-insn -j .text app | awk '
	/^[0-9a-f]+ </ { whose = /<_R/ ? "std" : /<_ZN3app/ ? "own" : "other"; all[whose]++; pushed = 0 }
	/push +%rbp/ { pushed = 1; next }
	pushed && /mov +%rsp,%rbp/ { framed[whose]++ }
	NF > 2 && !/^[0-9a-f]+ </ { pushed = 0 }
	END { print all["std"] + 0, framed["std"] + 0, all["own"] + 0, framed["own"] + 0 }' >counts
read -r std_all std_framed own_all own_framed <counts
[ "$own_all" -gt 0 ] || changed "no function of the crate found"
[ "$own_framed" = 0 ] || changed "$own_framed of $own_all own functions have a frame pointer"
[ $((std_framed * 2)) -gt "$std_all" ] || changed "only $std_framed of $std_all functions of std have one"
echo "functions with a frame pointer: $std_framed of $std_all of std, $own_framed of $own_all of the crate"
