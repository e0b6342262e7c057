#!/usr/bin/env bash
# WebAssembly: a smaller stack, or one behind the data, makes smaller code, once addresses are not padded.
#
# Guess:    size and place of the stack are one number in the module.
# Versions: rustc 1.95.0 with rust-lld 22, wasm-opt (binaryen) 132.0.0 from npm, wasm32-unknown-unknown.
# Seen:     the stack of 1 MiB comes first in the memory, static data begin behind it, at 2^20, and such an address takes
#           four bytes where it is used; behind a stack of 64 kB it takes three. The module as rustc leaves it shrinks by
#           4 bytes of 27,940 (its addresses are padded), after wasm-opt -Oz by 359 of 21,712: 1.7 % for one word,
#           -Clink-arg=-zstack-size=65536. With the data first (-Clink-arg=--no-stack-first) 720 bytes, 3.3 %.
# Matters:  whoever goes for the last percent with wasm-opt leaves more than its best passes find; whoever compares linker
#           settings before wasm-opt sees nothing. The price: what the stack needs has to be known, and one behind the data
#           overwrites them where it would trap at address 0.

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

build large.wasm -Cstrip=debuginfo
build small.wasm -Cstrip=debuginfo -Clink-arg=-zstack-size=65536
build last.wasm -Cstrip=debuginfo -Clink-arg=--no-stack-first
for name in large small last; do
	opt -Oz $name.wasm -o $name.opt.wasm
done
before=$(($(size large.wasm) - $(size small.wasm)))
last=$(($(size large.opt.wasm) - $(size last.opt.wasm)))
after=$(($(size large.opt.wasm) - $(size small.opt.wasm)))
[ "$before" -lt 50 ] || changed "$before bytes before wasm-opt"
[ $((after * 100)) -gt "$(size large.opt.wasm)" ] || changed "only $after of $(size large.opt.wasm) bytes"
[ $((last * 50)) -gt "$(size large.opt.wasm)" ] || changed "data first: only $last of $(size large.opt.wasm) bytes"
echo "stack of 64 kB instead of 1 MiB: $before bytes of $(size large.wasm), after wasm-opt $after of $(size large.opt.wasm), data first $last"
