#!/usr/bin/env bash
# gungraun (iai-callgrind's successor) counts 0 instructions of a stripped benchmark, and calls that no regression.
#
# Guess:    strip = "symbols" in [profile.release], which [profile.bench] inherits, is an error where counts need a name,
#           or changes nothing.
# Versions: gungraun 0.20.0, gungraun-runner 0.20.0, valgrind 3.19.0 (Debian 12), cargo 1.95.0.
# Seen:     as it is 10 thousand instructions and more; then, with strip = "symbols" and else the same, "0" instructions,
#           "-100 %", "Ok. 1 without regressions" and exit code 0, with a limit of 5 % on instructions, too. Callgrind
#           begins to count at a function that it knows by name, and a stripped program has no names. fat LTO, one
#           unit and abort change nothing by themselves.
# Matters:  the recipes that posts name put strip = true into the release profile. From then on a check in CI passes for
#           every change. What helps: [profile.bench] strip = false, which takes nothing from the release program.

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

command -v valgrind >/dev/null || changed "valgrind is needed"
cargo install -q --locked --root "$work/tools" gungraun-runner@0.20.0
export PATH="$work/tools/bin:$PATH"

mkdir src benches
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dev-dependencies]
gungraun = "=0.20.0"
[[bench]]
name = "mix"
harness = false
END
cat >src/lib.rs <<'END'
#[inline(never)]
pub fn mix(n: u32) -> u32 {
    (0..n).fold(0, |a, x| (a ^ x).wrapping_mul(0x9E37_79B1).rotate_left(7))
}
END
cat >benches/mix.rs <<'END'
use gungraun::{library_benchmark, library_benchmark_group, main};
use std::hint::black_box;
#[library_benchmark]
#[bench::some(3000)]
fn run(n: u32) -> u32 {
    black_box(app::mix(black_box(n)))
}
library_benchmark_group!(name = group, benchmarks = run);
main!(library_benchmark_groups = group);
END

bench() {
	env "$@" cargo bench -q --bench mix -- --callgrind-limits='ir=5%' >bench.txt 2>&1
}
count() { sed -n 's/^ *Instructions: *\([0-9]*\)|.*/\1/p' bench.txt; }

bench || changed "as it is: $(cat bench.txt)"
whole=$(count)
[ "$whole" -ge 10000 ] || changed "as it is: $(cat bench.txt)"
bench CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 CARGO_PROFILE_RELEASE_PANIC=abort ||
	changed "fat LTO: $(cat bench.txt)"
[ "$(count)" -ge 10000 ] || changed "fat LTO: $(cat bench.txt)"

bench CARGO_PROFILE_RELEASE_STRIP=symbols || changed "an error where nothing can be counted: $(cat bench.txt)"
[ "$(count)" = 0 ] || changed "stripped: $(cat bench.txt)"
grep -q 'Ok\. 1 without regressions' bench.txt || changed "stripped: $(cat bench.txt)"

bench CARGO_PROFILE_RELEASE_STRIP=symbols CARGO_PROFILE_BENCH_STRIP=false || true
[ "$(count)" -ge 10000 ] || changed "strip = false for benchmarks: $(cat bench.txt)"
echo "$whole instructions, and 0 once stripped: no regression"
