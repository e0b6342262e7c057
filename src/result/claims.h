#ifndef HONE_RESULT_CLAIMS_H
#define HONE_RESULT_CLAIMS_H
/* What posts about release builds say of the published recipes, and what became of it in a run. */
#include "result_run.h"

enum hone_claim_state {
	HONE_CLAIM_OPEN, /* nothing was measured that would tell */
	HONE_CLAIM_HOLDS,
	HONE_CLAIM_FAILS,
	HONE_CLAIM_UNDECIDED, /* measured, and it could be either */
};
/* "holds here", ...: for tables. */
const char *hone_claim_state_text(enum hone_claim_state s);

struct hone_claim {
	const char *says; /* static */
	enum hone_claim_state state;
	char *why; /* the figures, or what would tell; NULL: nothing to add */
};
#define HONE_CLAIMS 3

/* Judges all claims by a run (NULL: there is none yet). hone_claims_release frees what they hold. */
void hone_claims_judge(const struct hone_result_run *run, struct hone_claim ret[HONE_CLAIMS]);
void hone_claims_release(struct hone_claim claims[HONE_CLAIMS]);

#endif
