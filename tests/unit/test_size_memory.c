#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "elf_corpus.h"
#include "size_advice.h"
#include "size_memory.h"
#include "stack.h"

#include <string.h>

static void test_regions(void **state)
{
	hone_auto_regions struct hone_regions r = HONE_REGIONS_INIT;
	static const char script[] = "/* a board */ INCLUDE other.x\n"
				     "MEMORY {\n"
				     "  FLASH (rx) : ORIGIN = 0x08000000, LENGTH = 256K // bank 1\n"
				     "  RAM : org = 0x20000000, len = 64K - 2 * (1K + 512)\n"
				     "  TAIL (rw!x) : o = ORIGIN(RAM) + LENGTH(RAM) l = 010\n"
				     "}\n"
				     "SECTIONS { .text : { *(.text) } > FLASH }\n"
				     "MEMORY { EXT : ORIGIN = 1M, LENGTH = 0X10 }\n";

	(void)state;
	assert_int_equal(hone_regions_parse(hone_view_of(script), &r, NULL), 0);
	assert_int_equal(r.n, 4);
	assert_string_equal(r.v[0].name, "FLASH");
	assert_true(r.v[0].origin == 0x08000000 && r.v[0].length == 256 * 1024);
	assert_true(r.v[1].origin == 0x20000000 && r.v[1].length == 61 * 1024);
	assert_true(r.v[2].origin == 0x20000000 + 61 * 1024 && r.v[2].length == 8);
	assert_true(r.v[3].origin == 1024 * 1024 && r.v[3].length == 16);
}

static void test_bad_regions(void **state)
{
	static const struct {
		const char *script;
		int code;
	} bad[] = {{"", HONE_E_NOT_FOUND}, {"SECTIONS { }", HONE_E_NOT_FOUND},
		{"MEMORY { A : ORIGIN = 1 }", HONE_E_SYNTAX}, {"MEMORY {", HONE_E_SYNTAX},
		{"MEMORY { A : ORIGIN = x, LENGTH = 1 }", HONE_E_SYNTAX},
		{"MEMORY { A : ORIGIN = 1/0, LENGTH = 1 }", HONE_E_SYNTAX},
		{"MEMORY { A : ORIGIN = 0xffffffffffffffffM, LENGTH = 1 }", HONE_E_SYNTAX},
		{"MEMORY { A : ORIGIN = 089, LENGTH = 1 }", HONE_E_SYNTAX},
		{"MEMORY { A : ORIGIN = LENGTH(B), LENGTH = 1 }", HONE_E_SYNTAX}};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(bad); i++) {
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		struct hone_regions r = HONE_REGIONS_INIT;

		assert_int_equal(
			hone_regions_parse(hone_view_of(bad[i].script), &r, &err), bad[i].code);
		assert_int_equal(r.n, 0);
	}
}

static struct hone_size *open_corpus(const char *name)
{
	hone_auto_free char *path = corpus_path(name);
	struct hone_size *s = NULL;

	assert_int_equal(hone_size_open(path, NULL, &s, NULL), 0);
	return s;
}

/* The program's numbers as readelf -lW tells them: 0x112 + 0x36 + 4 bytes are loaded, and 0x2c bytes
 * of memory are writable. */
