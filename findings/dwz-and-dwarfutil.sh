#!/usr/bin/env bash
# dwz hardly shrinks a Rust program's debug information; llvm-dwarfutil takes away a third or more.
#
# Guess:    dwz, which distributions run over every debug file, gains 20 to 30 %, and knows DWARF 5.
# Versions: dwz 0.15, llvm-dwarfutil 22.1.8, rustc 1.95.0 (its std is DWARF 4), x86-64 Linux.
# Seen:     a program with debug = 2 has 4,803,680 bytes: dwz makes 4,567,544 of it (-5 %), llvm-dwarfutil 2,907,672
#           (-39 %): most of it describes functions of std that the linker has thrown away, and only the latter looks
#           for those. Backtraces are equal. With -Zdwarf-version=5 dwz stops: "Unknown debugging section
#           .debug_str_offsets", exit 1.
# Matters:  the tool that fits is in every LLVM and hardly known; it needs no new build.

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

deb llvm-dwarfutil-22 llvm-22=1:22.1.8-1~deb12u1 libllvm22=1:22.1.8-1~deb12u1
deb dwz dwz=0.15-1

cat >app.rs <<'END'
fn main() {
    panic!("seven {}", std::env::args().count());
}
END
bytes() { stat -c %s "$1"; }
trace() { (RUST_BACKTRACE=1 "./$1" 2>&1 || true) | sed '1,/stack backtrace/d'; }

rustc --edition 2021 -O -Cdebuginfo=2 -o full app.rs
dwz -o by-dwz full
llvm-dwarfutil-22 full by-dwarfutil 2>dwarfutil.log
echo "full $(bytes full), dwz $(bytes by-dwz), llvm-dwarfutil $(bytes by-dwarfutil) bytes"
[ "$(bytes by-dwz)" -gt $(($(bytes full) * 85 / 100)) ] || changed "dwz gains 15 % and more"
[ "$(bytes by-dwarfutil)" -lt $(($(bytes full) * 75 / 100)) ] || changed "llvm-dwarfutil gains less than 25 %"
grep -q 'app\.rs:2' <(trace full) || changed "no lines in the full program's backtrace"
[ "$(trace full)" = "$(trace by-dwarfutil)" ] || changed "another backtrace after llvm-dwarfutil"

RUSTC_BOOTSTRAP=1 rustc --edition 2021 -O -Cdebuginfo=2 -Zdwarf-version=5 -o five app.rs
dwz -o five-by-dwz five 2>dwz.log && changed "dwz takes DWARF 5 of rustc"
grep -q 'Unknown debugging section .debug_' dwz.log || changed "dwz says $(cat dwz.log)"
