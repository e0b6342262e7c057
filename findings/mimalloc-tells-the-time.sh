#!/usr/bin/env bash
# A program with mimalloc holds the second at which the allocator was compiled: no two builds are equal.
#
# Guess:    the same sources, compiler and folder give the same bytes, as they do for a program without C code; a C library of
#           the registry that is built by the cc crate is no exception.
# Versions: libmimalloc-sys 0.1.49 (mimalloc 3.3.2), cargo and rustc 1.95.0, gcc 12.2.0.
# Seen:     two builds of the crate, seconds apart, give archives that differ: mimalloc writes __DATE__ and __TIME__ into a message
#           ("built on ..."), and the crate silences the compiler's warning of that (-Wno-error=date-time). With
#           SOURCE_DATE_EPOCH=0, which gcc knows, they are equal, and the message says Jan  1 1970.
# Matters:  who takes mimalloc as global allocator and compares bytes (reproducible builds, caches, `cmp` of two releases) finds
#           a difference in a program whose source did not change. Set SOURCE_DATE_EPOCH for the build.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET SOURCE_DATE_EPOCH CFLAGS

changed() {
	echo "changed: $*"
	exit 1
}

command -v cc >tool.log || {
	echo "skipped: no C compiler"
	exit 77
}
mkdir src
touch src/lib.rs
cat >Cargo.toml <<'EOF'
[package]
name = "probe"
version = "0.1.0"
edition = "2021"
[dependencies]
libmimalloc-sys = "=0.1.49"
EOF

# archive FILE: builds anew, with the variables that stand before
archive() {
	rm -rf target
	cargo build --release >build.log 2>&1 || {
		cat build.log
		echo "skipped: the crate does not build here"
		exit 77
	}
	cp target/release/build/libmimalloc-sys-*/out/libmimalloc.a "$1"
}

archive first
sleep 2
archive second
SOURCE_DATE_EPOCH=0 archive third
sleep 2
SOURCE_DATE_EPOCH=0 archive fourth
! cmp -s first second || changed "two builds are equal"
cmp -s third fourth || changed "SOURCE_DATE_EPOCH does not make them equal"
grep -q -a 'Jan  1 1970' third || changed "the message has no date any more"
echo "as described: the archives differ, with SOURCE_DATE_EPOCH they do not"
