#ifndef HONE_BINARY_MEMORY_REGIONS_H
#define HONE_BINARY_MEMORY_REGIONS_H
/* The memory of a device, as a linker script's MEMORY command tells it:
 *   MEMORY { FLASH (rx) : ORIGIN = 0x08000000, LENGTH = 256K  RAM : ORIGIN = 0x20000000, LENGTH = 64K }
 * Grammar: the GNU ld manual, "MEMORY Command". Expressions may use numbers with K and M, + - * /,
 * parentheses, and ORIGIN(NAME) and LENGTH(NAME) of earlier regions. */
#include "err.h"
#include "view.h"

struct hone_region {
	char *name;
	uint64_t origin, length;
};

struct hone_regions {
	struct hone_region *v;
	size_t n, cap;
};
#define HONE_REGIONS_INIT                                                                          \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_regions __attribute__((cleanup(hone_regions_release)))

/* Reads every MEMORY command of a script. HONE_E_SYNTAX with the line; HONE_E_NOT_FOUND: there is no
 * such command. */
int hone_regions_parse(
	struct hone_view script, struct hone_regions *ret_regions, struct hone_err *err);
void hone_regions_release(struct hone_regions *r);

#endif
