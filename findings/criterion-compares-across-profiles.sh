#!/usr/bin/env bash
# criterion compares a benchmark with its last run, whatever profile that was built with.
#
# Guess:    results are kept with the build: cargo bench --profile small has a baseline of its own.
# Versions: criterion 0.5.1, cargo 1.95.0.
# Seen:     cargo bench, then cargo bench --profile small (opt-level = "z"), then cargo bench again: "Performance has
#           regressed", +745 %, and "improved" in the third run. All of them write target/criterion/NAME, nothing
#           there names the profile. ("z" does not vectorize the loop.) The same if only a key changes, as below.
# Matters:  switching a profile for a trial gives the next run of everybody a false verdict; used on purpose
#           (--save-baseline NAME) it compares two profiles without another tool.

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

mkdir src benches
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dev-dependencies]
criterion = { version = "=0.5.1", default-features = false }
[[bench]]
name = "mix"
harness = false
[profile.bench.package."*"]
opt-level = 1
END
cat >src/lib.rs <<'END'
pub fn mix(v: &[u32]) -> u32 {
    v.iter().map(|x| x.wrapping_mul(3)).fold(0, |a, b| a ^ b)
}
END
cat >benches/mix.rs <<'END'
use criterion::{black_box, criterion_group, criterion_main, Criterion};
use std::time::Duration;
fn mix(c: &mut Criterion) {
    let v: Vec<u32> = (0..4096).collect();
    c.bench_function("mix", |b| b.iter(|| app::mix(black_box(&v))));
}
criterion_group! {
    name = group;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(600))
        .sample_size(10);
    targets = mix
}
criterion_main!(group);
END
bench() { cargo bench -q --bench mix "$@" >bench.txt 2>bench.log; }

bench
grep -q 'change:' bench.txt && changed "the first run compares"
bench --config 'profile.bench.package.app.opt-level="z"'
grep -q 'Performance has regressed' bench.txt || changed "no comparison across settings: $(cat bench.txt)"
bench
grep -q 'Performance has improved' bench.txt || changed "no comparison back: $(cat bench.txt)"
grep -rqi 'opt.level\|profile' target/criterion && changed "the profile is written down"
echo "one baseline for all profiles"
