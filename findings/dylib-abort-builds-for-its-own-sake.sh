#!/usr/bin/env bash
# panic = "abort" and a Rust dylib: cargo build -p lib works, cargo build of the program that uses it fails on lib.
#
# Guess:    rustc gets the same options for a package whether it is named or a dependency; lib builds always or never.
# Versions: cargo and rustc 1.95.0.
# Seen:     app depends on lib (crate-type = ["dylib"]), panic = "abort" in the release profile. cargo build --release
#           gives rustc `-C prefer-dynamic` for lib, so lib takes the std that unwinds: "the linked panic runtime
#           `panic_unwind` is not compiled with this crate's panic strategy `abort`". cargo build --release -p lib
#           leaves the option out and builds, into the same file, with the same -C metadata. After that cargo build
#           takes this liblib.so as done, and fails on app instead: "`std` only shows up once", "cannot link together
#           two panic runtimes". With panic = "unwind" all build.
# Matters:  abort cannot be set for a program with a Rust dylib, and what the error is depends on what was built
#           before: a cache from a `-p lib` step changes it. Make lib an rlib, or leave panic alone.

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

mkdir -p src lib/src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[workspace]
[dependencies]
lib = { path = "lib" }
[profile.release]
panic = "abort"
END
cat >lib/Cargo.toml <<'END'
[package]
name = "lib"
version = "0.1.0"
edition = "2021"
[lib]
crate-type = ["dylib"]
END
echo 'fn main() { println!("{}", lib::seven()); }' >src/main.rs
echo 'pub fn seven() -> u32 { 7 }' >lib/src/lib.rs

build() { cargo build --release -v "$@" 2>build.log; }
# lib: the command line that rustc got for lib
lib() { grep -m 1 'Running.* --crate-name lib ' build.log; }
metadata() { lib | grep -o 'metadata=[0-9a-f]*'; }

build && changed "the program builds"
grep -q 'panic runtime .panic_unwind. is not compiled with' build.log || changed "$(grep -m 1 ^error build.log)"
[[ $(lib) == *"-C prefer-dynamic"* ]] || changed "lib as a dependency: no prefer-dynamic"
dependency=$(metadata)

build -p lib || changed "lib does not build for its own sake"
[[ $(lib) == *"-C prefer-dynamic"* ]] && changed "lib for its own sake: prefer-dynamic"
[ "$(metadata)" = "$dependency" ] || changed "another -C metadata"

build && changed "the program builds after lib"
grep -q 'Fresh lib' build.log || changed "lib is built again"
grep -q 'two panic runtimes: panic_unwind and panic_abort' build.log || changed "$(grep -m 1 ^error build.log)"

sed -i 's/"abort"/"unwind"/' Cargo.toml
build || changed "unwind does not build"
[ "$(cargo run -q --release)" = 7 ] || changed "unwind does not run"
echo "abort: -p lib builds; the program fails on lib (prefer-dynamic), after -p lib on two panic runtimes"
