#!/usr/bin/env bash
# dpkg-shlibdeps asks for libc6 >= 2.34 where packed relocations need 2.36, though it has the line that says so.
#
# Guess:    Depends follows all that the file asks of glibc, or at least the list of libc6's symbols that dpkg reads.
# Versions: dpkg-shlibdeps 1.21.22, libc6 2.36, rust-lld of rustc 1.95.0, x86-64 Debian 12.
# Seen:     -z pack-relative-relocs puts the version GLIBC_ABI_DT_RELR into the program's needs, without which glibc
#           before 2.36 refuses to start it. libc6.symbols says `GLIBC_ABI_DT_RELR 2.36`, but no symbol of the program
#           carries that version, and dpkg-shlibdeps looks at symbols only: "libc6 (>= 2.34)", with and without packed
#           relocations, no warning. So does whoever takes the last GLIBC_ of objdump -T. The wheels of maturin 1.16.0
#           and auditwheel 6.8.2 are right (manylinux_2_36), and so is rpm's elfdeps.
# Matters:  a package made on Debian 12 (cargo-deb's $auto is the same tool) installs on Ubuntu 22.04, which has 2.35,
#           and does not start there. Write the dependency by hand: libc6 (>= 2.36).

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

command -v dpkg-shlibdeps >tool.log || {
	apt-get -qq install -y dpkg-dev >apt.log 2>&1 || {
		echo "skipped: no dpkg-dev"
		exit 77
	}
}
symbols=$(dpkg-query --control-path libc6:amd64 symbols) || {
	echo "skipped: no libc6"
	exit 77
}
grep -q '^ GLIBC_ABI_DT_RELR@GLIBC_ABI_DT_RELR 2\.36' "$symbols" || changed "libc6 does not name GLIBC_ABI_DT_RELR"

mkdir debian
cat >debian/control <<'END'
Source: app
Maintainer: Nobody <nobody@localhost>

Package: app
Architecture: any
Depends: ${shlibs:Depends}
Description: a program
END
echo 'fn main() { println!("{:?}", std::env::args().collect::<Vec<_>>()); }' >app.rs
build() { rustc --edition 2021 -O -Cstrip=symbols -o "$@" app.rs; }
build plain
build packed -Clink-arg=-Wl,-z,pack-relative-relocs
./packed >packed.out || changed "the packed program does not start here"
readelf -V packed | grep -q 'Name: GLIBC_ABI_DT_RELR' || changed "the program does not ask for GLIBC_ABI_DT_RELR"
readelf -V plain | grep -q 'Name: GLIBC_ABI_DT_RELR' && changed "both programs ask for it"

# needs PROGRAM: what dpkg-shlibdeps makes of it
needs() { dpkg-shlibdeps -O "$1" 2>"$1.log"; }
plain=$(needs plain)
packed=$(needs packed)
grep -q 'RELR\|2\.36' packed.log && changed "dpkg-shlibdeps tells: $(cat packed.log)"
[ "$packed" = "$plain" ] || changed "packed $packed, plain $plain"
echo "$packed" | grep -q 'libc6 (>= 2\.34)' || changed "$packed"
[ "$(objdump -T packed | grep -o 'GLIBC_[0-9A-Z_.]*' | sort -Vu | tail -1)" = GLIBC_2.34 ] || changed "objdump -T names it"
echo "packed relocations, asks for GLIBC_ABI_DT_RELR: $packed"
