#!/usr/bin/env bash
# With resolver 1, --features is for the member whose folder one stands in, not for the one that -p names.
#
# Guess:    `cargo build -p two --features more` is the same command in every folder of a workspace.
# Versions: cargo 1.95.0.
# Seen:     a virtual workspace with resolver 1 (without a line about it that is the default), members one and two, a
#           feature `more` in two. In the root and in two/ the command builds two with it; in one/ it fails: "package
#           `one` does not have the feature `more`". Where one has a feature of that name too it is worse: exit code
#           0, no word, and two is built without it. Cargo's book tells of the error, not of the silence. --features
#           two/more means the same everywhere, and with resolver 2 or 3 so does --features more.
# Matters:  the program depends on the folder that the build is called from: a script that enters a member's folder
#           first ships another program than one that stays in the root.

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

for member in one two; do
	mkdir -p $member/src
	cat >$member/Cargo.toml <<END
[package]
name = "$member"
version = "0.1.0"
edition = "2018"
END
	echo 'fn main() { println!("{}", cfg!(feature = "more")); }' >$member/src/main.rs
done
printf '[features]\nmore = []\n' >>two/Cargo.toml

# resolver LINE: writes the workspace's Cargo.toml
resolver() { printf '[workspace]\nmembers = ["one", "two"]\n%s\n' "$1" >Cargo.toml; }
# more FOLDER FEATURES: what the program two, built in that folder, says of its feature; "error" for none
more() { (cd "$1" && cargo run -q -p two --features "$2" 2>"$work/cargo.log") || echo error; }

for line in 'resolver = "1"' ''; do
	resolver "$line"
	[ "$(more . more)" = true ] || changed "$line: in the root"
	[ "$(more two more)" = true ] || changed "$line: in two/"
	[ "$(more one more)" = error ] || changed "$line: it works in one/"
	grep -q 'package .one .* does not have the feature .more.' cargo.log || changed "$line: $(head -1 cargo.log)"
	(cd one && cargo rustc -q -p two --features more 2>"$work/cargo.log") && changed "$line: cargo rustc works in one/"
	[ "$(more one two/more)" = true ] || changed "$line: two/more in one/"
done
for line in 'resolver = "2"' 'resolver = "3"'; do
	resolver "$line"
	[ "$(more one more)" = true ] || changed "$line: in one/"
done

printf '[features]\nmore = []\n' >>one/Cargo.toml
resolver 'resolver = "1"'
silent=$(more one more)
[ "$silent" = false ] || changed "both have the feature: $silent"
[ -s cargo.log ] && changed "cargo says $(head -1 cargo.log)"
[ "$(more . more)" = true ] || changed "both have the feature, in the root"
echo "-p two --features more in one/: an error; where one has such a feature too: built without it, exit code 0"
