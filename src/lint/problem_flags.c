/* Problems of RUSTFLAGS and their cousins. */
#include "fs.h"
#include "problem_impl.h"
#include "proc.h"
#include "profile_kind.h"

#include <string.h>

#define GIT_NS (10 * HONE_NS_PER_S)

/* Flags whose value differs from the profile's: rustc takes the last one, which is theirs. */
static void find_defeated(struct hone_finder *f)
{
	for (size_t i = 0; i < f->profile.n; i++) {
		const struct hone_profile_value *v = &f->profile.values[i];
		enum hone_setting_id id = v->setting->id;
		hone_auto_free char *flag = NULL;
		hone_auto_free char *value = hone_rustflags_value(&f->flags.flags, id, &flag);
		hone_auto_free char *theirs = NULL, *ours = NULL;
		struct hone_problem *p;

		if (!value)
			continue;
		theirs = hone_profile_normal(id, value);
		ours = hone_profile_normal(id, v->value);
		if (!strcmp(theirs, ours) ||
			(id == HONE_SET_STRIP && !*ours && !strcmp(theirs, "none")))
			continue;
		p = hone_problem_add(f, "rustflags-win", f->flags.where,
			"`%s` stands behind Cargo's own flags, so that `%s = %s` (%s) does not "
			"count",
			flag, v->setting->key, v->value ? v->value : "unset",
			v->where ? v->where : hone_origin_name(v->origin));
		hone_problem_remedy(p,
			"remove %s from %s and write in Cargo.toml\n[profile.%s]\n%s = %s", flag,
			f->flags.where, f->in->profile, v->setting->key, value);
	}
}

/* Is "prefer_dynamic=yes" the option "prefer-dynamic" with a value of this sense? rustc takes _ for -, and a switch in
 * many spellings. */
static bool says(const char *text, const char *name, bool on)
{
	static const char *const words[2][5] = {
		{"n", "no", "off", "false", NULL}, {"", "y", "yes", "on", "true"}};

	for (; *name; name++, text++)
		if (*text != *name && !(*text == '_' && *name == '-'))
			return false;
	if (*text && *text != '=')
		return false;
	text += *text == '=';
	for (size_t i = 0; i < HONE_COUNT(words[0]); i++)
		if (words[on][i] && !strcmp(text, words[on][i]))
			return true;
	return false;
}

/* The codegen option of flag i ("lto=fat" of -Clto=fat, -C lto=fat, --codegen=lto=fat), or NULL; i comes to stand on
 * its last word. */
static const char *codegen_option(const struct hone_strv *flags, size_t *i)
{
	const char *text = flags->v[*i];

	if (!strcmp(text, "-C") || !strcmp(text, "--codegen"))
		return *i + 1 < flags->n ? flags->v[++*i] : NULL;
	if (hone_starts(text, "--codegen="))
		return text + strlen("--codegen=");
	return hone_starts(text, "-C") ? text + 2 : NULL;
}

/* The option that turns a switch on, or off, if the last one that names it does; else NULL. Borrowed. */
static const char *find_switch(const struct hone_strv *flags, const char *name, bool on)
{
	const char *found = NULL;

	for (size_t i = 0; i < flags->n; i++) {
		const char *text = codegen_option(flags, &i);

		if (text && says(text, name, on))
			found = text;
		else if (text && says(text, name, !on))
			found = NULL;
	}
	return found;
}

/* Combinations that rustc refuses; each was seen to fail with rustc 1.95. */
static void find_conflicts(struct hone_finder *f)
{
	hone_auto_free char *lto = hone_finder_normal(f, HONE_SET_LTO), *flag = NULL,
			    *theirs = NULL;
	hone_auto_free char *value = hone_rustflags_value(&f->flags.flags, HONE_SET_LTO, &flag);
	bool on = strcmp(lto, "false") != 0 && strcmp(lto, "off") != 0;
	const char *dynamic = find_switch(&f->flags.flags, "prefer-dynamic", true);
	const char *no_bitcode = find_switch(&f->flags.flags, "embed-bitcode", false);
	const char *const refused[] = {no_bitcode, dynamic};
	const struct hone_profile_value *panic = hone_profile_get(&f->in_force, HONE_SET_PANIC);

	theirs = hone_profile_normal(HONE_SET_LTO, value);
	if (value && !on && strcmp(theirs, "off") != 0)
		hone_problem_remedy(hone_problem_add(f, "rustflags-lto", f->flags.where,
					    "`%s` makes rustc stop: without lto in the profile, "
					    "Cargo passes -C "
					    "embed-bitcode=no, which does not go with it",
					    flag),
			"[profile.%s]\nlto = %s", f->in->profile,
			strcmp(value, "true") == 0 ? "\"fat\"" : value);
	/* rustc goes by the last -C lto, which is theirs. */
	on = on && !(value && !strcmp(theirs, "off"));
	for (size_t i = 0; on && i < HONE_COUNT(refused); i++)
		if (refused[i])
			hone_problem_remedy(
				hone_problem_add(f, "rustflags-lto", f->flags.where,
					"`-C %s` makes rustc stop: it does not go with `lto` in "
					"the profile",
					refused[i]),
				"remove -C %s from %s, or write in Cargo.toml\n[profile.%s]\nlto = "
				"false",
				refused[i], f->flags.where, f->in->profile);
	if (dynamic && hone_finder_aborts(f) && !f->in->builds_std)
		hone_problem_remedy(
			hone_problem_add(f, "rustflags-panic", f->flags.where,
				"`-C %s` makes rustc stop: the dynamic std that it links unwinds, "
				"but `panic = %s` (%s)",
				dynamic, panic->value, panic->where ? panic->where : "default"),
			"remove -C %s from %s, or write in Cargo.toml\n[profile.%s]\npanic = "
			"\"unwind\"",
			dynamic, f->flags.where, f->in->profile);
}

