#ifndef HONE_PLAN_ALLOCATOR_H
#define HONE_PLAN_ALLOCATOR_H
/* The allocators that link.allocator can name: where their sources come from, how cargo compiles them, and how they are
 * linked. The archive goes into the program whole: of one that the linker only looks into nothing is taken, as libc has
 * defined malloc by then. */
#include "buf.h"
#include "plan.h"

struct hone_allocator {
	const char *name;    /* "mimalloc": its folder below .cargo/hone/, too */
	const char *value;   /* of link.allocator */
	const char *library; /* what its crate makes: "libmimalloc.a" */
	const char *archive; /* what that is called where it is linked: "libhone_mimalloc.a" */
	const char *manifest, *lock; /* of the crate in which cargo compiles it */
	/* For a run that proves that it is at work: a variable, and what is written to stderr by it. */
	const char *ask, *answer;
};

/* All; ends with name == NULL. */
extern const struct hone_allocator hone_allocators[];
/* The one that a candidate asks for, or NULL. */
const struct hone_allocator *hone_allocator_of(const struct hone_candidate *candidate);

/* The files of the crate below .cargo/hone/: "mimalloc/Cargo.toml"; NULL ends the list, that is static. text: what is in
 * the one of that name, or NULL. */
#define HONE_ALLOCATOR_FILES 4
void hone_allocator_file_names(const struct hone_allocator *a, struct hone_strv *ret_names);
const char *hone_allocator_file_text(const char *name);

/* cargo's arguments that compile it in the folder of its crate, from "build" on, without --target-dir. What a profile of
 * the project's says does not count. */
void hone_allocator_cargo_args(const struct hone_build_env *env, struct hone_strv *ret_args);
/* Variables with which cargo is started for it: without them the archive would hold the time, or the folder, in which it
 * was made. NAME=VALUE; ends with NULL. */
extern const char *const hone_allocator_env[];

/* The C compiler that the cc crate takes for the plan's target, as words ("ccache gcc"): from its variables, else by the
 * target; none where that is not known. */
void hone_allocator_compiler(const struct hone_build_env *env, struct hone_strv *ret_words);
/* The last of these choices: by the target. The caller frees; NULL: not known. */
char *hone_allocator_usual_compiler(const struct hone_build_env *env);

/* Lines of a shell script that compile the plan's allocator, where it is not there yet, into .cargo/hone/: $here is that
 * folder, $cargo the program, "$@" the options of the user's. */
void hone_allocator_script(
	const struct hone_plan *plan, const struct hone_build_env *env, struct hone_buf *b);
/* A file of such a crate in the project was removed: with the manifest goes what the script has made. */
void hone_allocator_forget(const char *path);

/* The plan with the archive: its content belongs to what is built from now on. */
const struct hone_plan *hone_plan_use_archive(const struct hone_build_env *env,
	const struct hone_plan *plan, const char *archive, struct hone_view content);
/* HONE_E_FAILED: in the linked file malloc and its family are not the program's own. */
int hone_plan_check_allocator(const struct hone_plan *plan, const char *path, struct hone_err *err);

#endif
