#!/bin/sh
# Unpacks a named version of a crate, with its Cargo.lock, into a folder.
# Usage: fetch.sh NAME VERSION FOLDER [LOCK]
# LOCK: the Cargo.lock of a crate that was published without one.
# `cargo info` is what downloads, checks and unpacks it; it runs in an empty folder, since inside a
# workspace it would prefer the version that the workspace uses.
set -eu
name=$1 version=$2 folder=$3 lock=${4:-}

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
(cd "$empty" && cargo info --quiet "$name@$version" >/dev/null)
set -- "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/"$name-$version"
if [ ! -f "${lock:-$1/Cargo.lock}" ]; then
	echo "fetch.sh: $name $version: no unpacked source with a Cargo.lock was found at $1" >&2
	exit 1
fi
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
cp -R "$1" "$folder"
rm -f "$folder/.cargo-ok"
if [ -n "$lock" ]; then
	cp "$lock" "$folder/Cargo.lock"
fi
