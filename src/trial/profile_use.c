#include "profile_use.h"

#include "object.h"
#include "num.h"
#include "rules.h"
#include "sym_name.h"

#include <elf.h>
#include <string.h>

/* On x86 LLVM aligns a function to 16 bytes unless it is compiled for size, and then not at all. Source:
 * LLVM, X86ISelLowering.cpp (setPrefFunctionAlignment) and MachineFunction::init. */
#define SPEED_ALIGNMENT 16

/* What is counted, and with what. */
struct reader {
	const struct hone_plan *plan;
	struct hone_profile_use *use;
	struct hone_strv found;     /* symbols of the profile that the program has */
	struct hone_strv strangers; /* readable names of the program's other functions */
	uint64_t own, own_found; /* the profile's functions that are not std's, and those found */
	bool aligned;            /* alignment tells the level */
};

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static bool has(const struct hone_strv *sorted, const char *name)
{
	return sorted->n &&
	       bsearch(&name, sorted->v, sorted->n, sizeof(*sorted->v), by_name) != NULL;
}

/* Generic code of std has one name in every crate that uses it, so its name says nothing. */
static bool is_own(const char *symbol)
{
	struct hone_sym_origin o = hone_sym_origin_of(symbol);

	return (o.scheme == HONE_SYM_V0 || o.scheme == HONE_SYM_LEGACY) && o.crate.name.n &&
	       !hone_sym_is_std(o.crate.name);
}

/* The caller frees. */
static char *readable_name(const char *symbol)
{
	struct hone_buf b = HONE_BUF_INIT;

	hone_sym_readable(&b, symbol, false);
	return hone_buf_detach(&b);
}

static void add_level(struct reader *r, const char *name, uint64_t address)
{
	bool fast = address % SPEED_ALIGNMENT == 0;

	if (has(&r->plan->near, name))
		return;
	if (has(&r->plan->hot, name)) {
		r->use->hot_found++;
		r->use->hot_fast += r->aligned && fast;
	} else {
		r->use->cold_found++;
		r->use->cold_small += r->aligned && !fast;
	}
}

/* LLVM appends .llvm.NUMBER to a local function that another unit calls. */
static void add_function(void *ctx, const char *symbol, uint64_t address)
{
	struct reader *r = ctx;
	const char *suffix = strstr(symbol, ".llvm.");
	hone_auto_free char *name =
		hone_xstrndup(symbol, suffix ? (size_t)(suffix - symbol) : strlen(symbol));

	if (has(&r->plan->functions, name)) {
		hone_strv_push(&r->found, name);
		add_level(r, name, address);
	} else if (is_own(name)) {
		hone_strv_take(&r->strangers, readable_name(name));
	}
}

/* Are all functions aligned alike, by a flag of the candidate's? */
static bool sets_alignment(const struct hone_strv *flags)
{
	for (size_t i = 0; i < flags->n; i++)
		if (strstr(flags->v[i], "-align-all-functions"))
			return true;
	return false;
}

static int read_symbols(struct reader *r, const char *path, struct hone_err *err)
{
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	int error = hone_object_info_read(path, &info, err);

	if (error || !info.has_symtab)
		return error;
	r->use->named = true;
	r->aligned = (info.machine == EM_X86_64 || info.machine == EM_386) &&
		     !sets_alignment(&r->plan->rustc_args);
	r->use->levels = r->aligned;
	return hone_object_functions(path, add_function, r, err);
}

/* Looks from the profile's side, once the program's is known. */
static void count_names(struct reader *r)
{
	const struct hone_strv *functions = &r->plan->functions;

	hone_strv_sort(&r->found);
	hone_strv_sort(&r->strangers);
	for (size_t i = 0; i < functions->n; i++) {
		const char *name = functions->v[i];
		bool found = has(&r->found, name), own = is_own(name);
		hone_auto_free char *readable = NULL;

		r->use->found += found;
		r->own += own;
		r->own_found += own && found;
		if (found || !own)
			continue;
		readable = readable_name(name);
		r->use->renamed += has(&r->strangers, readable);
	}
}

