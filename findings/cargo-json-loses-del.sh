#!/usr/bin/env bash
# The JSON of `cargo metadata` and of `--message-format json` loses every U+007F: its paths then name no file.
#
# Guess:    JSON for programs is written as it is; what is a control character in it is escaped.
# Versions: cargo 1.95.0.
# Seen:     a package in a folder named a, DEL, b: `cargo metadata` says workspace_root ".../ab", which does not exist; the
#           package id has %7F. JSON need not escape DEL, and cargo's output, JSON too, passes a filter that takes out
#           colours wherever stdout is no terminal: it takes DEL for a control character. With
#           CARGO_TERM_COLOR=always there is no filter, and the path is right. Nothing is said, the exit code is 0.
# Matters:  a path of cargo's JSON may name no file, or the file of somebody else; who reads it has to look.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

changed() {
	echo "changed: $*"
	exit 1
}

command -v cargo >tool.log || {
	echo "skipped: no cargo"
	exit 77
}
folder=$(printf 'a\177b')
mkdir -p "$folder/src"
printf '[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n' >"$folder/Cargo.toml"
echo 'fn main() {}' >"$folder/src/main.rs"
cd "$folder"
# root COLOR: the last part of workspace_root, as bytes in hexadecimal
root() {
	CARGO_TERM_COLOR=$1 cargo metadata --format-version 1 --no-deps --offline 2>"$work/err" |
		sed 's/.*"workspace_root":"\([^"]*\)".*/\1/' | sed 's,.*/,,' | tr -d '\n' | od -An -tx1 | tr -d ' '
}
[ "$(root never)" = 6162 ] || changed "CARGO_TERM_COLOR=never: $(root never)"
[ "$(root auto)" = 6162 ] || changed "CARGO_TERM_COLOR=auto: $(root auto)"
[ "$(root always)" = 617f62 ] || changed "CARGO_TERM_COLOR=always: $(root always)"
unit=$(cargo build --offline --message-format json 2>"$work/err" | sed -n 's/.*"manifest_path":"\([^"]*\)".*/\1/p' | head -n 1)
[ ! -e "$unit" ] || changed "the unit's manifest_path exists"
[ "$unit" = "$(pwd -P | tr -d '\177')/Cargo.toml" ] || changed "manifest_path: $unit"
echo "workspace_root ends in ab, in a DEL b with CARGO_TERM_COLOR=always; manifest_path names no file"
