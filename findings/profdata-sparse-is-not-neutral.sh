#!/usr/bin/env bash
# llvm-profdata merge -sparse: not a smaller spelling of the same profile, but another program.
#
# Guess:    -sparse leaves out functions that never ran to save space; what is not there was not run, so the
#           compiler does the same.
# Versions: llvm-profdata 22.1.8, rustc 1.95.0 (LLVM 22.1).
# Seen:     two different programs: 286,243 bytes of code with the full profile, 286,867 with the sparse one, from a
#           program with a single function that was not run. A function with counts of zero is known to be cold; of a
#           function that the profile lacks nothing is known.
# Matters:  the usual advice to merge with -sparse gives away a part of what PGO saves in bytes, the larger the
#           part of the program that the training did not run. No warning says so: rustc does not report functions
#           without a profile.

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

# deb TOOL PACKAGE=VERSION...: the Debian 12 packages, unpacked here, if the tool is not installed
deb() {
	command -v "$1" >tool.log && return
	local package
	for package in "${@:2}"; do
		apt-get -qq download "$package" >>apt.log 2>&1 ||
			apt-get -qq download "${package%%=*}" >>apt.log 2>&1 || {
			echo "skipped: no $package"
			exit 77
		}
	done
	for package in ./*.deb; do
		dpkg-deb -x "$package" root
	done
	export PATH=$work/root/usr/bin:$PATH
	export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
}

deb llvm-profdata-22 llvm-22=1:22.1.8-1~deb12u1 libllvm22=1:22.1.8-1~deb12u1

cat >app.rs <<'END'
use std::collections::{BTreeMap, HashMap};
#[inline(never)]
fn words(n: usize) -> BTreeMap<String, usize> {
    let mut m = BTreeMap::new();
    for i in 0..n {
        *m.entry(format!("k{}", i % 97)).or_insert(0) += i;
    }
    m
}
#[inline(never)]
fn never_run(n: usize) -> String {
    let mut h = HashMap::new();
    for i in 0..n {
        h.insert(i, format!("{:?}", Some(i as f32)));
    }
    format!("{h:?}")
}
fn main() {
    let n = std::env::args().count() * 500;
    if n > 5000 {
        println!("{}", never_run(n));
    }
    println!("{}", words(n).values().sum::<usize>());
}
END
build() { rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 -Cstrip=symbols "$@" app.rs 2>rustc.log; }
functions() { llvm-profdata-22 show "$1" | sed -n 's/^Total functions: //p'; }
code() { size -A "$1" | awk '$1 == ".text" { print $2 }'; }

build -Cprofile-generate="$work/raw" -o gen
./gen >out.log
llvm-profdata-22 merge -o full.profdata raw
llvm-profdata-22 merge -sparse -o sparse.profdata raw
[ "$(functions sparse.profdata)" -lt "$(functions full.profdata)" ] || changed "nothing left out"
for kind in full sparse; do
	build -Cprofile-use="$work/$kind.profdata" -o $kind
	grep -q warning rustc.log && changed "$kind: rustc warns"
done
[ "$(code full)" -lt "$(code sparse)" ] || changed "code: full $(code full), sparse $(code sparse)"
echo "code: full $(code full), sparse $(code sparse) bytes"
