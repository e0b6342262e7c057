/* Which build begins next. */
#include "fs.h"
#include "machine.h"
#include "record.h"
#include "share.h"
#include "try_beside_impl.h"

/* The largest process of its last build; 0: it has none. */
static uint64_t known_memory(const struct hone_sides *b, size_t trial)
{
	hone_auto_free char *path = hone_xasprintf(
		"%s/%s/record.json", b->t->session->dir.artifacts, b->t->trials[trial].plan->key);
	struct hone_record record;

	hone_record_read(path, &record);
	return record.known ? record.cost.peak_rss : 0;
}

/* The largest process of an earlier build of it; else that of any other so far, and more, as LTO differs. */
static uint64_t memory_of(const struct hone_sides *b, size_t trial)
{
	uint64_t own = known_memory(b, trial), most = HONE_RULE_BUILD_MEMORY;

	if (own)
		return own;
	for (size_t i = 0; i < b->t->n; i++) {
		uint64_t other = i == trial ? 0 : known_memory(b, i);

		if (other * HONE_RULE_BUILD_MEMORY_MORE > most)
			most = other * HONE_RULE_BUILD_MEMORY_MORE;
	}
	return most;
}

/* Nothing may be swapped: all that run may still grow to their largest. */
static bool has_memory(const struct hone_sides *b, uint64_t wanted)
{
	for (unsigned i = 0; i < b->width; i++)
		if (b->workers[i])
			wanted += b->sides[i].memory;
	return wanted <= hone_machine_memory_left();
}

/* Will this one build what a worker is just building, too? Then it waits: two candidates may have a whole plan in common,
 * or but for the link, or the builds that count, of which it only wants the profiles. */
static bool has_equal_at_work(const struct hone_sides *b, size_t trial)
{
	const struct hone_plan *mine = b->t->trials[trial].plan;

	for (unsigned i = 0; i < b->width; i++) {
		const struct hone_side *side = &b->sides[i];
		const struct hone_plan *plan = b->t->trials[side->trial].plan;

		if (b->workers[i] &&
			(hone_plan_is_same(mine, plan) ||
				(b->shares && hone_plan_differs_in_links(
						      &b->t->session->env, mine, plan)) ||
				(side->counts < 1 &&
					hone_plan_is_same(mine->instrument, plan->instrument)) ||
				(side->counts < 2 &&
					hone_plan_is_same(mine->recount, plan->recount))))
			return true;
	}
	return false;
}

/* Where one was built that differs in the links alone. What build scripts write is at another place in each slot, and with it
 * what is compiled from that: only there nothing but the link is left to do. */
static bool slot_of_equal(const struct hone_sides *b, size_t trial, unsigned *ret)
{
	for (size_t i = 0; b->shares && i < b->t->n; i++)
		if ((b->states[i] == HONE_SIDE_RAN || b->states[i] == HONE_SIDE_DONE) &&
			!b->t->trials[i].elsewhere && b->slots[i] < b->width &&
			hone_plan_differs_in_links(&b->t->session->env, b->t->trials[trial].plan,
				b->t->trials[i].plan)) {
			*ret = b->slots[i];
			return true;
		}
	return false;
}

/* A build at work, or one whose program hone has not taken yet: cargo gives the program of all builds of a folder the same
 * name, so the next one would put its own there while hone reads. But the baseline has to come, as nothing is taken before. */
static bool is_in_use(const struct hone_sides *b, size_t trial, unsigned slot)
{
	bool in_use = b->workers[slot] != NULL;

	for (size_t i = 0; trial && !in_use && i < b->t->n; i++)
		in_use = b->states[i] == HONE_SIDE_RAN && b->slots[i] == slot;
	return in_use;
}

/* A free slot for a trial: the one that it or its equal was built in before; width: there is none now. */
static unsigned slot_for(const struct hone_sides *b, size_t trial)
{
	unsigned slot;

	if ((hone_ahead_slot(&b->t->session->dir, b->t->trials[trial].plan->key, &slot) &&
		    slot < b->width) ||
		slot_of_equal(b, trial, &slot))
		return is_in_use(b, trial, slot) ? b->width : slot;
	for (slot = 0; slot < b->width && is_in_use(b, trial, slot); slot++)
		;
	return slot;
}

/* The baseline first, without which there is nothing; then trained ones, which take several builds each. */
static bool pick(const struct hone_sides *b, size_t *ret_trial, unsigned *ret_slot)
{
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < b->t->n; i++) {
			int of = i == 0 ? 0 : hone_plan_learns(b->t->trials[i].plan) ? 1 : 2;

			if (b->states[i] != HONE_SIDE_WAITS || of != round ||
				has_equal_at_work(b, i))
				continue;
			*ret_slot = slot_for(b, i);
			*ret_trial = i;
			if (*ret_slot < b->width)
				return true;
		}
	return false;
}

/* A lock file that cargo or its user wrote since has other crates, which two builds should not both make. */
static bool is_found(const struct hone_sides *b, size_t trial)
{
	const struct hone_session *s = b->t->session;
	const char *key = b->t->trials[trial].plan->key;
	hone_auto_free char *record = hone_xasprintf("%s/%s/record.json", s->dir.artifacts, key);
	hone_auto_free char *lock = hone_path_join(s->project->workspace_root, "Cargo.lock");
	struct stat built, locked;
	unsigned slot;

	return hone_ahead_slot(&s->dir, key, &slot) && stat(record, &built) == 0 &&
	       stat(lock, &locked) == 0 && locked.st_mtime <= built.st_mtime;
}

bool hone_sides_memory(const struct hone_sides *b, size_t trial, uint64_t *ret)
{
	*ret = memory_of(b, trial);
	return has_memory(b, *ret);
}

bool hone_sides_next(const struct hone_sides *b, struct hone_side_next *ret)
{
	if (!pick(b, &ret->trial, &ret->slot))
		return false;
	ret->is_found = is_found(b, ret->trial);
	return true;
}
