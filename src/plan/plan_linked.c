/* Which linker linked, asked of the file: a flag of the user's can win over link.linker without a word. */
#include "object.h"
#include "plan_impl.h"

#include <string.h>

/* What the C compiler calls them after -fuse-ld=, and what they leave in .comment; GNU ld and gold leave nothing there,
 * gold a note. */
static const struct linker {
	const char *value, *flag, *mark, *section;
} linkers[] = {
	{"\"lld\"", "lld", "LLD", NULL},
	{"\"gnu\"", "bfd", NULL, NULL},
	{"\"mold\"", "mold", "mold", NULL},
	{"\"gold\"", "gold", NULL, ".note.gnu.gold-version"},
};

static const struct linker *chosen(const struct hone_plan *plan)
{
	const struct hone_assign *a =
		hone_candidate_get(plan->candidate, HONE_SET_LINK_LINKER, NULL);

	for (size_t i = 0; a && i < HONE_COUNT(linkers); i++)
		if (strcmp(linkers[i].value, a->value) == 0)
			return &linkers[i];
	return NULL;
}

int hone_plan_check_own_linker(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err)
{
	const struct linker *l = chosen(plan);
	hone_auto_free char *ours = l ? hone_xasprintf("fuse-ld=%s", l->flag) : NULL;
	struct hone_rustflags flags = {0};
	const char *theirs = NULL;
	int error = l ? hone_rustflags_find(env->profiles, &flags, err) : 0;

	/* The C compiler takes the last one. */
	for (size_t i = 0; !error && i < flags.flags.n; i++)
		if (strstr(flags.flags.v[i], "fuse-ld=") || strstr(flags.flags.v[i], "ld-path="))
			theirs = flags.flags.v[i];
	if (theirs && !hone_ends(theirs, ours)) {
		error = hone_err_set(err, HONE_E_USAGE,
			"link.linker=%s: `%s` (%s) stands behind it, and wins", l->value, theirs,
			flags.where);
		error = hone_err_hint(err, "take it out there, or leave link.linker out");
	}
	hone_rustflags_release(&flags);
	return error;
}

static bool has_section(const struct hone_object_info *i, const char *name)
{
	for (size_t k = 0; k < i->n_sections; k++)
		if (strcmp(i->sections[k].name, name) == 0)
			return true;
	return false;
}

int hone_plan_check_linked(const struct hone_plan *plan, const char *path, struct hone_err *err)
{
	const struct linker *l = chosen(plan);
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	bool is_it;

	/* Without names of sections nothing tells. */
	if (!l || hone_object_info_read(path, &info, NULL) || !has_section(&info, ".comment"))
		return 0;
	if (l->mark)
		is_it = info.linker && strstr(info.linker, l->mark);
	else if (l->section)
		is_it = has_section(&info, l->section);
	else
		is_it = !info.linker && !has_section(&info, ".note.gnu.gold-version");
	if (is_it)
		return 0;
	hone_err_set(err, HONE_E_FAILED, "link.linker=%s: %s linked it", l->value,
		info.linker ? info.linker : "another linker");
	return hone_err_hint(
		err, "flags, a linker or a wrapper of your own decide about that: look at them");
}
