#!/usr/bin/env bash
# cargo test --release and cargo bench put another program into target/release: test features, the bench profile.
#
# Guess:    tests and benchmarks are linked below deps/ with names of their own; target/release/app stays as it was
#           built, and with resolver 2 no feature of a dev-dependency gets into it.
# Versions: cargo 1.95.0, rustc 1.95.0, x86-64 Linux.
# Seen:     integration tests need the program, so cargo builds it too, and puts it where cargo build does: after cargo
#           test --release it has the features that [dev-dependencies] add to a shared dependency ("loud" for "quiet");
#           after cargo bench with [profile.bench] debug = true, the line that profilers ask for, it has 4,340,944 bytes
#           instead of 446,096, and the features. No word of it. The next cargo build puts the first one back.
# Matters:  a pipeline of build, test, package ships the program made for the tests. Package first, or give tests a
#           --target-dir of their own, or call cargo build once more at the end.

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

mkdir -p src tests benches leaf/src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
leaf = { path = "leaf" }
[dev-dependencies]
leaf = { path = "leaf", features = ["loud"] }
[profile.bench]
debug = true
[[bench]]
name = "whole"
harness = false
END
cat >leaf/Cargo.toml <<'END'
[package]
name = "leaf"
version = "0.1.0"
edition = "2021"
[features]
loud = []
END
echo 'pub fn say() -> &'\''static str { if cfg!(feature = "loud") { "loud" } else { "quiet" } }' >leaf/src/lib.rs
echo 'fn main() { println!("{}", leaf::say()); }' >src/main.rs
echo '#[test] fn passes() {}' >tests/whole.rs
echo 'fn main() {}' >benches/whole.rs

app=target/release/app
bytes() { stat -c %s $app; }

cargo build -q --release
built=$(sha256sum <$app)
small=$(bytes)
[ "$($app)" = quiet ] || changed "cargo build: $($app)"

cargo test --release >test.log 2>&1
[ "$($app)" = loud ] || changed "after cargo test: $($app)"
grep -qi 'warning\|replac' test.log && changed "cargo test tells"
cargo build --release 2>build.log
grep -q Compiling build.log && changed "cargo build compiles again"
[ "$(sha256sum <$app)" = "$built" ] || changed "cargo build leaves the program of the tests"

cargo bench >bench.log 2>&1
[ "$(bytes)" -gt $((small * 3)) ] || changed "after cargo bench $(bytes) bytes, before $small"
grep -qi 'warning\|replac' bench.log && changed "cargo bench tells"
echo "built: quiet, $small bytes; after cargo test: loud; after cargo bench: $($app), $(bytes) bytes"
