#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "elf_corpus.h"
#include "object.h"
#include "strip.h"
#include "scratch.h"
#include "size.h"

#include <elf.h>

static const char *const files[] = {"armv7m-none-eabi", "armebv7r-none-eabi", "riscv32",
	"riscv32-object", "mips-none-elf", "aarch64-none-elf", "x86-64-all", "x86-64-lld-dwarf5",
	"x86-64-bfd-dwarf4", "x86-64-relr", "x86-64-shared-gz"};

static struct hone_size *open_size(const char *path, const char *twin)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_size_opts opts = {.twin = twin};
	struct hone_size *s = NULL;

	if (hone_size_open(path, &opts, &s, &err) < 0)
		fail_msg("%s", err.msg);
	return s;
}

/* A table of a file in the corpus, checked: rows sum to the file, the largest first. */
static struct hone_size_table table_of(const char *path, const char *twin, enum hone_size_by by)
{
	struct hone_size *s = open_size(path, twin);
	struct hone_size_table t = HONE_SIZE_TABLE_INIT;
	uint64_t sum = 0, size;

	assert_int_equal(hone_size_table(s, by, false, &t, NULL), 0);
	assert_int_equal(hone_fs_size(path, &size, NULL), 0);
	assert_true(t.size == size && t.by == by);
	for (size_t i = 0; i < t.n; i++) {
		sum += t.rows[i].size;
		assert_true(i == 0 || t.rows[i].size <= t.rows[i - 1].size);
		assert_true(t.rows[i].code <= t.rows[i].size);
	}
	assert_true(sum == size);
	hone_size_free(s);
	return t;
}

static struct hone_size_table corpus_table(const char *name, enum hone_size_by by)
{
	hone_auto_free char *path = corpus_path(name);

	return table_of(path, NULL, by);
}

static const struct hone_size_row *find_row(const struct hone_size_table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->rows[i].name, name) == 0)
			return &t->rows[i];
	return NULL;
}

static uint64_t size_of_row(const struct hone_size_table *t, const char *name)
{
	const struct hone_size_row *r = find_row(t, name);

	return r ? r->size : 0;
}

static void test_sums(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(files); i++)
		for (int by = HONE_SIZE_BY_SECTION; by <= HONE_SIZE_BY_GENERIC; by++) {
			struct hone_size_table t = corpus_table(files[i], (enum hone_size_by)by);

			hone_size_table_release(&t);
		}
}

/* Every section's row is what its header says. */
static void test_sections(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(files); i++) {
		hone_auto_size_table struct hone_size_table t =
			corpus_table(files[i], HONE_SIZE_BY_SECTION);
		hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
		hone_auto_free char *path = corpus_path(files[i]);

		assert_int_equal(hone_object_info_read(path, &info, NULL), 0);
		for (size_t k = 0; k < info.n_sections; k++)
			assert_true(
				info.sections[k].type == SHT_NOBITS ||
				size_of_row(&t, info.sections[k].name) == info.sections[k].size);
		assert_int_equal(size_of_row(&t, "[ELF header]"), info.bits == 64 ? 64 : 52);
	}
}

/* Sizes as readelf -s tells them. */
static void test_functions(void **state)
{
	hone_auto_size_table struct hone_size_table t =
		corpus_table("x86-64-bfd-dwarf4", HONE_SIZE_BY_FUNCTION);
	hone_auto_size_table struct hone_size_table arm =
		corpus_table("armv7m-none-eabi", HONE_SIZE_BY_FUNCTION);
	const struct hone_size_row *g = find_row(&t, "g");

	(void)state;
	assert_non_null(g);
	assert_true(g->code == g->size && g->items == 1);
	assert_int_equal(g->kind, HONE_SIZE_C);
	assert_true(g->unwind > 0 && g->symbols == 24 + 2);
	assert_int_equal(find_row(&t, "_start")->kind, HONE_SIZE_GLUE);
	assert_int_equal(find_row(&t, "data")->size, 16);
	assert_int_equal(find_row(&t, "tls")->size, 4);
	assert_null(find_row(&arm, "$t"));
	assert_int_equal(find_row(&arm, "f")->size, 26);
	assert_int_equal(find_row(&arm, "data")->size, 4);
}

static void test_crates_of_c(void **state)
{
	hone_auto_size_table struct hone_size_table t =
		corpus_table("x86-64-bfd-dwarf4", HONE_SIZE_BY_CRATE);

	(void)state;
	assert_int_equal(find_row(&t, "[C]")->kind, HONE_SIZE_C);
	assert_true(find_row(&t, "[C]")->debug > 0);
	assert_int_equal(find_row(&t, "[.symtab]")->kind, HONE_SIZE_SYMBOLS);
	assert_int_equal(find_row(&t, "[.debug_info]")->kind, HONE_SIZE_DEBUG);
	assert_int_equal(find_row(&t, "[.eh_frame]")->kind, HONE_SIZE_UNWIND);
}

