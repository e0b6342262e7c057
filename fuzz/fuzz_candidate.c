/* A candidate as typed: what is taken has a canonical text that means exactly the same. */
#include "candidate.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	hone_auto_free char *text = hone_xstrndup((const char *)data, size);
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_candidate *c, *again;

	if (hone_candidate_parse(text, &c, &err) < 0) {
		if (err.code != HONE_E_USAGE || !err.msg[0])
			hone_bug("refused without a reason: %s", text);
		return 0;
	}
	hone_auto_free char *once = hone_candidate_canonical(c);
	if (!hone_candidate_is_baseline(c)) {
		if (hone_candidate_parse(once, &again, &err) < 0)
			hone_bug("%s means %s, which is refused: %s", text, once, err.msg);
		hone_auto_free char *twice = hone_candidate_canonical(again);
		if (strcmp(once, twice) != 0)
			hone_bug("%s means %s, which means %s", text, once, twice);
		hone_candidate_free(again);
	}
	hone_candidate_free(c);
	return 0;
}
