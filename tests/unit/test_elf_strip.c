#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "elf_corpus.h"
#include "elf_file.h"
#include "object.h"
#include "strip.h"
#include "proc.h"
#include "scratch.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static const char *const programs[] = {"armv7m-none-eabi", "armebv7r-none-eabi", "riscv32",
	"aarch64-none-elf", "x86-64-lld-dwarf5", "x86-64-bfd-dwarf4", "x86-64-relr",
	"x86-64-shared-gz"};

static void strip(struct hone_view in, enum hone_strip_level level, struct hone_buf *out)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	if (hone_strip_bytes(in, level, NULL, out, &err) < 0)
		fail_msg("%s", err.msg);
}

/* The bytes that the loader maps, at the addresses it maps them to, and zeros behind them. */
static void assert_same_image(struct hone_view a, struct hone_view b)
{
	hone_auto_elf struct hone_elf x = HONE_ELF_INIT, y = HONE_ELF_INIT;

	assert_int_equal(hone_elf_from_bytes(a, &x, NULL), 0);
	assert_int_equal(hone_elf_from_bytes(b, &y, NULL), 0);
	assert_int_equal(x.n_ph, y.n_ph);
	assert_true(x.entry == y.entry);
	for (size_t i = 0; i < x.n_ph; i++) {
		const struct hone_elf_ph *p = &x.ph[i], *q = &y.ph[i];
		/* The headers themselves change. */
		uint64_t from = hone_elf_ehdr_size(&x) + x.n_ph * hone_elf_phdr_size(&x);

		if (p->type != PT_LOAD)
			continue;
		assert_int_equal(q->type, PT_LOAD);
		assert_true(p->vaddr == q->vaddr && p->memsz == q->memsz && p->flags == q->flags);
		assert_true(q->filesz <= p->filesz && q->offset + q->filesz <= b.n);
		for (uint64_t k = p->offset == 0 ? from : 0; k < p->filesz; k++) {
			char want = a.p[p->offset + k];
			char have = k < q->filesz ? b.p[q->offset + k] : 0;

			assert_int_equal(want, have);
		}
	}
}

static void test_levels(void **state)
{
	(void)state;
	for (size_t k = 0; k < HONE_COUNT(programs); k++) {
		hone_auto_buf struct hone_buf in = HONE_BUF_INIT;
		size_t before;

		corpus_read(programs[k], &in);
		before = in.n;
		for (int level = HONE_STRIP_NONE; level <= HONE_STRIP_ALL; level++) {
			hone_auto_buf struct hone_buf out = HONE_BUF_INIT, again = HONE_BUF_INIT;
			hone_auto_object_info struct hone_object_info i = HONE_OBJECT_INFO_INIT;
			enum hone_strip_level l = (enum hone_strip_level)level;

			strip(hone_buf_view(&in), l, &out);
			assert_true(out.n <= before);
			before = out.n;
			assert_same_image(hone_buf_view(&in), hone_buf_view(&out));
			assert_int_equal(
				hone_object_info_from_bytes(hone_buf_view(&out), &i, NULL), 0);
			assert_int_equal(i.has_debug, l == HONE_STRIP_NONE && k != 6);
			assert_int_equal(i.has_symtab, l <= HONE_STRIP_DEBUGINFO);
			assert_int_equal(i.n_sections == 0, l == HONE_STRIP_ALL);
			/* A second time changes nothing. */
			strip(hone_buf_view(&out), l, &again);
			assert_true(hone_view_eq(hone_buf_view(&out), hone_buf_view(&again)));
		}
	}
}

/* The symbols that stay, stay what they were: name, value, size, section by name. */
static void test_symbols_stay(void **state)
{
	hone_auto_buf struct hone_buf in = HONE_BUF_INIT, out = HONE_BUF_INIT;
	hone_auto_elf struct hone_elf a = HONE_ELF_INIT, b = HONE_ELF_INIT;
	size_t n = 0, at = 0, size = sizeof(Elf64_Sym);
	struct hone_object_data sa, sb, na, nb;

	(void)state;
	corpus_read("x86-64-lld-dwarf5", &in);
	strip(hone_buf_view(&in), HONE_STRIP_DEBUGINFO, &out);
	assert_int_equal(hone_elf_from_bytes(hone_buf_view(&in), &a, NULL), 0);
	assert_int_equal(hone_elf_from_bytes(hone_buf_view(&out), &b, NULL), 0);
	assert_int_equal(hone_elf_load_section(&a, a.symtab, &sa, NULL), 0);
	assert_int_equal(hone_elf_load_section(&a, a.symstr, &na, NULL), 0);
	assert_int_equal(hone_elf_load_section(&b, b.symtab, &sb, NULL), 0);
	assert_int_equal(hone_elf_load_section(&b, b.symstr, &nb, NULL), 0);
	for (size_t i = 0; i < sa.v.n; i += size) {
		struct hone_elf_sym x = hone_elf_sym_at(&a, sa.v.p + i), y;

		if (x.type == STT_FILE)
			continue;
		y = hone_elf_sym_at(&b, sb.v.p + at);
		at += size;
		assert_string_equal(
			hone_object_string(na.v, x.name), hone_object_string(nb.v, y.name));
		assert_true(x.value == y.value && x.size == y.size && x.type == y.type);
		if (x.shndx < SHN_LORESERVE)
			assert_string_equal(hone_elf_section_name(&a, x.shndx),
				hone_elf_section_name(&b, y.shndx));
		n++;
		/* Locals come first, and sh_info counts them. */
		assert_int_equal(y.bind == STB_LOCAL, n <= b.sh[b.symtab].info);
	}
	assert_int_equal(at, sb.v.n);
	assert_true(n > 4);
}

