#ifndef HONE_BASE_HASH_H
#define HONE_BASE_HASH_H
/* XXH3-128: identity of content where nobody attacks it (cache keys, artifact identity). */
#include "err.h"
#include "view.h"

struct hone_hash {
	uint64_t lo, hi;
};
#define HONE_HASH_TEXT 33

struct hone_hash hone_hash_bytes(struct hone_view v);
int hone_hash_file(const char *path, struct hone_hash *ret_hash, struct hone_err *err);
bool hone_hash_eq(struct hone_hash a, struct hone_hash b);
/* The same over bytes that come in pieces. end gives the hash and frees the hasher. */
struct hone_hasher;
struct hone_hasher *hone_hasher_new(void);
void hone_hasher_add(struct hone_hasher *h, struct hone_view v);
struct hone_hash hone_hasher_end(struct hone_hasher *h);
/* 32 hexadecimal digits, the canonical XXH3-128 form (what xxhsum -H2 prints). */
const char *hone_hash_text(char out[HONE_HASH_TEXT], struct hone_hash h);

#endif
