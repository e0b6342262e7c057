#ifndef HONE_TRIAL_LEFT_OUT_H
#define HONE_TRIAL_LEFT_OUT_H
/* What `cargo run` gives to a program and hone takes away, as the program's users do not have it: rustup's libraries,
 * the package's variables, those of its build script and of cargo's config. A baseline that fails is run once more
 * with each of them, to name what it lacks. */
#include "arena.h"
#include "artifact.h"
#include "measure.h"
#include "session.h"

struct hone_left_outs {
	HONE_VEC(struct hone_left_out) v;
	struct hone_arena arena;
};

/* baseline: whose build script is asked. *ret borrows nothing; release it. */
void hone_left_outs_find(const struct hone_session *s, const struct hone_artifact *baseline,
	struct hone_left_outs *ret);
void hone_left_outs_release(struct hone_left_outs *l);

#endif
