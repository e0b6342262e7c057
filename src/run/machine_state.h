#ifndef HONE_RUN_MACHINE_STATE_H
#define HONE_RUN_MACHINE_STATE_H
/* What the machine is doing while it measures: what makes times noisy or wrong. Everything is read from
 * /proc and /sys; what a machine does not tell is left out. */
#include "strv.h"

struct hone_machine_state {
	double load;           /* runnable processes, mean over the last minute; < 0: unknown */
	unsigned cpus;         /* that this process may use */
	char *governor;        /* cpufreq of CPU 0, NULL: unknown */
	int turbo;             /* 1 on, 0 off, -1 unknown */
	int smt;               /* 1: cores share hardware threads, 0: no, -1 unknown */
	uint64_t swap_in;      /* pages read from swap since boot */
	uint64_t throttled;    /* thermal throttling events of all CPUs since boot */
	bool tells_throttling; /* false: throttled is always 0 here */
	uint64_t total,
		steal; /* clock ticks of all CPUs since boot; of them taken by the hypervisor */
};

void hone_machine_state_read(struct hone_machine_state *ret);
void hone_machine_state_release(struct hone_machine_state *s);
/* All of it between two moments in one line, with what this machine does not tell; the caller frees. */
char *hone_machine_state_text(
	const struct hone_machine_state *before, const struct hone_machine_state *after);
/* Appends a line for everything between two moments that a reader of the times should know. */
void hone_machine_state_notes(const struct hone_machine_state *before,
	const struct hone_machine_state *after, struct hone_strv *notes);

#endif
