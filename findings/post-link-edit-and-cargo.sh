#!/usr/bin/env bash
# A tool that edits target/release/NAME: cargo forgets the edit, or keeps it for ever. The tool decides.
#
# Guess:    cargo sees that its output was touched and builds again, or all such tools behave alike.
# Versions: cargo 1.95.0, GNU binutils 2.40, llvm-strip 14 to 22, Linux.
# Seen:     target/release/app is a hard link of target/release/deps/app-HASH. GNU strip and objcopy write into
#           the file behind both names: `cargo build` then says "Finished", and the stripped file stays although
#           the profile asks for symbols. llvm-strip and `sed -i` put a new file in its place: the next `cargo
#           build` links the old one back, compiles nothing, says the same, and the edit is gone.
# Matters:  a release script that builds, strips, and calls cargo once more (cargo run, cargo test, cargo deb) ships
#           an unstripped file with one tool, and measures a file that no profile describes with the other.
#           Edit a copy: `strip -o out target/release/app`.

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

# deb TOOL PACKAGE=VERSION...: the Debian 12 packages, unpacked here, if the tool is not installed
deb() {
	command -v "$1" >tool.log && return
	local package
	for package in "${@:2}"; do
		apt-get -qq download "$package" >>apt.log 2>&1 ||
			apt-get -qq download "${package%%=*}" >>apt.log 2>&1 || {
			echo "skipped: no $package"
			exit 77
		}
	done
	for package in ./*.deb; do
		dpkg-deb -x "$package" root
	done
	export PATH=$work/root/usr/bin:$PATH
	export LD_LIBRARY_PATH=$work/root/usr/lib/x86_64-linux-gnu
}

deb llvm-strip-22 llvm-22=1:22.1.8-1~deb12u1 libllvm22=1:22.1.8-1~deb12u1

mkdir src
cat >Cargo.toml <<'END'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
END
echo 'fn main() { println!("seven"); }' >src/main.rs

app=target/release/app
size() { stat -c %s "$1"; }

# edit WHAT COMMAND...: builds, edits, builds again, and says what became of the edit
edit() {
	rm -rf target
	cargo build -q --release
	local before
	before=$(sha256sum <$app)
	"$@" >edit.log 2>&1
	[ "$(sha256sum <$app)" != "$before" ] || changed "$* did nothing"
	cargo build --release 2>build.log
	grep -q Compiling build.log && changed "cargo builds again after $*"
	if [ "$(sha256sum <$app)" = "$before" ]; then
		echo gone
	else
		echo kept
	fi
}

[ "$(edit strip $app)" = kept ] || changed "GNU strip leaves cargo's own file alone"
[ "$(edit objcopy --strip-debug --remove-section .comment $app)" = kept ] || changed "GNU objcopy"
[ "$(edit llvm-strip-22 $app)" = gone ] || changed "llvm-strip writes into cargo's own file"
[ "$(edit sed -i s/seven/eight/ $app)" = gone ] || changed "sed -i"
# What cargo keeps is stripped now, in spite of a profile that keeps symbols.
[ "$(edit strip $app)" = kept ]
[ "$(size $app)" = "$(size target/release/deps/app-*[0-9a-f])" ] || changed "two files"
echo "strip, objcopy: the edit stays in cargo's cache; llvm-strip, sed -i: the next build undoes it"
