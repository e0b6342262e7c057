#ifndef HONE_RUN_SERVER_GROUP_H
#define HONE_RUN_SERVER_GROUP_H
/* The processes of a server under measurement: its process group, which the workers of a forking server share. */

#include "proc.h"

struct hone_server_group {
	double cpu_s;      /* CPU time of all that live */
	double peak_bytes; /* sum of their peaks of resident memory */
	unsigned members;
	unsigned running; /* threads that run or wait for a CPU */
};

/* What the group has used until now, from /proc. */
struct hone_server_group hone_server_group_now(int group);

/* Waits until nothing of the server's group runs any more, HONE_RULE_SETTLE_S at most (it may always have something to do):
 * what was asked of it before is answered then, and counts for nothing that comes. Errors: those of hone_proc_pump. */
int hone_server_group_settle(struct hone_proc *server, struct hone_err *err);

#endif
