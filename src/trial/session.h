#ifndef HONE_TRIAL_SESSION_H
#define HONE_TRIAL_SESSION_H
/* What everything about a project needs first: toolchain, project, selected binary, profiles. */
#include "events.h"
#include "plan.h"
#include "workload.h"
#include "workdir.h"

struct hone_store_held;

enum hone_session_want {
	HONE_SESSION_GRAPH = 1 << 0, /* dependencies, too */
	HONE_SESSION_BUILD =
		1 << 1, /* creates and locks target/hone/; cargo may write Cargo.lock */
	HONE_SESSION_NO_BIN = 1 << 2, /* no binary has to be selected */
	HONE_SESSION_WRITE =
		1
		<< 3, /* files of the user's are written: no other hone reads or writes them meanwhile */
	HONE_SESSION_NO_WAIT = 1 << 4, /* another hone at work is an error */
	HONE_SESSION_SEVERAL = 1 << 5, /* several targets may be selected */
};

struct hone_session {
	struct hone_toolchain *toolchain;
	struct hone_project *project;
	struct hone_profile_set *profiles;
	struct hone_workdir dir;
	struct hone_build_env env;
	const struct hone_events *events; /* borrowed; NULL: nobody listens */
	struct hone_store_held *results;  /* what was measured before */
	int turn_fd;                      /* the lock on the workspace's root, or -1 */
};

#define HONE_SESSION_INIT                                                                          \
	{                                                                                          \
		.dir = {.lock_fd = -1}, .turn_fd = -1                                              \
	}

/* opts and events (NULL: nobody listens) are borrowed while the session is open. */
int hone_session_open(const struct hone_cargo_opts *opts, const struct hone_events *events,
	unsigned want, struct hone_session *ret, struct hone_err *err);
void hone_session_close(struct hone_session *s);
/* Profiles lie there from now on, in the place of hone's own folder. */
void hone_session_profiles_in(struct hone_session *s, const char *folder);
/* From now on (again) what builds depend on must stay as it is: see inputs.h. An open session for builds does so. */
void hone_session_hold_inputs(struct hone_session *s);
/* The triple that is built for. Borrowed. */
const char *hone_session_triple(const struct hone_session *s);

/* The workloads of hone.toml, which lies beside the package's Cargo.toml, else in the workspace root; none
 * is no error. The caller releases and frees them. */
int hone_session_workloads(const struct hone_session *s, struct hone_workload **ret, size_t *ret_n,
	struct hone_err *err);

/* The session with another target, or a bench target of the package (which there is), in place of the selected one.
 * project and ret are the caller's and borrow everything from s: neither is closed or freed. */
void hone_session_for_other(const struct hone_session *s, const struct hone_other *other,
	struct hone_project *project, struct hone_session *ret);
void hone_session_for_bench(const struct hone_session *s, const char *name,
	struct hone_project *project, struct hone_session *ret);

/* Is a library selected, rather than a program? */
bool hone_session_is_library(const struct hone_session *s);
/* Can workloads be run here? HONE_E_USAGE when a workload starts a library, or a program for another machine or system
 * without an emulator; said before anything is built. */
int hone_session_can_run(const struct hone_session *s, const struct hone_workload *list, size_t n,
	struct hone_err *err);

/* Parses candidates as typed: duplicates (same recipe) are an error of usage. Each is the caller's
 * to free. with_baseline puts the baseline first when it is not named; allowed: labels that hone's own
 * candidates may carry besides those of the presets; recipes: those of the project's own, or NULL. */
struct hone_candidates {
	struct hone_candidate **v;
	size_t n, cap;
};
int hone_session_candidates(const char *const *names, size_t n, bool with_baseline,
	unsigned allowed, const struct hone_recipes *recipes, struct hone_candidates *ret,
	struct hone_err *err);
/* Takes out of candidates what is nothing for a program without an operating system, where the target has none, or for
 * WebAssembly, and says what that was; hone's own recipes keep the symbols of a device's program. */
void hone_session_adapt(const struct hone_session *s, struct hone_candidate *const *list, size_t n);
/* Appends every candidate of the list without each one of its settings, where that is not in it. */
void hone_session_add_each(struct hone_candidates *list);
/* Appends the candidate of that name (which is in the list) with train.hot at several shares, and without it,
 * where that is not in the list. */
void hone_session_add_curve(struct hone_candidates *list, const char *name);
/* The labels of --allow: ids separated by commas, or all. HONE_E_USAGE with the nearest id. */
int hone_labels_parse(const struct hone_strv *lists, unsigned *ret_labels, struct hone_err *err);
void hone_candidates_release(struct hone_candidates *c);

/* The plan of a candidate, and notes on what of it this toolchain cannot do. */
int hone_session_plan(const struct hone_session *s, const struct hone_candidate *c,
	const struct hone_plan **ret_plan, struct hone_err *err);

/* Warns of every layer (config file, variable, option, rustflags) that would win over a key that apply
 * would write for this plan: the result of try is then not what apply gives. Returns how many; the
 * text of the first one is the caller's to free when ret_first is not NULL. */
size_t hone_session_overriders(
	const struct hone_session *s, const struct hone_plan *plan, bool warn, char **ret_first);

#endif
