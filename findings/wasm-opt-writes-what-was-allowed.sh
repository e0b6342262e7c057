#!/usr/bin/env bash
# WebAssembly: what wasm-opt is allowed to use is written into the module as if it were used.
#
# Guess:    -all (or --enable-FEATURE) only permits: a module that uses nothing of it stays the same, or gets smaller.
# Versions: binaryen 132.0.0 (npm), rustc 1.95.0 with rust-lld 22.
# Seen:     every feature that was enabled stands in the section target_features afterwards, used or not: -all makes the
#           module some 300 bytes larger than -Oz alone, and the code is the same. A module of 19,523 bytes had 19,815
#           (1.5 %, by gzip 2.3 %). --strip-target-features takes it out, and with it what the next tool would read.
# Matters:  -all is common advice against "all used features should be allowed"; it is shipped with every page, and
#           tools behind it are told of features that the module does not need.

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

npm install --silent --no-fund --no-audit --prefix . binaryen@132.0.0 >npm.log 2>&1 || {
	echo "skipped: no binaryen@132.0.0"
	exit 77
}
wasm_opt=node_modules/.bin/wasm-opt

# A crate without core: no std for the target has to be installed.
export RUSTC_BOOTSTRAP=1
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
rustc -Copt-level=z -Cpanic=abort --target wasm32-unknown-unknown -Cstrip=debuginfo -o module.wasm module.rs 2>rustc.log || {
	cat rustc.log
	changed "the module does not build"
}

"$wasm_opt" -Oz module.wasm -o alone.wasm
"$wasm_opt" -Oz -all module.wasm -o all.wasm
alone=$(stat -c %s alone.wasm) all=$(stat -c %s all.wasm)
[ $((all - alone)) -ge 200 ] || changed "-all costs $((all - alone)) bytes"
for feature in memory64 relaxed-simd fp16; do
	grep -qa "$feature" all.wasm || changed "$feature is not written down"
	! grep -qa "$feature" alone.wasm || changed "$feature is in the module without -all"
done
"$wasm_opt" -Oz --strip-target-features module.wasm -o alone-bare.wasm
"$wasm_opt" -Oz -all --strip-target-features module.wasm -o all-bare.wasm
cmp -s alone-bare.wasm all-bare.wasm || changed "the code differs, too"
echo "-Oz: $alone bytes, -Oz -all: $all bytes, the same $(stat -c %s all-bare.wasm) bytes without target_features"