/* A program that counts its runs, or one made by the counts of something else: rustc says nothing of either. */
static void find_counters(struct hone_finder *f)
{
	const struct hone_strv *flags = &f->flags.flags;
	hone_auto_free char *generates = NULL, *uses = NULL, *path = NULL;
	const char *covers = find_switch(flags, "instrument-coverage", true);
	const char *used = hone_rustflags_option(flags, "profile-use", &uses);

	if (hone_rustflags_option(flags, "profile-generate", &generates) || covers) {
		hone_auto_free char *flag =
			covers ? hone_xasprintf("-C %s", covers) : hone_xstrdup(generates);

		hone_problem_remedy(hone_problem_add(f, "instrumented", f->flags.where,
					    "`%s` makes the program count what it executes: it "
					    "is larger and slower, and writes a profile at its end",
					    flag),
			"remove %s from %s; RUSTFLAGS is for the builds that are to count", flag,
			f->flags.where);
	}
	/* cargo starts rustc in the workspace's root. */
	if (used && *used)
		path = *used == '/' ? hone_xstrdup(used)
				    : hone_path_join(f->in->project->workspace_root, used);
	if (path && hone_profile_is_of_coverage(path))
		hone_problem_remedy(
			hone_problem_add(f, "profile-of-coverage", f->flags.where,
				"`%s` names the profile of a coverage build: its counters are "
				"those of other places, so that rustc optimizes by wrong counts",
				uses),
			"make the profile by a program that was built with -C profile-generate, "
			"or remove %s from %s and let candidate fast+pgo learn",
			uses, f->flags.where);
}

/* Does git keep this file? false also where there is no git; *ret_asked: whether it could be asked. */
static bool is_committed(const char *file, bool *ret_asked)
{
	hone_auto_free char *dir = hone_path_dir(file);
	const char *const argv[] = {
		"git", "-C", dir, "ls-files", "--error-unmatch", "--", hone_path_base(file), NULL};
	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = GIT_NS};

	*ret_asked = !hone_proc_run(&spec, &res, NULL);
	return *ret_asked && hone_proc_succeeded(&res);
}

static void find_native(struct hone_finder *f)
{
	static const char *const ids[] = {"native-committed", NULL};
	const char *flag = NULL, *where = f->flags.where;
	hone_auto_free char *file = NULL;
	unsigned line, col;
	bool asked = true;

	for (size_t i = 0; i < f->flags.flags.n; i++) {
		const char *text = codegen_option(&f->flags.flags, &i);

		if (text && (hone_starts(text, "target-cpu=") || hone_starts(text, "target_cpu=")))
			flag = hone_ends(text, "=native") ? text : NULL;
	}
	if (f->flags.origin != HONE_ORIGIN_CONFIG || !flag || !strchr(where, ':') ||
		hone_starts(where, "--config"))
		return;
	file = hone_place_split(where, &line, &col);
	if (!is_committed(file, &asked)) {
		if (!asked)
			hone_limit_add(f, "whether rustflags are committed", ids,
				"git could not be asked");
		return;
	}
	hone_problem_remedy(hone_problem_add(f, "native-committed", where,
				    "`-C %s` stands in a file that git keeps: whoever builds the "
				    "project gets a program "
				    "for the builder's CPU, which ends with SIGILL on an older one",
				    flag),
		"RUSTFLAGS=-Ctarget-cpu=native cargo build --release");
}

void hone_find_flag_problems(struct hone_finder *f)
{
	find_defeated(f);
	find_conflicts(f);
	find_counters(f);
	if (f->in->deep)
		find_native(f);
}
