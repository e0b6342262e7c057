#!/usr/bin/env bash
# -Ctarget-cpu=x86-64-v3 does not reach the C code of a program, -Ctarget-feature=+avx2 does.
#
# Guess:    crate cc passes on what changes code for the whole program, the processor first; or nothing at all.
# Versions: cc 1.11.3, gcc 12.2, rustc 1.95.0, x86-64 Linux.
# Seen:     what cc gives to gcc at opt-level 3, by RUSTFLAGS:
#             none                         -O3 ... -march=x86-64
#             -Ctarget-cpu=x86-64-v3       -O3 ..., and no -march at all
#             -Ctarget-feature=+avx2       -O3 ... -march=x86-64 -mavx2
#             -Cforce-frame-pointers=yes   -O3 ... -march=x86-64 -fno-omit-frame-pointer
#             -Cno-vectorize-loops         a warning: it is given clang's spelling, which gcc does not know
#           So a loop in C has no 256-bit instruction with the first kind of v3, and has them with the second. With the processor
#           named gcc's own default holds, which may be more than x86-64 (x86-64-v2 on RHEL 9).
# Matters:  compression, hashing and SQLite stay at the base line in a program "for v3": the gain that is measured is Rust's
#           alone. CFLAGS=-march=x86-64-v3 beside it (cc puts it last), or features by name.

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

{ [ "$(uname -m)" = x86_64 ] && command -v gcc >gcc.log; } || {
	echo "skipped: no gcc for x86-64"
	exit 77
}

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[build-dependencies]
cc = "=1.11.3"
END
cat >src/main.rs <<'END'
fn main() {}
END
cat >sum.c <<'END'
unsigned sum(const unsigned *v, unsigned n) {
	unsigned s = 0;
	for (unsigned i = 0; i < n; i++) s += v[i];
	return s;
}
END
cat >build.rs <<'END'
fn main() {
    let mut build = cc::Build::new();
    build.file("sum.c").compile("sum");
    let tool = build.get_compiler();
    let args: Vec<_> = tool.args().iter().map(|a| a.to_string_lossy().into_owned()).collect();
    std::fs::write(std::env::var("ARGS").unwrap(), args.join(" ")).unwrap();
}
END
cargo fetch -q 2>fetch.log || {
	echo "skipped: no registry"
	exit 77
}
export ARGS=$work/args
# --target, so that the flags are not for build scripts, which then are compiled once
built() {
	rm -f args
	touch build.rs
	RUSTFLAGS=$1 cargo build --release --target x86_64-unknown-linux-gnu 2>build.log || changed "$(tail -1 build.log)"
	newest=$(find target/x86_64-unknown-linux-gnu/release/build -path '*/out/libsum.a' -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
	wide=$(objdump -d "$newest" | grep -c '%ymm' || true)
	echo "[$1] $(grep -oE -- '-(O|m(arch|avx|no-omit)|fno-omit)[^ ]*' args | paste -sd ' '), 256-bit: $wide"
}
has() { grep -q -e "$1" args; }

built ""
has -march=x86-64 || changed "no -march"
[ "$wide" = 0 ] || changed "gcc's default is more than x86-64"
built -Ctarget-cpu=x86-64-v3
has -march && changed "target-cpu reaches C"
has -mavx && changed "its features reach C"
[ "$wide" = 0 ] || changed "target-cpu widens C"
built -Ctarget-feature=+avx2
has -mavx2 || changed "target-feature does not reach C"
[ "$wide" -gt 0 ] || changed "+avx2 does not widen C"
built -Cforce-frame-pointers=yes
has -fno-omit-frame-pointer || changed "frame pointers do not reach C"
built -Cno-vectorize-loops
grep -q 'Inherited flag "-fno-vectorize" is not supported' build.log || changed "no warning about -fno-vectorize"
CFLAGS=-march=x86-64-v3 built -Ctarget-cpu=x86-64-v3
[ "$wide" -gt 0 ] || changed "CFLAGS does not help"
