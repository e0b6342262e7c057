#!/usr/bin/env bash
# `debug = "line-tables-only"` makes the C libraries of a program slower: cmake's from -O3 to -O2, cc's keep frame pointers.
#
# Guess:    debug information is beside the code: the machine code stays what it was. opt-level = 1 is less than 3 in
#           C libraries, too.
# Versions: crates cmake 0.1.58 and cc 1.11.3, cargo 1.95, gcc 12.2, CMake 3.25.
# Seen:     what the C compiler is given, by opt-level and debug of profile.release:
#             cmake   3: -O3 -DNDEBUG       3, debug: -O2 -g -DNDEBUG        1: -O3 -DNDEBUG      "z": -Os
#             cc      3: -O3                3, debug: -O3 -g -fno-omit-frame-pointer              "z": -Os
#           Build scripts see DEBUG=true and choose CMake's RelWithDebInfo, which has -O2; opt-level 1 is Release.
# Matters:  who adds line tables in order to profile (or for backtraces) measures other C code than is shipped, and a
#           release profile with `debug` in it has slower C parts; "z" and "s" are one and the same there.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export RUSTUP_TOOLCHAIN=1.95.0
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET CFLAGS CXXFLAGS

changed() {
	echo "changed: $*"
	exit 1
}

for tool in cargo gcc cmake; do
	command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done

mkdir src c
cat >Cargo.toml <<'END'
[package]
name = "two-libraries"
version = "0.1.0"
edition = "2021"
[build-dependencies]
cmake = "=0.1.58"
cc = "=1.11.3"
END
cat >build.rs <<'END'
fn main() {
    let built = cmake::Config::new("c").build();
    println!("cargo::rustc-link-search={}/lib", built.display());
    println!("cargo::rustc-link-lib=static=made_by_cmake");
    cc::Build::new().file("made_by_cc.c").compile("made_by_cc");
}
END
cat >c/CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.13)
project(made_by_cmake C)
add_library(made_by_cmake STATIC made_by_cmake.c)
install(TARGETS made_by_cmake ARCHIVE DESTINATION lib)
END
echo 'int one(int a) { return a + 1; }' >c/made_by_cmake.c
echo 'int two(int a) { return a + 2; }' >made_by_cc.c
cat >src/main.rs <<'END'
extern "C" {
    fn one(a: i32) -> i32;
    fn two(a: i32) -> i32;
}
fn main() {
    println!("{}", unsafe { one(1) + two(2) });
}
END

# A compiler that writes down what it is told of speed, for the two files alone.
cat >compiler <<END
#!/bin/sh
for word; do
	case \$word in *made_by_cmake.c) of=cmake ;; *made_by_cc.c) of=cc ;; esac
done
case " \$* " in *" -c "*)
	[ -z "\$of" ] || echo "\$of:" \$(printf '%s\n' "\$@" | grep -E '^(-O.*|-g|-DNDEBUG|-fno-omit-frame-pointer)\$') >>$work/told
esac
exec gcc "\$@"
END
chmod +x compiler

# told OPT_LEVEL DEBUG LIBRARY EXPECTED
told() {
	rm -rf target told
	CC=$work/compiler cargo build -q --release --config "profile.release.opt-level=$1" --config "profile.release.debug=$2"
	local seen
	seen=$(grep "^$3:" told | grep -e -O | sort -u)
	echo "opt-level = $1, debug = $2: $seen"
	[ "$seen" = "$3: $4" ] || changed "expected $3: $4"
}
told 3 false cmake "-O3 -DNDEBUG"
told 3 '"line-tables-only"' cmake "-O2 -g -DNDEBUG"
told 1 false cmake "-O3 -DNDEBUG"
told '"z"' false cmake "-Os -DNDEBUG"
told 3 false cc "-O3"
told 3 '"line-tables-only"' cc "-O3 -g -fno-omit-frame-pointer"
told '"z"' false cc "-Os"
