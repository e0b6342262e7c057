/* What can be said before anything is built: a link that fails after minutes of compiling is a bad way to
 * learn that a linker is not there. */
#include "fs.h"
#include "plan_impl.h"

#include <string.h>

static const struct hone_assign *find(const struct hone_plan *plan, const char *key)
{
	return hone_candidate_get(plan->candidate, key, NULL);
}

static bool has_value(const struct hone_assign *a, const char *text)
{
	return a && strcmp(a->value, text) == 0;
}

/* What panic is under this plan: rustflags win over the candidate, the candidate over the profile. The
 * caller frees both. */
static int panic_in_force(const struct hone_build_env *env, const struct hone_plan *plan,
	char **ret_value, char **ret_where, struct hone_err *err)
{
	const struct hone_assign *assigned = find(plan, "panic");
	struct hone_rustflags flags = {0};
	struct hone_profile profile = {0};
	const struct hone_profile_value *now;
	int error = hone_rustflags_find(env->profiles, &flags, err);

	if (!error)
		*ret_value = hone_rustflags_value(&flags.flags, "panic", ret_where);
	hone_rustflags_release(&flags);
	if (error || *ret_value)
		return error;
	if (assigned) {
		*ret_value = hone_xstrdup(assigned->value);
		return 0;
	}
	error = hone_profile_compute(
		env->profiles, env->layers, env->project->package, HONE_UNIT_TARGET, &profile, err);
	if (error)
		return error;
	now = hone_profile_get(&profile, "panic");
	*ret_value = hone_xstrdup(now && now->value ? now->value : "\"unwind\"");
	*ret_where = now && now->where ? hone_xstrdup(now->where) : NULL;
	hone_profile_release(&profile);
	return 0;
}

static int check_panic(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_free char *panic = NULL;
	hone_auto_free char *where = NULL;
	const struct hone_assign *needs = NULL;
	int error;

	for (size_t i = 0; !needs && i < plan->candidate->n; i++) {
		const struct hone_assign *a = &plan->candidate->assigns[i];
		const struct hone_setting_value *row =
			hone_setting_value_row(a->setting, hone_view_of(a->value));

		if (row && row->needs_abort)
			needs = a;
	}
	if (!needs)
		return 0;
	error = panic_in_force(env, plan, &panic, &where, err);
	if (error || strstr(panic, "abort"))
		return error;
	hone_err_set(err, HONE_E_USAGE,
		"%s=%s needs panic = \"abort\": a program that unwinds would die without its "
		"tables; here panic is %s%s%s%s",
		needs->setting->key, needs->value, panic, where ? " (" : "", where ? where : "",
		where ? ")" : "");
	return hone_err_hint(err,
		"add panic=abort to candidate %s, if nothing in the program catches panics",
		plan->candidate->name);
}

/* The linkers that link.linker can name: the program that the C compiler looks for after -fuse-ld=, and
 * what they are called in packages. */
static const struct linker {
	const char *value, *program, *package;
	bool icf, scripts;
} linkers[] = {
	{"\"lld\"", "ld.lld", "lld", true, true},
	{"\"gnu\"", "ld.bfd", "binutils", false, true},
	{"\"mold\"", "ld.mold", "mold", true, false},
	{"\"gold\"", "ld.gold", "binutils-gold", true, false},
};

static const struct linker *chosen_linker(const struct hone_plan *plan)
{
	const struct hone_assign *a = find(plan, "link.linker");

	for (size_t i = 0; a && i < HONE_COUNT(linkers); i++)
		if (strcmp(linkers[i].value, a->value) == 0)
			return &linkers[i];
	return NULL;
}

/* rustc brings an lld of its own for some hosts, and tells the C compiler where it is. */
static bool is_installed(const struct hone_build_env *env, const struct linker *l)
{
	hone_auto_free char *own = hone_xasprintf("%s/lib/rustlib/%s/bin/gcc-ld/%s",
		env->toolchain->sysroot, env->toolchain->host, l->program);
	hone_auto_free char *path = NULL;

	return hone_fs_exists(own) || hone_path_find_program(l->program, &path, NULL) == 0;
}

static int check_linker(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err)
{
	const struct linker *l = chosen_linker(plan);
	const struct hone_assign *icf = find(plan, "link.icf");

	if (!l)
		return 0;
	if (!is_installed(env, l)) {
		hone_err_set(err, HONE_E_USAGE, "link.linker=%s: there is no %s here", l->value,
			l->program);
		return hone_err_hint(err,
			"install it (Debian: apt-get install %s), or leave link.linker out",
			l->package);
	}
	if (icf && !has_value(icf, "\"none\"") && !l->icf)
		return hone_err_set(err, HONE_E_USAGE,
			"link.icf=%s does not go with link.linker=%s, which cannot merge functions",
			icf->value, l->value);
	if (has_value(find(plan, "link.unwind"), "\"discard\"") && !l->scripts)
		return hone_err_set(err, HONE_E_USAGE,
			"link.unwind=\"discard\" does not go with link.linker=%s, which does not "
			"read the linker script that it takes",
			l->value);
	return 0;
}

int hone_plan_check(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err)
{
	int error = check_panic(env, plan, err);

	return error ? error : check_linker(env, plan, err);
}
