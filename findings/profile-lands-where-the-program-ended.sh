#!/usr/bin/env bash
# A relative LLVM_PROFILE_FILE is taken from where the program stands at its end, not from where it was started.
#
# Guess:    the name is opened, or at least made absolute, at start-up: the profile is where the training ran.
# Versions: rustc 1.95.0 (its profiler runtime, LLVM 22.1), Linux.
# Seen:     of a program that changes its working directory. With %m in the name, and by a relative -Cprofile-generate,
#           the profile is where the program ended; an empty folder of the name is left where it started. Without %m
#           a file of 0 bytes is left where it started, and the profile is where it ended, if no folder is part of the
#           name; else it is lost: "Failed to write file", and the program's own exit code.
# Matters:  daemons change to / and archivers into what they pack: their profiles lie among the data, and llvm-profdata
#           takes the file of 0 bytes for a good one. Absolute names only.

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

cat >app.rs <<'END'
fn main() {
    let to = std::env::args().nth(1).unwrap();
    std::env::set_current_dir(to).unwrap();
}
END
rustc --edition 2021 -O -Cprofile-generate=by-flag -o app app.rs
# train NAME: a run from start/ that ends in there/
train() {
	rm -rf start there
	mkdir start there
	(cd start && LLVM_PROFILE_FILE=$1 ../app ../there) 2>run.log || changed "$1: exit code $?"
}
# profiles FOLDER: how many with something in them
profiles() { find "$1" -name '*.profraw' -size +0 | wc -l; }

for name in x%m.profraw by/x%m.profraw; do
	train $name
	[ "$(profiles start)" = 0 ] || changed "$name: a profile where it started"
	[ "$(profiles there)" = 1 ] || changed "$name: none where it ended"
done
[ -d start/by ] || changed "by/x%m.profraw: no folder where it started"

train x.profraw
[ "$(profiles there)" = 1 ] || changed "x.profraw: none where it ended"
[ -f start/x.profraw ] || changed "x.profraw: no file where it started"

train by/x.profraw
[ "$(profiles .)" = 0 ] || changed "by/x.profraw: a profile"
grep -q 'LLVM Profile Error: Failed to write file' run.log || changed "by/x.profraw: no message"

rm -rf start there
mkdir start there
(cd start && ../app ../there)
[ "$(profiles there)" = 1 ] || changed "-Cprofile-generate: none where it ended"
echo "with %m: where it ended; without: an empty file where it started"