/* Runs a stripped file: these programs end with exit code 0. */
static void test_runs(void **state)
{
	static const char *const names[] = {
		"x86-64-lld-dwarf5", "x86-64-bfd-dwarf4", "x86-64-relr", "x86-64-all"};

	(void)state;
#ifdef __x86_64__
	for (size_t k = 0; k < HONE_COUNT(names); k++)
		for (int level = HONE_STRIP_DEBUGINFO; level <= HONE_STRIP_ALL; level++) {
			hone_auto_free char *from = corpus_path(names[k]), *to = in_scratch("prog");
			hone_auto_err struct hone_err err = HONE_ERR_INIT;
			const char *const argv[] = {to, NULL};
			struct hone_proc_spec spec = {
				.argv = argv, .deadline_ns = 10 * (int64_t)1000000000};

			if (hone_strip_file(from, to, (enum hone_strip_level)level, NULL, NULL,
				    NULL, &err) < 0)
				fail_msg("%s", err.msg);
			assert_int_equal(chmod(to, 0755), 0);
			if (hone_proc_run(&spec, NULL, &err) < 0)
				fail_msg("%s at level %d: %s", names[k], level, err.msg);
		}
#else
	(void)names;
#endif
}

static void assert_refused(struct hone_view in, enum hone_strip_level level,
	const char *const *keep, enum hone_code code, const char *words)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	struct hone_strip_opts opts = {.keep = keep};

	assert_int_equal(hone_strip_bytes(in, level, &opts, &out, &err), code);
	assert_non_null(strstr(err.msg, words));
}

/* Writes another name of the same length over a section's name. */
static void rename_section(struct hone_buf *b, const char *old, const char *new)
{
	char *hit = memmem(b->p, b->n, old, strlen(old) + 1);

	assert_int_equal(strlen(old), strlen(new));
	assert_non_null(hit);
	memcpy(hit, new, strlen(new));
}

static void test_refusals(void **state)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	static const char *const comment[] = {"comment", NULL};
	static const char *const own[] = {".mydata1", NULL}, *const nothing[] = {".nowhere", NULL};

	(void)state;
	corpus_read("riscv32-object", &b);
	assert_refused(hone_buf_view(&b), HONE_STRIP_SYMBOLS, NULL, HONE_E_UNSUPPORTED,
		"not a finished program");
	corpus_read("x86-64-lld-dwarf5", &b);
	assert_refused(hone_buf_view(&b), HONE_STRIP_ALL, nothing, HONE_E_NOT_FOUND, ".nowhere");
	hone_buf_adds(&b, "data that the program reads from its own file");
	assert_refused(hone_buf_view(&b), HONE_STRIP_DEBUGINFO, NULL, HONE_E_UNSUPPORTED,
		"carries 45 bytes of data");
	corpus_read("x86-64-lld-dwarf5", &b);
	rename_section(&b, ".comment", ".mydata1");
	assert_refused(hone_buf_view(&b), HONE_STRIP_ALL, NULL, HONE_E_UNSUPPORTED,
		"has a section .mydata1 that hone does not know");
	assert_refused(hone_buf_view(&b), HONE_STRIP_ALL, comment, HONE_E_NOT_FOUND, "comment");
	{
		hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
		hone_auto_object_info struct hone_object_info i = HONE_OBJECT_INFO_INIT;
		struct hone_strip_opts opts = {.keep = own};

		assert_int_equal(
			hone_strip_bytes(hone_buf_view(&b), HONE_STRIP_ALL, &opts, &out, NULL), 0);
		assert_int_equal(hone_object_info_from_bytes(hone_buf_view(&out), &i, NULL), 0);
		assert_string_equal(i.sections[i.n_sections - 2].name, ".mydata1");
	}
	corpus_read("x86-64-lld-dwarf5", &b);
	rename_section(&b, ".debug_info", ".bolt.org.x");
	assert_refused(hone_buf_view(&b), HONE_STRIP_SYMBOLS, NULL, HONE_E_UNSUPPORTED,
		"rewritten by llvm-bolt");
	assert_refused(HONE_VIEW("MZ"), HONE_STRIP_ALL, NULL, HONE_E_UNSUPPORTED, "PE file");
}

