#!/usr/bin/env bash
# WebAssembly: strip = "symbols" also takes away what wasm-opt needs to read the module.
#
# Guess:    strip takes names and debug information; a tool that works on machine code does not notice.
# Versions: rustc 1.95.0 with rust-lld 22, wasm-opt (binaryen) 108.
# Seen:     with strip = "debuginfo" wasm-opt takes the module without an option; with strip = "symbols" it ends with
#           "all used features should be allowed": the section target_features went with the names, and rustc's default
#           for wasm32 uses sign-ext (bulk-memory and nontrapping-fptoint, too). --enable-sign-ext brings it back, and
#           makes the same bytes of both.
# Matters:  whoever puts strip = true into the release profile breaks the wasm-opt step behind it, or has it fail
#           softly: a build script that falls back to the unoptimized module ships it.

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

export RUSTC_BOOTSTRAP=1
deb wasm-opt binaryen=108-1

# A crate without core: no std for the target has to be installed.
cat >module.rs <<'END'
#![feature(no_core, lang_items)]
#![no_core]
#![crate_type = "cdylib"]
#![allow(internal_features)]
#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[lang = "copy"]
pub trait Copy {}
impl Copy for i32 {}
#[unsafe(no_mangle)]
pub extern "C" fn narrow(x: i32) -> i32 {
    (x as i8) as i32
}
END
build() {
	rustc -Copt-level=z -Cpanic=abort --target wasm32-unknown-unknown -Cstrip="$1" -o "$1.wasm" module.rs 2>rustc.log || {
		cat rustc.log
		changed "strip=$1 does not build"
	}
}
build debuginfo
build symbols

wasm-opt -Oz debuginfo.wasm -o a.wasm 2>opt.log || changed "the unstripped module needs options: $(head -3 opt.log)"
if wasm-opt -Oz symbols.wasm -o b.wasm 2>opt.log; then
	changed "the stripped module needs no option"
fi
grep -q 'all used features should be allowed' opt.log || changed "another error: $(head -3 opt.log)"
wasm-opt -Oz --enable-sign-ext symbols.wasm -o b.wasm
wasm-opt -Oz --strip-target-features --strip-producers a.wasm -o a-bare.wasm
cmp -s a-bare.wasm b.wasm || changed "not the same bytes"
echo "wasm-opt takes $(stat -c %s debuginfo.wasm) bytes, and refuses the same module of $(stat -c %s symbols.wasm)"
