#!/usr/bin/env bash
# A dependency whose build script writes code has other bytes in each target folder, and so has every crate above it.
#
# Guess:    cargo's hashes of a library are in its file name, so the same name (libserde-2668516277a8ba54.rlib) means the
#           same bytes, wherever the target folder is; a cache by content serves two target folders.
# Versions: cargo and rustc 1.95.0, serde 1.0.228, serde_json 1.0.140.
# Seen:     serde_core's build script writes a file that the crate includes. Its path, which names the target folder, goes into the
#           library's metadata, and with it into the hash that crates above it write down. Of ten libraries serde_core, serde and
#           serde_json differ in two target folders, under the same names; the seven others and the program are equal to
#           the byte. --remap-path-prefix of the folder makes all ten equal.
# Matters:  whoever compares or shares what was compiled by its bytes (a cache for several target folders or machines,
#           a check that a build is reproducible, crate by crate) finds nothing above serde equal, although the program is.

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

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"

[dependencies]
serde = { version = "=1.0.228", features = ["derive"] }
serde_json = "=1.0.140"
END
cat >src/main.rs <<'END'
#[derive(serde::Serialize, serde::Deserialize)]
struct Row { name: String, n: Vec<u32> }
fn main() {
    let text = std::env::args().nth(1).unwrap_or_default();
    let row: Row = serde_json::from_str(&text).unwrap();
    println!("{}", serde_json::to_string(&row).unwrap());
}
END

# Names of libraries that are not the same in two target folders, on one line.
differing() {
	(cd "$1/release/deps" && for file in *.rlib; do
		[ -f "$work/$2/release/deps/$file" ] || changed "$file has another name in $2"
		cmp -s "$file" "$work/$2/release/deps/$file" || echo "${file%-*}"
	done | sort | tr '\n' ' ')
}

cargo fetch -q 2>fetch.log || {
	echo "skipped: no registry"
	exit 77
}
for folder in one other; do
	cargo build --quiet --release --target-dir "$folder"
done
"one/release/app" '{"name":"a","n":[1]}' >/dev/null
cmp one/release/app other/release/app || changed "the programs differ"
[ "$(differing one other)" = "libserde libserde_core libserde_json " ] || changed "other libraries differ: $(differing one other)"
grep -aqF "$work/one/" one/release/deps/libserde_core-*.rlib || changed "serde_core does not name the target folder"

for folder in three four; do
	RUSTFLAGS="--remap-path-prefix=$work/$folder=target" cargo build --quiet --release --target-dir "$folder"
done
# Another flag gives the libraries other names, so they are compared in their order.
remapped=$(paste -d' ' <(sha256sum three/release/deps/*.rlib | cut -c1-64) <(sha256sum four/release/deps/*.rlib | cut -c1-64) |
	awk '$1 != $2' | wc -l)
[ "$remapped" -eq 0 ] || changed "$remapped libraries differ with remapped paths"
echo "as it was: serde_core, serde and serde_json name the target folder"
