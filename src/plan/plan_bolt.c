/* llvm-bolt after the link: whether it is here, what it asks of the link, and how it is called. */
#include "fs.h"
#include "num.h"
#include "plan_impl.h"
#include "platform.h"
#include "proc.h"
#include "text.h"
#include "tools.h"

#include <string.h>

#define ASK_NS (60 * HONE_NS_PER_S)

/* By default hot code begins at a page of 2 MB, and all code that is left stays where it was: a program of 618,312 bytes
 * becomes one of 6.4 million. The new code goes to the old one's place instead. -use-gnu-stack, which is said to help
 * strip, would leave the program without the mark that its threads' stacks are not executable. */
static const char *const options[] = {"-reorder-blocks=ext-tsp", "-reorder-functions=cdsort",
	"-split-functions", "-split-all-cold", "-split-eh", "-use-old-text", "-align-text=64",
	"-no-huge-pages", "-bolt-info=0"};

static bool llvm_major(const struct hone_build_env *env, uint64_t *ret)
{
	struct hone_view v = hone_view_of(env->toolchain->llvm_version);

	return hone_parse_u64(hone_view_sub(v, 0, hone_view_find(v, 0, '.')), ret);
}

/* Does it say that it is of this LLVM? "LLVM version 22.1.8" */
static bool is_of(const char *tool, uint64_t major)
{
	const char *const argv[] = {tool, "--version", NULL};
	hone_auto_free char *words =
		hone_xasprintf("LLVM version %llu.", (unsigned long long)major);
	struct hone_proc_spec spec = {.argv = argv, .limit = 65536, .deadline_ns = ASK_NS};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	return !hone_proc_run(&spec, &r, NULL) && hone_proc_succeeded(&r) &&
	       strstr(hone_buf_str(&r.out), words);
}

/* The first llvm-bolt of rustc's LLVM; *ret_other: one of another LLVM that was met, or NULL. The caller frees both. */
static char *find_tool(const struct hone_build_env *env, uint64_t major, char **ret_other)
{
	hone_auto_free char *named = hone_xasprintf("llvm-bolt-%llu", (unsigned long long)major);
	hone_auto_free char *packaged = hone_toolchain_packaged(env->toolchain, major, "llvm-bolt");
	const char *const names[] = {named, packaged, "llvm-bolt"};

	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		hone_auto_free char *path = NULL;

		if (hone_path_find_program(names[i], &path, NULL))
			continue;
		if (is_of(path, major))
			return HONE_TAKE(path);
		if (!*ret_other)
			*ret_other = HONE_TAKE(path);
	}
	return NULL;
}

char *hone_plan_merge_fdata(const struct hone_plan *plan)
{
	const char *name = hone_path_base(plan->bolt.tool);
	hone_auto_free char *dir = hone_path_dir(plan->bolt.tool);

	/* llvm-bolt-22 has merge-fdata-22 beside itself. */
	return hone_xasprintf("%s/merge-fdata%s", dir, name + strlen("llvm-bolt"));
}

/* *ret_why: why it cannot be done here, or NULL. The caller frees. */
static int find_obstacle(const struct hone_build_env *env, struct hone_plan *plan, char **ret_why,
	struct hone_err *err)
{
	struct hone_platform p = hone_platform_of(hone_plan_triple(env), NULL);
	hone_auto_free char *other = NULL;
	hone_auto_free char *strip = NULL;
	hone_auto_free char *merge = NULL;
	struct hone_rustflags flags = {0};
	uint64_t major = 0;
	int error = 0;

	if (p.os != HONE_OS_LINUX || !hone_starts(hone_plan_triple(env), "x86_64")) {
		*ret_why = hone_xstrdup("hone has llvm-bolt lay out programs for x86-64 Linux");
		return 0;
	}
	if (!llvm_major(env, &major)) {
		*ret_why = hone_xstrdup("this rustc has no LLVM");
		return 0;
	}
	plan->bolt.tool = find_tool(env, major, &other);
	merge = plan->bolt.tool ? hone_plan_merge_fdata(plan) : NULL;
	if (!merge || !hone_fs_exists(merge))
		*ret_why = hone_xasprintf("%s%s of LLVM %llu, which is rustc's (Debian: apt-get "
					  "install bolt-%llu libbolt-%llu-dev)",
			other ? other : "there is no llvm-bolt", other ? " is not" : "",
			(unsigned long long)major, (unsigned long long)major,
			(unsigned long long)major);
	if (!*ret_why) {
		error = hone_rustflags_find(env->profiles, &flags, err);
		strip = error ? NULL : hone_rustflags_value(&flags.flags, HONE_SET_STRIP, NULL);
		if (strip && strcmp(strip, "\"none\"") != 0 && strcmp(strip, "\"debuginfo\"") != 0)
			*ret_why = hone_xasprintf(
				"your rustflags strip symbols (%s), without which llvm-bolt finds "
				"no functions",
				flags.where ? flags.where : "rustflags");
		hone_rustflags_release(&flags);
	}
	return error;
}

