#!/usr/bin/env bash
# .cargo/config.toml: flags for cfg(not(debug_assertions)) never apply, those for cfg(debug_assertions) are in releases.
#
# Guess:    [target.'cfg(not(debug_assertions))'] is the way to have rustflags in release builds only, as in source.
# Versions: cargo and rustc 1.95.0.
# Seen:     the release build gets the flags of cfg(debug_assertions), and none of cfg(not(debug_assertions)), although the
#           program it builds prints that it has no debug assertions. No warning, exit 0: cargo asks rustc for its cfg once,
#           without a profile. About the same condition on a dependency in Cargo.toml it does warn.
# Matters:  sanitizer, coverage or frame-pointer flags meant for development are in the program that ships, and
#           target-cpu or linker flags meant for the release in none.

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

mkdir -p src .cargo checked/src
echo 'fn main() { println!("{}", cfg!(debug_assertions)); }' >src/main.rs
: >checked/src/lib.rs
printf '[package]\nname = "checked"\nversion = "0.1.0"\nedition = "2021"\n' >checked/Cargo.toml
printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n' >Cargo.toml
cat >.cargo/config.toml <<'END'
[target.'cfg(debug_assertions)']
rustflags = ["--cfg=meant_for_dev"]
[target.'cfg(not(debug_assertions))']
rustflags = ["--cfg=meant_for_release"]
END
cargo build --release -v 2>build.log || changed "it does not build"
[ "$(target/release/app)" = false ] || changed "debug assertions in a release build"
grep -q -- '--cfg=meant_for_dev' build.log || changed "cfg(debug_assertions) does not apply"
grep -q -- '--cfg=meant_for_release' build.log && changed "cfg(not(debug_assertions)) applies"
grep -q warning build.log && changed "a warning: $(grep -m1 warning build.log)"

printf "[target.'cfg(debug_assertions)'.dependencies]\nchecked = { path = \"checked\" }\n" >>Cargo.toml
cargo build --release 2>build.log || changed "it does not build with the dependency"
grep -q 'Found .debug_assertions' build.log || changed "no warning about the dependency"
echo "release: the flags of cfg(debug_assertions), none of cfg(not(debug_assertions)); a warning for dependencies only"
