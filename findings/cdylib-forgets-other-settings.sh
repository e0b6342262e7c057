#!/usr/bin/env bash
# cargo keeps one build of a cdylib of one's own, whatever its settings: going back to earlier ones compiles again.
#
# Guess:    what was built with opt-level 3 is Fresh after a build with "s" between, as it is for a program or an rlib:
#           the hash in the name of the file below deps/ keeps builds of different profiles apart.
# Versions: cargo and rustc 1.95.0, x86-64 Linux.
# Seen:     an rlib and a program are Fresh the third time. With crate-type = ["cdylib"] the library is compiled three
#           times: its file below deps/ has no hash in its name, and its fingerprint's folder is the same for all
#           settings. A program of the same package that uses the library as a crate (["cdylib", "rlib"]) is linked
#           anew each time, too.
# Matters:  who compares settings of a Python extension or a C library pays for every build again, also for those that
#           were there; and only one of them is there at a time, so that it has to be copied away.

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
echo 'pub fn twice(n: u64) -> u64 { n * 2 }' >src/lib.rs
echo 'fn main() { println!("{}", kit::twice(4)) }' >src/main.rs

# Builds with level 3, "s" and 3 again; prints which units were compiled the third time.
third_time() { # CRATE-TYPES
	printf '[package]\nname = "kit"\nversion = "1.0.0"\nedition = "2021"\n[lib]\ncrate-type = [%s]\n' "$1" >Cargo.toml
	rm -rf target
	for level in 3 '"s"' 3; do
		cargo build -q --offline --release --config "profile.release.opt-level=$level" \
			--message-format=json >messages
	done
	python3 - <<'END'
import json
for line in open("messages"):
    m = json.loads(line)
    if m["reason"] == "compiler-artifact" and not m["fresh"]:
        print(m["target"]["kind"][0])
END
}

rlib=$(third_time '"rlib"')
[ -z "$rlib" ] || changed "an rlib is compiled again: $rlib"
both=$(third_time '"cdylib", "rlib"')
[ "$both" = $'cdylib\nbin' ] || changed "of a cdylib with an rlib are compiled again: $both"
find target/release/deps -name 'libkit-*' | grep -q . && changed "there is a hash in the name of the file"
echo "compiled again with the settings of the first build: of an rlib nothing, of a cdylib it and its program"
