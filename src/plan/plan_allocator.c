/* link.allocator in a plan: where it is left out, and whether the linked file has it. */
#include "allocator.h"
#include "fs.h"
#include "object.h"
#include "own_allocator.h"
#include "plan_impl.h"
#include "platform.h"

#include <string.h>

/* Why the target cannot have it; NULL: it can. */
static const char *bad_target(const struct hone_build_env *env)
{
	struct hone_platform p = hone_platform_of(hone_plan_triple(env), NULL);

	if (p.os != HONE_OS_LINUX || p.libc == HONE_LIBC_OTHER)
		return "hone links allocators into programs for Linux with glibc or musl";
	return NULL;
}

/* A flag of a sanitizer, which brings a malloc of its own; borrowed from flags. */
static const char *find_sanitizer(const struct hone_strv *flags)
{
	for (size_t i = 0; i < flags->n; i++)
		if (strstr(flags->v[i], "sanitizer="))
			return flags->v[i];
	return NULL;
}

/* *ret_why: why it is left out, or NULL. The caller frees. */
static int find_obstacle(const struct hone_build_env *env, char **ret_why, struct hone_err *err)
{
	const char *target = bad_target(env);
	struct hone_rustflags flags = {0};
	const char *sanitizer;
	int error;

	*ret_why = target ? hone_xstrdup(target) : NULL;
	if (target)
		return 0;
	error = hone_rustflags_find(env->profiles, &flags, err);
	sanitizer = error ? NULL : find_sanitizer(&flags.flags);
	if (sanitizer)
		*ret_why = hone_xasprintf("`%s` (%s) brings a malloc of its own", sanitizer,
			flags.where ? flags.where : "rustflags");
	hone_rustflags_release(&flags);
	if (!error && !*ret_why)
		error = hone_own_allocator_find(env->profiles, ret_why, err);
	return error;
}

int hone_plan_add_allocator(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_err *err)
{
	const struct hone_allocator *allocator = hone_allocator_of(plan->candidate);
	hone_auto_free char *why = NULL;
	int error = allocator ? find_obstacle(env, &why, err) : 0;

	if (error || !allocator)
		return error;
	if (why) {
		hone_plan_leave_out(plan, a->setting, "%s", why);
		return 0;
	}
	plan->allocator = allocator;
	return hone_plan_add_flags(env, plan, a, &plan->rustc_args, err);
}

/* Of these glibc has some of its own, to which memory of another allocator must not come. */
static const char *const family[] = {"malloc", "free", "calloc", "realloc"};

struct seen {
	bool found[HONE_COUNT(family)];
};

static void see(void *ctx, const char *name, uint64_t address)
{
	struct seen *s = ctx;

	(void)address;
	for (size_t i = 0; i < HONE_COUNT(family); i++)
		s->found[i] |= strcmp(name, family[i]) == 0;
}

int hone_plan_check_allocator(const struct hone_plan *plan, const char *path, struct hone_err *err)
{
	struct seen s = {0};
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error;

	if (!plan->allocator)
		return 0;
	error = hone_object_info_read(path, &info, &why);
	if (!error)
		error = hone_object_defined(path, see, &s, &why);
	if (error)
		return hone_err_move(err, &why);
	/* A static file without symbols does not tell; there two mallocs would have been an error of the linker's. */
	if (!info.dynamic && !info.has_symtab)
		return 0;
	for (size_t i = 0; i < HONE_COUNT(family); i++)
		if (!s.found[i])
			return hone_err_set(err, HONE_E_FAILED,
				"link.allocator=%s: the linked program has no %s of its own",
				plan->allocator->value, family[i]);
	return 0;
}
