/* Any bytes as a linker script with MEMORY commands. */
#include "memory_regions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	hone_auto_regions struct hone_regions r = HONE_REGIONS_INIT;

	if (hone_regions_parse((struct hone_view){(const char *)data, size}, &r, NULL) < 0 && r.n)
		hone_bug("a script that is refused left regions behind");
	return 0;
}
