#!/usr/bin/env bash
# Stable rustc gives every basic block a section of its own, if LLVM is asked behind its back.
#
# Guess:    -basic-block-sections, the ground of Propeller, is a flag of clang: rustc builds its own target machine and
#           ignores the option, as it has no flag for it.
# Versions: rustc 1.95.0 (LLVM 22.1) with rust-lld, x86-64 Linux.
# Seen:     -Cllvm-args=-basic-block-sections=all works: 433 parts ("main.__part.1") in a program that has none without
#           it, and rust-lld's --symbol-ordering-file moves them one by one. The price: 444,288 bytes stripped
#           instead of 417,936 (each part has unwind information of its own), with fat LTO 1,061,824 instead of
#           378,832, as then std's blocks are cut apart, too. With -Cprofile-use, -enable-split-machine-functions works
#           in the same way and costs next to nothing (416,968 instead of 416,680).
# Matters:  layout experiments that are thought to need BOLT and relocations can be done with the stable compiler; "all"
#           must never slip into a size build.

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
#[inline(never)]
fn work(n: u64) -> u64 {
    let mut sum = 0;
    for i in 0..n {
        if i % 7 == 3 {
            println!("{i}");
        }
        sum = std::hint::black_box(sum + i);
    }
    sum
}
fn main() {
    println!("{}", work(std::env::args().count() as u64));
}
END
build() { rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 "$@" app.rs; }
parts() { nm "$1" | grep -c '\.__part\.[0-9]*$' || true; }

build -o plain
build -Cllvm-args=-basic-block-sections=all -o cut
[ "$(parts plain)" = 0 ] || changed "parts without the option"
[ "$(parts cut)" -gt 10 ] || changed "$(parts cut) parts"
[ "$(./cut)" = "$(./plain)" ] || changed "another output"

# One part of work() is put before everything else.
part=$(nm cut | grep -o '[^ ]*4work.*\.__part\.1$')
echo "$part" >first
build -Cllvm-args=-basic-block-sections=all -Clink-arg=-Wl,--symbol-ordering-file="$work/first" -o moved
first=$(nm -n moved | awk '/ [tT] .*app/ && !n++')
[ "${first##* }" = "$part" ] || changed "the first symbol is $first"
[ "$(./moved)" = "$(./plain)" ] || changed "another output after moving"

for program in plain cut; do
	strip $program
done
[ "$(stat -c %s cut)" -gt "$(stat -c %s plain)" ] || changed "parts cost nothing"
echo "stripped: plain $(stat -c %s plain), cut $(stat -c %s cut) bytes"
