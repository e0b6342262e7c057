#!/usr/bin/env bash
# How long the path to CARGO_HOME is decides the size of the program, by as much as folding identical code does.
#
# Guess:    paths of the registry are in panic messages, a few bytes each: some hundred bytes in a large program.
# Versions: cargo and rustc 1.95.0, regex 1.11.1, serde_json 1.0.140.
# Seen:     the same project, symbols stripped, built with two CARGO_HOMEs whose paths differ by 54 characters:
#           1,687,272 and 1,691,432 bytes (+4,160, 0.25 %), with regex alone +3,936. Each
#           file that can panic has its full path in the program. With --remap-path-prefix both are of one size.
# Matters:  sizes of two machines, or of a CI container and a laptop, differ without any setting: a size budget with
#           less room than that fails by who builds.

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

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
regex = "=1.11.1"
[profile.release]
opt-level = 0
strip = "symbols"
END
cat >src/main.rs <<'END'
fn main() {
    let args: Vec<String> = std::env::args().collect();
    println!("{:?}", regex::Regex::new(&args[0]).map(|r| r.is_match("seven")));
}
END
short=$work/h
long=$work/home-of-somebody-with-a-long-name/and-a-deep-folder/.cargo
mkdir -p "$short" "$long"
CARGO_HOME=$short cargo fetch -q 2>fetch.log || {
	echo "skipped: no registry"
	exit 77
}
cp -r "$short/." "$long"
# size HOME: bytes of the program built with it
size() {
	CARGO_HOME=$1 cargo build -q --release --target-dir build --offline >build.log 2>&1
	stat -c %s build/release/app
	rm -rf build
}
a=$(size "$short")
b=$(size "$long")
[ $((b - a)) -gt 1000 ] || changed "short $a, long $b"
export RUSTFLAGS="--remap-path-prefix=$short/=/ --remap-path-prefix=$long/=/"
[ "$(size "$short")" = "$(size "$long")" ] || changed "not equal after remapping"
echo "short $a, long $b bytes; equal after --remap-path-prefix"
