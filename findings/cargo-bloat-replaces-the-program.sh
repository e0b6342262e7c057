#!/usr/bin/env bash
# cargo bloat leaves another program in target/release than cargo build put there, nine times as large.
#
# Guess:    an analysis reads; what lies in target/release afterwards is what was built before.
# Versions: cargo-bloat 0.12.1, cargo 1.95.0.
# Seen:     cargo build --release: 485,464 bytes; after cargo bloat --release the same path has 4,375,832, with std's
#           debug information, as cargo bloat builds with strip = false, and says nothing of it. The next cargo
#           build puts the first one back without compiling.
# Matters:  a pipeline of build, report, package ships the file made for the report, and a size gate after the
#           report measures it. Give it --target-dir, or run it last.

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

cargo install -q --locked --root tools --target-dir tools/build cargo-bloat@0.12.1 2>install.log || {
	echo "skipped: cargo-bloat cannot be installed"
	exit 77
}
export PATH=$work/tools/bin:$PATH

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
END
echo 'fn main() { println!("seven"); }' >src/main.rs
bytes() { stat -c %s target/release/app; }

cargo build -q --release
built=$(bytes)
cargo bloat --release -n 1 >bloat.txt 2>bloat.log
analyzed=$(bytes)
[ "$analyzed" -gt $((built * 3)) ] || changed "built $built bytes, after cargo bloat $analyzed"
grep -qi 'strip\|replac' bloat.txt bloat.log && changed "cargo bloat tells"
cargo build --release 2>build.log
grep -q Compiling build.log && changed "cargo compiles again"
[ "$(bytes)" = "$built" ] || changed "cargo build leaves the other program"
echo "built $built bytes, after cargo bloat $analyzed"
