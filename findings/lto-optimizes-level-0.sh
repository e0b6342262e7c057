#!/usr/bin/env bash
# Fat LTO optimizes what was compiled at opt-level 0: a package at 0 is 1.4 times as slow as at 3, not ten times.
#
# Guess:    a package at opt-level = 0 stays slow code: LTO inlines across crates, the level is decided before.
# Versions: rustc 1.95.0, valgrind 3.19 (callgrind counts instructions).
# Seen:     a library whose loop of iterators does all the work, the program at 3. Without LTO the library at 0 needs 207.5
#           million instructions, at 3 20.4. With fat LTO 28.3 and 20.2, in 80 bytes more: its functions carry no mark
#           of their level, and the passes over the whole program are those of the program's level.
# Matters:  with fat LTO a level for a package says little below "s": 0 or 1 for large dependencies saves their compile
#           time for almost nothing; and an opt-level 0 left over from debugging is not seen in a benchmark, until
#           somebody turns LTO off.

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

deb valgrind valgrind=1:3.19.0-1
[ ! -d root/usr/libexec/valgrind ] || export VALGRIND_LIB=$work/root/usr/libexec/valgrind

cat >work.rs <<'END'
pub struct Text {
    pub words: Vec<String>,
}
impl Text {
    #[inline(never)]
    pub fn score(&self, n: u64) -> u64 {
        let mut h = n;
        for (i, w) in self.words.iter().enumerate() {
            h = w
                .bytes()
                .filter(|b| b.is_ascii_alphanumeric())
                .fold(h, |a, b| a.rotate_left(5) ^ u64::from(b));
            h = h.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ i as u64;
        }
        h
    }
}
END
cat >main.rs <<'END'
fn main() {
    let words = (0..2000).map(|i| format!("word{i} {}", i * 7)).collect();
    let text = work::Text { words };
    let mut s = std::env::args().count() as u64;
    for _ in 0..50 {
        s = text.score(s);
    }
    println!("{s}");
}
END
# count LEVEL LTO: thousands of instructions of the program with its library at that level
count() {
	mkdir -p "$1"
	rustc --edition 2021 -Copt-level="$1" --crate-type rlib --crate-name work -Ccodegen-units=1 --out-dir "$1" work.rs
	rustc --edition 2021 -Copt-level=3 -Ccodegen-units=1 -Cembed-bitcode=yes -Clto="$2" -Cstrip=symbols \
		--extern work="$1/libwork.rlib" -o "$1-$2" main.rs
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "./$1-$2" >run.log 2>&1 || {
		cat run.log
		changed "the program does not run"
	}
	sed -n 's/.*Collected : \([0-9]*\)[0-9][0-9][0-9]$/\1/p' run.log
}
zero=$(count 0 off)
three=$(count 3 off)
zero_lto=$(count 0 fat)
three_lto=$(count 3 fat)
[ "$zero" -gt $((three * 5)) ] || changed "without LTO $zero and $three"
[ "$zero_lto" -lt $((three_lto * 2)) ] || changed "with LTO $zero_lto and $three_lto"
echo "thousand instructions at 0 and 3: $zero and $three without LTO, $zero_lto and $three_lto with fat LTO"
