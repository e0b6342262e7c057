/* Any bytes as an ELF file: facts, strip levels, debug file, and every table of sizes. */
#include "object.h"
#include "strip.h"
#include "stack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_strip(struct hone_view in, enum hone_strip_level level)
{
	hone_auto_buf struct hone_buf once = HONE_BUF_INIT, twice = HONE_BUF_INIT;
	struct hone_object_info info = HONE_OBJECT_INFO_INIT;

	if (hone_strip_bytes(in, level, NULL, &once, NULL) < 0)
		return;
	/* What hone writes, hone reads; unless headers that overlap each other were overwritten. */
	if (hone_object_info_from_bytes(hone_buf_view(&once), &info, NULL) == 0)
		hone_object_info_release(&info);
	(void)hone_strip_bytes(hone_buf_view(&once), level, NULL, &twice, NULL);
}

static void check_sizes(struct hone_view in)
{
	struct hone_size *s = NULL;

	if (hone_size_open_bytes(in, "input", NULL, &s, NULL) < 0)
		return;
	for (int by = HONE_SIZE_BY_SECTION; by <= HONE_SIZE_BY_FILE; by++) {
		hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;
		uint64_t sum = 0;

		if (hone_size_table(s, (enum hone_size_by)by, false, &t, NULL) < 0)
			continue;
		for (size_t i = 0; i < t.n; i++) {
			sum += t.rows[i].size;
			if (t.rows[i].size > in.n || t.rows[i].code > t.rows[i].size)
				hone_bug("row %s has %llu bytes", t.rows[i].name,
					(unsigned long long)t.rows[i].size);
		}
		if (sum != in.n)
			hone_bug(
				"view %d sums to %llu, not %zu", by, (unsigned long long)sum, in.n);
	}
	hone_auto_stack struct hone_stack stack = HONE_STACK_INIT;

	(void)hone_size_stack(s, &stack, NULL);
	hone_size_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hone_view in = {(const char *)data, size};
	struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	hone_auto_buf struct hone_buf debug = HONE_BUF_INIT;
	uint32_t crc;

	if (hone_object_info_from_bytes(in, &info, NULL) == 0)
		hone_object_info_release(&info);
	check_strip(in, HONE_STRIP_DEBUGINFO);
	check_strip(in, HONE_STRIP_SYMBOLS);
	check_strip(in, HONE_STRIP_ALL);
	(void)hone_strip_debug_file(in, &debug, &crc, NULL);
	check_sizes(in);
	return 0;
}
