#!/usr/bin/env bash
# %c keeps the counts of a program that is killed, on stable rustc: by two LLVM options; by none or one it keeps nothing.
#
# Guess:    %c in LLVM_PROFILE_FILE is for clang on Apple's systems: elsewhere it is ignored with a warning and the
#           profile is written at the end as ever; with the option that clang passes for it the file is whole.
# Versions: rustc 1.95.0 (its profiler runtime, LLVM 22.1), llvm-profdata 22.1.8, x86-64 Linux.
# Seen:     -Cprofile-generate and %c: a line on standard error, exit code 0 and a file of 0 bytes, after a normal end
#           too. With -Cllvm-args=-runtime-counter-relocation=true there is no such line, but where a function has an
#           indirect call the file is not whole: "truncated profile data", whatever the end. With -disable-vp=true
#           besides, all counts up to the last request are there after SIGKILL. They cost the targets of indirect
#           calls: -Cprofile-use warns of an "Inconsistent number of value sites" and makes another program than from a
#           run that ended by itself.
# Matters:  a server without a handler for SIGTERM, and whatever ends by abort or _exit, leaves no profile, and
#           llvm-profdata takes the file of 0 bytes for a good one. Both options, or a program that ends by itself.

set -euo pipefail

work=$(mktemp -d)
cleanup() {
	[ -z "${server:-}" ] || kill -KILL "$server" || true
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL LLVM_PROFILE_FILE

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

# It answers each byte of its input by a line, through an indirect call.
cat >app.rs <<'END'
use std::io::{Read, Write};
trait Step { fn go(&self, n: u64) -> u64; }
struct Odd;
struct Even;
impl Step for Odd {
    #[inline(never)] fn go(&self, n: u64) -> u64 { (0..n).filter(|x| x * x % 7 == 1).sum() }
}
impl Step for Even {
    #[inline(never)] fn go(&self, n: u64) -> u64 { (0..n).filter(|x| x * 3 % 11 > 4).sum() }
}
#[inline(never)]
fn answer(n: u64, steps: &[Box<dyn Step>]) -> u64 { steps.iter().map(|step| step.go(n)).sum() }
fn main() {
    let steps: [Box<dyn Step>; 2] = [Box::new(Odd), Box::new(Even)];
    let mut byte = [0u8; 1];
    while std::io::stdin().read(&mut byte).unwrap() == 1 {
        println!("{}", answer(byte[0] as u64, &steps));
        std::io::stdout().flush().unwrap();
    }
}
END
build() { rustc --edition 2021 -O -Ccodegen-units=1 -o "$@" app.rs; }
relocate=-Cllvm-args=-runtime-counter-relocation=true
build plain -Cprofile-generate=raw
build one -Cprofile-generate=raw $relocate
build both -Cprofile-generate=raw $relocate -Cllvm-args=-disable-vp=true

# killed PROGRAM: ten requests with %c, then SIGKILL; the profile is PROGRAM.profraw
killed() {
	rm -f input answers
	mkfifo input
	LLVM_PROFILE_FILE=%c$1.profraw "./$1" <input >answers 2>"$1.log" &
	server=$!
	exec 7>input
	printf 'aaaaabbbbb' >&7
	until [ "$(wc -l <answers)" = 10 ]; do sleep 0.1; done
	kill -KILL "$server"
	{ wait "$server" || true; } 2>/dev/null
	server=
	exec 7>&-
}
# counts PROGRAM: how often `answer` ran
counts() {
	llvm-profdata-22 merge -o "$1.profdata" "$1.profraw" 2>"$1.merge" || true
	llvm-profdata-22 show --all-functions --counts "$1.profdata" 2>>"$1.merge" |
		sed -n '/6answer/,/Block counts/s/.*Block counts: \[\([0-9]*\).*/\1/p'
}

killed plain
[ "$(stat -c %s plain.profraw)" = 0 ] || changed "%c alone: $(stat -c %s plain.profraw) bytes"
LLVM_PROFILE_FILE=%cended.profraw ./plain </dev/null 2>ended.log || changed "%c alone: an exit code of $?"
[ "$(stat -c %s ended.profraw)" = 0 ] || changed "%c alone: a profile at a normal end"
grep -q 'counter_bias' ended.log || changed "%c alone: no word"

killed one
[ ! -s one.log ] || changed "one option: $(head -1 one.log)"
[ -z "$(counts one)" ] || changed "one option: $(counts one)"
grep -q truncated one.merge || changed "one option: not truncated, $(head -1 one.merge)"

killed both
[ "$(counts both)" = 10 ] || changed "both options: $(counts both)"

printf 'aaaaabbbbb' | LLVM_PROFILE_FILE=whole.profraw ./plain >answers
[ "$(counts whole)" = 10 ] || changed "a normal run: $(counts whole)"
build used.whole -Cstrip=symbols -Cprofile-use="$work/whole.profdata" 2>whole.warn
build used.both -Cstrip=symbols -Cprofile-use="$work/both.profdata" 2>both.warn
grep -q 'Inconsistent number of value sites' whole.warn && changed "a normal profile is warned about"
grep -q 'Inconsistent number of value sites' both.warn || changed "no warning of value sites"
cmp -s used.whole used.both && changed "both profiles give the same program"
echo "killed with %c: 0 bytes; with one option truncated; with both $(counts both) of 10 requests"
