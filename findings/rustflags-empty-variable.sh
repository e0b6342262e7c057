#!/usr/bin/env bash
# RUSTFLAGS="" is not "no RUSTFLAGS": it takes away the flags of .cargo/config.toml.
#
# Guess:    an empty variable counts as one that is not set, or as a list to which nothing is added.
# Versions: cargo 1.95.0.
# Seen:     build.rustflags has a target-cpu. Without a variable, and with CARGO_BUILD_RUSTFLAGS="" (the same key by its
#           long name), rustc gets it; with RUSTFLAGS="", RUSTFLAGS=" " or CARGO_ENCODED_RUSTFLAGS="" it does not. An
#           empty list in [target.HOST] does not take them away, though one with a word in it would. No warning, exit 0.
# Matters:  a CI matrix with `env: RUSTFLAGS: ${{ matrix.flags }}` has it empty in most rows: these programs are built
#           without target-cpu, linker arguments and all else that the project's configuration asks for.

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

unset CARGO_BUILD_RUSTFLAGS
mkdir src .cargo
echo 'fn main() {}' >src/main.rs
printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n' >Cargo.toml
printf '[build]\nrustflags = ["-Ctarget-cpu=x86-64-v2"]\n' >.cargo/config.toml

# asks NAME=VALUE: how often rustc is asked for the CPU
asks() {
	rm -rf target
	env "$@" cargo build --release -v 2>build.log || changed "exit $?"
	grep -q warning build.log && changed "a warning: $(grep -m1 warning build.log)"
	grep -c target-cpu build.log || true
}
[ "$(asks NOTHING=)" = 1 ] || changed "the configuration does not count at all"
[ "$(asks CARGO_BUILD_RUSTFLAGS=)" = 1 ] || changed "CARGO_BUILD_RUSTFLAGS= takes the flags away"
for empty in RUSTFLAGS= 'RUSTFLAGS= ' CARGO_ENCODED_RUSTFLAGS=; do
	[ "$(asks "$empty")" = 0 ] || changed "'$empty' leaves the flags"
done
printf '[target.%s]\nrustflags = []\n' "$(rustc -vV | sed -n 's/^host: //p')" >>.cargo/config.toml
[ "$(asks NOTHING=)" = 1 ] || changed "an empty list for the target takes the flags away"
sed -i 's/= \[\]/= ["--cfg=word"]/' .cargo/config.toml
[ "$(asks NOTHING=)" = 0 ] || changed "a list for the target leaves build.rustflags"
echo "the flags of .cargo/config.toml: there with CARGO_BUILD_RUSTFLAGS=, gone with RUSTFLAGS= and CARGO_ENCODED_RUSTFLAGS="
