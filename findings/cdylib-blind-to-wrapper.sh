#!/usr/bin/env bash
# A cdylib that was built before is not built again for RUSTC_WORKSPACE_WRAPPER: `cargo auditable build` leaves it as it is.
#
# Guess:    a wrapper that changes what rustc is told makes cargo compile the workspace's own crates again, all of them.
# Versions: cargo 1.95.0, cargo-auditable 0.7.7, x86-64 Linux.
# Seen:     a package with a program and a cdylib. cargo build, then cargo auditable build, both with --release: the program
#           is compiled again and has the list of its dependencies (.dep-v0), the .so stays the one without it. In the other
#           order the .so keeps the list that a plain build does not make. "Finished", exit code 0. With the cdylib alone
#           nothing is compiled at all. The wrapper is part of the hash in the names of files below deps/ and of nothing
#           else that cargo compares; a cdylib's file has no such hash. RUSTC_WRAPPER is compared not even for a program.
# Matters:  a release job that builds, tests and then makes the audited build ships Python modules and C libraries without
#           audit data; any wrapper that adds flags for a trial measures the old library. Use a target folder of its own.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CARGO_INCREMENTAL RUSTC_WRAPPER
unset RUSTC_WORKSPACE_WRAPPER

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
[lib]
crate-type = ["cdylib"]
END
echo '#[no_mangle] pub extern "C" fn seven() -> u32 { 7 }' >src/lib.rs
echo 'fn main() { println!("seven"); }' >src/main.rs
# A wrapper that does nothing but write down what it was asked to compile.
cat >wrapper <<'END'
#!/bin/sh
case "$*" in
*"--crate-name app "*"--crate-type cdylib"*) echo cdylib >>calls ;;
*"--crate-name app "*"--crate-type bin"*) echo bin >>calls ;;
esac
exec "$@"
END
chmod +x wrapper

cargo build -q --release
RUSTC_WORKSPACE_WRAPPER=$work/wrapper cargo build -q --release
grep -q bin calls || changed "the program is not compiled again"
grep -q cdylib calls && changed "the cdylib is compiled again"
rm calls
RUSTC_WRAPPER=$work/wrapper cargo build -q --release
[ ! -e calls ] || changed "RUSTC_WRAPPER is compared"

cargo install -q --locked --debug --root tools --target-dir tools/build cargo-auditable@0.7.7 2>install.log || {
	echo "skipped: cargo-auditable cannot be installed"
	exit 77
}
export PATH=$work/tools/bin:$PATH

# audited: which of the two files have the list of dependencies
audited() {
	local file
	for file in app libapp.so; do
		readelf -SW target/release/$file | grep -q '\.dep-v0' && printf '%s ' $file
	done
	echo .
}

rm -rf target
cargo auditable build -q --release
[ "$(audited)" = "app libapp.so ." ] || changed "alone: $(audited)"
cargo build -q --release
[ "$(audited)" = "libapp.so ." ] || changed "audited, then plain: $(audited)"
rm -rf target
cargo build -q --release
[ "$(audited)" = "." ] || changed "plain: $(audited)"
cargo auditable build --release 2>build.log
grep -q Finished build.log || changed "no success"
grep -qi warning build.log && changed "$(grep -i warning build.log)"
[ "$(audited)" = "app ." ] || changed "plain, then audited: $(audited)"
echo "plain, then audited: $(audited) (libapp.so has no audit data)"
