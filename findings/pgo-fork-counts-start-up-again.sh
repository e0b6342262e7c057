#!/usr/bin/env bash
# A program that forks counts what ran before the fork once for each child.
#
# Guess:    a profile counts what happened; %p in the file's name gives each process a file of its own.
# Versions: rustc 1.95.0 (its profiler runtime, LLVM 22.1), llvm-profdata 22.1.8, Linux.
# Seen:     with 3 children, a loop of 1,000 rounds before the first fork has 4,000 in the profile, and its function
#           was entered 4 times: children inherit the counters and write them, too. There is one file, whether it
#           is named by %m, by %p (the parent's number) or without any: children add to their parent's file,
#           while a second run under the same plain name replaces the first.
# Matters:  a server that reads its configuration, then forks its workers, trains PGO to take start-up code for
#           hot; the more workers, the hotter. Train with one worker. A file for each process does not exist to
#           weigh them by.

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

cat >app.rs <<'END'
unsafe extern "C" {
    fn fork() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
}
#[inline(never)]
fn start_up(n: u64) {
    let mut i = 0;
    while i < n {
        i = std::hint::black_box(i + 1);
    }
}
#[inline(never)]
fn serve(n: u64) {
    std::hint::black_box(n);
}
fn main() {
    let workers: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    start_up(1000);
    let mut children = vec![];
    for _ in 0..workers {
        match unsafe { fork() } {
            0 => {
                (0..10).for_each(serve);
                std::process::exit(0)
            }
            child => children.push(child),
        }
    }
    for child in children {
        unsafe { waitpid(child, std::ptr::null_mut(), 0) };
    }
}
END
rustc --edition 2024 -Copt-level=3 -Ccodegen-units=1 -Cprofile-generate=unused -o app app.rs

# counts NAME FUNCTION: its block counts, as in "[4000, 4]"
counts() {
	llvm-profdata-22 merge -o merged "$1"
	llvm-profdata-22 show --counts --function="$2" merged | sed -n 's/^ *Block counts: //p'
}
# run NAME WORKERS: a run that writes into the empty folder NAME
run() {
	rm -rf raw
	LLVM_PROFILE_FILE=raw/$1.profraw ./app "$2"
}

run alone-%m 0
alone=$(counts raw start_up)
[ "$alone" = "[1000, 1]" ] || changed "without a fork: $alone"
for name in shared-%m process-%p plain; do
	run $name 3
	# shellcheck disable=SC2012
	[ "$(ls raw | wc -l)" = 1 ] || changed "$name: more than one file"
	forked=$(counts raw start_up)
	[ "$forked" = "[4000, 4]" ] || changed "$name: before the fork: $forked"
	served=$(counts raw serve)
	[ "$served" = "[30]" ] || changed "$name: after the fork: $served"
done
LLVM_PROFILE_FILE=raw/plain.profraw ./app 0
[ "$(counts raw start_up)" = "[1000, 1]" ] || changed "a second run is added to a plain file"
echo "3 workers: 4 times what ran once, in one file"
