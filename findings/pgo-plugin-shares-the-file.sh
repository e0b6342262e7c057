#!/usr/bin/env bash
# An instrumented program and its instrumented plug-in write one file, and both are in it, even under a plain name.
#
# Guess:    each has a profiler runtime of its own: with LLVM_PROFILE_FILE=a.profraw the one that exits last wins, so
#           %m is needed to keep the other.
# Versions: rustc 1.95.0 (its profiler runtime, LLVM 22.1), llvm-profdata 22.1.8, Linux.
# Seen:     with a plain name, %p or %m, with dlclose or without, the counts of the program and of its cdylib are
#           complete; under one name the second is appended to the first, and llvm-profdata reads both. Only a
#           second run under that name replaces them. A cdylib is profiled in a program without instrumentation, too.
# Matters:  extension modules and plug-ins can be trained inside whatever loads them (Python, a server) as it is. A file
#           of twice the expected size is not damaged.

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

cat >plug.rs <<'END'
#[unsafe(no_mangle)]
pub extern "C" fn plug(n: u64) {
    let mut i = 0;
    while i < n {
        i = std::hint::black_box(i) + 1;
    }
}
END
cat >host.rs <<'END'
use std::ffi::{c_char, c_void, CString};
unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: i32) -> *mut c_void;
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlclose(handle: *mut c_void) -> i32;
}
#[inline(never)]
fn host_work(n: u64) {
    let mut i = 0;
    while i < n {
        i = std::hint::black_box(i) + 1;
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    host_work(50);
    let path = CString::new(args[1].as_str()).unwrap();
    unsafe {
        let handle = dlopen(path.as_ptr(), 2);
        assert!(!handle.is_null());
        let plug: extern "C" fn(u64) = std::mem::transmute(dlsym(handle, c"plug".as_ptr()));
        plug(700);
        if args.len() > 2 {
            dlclose(handle);
        }
    }
}
END
build() { rustc --edition 2024 -Copt-level=3 "$@"; }
build -Cprofile-generate=unused --crate-type cdylib plug.rs
build -Cprofile-generate=unused -o counted host.rs
build -o plain host.rs

# counts FUNCTION: its block counts in raw/
counts() {
	llvm-profdata-22 merge -o merged raw
	llvm-profdata-22 show --counts --function="$1" merged | sed -n 's/^ *Block counts: //p'
}
# run NAME PROGRAM [close]
run() {
	rm -rf raw
	LLVM_PROFILE_FILE=raw/$1.profraw "$2" ./libplug.so "${@:3}"
}
for name in one %p %m; do
	for close in "" close; do
		run $name ./counted ${close:+"$close"}
		files=$(find raw -type f | wc -l)
		[ "$files" = $((1 + ($(grep -c m <<<$name) > 0))) ] || changed "$name: $files files"
		[ "$(counts host_work)" = "[50, 1]" ] || changed "$name $close: program $(counts host_work)"
		[ "$(counts plug)" = "[700, 1]" ] || changed "$name $close: plug-in $(counts plug)"
	done
done
LLVM_PROFILE_FILE=raw/again.profraw ./counted ./libplug.so
LLVM_PROFILE_FILE=raw/again.profraw ./counted ./libplug.so
rm raw/*_*.profraw
[ "$(counts plug)" = "[700, 1]" ] || changed "a second run is added"
run one ./plain
[ "$(counts plug)" = "[700, 1]" ] || changed "no profile in a plain program"
echo "the counts of both are there whatever the file is called"
