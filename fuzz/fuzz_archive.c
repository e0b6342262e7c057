/* The index of an ar archive: every name lies in the bytes, or it is an error. */
#include "archive.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	struct hone_view bytes;
	size_t n;
};

static void look(void *ctx, struct hone_view symbol, struct hone_view member)
{
	struct seen *s = ctx;
	const struct hone_view views[] = {symbol, member};

	for (size_t i = 0; i < 2; i++)
		if (views[i].p < s->bytes.p || views[i].p > s->bytes.p + s->bytes.n ||
			views[i].n > (size_t)(s->bytes.p + s->bytes.n - views[i].p))
			hone_bug("a name that is not in the archive");
	s->n++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen s = {{(const char *)data, size}, 0};

	if (hone_archive_symbols(s.bytes, look, &s, NULL) == 0 && s.n > size)
		hone_bug("more symbols than bytes");
	return 0;
}
