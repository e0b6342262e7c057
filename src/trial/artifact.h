#ifndef HONE_TRIAL_ARTIFACT_H
#define HONE_TRIAL_ARTIFACT_H
/* A built binary, kept in hone's folder, and everything that is known of it without running it. */
#include "cargo_run.h"
#include "compress.h"
#include "object.h"
#include "hash.h"
#include "profile_use.h"

struct hone_artifact {
	char *path; /* hone's own copy */
	struct hone_hash hash;
	uint64_t size;
	uint64_t stripped_size; /* after hone's strip of symbols, computed in memory */
	struct hone_packed packed;
	/* Of what wasm-bindgen makes of it, for packages that need it; 0: it was not run. */
	struct hone_packed bound;
	uint64_t bound_size;
	struct hone_object_info elf;
	/* On a target without an operating system: bytes that it takes of the device's memory (see
	 * size_memory.h); the file's size says nothing there. */
	bool bare;
	uint64_t flash, ram;
	bool is_elf;         /* elf and stripped_size are known */
	bool exact;          /* made by the very arguments that apply writes down */
	bool path_dependent; /* the bytes hold the folder it was built in */
	bool reused; /* nothing had to be compiled; cost is that of the build that did, if known */
	struct hone_build_cost cost;
	struct hone_profile_use used; /* of a trained plan; that of train.hot by hone_twin_build */
	struct hone_strv
		beside; /* endings of files that belong to it and lie beside path and built_at: ".dwp" */
	struct hone_strv script_env; /* as in struct hone_cargo_run */
	char *built_at;              /* cargo's own path of the binary, below build/ */
};

/* Builds a plan and keeps the result: hone's copy, its facts, the cost. A post step of the plan is
 * applied to the copy. watch may be NULL. Compressed sizes are computed by workers (compress.h)
 * while hone goes on; hone_artifact_finish waits for them and must be called before they are read. */
int hone_artifact_build(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const char *link_dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, struct hone_err *err);
/* Where hone's copy of a plan's artifact lies. The caller frees. */
char *hone_artifact_path(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir);
/* Puts what build scripts of this build wrote beside the executable, and the libraries that stand there, into dir, as
 * cargo has it. */
int hone_artifact_copy_siblings(
	const struct hone_artifact *a, const char *dir, struct hone_err *err);
/* Copies the files that belong to an artifact to where the artifact itself was copied: path with their endings. */
int hone_artifact_copy_beside(
	const struct hone_artifact *a, const char *path, struct hone_err *err);
int hone_artifact_finish(struct hone_artifact *a, struct hone_err *err);
void hone_artifact_free(struct hone_artifact *a);
/* What "smaller" means: flash on a device, else the size of the file. */
uint64_t hone_artifact_cost(const struct hone_artifact *a);

#endif
