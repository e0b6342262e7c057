#!/usr/bin/env bash
# size says "bss" of what is mostly the linker's padding: less code can be more bss, and an equal total.
#
# Guess:    bss is the program's zeroed data; folding code or packing relocations leaves it alone.
# Versions: rustc 1.95.0 with its rust-lld, GNU size 2.40 (llvm-size 22 the same), x86-64 Linux.
# Seen:     rust-lld and mold end the read-only-after-relocation part with .relro_padding, up to a page that is not in
#           the file and that size counts as bss. Of one program, with 275 bytes of zeroed data:
#                                         text     bss      total
#             as it is                    399,151  1,147    415,706
#             identical code folded       397,147  3,147    415,702
#             without relro               399,151    275    414,834
#             GNU ld                      399,682    280    415,234
# Matters:  a gate on the total or on bss of `size` sees nothing of 2,004 bytes saved, and sees a growth of bss that no
#           variable explains. Sum the sections, without .relro_padding.

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

cat >app.rs <<'END'
use std::collections::BTreeMap;
fn main() {
    let mut m = BTreeMap::new();
    for word in std::env::args() {
        *m.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    println!("{m:?}");
}
END
build() { rustc --edition 2021 -O -Cstrip=symbols -o "$@" app.rs; }
bss() { size "$1" | awk 'NR == 2 { print $3 }'; }
# section NAME FILE: bytes of all sections with such a name
section() { size -A "$2" | awk -v name="$1" '$1 ~ name { n += $2 } END { print n + 0 }'; }

build plain
build folded -Clink-arg=-Wl,--icf=all
build unpadded -Clink-arg=-Wl,-z,norelro
for program in plain folded unpadded; do
	zeroed=$(section '^.t?bss$' $program)
	padding=$(section '^.relro_padding$' $program)
	[ "$(bss $program)" = $((zeroed + padding)) ] || changed "$program: bss $(bss $program), $zeroed and $padding"
	echo "$program: bss $(bss $program), of which padding $padding"
done
[ "$(section '^.t?bss$' plain)" = "$(section '^.t?bss$' folded)" ] || changed "folding changes zeroed data"
[ "$(section '^.text$' folded)" -lt "$(section '^.text$' plain)" ] || changed "nothing is folded"
[ "$(bss folded)" != "$(bss plain)" ] || changed "bss does not change"
[ "$(section '^.relro_padding$' unpadded)" = 0 ] || changed "padding without relro"
