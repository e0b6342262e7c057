#include "record.h"

#include "fs.h"
#include "jsonw.h"
#include "machine.h"

#include <jansson.h>
#include <string.h>

#define RECORD_LIMIT ((size_t)64 << 10)

static uint64_t number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

static double real(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key));
}

/* Of all whole numbers: fractions do not come back to the last digit. */
static void sign(const struct hone_record *r, char ret[HONE_HASH_TEXT])
{
	char hash[HONE_HASH_TEXT];
	hone_auto_free char *text = hone_xasprintf("record %s %ju %ju %ju %ju %ju %ju %ju %ju %u",
		hone_hash_text(hash, r->hash), (uintmax_t)r->packed.gzip, (uintmax_t)r->packed.zstd,
		(uintmax_t)r->packed.brotli, (uintmax_t)r->bound_size, (uintmax_t)r->bound.gzip,
		(uintmax_t)r->bound.zstd, (uintmax_t)r->bound.brotli, (uintmax_t)r->cost.peak_rss,
		r->cost.units);

	hone_machine_sign(hone_view_of(text), ret);
}

void hone_record_read(const char *path, struct hone_record *ret_record)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char here[HONE_HASH_TEXT];
	const char *signed_by;
	json_t *o;

	*ret_record = (struct hone_record){0};
	if (hone_fs_read(path, RECORD_LIMIT, &text, NULL, NULL))
		return;
	o = json_loadb(hone_buf_str(&text), text.n, 0, NULL);
	if (json_is_object(o))
		*ret_record = (struct hone_record){.known = true,
			.hash = {.lo = (uint64_t)json_integer_value(json_object_get(o, "hash_lo")),
				.hi = (uint64_t)json_integer_value(json_object_get(o, "hash_hi"))},
			.packed = {number(o, "gzip_size"), number(o, "zstd_size"),
				number(o, "brotli_size")},
			.bound_size = number(o, "bound_size"),
			.bound = {number(o, "bound_gzip_size"), number(o, "bound_zstd_size"),
				number(o, "bound_brotli_size")},
			.cost = {.wall_s = real(o, "wall_s"),
				.cpu_s = real(o, "cpu_s"),
				.peak_rss = number(o, "peak_rss"),
				.units = (unsigned)number(o, "units")}};
	sign(ret_record, here);
	signed_by = json_string_value(json_object_get(o, "here"));
	if (!signed_by || strcmp(signed_by, here) != 0)
		*ret_record = (struct hone_record){0};
	json_decref(o);
}

int hone_record_write(const char *path, const struct hone_record *record, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char here[HONE_HASH_TEXT];
	struct hone_jsonw w;

	sign(record, here);
	hone_jsonw_init(&w, &text, true);
	hone_jsonw_object(&w);
	hone_jsonw_kstr(&w, "here", here);
	/* jansson reads signed 64-bit numbers only. */
	hone_jsonw_ki64(&w, "hash_lo", (int64_t)record->hash.lo);
	hone_jsonw_ki64(&w, "hash_hi", (int64_t)record->hash.hi);
	hone_jsonw_ku64(&w, "gzip_size", record->packed.gzip);
	hone_jsonw_ku64(&w, "zstd_size", record->packed.zstd);
	hone_jsonw_ku64(&w, "brotli_size", record->packed.brotli);
	if (record->bound_size) {
		hone_jsonw_ku64(&w, "bound_size", record->bound_size);
		hone_jsonw_ku64(&w, "bound_gzip_size", record->bound.gzip);
		hone_jsonw_ku64(&w, "bound_zstd_size", record->bound.zstd);
		hone_jsonw_ku64(&w, "bound_brotli_size", record->bound.brotli);
	}
	hone_jsonw_kf64(&w, "wall_s", record->cost.wall_s);
	hone_jsonw_kf64(&w, "cpu_s", record->cost.cpu_s);
	hone_jsonw_ku64(&w, "peak_rss", record->cost.peak_rss);
	hone_jsonw_ku64(&w, "units", record->cost.units);
	hone_jsonw_end(&w);
	return hone_fs_write_cache(path, hone_buf_view(&text), 0666, err);
}
