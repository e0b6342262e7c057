#!/usr/bin/env bash
# wasm-opt runs every -O that it is given, one after the other; the last one does not win.
#
# Guess:    as with every compiler, of several levels the last one counts, or it is an error.
# Versions: wasm-opt (binaryen) 132.0.0 from npm, rustc 1.95.0, wasm32-unknown-unknown.
# Seen:     -Oz 21,712 bytes, -O3 21,713; -O3 -Oz 21,656, -Oz -O3 21,657, -Oz -Oz 21,647: each takes another round over
#           what the one before it left, at twice the time.
# Matters:  a script that adds its own -Oz to a tool's default -O measures both; "-O3 instead of -Oz" appended to a list is
#           no such comparison. And the second round is smaller than what one can do, nearly as small as --converge.

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

build module.wasm -Cstrip=debuginfo
# with FLAG...: the bytes that wasm-opt leaves with them
with() {
	opt "$@" module.wasm -o out.wasm 2>opt.log || changed "$*: $(head -1 opt.log)"
	[ ! -s opt.log ] || changed "$*: $(head -1 opt.log)"
	size out.wasm
}
z=$(with -Oz)
three=$(with -O3)
zz=$(with -Oz -Oz)
three_z=$(with -O3 -Oz)
z_three=$(with -Oz -O3)
converged=$(with -Oz --converge)
[ "$zz" -lt "$z" ] || changed "-Oz -Oz is -Oz: $zz"
[ "$three_z" -lt "$z" ] || changed "-O3 -Oz is not smaller than -Oz: $three_z"
[ "$z_three" -lt "$three" ] || changed "-Oz -O3 is not smaller than -O3: $z_three"
echo "-Oz $z, -O3 $three, -Oz -Oz $zz, -O3 -Oz $three_z, -Oz -O3 $z_three, -Oz --converge $converged bytes"
