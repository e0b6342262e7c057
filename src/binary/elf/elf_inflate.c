#include "elf_inflate.h"

#include <elf.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif
#define MAX_PLAIN ((uint64_t)4 << 30)
#define MAX_RATIO 1100u

static int inflate_zlib(struct hone_view in, char *out, size_t size, struct hone_err *err)
{
	uLongf n = size;
	int rc = uncompress((Bytef *)out, &n, (const Bytef *)in.p, in.n);
	if (rc != Z_OK || n != size)
		return hone_err_set(err, HONE_E_SYNTAX, "is not what zlib wrote");
	return 0;
}

static int inflate_zstd(struct hone_view in, char *out, size_t size, struct hone_err *err)
{
	size_t n = ZSTD_decompress(out, size, in.p, in.n);
	if (ZSTD_isError(n) || n != size)
		return hone_err_set(err, HONE_E_SYNTAX, "is not what zstd wrote");
	return 0;
}

static int inflate_section(
	const struct hone_elf *e, struct hone_object_data *d, struct hone_err *err)
{
	size_t header = e->is64 ? sizeof(Elf64_Chdr) : sizeof(Elf32_Chdr);
	if (d->v.n < header)
		return hone_err_set(err, HONE_E_SYNTAX, "has no compression header");
	uint32_t type = hone_elf_u32(e, d->v.p);
	uint64_t size = hone_elf_word(e, d->v.p + (e->is64 ? 8 : 4));
	struct hone_view in = hone_view_sub(d->v, header, d->v.n);
	if (size > MAX_PLAIN || size / MAX_RATIO > in.n)
		return hone_err_set(err, HONE_E_LIMIT, "says that it is %llu bytes uncompressed",
			(unsigned long long)size);
	char *out = hone_xmalloc((size_t)size + 1);
	int rc;
	if (type == ELFCOMPRESS_ZLIB)
		rc = inflate_zlib(in, out, (size_t)size, err);
	else if (type == ELFCOMPRESS_ZSTD)
		rc = inflate_zstd(in, out, (size_t)size, err);
	else
		rc = hone_err_set(err, HONE_E_UNSUPPORTED,
			"is compressed in a way hone does not know (%u)", type);
	if (rc < 0) {
		free(out);
		return rc;
	}
	hone_object_data_release(d);
	*d = (struct hone_object_data){{out, (size_t)size}, out};
	return 0;
}

int hone_elf_load_debug(const struct hone_elf *e, const char *name,
	struct hone_object_data *ret_data, struct hone_err *err)
{
	hone_auto_free char *full = hone_xasprintf(".debug_%s", name);
	size_t i = hone_elf_find_section(e, full);
	struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	if (i == 0 || hone_elf_file_bytes(e, i) == 0)
		return hone_err_set(err, HONE_E_NOT_FOUND, "has no debug information (%s)", full);
	int rc = hone_elf_load_section(e, i, &d, err);
	if (rc == 0 && e->sh[i].flags & SHF_COMPRESSED) {
		rc = inflate_section(e, &d, err);
		if (rc < 0) {
			hone_object_data_release(&d);
			rc = hone_err_wrap(err, "section %s", full);
		}
	}
	if (rc == 0)
		*ret_data = d;
	return rc;
}
