/* What settings of the profile do to tools beside rustc: readers of a device's log, C compilers. */
#include "platform.h"
#include "problem_impl.h"

#include <string.h>

/* The texts of defmt's log are names in the symbol table, not in its section: see findings/defmt-texts-are-symbols.sh. */
static void find_defmt_stripped(struct hone_finder *f)
{
	const struct hone_project *project = f->in->project;
	const char *target = hone_profile_set_target(f->in->profiles);
	hone_auto_free char *strip = hone_finder_normal(f, HONE_SET_STRIP);
	const struct hone_profile_value *v = hone_profile_get(&f->profile, HONE_SET_STRIP);
	bool logs = false;

	if (!target || hone_platform_of(target, NULL).os != HONE_OS_NONE ||
		strcmp(strip, "symbols") != 0)
		return;
	for (size_t i = 0; i < project->n_packages; i++)
		logs |= f->in_program[i] && !strcmp(project->packages[i].name, "defmt");
	if (logs)
		hone_problem_remedy(
			hone_problem_add(f, "strip-defmt", v->where,
				"`strip = %s` removes the texts of defmt's log, which are names in "
				"the symbol table; the device's flash is the same without it",
				v->value),
			"strip = \"debuginfo\"");
}

static bool builds_with(const struct hone_finder *f, const char *name)
{
	const struct hone_project *project = f->in->project;

	for (size_t i = 0; i < project->n_packages; i++) {
		const struct hone_package *p = &project->packages[i];

		for (size_t k = 0; f->in_program[i] && k < p->n_deps; k++)
			if (p->dep_kinds[k] & HONE_DEP_BUILD &&
				!strcmp(project->packages[p->deps[k]].name, name))
				return true;
	}
	return false;
}

/* The crate cmake 0.1.58 chooses RelWithDebInfo (-O2) instead of Release (-O3): findings/debug-weakens-c-code.sh. */
static void find_debug_of_cmake(struct hone_finder *f)
{
	hone_auto_free char *debug = hone_finder_normal(f, HONE_SET_DEBUG);
	hone_auto_free char *level = hone_finder_normal(f, HONE_SET_OPT_LEVEL);
	const struct hone_profile_value *v = hone_profile_get(&f->profile, HONE_SET_DEBUG);

	if (!f->merged->release || !strcmp(debug, "0") || !strchr("123", *level) ||
		v->origin == HONE_ORIGIN_DEFAULT || !builds_with(f, "cmake"))
		return;
	hone_problem_remedy(hone_problem_add(f, "debug-cmake", v->where,
				    "`debug = %s` makes C code that is built by the crate cmake "
				    "slower: -O2 instead of -O3",
				    v->value),
		"[profile.profiling]\ninherits = \"release\"\ndebug = %s", v->value);
}

void hone_find_other_problems(struct hone_finder *f)
{
	find_defmt_stripped(f);
	find_debug_of_cmake(f);
}
