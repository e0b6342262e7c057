#ifndef HONE_TRIAL_LOST_H
#define HONE_TRIAL_LOST_H
/* What a candidate's file has less, or more, than the baseline's without a setting of its recipe saying so: a linker that
 * takes the symbol table with the debug information, or one that keeps what another took. Bytes of that kind are not
 * what the setting wins. */
#include "artifact.h"
#include "candidate.h"
#include "result_run.h"

enum hone_lost {
	HONE_LOST_SYMBOLS = 1 << 0,
	HONE_LOST_DEBUG = 1 << 1,
	HONE_LOST_UNWIND = 1 << 2,
	HONE_KEPT_SYMBOLS = 1 << 3, /* the baseline's file has none */
	HONE_KEPT_DEBUG = 1 << 4,
};

/* Bits of enum hone_lost, a being what the plan made; 0 where either file is not ELF. */
unsigned hone_lost_find(const struct hone_plan *plan, const struct hone_artifact *base,
	const struct hone_artifact *a);
/* The labels of what went: those that the settings carry that take it. */
unsigned hone_lost_labels(unsigned lost);
/* What went or stayed, who linked, and the sizes without symbols, as one sentence; NULL when nothing did. The caller
 * frees. */
char *hone_lost_text(
	unsigned lost, const struct hone_artifact *base, const struct hone_artifact *a);
/* hone_artifact_cost as far as the recipe itself made it: where symbols or debug information went without being
 * asked to, with as many bytes of them as the baseline has. */
uint64_t hone_lost_cost(
	unsigned lost, const struct hone_artifact *base, const struct hone_artifact *a);

#endif
