#ifndef HONE_TRIAL_SLURM_H
#define HONE_TRIAL_SLURM_H
/* Shares of a comparison as tasks of Slurm: the training as a job, then an array that depends on it, a task a candidate.
 * docs/internals/machines.md has what was seen of Slurm. */
#include "shard.h"

/* All is borrowed. */
struct hone_slurm_request {
	const struct hone_strv *words;   /* of the command of a share, from `cargo` on */
	const struct hone_strv *options; /* of sbatch, one each */
};
/* Submits what is missing, waits for it, and reads all files; candidates are planned. What arrived stays in hone's folder, and
 * a second call goes on from there. HONE_E_NOT_FOUND: no Slurm; HONE_E_FAILED: it refuses, or tasks ended without a file;
 * HONE_E_INTERRUPTED: the jobs were cancelled. */
int hone_slurm_shards(struct hone_try *t, const struct hone_slurm_request *r,
	struct hone_shards *ret, struct hone_err *err);
/* The run is kept: nothing of what arrived is needed any more. */
void hone_slurm_forget(const struct hone_session *s);

/* ---- asking Slurm (slurm_ask.c) */

/* The largest index that a task of an array may have; 0: no arrays. */
int hone_slurm_largest(uint64_t *ret, struct hone_err *err);
/* *ret_id is the caller's to free. */
int hone_slurm_submit(const char *const *argv, char **ret_id, struct hone_err *err);
/* Called for each task that is queued or runs; task 0: of a job that is no array. */
typedef void hone_slurm_task_fn(void *ctx, uint64_t task, const char *state, const char *reason);
/* Errors other than HONE_E_INTERRUPTED: the controller does not answer. */
int hone_slurm_queue(
	const struct hone_strv *jobs, hone_slurm_task_fn *each, void *ctx, struct hone_err *err);
/* How a task ended, in words, "" where Slurm has forgotten it. The caller frees. */
char *hone_slurm_end(const char *job, uint64_t task);
void hone_slurm_cancel(const struct hone_strv *jobs);

#endif
