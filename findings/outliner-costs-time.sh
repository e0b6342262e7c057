#!/usr/bin/env bash
# LLVM's machine outliner on x86-64: twice the time, which a count of instructions does not tell.
#
# Guess:    calls to what is outlined cost what their instructions do, 14 % more in a recipe like this one.
# Versions: tokei 15.0.0, rustc 1.95.0 and its own lld (LLVM 22), x86-64 (AMD EPYC).
# Seen:     opt-level "z", linker-plugin LTO, abort, stripped: with -enable-machine-outliner=always 138 ms of CPU time
#           in place of 66 for counting the same lines; 0.6 % more bytes, and 5.5 % more by gzip. The bytes become fewer
#           (2 %) only where the tables for unwinding go, in which every new function has an entry.
# Matters:  it is a lever for size alone, where the tables are gone; a count of instructions does not warn of its price,
#           and what is downloaded grows by it.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0 RAYON_NUM_THREADS=1
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL
export CARGO_PROFILE_RELEASE_OPT_LEVEL=z CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1
export CARGO_PROFILE_RELEASE_PANIC=abort CARGO_PROFILE_RELEASE_STRIP=symbols

changed() {
	echo "changed: $*"
	exit 1
}

build() {
	local name=$1
	shift
	RUSTFLAGS="-Clinker-plugin-lto $*" cargo install -q --locked --target x86_64-unknown-linux-gnu --target-dir target \
		--root "$name" tokei@15.0.0 2>"$name.log" || changed "$(tail -n 5 "$name.log")"
}
build plain
build outlined -Clink-arg=-Wl,-mllvm,-enable-machine-outliner=always

mkdir sources
for i in $(seq 400); do
	for j in $(seq 120); do
		printf '// line %d of "%d"\nfn f%d() { /* a "word" */ let x = "/* %d"; }\n' "$j" "$i" "$j" "$i"
	done >"sources/$i.rs"
done
[ "$(plain/bin/tokei sources)" = "$(outlined/bin/tokei sources)" ] || changed "they print different things"

# CPU time of the fastest of seven runs, ms.
cpu_ms() {
	local best=999999 ms
	for _ in 1 2 3 4 5 6 7; do
		ms=$({ TIMEFORMAT='%U' && time "$1/bin/tokei" sources >/dev/null; } 2>&1 | tr -d .)
		if [ $((10#$ms)) -lt "$best" ]; then best=$((10#$ms)); fi
	done
	echo "$best"
}
bytes() { wc -c <"$1/bin/tokei"; }
packed() { gzip -9c "$1/bin/tokei" | wc -c; }

before=$(cpu_ms plain) after=$(cpu_ms outlined)
echo "$(bytes plain) bytes ($(packed plain) packed), $before ms; outlined $(bytes outlined) ($(packed outlined)), $after ms"
[ "$(bytes outlined)" -gt "$(bytes plain)" ] || changed "it is smaller"
[ "$(packed outlined)" -gt "$(packed plain)" ] || changed "it is smaller by gzip, too"
[ $((after * 2)) -gt $((before * 3)) ] || changed "it takes $before and $after ms"
