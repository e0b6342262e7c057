/* Settings that are carried out by a second LTO, in the linker. Under fat LTO rustc joins the program with the
 * prebuilt std, whose functions no option of its own reaches any more: forced attributes act on what a crate
 * compiles, and options of LLVM on everything alike. So rustc hands the joined program to lld as bitcode
 * (-Clinker-plugin-lto), and lld runs the passes that are named here and makes the machine code. */
#include "fs.h"
#include "path.h"
#include "plan_impl.h"

#include <ctype.h>
#include <string.h>

#define PLUGIN "-Clinker-plugin-lto"
#define TO_LLD "-Clink-arg=-Wl,-mllvm,"

/* Forced attributes, then what removes calls that now do nothing: an invoke becomes a call before it can go. */
#define PASSES "forceattrs,function(simplifycfg,adce),globaldce"
/* LLVM's own LTO behind them, for what was joined is marked for size only now; the second run gains by the first one's. The
 * marks say size: at Os the files are the same. Not beside a profile: LLVM 22 writes "CG Profile" at its end, and dies of
 * finding it there. */
#define PASSES_SIZE "forceattrs,lto<O2>,lto<O2>"

/* Largest archive of std that is searched. */
#define STD_LIMIT ((size_t)1 << 30)

static const struct hone_setting_value *row_of(const struct hone_assign *a)
{
	return hone_setting_value_row(a->setting, hone_view_of(a->value));
}

bool hone_plan_is_linker_lto(const struct hone_assign *a)
{
	const struct hone_setting_value *row = row_of(a);

	return row && row->flags && strstr(row->flags, PLUGIN);
}

static bool is_drop(const struct hone_assign *a)
{
	return a->setting->id == HONE_SET_LINK_SYMBOLIZER;
}

/* Does LLVM's outliner know the machine? It ends the linker where it does not. */
static bool is_outlined(const struct hone_build_env *env)
{
	static const char *const known[] = {
		"x86_64", "i3", "i5", "i6", "aarch64", "arm", "thumb", "riscv"};

	for (size_t i = 0; i < HONE_COUNT(known); i++)
		if (hone_starts(hone_path_base(hone_plan_triple(env)), known[i]))
			return true;
	return false;
}

/* Is this the name of the function, in one of rustc's two manglings? With other type arguments, and for closures in
 * it, there are more that look alike. */
static bool is_symbolizer(const char *name)
{
	bool v0 = hone_starts(name, "_RINvM") && strstr(name, "5Cache11with_global") &&
		  strstr(name, "7resolve");

	return v0 || (hone_starts(name, "_ZN") && strstr(name, "5gimli5Cache11with_global17h"));
}

static bool is_name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.';
}

/* The whole names around a place in the archive: those of an ELF string table end with a NUL, which tells them
 * from bitcode, where they stand one after the other. */
static struct hone_view name_around(struct hone_view text, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 && is_name_byte(text.p[from - 1]))
		from--;
	while (to < text.n && is_name_byte(text.p[to]))
		to++;
	if (from == 0 || text.p[from - 1] || to == text.n || text.p[to])
		return (struct hone_view){0};
	return hone_view_sub(text, from, to);
}

/* The functions of the prebuilt std that look up the name of an address: they give nothing back but through what
 * they are told to call, so that a program without them prints the addresses alone. */
static int find_symbolizers(
	const struct hone_build_env *env, struct hone_strv *ret_names, struct hone_err *err)
{
	static const char in_all[] = "12backtrace_rs9symbolize5gimli";
	hone_auto_free char *dir = hone_xasprintf(
		"%s/lib/rustlib/%s/lib", env->toolchain->sysroot, hone_plan_triple(env));
	hone_auto_free char *path = NULL;
	hone_auto_buf struct hone_buf archive = HONE_BUF_INIT;
	struct hone_view text;
	int error;

	if (hone_fs_find_named(dir, "libstd-", ".rlib", &path, NULL))
		return 0;
	error = hone_fs_read(path, STD_LIMIT, &archive, NULL, err);
	text = hone_buf_view(&archive);
	for (const char *p = text.p; !error && text.n;) {
		size_t rest = text.n - (size_t)(p - text.p);
		const char *found = memmem(p, rest, in_all, sizeof(in_all) - 1);
		hone_auto_free char *word = NULL;
		struct hone_view name;

		if (!found)
			break;
		name = name_around(text, (size_t)(found - text.p));
		word = hone_view_dup(name);
		if (is_symbolizer(word) && !hone_strv_has(ret_names, word))
			hone_strv_push(ret_names, word);
		p = found + 1;
	}
	return error;
}

