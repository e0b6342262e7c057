#!/usr/bin/env bash
# CARGO_TARGET_DIR wins over cargo --config build.target-dir, the other way round than CARGO_BUILD_TARGET_DIR.
#
# Guess:    --config on the command line is above the environment, as cargo's book says ("take precedence over
#           environment variables"), and the two variables, which it lists side by side, do the same.
# Versions: cargo 1.95.0.
# Seen:     CARGO_BUILD_TARGET_DIR=env cargo --config 'build.target-dir="conf"' build builds into conf. With
#           CARGO_TARGET_DIR=env it builds into env, and conf is not even made: the short variable is no part of
#           cargo's configuration but is read before it. The same holds for RUSTFLAGS against build.rustflags.
#           --target-dir wins over both.
# Matters:  a wrapper that gives cargo a folder by --config writes into the caller's own folder where a container or
#           a CI job sets CARGO_TARGET_DIR, and then finds no program, or an old one, in the folder that it asked for.
#           Use --target-dir, or unset the variable.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL CARGO_BUILD_TARGET_DIR

changed() {
	echo "changed: $*"
	exit 1
}

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
END
echo 'fn main() { println!("seven"); }' >src/main.rs

# into VARIABLE=VALUE OPTION...: the folders that hold the program afterwards
into() {
	rm -rf env conf flag target
	env "$1" cargo --config 'build.target-dir="conf"' build -q "${@:2}" 2>build.log
	local folder
	for folder in env conf flag target; do
		if [ -e $folder/debug/app ]; then echo $folder; fi
	done
}

long=$(into CARGO_BUILD_TARGET_DIR=env)
[ "$long" = conf ] || changed "CARGO_BUILD_TARGET_DIR and --config: $long"
short=$(into CARGO_TARGET_DIR=env)
[ "$short" = env ] || changed "CARGO_TARGET_DIR and --config: $short"
[ -e conf ] && changed "there is a folder conf"
[ -s build.log ] && changed "cargo says $(head -1 build.log)"
flag=$(into CARGO_TARGET_DIR=env --target-dir flag)
[ "$flag" = flag ] || changed "--target-dir: $flag"

# rustflags OPTION...: which of --cfg=env and --cfg=conf rustc gets
rustflags() {
	rm -rf target
	RUSTFLAGS=--cfg=env cargo build -v "$@" 2>build.log
	grep -o -e '--cfg=env' -e '--cfg=conf' build.log
}
flags=$(rustflags --config 'build.rustflags=["--cfg=conf"]')
[ "$flags" = --cfg=env ] || changed "RUSTFLAGS and --config: $flags"
echo "--config asks for conf: CARGO_BUILD_TARGET_DIR=env gives $long, CARGO_TARGET_DIR=env gives $short"
