#ifndef HONE_RUN_GATE_IMPL_H
#define HONE_RUN_GATE_IMPL_H
/* The gate of one workload. Only for gate.c and gate_service.c. */
#include "measure_impl.h"

struct hone_gate_of {
	struct hone_comparison *s;
	const struct hone_workload *w;
	size_t workload;
	int exit_code; /* the one that is right */
	bool varies; /* hone's own choice of a run, whose output is not the same: it is not compared */
};

/* A service: what is wrong with the baseline's is an error, a contestant's takes it out. */
int hone_gate_baseline_service(struct hone_gate_of *g, struct hone_err *err);
int hone_gate_service(const struct hone_gate_of *g, size_t who, struct hone_err *err);
/* The same of a start until the first output, of anyone. */
int hone_gate_first_output(struct hone_gate_of *g, size_t who, struct hone_err *err);

#endif
