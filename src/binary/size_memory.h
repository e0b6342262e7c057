#ifndef HONE_BINARY_SIZE_MEMORY_H
#define HONE_BINARY_SIZE_MEMORY_H
/* What a program takes of a device's memory: for targets without an operating system, where the
 * file's size says nothing. Flash holds what LOAD segments bring from the file; RAM holds what is
 * writable or runs at another address than it is stored at. */
#include "memory_regions.h"
#include "size.h"

struct hone_memory_row {
	char *name;
	enum hone_size_kind kind;
	uint64_t flash, ram;
};

struct hone_memory_region {
	char *name;
	uint64_t origin, length, used;
};

struct hone_memory {
	uint64_t flash, ram;          /* sums of the rows */
	struct hone_memory_row *rows; /* the most flash first, then the most RAM */
	size_t n;
	struct hone_memory_region
		*regions; /* in the script's order; used as ld --print-memory-usage counts */
	size_t n_regions;
};
#define HONE_MEMORY_INIT                                                                           \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_memory __attribute__((cleanup(hone_memory_release)))

/* Flash and RAM from the program headers alone: bytes that LOAD segments bring from the file, and
 * bytes of memory of those that are writable or stored elsewhere. */
int hone_memory_totals(
	const char *path, uint64_t *ret_flash, uint64_t *ret_ram, struct hone_err *err);
/* The same by section (by HONE_SIZE_BY_SECTION) or by crate, instance or function. regions may be
 * NULL. HONE_E_UNSUPPORTED for an object file, which has no addresses yet. */
int hone_size_memory(struct hone_size *s, enum hone_size_by by, const struct hone_regions *regions,
	struct hone_memory *ret_memory, struct hone_err *err);
void hone_memory_release(struct hone_memory *m);

#endif
