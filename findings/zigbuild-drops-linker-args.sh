#!/usr/bin/env bash
# cargo zigbuild: the linker settings that make Rust programs smaller are errors, and one of them is dropped in silence.
#
# Guess:    zig links with lld as rustc does: it takes the same options and makes a program of the same size.
# Versions: cargo-zigbuild 0.24.1, zig 0.17.1 (both from PyPI; LLD 22), rustc 1.95.0, x86-64 Linux.
# Seen:     a small program with strip = "symbols", panic = "abort": 358,320 bytes by rustc's own lld, 380,568 by zig (6 % more: the
#           unwinder is in the program and not in libgcc_s.so.1). --icf=all and -z pack-relative-relocs, which take 1,888 and
#           15,096 bytes off the first: "unsupported linker arg: --icf", "unsupported linker extension flag". --no-eh-frame-hdr
#           (4,576 bytes) is taken, with exit code 0 and no word, and the program is the same, byte by byte. zig reads the
#           options of the linker itself and passes on those that it knows.
# Matters:  a release that is built by zig for old versions of glibc cannot have what was tuned with cargo build; sizes measured
#           with one do not hold for the other.

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

{ python3 -m venv tools && tools/bin/pip install -q cargo-zigbuild==0.24.1 ziglang==0.17.1; } >pip.log 2>&1 || {
	echo "skipped: cargo-zigbuild and zig cannot be installed"
	exit 77
}
export PATH=$work/tools/bin:$PATH
export XDG_CACHE_HOME=$work/cache ZIG_GLOBAL_CACHE_DIR=$work/cache/zig ZIG_LOCAL_CACHE_DIR=$work/cache/local

mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[profile.release]
strip = "symbols"
panic = "abort"
TOML
cat >src/main.rs <<'RUST'
use std::collections::HashMap;
fn main() {
    let mut m = HashMap::new();
    for a in std::env::args() {
        *m.entry(a).or_insert(0u64) += 1;
    }
    println!("{m:?}");
}
RUST
target=x86_64-unknown-linux-gnu
# by COMMAND ARG: builds with this argument for the linker; the size, or "error"
by() {
	if RUSTFLAGS=${2:+-Clink-arg=-Wl,$2} cargo "$1" --release --target $target --target-dir "$1" >"$1.log" 2>&1; then
		stat -c %s "$1/$target/release/app"
	else
		echo error
	fi
}

lld=$(by build "")
zig=$(by zigbuild "")
[ "$zig" != error ] || changed "$(tail -1 zigbuild.log)"
[ "$zig" -gt $((lld * 103 / 100)) ] || changed "lld $lld bytes, zig $zig"
echo "as it is: lld $lld bytes, zig $zig"
cp zigbuild/$target/release/app plain
for arg in --icf=all -z,pack-relative-relocs --no-eh-frame-hdr; do
	with=$(by build $arg)
	if [ "$with" = error ] || [ "$with" -ge "$lld" ]; then
		changed "lld with $arg: $with"
	fi
	zig=$(by zigbuild $arg)
	echo "$arg: lld $with, zig $zig"
	if [ $arg = --no-eh-frame-hdr ]; then
		cmp -s plain zigbuild/$target/release/app || changed "zig with $arg: $zig"
		if grep -qi warning zigbuild.log; then
			changed "zig warns about $arg"
		fi
	else
		[ "$zig" = error ] || changed "zig takes $arg"
		grep -q 'unsupported linker' zigbuild.log || changed "$(tail -1 zigbuild.log)"
	fi
done
