#!/usr/bin/env bash
# strip does nothing to a static library: std's debug information goes on into the C program.
#
# Guess:    strip = "symbols" makes lib*.a smaller, or at least "debuginfo" does, as for every other crate type.
# Versions: rustc 1.95.0, gcc 12.2, GNU binutils 2.40, x86-64 Linux.
# Seen:     21,851,482 bytes with strip = "none", the same but for a few bytes with "debuginfo" and "symbols", and
#           no warning. A C program of one call that links it has 5,147,488 bytes in all three cases. What helps:
#           `strip -g` on the archive (program: 1,297,360 bytes), fat LTO (archive: 7.5 MB), or stripping the
#           finished program.
# Matters:  who hands a static library to C users tunes a key that is not used. Its size is no measure either:
#           only a program linked with it tells. panic = "abort" gave no byte there, as std is prebuilt.

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

cat >calc.rs <<'END'
#[unsafe(no_mangle)]
pub extern "C" fn twice(n: u64) -> u64 {
    let v: Vec<u64> = (0..n).collect();
    println!("{}", v.len());
    v.iter().sum::<u64>() * 2
}
END
cat >main.c <<'END'
#include <stdio.h>
unsigned long twice(unsigned long);
int main(void)
{
	return twice(10) != 90;
}
END
bytes() { stat -c %s "$1"; }
lib() { rustc --edition 2024 -O --crate-type staticlib "${@:2}" -o "$1.a" calc.rs 2>rustc.log; }
program() { gcc -O2 -o "$1" main.c "$1.a"; }

for strip in none debuginfo symbols; do
	lib $strip -Cstrip=$strip
	grep -q warning rustc.log && changed "$strip: a warning"
	program $strip
	./$strip >out.log
done
for strip in debuginfo symbols; do
	difference=$(($(bytes none.a) - $(bytes $strip.a)))
	[ "${difference#-}" -lt 1000 ] || changed "strip=$strip changes the archive by $difference bytes"
	[ "$(bytes $strip)" = "$(bytes none)" ] || changed "strip=$strip changes the program"
done
cp none.a stripped.a
strip -g stripped.a
program stripped
[ "$(bytes stripped)" -lt $(($(bytes none) / 2)) ] || changed "strip -g does not help"
lib lto -Clto=fat
[ "$(bytes lto.a)" -lt $(($(bytes none.a) / 2)) ] || changed "fat LTO does not help"
echo "program: $(bytes none) bytes whatever strip says, $(bytes stripped) after strip -g on the archive"
