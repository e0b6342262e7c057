/* Problems of who links, and of what that does to other settings. */
#include "fs.h"
#include "linker_name.h"
#include "problem_impl.h"

#include <string.h>

/* What the flags say last about who links; NULL: nothing. */
static const char *chosen_by_flags(const struct hone_finder *f)
{
	const char *flag = NULL;

	for (size_t i = 0; i < f->flags.flags.n; i++)
		if (strstr(f->flags.flags.v[i], "fuse-ld=") ||
			strstr(f->flags.flags.v[i], "ld-path="))
			flag = f->flags.flags.v[i];
	return flag;
}

/* rustc goes by the file's name, and says nothing. */
static void find_dropped_lld(struct hone_finder *f)
{
	const struct hone_toolchain *tc = f->in->toolchain;
	const char *triple = f->in->profiles->target ? f->in->profiles->target : tc->host;
	const char *linker = hone_profile_set_linker(f->in->profiles, triple);
	hone_auto_free char *where = hone_xasprintf("target.%s.linker", triple);

	if (!linker || !hone_linker_drops_lld(linker) ||
		!hone_toolchain_links_by_own_lld(tc, triple) || chosen_by_flags(f))
		return;
	hone_problem_remedy(hone_problem_add(f, "linker-name", where,
				    "`linker = \"%s\"`: by a file of this name rustc leaves its "
				    "own lld out, and "
				    "what %s takes by itself links, mostly GNU ld",
				    linker, hone_path_base(linker)),
		"rustflags = [\"-Clink-arg=-fuse-ld=lld\"], or a linker that is called cc");
}

/* The last of -s and --strip-debug counts with lld and GNU ld, and cargo's comes last. */
static void find_undone_strip(struct hone_finder *f)
{
	hone_auto_free char *strip = hone_finder_normal(f, HONE_SET_STRIP);
	hone_auto_free char *theirs = hone_rustflags_value(&f->flags.flags, HONE_SET_STRIP, NULL);
	const char *linker = chosen_by_flags(f);
	const char *found = NULL;

	for (size_t i = 0; i < f->flags.flags.n; i++) {
		const char *flag = f->flags.flags.v[i];

		if (hone_ends(flag, "link-arg=-s") || strcmp(flag, "link-args=-s") == 0)
			found = flag;
	}
	if (!found || theirs || strcmp(strip, "debuginfo") != 0 ||
		(linker && (strstr(linker, "mold") || strstr(linker, "gold"))))
		return;
	hone_problem_remedy(hone_problem_add(f, "strip-undone", f->flags.where,
				    "`%s` is undone by `strip = \"debuginfo\"`, which Cargo passes "
				    "behind it: the "
				    "symbol table stays",
				    found),
		"remove %s from %s and write in Cargo.toml\n[profile.%s]\nstrip = \"symbols\"",
		found, f->flags.where, f->in->profile);
}

void hone_find_link_problems(struct hone_finder *f)
{
	find_dropped_lld(f);
	find_undone_strip(f);
}
