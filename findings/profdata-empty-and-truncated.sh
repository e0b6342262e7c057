#!/usr/bin/env bash
# One truncated raw profile spoils all the good ones; an empty one passes, even alone.
#
# Guess:    llvm-profdata merge warns about a file that it cannot read and goes on; where nothing is read, it fails.
# Versions: llvm-profdata 22.1.8, rustc 1.95.0.
# Seen:     a good profile and a truncated one: "no profile can be merged", exit 1, no output, although the good one
#           is there (--failure-mode=all takes it). A good one and a file of 0 bytes: exit 0, not a word. A file of
#           0 bytes alone: exit 0, and a profile of no function, which -Cprofile-use only warns about.
# Matters:  training that is killed leaves either kind. A script that trusts the exit code drops a whole training for
#           one bad file, and takes no training at all for a good one: count the functions of the result.

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

echo 'fn main() { println!("{}", std::env::args().count()); }' >app.rs
rustc --edition 2021 -O -Cprofile-generate=unused -o gen app.rs
LLVM_PROFILE_FILE=good.profraw ./gen >out.log
head -c 200 good.profraw >truncated.profraw
: >empty.profraw
functions() { llvm-profdata-22 show "$1" | sed -n 's/^Total functions: //p'; }
merge() {
	rm -f merged
	llvm-profdata-22 merge -o merged "$@" 2>merge.log
}

merge good.profraw truncated.profraw && changed "truncated: exit 0"
grep -q 'no profile can be merged' merge.log || changed "truncated: $(cat merge.log)"
[ -e merged ] && changed "truncated: an output"
merge --failure-mode=all good.profraw truncated.profraw || changed "--failure-mode=all fails"
[ "$(functions merged)" -gt 0 ] || changed "--failure-mode=all takes nothing"
merge good.profraw empty.profraw || changed "empty beside a good one: exit $?"
[ -s merge.log ] && changed "empty: $(cat merge.log)"
merge empty.profraw || changed "empty alone: exit $?"
[ -s merge.log ] && changed "empty alone: $(cat merge.log)"
[ "$(functions merged)" = 0 ] || changed "empty alone has functions"
echo "good and truncated: exit 1; empty alone: exit 0, no functions"
