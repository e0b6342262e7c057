#!/usr/bin/env bash
# A profile merged with a weight is another profile, even if it is the only one.
#
# Guess:    counts matter by their ratio: the same profile times ten gives the same program, byte by byte.
# Versions: llvm-profdata 22.1.8, rustc 1.95.0 (LLVM 22.1).
# Seen:     -weighted-input=1 of a single profile gives the same program; of the weights 2, 10 and 1000 two or three
#           give others, up to 48 bytes larger. In the same way three runs of one training input, merged, are not one.
# Matters:  how often the training was repeated is a part of a reproducible PGO build: write down the number of runs
#           and the weights, and do not compare programs that were trained by loops of different length.

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
use std::collections::BTreeMap;
#[inline(never)]
fn parse(s: &str) -> Result<f64, std::num::ParseFloatError> {
    s.trim().parse()
}
#[inline(never)]
fn words(n: usize) -> BTreeMap<String, usize> {
    let mut m = BTreeMap::new();
    for i in 0..n {
        *m.entry(format!("k{}", i % 97)).or_insert(0) += i;
    }
    m
}
fn main() {
    let n: usize = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(100);
    let mut t = 0.0;
    for (k, v) in &words(n) {
        t += parse(&format!(" {v}.5 ")).unwrap() + k.len() as f64;
    }
    println!("{t}");
}
END
build() { rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 -Cstrip=symbols "$@" app.rs; }
merge() { llvm-profdata-22 merge "$@"; }
# program NAME: the digest of the program built with that profile
program() {
	build -Cprofile-use="$work/$1" -o program
	sha256sum <program
}

build -Cprofile-generate="$work/raw" -o gen
./gen 100 >out.log
merge -o once raw
for weight in 1 2 10 1000; do
	merge -weighted-input=$weight,once -o times$weight
done
once=$(program once)
[ "$(program times1)" = "$once" ] || changed "a weight of 1 changes the program"
others=$(for weight in 2 10 1000; do program times$weight; done | grep -vc "$once" || true)
[ "$others" -ge 1 ] || changed "weights do not change the program"
[ "$(program times10)" = "$(program times10)" ] || changed "the build is not reproducible"
echo "$others of 3 weights give another program"
