/* Whose counters a profile holds: the compiler's passes' (PGO) or its front end's (coverage). */
#include "profile_kind.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Bytes of magic number and version. */
#define HEADER 16

/* Both kinds of file begin with a magic number and a version of eight bytes each, whose highest byte says what was
 * counted; bit 0 of it: by a pass on LLVM's IR. Raw profiles have the program's byte order, indexed ones little endian.
 * -1: no profile. Sources: InstrProfData.inc, InstrProf.h. */
static int highest_byte(const unsigned char *h)
{
	static const unsigned char raw[] = {0x81, 'r', 'f', 'o', 'r', 'p', 'l', 0xff};
	static const unsigned char indexed[] = {0xff, 'l', 'p', 'r', 'o', 'f', 'i', 0x81};
	size_t same = 0, swapped = 0;

	if (memcmp(h, indexed, sizeof(indexed)) == 0)
		return h[HEADER - 1];
	/* A capital R: counted on a system of 32 bits. */
	for (size_t i = 0; i < sizeof(raw); i++) {
		same += h[i] == raw[i] || (i == 1 && h[i] == 'R');
		swapped += h[i] == raw[7 - i] || (i == 6 && h[i] == 'R');
	}
	if (same == sizeof(raw))
		return h[HEADER - 1];
	return swapped == sizeof(raw) ? h[sizeof(raw)] : -1;
}

bool hone_profile_is_of_coverage(const char *path)
{
	unsigned char header[HEADER];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), kind = -1;

	if (fd >= 0 && read(fd, header, sizeof(header)) == (ssize_t)sizeof(header))
		kind = highest_byte(header);
	if (fd >= 0)
		close(fd);
	return kind >= 0 && !(kind & 1);
}
