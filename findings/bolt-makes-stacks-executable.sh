#!/usr/bin/env bash
# BOLT: -use-gnu-stack, meant to help strip, leaves a program whose threads have executable stacks.
#
# Guess:    the option changes where a program header lies, and nothing of what the program may do.
# Versions: llvm-bolt 22.1.8, gcc 12.2, glibc 2.36, x86-64.
# Seen:     a program that prints the rights of the stack of a thread: rw-p as linked and after llvm-bolt, rwxp after llvm-bolt
#           -use-gnu-stack. The header PT_GNU_STACK, which says that stacks need no execution, is turned into a segment; glibc
#           takes its absence for an old program that wants it. llvm-bolt says nothing.
# Matters:  it is the workaround that llvm-bolt's help names for strip; who takes it loses a hardening that every build has.

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
#include <pthread.h>
#include <stdio.h>
static void *look(void *p)
{
	unsigned long from, to, here = (unsigned long)&p;
	char line[400], rights[8];
	FILE *maps = fopen("/proc/self/maps", "r");
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) == 3 && from <= here && here < to)
			puts(rights);
	return p;
}
int main(void)
{
	pthread_t t;
	return pthread_create(&t, 0, look, 0) || pthread_join(t, 0);
}
END
gcc -O1 -pthread -Wl,--emit-relocs -o app app.c
"$bolt" app -o plain >bolt.log 2>&1 || changed "no program of llvm-bolt's: $(tail -n 1 bolt.log)"
"$bolt" app -use-gnu-stack -o other >bolt.log 2>&1 || changed "no program with -use-gnu-stack"
[ "$(./app)" = rw-p ] || changed "as linked: $(./app)"
[ "$(./plain)" = rw-p ] || changed "after llvm-bolt: $(./plain)"
[ "$(./other)" = rwxp ] || changed "after -use-gnu-stack: $(./other)"
echo "stack of a thread: rw-p, after llvm-bolt -use-gnu-stack rwxp"
