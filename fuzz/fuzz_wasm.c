/* Any bytes as a WebAssembly file: facts, names, features, exports, strip levels, and every table of sizes. */
#include "object.h"
#include "size_advice.h"
#include "strip.h"
#include "wasm_code.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_strip(struct hone_view in, enum hone_strip_level level)
{
	hone_auto_buf struct hone_buf once = HONE_BUF_INIT, twice = HONE_BUF_INIT;
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;

	if (hone_strip_bytes(in, level, NULL, &once, NULL))
		return;
	if (once.n > in.n)
		hone_bug("level %d makes %zu bytes of %zu", level, once.n, in.n);
	if (hone_object_info_from_bytes(hone_buf_view(&once), &info, NULL))
		hone_bug("what level %d leaves cannot be read", level);
	if (hone_strip_bytes(hone_buf_view(&once), level, NULL, &twice, NULL) ||
		!hone_view_eq(hone_buf_view(&once), hone_buf_view(&twice)))
		hone_bug("level %d finds more to take away the second time", level);
}

static void check_table(struct hone_size *s, enum hone_size_by by, size_t size)
{
	hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;
	uint64_t sum = 0;

	if (hone_size_table(s, by, false, &t, NULL))
		return;
	for (size_t i = 0; i < t.n; i++) {
		sum += t.rows[i].size;
		if (t.rows[i].size > size || t.rows[i].code > t.rows[i].size)
			hone_bug("row %s has %llu bytes", t.rows[i].name,
				(unsigned long long)t.rows[i].size);
	}
	if (sum != size)
		hone_bug("view %d sums to %llu, not %zu", by, (unsigned long long)sum, size);
}

static void check_sizes(struct hone_view in)
{
	struct hone_advice_list advice;
	struct hone_size *s = NULL;

	if (hone_size_open_bytes(in, "input", NULL, &s, NULL))
		return;
	for (int by = HONE_SIZE_BY_SECTION; by <= HONE_SIZE_BY_FILE; by++)
		check_table(s, (enum hone_size_by)by, in.n);
	hone_size_advice(s, &advice);
	hone_advice_list_release(&advice);
	hone_size_free(s);
}

static void see_feature(void *ctx, struct hone_view feature, bool used)
{
	*(size_t *)ctx += feature.n + used;
}

static void see_export(void *ctx, struct hone_view name, unsigned kind, uint32_t index)
{
	*(size_t *)ctx += name.n + kind + index;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hone_view in = {(const char *)data, size};
	hone_auto_wasm struct hone_wasm w = HONE_WASM_INIT;
	size_t seen = 0, covered = 0;

	if (hone_wasm_parse(in, &w, NULL))
		return 0;
	for (uint32_t i = 0; i < w.modules.n; i++) {
		covered += 8;
		(void)hone_wasm_each_feature(&w, i, see_feature, &seen);
		(void)hone_wasm_each_export(&w, i, see_export, &seen, NULL);
	}
	for (size_t i = 0; i < w.sections.n; i++)
		covered += w.sections.v[i].size;
	if (covered != size)
		hone_bug("sections cover %zu of %zu bytes", covered, size);
	check_strip(in, HONE_STRIP_DEBUGINFO);
	check_strip(in, HONE_STRIP_SYMBOLS);
	check_strip(in, HONE_STRIP_ALL);
	check_sizes(in);
	return 0;
}
