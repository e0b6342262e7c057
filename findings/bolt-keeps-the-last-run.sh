#!/usr/bin/env bash
# BOLT: a program that was instrumented keeps the counts of its last run only.
#
# Guess:    as with -Cprofile-generate runs add up in one file, or each writes its own.
# Versions: llvm-bolt 22.1.8, rustc 1.95.0, x86-64.
# Seen:     a program that goes one way with no argument and another with one, run both ways: its profile has only the
#           second way, byte by byte what that run alone leaves. The first is gone without a word;
#           --instrumentation-file-append-pid and merge-fdata keep both.
# Matters:  training with several workloads optimizes for the last one and moves the code of all others to the cold side;
#           scripts that worked for PGO do so when BOLT is added.

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

[ "$(uname -m)" = x86_64 ] || {
	echo "skipped: x86-64 only"
	exit 77
}
deb llvm-bolt-22 bolt-22=1:22.1.8-1~deb12u1 libbolt-22-dev=1:22.1.8-1~deb12u1
# The library of counters lies beside the tool.
bolt=$(readlink -f "$(command -v llvm-bolt-22)")

cat >app.rs <<'END'
#[inline(never)]
fn one(n: u64) -> u64 {
    (0..n).fold(1, |a, b| if a % 3 == 0 { a / 3 + b } else { a.wrapping_mul(7) ^ b })
}
#[inline(never)]
fn other(n: u64) -> u64 {
    (0..n).fold(1, |a, b| if b % 5 == 0 { a.rotate_left(3) } else { a.wrapping_add(b) })
}
fn main() {
    let n = std::env::args().count() as u64;
    println!("{}", if n == 1 { one(n * 1000) } else { other(n * 1000) });
}
END
rustc --edition 2021 -Copt-level=3 -Cstrip=none -Clink-arg=-Wl,--emit-relocs -o app app.rs
"$bolt" app -instrument -instrumentation-file="$work/app.fdata" -o counted >bolt.log 2>&1 || {
	cat bolt.log
	changed "no instrumented program"
}
has() { grep -qE "3app$1" app.fdata; }
./counted >out.log
has 3one || changed "no counts of the first run"
./counted more >out.log
has 5other || changed "no counts of the second run"
has 3one && changed "the first run's counts are there, too"
cp app.fdata second.fdata
rm app.fdata
./counted more >out.log
cmp -s app.fdata second.fdata || changed "not what the second run alone leaves"

"$bolt" app -instrument -instrumentation-file="$work/pid" -instrumentation-file-append-pid -o counted >bolt.log 2>&1
./counted >out.log
./counted more >out.log
set -- pid.*
[ $# = 2 ] || changed "$# files with the process in their name"
echo "two runs: the counts of the second; with --instrumentation-file-append-pid both"
