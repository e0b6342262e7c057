#include "allocator.h"

#include "allocator_crates.h"
#include "fs.h"
#include "hash.h"
#include "object.h"
#include "plan_impl.h"

#include <ctype.h>
#include <string.h>

const struct hone_allocator hone_allocators[] = {
	{
		.name = "mimalloc",
		.value = "\"mimalloc\"",
		.library = "libmimalloc.a",
		.archive = "libhone_mimalloc.a",
		.manifest = hone_mimalloc_manifest,
		.lock = hone_mimalloc_lock,
		.ask = "MIMALLOC_VERBOSE=1",
		.answer = "mimalloc: ",
	},
	{
		.name = "jemalloc",
		.value = "\"jemalloc\"",
		.library = "libjemalloc_pic.a",
		.archive = "libhone_jemalloc.a",
		.manifest = hone_jemalloc_manifest,
		.lock = hone_jemalloc_lock,
		.ask = "MALLOC_CONF=confirm_conf:true",
		.answer = "<jemalloc>: ",
	},
	{0},
};

/* mimalloc tells when it was compiled, and jemalloc's makefile asks for debug information, which names folders. */
const char *const hone_allocator_env[] = {"SOURCE_DATE_EPOCH=0", "EXTRA_CFLAGS=-g0", NULL};

static const char library_text[] = "// It is here for its dependency alone.\n";
static const char ignore_text[] = "/*.a\n/made\n";

const struct hone_allocator *hone_allocator_of(const struct hone_candidate *candidate)
{
	const struct hone_assign *a = hone_candidate_get(candidate, HONE_SET_LINK_ALLOCATOR, NULL);

	for (const struct hone_allocator *l = hone_allocators; a && l->name; l++)
		if (strcmp(l->value, a->value) == 0)
			return l;
	return NULL;
}

static const char *const file_names[HONE_ALLOCATOR_FILES] = {
	"Cargo.toml", "Cargo.lock", "lib.rs", ".gitignore"};

void hone_allocator_file_names(const struct hone_allocator *a, struct hone_strv *ret_names)
{
	for (size_t i = 0; i < HONE_ALLOCATOR_FILES; i++)
		hone_strv_pushf(ret_names, "%s/%s", a->name, file_names[i]);
}

const char *hone_allocator_file_text(const char *name)
{
	for (const struct hone_allocator *a = hone_allocators; a->name; a++) {
		const char *const texts[HONE_ALLOCATOR_FILES] = {
			a->manifest, a->lock, library_text, ignore_text};
		size_t n = strlen(a->name);

		if (strncmp(name, a->name, n) != 0 || name[n] != '/')
			continue;
		for (size_t i = 0; i < HONE_ALLOCATOR_FILES; i++)
			if (strcmp(name + n + 1, file_names[i]) == 0)
				return texts[i];
	}
	return NULL;
}

void hone_allocator_cargo_args(const struct hone_build_env *env, struct hone_strv *ret_args)
{
	static const char *const words[] = {"build", "--release", "--locked", "--config",
		"profile.release.opt-level=3", "--config", "profile.release.debug=false",
		"--target", NULL};

	hone_strv_append(ret_args, words);
	hone_strv_push(ret_args, hone_plan_triple(env));
}

/* CC_x86_64_unknown_linux_musl. The caller frees. */
static char *variable_of(const char *begin, const char *triple)
{
	char *name = hone_xasprintf("%s_%s", begin, triple);

	for (char *c = name; *c; c++)
		*c = *c == '-' || *c == '.' ? '_' : *c;
	return name;
}

/* aarch64-unknown-linux-gnu: aarch64-linux-gnu-gcc. NULL: not known. */
char *hone_allocator_usual_compiler(const struct hone_build_env *env)
{
	const char *triple = hone_plan_triple(env), *host = env->toolchain->host;
	size_t machine = strcspn(triple, "-");
	const char *rest = strstr(triple, "-linux-");

	if (strcmp(triple, host) == 0)
		return hone_xstrdup("cc");
	if (!rest)
		return NULL;
	if (hone_ends(triple, "-musl") && strncmp(triple, host, machine + 1) == 0)
		return hone_xstrdup("musl-gcc");
	if (hone_starts(triple, "riscv64"))
		return hone_xasprintf("riscv64%s-gcc", rest);
	return hone_xasprintf("%.*s%s-gcc", (int)machine, triple, rest);
}

void hone_allocator_compiler(const struct hone_build_env *env, struct hone_strv *ret_words)
{
	const char *triple = hone_plan_triple(env);
	bool is_host = strcmp(triple, env->toolchain->host) == 0;
	hone_auto_free char *dashed = hone_xasprintf("CC_%s", triple);
	hone_auto_free char *underscored = variable_of("CC", triple);
	hone_auto_free char *usual = hone_allocator_usual_compiler(env);
	const char *const names[] = {dashed, underscored, is_host ? "HOST_CC" : "TARGET_CC", "CC"};

	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		const char *value = getenv(names[i]);

		if (!value || !*value)
			continue;
		if (hone_strv_split_words(ret_words, value, NULL))
			hone_strv_release(ret_words);
		return;
	}
	if (usual)
		hone_strv_push(ret_words, usual);
}

/* Which C compiler made an archive, as its objects tell: "GCC: (Debian 12.2.0-14) 12.2.0". The caller frees; NULL: they
 * do not tell. */
static char *maker_of(struct hone_view archive)
{
	static const char *const marks[] = {"GCC: (", "clang version "};

	for (size_t i = 0; i < HONE_COUNT(marks); i++) {
		const char *at = memmem(archive.p, archive.n, marks[i], strlen(marks[i]));
		size_t n = 0, left = at ? (size_t)(archive.p + archive.n - at) : 0;

		while (n < left && n < 200 && isprint((unsigned char)at[n]))
			n++;
		if (n)
			return hone_xstrndup(at, n);
	}
	return NULL;
}

const struct hone_plan *hone_plan_use_archive(const struct hone_build_env *env,
	const struct hone_plan *plan, const char *archive, struct hone_view content)
{
	struct hone_plan *copy = hone_plan_copy(
		plan, plan->instrument ? hone_plan_copy(plan->instrument, NULL) : NULL);
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	char text[HONE_HASH_TEXT];

	free(copy->archive);
	copy->archive = hone_xstrdup(archive);
	free(copy->archive_maker);
	copy->archive_maker = maker_of(content);
	/* With the files of the user's: cargo looks at none of them. */
	hone_buf_addf(
		&b, "%s\n%s", copy->user_files, hone_hash_text(text, hone_hash_bytes(content)));
	hone_hash_text(copy->user_files, hone_hash_bytes(hone_buf_view(&b)));
	return hone_plan_finish(env, copy);
}