/* Zeros behind the file's end are no data. */
static void test_trailing_zeros(void **state)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT, plain = HONE_BUF_INIT, out = HONE_BUF_INIT;

	(void)state;
	corpus_read("x86-64-lld-dwarf5", &b);
	strip(hone_buf_view(&b), HONE_STRIP_ALL, &plain);
	hone_buf_pad(&b, 0, 4096);
	strip(hone_buf_view(&b), HONE_STRIP_ALL, &out);
	assert_true(hone_view_eq(hone_buf_view(&plain), hone_buf_view(&out)));
}

/* The attributes of RISC-V have a program header of their own, which follows them or goes. */
static void test_attributes(void **state)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT, out = HONE_BUF_INIT;
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	const struct hone_elf_ph *h;

	(void)state;
	corpus_read("riscv32", &b);
	strip(hone_buf_view(&b), HONE_STRIP_SYMBOLS, &out);
	assert_int_equal(hone_elf_from_bytes(hone_buf_view(&out), &e, NULL), 0);
	h = hone_elf_find_ph(&e, PT_RISCV_ATTRIBUTES);
	assert_non_null(h);
	assert_true(h->offset == e.sh[hone_elf_find_section(&e, ".riscv.attributes")].offset);
	hone_elf_release(&e);
	strip(hone_buf_view(&b), HONE_STRIP_ALL, &out);
	assert_int_equal(hone_elf_from_bytes(hone_buf_view(&out), &e, NULL), 0);
	assert_null(hone_elf_find_ph(&e, PT_RISCV_ATTRIBUTES));
}

static void test_split(void **state)
{
	hone_auto_buf struct hone_buf in = HONE_BUF_INIT, debug = HONE_BUF_INIT,
				      out = HONE_BUF_INIT;
	hone_auto_object_info struct hone_object_info whole = HONE_OBJECT_INFO_INIT,
						      i = HONE_OBJECT_INFO_INIT;
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	struct hone_strip_opts opts = {.debuglink = "prog.debug"};
	struct hone_object_data link;

	(void)state;
	corpus_read("x86-64-bfd-dwarf4", &in);
	assert_int_equal(
		hone_strip_debug_file(hone_buf_view(&in), &debug, &opts.debuglink_crc, NULL), 0);
	assert_int_equal(
		opts.debuglink_crc, crc32(0, (const unsigned char *)debug.p, (uInt)debug.n));
	assert_int_equal(hone_object_info_from_bytes(hone_buf_view(&in), &whole, NULL), 0);
	assert_int_equal(hone_object_info_from_bytes(hone_buf_view(&debug), &i, NULL), 0);
	assert_true(i.has_debug && i.has_symtab);
	assert_string_equal(i.build_id, whole.build_id);
	assert_int_equal(i.n_sections, whole.n_sections);
	for (size_t k = 0; k < i.n_sections; k++)
		assert_true(i.sections[k].addr == whole.sections[k].addr);
	assert_int_equal(
		hone_strip_bytes(hone_buf_view(&in), HONE_STRIP_SYMBOLS, &opts, &out, NULL), 0);
	assert_int_equal(hone_elf_from_bytes(hone_buf_view(&out), &e, NULL), 0);
	assert_int_equal(
		hone_elf_load_section(&e, hone_elf_find_section(&e, ".gnu_debuglink"), &link, NULL),
		0);
	/* The name, padded to four bytes, then the CRC. */
	assert_int_equal(link.v.n, 16);
	assert_string_equal(link.v.p, "prog.debug");
	assert_int_equal(hone_elf_u32(&e, link.v.p + 12), opts.debuglink_crc);
	assert_refused(hone_buf_view(&debug), HONE_STRIP_ALL, NULL, HONE_E_SYNTAX, "truncated");
}

/* Cargo's cache keeps its bytes, the mode stays. */
static void test_file(void **state)
{
	hone_auto_free char *from = corpus_path("x86-64-lld-dwarf5");
	hone_auto_free char *cache = in_scratch("deps-app"), *app = in_scratch("app");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	uint64_t old_size, new_size, size;
	struct stat st;

	(void)state;
	assert_int_equal(hone_fs_copy(from, cache, NULL), 0);
	assert_int_equal(chmod(cache, 0750), 0);
	assert_int_equal(link(cache, app), 0);
	if (hone_strip_file(app, app, HONE_STRIP_ALL, NULL, &old_size, &new_size, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(hone_fs_size(cache, &size, NULL), 0);
	assert_true(size == old_size && new_size < old_size);
	assert_int_equal(stat(app, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	assert_true((uint64_t)st.st_size == new_size);
	assert_int_equal(st.st_nlink, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_levels),
		cmocka_unit_test(test_symbols_stay),
		cmocka_unit_test_setup_teardown(test_runs, scratch_make, scratch_remove),
		cmocka_unit_test(test_refusals), cmocka_unit_test(test_trailing_zeros),
		cmocka_unit_test(test_attributes), cmocka_unit_test(test_split),
		cmocka_unit_test_setup_teardown(test_file, scratch_make, scratch_remove)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
