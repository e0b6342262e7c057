/* Which linker links, and whether it can do what the candidate asks: a link that fails after minutes of
 * compiling is a bad way to learn that a linker is not there. */
#include "platform.h"
#include "fs.h"
#include "linker_name.h"
#include "num.h"
#include "plan_impl.h"
#include "proc.h"

#include <string.h>

/* Seconds that a linker may take to tell its name. */
#define ASK_NS (10 * HONE_NS_PER_S)
/* Since this version rustup's musl (1.2.5) unpacks the relocations of a program that it is linked into: before it, such
 * a program dies at its start. */
#define MUSL_MINOR 93

/* The linkers that link.linker can name: the program that the C compiler looks for after -fuse-ld=, what
 * they are called in packages, and how they call themselves. */
static const struct linker {
	const char *value, *program, *package, *banner;
} linkers[] = {
	[HONE_LINKER_LLD] = {"\"lld\"", "ld.lld", "lld", "LLD"},
	[HONE_LINKER_GNU] = {"\"gnu\"", "ld.bfd", "binutils", "GNU ld"},
	[HONE_LINKER_MOLD] = {"\"mold\"", "ld.mold", "mold", "mold"},
	[HONE_LINKER_GOLD] = {"\"gold\"", "ld.gold", "binutils-gold", "GNU gold"},
};
#define LLD (&linkers[HONE_LINKER_LLD])
#define USE_LLD "-Clink-arg=-fuse-ld=lld"
/* What rustc calls its own lld by where it links without a C compiler. */
#define RUST_LLD "rust-lld"

static enum hone_linker index_of(const struct linker *l)
{
	return l ? (enum hone_linker)(l - linkers) : HONE_LINKERS;
}

static const struct hone_setting_value *row_of(const struct hone_assign *a)
{
	return hone_setting_value_row(a->setting, hone_view_of(a->value));
}

/* An assignment of the candidate that a linker lacks, first those for which lld would take its place; NULL for any
 * linker. NULL: none. */
static const struct hone_assign *find_lack(const struct hone_plan *plan, const struct linker *l)
{
	const struct hone_assign *found = NULL;

	for (size_t i = 0; i < plan->candidate->n; i++) {
		const struct hone_assign *a = &plan->candidate->assigns[i];
		const struct hone_setting_value *row = row_of(a);

		for (size_t k = 0; row && k < HONE_LINKERS; k++)
			if (row->lacks[k] && (!l || index_of(l) == k) &&
				(!found || (row->else_lld && !row_of(found)->else_lld)))
				found = a;
	}
	return found;
}

static bool has_value(const struct hone_plan *plan, enum hone_setting_id id, const char *text)
{
	const struct hone_assign *a = hone_candidate_get(plan->candidate, id, NULL);

	return a && strcmp(a->value, text) == 0;
}

static const struct linker *chosen_linker(const struct hone_plan *plan)
{
	for (size_t i = 0; i < HONE_COUNT(linkers); i++)
		if (has_value(plan, HONE_SET_LINK_LINKER, linkers[i].value))
			return &linkers[i];
	return NULL;
}

/* Does the machine's own C compiler link, if nobody names another linker? For the host and for its other C library:
 * x86_64-unknown-linux-musl beside x86_64-unknown-linux-gnu. */
static bool is_native(const struct hone_build_env *env)
{
	const char *triple = hone_plan_triple(env), *host = env->toolchain->host;
	const char *abi = strrchr(triple, '-');
	size_t same = abi ? (size_t)(abi - triple) + 1 : 0;

	return strcmp(triple, host) == 0 ||
	       (same && strncmp(triple, host, same) == 0 && strcmp(abi, "-musl") == 0 &&
		       strstr(triple, "-linux-"));
}

/* The folder in which rustc has linkers for the C compiler. The caller frees. */
static char *own_folder(const struct hone_build_env *env)
{
	return hone_xasprintf(
		"%s/lib/rustlib/%s/bin/gcc-ld", env->toolchain->sysroot, env->toolchain->host);
}

bool hone_plan_cannot_load(const struct hone_build_env *env, const struct hone_assign *a)
{
	return a->setting->id == HONE_SET_LINK_RELR && strcmp(a->value, "\"on\"") == 0 &&
	       hone_platform_of(hone_plan_triple(env), NULL).libc == HONE_LIBC_MUSL &&
	       env->toolchain->rustc_minor < MUSL_MINOR;
}

