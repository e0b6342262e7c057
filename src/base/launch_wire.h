#ifndef HONE_BASE_LAUNCH_WIRE_H
#define HONE_BASE_LAUNCH_WIRE_H
/* What hone and its launcher (src/helper/helper_launch.c) say to each other over a stream socket.
 *
 * The launcher is a tiny process that starts all programs. It outlives hone by a moment: the kernel tells it of hone's
 * death, and it kills whatever it and its programs have started, which comes to it as it is a subreaper; then it
 * ends, too. What is measured has a launcher of its own kind: the kernel's
 * peak memory figure of a program includes that of the process it was forked from, and a small
 * parent forks faster. Both ends come from the same build, so plain structs travel.
 *
 *   hone -> launcher   request RUN with 3 descriptors, then its text
 *   launcher -> hone   started   (when errnum is set nothing runs and nothing follows)
 *   launcher -> hone   ended     once the program has ended; it stays a zombie, so that its
 *                                process group's number cannot be given to somebody else
 *   hone -> launcher   request FINISH: kill what is left of the group, with finish everything, and reap
 *   launcher -> hone   one byte
 *
 * When RUN asks for it (finish), the launcher says nothing until it says ended, with all that is left killed and
 * reaped, and no FINISH follows: hone sleeps while the program runs, and there are four switches between processes
 * less. Whoever wants to stop the program meanwhile finds its pid in memory that both share.
 * End of file on the socket ends the launcher alone; HONE_LAUNCH_SIGNAL ends it with everything. */
#include "proc_child.h"
#include "usage.h"

#include <signal.h>
#include <stdatomic.h>

/* argv: the name, the socket's number, and a word for what it starts: measured programs get no descriptors but
 * their three, plain ones those that hone was started with, too. */
#define HONE_LAUNCH_NAME "hone-launch"
#define HONE_LAUNCH_MEASURED "measured"
#define HONE_LAUNCH_PLAIN "plain"
#define HONE_LAUNCH_SHARED 0 /* descriptor of a struct hone_launch_shared, in place of stdin */
#define HONE_LAUNCH_SIGNAL SIGUSR1

enum hone_launch_kind { HONE_LAUNCH_RUN = 1, HONE_LAUNCH_FINISH = 2 };

/* RUN is followed by NUL-terminated strings: file, folder ("" for none), the arguments, the
 * environment. */
struct hone_launch_request {
	uint32_t kind;
	uint32_t text_bytes;
	uint32_t n_args, n_env;
	int32_t cpu; /* as in struct hone_child; the launcher moves there with it */
	uint32_t
		finish; /* RUN: kill and reap all that is left as soon as the program has ended; FINISH: all
			  * that is left, not only the program's group */
};

struct hone_launch_shared {
	_Atomic int32_t pid;        /* of the program that runs; 0: none does */
	_Atomic int64_t started_ns; /* when it was started (CLOCK_MONOTONIC); 0: not yet */
};

struct hone_launch_started {
	int32_t pid;
	struct hone_child_failure failure;
};

struct hone_launch_ended {
	struct hone_child_failure failure; /* with finish; when errnum is set nothing ran */
	int32_t status;                    /* as wait gives it */
	struct hone_usage usage;
};

#endif
