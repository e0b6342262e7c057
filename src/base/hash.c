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

int hone_hash_file(const char *path, struct hone_hash *ret_hash, struct hone_err *err)
{
	hone_auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	hone_auto_free char *block = hone_xmalloc(1 << 16);
	XXH3_state_t *state;
	XXH128_hash_t h;
	ssize_t n;

	if (fd < 0)
		return hone_err_sys(err, errno, "opening %s", path);
	state = XXH3_createState();
	if (!state)
		hone_bug("no memory for a hash state");
	XXH3_128bits_reset(state);
	while ((n = read(fd, block, 1 << 16)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			XXH3_freeState(state);
			return hone_err_sys(err, errno, "reading %s", path);
		}
		XXH3_128bits_update(state, block, (size_t)n);
	}
	h = XXH3_128bits_digest(state);
	XXH3_freeState(state);
	*ret_hash = (struct hone_hash){h.low64, h.high64};
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