static void set_key(struct hone_plan *plan, enum hone_setting_id id, const char *value)
{
	for (size_t i = 0; i < plan->n_keys; i++)
		if (!plan->keys[i].package && plan->keys[i].setting->id == id) {
			free(plan->keys[i].value);
			plan->keys[i].value = hone_xstrdup(value);
			return;
		}
	hone_plan_add_key(plan, hone_setting(id), NULL, value);
}

/* What is stripped is stripped by llvm-bolt, at its end: no other tool does it before or after. */
static int take_strip(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_free char *value = NULL;
	hone_auto_free char *where = NULL;
	int error = hone_plan_value_in_force(
		env, plan, HONE_SET_STRIP, "\"none\"", &value, &where, err);

	if (error)
		return error;
	if (strcmp(value, "\"symbols\"") == 0 || strcmp(value, "true") == 0) {
		plan->bolt.strips = true;
		set_key(plan, HONE_SET_STRIP, "\"debuginfo\"");
	}
	if (plan->post_strip && strcmp(plan->post_strip, "none") != 0) {
		plan->bolt.strips |= strcmp(plan->post_strip, "debuginfo") != 0;
		if (strcmp(plan->post_strip, "all") == 0)
			hone_strv_push(&plan->notes,
				"post.strip=\"all\" is \"symbols\" beside post.bolt: hone's own "
				"strip leaves what llvm-bolt wrote as it is");
	}
	plan->post_strip = NULL;
	return 0;
}

static void remove_word(struct hone_strv *words, const char *word)
{
	size_t n = 0;

	for (size_t i = 0; i < words->n; i++) {
		if (strcmp(words->v[i], word) == 0)
			free(words->v[i]);
		else
			words->v[n++] = words->v[i];
	}
	if (n < words->n)
		words->v[n] = NULL;
	words->n = n;
}

/* With -use-old-text llvm-bolt 22 leaves words that packed relocations relocate as they were, with addresses of functions that
 * are elsewhere now (findings/bolt-forgets-packed-relocations.sh): the program ends by SIGSEGV. */
static int give_up_relr(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	const struct hone_assign *relr =
		hone_candidate_get(plan->candidate, HONE_SET_LINK_RELR, NULL);
	hone_auto_strv struct hone_strv flags = HONE_STRV_INIT;
	int error;

	if (!relr || plan->left_out[HONE_SET_LINK_RELR] || strcmp(relr->value, "\"on\"") != 0)
		return 0;
	error = hone_plan_add_flags(env, plan, relr, &flags, err);
	for (size_t i = 0; i < flags.n; i++)
		remove_word(&plan->rustc_args, flags.v[i]);
	if (!error)
		hone_plan_leave_out(plan, relr->setting,
			"llvm-bolt leaves addresses behind that packed relocations relocate");
	return error;
}

int hone_plan_add_bolt(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_err *err)
{
	hone_auto_free char *why = NULL;
	hone_auto_strv struct hone_strv flags = HONE_STRV_INIT;
	bool takes = true;
	int error;

	if (strcmp(a->value, "\"off\"") == 0)
		return 0;
	error = find_obstacle(env, plan, &why, err);
	if (why)
		hone_plan_leave_out(plan, a->setting, "%s", why);
	else if (!error)
		error = hone_plan_add_flags(env, plan, a, &flags, err);
	if (!error)
		error = hone_plan_ask_linker(env, plan, a, &flags, &takes, err);
	if (why || !takes)
		free(HONE_TAKE(plan->bolt.tool));
	if (error || why || !takes)
		return error;
	plan->bolt.always = strcmp(a->value, "\"always\"") == 0;
	hone_strv_copy(&plan->rustc_args, &flags);
	error = give_up_relr(env, plan, err);
	return error ? error : take_strip(env, plan, err);
}

bool hone_plan_learns(const struct hone_plan *plan)
{
	return plan->instrument || (plan->bolt.tool && !plan->bolt.profile);
}

void hone_plan_bolt_count_args(const struct hone_plan *plan, const char *from, const char *profiles,
	const char *to, struct hone_strv *ret_args)
{
	hone_strv_push(ret_args, plan->bolt.tool);
	hone_strv_push(ret_args, from);
	hone_strv_push(ret_args, "-instrument");
	/* Each run a file of its own: one alone keeps the counts of the last run. */
	hone_strv_push(ret_args, "-instrumentation-file-append-pid");
	hone_strv_pushf(ret_args, "-instrumentation-file=%s", profiles);
	hone_strv_push(ret_args, "-o");
	hone_strv_push(ret_args, to);
}