static void test_memory(void **state)
{
	struct hone_size *s = open_corpus("armv7m-none-eabi");
	hone_auto_free char *path = corpus_path("armv7m-none-eabi");
	uint64_t flash, ram;
	struct hone_region region[] = {{(char *)(uintptr_t) "ROM", 0x10000, 0x20000},
		{(char *)(uintptr_t) "RAM", 0x30000, 0x1000}};
	struct hone_regions regions = {region, 2, 2};

	(void)state;
	assert_int_equal(hone_memory_totals(path, &flash, &ram, NULL), 0);
	assert_true(flash == 0x112 + 0x36 + 4 && ram == 0x2c);
	for (int by = HONE_SIZE_BY_SECTION; by <= HONE_SIZE_BY_GENERIC; by++) {
		hone_auto_memory struct hone_memory m = HONE_MEMORY_INIT;
		uint64_t f = 0, r = 0;

		assert_int_equal(hone_size_memory(s, (enum hone_size_by)by, &regions, &m, NULL), 0);
		for (size_t i = 0; i < m.n; i++) {
			f += m.rows[i].flash;
			r += m.rows[i].ram;
			if (strcmp(m.rows[i].name, ".bss") == 0 ||
				strcmp(m.rows[i].name, "bss") == 0)
				assert_true(m.rows[i].flash == 0 && m.rows[i].ram == 40);
			if (strcmp(m.rows[i].name, ".data") == 0 ||
				strcmp(m.rows[i].name, "data") == 0)
				assert_true(m.rows[i].flash == 4 && m.rows[i].ram == 4);
		}
		assert_true(m.flash == flash && m.ram == ram && f == flash && r == ram);
		assert_true(m.regions[1].used == 0x2c);
		assert_true(m.regions[0].used > 0 && m.regions[0].used <= flash);
	}
	hone_size_free(s);
}

