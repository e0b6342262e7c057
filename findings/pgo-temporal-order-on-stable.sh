#!/usr/bin/env bash
# Stable rustc can record in what order functions are called first, and rust-lld can lay them out so.
#
# Guess:    temporal profiles are a feature of clang for mobile apps: rustc has no flag for them, and symbols of a
#           Rust program would not fit a linker's order file.
# Versions: rustc 1.95.0 with its rust-lld, llvm-profdata 22.1.8, x86-64 Linux.
# Seen:     -Cprofile-generate with -Cllvm-args=-pgo-temporal-instrumentation writes a trace of first calls;
#           `llvm-profdata order` turns it into a list whose first line is main; --symbol-ordering-file takes the
#           list as it is, comments included, and the functions stand one after the other, in a build without any
#           instrumentation too, closures and local symbols included. Names that were inlined since are skipped:
#           rustc hides the linker's warnings about them.
# Matters:  the layout of start-up code can be had on stable, without BOLT, perf or a hardware counter. The
#           prebuilt std takes no part: it was not instrumented.

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

deb llvm-profdata-22 llvm-22=1:22.1.8-1~deb12u1 libllvm22=1:22.1.8-1~deb12u1

# In the source the functions stand in an order that is not the one of their calls.
cat >app.rs <<'END'
macro_rules! steps { ($($name:ident $n:literal)*) => { $(
    #[inline(never)]
    fn $name(n: u64) -> u64 {
        if n == u64::MAX { println!("{}", $n); }
        std::hint::black_box(n * 7 + $n)
    }
)* } }
steps! { zulu 1 unused 2 alfa 3 mike 4 echo 5 }
fn main() {
    let calls: [fn(u64) -> u64; 4] = [mike, alfa, zulu, echo];
    let mut n = std::env::args().count() as u64;
    for call in std::hint::black_box(calls) {
        n = call(n);
    }
    if n == 0 { unused(n); }
}
END
build() { rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 "$@" app.rs; }
# layout PROGRAM: the program's own functions by address
layout() { nm -n "$1" | grep -oE '3app4(zulu|alfa|mike|echo)' | sed 's/3app4//' | tr '\n' ' '; }

build -Cprofile-generate="$work/raw" -Cllvm-args=-pgo-temporal-instrumentation -o gen
./gen
llvm-profdata-22 merge -o trace raw
llvm-profdata-22 order trace >first-calls
first=$(grep -m1 -v '^#' first-calls)
[ "$first" = main ] || changed "the first function is $first"
build -o plain
build -Clink-arg=-Wl,--symbol-ordering-file="$work/first-calls" -o ordered 2>link.log
[ "$(layout ordered)" = "mike alfa zulu echo " ] || changed "layout: $(layout ordered)"
[ "$(layout plain)" != "$(layout ordered)" ] || changed "the plain layout is the same"
[ -s link.log ] && changed "rustc shows what the linker says: $(head -1 link.log)"
echo "plain: $(layout plain); by first call: $(layout ordered)"
