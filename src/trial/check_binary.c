/* The binary of a side, as text within its file: compressed by zstd, in base64 (RFC 4648). */
#include "check_binary.h"

#include "fs.h"

#include <string.h>
#include <zstd.h>

/* A buffer takes no more. */
#define LARGEST (HONE_BUF_DEFAULT_LIMIT - 1)
#define LEVEL 9

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void to_base64(struct hone_buf *to, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)p[i] << 16;

		if (i + 1 < n)
			v |= (unsigned)p[i + 1] << 8;
		if (i + 2 < n)
			v |= p[i + 2];
		hone_buf_addc(to, digits[v >> 18]);
		hone_buf_addc(to, digits[v >> 12 & 63]);
		hone_buf_addc(to, i + 1 < n ? digits[v >> 6 & 63] : '=');
		hone_buf_addc(to, i + 2 < n ? digits[v & 63] : '=');
	}
}

static bool from_base64(const char *text, struct hone_buf *to)
{
	size_t n = strlen(text);

	if (n % 4)
		return false;
	for (size_t i = 0; i < n; i += 4) {
		size_t pad = i + 4 < n ? 0 : (size_t)(text[i + 3] == '=') + (text[i + 2] == '=');
		unsigned v = 0;

		for (size_t k = 0; k < 4; k++) {
			const char *at = k < 4 - pad ? memchr(digits, text[i + k], 64) : digits;

			if (!at)
				return false;
			v = v << 6 | (unsigned)(at - digits);
		}
		for (size_t k = 0; k < 3 - pad; k++)
			hone_buf_addc(to, (char)(v >> (16 - 8 * k) & 255));
	}
	return true;
}

int hone_check_pack(const char *path, struct hone_buf *to, struct hone_err *err)
{
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	hone_auto_free unsigned char *packed = NULL;
	size_t bound, n;

	if (hone_fs_read(path, LARGEST, &bytes, NULL, err))
		return err->code;
	bound = ZSTD_compressBound(bytes.n);
	packed = hone_xmalloc(bound);
	n = ZSTD_compress(packed, bound, hone_buf_str(&bytes), bytes.n, LEVEL);
	if (ZSTD_isError(n))
		return hone_err_set(
			err, HONE_E_FAILED, "compressing %s: %s", path, ZSTD_getErrorName(n));
	to_base64(to, packed, n);
	return 0;
}

bool hone_check_unpack(const char *text, struct hone_buf *to)
{
	hone_auto_buf struct hone_buf packed = HONE_BUF_INIT;
	hone_auto_free char *bytes = NULL;
	unsigned long long size;
	size_t n;

	if (!from_base64(text, &packed))
		return false;
	size = ZSTD_getFrameContentSize(hone_buf_str(&packed), packed.n);
	if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || !size ||
		size > LARGEST)
		return false;
	bytes = hone_xmalloc((size_t)size);
	n = ZSTD_decompress(bytes, (size_t)size, packed.p, packed.n);
	if (ZSTD_isError(n) || n != size)
		return false;
	hone_buf_add(to, bytes, n);
	return true;
}
