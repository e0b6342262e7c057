/* In whose words the linker is told: those of the C compiler that links for rustc (-Wl,--icf=all), or its own, where
 * rustc calls the linker itself, as it does for most programs without an operating system. */
#include "fs.h"
#include "linker_name.h"
#include "plan_impl.h"
#include "toml_value.h"

#include <string.h>

#define LINK_ARG "-Clink-arg="

/* What rustflags say of the linker's name or flavor; NULL: nothing. The caller frees. */
static char *said(const struct hone_rustflags *flags, const char *option)
{
	const char *value = hone_rustflags_option(&flags->flags, option, NULL);

	return value ? hone_xstrdup(value) : NULL;
}

int hone_plan_find_direct_linker(
	const struct hone_build_env *env, bool *ret_direct, char **ret_linker, struct hone_err *err)
{
	static const char *const compilers[] = {"gcc", "g++", "clang", "clang++", "cc", "c++"};
	static const char *const linkers[] = {
		"ld", "lld", "ld.lld", "rust-lld", "gold", "mold", "wasm-ld"};
	const char *triple = hone_plan_triple(env);
	const char *configured = hone_profile_set_linker(env->profiles, triple);
	struct hone_rustflags flags = {0};
	hone_auto_free char *flavor = NULL;
	hone_auto_free char *linker = NULL;
	const char *usual = "";
	struct hone_view stem;
	int error = hone_rustflags_find(env->profiles, &flags, err);

	if (!error) {
		flavor = said(&flags, "linker-flavor");
		linker = said(&flags, "linker");
	}
	hone_rustflags_release(&flags);
	if (!linker && configured)
		linker = hone_xstrdup(configured);
	stem = hone_linker_stem(linker ? linker : "");
	if (!flavor && hone_linker_is_among(stem, compilers, HONE_COUNT(compilers)))
		flavor = hone_xstrdup("gnu-cc");
	if (!flavor && hone_linker_is_among(stem, linkers, HONE_COUNT(linkers)))
		flavor = hone_xstrdup("gnu");
	/* A C compiler links for the host, wherever hone runs. */
	if (!error && !flavor && strcmp(triple, env->toolchain->host) != 0)
		error = hone_toolchain_linker_flavor(env->toolchain, triple, &usual, err);
	if (!flavor)
		flavor = hone_xstrdup(usual);
	*ret_direct = hone_linker_flavor_parse(flavor) != HONE_FLAVOR_COMPILER;
	if (ret_linker)
		*ret_linker = HONE_TAKE(linker);
	return error;
}

/* -Clink-arg=-Wl,-z,relro: -Clink-arg=-z -Clink-arg=relro. */
static void add_own_words(const char *flag, struct hone_strv *to)
{
	static const char through[] = LINK_ARG "-Wl,";
	struct hone_view rest, word;
	bool started = false;

	if (strcmp(flag, LINK_ARG "-Xlinker") == 0)
		return;
	if (!hone_starts(flag, through)) {
		hone_strv_push(to, flag);
		return;
	}
	rest = hone_view_of(flag + sizeof(through) - 1);
	while (hone_view_split(&rest, &started, ',', &word))
		hone_strv_pushf(to, LINK_ARG "%.*s", (int)word.n, word.p);
}

static void use_own_words(struct hone_strv *flags)
{
	struct hone_strv own = HONE_STRV_INIT;

	for (size_t i = 0; i < flags->n; i++)
		add_own_words(flags->v[i], &own);
	hone_strv_release(flags);
	*flags = own;
}

int hone_plan_add_linker_words(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	bool direct = false;
	int error = hone_plan_find_direct_linker(env, &direct, NULL, err);

	if (error || !direct)
		return error;
	use_own_words(&plan->rustc_args);
	use_own_words(&plan->graph);
	return 0;
}
