#ifndef HONE_PLAN_PROFDATA_H
#define HONE_PLAN_PROFDATA_H
/* LLVM's profiles: the tool that merges them, and what one says about a program's functions. */
#include "buf.h"
#include "err.h"
#include "strv.h"
#include "toolchain.h"

/* What was executed of one function. */
struct hone_function_weight {
	char *name;    /* symbol, as the linker knows it */
	double weight; /* sum of the counts of its blocks: how much of the work was done in it */
};

struct hone_profdata {
	char *path;
	uint64_t n_functions;                            /* functions that it has counters of */
	uint64_t n_executed;                             /* of them, those that were executed */
	double total;                                    /* sum of all weights */
	struct hone_strv names;                          /* of all that it has counters of */
	HONE_VEC(struct hone_function_weight) functions; /* those executed, heaviest first */
};
void hone_profdata_release(struct hone_profdata *p);

/* An llvm-profdata that works: it merges what programs of this rustc write, and rustc takes the result. Which one does
 * is found out by trying, not by its version: rustup's llvm-tools, llvm-profdata-N and /usr/lib/llvm-N for rustc's LLVM,
 * PATH, then other LLVMs. HONE_E_NOT_FOUND with what to install. The caller frees. */
int hone_profdata_tool(const struct hone_toolchain *tc, char **ret_path, struct hone_err *err);
/* Merges every .profraw file in a folder into out_path, by the first tool whose result rustc takes; ret_damaged: how many
 * of them were left out as damaged (a process killed while it wrote). HONE_E_NOT_FOUND: there is none. HONE_E_FAILED:
 * the first tool's own words, or one of the files is of a coverage build, which every tool would mix in silently. */
int hone_profdata_merge(const struct hone_toolchain *tc, const char *raw_dir, const char *out_path,
	size_t *ret_damaged, struct hone_err *err);
/* Reads an indexed profile. HONE_E_FAILED: the first tool's words (a file of another version, a damaged one), or it is of
 * a coverage build. */
int hone_profdata_read(const struct hone_toolchain *tc, const char *path, struct hone_profdata *ret,
	struct hone_err *err);
/* The same from the text that `llvm-profdata show --all-functions --counts` prints, line by line; finish
 * sorts. path is not set. */
struct hone_profdata_text {
	struct hone_profdata *profile;
	char *name;      /* of the function that the lines are about */
	bool said_total; /* the list's end, which tells how many functions there are */
	uint64_t total;
};
void hone_profdata_line(struct hone_profdata_text *t, struct hone_view line);
void hone_profdata_finish(struct hone_profdata_text *t);
/* Appends the heaviest functions that together hold at least `share` (0 to 1) of all weight. */
void hone_profdata_hot(const struct hone_profdata *p, double share, struct hone_strv *ret_names);
/* The share of which hone_profdata_hot gives just so many names, the hottest ones: between that of their
 * weights and that without the last function. */
double hone_profdata_share(const struct hone_profdata *p, size_t n_names);

#endif