/* What the user's own configuration says about who links. */
struct own {
	bool decides;   /* flags, or a program that hone does not know: it is his business */
	char *compiler; /* the C compiler that he names, or NULL */
	bool drops_lld; /* whose name, or flags of whose, keep rustc from its own lld */
	const struct linker
		*forced; /* that his -fuse-ld asks for, which stands last and wins; or NULL */
};

/* -Clink-arg=-fuse-ld=mold: the linker of that name, or NULL. */
static const struct linker *linker_in(const char *flag)
{
	const char *name = strstr(flag, "-fuse-ld=");

	for (size_t i = 0; name && i < HONE_COUNT(linkers); i++)
		if (strcmp(name + strlen("-fuse-ld="), linkers[i].program + strlen("ld.")) == 0)
			return &linkers[i];
	return NULL;
}

static int read_own(const struct hone_build_env *env, struct own *ret, struct hone_err *err)
{
	static const char *const compilers[] = {
		"gcc", "g++", "clang", "clang++", "emcc", "cc", "c++"};
	const char *configured = hone_profile_set_linker(env->profiles, hone_plan_triple(env));
	struct hone_rustflags flags = {0};
	hone_auto_free char *linker = configured ? hone_xstrdup(configured) : NULL;
	int error = hone_rustflags_find(env->profiles, &flags, err);

	*ret = (struct own){0};
	for (size_t i = 0; !error && i < flags.flags.n; i++) {
		const char *flag = flags.flags.v[i];
		const char *name = strstr(flag, "linker=");

		if (name) {
			free(linker);
			linker = hone_xstrdup(name + strlen("linker="));
		} else if (strstr(flag, "linker") || strstr(flag, "fuse-ld") ||
			   strstr(flag, "ld-path")) {
			ret->decides = true;
			ret->drops_lld |= strstr(flag, "linker") != NULL;
			if (!strstr(flag, "linker"))
				ret->forced = linker_in(flag);
		}
	}
	hone_rustflags_release(&flags);
	if (error || !linker)
		return error;
	ret->drops_lld |= hone_linker_drops_lld(linker);
	if (ret->drops_lld ||
		hone_linker_is_among(hone_linker_stem(linker), compilers, HONE_COUNT(compilers)))
		ret->compiler = HONE_TAKE(linker);
	else
		ret->decides = true;
	return 0;
}

/* Does rustc tell the C compiler to link by its own lld, if nobody says otherwise? */
static bool is_lld_by_default(const struct hone_build_env *env)
{
	struct own own = {0};
	bool drops = read_own(env, &own, NULL) || own.drops_lld;

	free(own.compiler);
	return !drops && hone_toolchain_links_by_own_lld(env->toolchain, hone_plan_triple(env));
}

static const struct linker *with_banner(const char *said)
{
	for (size_t i = 0; i < HONE_COUNT(linkers); i++)
		if (hone_starts(said, linkers[i].banner))
			return &linkers[i];
	return NULL;
}

/* What the C compiler links by, if it tells; NULL: unknown. */
static const struct linker *linker_of(const struct hone_build_env *env, const char *compiler)
{
	const char *const argv[] = {compiler, "-Wl,--version", NULL};
	hone_auto_free char *question = hone_xasprintf("-Wl,--version %s", compiler);
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv, .limit = 65536, .deadline_ns = ASK_NS};
	const char *told = hone_toolchain_told(env->toolchain, question);
	bool works;

	if (told)
		return with_banner(told);
	works = !hone_proc_run(&spec, &r, NULL) && hone_proc_succeeded(&r);
	return with_banner(hone_toolchain_remember(
		env->toolchain, question, works ? hone_buf_str(&r.out) : ""));
}

/* Debian's package lld-22 puts ld.lld-22 on the path and ld.lld into this folder. NULL: it is not installed. The
 * caller frees. */
static char *packaged_lld(const struct hone_build_env *env)
{
	struct hone_view llvm = hone_view_of(env->toolchain->llvm_version);
	hone_auto_free char *path = NULL;
	uint64_t major;

	if (!hone_parse_u64(hone_view_sub(llvm, 0, hone_view_find(llvm, 0, '.')), &major))
		return NULL;
	path = hone_toolchain_packaged(env->toolchain, major, LLD->program);
	return hone_fs_exists(path) ? hone_path_dir(path) : NULL;
}

/* Where the C compiler finds the linker: "" when it needs no help, else the folder for -B. NULL: it is not
 * installed. The caller frees. */
