#include "lost.h"

#include "num.h"
#include "settings.h"

#include <string.h>

_Static_assert(HONE_RESULT_LOST_NAMES == (HONE_LOST_SYMBOLS | HONE_LOST_DEBUG),
	"the result has its own bits");

/* Does the recipe set a key to one of these values (NULL: to any), for the program or for a package? */
static bool sets(const struct hone_candidate *c, const char *key, const char *const *values)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct hone_assign *a = &c->assigns[i];

		if (strcmp(a->setting->key, key) != 0)
			continue;
		for (size_t k = 0; values && values[k]; k++)
			if (strcmp(a->value, values[k]) == 0)
				return true;
		if (!values)
			return true;
	}
	return false;
}

static bool takes_symbols(const struct hone_candidate *c)
{
	static const char *const strip[] = {"true", "\"symbols\"", NULL};
	static const char *const post[] = {"\"symbols\"", "\"all\"", NULL};

	return sets(c, "strip", strip) || sets(c, "post.strip", post);
}

unsigned hone_lost_find(const struct hone_plan *plan, const struct hone_artifact *base,
	const struct hone_artifact *a)
{
	const struct hone_candidate *c = plan->candidate;
	static const char *const none[] = {"\"none\"", NULL};
	const struct hone_object_info *was = &base->elf, *is = &a->elf;
	bool debug, post = sets(c, "post.strip", NULL) && !sets(c, "post.strip", none);
	unsigned lost = 0;

	if (!base->is_elf || !a->is_elf || base == a)
		return 0;
	/* strip says what happens to both, and debug turns cargo's own strip on and off. */
	debug = sets(c, "strip", NULL) || sets(c, "debug", NULL) ||
		sets(c, "split-debuginfo", NULL);
	if (was->has_symtab && !is->has_symtab && !takes_symbols(c))
		lost |= HONE_LOST_SYMBOLS;
	if (was->has_debug && !is->has_debug && !debug && !post)
		lost |= HONE_LOST_DEBUG;
	if (was->has_eh_frame && !is->has_eh_frame &&
		!(hone_plan_labels(plan) & HONE_LABEL_BACKTRACE))
		lost |= HONE_LOST_UNWIND;
	if (!was->has_symtab && is->has_symtab && !debug)
		lost |= HONE_KEPT_SYMBOLS;
	if (!was->has_debug && is->has_debug && !debug)
		lost |= HONE_KEPT_DEBUG;
	return lost;
}

unsigned hone_lost_labels(unsigned lost)
{
	return (lost & (HONE_LOST_SYMBOLS | HONE_LOST_DEBUG) ? HONE_LABEL_DEBUG : 0) |
	       (lost & HONE_LOST_UNWIND ? HONE_LABEL_BACKTRACE : 0);
}

uint64_t hone_lost_cost(
	unsigned lost, const struct hone_artifact *base, const struct hone_artifact *a)
{
	uint64_t named = base->size - base->stripped_size;

	/* Neither is flash. */
	if (a->bare || !(lost & (HONE_LOST_SYMBOLS | HONE_LOST_DEBUG)) ||
		a->size - a->stripped_size >= named)
		return hone_artifact_cost(a);
	return a->stripped_size + named;
}

char *hone_lost_text(unsigned lost, const struct hone_artifact *base, const struct hone_artifact *a)
{
	static const char *const what[] = {"the symbol table is gone", "debug information is gone",
		"the unwind tables are gone", "the symbol table stays", "debug information stays"};
	struct hone_buf b = HONE_BUF_INIT;
	const char *was = base->elf.linker, *is = a->elf.linker;
	char now[HONE_NUM_TEXT], before[HONE_NUM_TEXT];

	if (!lost)
		return NULL;
	for (size_t i = 0; i < HONE_COUNT(what); i++)
		if (lost & 1U << i)
			hone_buf_addf(&b, "%s%s", b.n ? ", " : "", what[i]);
	hone_buf_adds(&b, lost & (HONE_KEPT_SYMBOLS | HONE_KEPT_DEBUG)
				  ? ", where the baseline has none, and no setting of it says so"
				  : ", and no setting of it says so");
	if ((was || is) && (!was || !is || strcmp(was, is) != 0))
		hone_buf_addf(&b, " (%s linked it, %s the baseline)", is ? is : "another linker",
			was ? was : "another linker");
	hone_buf_addf(&b, "; with symbols stripped %s bytes beside %s, %.3f",
		hone_text_count(now, a->stripped_size),
		hone_text_count(before, base->stripped_size),
		(double)a->stripped_size / (double)base->stripped_size);
	return hone_buf_detach(&b);
}