void hone_plan_bolt_args(const struct hone_plan *plan, const char *from, const char *profile,
	const char *to, struct hone_strv *ret_args)
{
	hone_strv_push(ret_args, plan->bolt.tool);
	hone_strv_push(ret_args, from);
	hone_strv_pushf(ret_args, "-data=%s", profile);
	for (size_t i = 0; i < HONE_COUNT(options); i++)
		hone_strv_push(ret_args, options[i]);
	if (plan->bolt.strips)
		hone_strv_push(ret_args, "-remove-symtab");
	hone_strv_push(ret_args, "-o");
	hone_strv_push(ret_args, to);
}

/* What `cksum` prints of a file first. Source: POSIX, cksum: CRC of ISO/IEC 8802-3, then of the length, least byte first. */
static char *posix_cksum(struct hone_view v)
{
	uint32_t table[256], crc = 0;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i << 24;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] << 1 ^ (table[i] >> 31 ? 0x04c11db7U : 0);
	}
	for (size_t i = 0; i < v.n; i++)
		crc = crc << 8 ^ table[crc >> 24 ^ (unsigned char)v.p[i]];
	for (size_t n = v.n; n; n >>= 8)
		crc = crc << 8 ^ table[crc >> 24 ^ (n & 255)];
	return hone_xasprintf("%lu %zu", (unsigned long)~crc & 0xffffffffUL, v.n);
}

const struct hone_plan *hone_plan_use_bolt(const struct hone_build_env *env,
	const struct hone_plan *plan, const char *profile, struct hone_view content)
{
	struct hone_plan *copy = hone_plan_copy(
		plan, plan->instrument ? hone_plan_copy(plan->instrument, NULL) : NULL);

	free(copy->bolt.profile);
	copy->bolt.profile = hone_xstrdup(profile);
	free(copy->bolt.linked);
	copy->bolt.linked = posix_cksum(content);
	return hone_plan_finish(env, copy);
}

/* ---- without hone */

static const char find_bolt[] =
	"# llvm-bolt of rustc's LLVM moves together what the training ran. Its profile fits the "
	"very\n"
	"# program that it was made of.\n"
	"program=$(sed -n 's/.*\"executable\":\"\\([^\"]*\\)\".*/\\1/p' \"$said\" | tail -n 1)\n"
	"major=$(\"${RUSTC:-rustc}\" -vV | sed -n 's/^LLVM version: \\([0-9]*\\).*/\\1/p')\n"
	"bolt=\n"
	"for tool in \"llvm-bolt-$major\" \"/usr/lib/llvm-$major/bin/llvm-bolt\" llvm-bolt; do\n"
	"\tif \"$tool\" --version 2>&1 | grep -q \"LLVM version $major\\\\.\"; then\n"
	"\t\tbolt=$tool\n"
	"\t\tbreak\n"
	"\tfi\n"
	"done\n"
	"if [ ! \"$bolt\" ]; then\n"
	"\techo \"$0: llvm-bolt of LLVM $major is needed: apt-get install bolt-$major\" >&2\n"
	"\texit 1\n"
	"fi\n";

void hone_plan_bolt_script(const struct hone_plan *plan, struct hone_buf *b)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;

	hone_buf_adds(b, find_bolt);
	hone_buf_addf(b, "if [ \"$(cksum <\"$program\")\" != '%s' ]; then\n", plan->bolt.linked);
	hone_buf_adds(b,
		"\techo \"$0: $program is another program than the profile was made of: other "
		"sources, another folder or\" \\\n"
		"\t\t\"another compiler; it stays as it was linked. Make a profile of it: cargo "
		"hone apply --train\" >&2\n"
		"\texit 1\n"
		"fi\n");
	hone_plan_bolt_args(plan, "FROM", "PROFILE", "TO", &args);
	hone_buf_adds(b, "\"$bolt\" \"$program\"");
	for (size_t i = 2; i + 2 < args.n; i++) {
		if (hone_starts(args.v[i], "-data=")) {
			hone_buf_addf(b, " -data=\"$here/%s\"", hone_path_base(plan->bolt.profile));
			continue;
		}
		hone_buf_addc(b, ' ');
		hone_text_shell_word(b, args.v[i]);
	}
	hone_buf_adds(b, " \\\n\t-o \"$program.bolt\" >\"$program.log\" 2>&1 ||\n"
			 "\t{ cat \"$program.log\" >&2; exit 1; }\n"
			 "rm \"$program.log\"\n"
			 "mv \"$program.bolt\" \"$program\"\n");
}
