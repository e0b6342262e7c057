#!/usr/bin/env bash
# libsqlite3-sys with the feature `bundled` and nothing else does not compile: it wants what finds the system's library.
#
# Guess:    default-features = false with `bundled` is the smallest choice: the C source comes along, so what looks
#           for an installed SQLite (pkg-config, vcpkg) is the first thing that can go.
# Versions: libsqlite3-sys 0.30.1, also 0.40.0; cargo and rustc 1.95.0.
# Seen:     "error[E0433]: cannot find module or crate `pkg_config`" (and `vcpkg`) in its build script, which uses both
#           crates whatever is asked for, while only the default feature min_sqlite_version_3_14_0 (or
#           buildtime_bindgen) makes them dependencies. Known without `bundled` since 2022: rusqlite/rusqlite#1205.
#           With bundled and min_sqlite_version_3_14_0 the build script compiles.
# Matters:  whoever cuts the default features of a dependency to save size or time gets an error in a file of somebody
#           else. A feature set that cargo resolves is not one that builds: build each before measuring it.

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
echo 'fn main() {}' >src/main.rs
# check VERSION FEATURES: cargo check of a program with this libsqlite3-sys
check() {
	cat >Cargo.toml <<END
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
libsqlite3-sys = { version = "=$1", default-features = false, features = [$2] }
END
	rm -f Cargo.lock
	cargo fetch -q 2>fetch.log || {
		echo "skipped: no registry"
		exit 77
	}
	cargo check --offline 2>check.log
}

for version in 0.30.1 0.40.0; do
	check $version '"bundled"' && changed "$version compiles"
	for crate in pkg_config vcpkg; do
		grep -q "error\[E0433\].*\`$crate\`" check.log || changed "$version: no error about $crate"
	done
	grep -q 'could not compile .libsqlite3-sys. (build script)' check.log || changed "$version: not its build script"
done

# The script compiles now and starts the C compiler. There is none under this name: SQLite would take it long.
export CC=$work/no-compiler
check 0.30.1 '"bundled", "min_sqlite_version_3_14_0"' && changed "no C compiler is needed"
grep -q 'E0433' check.log && changed "min_sqlite_version_3_14_0 does not help"
grep -q 'failed to run custom build command for .libsqlite3-sys' check.log || changed "$(grep -m 1 error check.log)"
echo "bundled alone: E0433 for pkg_config and vcpkg, with 0.30.1 and 0.40.0; with min_sqlite_version_3_14_0 it compiles"
