#!/usr/bin/env bash
# A PGO profile fits one setting of strip, debug, lto and --target only: train unstripped, ship stripped, and it is void.
#
# Guess:    a profile names functions by crate and hash: what does not change the code (strip, debug, whether --target
#           names the host itself) does not change the names, and a dependency's feature only those of that dependency.
# Versions: cargo and rustc 1.95.0 (LLVM 22.1), llvm-profdata 22.1.8.
# Seen:     trained by `cargo build --release --target HOST`; used by the same command all functions have their data.
#           With strip = "symbols", debug = 1, lto = "fat", overflow-checks or without --target not one of the package
#           and its dependencies has; nor has any when the leaf of the graph gets a feature or a dependency that nobody
#           uses: all that stand above it lose theirs, too. No warning, exit 0; only the hidden
#           -pgo-warn-missing-function tells. Cargo hashes all of this into the symbols of a package.
# Matters:  "train with symbols to see what is hot, ship without" and "train by a script with --target, ship by plain
#           cargo build --release" give a program without PGO; so does a `cargo update` of one small crate.

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
# package NAME MANIFEST...: the package below NAME, its source from the standard input
package() {
	mkdir -p "$1/src"
	printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2021"\n' "$1" >"$1/Cargo.toml"
	printf '%s\n' "${@:2}" >>"$1/Cargo.toml"
	cat >"$1/src/lib.rs"
}
package unused </dev/null
package leaf '[features]' 'more = []' <<'END'
#[inline(never)]
pub fn key(i: usize) -> String {
    format!("k{}", i % 97)
}
END
package words '[dependencies]' 'leaf = { path = "../leaf" }' <<'END'
use std::collections::BTreeMap;
#[inline(never)]
pub fn words(n: usize) -> BTreeMap<String, usize> {
    let mut m = BTreeMap::new();
    for i in 0..n {
        *m.entry(leaf::key(i)).or_insert(0) += i;
    }
    m
}
END
package app '[dependencies]' 'words = { path = "../words" }' '[profile.release]' 'codegen-units = 1' <<'END'
fn main() {
    println!("{}", words::words(std::env::args().count() * 500).values().sum::<usize>());
}
END
mv app/src/lib.rs app/src/main.rs

# build RUSTFLAGS ARGUMENT...
build() {
	RUSTFLAGS=$1 cargo build --manifest-path app/Cargo.toml --release --target-dir "target-$((++builds))" "${@:2}" 2>build.log || {
		cat build.log
		changed "it does not build with ${*:2}"
	}
}
builds=0
build "-Cprofile-generate=$work/raw" --target "$host"
"target-1/$host/release/app" >out.log
llvm-profdata-22 merge -o app.profdata raw

use=-Cprofile-use=$work/app.profdata
show=-Cllvm-args=-pgo-warn-missing-function
# missing CRATE: functions of the crate without data
missing() { grep -cE "no profile data available for function _ZN[0-9]+$1[0-9]" build.log || true; }
# void WHAT ARGUMENT...: the profile is of no use when the program is built so, and nobody says it
void() {
	build "$use $show" "${@:2}"
	local crate
	for crate in leaf words app; do
		[ "$(missing "$crate")" -gt 0 ] || changed "$1: $crate has its data"
	done
	all=$(grep -c 'no profile data available' build.log)
}

build "$use $show" --target "$host"
[ "$(missing '.*')" = 0 ] || changed "the same command: $(missing '.*') functions are missing"
void strip --target "$host" --config 'profile.release.strip="symbols"'
void debug --target "$host" --config profile.release.debug=1
void lto --target "$host" --config 'profile.release.lto="fat"'
void overflow-checks --target "$host" --config profile.release.overflow-checks=true
void 'no --target'
build "$use" --target "$host" --config 'profile.release.strip="symbols"'
grep -q warning build.log && changed "a warning: $(grep -m1 warning build.log)"

cp -r leaf leaf.as-trained
sed -i 's/^more = .*/default = ["more"]\n&/' leaf/Cargo.toml
void 'a feature of the leaf' --target "$host"
rm -r leaf
mv leaf.as-trained leaf
printf '[dependencies]\nunused = { path = "../unused" }\n' >>leaf/Cargo.toml
void 'an unused dependency of the leaf' --target "$host"
echo "functions without a profile: 0 by the same command, all $all with strip, debug, lto, without --target, or after a change in a leaf"
