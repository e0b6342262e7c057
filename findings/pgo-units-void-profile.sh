#!/usr/bin/env bash
# A profile taken with another number of codegen units fits no function that is not exported, symbols equal or not.
#
# Guess:    codegen units are a matter of compile time; the profile goes by symbols, and these stay (the flag is
#           given to rustc, so cargo hashes nothing).
# Versions: rustc 1.95.0 (LLVM 22.1), llvm-profdata 22.1.8.
# Seen:     trained with 4 units and used with 1, 26 functions are missing in the profile; 1 and 4: 50; 1 and 1, or 4 and
#           4: none. A function that is local to its unit stands in the profile as "app.HASH-cgu.0;SYMBOL". Exit
#           code 0, and not a word of them without -pgo-warn-missing-function.
# Matters:  compiling the instrumented build with many units because it is only for training, and the release with one,
#           gives most of PGO away.

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
mod count {
    #[inline(never)]
    pub fn digits(s: &str) -> usize {
        s.chars().filter(char::is_ascii_digit).count()
    }
}
mod words {
    #[inline(never)]
    pub fn of(n: usize) -> super::BTreeMap<String, usize> {
        let mut m = super::BTreeMap::new();
        for i in 0..n {
            *m.entry(format!("k{}", i % 97)).or_insert(0) += i;
        }
        m
    }
}
fn main() {
    let words = words::of(std::env::args().count() * 500);
    println!("{}", words.keys().map(|k| count::digits(k)).sum::<usize>());
}
END
# build UNITS FLAG...
build() { rustc --edition 2021 -Copt-level=3 -Ccodegen-units="$1" -o app "${@:2}" app.rs 2>rustc.log; }
missing() { grep -c 'no profile data available for function' rustc.log || true; }

for trained in 1 4; do
	build $trained -Cprofile-generate="$work/raw$trained"
	./app >out.log
	llvm-profdata-22 merge -o units$trained raw$trained
done
llvm-profdata-22 show --all-functions units4 >names.txt
grep -q '^ *app\.[0-9a-f]*-cgu\.[0-9]*;' names.txt || changed "no unit in names"
for trained in 1 4; do
	for used in 1 4; do
		build $used -Cprofile-use="$work/units$trained"
		[ "$(missing)" = 0 ] || changed "rustc tells what is missing"
		build $used -Cprofile-use="$work/units$trained" -Cllvm-args=-pgo-warn-missing-function
		echo "trained with $trained, used with $used: $(missing) functions are missing"
		if [ $trained = $used ]; then
			[ "$(missing)" = 0 ] || changed "the same number of units"
		else
			[ "$(missing)" -ge 5 ] || changed "another number of units fits"
		fi
	done
done