static char *find_linker(const struct hone_build_env *env, const struct linker *l)
{
	hone_auto_free char *folder = own_folder(env);
	hone_auto_free char *own = hone_path_join(folder, l->program);
	hone_auto_free char *path = NULL;
	bool is_lld = strcmp(l->program, "ld.lld") == 0;

	if (is_lld && is_lld_by_default(env))
		return hone_xstrdup("");
	if (hone_fs_exists(own))
		return HONE_TAKE(folder);
	if (hone_path_find_program(l->program, &path, NULL) == 0)
		return hone_xstrdup("");
	return is_lld ? packaged_lld(env) : NULL;
}

static int not_installed(const struct hone_build_env *env, const struct linker *l,
	const char *needs, const char *value, struct hone_err *err)
{
	const char *llvm = env->toolchain->llvm_version;

	hone_err_set(err, HONE_E_USAGE, "%s=%s: there is no %s here", needs, value, l->program);
	if (strcmp(l->package, "lld") == 0 && llvm)
		return hone_err_hint(err,
			"install it (Debian: apt-get install lld, or lld-%.*s), or leave %s out",
			(int)strcspn(llvm, "."), llvm, needs);
	return hone_err_hint(
		err, "install it (Debian: apt-get install %s), or leave %s out", l->package, needs);
}

static int add_folder(const struct hone_build_env *env, struct hone_plan *plan,
	const struct linker *l, enum hone_setting_id needs, const char *value, struct hone_err *err)
{
	hone_auto_free char *folder = find_linker(env, l);

	if (!folder)
		return not_installed(env, l, hone_setting(needs)->key, value, err);
	if (*folder)
		hone_strv_pushf(&plan->rustc_args, "-Clink-arg=-B%s", folder);
	return 0;
}

/* The linker that links when the candidate names none; NULL: unknown, or the user's own business. ret_forced: his flags
 * ask for it. */
static int default_linker(const struct hone_build_env *env, const struct linker **ret,
	bool *ret_forced, struct hone_err *err)
{
	struct own own = {0};
	int error = read_own(env, &own, err);

	*ret = own.forced;
	*ret_forced = own.forced != NULL;
	if (!error && !own.decides && (own.compiler || is_native(env)))
		*ret = is_lld_by_default(env) ? LLD
					      : linker_of(env, own.compiler ? own.compiler : "cc");
	free(own.compiler);
	return error;
}

/* Is it one of the machines whose C compilers call an ELF linker by -B and -fuse-ld? */
static bool is_linux(const struct hone_build_env *env)
{
	return hone_platform_of(hone_plan_triple(env), NULL).os == HONE_OS_LINUX;
}

/* Does lld take the place of the usual linker for this assignment, which that lacks? */
static bool becomes_lld(
	const struct hone_build_env *env, const struct hone_assign *lack, bool forced)
{
	/* A C compiler for a device has no lld to call. */
	return !forced && row_of(lack)->else_lld &&
	       hone_platform_of(hone_plan_triple(env), NULL).os != HONE_OS_NONE;
}

int hone_plan_find_linker(const struct hone_build_env *env, const struct hone_plan *plan,
	enum hone_linker *ret_linker, struct hone_err *err)
{
	const struct linker *l = chosen_linker(plan);
	const struct hone_assign *lack = NULL;
	bool forced = l != NULL;
	int error = l ? 0 : default_linker(env, &l, &forced, err);

	if (!error && l)
		lack = find_lack(plan, l);
	if (lack && becomes_lld(env, lack, forced))
		l = LLD;
	*ret_linker = index_of(l);
	return error;
}

int hone_plan_check_linker(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	const struct linker *chosen = chosen_linker(plan), *l = chosen;
	const struct hone_assign *lack = NULL;
	const char *why;
	bool forced = false;
	int error = 0;

	if (chosen) {
		error = hone_plan_check_own_linker(env, plan, err);
		if (!error)
			error = add_folder(
				env, plan, chosen, HONE_SET_LINK_LINKER, chosen->value, err);
	} else if (find_lack(plan, NULL))
		error = default_linker(env, &l, &forced, err);
	if (!error && l)
		lack = find_lack(plan, l);
	if (error || !lack)
		return error;
	why = row_of(lack)->lacks[index_of(l)];
	if (becomes_lld(env, lack, chosen || forced)) {
		error = add_folder(env, plan, LLD, lack->setting->id, lack->value, err);
		if (error)
			return error;
		hone_strv_push(&plan->rustc_args, USE_LLD);
		hone_strv_pushf(&plan->notes, "%s=%s: lld links, as %s%s", lack->setting->key,
			lack->value, l->banner, why + strlen("which"));
		return 0;
	}
	hone_err_set(err, HONE_E_USAGE, "%s=%s does not go with %s%s, %s", lack->setting->key,
		lack->value, chosen ? "link.linker=" : "", chosen ? chosen->value : l->banner, why);
	if (forced)
		hone_err_hint(err,
			"-fuse-ld in your rustflags asks for it, and wins: take it out there, or "
			"leave %s out",
			lack->setting->key);
	return HONE_E_USAGE;
}

