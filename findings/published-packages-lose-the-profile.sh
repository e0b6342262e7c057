#!/usr/bin/env bash
# A package published from a workspace loses the workspace's profile; what it takes along is the one that cargo ignores.
#
# Guess:    cargo package writes the profile in force into the Cargo.toml that it packs, or warns that it does not.
# Versions: cargo 1.95.0.
# Seen:     [profile.release] in the workspace's Cargo.toml (s, fat LTO, 1 unit, abort, symbols stripped): cargo build
#           and cargo install --path give 290,536 bytes. The packed Cargo.toml has no profile, packing says nothing,
#           and the program that cargo install makes of the package has 448,848 bytes and unwinds. A profile in the
#           member's own Cargo.toml, which each cargo command there warns about as ignored, is packed and counts.
# Matters:  who gets a tool by `cargo install` gets another program than that of its release page. It takes the profile
#           twice: in the root for builds of the workspace, in the member, with the warning, for what is published.

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

mkdir -p app/src
profile='[profile.release]
opt-level = "s"
lto = true
codegen-units = 1
panic = "abort"
strip = "symbols"'
cat >Cargo.toml <<END
[workspace]
members = ["app"]
resolver = "2"
$profile
END
cat >app/Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
license = "MIT"
description = "an example"
repository = "https://example.org/app"
END
echo 'fn main() { println!("{}", std::env::args().count()); }' >app/src/main.rs

# pack: makes the package and unpacks it to app-0.1.0/, outside of the workspace
pack() {
	cargo package -p app --no-verify --allow-dirty 2>pack.log
	rm -rf out
	mkdir out
	tar xzf target/package/app-0.1.0.crate -C out
	printf '[workspace]\n' >>out/app-0.1.0/Cargo.toml
}
# installed FOLDER: bytes of the program that cargo install makes of it
installed() {
	(cd "$1" && cargo install -q --path . --root root --target-dir "$work/install" 2>"$work/install.log")
	stat -c %s "$1/root/bin/app"
}

cargo build -q --release
built=$(stat -c %s target/release/app)
pack
grep -qi 'warning\|profile' pack.log && changed "cargo package warns: $(cat pack.log)"
grep -q '^\[profile' out/app-0.1.0/Cargo.toml && changed "the profile is packed"
lost=$(installed out/app-0.1.0)
[ "$lost" -gt $((built * 5 / 4)) ] || changed "built $built, installed $lost bytes"

echo "$profile" >>app/Cargo.toml
pack
grep -q 'profiles for the non root package will be ignored' pack.log || changed "no warning about the member's"
grep -q '^\[profile\.release\]' out/app-0.1.0/Cargo.toml || changed "the member's profile is not packed"
kept=$(installed out/app-0.1.0)
[ "$kept" = "$built" ] || changed "built $built, installed with the member's profile $kept bytes"
echo "built $built bytes; installed from the package $lost, with the ignored profile in it $kept"
