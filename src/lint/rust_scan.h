#ifndef HONE_LINT_RUST_SCAN_H
#define HONE_LINT_RUST_SCAN_H
/* Finds the places in Rust source that behave differently when a panic aborts. It reads tokens
 * (comments, strings and code for tests are left out), not meaning: a call is known by its name. */
#include "view.h"

enum hone_rust_find {
	HONE_RUST_CATCH, /* catch_unwind(...) */
	HONE_RUST_JOIN, /* the result of .join() is looked at, not just unwrapped; .is_panic() of a task */
	HONE_RUST_HOOK, /* panic::set_hook(...) */
	HONE_RUST_FINDS,
};

/* Calls found for every place, in order; line and col from 1, col in bytes. */
typedef void hone_rust_found(void *ctx, enum hone_rust_find what, unsigned line, unsigned col);
void hone_rust_scan(struct hone_view source, hone_rust_found *found, void *ctx);

/* #[global_allocator] in code that is compiled: what is under a false #[cfg(...)] does not count. holds: is
 * "cfg(...)" true? left_out (may be NULL) gets the name of each module in a file of its own that is under a false one. line, col:
 * of the first one. */
typedef bool hone_rust_cfg(void *ctx, struct hone_view cfg);
typedef void hone_rust_module(void *ctx, struct hone_view name);
struct hone_rust_asker {
	hone_rust_cfg *holds;
	hone_rust_module *left_out;
	void *ctx;
};
bool hone_rust_global_allocator(struct hone_view source, const struct hone_rust_asker *ask,
	unsigned *ret_line, unsigned *ret_col);

#endif
