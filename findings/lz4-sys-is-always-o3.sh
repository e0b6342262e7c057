#!/usr/bin/env bash
# opt-level = "z" does nothing to the C code of lz4-sys: it is -O3 at every level, and CFLAGS alone make it smaller.
#
# Guess:    C libraries follow the profile: crate cc makes -Os of "z", as it does for zstd-sys, bzip2-sys and SQLite.
# Versions: lz4-sys 1.11.1 (liblz4 1.10.0), cc 1.11.3, gcc 12.2, rustc 1.95.0, x86-64 Linux.
# Seen:     bytes of code in liblz4.a: 215,413 with opt-level 3, "z" and 0; 100,827 with "z" and CFLAGS=-Os.
#           Its build script says opt_level(3), "because otherwise it is 20x slower", which is meant for debug builds.
#           CFLAGS=-Os comes behind it on the command line and wins.
# Matters:  a program tuned for size carries LZ4 at full speed and size, and no key of Cargo.toml tells or changes it.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0 CC=gcc
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL CFLAGS

changed() {
	echo "changed: $*"
	exit 1
}

command -v gcc >gcc.log || {
	echo "skipped: no gcc"
	exit 77
}

mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
lz4-sys = "=1.11.1"
[build-dependencies]
cc = "=1.11.3"
TOML
echo >src/lib.rs
cargo fetch -q 2>fetch.log || {
	echo "skipped: no registry"
	exit 77
}

# code LEVEL [CFLAGS]: bytes of code in the archive
code() {
	rm -rf target/release/build/lz4-sys-*/out
	CFLAGS=${2:-} cargo build -q --release --config "profile.release.opt-level=$1" -p lz4-sys
	newest=$(find target/release/build -path '*/lz4-sys-*/out/liblz4.a' -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
	size "$newest" | awk 'NR > 1 { sum += $1 } END { print sum }'
}

three=$(code 3)
z=$(code '"z"')
zero=$(code 0)
small=$(code '"z"' -Os)
echo "level 3: $three, z: $z, 0: $zero, z with CFLAGS=-Os: $small bytes of code"
if [ "$z" != "$three" ] || [ "$zero" != "$three" ]; then
	changed "the level counts"
fi
[ $((small * 2)) -lt "$z" ] || changed "CFLAGS=-Os: $small"
