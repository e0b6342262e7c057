#!/usr/bin/env bash
# One profile can hold a program at two levels: merged, each build finds its own shapes, but with other weights.
#
# Guess:    llvm-profdata warns about functions of one name whose control flow differs, and keeps one of them.
# Versions: llvm-profdata 22.1.8, rustc 1.95.0 (LLVM 22.1).
# Seen:     the same program trained at opt-level 3 (11 functions) and "z" (13). Merged: 18 entries, as a name may have
#           several hashes, exit 0, not a word. Used at 3 the profile of "z" misses or does not fit five functions; the
#           merged one fits all, at "z" as well. It is not the profile of 3 alone: what has the same shape at both levels
#           is counted twice, what differs once, and the code comes out different.
# Matters:  one committed profile can serve two builds; a script that collects every .profraw of a folder, old ones of
#           another level among them, gets a profile that nobody complains about, with functions of equal shape twice as hot
#           as the rest.

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
#[inline(never)]
fn parse(s: &str, n: u64) -> Option<u64> {
    let v: Vec<String> = s.split(' ').map(|w| w.to_string()).collect();
    let k: u64 = v.get(0)?.parse().ok()?;
    Some(v.iter().map(|w| w.len() as u64).sum::<u64>() + k + n)
}
#[inline(never)]
fn plain(n: u64) -> u64 {
    (0..n).fold(3, |a, b| if b % 3 == 0 { a ^ b } else { a.wrapping_mul(b) })
}
fn main() {
    let n = std::env::args().count() as u64;
    let mut s = plain(n * 1000);
    for i in 0..100 {
        s ^= parse("17 a bc", i + n).unwrap_or(1);
    }
    println!("{s}");
}
END
build() { rustc --edition 2021 -Ccodegen-units=1 "$@" app.rs 2>rustc.log; }
for level in 3 z; do
	build -Copt-level=$level -Cprofile-generate=raw-$level -o app
	./app >out.log
	llvm-profdata-22 merge -o $level.profdata raw-$level
done
llvm-profdata-22 merge -o both.profdata 3.profdata z.profdata >merge.log 2>&1 || changed "exit $?: $(cat merge.log)"
[ ! -s merge.log ] || changed "a word: $(cat merge.log)"
# functions FILE, most FILE: entries, and the largest count of a function's start
functions() { llvm-profdata-22 show "$1.profdata" | sed -n 's/^Total functions: //p'; }
most() { llvm-profdata-22 show "$1.profdata" | sed -n 's/^Maximum function count: //p'; }
for level in 3 z; do
	[ "$(functions both)" -gt "$(functions $level)" ] || changed "$(functions both) functions, at $level $(functions $level)"
done
[ "$(most both)" = $((2 * $(most 3))) ] || changed "counts are not added: $(most both) of $(most 3)"

# unfit LEVEL FILE: functions of the program at that level without data in the profile, or with another shape's
unfit() {
	build -Copt-level="$1" -Cprofile-use="$work/$2.profdata" -Cllvm-args=-pgo-warn-missing-function -o "app-$1-$2"
	grep -cE 'hash mismatch|no profile data' rustc.log || true
}
[ "$(unfit 3 z)" -gt 2 ] || changed "the profile of z fits at 3"
for level in 3 z; do
	[ "$(unfit $level $level)" = 0 ] || changed "its own profile does not fit at $level"
	[ "$(unfit $level both)" = 0 ] || changed "both together do not fit at $level"
done
for file in 3 both; do
	objcopy -O binary -j .text app-3-$file $file.text
done
cmp -s 3.text both.text && changed "the same code as from its own profile"
echo "functions at 3 $(functions 3), at z $(functions z), together $(functions both); without data at 3: by z's $(unfit 3 z), by both $(unfit 3 both)"
