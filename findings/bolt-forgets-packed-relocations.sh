#!/usr/bin/env bash
# BOLT: pointers to functions that packed relocations relocate stay where the functions were.
#
# Guess:    a table of functions follows them to their new place, whichever relocations the linker wrote.
# Versions: llvm-bolt 22.1.8, GNU ld 2.40, gcc 12.2, glibc 2.36, x86-64.
# Seen:     a program that compares a function in a table with the function itself: the same as linked with and without
#           -z pack-relative-relocs, and after llvm-bolt of the one without. After llvm-bolt of the one with them the table has
#           the old address. llvm-bolt ends with 0 and says nothing. By default the old code is kept, so that the program
#           works, but in code that nothing was done to; with -use-old-text something else lies there.
# Matters:  vtables are such tables. Packed relocations (link.relr) take 4 to 10 % off a program, and -use-old-text a sixth of what
#           llvm-bolt makes of ripgrep: with both the program ends by SIGSEGV. hone gives up packed relocations beside llvm-bolt.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

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

[ "$(uname -m)" = x86_64 ] || {
	echo "skipped: x86-64 only"
	exit 77
}
deb llvm-bolt-22 bolt-22=1:22.1.8-1~deb12u1
bolt=$(readlink -f "$(command -v llvm-bolt-22)")

cat >app.c <<'END'
#include <stdio.h>
static int __attribute__((noinline)) twice(int n) { return 2 * n; }
static int __attribute__((noinline)) thrice(int n) { return 3 * n; }
static int (*const volatile table[])(int) = {twice, thrice};
int main(void)
{
	int (*mine)(int) = twice;
	__asm__ volatile("" : "+r"(mine));
	puts(table[0] == mine ? "the same" : "another");
	return table[1](1) - thrice(1);
}
END
for kind in plain packed; do
	flags=()
	[ $kind = plain ] || flags=("-Wl,-z,pack-relative-relocs")
	gcc -O1 -fPIE -pie -Wl,--emit-relocs "${flags[@]}" -o $kind app.c
	"$bolt" $kind -o $kind.bolt >bolt.log 2>&1 || changed "no program of llvm-bolt's: $(tail -n 1 bolt.log)"
done
readelf -dW packed | grep -q RELR || changed "no packed relocations"
for program in plain packed plain.bolt; do
	said=$(./$program)
	[ "$said" = "the same" ] || changed "$program: $said"
done
said=$(./packed.bolt)
[ "$said" = another ] || changed "packed, after llvm-bolt: $said"
echo "a function in a table is the same after llvm-bolt, and another one with packed relocations"
