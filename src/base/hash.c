#include "hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <xxhash.h>

struct hone_hash hone_hash_bytes(struct hone_view v)
{
	XXH128_hash_t h = XXH3_128bits(v.p, v.n);

	return (struct hone_hash){h.low64, h.high64};
}

struct hone_hasher {
	XXH3_state_t *state;
};

struct hone_hasher *hone_hasher_new(void)
{
	struct hone_hasher *h = HONE_NEW(struct hone_hasher);

	h->state = XXH3_createState();
	if (!h->state)
		hone_bug("no memory for a hash state");
	XXH3_128bits_reset(h->state);
	return h;
}

void hone_hasher_add(struct hone_hasher *h, struct hone_view v)
{
	XXH3_128bits_update(h->state, v.p, v.n);
}

struct hone_hash hone_hasher_end(struct hone_hasher *h)
{
	XXH128_hash_t sum = XXH3_128bits_digest(h->state);

	XXH3_freeState(h->state);
	free(h);
	return (struct hone_hash){sum.low64, sum.high64};
}

int hone_hash_file(const char *path, struct hone_hash *ret_hash, struct hone_err *err)
{
	hone_auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	hone_auto_free char *block = hone_xmalloc(1 << 16);
	struct hone_hasher *h;
	struct hone_hash sum;
	int errnum = 0;
	ssize_t n;

	if (fd < 0)
		return hone_err_sys(err, errno, "opening %s", path);
	h = hone_hasher_new();
	while (!errnum && (n = read(fd, block, 1 << 16)) != 0) {
		if (n > 0)
			hone_hasher_add(h, (struct hone_view){block, (size_t)n});
		else if (errno != EINTR)
			errnum = errno;
	}
	sum = hone_hasher_end(h);
	if (errnum)
		return hone_err_sys(err, errnum, "reading %s", path);
	*ret_hash = sum;
	return 0;
}

bool hone_hash_eq(struct hone_hash a, struct hone_hash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

const char *hone_hash_text(char out[HONE_HASH_TEXT], struct hone_hash h)
{
	snprintf(out, HONE_HASH_TEXT, "%016llx%016llx", (unsigned long long)h.hi,
		(unsigned long long)h.lo);
	return out;
}
