#!/usr/bin/env bash
# llvm-profdata: of more than 100 traces of first calls, which are kept is a matter of cores and luck, and so is the layout.
#
# Guess:    the same files merged twice give the same bytes, whatever -j is, as they do for counts.
# Versions: llvm-profdata 22.1.8, rustc 1.95.0, x86-64 Linux.
# Seen:     150 runs of one program, recorded with -pgo-temporal-instrumentation. merge keeps 100 traces of them. With
#           -j 1 it is always the same file; with -j 4 twenty merges gave 16 files, another time 18 in four orders, none
#           that of -j 1; without -j it takes as many threads as there are cores. No word of it. All counts are equal,
#           and without traces so are all bytes. --temporal-profile-trace-reservoir-size above the number of runs
#           gives one order for every -j.
# Matters:  a release that is laid out by `llvm-profdata order` cannot be built again on a machine with another number
#           of cores, or at all, from the very same recordings. Say -j 1, or how many traces there are.

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

# 64 functions, of which each run calls 20 in an order of its own.
{
	for i in $(seq 0 63); do
		echo "#[inline(never)] fn f$i(n: u64) -> u64 { std::hint::black_box(n) * $((i * 7 + 3)) + $i }"
	done
	echo "const FS: [fn(u64) -> u64; 64] = [$(seq -s , -f 'f%g' 0 63)];"
	cat <<'END'
fn main() {
    let n: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let (mut sum, mut x) = (0u64, n * 2654435761 + 1);
    for _ in 0..20 {
        x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        sum = sum.wrapping_add(FS[(x >> 58) as usize](n));
    }
    println!("{sum}");
}
END
} >app.rs

# record DIR FLAG...: 150 runs
record() {
	rustc --edition 2021 -O -Cprofile-generate="$work/$1" "${@:2}" -o "$1.app" app.rs
	for run in $(seq 150); do
		LLVM_PROFILE_FILE=$1/$run.profraw "./$1.app" "$run" >/dev/null
	done
}
# merges DIR FLAG...: twenty merges, the hash of each
merges() {
	for _ in $(seq 20); do
		llvm-profdata-22 merge "${@:2}" -o merged "$1"
		sha256sum <merged
	done
}
# order FLAG...: the functions in the order of the traces
order() {
	llvm-profdata-22 merge "$@" -o merged traces 2>>merge.log
	llvm-profdata-22 order merged | grep -v '^#' | sha256sum
}
different() { sort -u | wc -l; }

record traces -Cllvm-args=-pgo-temporal-instrumentation
[ "$(merges traces -j 1 | different)" = 1 ] || changed "-j 1 is not the same twice"
files=$(merges traces -j 4 | different)
[ "$files" -gt 1 ] || changed "-j 4: twenty merges are the same"
one=$(order -j 1)
[ "$(order -j 2)" != "$one" ] || changed "two threads give the order of one"
[ "$(order -j 4)" != "$one" ] || changed "four threads give the order of one"
[ ! -s merge.log ] || changed "a word: $(head -1 merge.log)"
all=--temporal-profile-trace-reservoir-size=1000
[ "$(order -j 1 $all)" = "$(order -j 4 $all)" ] || changed "with room for all traces the orders differ"

record counts
[ "$({ merges counts -j 1 && merges counts -j 4; } | different)" = 1 ] || changed "counts depend on -j"
echo "150 runs with traces: -j 1 one file, -j 4 $files files, other orders; without traces one file"