/* Is a linker of this name an lld of rustc's LLVM? flip-link calls rust-lld in turn; Debian has ld.lld-22. */
static bool is_lld_of_rustc(const struct hone_build_env *env, const char *linker)
{
	const char *llvm = env->toolchain->llvm_version;
	hone_auto_free char *lld = hone_xasprintf(
		"%s/lib/rustlib/%s/bin/" RUST_LLD, env->toolchain->sysroot, env->toolchain->host);
	hone_auto_free char *packaged =
		hone_xasprintf("ld.lld-%.*s", (int)strcspn(llvm, "."), llvm);

	if (linker && strcmp(hone_path_base(linker), packaged) == 0)
		return true;
	return hone_fs_exists(lld) &&
	       (!linker || strcmp(linker, RUST_LLD) == 0 || strcmp(linker, "flip-link") == 0);
}

/* Does rustc call an lld that reads what its LLVM writes without a C compiler between? */
static int is_own_lld(const struct hone_build_env *env, bool *ret_own, struct hone_err *err)
{
	hone_auto_free char *linker = NULL;
	bool direct = false;
	int error = hone_plan_find_direct_linker(env, &direct, &linker, err);

	*ret_own = !error && direct && is_lld_of_rustc(env, linker);
	return error;
}

/* Somebody else's: flags, a program that hone does not know, or a C compiler that names none it knows. */
static int is_foreign(const struct hone_build_env *env, bool *ret, struct hone_err *err)
{
	struct own own = {0};
	hone_auto_free char *path = NULL;
	int error = read_own(env, &own, err);
	const char *compiler = own.compiler ? own.compiler : is_native(env) ? "cc" : NULL;

	*ret = own.decides || (compiler && hone_path_find_program(compiler, &path, NULL) == 0);
	free(own.compiler);
	return error;
}

int hone_plan_knows_linker(const struct hone_build_env *env, const struct hone_plan *plan,
	bool *ret_known, struct hone_err *err)
{
	enum hone_linker linker = HONE_LINKERS;
	bool foreign = false;
	int error = hone_plan_find_linker(env, plan, &linker, err);

	*ret_known = linker != HONE_LINKERS;
	if (error || *ret_known)
		return error;
	error = is_foreign(env, &foreign, err);
	*ret_known = !foreign;
	return error || *ret_known ? error : is_own_lld(env, ret_known, err);
}

int hone_plan_use_lld(const struct hone_build_env *env, struct hone_plan *plan, bool *ret_found,
	struct hone_err *err)
{
	const struct linker *chosen = chosen_linker(plan);
	hone_auto_free char *folder = own_folder(env);
	hone_auto_free char *own = hone_path_join(folder, LLD->program);
	hone_auto_free char *flag = NULL;
	struct own his = {0};
	bool takes_lld;
	int error;

	*ret_found = false;
	error = chosen ? 0 : is_own_lld(env, ret_found, err);
	if (error || *ret_found)
		return error;
	error = chosen ? 0 : read_own(env, &his, err);
	takes_lld = is_native(env) || (his.compiler && is_linux(env));
	free(his.compiler);
	if (error || his.decides || (chosen && chosen != LLD) || !takes_lld)
		return error;
	*ret_found = true;
	if (is_lld_by_default(env))
		return 0;
	if (!hone_fs_exists(own)) {
		free(folder);
		folder = packaged_lld(env);
	}
	*ret_found = folder != NULL;
	if (!folder)
		return 0;
	flag = hone_xasprintf("-Clink-arg=-B%s", folder);
	if (!hone_strv_has(&plan->rustc_args, flag))
		hone_strv_push(&plan->rustc_args, flag);
	if (!hone_strv_has(&plan->rustc_args, USE_LLD))
		hone_strv_push(&plan->rustc_args, USE_LLD);
	return 0;
}