/* The passes that the linker is told. */
static int passes(const struct hone_build_env *env, const struct hone_plan *plan,
	const char **ret_passes, struct hone_err *err)
{
	const struct hone_candidate *c = plan->candidate;
	const struct hone_assign *size = hone_candidate_get(c, HONE_SET_LINK_MINSIZE, NULL);
	struct hone_rustflags flags = {0};
	int error;

	*ret_passes = PASSES;
	if (!size || !hone_plan_is_linker_lto(size) || hone_plan_trains(c))
		return 0;
	error = hone_rustflags_find(env->profiles, &flags, err);
	if (!error && !hone_rustflags_option(&flags.flags, "profile-use", NULL))
		*ret_passes = PASSES_SIZE;
	hone_rustflags_release(&flags);
	return error;
}

/* Why the linker cannot do it here, or NULL. Makes the plan link by the lld that can. */
static int obstacle(const struct hone_build_env *env, struct hone_plan *plan, const char **ret_why,
	struct hone_err *err)
{
	hone_auto_free char *lto = NULL;
	hone_auto_free char *where = NULL;
	bool known = false, found = false;
	int error = hone_plan_value_in_force(env, plan, HONE_SET_LTO, "false", &lto, &where, err);

	if (!error)
		error = hone_toolchain_llvm_option(
			env->toolchain, HONE_VIEW("force-attribute"), &known, err);
	if (error)
		return error;
	*ret_why = NULL;
	if (strcmp(lto, "true") != 0 && strcmp(lto, "\"fat\"") != 0)
		*ret_why = "it needs lto = \"fat\"";
	else if (!known)
		*ret_why = "the LLVM of this rustc cannot force attributes on functions";
	if (*ret_why)
		return 0;
	error = hone_plan_use_lld(env, plan, &found, err);
	if (!found)
		*ret_why =
			"it needs an lld of rustc's LLVM as the linker, as rustup's toolchains and "
			"Debian's packages lld-22 and the like bring one";
	return error;
}

/* lld makes the machine code: it is to be told what rustc's LLVM was told. */
static void pass_on(const struct hone_strv *flags, struct hone_strv *to)
{
	for (size_t i = 0; i < flags->n; i++) {
		hone_auto_free char *flag = NULL;

		if (!hone_starts(flags->v[i], HONE_LLVM_ARGS) ||
			hone_starts(flags->v[i], HONE_LLVM_ARGS "-force-"))
			continue;
		flag = hone_xasprintf(TO_LLD "%s", flags->v[i] + strlen(HONE_LLVM_ARGS));
		if (!hone_strv_has(to, flag))
			hone_strv_push(to, flag);
	}
}

static void drop_functions(const struct hone_strv *names, struct hone_strv *to)
{
	/* Of a call that writes no memory, comes back, throws nothing and whose result nobody takes, nothing is
	 * left. */
	static const char *const attributes[] = {"memory", "willreturn", "nounwind"};

	for (size_t i = 0; i < names->n; i++)
		for (size_t k = 0; k < HONE_COUNT(attributes); k++)
			hone_strv_pushf(
				to, TO_LLD "-force-attribute=%s:%s", names->v[i], attributes[k]);
}

int hone_plan_add_linker_lto(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_strv struct hone_strv own = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	const char *why = NULL, *run = NULL;
	bool looked = false;
	int error = 0;

	for (size_t i = 0; !error && i < plan->candidate->n; i++) {
		const struct hone_assign *a = &plan->candidate->assigns[i];
		const char *here;

		/* A std that is compiled was asked for its parts. */
		if (!hone_plan_is_linker_lto(a) ||
			(is_drop(a) && hone_plan_builds_std(plan->candidate)))
			continue;
		error = looked ? 0 : obstacle(env, plan, &why, err);
		looked = true;
		here = why;
		if (!error && !here && is_drop(a)) {
			error = find_symbolizers(env, &names, err);
			if (!names.n)
				here = "there is no function of this name in the std that is "
				       "linked";
			drop_functions(&names, &own);
		}
		if (!error && !here && a->setting->id == HONE_SET_LINK_OUTLINER &&
			!is_outlined(env))
			here = "LLVM's outliner does not know this machine";
		if (error)
			return error;
		if (here)
			hone_plan_leave_out(plan, a->setting, "%s", here);
		else
			error = hone_plan_add_flags(env, plan, a, &own, err);
	}
	if (!error && own.n)
		error = passes(env, plan, &run, err);
	if (error || !own.n)
		return error;
	hone_strv_push(&plan->rustc_args, PLUGIN);
	hone_strv_push(&plan->rustc_args, "-Clink-arg=-Xlinker");
	hone_strv_pushf(&plan->rustc_args, "-Clink-arg=--lto-newpm-passes=%s", run);
	pass_on(&plan->graph, &plan->rustc_args);
	pass_on(&plan->rustc_args, &plan->rustc_args);
	for (size_t i = 0; i < own.n; i++)
		if (strcmp(own.v[i], PLUGIN) != 0)
			hone_strv_push(&plan->rustc_args, own.v[i]);
	return 0;
}
