#!/usr/bin/env bash
# A misspelled -z does nothing, and nobody says so: rustc keeps the linker's warnings to itself.
#
# Guess:    an option that the linker does not know is an error, or at least its warning is on the screen.
# Versions: rustc 1.95.0 with rust-lld (LLVM 22), GNU ld 2.40, mold 1.10.1.
# Seen:     -Clink-arg=-Wl,-z,pack-relative-reloc (one letter is missing) links with rust-lld, GNU ld and mold: exit
#           code 0, not a line of output, the program as without it. All three do warn ("unknown -z value", "ignored",
#           "unknown command line option"); the lint -Wlinker-messages shows it, which is off in 1.95 and on in the
#           nightly of 1.97. The same goes for names in an order file that do not exist.
# Matters:  a saving that was never there stays in RUSTFLAGS for years; a linker too old for an option (GNU ld before
#           2.38 and packed relocations) looks like one that gained nothing. Try every -z once with -Wlinker-messages.

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

echo 'fn main() { println!("seven"); }' >app.rs
build() { rustc --edition 2021 -O -Cstrip=symbols -o "$@" app.rs >rustc.log 2>&1; }
right=-Clink-arg=-Wl,-z,pack-relative-relocs
wrong=-Clink-arg=-Wl,-z,pack-relative-reloc

linkers="lld bfd"
if command -v mold >tool.log; then
	linkers="$linkers mold"
fi
for linker in $linkers; do
	use=-Clink-arg=-fuse-ld=$linker
	build plain "$use"
	build packed "$use" $right
	[ "$(stat -c %s packed)" -lt "$(stat -c %s plain)" ] || changed "$linker: nothing is packed"
	build misspelled "$use" $wrong || changed "$linker: an error"
	[ -s rustc.log ] && changed "$linker: rustc says $(head -1 rustc.log)"
	[ "$(stat -c %s misspelled)" = "$(stat -c %s plain)" ] || changed "$linker: not as without it"
	build shown "$use" $wrong -Wlinker-messages
	grep -q 'pack-relative-reloc' rustc.log || changed "$linker: -Wlinker-messages does not show it"
	echo "$linker: plain $(stat -c %s plain), packed $(stat -c %s packed), misspelled $(stat -c %s misspelled) bytes"
done
