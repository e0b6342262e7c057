#!/usr/bin/env bash
# Not the version of llvm-profdata counts, but the form: by way of text LLVM 14 makes profiles for rustc 1.95.
#
# Guess:    llvm-profdata must be of rustc's LLVM; what another major version writes is refused.
# Versions: rustc 1.95.0 (LLVM 22.1), llvm-profdata 22.1.8 and 14.0.6 (Debian 12).
# Seen:     14 reads neither 22's raw nor its merged profiles ("unsupported instrumentation profile format version").
#           It does read 22's text, and the file it makes of that is taken by rustc 1.95 without a warning: the
#           program is the same to the byte.
# Matters:  a profile kept as text (llvm-profdata merge -text) can be reviewed, diffed, committed, and turned into
#           what -Cprofile-use takes by whatever llvm-profdata the build machine has. The raw files cannot be kept.

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
deb llvm-profdata-14 llvm-14=1:14.0.6-12 libllvm14=1:14.0.6-12

cat >app.rs <<'END'
fn main() {
    let n = std::env::args().count() as u64;
    let text: String = (0..n * 1000).filter(|i| i % 7 == 3).map(|i| i.to_string()).collect();
    println!("{}", text.len());
}
END
build() { rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 -Cstrip=symbols "$@" app.rs 2>rustc.log; }

build -Cprofile-generate="$work/raw" -o gen
./gen >out.log
llvm-profdata-22 merge -o by22 raw
llvm-profdata-22 merge -text -o text by22
llvm-profdata-14 merge -o none raw 2>raw.log && changed "14 reads raw profiles of 22"
llvm-profdata-14 merge -o none by22 2>merged.log && changed "14 reads merged profiles of 22"
grep -q 'unsupported instrumentation profile format version' raw.log merged.log || changed "another message"
llvm-profdata-14 merge -o by14 text
cmp -s by14 by22 && changed "both write the same format"
for by in 22 14; do
	build -Cprofile-use="$work/by$by" -o use$by
	[ -s rustc.log ] && changed "a warning: $(head -1 rustc.log)"
done
build -o plain
cmp -s use22 plain && changed "the profile does nothing"
cmp -s use14 use22 || changed "another program"
echo "the same program by llvm-profdata 22 and by 14 from text"