static const struct hone_advice *advice(const struct hone_advice_list *l, enum hone_advice_id id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

static void test_advice(void **state)
{
	struct hone_size *s = open_corpus("x86-64-bfd-dwarf4");
	struct hone_advice_list l = HONE_ADVICE_LIST_INIT;
	hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;
	uint64_t strip = 0;

	(void)state;
	assert_int_equal(hone_size_table(s, HONE_SIZE_BY_SECTION, false, &t, NULL), 0);
	for (size_t i = 0; i < t.n; i++)
		if (t.rows[i].kind == HONE_SIZE_SYMBOLS || t.rows[i].kind == HONE_SIZE_DEBUG)
			strip += t.rows[i].size;
	hone_size_advice(s, &l);
	assert_true(advice(&l, HONE_ADVICE_STRIP)->bytes == strip);
	assert_true(advice(&l, HONE_ADVICE_UNWIND)->bytes > 0);
	/* One relative relocation of 24 bytes becomes one address of 8. */
	assert_true(advice(&l, HONE_ADVICE_RELR)->bytes == 16);
	assert_null(advice(&l, HONE_ADVICE_BACKTRACE));
	assert_null(advice(&l, HONE_ADVICE_FEATURES));
	for (size_t i = 0; i < l.n; i++)
		assert_true(l.v[i].bytes > 0 && (i == 0 || l.v[i].bytes <= l.v[i - 1].bytes));
	hone_advice_list_release(&l);
	hone_size_free(s);
}

/* Two programs in assembly whose frames are known: entry calls mid and leaf, leaf jumps to mid, mid calls deep,
 * which calls itself and what a register holds; nobody calls handler. mid of the Thumb one has a literal
 * that would be a call of itself. */
static void test_stack(void **state)
{
	struct hone_size *arm = open_corpus("thumb-stack"), *riscv = open_corpus("riscv32-stack");
	hone_auto_stack struct hone_stack k = HONE_STACK_INIT;

	(void)state;
	assert_int_equal(hone_size_stack(arm, &k, NULL), 0);
	assert_int_equal(k.functions, 5);
	/* 8 of entry, 40 of leaf, 28 + 512 of mid, 16 + 1000 of deep */
	assert_int_equal(k.from_entry, 1604);
	assert_string_equal(k.path, "entry > leaf > mid > deep");
	assert_int_equal(k.deepest, 4100);
	assert_string_equal(k.deepest_name, "handler");
	assert_int_equal(k.indirect_calls, 1);
	assert_int_equal(k.recursive, 1);
	assert_int_equal(k.dynamic, 1);
	hone_stack_release(&k);

	assert_int_equal(hone_size_stack(riscv, &k, NULL), 0);
	assert_int_equal(k.functions, 5);
	/* 16 + 32 + 496 + 2000 */
	assert_int_equal(k.from_entry, 2544);
	assert_string_equal(k.path, "entry > leaf > mid > deep");
	assert_int_equal(k.deepest, 4096);
	assert_string_equal(k.deepest_name, "handler");
	assert_int_equal(k.indirect_calls, 1);
	assert_int_equal(k.recursive, 1);
	assert_int_equal(k.dynamic, 1);
	hone_size_free(arm);
	hone_size_free(riscv);
}

static void put_u32(struct hone_buf *b, size_t at, uint32_t x)
{
	for (size_t i = 0; i < 4; i++)
		b->p[at + i] = (char)(x >> (8 * i));
}

/* The same, whose entry is what assembly makes of `.globl entry` and a label: no type, no size, and no Thumb
 * bit. It reaches to the next symbol. The third symbol begins at byte 0x164. */
static void test_label_as_entry(void **state)
{
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	hone_auto_stack struct hone_stack k = HONE_STACK_INIT;
	hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;
	struct hone_size *s = NULL;
	uint64_t sum = 0, entry = 0;

	(void)state;
	corpus_read("thumb-stack", &bytes);
	put_u32(&bytes, 0x164 + 4, 0x200b4);
	put_u32(&bytes, 0x164 + 8, 0);
	bytes.p[0x164 + 12] = 0x10; /* GLOBAL NOTYPE */
	assert_int_equal(hone_size_open_bytes(hone_buf_view(&bytes), "label", NULL, &s, NULL), 0);
	assert_int_equal(hone_size_stack(s, &k, NULL), 0);
	assert_int_equal(k.functions, 5);
	assert_int_equal(k.from_entry, 1604);
	assert_string_equal(k.path, "entry > leaf > mid > deep");
	assert_int_equal(hone_size_table(s, HONE_SIZE_BY_FUNCTION, false, &t, NULL), 0);
	for (size_t i = 0; i < t.n; i++) {
		sum += t.rows[i].size;
		if (strcmp(t.rows[i].name, "entry") == 0)
			entry = t.rows[i].size;
	}
	assert_true(sum == bytes.n);
	assert_int_equal(entry, 12);
	hone_size_free(s);
	hone_stack_release(&k);

	/* The same label at an address that another symbol has covers nothing. */
	put_u32(&bytes, 0x164 + 4, 0x200c0);
	assert_int_equal(hone_size_open_bytes(hone_buf_view(&bytes), "label", NULL, &s, NULL), 0);
	assert_int_equal(hone_size_stack(s, &k, NULL), 0);
	assert_int_equal(k.functions, 4);
	assert_null(k.path);
	hone_size_free(s);
}

/* A mark that data begins says nothing of code when it is of another section. */
static void test_marks_of_other_sections(void **state)
{
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	hone_auto_stack struct hone_stack k = HONE_STACK_INIT;
	struct hone_size *s = NULL;
	char *mark;

	(void)state;
	corpus_read("thumb-stack", &bytes);
	mark = memmem(bytes.p, bytes.n, "$t.0", 4);
	assert_non_null(mark);
	mark[1] = 'd';
	bytes.p[0x154 + 14] = 2; /* the section of the second symbol: .ARM.attributes */
	assert_int_equal(hone_size_open_bytes(hone_buf_view(&bytes), "marks", NULL, &s, NULL), 0);
	assert_int_equal(hone_size_stack(s, &k, NULL), 0);
	assert_int_equal(k.from_entry, 1604);
	hone_size_free(s);
}

static void test_no_stack(void **state)
{
	struct hone_size *s = open_corpus("x86-64-relr");
	hone_auto_stack struct hone_stack k = HONE_STACK_INIT;

	(void)state;
	assert_int_equal(hone_size_stack(s, &k, NULL), HONE_E_UNSUPPORTED);
	hone_size_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_regions),
		cmocka_unit_test(test_bad_regions), cmocka_unit_test(test_memory),
		cmocka_unit_test(test_advice), cmocka_unit_test(test_stack),
		cmocka_unit_test(test_label_as_entry),
		cmocka_unit_test(test_marks_of_other_sections), cmocka_unit_test(test_no_stack)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
