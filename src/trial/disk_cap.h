#ifndef HONE_TRIAL_DISK_CAP_H
#define HONE_TRIAL_DISK_CAP_H
/* Keeps hone's folder below a size: what was used longest ago goes first. Never the artifact of a winner,
 * never what was used since this command began. What goes can be built again; results never go. */
#include "strv.h"
#include "workdir.h"

#define HONE_DISK_CAP_DEFAULT ((uint64_t)20 * 1000 * 1000 * 1000)

struct hone_disk_cap {
	uint64_t bytes;  /* the most that the folder may occupy */
	int64_t since_s; /* seconds since the epoch: when this command began */
	const struct hone_strv
		*winners; /* hashes of artifacts that stay, as hone_hash_text has them */
};

/* *ret_freed: bytes that were freed; *ret_left: bytes that the folder still occupies, above the cap when
 * everything else is a winner or in use. */
int hone_disk_cap(const struct hone_workdir *dir, const struct hone_disk_cap *cap,
	uint64_t *ret_freed, uint64_t *ret_left, struct hone_err *err);

/* Marks a unit of cargo's as used now, from a path that cargo named for it: D/deps/libX-HASH.rlib,
 * D/build/X-HASH/out. Paths of other forms are none. */
void hone_disk_cap_used(const char *path);

#endif
