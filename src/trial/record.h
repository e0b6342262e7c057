#ifndef HONE_TRIAL_RECORD_H
#define HONE_TRIAL_RECORD_H
/* What is remembered beside an artifact: facts that only its first build knew. */
#include "build_watch.h"
#include "compress.h"
#include "hash.h"

struct hone_record {
	bool known;            /* something could be read */
	struct hone_hash hash; /* of the bytes that the rest is about */
	struct hone_packed packed;
	/* Of what wasm-bindgen makes of it; 0: it was not run. */
	uint64_t bound_size;
	struct hone_packed bound;
	struct hone_build_cost cost;
};

/* Reads a record; one that is missing, damaged, or was not kept by this user on this machine is not known. */
void hone_record_read(const char *path, struct hone_record *ret_record);
int hone_record_write(const char *path, const struct hone_record *record, struct hone_err *err);

#endif