/* A build in which the levels did not come through is compiled for size where it works, or for speed where it
 * does not. */
static int judge_levels(const struct hone_profile_use *u, struct hone_err *err)
{
	if (u->hot_found && (double)u->hot_fast < HONE_RULE_LEVELS_THERE * (double)u->hot_found)
		return hone_err_set(err, HONE_E_FAILED,
			"train.hot was not carried out: of the %llu hot functions in the program "
			"%llu "
			"are compiled for size all the same",
			(unsigned long long)u->hot_found,
			(unsigned long long)(u->hot_found - u->hot_fast));
	if ((u->cold_found >= HONE_RULE_ENOUGH_COLD && !u->cold_small) ||
		(u->cold_found >= 2 * HONE_RULE_ENOUGH_COLD &&
			(double)u->cold_small < HONE_RULE_LEVELS_THERE * (double)u->cold_found))
		return hone_err_set(err, HONE_E_FAILED,
			"train.hot was not carried out: of the %llu other functions in the program "
			"only %llu are compiled for size",
			(unsigned long long)u->cold_found, (unsigned long long)u->cold_small);
	return 0;
}

static int judge(const struct reader *r, struct hone_err *err)
{
	const struct hone_profile_use *u = r->use;
	int error = 0;

	if (u->renamed > r->own_found || (!r->own_found && r->own >= HONE_RULE_ENOUGH_NAMES))
		error = hone_err_set(err, HONE_E_FAILED,
			"the profile was not used: of its %llu functions the program has %llu, and "
			"%llu under other symbols, so it is of another build",
			(unsigned long long)u->functions, (unsigned long long)u->found,
			(unsigned long long)u->renamed);
	else if (u->levels)
		error = judge_levels(u, err);
	return error ? hone_err_hint(err, "a wrapper or flags of your own that change the "
					  "compiler's arguments can do that")
		     : 0;
}

int hone_profile_use_read(const struct hone_plan *plan, const char *path,
	struct hone_profile_use *ret, struct hone_err *err)
{
	struct reader r = {.plan = plan, .use = ret};
	int error = 0;

	if (!plan->levels)
		return 0;
	ret->hot = plan->hot.n;
	error = read_symbols(&r, path, err);
	if (!error && ret->named) {
		count_names(&r);
		error = judge(&r, err);
	}
	hone_strv_release(&r.found);
	hone_strv_release(&r.strangers);
	return error;
}

char *hone_profile_use_text(const struct hone_plan *plan, const struct hone_profile_use *u)
{
	struct hone_buf b = HONE_BUF_INIT;
	char n[HONE_NUM_TEXT], m[HONE_NUM_TEXT], k[HONE_NUM_TEXT];

	if (plan->profile)
		hone_buf_addf(&b,
			"it has data of %s functions; %s functions of the program have none in it, "
			"%s another shape",
			hone_text_count(n, u->functions), hone_text_count(m, u->missing),
			hone_text_count(k, u->mismatched));
	if (plan->profile && plan->levels)
		hone_buf_adds(&b, "; ");
	if (plan->levels && !u->named)
		hone_buf_adds(&b, "whether functions got their levels was not looked at: the file "
				  "has no names");
	if (!plan->levels || !u->named)
		return hone_buf_detach(&b);
	hone_buf_addf(&b, "%s of %s hot functions are in the program",
		hone_text_count(n, u->hot_found), hone_text_count(m, u->hot));
	if (u->levels)
		hone_buf_addf(&b, ", %s for speed", hone_text_count(n, u->hot_fast));
	hone_buf_addf(&b, ", and %s others", hone_text_count(n, u->cold_found));
	if (u->levels)
		hone_buf_addf(&b, ", %s for size", hone_text_count(n, u->cold_small));
	hone_buf_addf(
		&b, "; of %s with data the rest is inlined", hone_text_count(n, u->functions));
	if (u->renamed)
		hone_buf_addf(
			&b, " but for %s under other symbols", hone_text_count(n, u->renamed));
	return hone_buf_detach(&b);
}
