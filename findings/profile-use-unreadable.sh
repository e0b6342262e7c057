#!/usr/bin/env bash
# -Cprofile-use of a file that is no profile is a warning: the build succeeds, without any optimization by it.
#
# Guess:    rustc stops; a profile that cannot be read is an error, as a missing one is.
# Versions: rustc 1.95.0 (LLVM 22.1).
# Seen:     a missing file is an error. A raw profile (.profraw), a text profile, an empty file, a truncated file
#           and a folder give one line of warning ("invalid instrumentation profile data (bad magic)", "Is a
#           directory"), exit code 0 and one and the same program, that no count has reached.
# Matters:  passing the folder of raw profiles, or forgetting llvm-profdata merge, looks like PGO that brought
#           nothing. In a pipeline only the missing-file case fails.

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
fn main() {
    let n: u64 = std::env::args().count() as u64;
    println!("{}", (0..n * 1000).filter(|i| i % 7 == 3).map(|i| i.to_string()).collect::<String>().len());
}
END
build() { rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 -Cstrip=symbols "$@" app.rs 2>rustc.log; }

build -Cprofile-generate="$work/raw" -o gen
./gen >out.log
llvm-profdata-22 merge -o good.profdata raw
llvm-profdata-22 merge -text -o text.profdata raw
cp raw/*.profraw raw.profdata
head -c 300 good.profdata >truncated.profdata
: >empty.profdata
mkdir folder.profdata

build -Cprofile-use="$work/missing.profdata" -o use && changed "a missing file is no error"
build -Cprofile-use="$work/good.profdata" -o use.good
grep -q warning rustc.log && changed "a good profile warns"

for what in raw text empty truncated folder; do
	build -Cprofile-use="$work/$what.profdata" -o use.$what || changed "$what: an error now"
	grep -q '^warning: .*profdata: ' rustc.log || changed "$what: no warning"
	cmp -s use.$what use.raw || changed "$what and raw give different programs"
	cmp -s use.$what use.good && changed "$what was used"
done
echo "missing: error; raw, text, empty, truncated, folder: a warning, exit 0, no optimization"