static void test_source_files(void **state)
{
	static const char *const with_lines[] = {"x86-64-bfd-dwarf4", "x86-64-lld-dwarf5",
		"x86-64-shared-gz", "aarch64-none-elf", "armv7m-none-eabi", "mips-none-elf"};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *none = corpus_path("x86-64-relr");
	struct hone_size_table t = HONE_SIZE_TABLE_INIT;
	struct hone_size *s;

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(with_lines); i++) {
		bool found = false;

		t = corpus_table(with_lines[i], HONE_SIZE_BY_FILE);
		for (size_t k = 0; k < t.n; k++)
			found |= hone_ends(t.rows[k].name, ".c") && t.rows[k].code > 20;
		assert_true(found);
		/* All of these programs' code is in one file with line numbers. */
		assert_true(size_of_row(&t, "[.text]") < 8);
		hone_size_table_release(&t);
	}
	s = open_size(none, NULL);
	assert_int_equal(hone_size_table(s, HONE_SIZE_BY_FILE, false, &t, &err), HONE_E_NOT_FOUND);
	hone_size_free(s);
}

static void test_diff(void **state)
{
	hone_auto_free char *from = corpus_path("x86-64-bfd-dwarf4"), *to = in_scratch("stripped");

	(void)state;
	assert_int_equal(hone_strip_file(from, to, HONE_STRIP_SYMBOLS, NULL, NULL, NULL, NULL), 0);
	for (int by = HONE_SIZE_BY_SECTION; by <= HONE_SIZE_BY_GENERIC; by++) {
		hone_auto_size_table struct hone_size_table a =
			table_of(from, NULL, (enum hone_size_by)by);
		hone_auto_size_table struct hone_size_table b =
			table_of(to, NULL, (enum hone_size_by)by);
		hone_auto_size_diff struct hone_size_diff d = hone_size_diff(&a, &b);
		hone_auto_size_diff struct hone_size_diff same = hone_size_diff(&a, &a);
		int64_t sum = 0;

		for (size_t i = 0; i < d.n; i++) {
			assert_true(d.rows[i].delta != 0);
			sum += d.rows[i].delta;
		}
		assert_true(sum == d.delta && d.delta == (int64_t)b.size - (int64_t)a.size);
		assert_int_equal(same.n, 0);
		assert_true(same.delta == 0);
	}
}

#define STD HONE_SIZE_STD
#define DEP HONE_SIZE_DEPENDENCY

/* Rows of crates on both sides, ended by one without a name, and what comes of them. */
struct in {
	const char *name;
	enum hone_size_kind kind;
	uint64_t size;
};
static const struct {
	enum hone_size_by by;
	struct in old[4], new[4];
	struct {
		const char *name;
		enum hone_size_kind kind;
		uint64_t old_size, new_size;
		int64_t delta;
	} diff[4];
} matches[] = {
	/* One side knows no version: after llvm-bolt no path of std's tells one. */
	{HONE_SIZE_BY_CRATE, {{"gimli 0.32.3", STD, 100}, {"object 0.37.3", STD, 50}},
		{{"gimli", STD, 90}, {"object", STD, 50}}, {{"gimli 0.32.3", STD, 100, 90, -10}}},
	{HONE_SIZE_BY_INSTANCE, {{"gimli", STD, 100}}, {{"gimli 0.32.3", STD, 130}},
		{{"gimli 0.32.3", STD, 100, 130, 30}}},
	/* Versions that both know are told from each other. */
	{HONE_SIZE_BY_CRATE, {{"syn 1.0.1", DEP, 100}}, {{"syn 2.0.0", DEP, 130}},
		{{"syn 2.0.0", DEP, 0, 130, 130}, {"syn 1.0.1", DEP, 100, 0, -100}}},
	/* Two that one side does not tell from each other. */
	{HONE_SIZE_BY_CRATE, {{"syn", DEP, 100}}, {{"syn 1.0.1", DEP, 70}, {"syn 2.0.0", DEP, 50}},
		{{"syn", DEP, 100, 120, 20}}},
	/* A row without a version beside one that has one is another crate. */
	{HONE_SIZE_BY_CRATE, {{"foo", DEP, 10}, {"foo 1.0.0", DEP, 20}}, {{"foo 1.0.0", DEP, 30}},
		{{"foo", DEP, 10, 0, -10}, {"foo 1.0.0", DEP, 20, 30, 10}}},
	/* Of another kind it is, too: the program's own beside std's. */
	{HONE_SIZE_BY_CRATE, {{"hashbrown 0.16.0", STD, 40}},
		{{"hashbrown 0.16.0 (of std)", STD, 40}, {"hashbrown 0.15.0", DEP, 60}},
		{{"hashbrown 0.15.0", DEP, 0, 60, 60}}},
	{HONE_SIZE_BY_CRATE, {{"hashbrown (of std)", STD, 40}, {"hashbrown 0.15.0", DEP, 60}},
		{{"hashbrown 0.16.0", STD, 45}},
		{{"hashbrown 0.15.0", DEP, 60, 0, -60}, {"hashbrown 0.16.0", STD, 40, 45, 5}}},
	/* What is no crate has no version. */
	{HONE_SIZE_BY_CRATE, {{"[a 1]", DEP, 1}, {"b (1 of 2)", DEP, 2}},
		{{"[a", DEP, 2}, {"b (2 of 2)", DEP, 3}},
		{{"b (2 of 2)", DEP, 0, 3, 3}, {"[a", DEP, 0, 2, 2}, {"b (1 of 2)", DEP, 2, 0, -2},
			{"[a 1]", DEP, 1, 0, -1}}},
	{HONE_SIZE_BY_FUNCTION, {{"f 1", DEP, 5}}, {{"f", DEP, 6}},
		{{"f", DEP, 0, 6, 6}, {"f 1", DEP, 5, 0, -5}}},
};

