#!/usr/bin/env bash
# WebAssembly: wasm-ld leaves every address padded to five bytes; one linker flag takes the padding away.
#
# Guess:    a release module has short numbers: the linker knows them all, and rustc passes -O.
# Versions: rustc 1.95.0 and 1.96.0 with rust-lld and wasm-ld 22, wasm-opt (binaryen) 108.
# Seen:     -Clink-arg=--compress-relocations: a std module (maps, strings, float parsing; level s, fat LTO, abort,
#           strip = "symbols") of 54,504 bytes has 52,538, -3.6 %, without wasm-opt; gzip gains 0.8 %. wasm-opt -Oz
#           makes the same module of both, so who runs it gains nothing. With strip = "none" rust-lld refuses it:
#           "incompatible with output debug information", also where the crate has no debug information.
# Matters:  an easy gain for builds that cannot run wasm-opt, and proof that a part of what wasm-opt is praised for
#           is the linker's padding.

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
{
	cat <<'END'
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
impl Copy for u32 {}
#[lang = "sync"]
pub trait Sync {}
impl Sync for u32 {}
#[lang = "drop_in_place"]
unsafe fn drop_in_place<T: PointeeSized>(_: *mut T) {}
#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn step(p: &u32) -> u32;
}
END
	for i in $(seq 40); do
		echo "static S$i: u32 = $((i * 65537));"
		echo "#[unsafe(no_mangle)] pub unsafe extern \"C\" fn f$i() -> u32 { unsafe { step(&S$i); step(&S$i) } }"
	done
} >many.rs
build() {
	rustc -Copt-level=z -Cpanic=abort --target wasm32-unknown-unknown -o "$@" many.rs 2>rustc.log
}
bytes() { stat -c %s "$1"; }

build padded.wasm -Cstrip=symbols
build packed.wasm -Cstrip=symbols -Clink-arg=--compress-relocations
[ "$(bytes packed.wasm)" -lt $(($(bytes padded.wasm) * 9 / 10)) ] || changed "no padding by default"
build refused.wasm -Cstrip=none -Clink-arg=--compress-relocations && changed "strip=none is taken"
grep -q 'compress-relocations is incompatible with output debug information' rustc.log || changed "another error"
wasm-opt -Oz padded.wasm -o padded-opt.wasm
wasm-opt -Oz packed.wasm -o packed-opt.wasm
cmp -s padded-opt.wasm packed-opt.wasm || changed "wasm-opt makes different modules"
echo "padded $(bytes padded.wasm), packed $(bytes packed.wasm), wasm-opt $(bytes packed-opt.wasm) bytes"
