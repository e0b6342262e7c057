#!/usr/bin/env bash
# An alias given by cargo --config is not found, and cargo proposes the very name that it did not find.
#
# Guess:    what stands in a file given by --config is as good as the same lines in .cargo/config.toml.
# Versions: cargo 1.95.0.
# Seen:     [alias] rb = "build --release" in a file: `cargo --config FILE rb` fails with exit code 101, "no such
#           command: `rb`", then "a command with a similar name exists: `rb`". The same for an alias written out
#           behind --config. The file as .cargo/config.toml, and CARGO_ALIAS_RB, do work.
# Matters:  the rest of such a file does count (profiles, rustflags), so one that is shared by --config looks right
#           until somebody types the alias. A tool that follows aliases to know what cargo would build must leave
#           out those of --config.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL CARGO_ALIAS_RB

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
cat >shared.toml <<'END'
[alias]
rb = "build --release"
[profile.release]
debug = "full"
END

for config in shared.toml 'alias.rb="build --release"'; do
	code=0
	cargo --config "$config" rb 2>cargo.log || code=$?
	[ $code = 101 ] || changed "--config $config: exit code $code"
	grep -q 'no such command: .rb.' cargo.log || changed "--config $config: $(head -1 cargo.log)"
	grep -q 'similar name exists: .rb.' cargo.log || changed "cargo does not propose the alias itself"
done
cargo --config shared.toml build --release 2>cargo.log
grep -q 'debuginfo' cargo.log || changed "the profile of the file does not count either"

CARGO_ALIAS_RB="build --release" cargo rb -q || changed "CARGO_ALIAS_RB does not work"
mkdir .cargo
cp shared.toml .cargo/config.toml
cargo rb -q || changed "the alias does not work in .cargo/config.toml"
echo "--config: no such command \`rb\`, did you mean \`rb\`; .cargo/config.toml and CARGO_ALIAS_RB work"