static struct hone_size_table rows_of(const struct in *rows, enum hone_size_by by)
{
	struct hone_size_table t = {.by = by};

	t.rows = hone_xcalloc(HONE_COUNT(matches[0].old), sizeof(*t.rows));
	for (; t.n < HONE_COUNT(matches[0].old) && rows[t.n].name; t.n++) {
		t.rows[t.n] = (struct hone_size_row){.name = hone_xstrdup(rows[t.n].name),
			.kind = rows[t.n].kind,
			.size = rows[t.n].size};
		t.size += rows[t.n].size;
	}
	return t;
}

static void test_diff_of_crates(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(matches); i++) {
		hone_auto_size_table struct hone_size_table a =
			rows_of(matches[i].old, matches[i].by);
		hone_auto_size_table struct hone_size_table b =
			rows_of(matches[i].new, matches[i].by);
		hone_auto_size_diff struct hone_size_diff d = hone_size_diff(&a, &b);
		int64_t sum = 0;

		for (size_t k = 0; k < d.n; k++) {
			if (k == HONE_COUNT(matches[i].diff) || !matches[i].diff[k].name)
				fail_msg("row %zu: %s is too many", i, d.rows[k].name);
			assert_string_equal(d.rows[k].name, matches[i].diff[k].name);
			assert_int_equal(d.rows[k].kind, matches[i].diff[k].kind);
			assert_true(d.rows[k].old_size == matches[i].diff[k].old_size);
			assert_true(d.rows[k].new_size == matches[i].diff[k].new_size);
			assert_true(d.rows[k].delta == matches[i].diff[k].delta);
			sum += d.rows[k].delta;
		}
		assert_true(d.n == HONE_COUNT(matches[i].diff) || !matches[i].diff[d.n].name);
		assert_true(sum == d.delta);
	}
}

/* A stripped file tells through its twin what the twin tells of itself. */
static void test_twin(void **state)
{
	hone_auto_free char *twin = corpus_path("x86-64-lld-dwarf5"), *bare = in_scratch("bare");
	hone_auto_free char *other = corpus_path("x86-64-bfd-dwarf4");
	hone_auto_size_table struct hone_size_table whole =
		table_of(twin, NULL, HONE_SIZE_BY_FUNCTION);

	(void)state;
	for (int level = HONE_STRIP_DEBUGINFO; level <= HONE_STRIP_ALL; level++) {
		hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		struct hone_size_opts opts = {.twin = other};
		struct hone_size *s = NULL;

		assert_int_equal(hone_strip_file(twin, bare, (enum hone_strip_level)level, NULL,
					 NULL, NULL, NULL),
			0);
		t = table_of(bare, twin, HONE_SIZE_BY_FUNCTION);
		assert_true(size_of_row(&whole, "g") > 0);
		assert_true(size_of_row(&t, "g") == size_of_row(&whole, "g"));
		assert_true(size_of_row(&t, "data") > 0);
		assert_int_equal(hone_size_open(bare, &opts, &s, &err), HONE_E_CONFLICT);
		assert_true(hone_starts(err.msg, other));
	}
}

static void test_words(void **state)
{
	enum hone_size_by by;

	(void)state;
	for (int i = HONE_SIZE_BY_SECTION; i <= HONE_SIZE_BY_FILE; i++) {
		assert_true(hone_size_by_parse(
			hone_view_of(hone_size_by_name((enum hone_size_by)i)), &by));
		assert_int_equal(by, i);
	}
	assert_false(hone_size_by_parse(HONE_VIEW("crates"), &by));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_sums),
		cmocka_unit_test(test_sections), cmocka_unit_test(test_functions),
		cmocka_unit_test(test_crates_of_c), cmocka_unit_test(test_source_files),
		cmocka_unit_test_setup_teardown(test_diff, scratch_make, scratch_remove),
		cmocka_unit_test(test_diff_of_crates),
		cmocka_unit_test_setup_teardown(test_twin, scratch_make, scratch_remove),
		cmocka_unit_test(test_words)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
