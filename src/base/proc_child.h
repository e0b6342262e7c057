#ifndef HONE_BASE_PROC_CHILD_H
#define HONE_BASE_PROC_CHILD_H
/* The part of starting a program that happens in the new process, between fork (or vfork) and exec.
 * Only system calls are allowed there, no allocation and no stdio. Shared by hone itself and by its
 * launcher (src/helper). */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct hone_child {
	const char *file; /* what is executed: no search in PATH any more */
	char *const *argv, *const *envp;
	const char *dir; /* NULL: stay */
	int fds[4];      /* become 0, 1, 2 and 3 of the program; fds[3] may be -1 */
	int cpu;         /* 1 + the CPU to pin it to; 0: no pinning */
	pid_t parent;    /* who starts it: when that process is gone, the program must not start */
	bool in_session; /* in the session of its parent, which has no terminal; else in a new one */
};

enum hone_child_step {
	HONE_CHILD_GROUP,
	HONE_CHILD_PARENT,
	HONE_CHILD_CPU,
	HONE_CHILD_STREAMS,
	HONE_CHILD_DIR,
	HONE_CHILD_EXEC,
};

/* What did not work; errnum is 0 when nothing failed. Travels through pipes. */
struct hone_child_failure {
	int32_t step, errnum;
};

/* Gives every signal its default disposition: SIG_IGN would survive exec. */
void hone_child_reset_signals(void);

/* Confines this thread, and what it starts, to a CPU; cpu: 1 + its number. false: errno says why. */
bool hone_pin_thread(int cpu);

/* Makes this process the leader of a new group that dies with its parent, without a terminal, lets all
 * signals in and executes the program. Returns only when something failed. Writes no memory but *ret and its own
 * stack, so that it may run in a vfork child. */
void hone_child_exec(const struct hone_child *c, struct hone_child_failure *ret);

#endif
