#ifndef HONE_BASE_MACHINE_H
#define HONE_BASE_MACHINE_H
/* The machine that hone runs on, for records: results of different machines are not mixed. */
#include "hash.h"

struct hone_machine {
	char *cpu;       /* model name, "unknown" when the kernel does not tell */
	char *kernel;    /* "Linux 6.1.0-13-amd64" */
	char *arch;      /* "x86_64" */
	unsigned cores;  /* logical CPUs that this process may use */
	uint64_t memory; /* bytes of RAM */
	char *id; /* 16 hexadecimal digits that tell it from all others, NULL: the system does not tell */
	bool virtual_machine; /* the CPU says that a hypervisor runs below */
};

void hone_machine_read(struct hone_machine *ret);
/* The id by a file as /etc/machine-id: half of a salted hash, from which the file's own number, which is nobody's business,
 * does not follow. NULL: it holds no such number, as in a container that was not set up. The caller frees. */
char *hone_machine_id(const char *path);
/* A hash of a text, of this machine's number and of the user: what hone keeps with it in its folder was kept here. Who does not
 * know the number cannot make it; where there is none it tells damage only. */
void hone_machine_sign(struct hone_view what, char ret[HONE_HASH_TEXT]);
/* How many CPUs this process may use, at least 1; numbers of the first and the last of them (may be NULL). */
unsigned hone_machine_cpus(int *ret_first, int *ret_last);
/* Bytes of memory that programs may still take without anything being swapped: what the kernel says is available, and
 * what is left of the control group's limit. UINT64_MAX: not known. */
uint64_t hone_machine_memory_left(void);
/* Can this machine run what was compiled for a level of x86-64 ("x86-64-v3")? Of other names the answer is yes: only rustc
 * knows what they have. Source: x86-64 psABI, micro-architecture levels. */
bool hone_machine_runs(struct hone_view cpu);
void hone_machine_release(struct hone_machine *m);

#endif
