/* Problems of RUSTFLAGS and their cousins. */
#include "fs.h"
#include "problem_impl.h"
#include "proc.h"

#include <string.h>

#define GIT_NS (10 * HONE_NS_PER_S)

/* Flags whose value differs from the profile's: rustc takes the last one, which is theirs. */
static void find_defeated(struct hone_finder *f)
{
	for (size_t i = 0; i < f->profile.n; i++) {
		const struct hone_profile_value *v = &f->profile.values[i];
		const char *key = v->setting->key;
		hone_auto_free char *flag = NULL;
		hone_auto_free char *value = hone_rustflags_value(&f->flags.flags, key, &flag);
		hone_auto_free char *theirs = NULL, *ours = NULL;
		struct hone_problem *p;

		if (!value)
			continue;
		theirs = hone_profile_normal(key, value);
		ours = hone_profile_normal(key, v->value);
		if (!strcmp(theirs, ours) ||
			(!strcmp(key, "strip") && !*ours && !strcmp(theirs, "none")))
			continue;
		p = hone_problem_add(f, "rustflags-win", f->flags.where,
			"`%s` stands behind Cargo's own flags, so that `%s = %s` (%s) does not "
			"count",
			flag, key, v->value ? v->value : "unset",
			v->where ? v->where : hone_origin_name(v->origin));
		hone_problem_remedy(p,
			"remove %s from %s and write in Cargo.toml\n[profile.%s]\n%s = %s", flag,
			f->flags.where, f->in->profile, key, value);
	}
}

/* Is a flag NAME (as in -CNAME or -C NAME=VALUE) there, with this value (NULL: with none)? */
static bool has_option(const struct hone_strv *flags, const char *with_value, const char **ret_flag)
{
	for (size_t i = 0; i < flags->n; i++) {
		const char *text = flags->v[i];
		if (!strcmp(text, "-C") && i + 1 < flags->n)
			text = flags->v[++i];
		else if (hone_starts(text, "-C"))
			text += 2;
		else
			continue;
		if (!strcmp(text, with_value)) {
			*ret_flag = with_value;
			return true;
		}
	}
	return false;
}

/* Combinations that rustc refuses; each was seen to fail with rustc 1.95. */
static void find_lto_conflicts(struct hone_finder *f)
{
	hone_auto_free char *lto = hone_finder_normal(f, "lto"), *flag = NULL, *theirs = NULL;
	hone_auto_free char *value = hone_rustflags_value(&f->flags.flags, "lto", &flag);
	bool on = strcmp(lto, "false") != 0 && strcmp(lto, "off") != 0;
	static const char *const refused[] = {
		"embed-bitcode=no", "prefer-dynamic", "prefer-dynamic=yes"};
	const char *found = NULL;

	theirs = hone_profile_normal("lto", value);
	if (value && !on && strcmp(theirs, "off") != 0)
		hone_problem_remedy(hone_problem_add(f, "rustflags-lto", f->flags.where,
					    "`%s` makes rustc stop: without lto in the profile, "
					    "Cargo passes -C "
					    "embed-bitcode=no, which does not go with it",
					    flag),
			"[profile.%s]\nlto = %s", f->in->profile,
			strcmp(value, "true") == 0 ? "\"fat\"" : value);
	for (size_t i = 0; on && i < HONE_COUNT(refused); i++)
		if (has_option(&f->flags.flags, refused[i], &found))
			hone_problem_remedy(
				hone_problem_add(f, "rustflags-lto", f->flags.where,
					"`-C %s` makes rustc stop: it does not go with `lto` in "
					"the profile",
					found),
				"remove -C %s from %s, or write in Cargo.toml\n[profile.%s]\nlto = "
				"false",
				found, f->flags.where, f->in->profile);
}

/* Does git keep this file? false also where there is no git. */
static bool is_committed(const char *file)
{
	hone_auto_free char *dir = hone_path_dir(file);
	const char *const argv[] = {
		"git", "-C", dir, "ls-files", "--error-unmatch", "--", hone_path_base(file), NULL};
	hone_auto_proc_result struct hone_proc_result res = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = GIT_NS};

	return !hone_proc_run(&spec, &res, NULL) && hone_proc_succeeded(&res);
}

static void find_native(struct hone_finder *f)
{
	const char *flag = NULL, *where = f->flags.where;
	hone_auto_free char *file = NULL;
	unsigned line, col;

	if (f->flags.origin != HONE_ORIGIN_CONFIG ||
		!has_option(&f->flags.flags, "target-cpu=native", &flag) || !strchr(where, ':') ||
		hone_starts(where, "--config"))
		return;
	file = hone_place_split(where, &line, &col);
	if (!is_committed(file))
		return;
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
	find_lto_conflicts(f);
	if (f->in->deep)
		find_native(f);
}
