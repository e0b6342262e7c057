#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "elf_corpus.h"
#include "object.h"
#include "scratch.h"

#include <elf.h>

static void read_corpus(const char *name, struct hone_object_info *ret)
{
	hone_auto_free char *path = corpus_path(name);

	assert_int_equal(hone_object_info_read(path, ret, NULL), 0);
}

static const struct hone_object_section *section(const struct hone_object_info *i, const char *name)
{
	for (size_t k = 0; k < i->n_sections; k++)
		if (strcmp(i->sections[k].name, name) == 0)
			return &i->sections[k];
	return NULL;
}

static void test_classes_and_byte_orders(void **state)
{
	static const struct {
		const char *name;
		unsigned bits, machine;
		bool big;
	} files[] = {{"armv7m-none-eabi", 32, EM_ARM, false},
		{"armebv7r-none-eabi", 32, EM_ARM, true}, {"riscv32", 32, EM_RISCV, false},
		{"mips-none-elf", 32, EM_MIPS, true}, {"aarch64-none-elf", 64, EM_AARCH64, false},
		{"x86-64-bfd-dwarf4", 64, EM_X86_64, false}};

	(void)state;
	for (size_t k = 0; k < HONE_COUNT(files); k++) {
		hone_auto_object_info struct hone_object_info i = HONE_OBJECT_INFO_INIT;

		read_corpus(files[k].name, &i);
		assert_int_equal(i.bits, files[k].bits);
		assert_int_equal(i.machine, files[k].machine);
		assert_int_equal(i.big_endian, files[k].big);
		assert_true(i.has_symtab && i.has_debug);
		assert_non_null(section(&i, ".text"));
		assert_null(i.min_glibc);
	}
}

/* Against readelf -SW of the same file. */
static void test_section(void **state)
{
	hone_auto_object_info struct hone_object_info i = HONE_OBJECT_INFO_INIT;

	(void)state;
	read_corpus("riscv32", &i);
	assert_int_equal(section(&i, ".text")->addr, 0x110fa);
	assert_int_equal(section(&i, ".text")->offset, 0xfa);
	assert_int_equal(section(&i, ".text")->size, 0x32);
	assert_int_equal(section(&i, ".bss")->type, SHT_NOBITS);
	assert_string_equal(i.linker, "Debian LLD 19.1.7");
}

static void test_kinds(void **state)
{
	hone_auto_object_info struct hone_object_info relr = HONE_OBJECT_INFO_INIT,
						      pie = HONE_OBJECT_INFO_INIT;
	hone_auto_object_info struct hone_object_info fixed = HONE_OBJECT_INFO_INIT,
						      lib = HONE_OBJECT_INFO_INIT;

	(void)state;
	read_corpus("x86-64-relr", &relr);
	assert_true(relr.has_relr && relr.dynamic && relr.pie);
	assert_string_equal(relr.interp, "/lib64/ld-linux-x86-64.so.2");
	read_corpus("x86-64-bfd-dwarf4", &pie);
	assert_true(pie.pie && !pie.dynamic && !pie.has_relr && !pie.interp);
	assert_int_equal(strlen(pie.build_id), 40);
	read_corpus("x86-64-lld-dwarf5", &fixed);
	assert_true(!fixed.pie && !fixed.dynamic);
	read_corpus("x86-64-shared-gz", &lib);
	assert_true(!lib.pie && lib.dynamic && lib.type == ET_DYN);
}

/* This very program runs on glibc: it is dynamic and needs a version of it. */
static void test_self(void **state)
{
	hone_auto_object_info struct hone_object_info i = HONE_OBJECT_INFO_INIT;

	(void)state;
	assert_int_equal(hone_object_info_read("/proc/self/exe", &i, NULL), 0);
	assert_true(i.dynamic);
	assert_non_null(i.interp);
	assert_non_null(i.min_glibc);
	assert_true(hone_starts(i.min_glibc, "2."));
	assert_true(i.has_eh_frame);
}

static void test_stripped_of_headers(void **state)
{
	hone_auto_object_info struct hone_object_info i = HONE_OBJECT_INFO_INIT;

	(void)state;
	read_corpus("x86-64-all", &i);
	assert_int_equal(i.n_sections, 0);
	assert_true(!i.has_symtab && !i.has_debug);
}

static void assert_refused(struct hone_view bytes, enum hone_code code, const char *words)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_object_info i = HONE_OBJECT_INFO_INIT;

	assert_int_equal(hone_object_info_from_bytes(bytes, &i, &err), code);
	assert_non_null(strstr(err.msg, words));
}

static void test_other_formats(void **state)
{
	(void)state;
	assert_refused(HONE_VIEW("\xcf\xfa\xed\xfe----"), HONE_E_UNSUPPORTED,
		"is a Mach-O file; hone reads only ELF and WebAssembly so far");
	assert_refused(HONE_VIEW("\xca\xfe\xba\xbe----"), HONE_E_UNSUPPORTED, "Mach-O");
	assert_refused(HONE_VIEW("MZ\x90"), HONE_E_UNSUPPORTED, "is a PE file (Windows)");
	assert_refused(HONE_VIEW("!<arch>\n"), HONE_E_UNSUPPORTED, "is an ar archive");
	assert_refused(HONE_VIEW("#!/bin/sh\n"), HONE_E_UNSUPPORTED, "is a script");
	assert_refused(
		HONE_VIEW("hello"), HONE_E_UNSUPPORTED, "is in a format that hone does not know");
	assert_refused(HONE_VIEW(""), HONE_E_SYNTAX, "is empty");
}

/* Cut at every length: an error or an answer, never a crash. */
static void test_truncated(void **state)
{
	hone_auto_buf struct hone_buf whole = HONE_BUF_INIT;

	(void)state;
	corpus_read("riscv32", &whole);
	for (size_t n = 0; n < whole.n; n++) {
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		hone_auto_object_info struct hone_object_info i = HONE_OBJECT_INFO_INIT;
		char *exact = hone_xmalloc(n + 1);

		memcpy(exact, whole.p, n);
		/* The section header table is the last thing in the file. */
		assert_true(
			hone_object_info_from_bytes((struct hone_view){exact, n}, &i, &err) < 0);
		assert_true(err.code == HONE_E_SYNTAX || err.code == HONE_E_UNSUPPORTED);
		free(exact);
	}
	assert_refused(hone_view_sub(hone_buf_view(&whole), 0, 2000), HONE_E_SYNTAX, "truncated");
}

static void test_files(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *missing = in_scratch("missing"), *text = in_scratch("text");
	struct hone_object_info i = HONE_OBJECT_INFO_INIT;

	(void)state;
	assert_int_equal(hone_object_info_read(missing, &i, &err), HONE_E_NOT_FOUND);
	assert_int_equal(hone_object_info_read(scratch, &i, &err), HONE_E_FAILED);
	put_file(text, "MZ");
	assert_int_equal(hone_object_info_read(text, &i, &err), HONE_E_UNSUPPORTED);
	assert_true(hone_starts(err.msg, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_classes_and_byte_orders),
		cmocka_unit_test(test_section), cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_self), cmocka_unit_test(test_stripped_of_headers),
		cmocka_unit_test(test_other_formats), cmocka_unit_test(test_truncated),
		cmocka_unit_test_setup_teardown(test_files, scratch_make, scratch_remove)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
