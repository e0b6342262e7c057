#!/usr/bin/env bash
# wasm-opt without -g keeps the debug information, of the code as it was before: large, and wrong.
#
# Guess:    without -g wasm-opt drops debug information (its help: "-g emit names section"); with it, it is kept right.
# Versions: wasm-opt (binaryen) 132.0.0 from npm, rustc 1.95.0, llvm-dwarfdump 22, wasm32-unknown-unknown.
# Seen:     a module with debug information, wasm-opt -Oz: the names are gone, 284 of 305 kB are still .debug_* sections.
#           The function `words` has the same addresses in them as before, the line table reaches 1,791 bytes behind the
#           end of the new code. With -g it is the same. No warning. std alone brings 69 kB of it where the crate has
#           none: debug = false, strip = "none".
# Matters:  a release with debug = 1 or strip = "none" ships most of its bytes for nothing, as a debugger that believes
#           them shows wrong lines: strip in the profile, or --strip-debug.

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

deb llvm-dwarfdump-22 llvm-22=1:22.1.8-1~deb12u1 libllvm22=1:22.1.8-1~deb12u1
[ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] || {
	echo "skipped: no std for wasm32-unknown-unknown"
	exit 77
}
npm install --silent --no-fund --no-audit --prefix . binaryen@132.0.0 >npm.log 2>&1 || {
	echo "skipped: binaryen cannot be installed"
	exit 77
}
opt() { node_modules/.bin/wasm-opt "$@"; }
size() { stat -c %s "$1"; }

cat >module.rs <<'END'
use std::collections::BTreeMap;
#[unsafe(no_mangle)]
pub extern "C" fn words(n: usize) -> usize {
    let mut m = BTreeMap::new();
    for i in 0..n {
        *m.entry(format!("k{:?} {}", i % 97, i)).or_insert(0) += i;
    }
    let mut v: Vec<_> = m.into_iter().collect();
    v.sort_by(|a, b| b.1.cmp(&a.1));
    v.iter().map(|x| x.1 ^ x.0.len()).sum()
}
END
# build FILE FLAG...
build() {
	rustc --edition 2024 --crate-type cdylib --target wasm32-unknown-unknown -Copt-level=s -Cpanic=abort -Clto=fat \
		-Ccodegen-units=1 -o "$1" "${@:2}" module.rs
}

build debug.wasm -Cdebuginfo=2
build std.wasm -Cdebuginfo=0 -Cstrip=none
opt -Oz debug.wasm -o plain.wasm 2>opt.log || changed "wasm-opt fails: $(head -1 opt.log)"
opt -Oz -g debug.wasm -o kept.wasm 2>>opt.log || changed "wasm-opt -g fails: $(head -1 opt.log)"
opt -Oz std.wasm -o std.opt.wasm
opt -Oz --strip-debug debug.wasm -o none.wasm
[ ! -s opt.log ] || changed "a word: $(head -1 opt.log)"
[ $(($(size plain.wasm))) -gt $(($(size none.wasm) * 5)) ] || changed "$(size plain.wasm) bytes, without debug information $(size none.wasm)"
[ "$(size std.opt.wasm)" -gt $(($(size none.wasm) * 2)) ] || changed "that of std is gone: $(size std.opt.wasm) bytes"

# code FILE: bytes of the code section; last FILE: the last address of the line table; range FILE: where `words` is
code() { echo $((16#$(llvm-objdump-22 -h "$1" | awk '$2 == "CODE" { print $3 }'))); }
last() { echo $(($(llvm-dwarfdump-22 --debug-line "$1" | grep -oE '^0x[0-9a-f]+' | sort | tail -1))); }
range() { llvm-dwarfdump-22 --name words "$1" | grep -E 'DW_AT_(low|high)_pc'; }
for name in plain kept; do
	[ "$(range $name.wasm)" = "$(range debug.wasm)" ] || changed "$name: other addresses"
	[ "$(last $name.wasm)" -gt "$(code $name.wasm)" ] || changed "$name: the line table ends in the code"
done
echo "without -g: $(size plain.wasm) bytes instead of $(size none.wasm), lines up to $(last plain.wasm) of $(code plain.wasm) bytes of code"
