#!/usr/bin/env bash
# The next version number makes a PGO profile worthless: not one function of the package is found in it, in silence.
#
# Guess:    counts belong to functions and their control flow: without a change of the source a profile fits; at worst
#           rustc warns.
# Versions: cargo and rustc 1.95.0 (LLVM 22.1), llvm-profdata 22.1.8.
# Seen:     trained at version 0.1.0, used at 0.1.0: code of 296,867 bytes becomes 295,315, no function is missing. The
#           same file used at 0.1.1, nothing else changed: all 29 functions are missing, no warning, exit 0; only the
#           hidden -pgo-warn-missing-function tells. Cargo hashes the version into every symbol of a package.
# Matters:  "train, commit the profile, bump the version, release" ships a program without PGO, and so does an update of
#           a dependency for its code and for all that depends on it (pgo-every-setting-voids-profile.sh). Bump first, then train.

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

host=$(rustc -vV | sed -n 's/^host: //p')
app=target/$host/release/app
mkdir src
cat >src/main.rs <<'END'
use std::collections::BTreeMap;
#[inline(never)]
fn words(n: usize) -> BTreeMap<String, usize> {
    let mut m = BTreeMap::new();
    for i in 0..n {
        *m.entry(format!("k{}", i % 97)).or_insert(0) += i;
    }
    m
}
fn main() {
    println!("{}", words(std::env::args().count() * 500).values().sum::<usize>());
}
END
# build VERSION RUSTFLAGS
build() {
	cat >Cargo.toml <<END
[package]
name = "app"
version = "$1"
edition = "2021"
[profile.release]
codegen-units = 1
strip = "symbols"
END
	RUSTFLAGS=$2 cargo build -q --release --target "$host" 2>build.log
}
missing() { grep -c 'no profile data available for function' build.log || true; }

build 0.1.0 "-Cprofile-generate=$work/raw"
"$app" >out.log
llvm-profdata-22 merge -o app.profdata raw
use=-Cprofile-use=$work/app.profdata
show=-Cllvm-args=-pgo-warn-missing-function

build 0.1.0 "$use $show"
[ "$(missing)" = 0 ] || changed "the same version: $(missing) functions are missing"
build 0.1.1 "$use"
[ -s build.log ] && changed "a warning: $(head -1 build.log)"
build 0.1.1 "$use $show"
[ "$(missing)" -ge 10 ] || changed "the next version: only $(missing) functions are missing"
echo "functions without a profile: 0 at the same version, $(missing) at the next one"
