#!/usr/bin/env bash
# A cdylib exports what its dependencies mark no_mangle, needed or not, and so no optimization can drop it.
#
# Guess:    a cdylib has the C functions of its own crate; those of a Rust dependency that nobody calls go with fat LTO.
# Versions: rustc 1.95.0 with rust-lld 22, x86-64 Linux.
# Seen:     one own function that calls nothing of it, a dependency with a no_mangle function: it is in the dynamic symbols
#           of the .so, without LTO and with fat LTO, abort and strip = "symbols", with all the code behind it. The same
#           dependency in a program: gone. (A module for wasm32-unknown-unknown exports it as well.)
# Matters:  crates with a C interface beside the Rust one (compression, cryptography, SQLite wrappers) put all of it into
#           every Python module, Node addon and plug-in that uses one function of theirs: look at nm -D, and turn off
#           their feature for C.

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

cat >dep.rs <<'END'
#[unsafe(no_mangle)]
pub extern "C" fn dep_unused(n: usize) -> usize {
    let mut m = std::collections::BTreeMap::new();
    for i in 0..n {
        m.insert(format!("{i:?}"), i);
    }
    m.values().sum()
}
pub fn used() -> usize {
    7
}
END
cat >lib.rs <<'END'
#[unsafe(no_mangle)]
pub extern "C" fn mine() -> usize {
    dep::used()
}
END
echo 'fn main() { println!("{}", dep::used()); }' >main.rs

flags='--edition 2024 -Copt-level=3 -Ccodegen-units=1 -Cpanic=abort -Cembed-bitcode=yes'
# shellcheck disable=SC2086 # a list of flags
dep() { rustc $flags --crate-type rlib --crate-name dep --out-dir "$1" "$2"; }
# shellcheck disable=SC2086 # a list of flags
final() { rustc $flags --extern dep="$1/libdep.rlib" "${@:2}"; }
mkdir with without
dep with dep.rs
grep -v no_mangle dep.rs >mangled.rs
dep without mangled.rs

for lto in off fat; do
	final with --crate-type cdylib -Clto=$lto -Cstrip=symbols -o $lto.so lib.rs
	nm -D --defined-only $lto.so | grep -q ' T dep_unused$' || changed "lto=$lto drops the function"
done
final without --crate-type cdylib -Clto=fat -Cstrip=symbols -o without.so lib.rs
more=$(($(stat -c %s fat.so) - $(stat -c %s without.so)))
[ "$more" -gt 2000 ] || changed "only $more bytes more"
final with -Clto=fat -o program main.rs
nm program | grep -q dep_unused && changed "the program has it, too"
echo "fat LTO, stripped: $(stat -c %s without.so) bytes, $(stat -c %s fat.so) with the unused function of the dependency"
