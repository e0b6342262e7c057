/* The way out when a program for another machine was linked by this machine's linker; the words are those of rustc 1.95 with
 * rust-lld 22, GNU ld 2.40 and mold 1.10. */
#include "cross_link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define LLD "rust-lld: error: /t/symbols.o is incompatible with elf64-x86-64"
#define GNU "/usr/bin/ld: /t/crt1.o: error adding symbols: file in wrong format"

static void names(const char *triple, const char *said, const char *linker, const char *package)
{
	hone_auto_free char *hint = hone_cross_link_hint(triple, hone_view_of(said));

	assert_non_null(hint);
	if (!strstr(hint, linker) || (package && !strstr(hint, package)))
		fail_msg("%s: %s", triple, hint);
	if (!package && strstr(hint, "apt"))
		fail_msg("%s: %s", triple, hint);
}

static void linkers(void **state)
{
	(void)state;
	names("aarch64-unknown-linux-gnu", LLD,
		"CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc",
		"apt install gcc-aarch64-linux-gnu");
	names("armv7-unknown-linux-gnueabihf", GNU, "\"arm-linux-gnueabihf-gcc\"",
		"gcc-arm-linux-gnueabihf");
	names("riscv64gc-unknown-linux-gnu", LLD, "[target.riscv64gc-unknown-linux-gnu]",
		"gcc-riscv64-linux-gnu");
	names("x86_64-unknown-linux-gnu", "mold: fatal: /t/a.o: incompatible file type",
		"\"x86_64-linux-gnu-gcc\"", "gcc-x86-64-linux-gnu");
	names("aarch64-unknown-linux-musl", GNU, "\"rust-lld\"", NULL);
}

static void others(void **state)
{
	(void)state;
	assert_null(hone_cross_link_hint(
		"aarch64-unknown-linux-gnu", HONE_VIEW("undefined symbol: crc32")));
	assert_null(hone_cross_link_hint("sparc64-unknown-linux-gnu", HONE_VIEW(LLD)));
	assert_null(hone_cross_link_hint("thumbv7m-none-eabi", HONE_VIEW(LLD)));
	assert_null(hone_cross_link_hint("my-own.json", HONE_VIEW(LLD)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(linkers), cmocka_unit_test(others)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
