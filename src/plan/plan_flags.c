#include "platform.h"
#include "build_target.h"
#include "fs.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "toml_doc.h"
#include "toml_value.h"

#include <string.h>

/* -Cllvm-args=-inline-threshold=5: "inline-threshold", or an empty view. */
static struct hone_view llvm_option(const char *flag)
{
	static const char prefix[] = HONE_LLVM_ARGS "-";
	struct hone_view name = hone_view_of(flag);

	if (!hone_starts(flag, prefix))
		return (struct hone_view){0};
	name = hone_view_sub(name, sizeof(prefix) - 1, name.n);
	return hone_view_sub(name, 0, hone_view_find(name, 0, '='));
}

/* May code of the target start at any even address? Where every instruction has four bytes it may not. */
static bool is_code_even(const char *triple)
{
	static const char *const even[] = {"x86_64", "i3", "i5", "i6", "thumb", "s390x"};
	const char *name = hone_path_base(triple);

	for (size_t i = 0; i < HONE_COUNT(even); i++)
		if (hone_starts(name, even[i]))
			return true;
	/* riscv32imac, riscv64gc: c is for compressed instructions. */
	return hone_starts(name, "riscv") && memchr(name + 5, 'c', strcspn(name + 5, "-"));
}

static void add_word(struct hone_strv *to, const char *word, struct hone_view value)
{
	const char *hole = strstr(word, "%s");

	if (!hole)
		hone_strv_push(to, word);
	else
		hone_strv_pushf(to, "%.*s%.*s%s", (int)(hole - word), word, (int)value.n, value.p,
			hole + 2);
}

static void leave_option_out(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_setting *s, struct hone_view option, bool of_several)
{
	hone_auto_free char *why = hone_xasprintf("the LLVM of rustc %s has no option %.*s",
		env->toolchain->rustc_version, (int)option.n, option.p);

	if (of_several)
		hone_strv_pushf(&plan->notes, "a part of %s is left out: %s", s->key, why);
	else
		hone_plan_leave_out(plan, s, "%s", why);
}

int hone_plan_add_flags(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_strv *to, struct hone_err *err)
{
	const struct hone_setting_value *row =
		hone_setting_value_row(a->setting, hone_view_of(a->value));
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *path = NULL;
	struct hone_view value = hone_view_of(a->value);
	int error;

	if (!row || !row->flags)
		return 0;
	if (hone_toml_unquote(value, &text))
		value = hone_buf_view(&text);
	error = a->setting->file ? hone_plan_use_file(env, plan, a, value, &path, err) : 0;
	if (path)
		value = hone_view_of(path);
	if (!error)
		error = hone_strv_split_words(&words, row->flags, err);
	for (size_t i = 0; !error && i < words.n; i++) {
		struct hone_view option = llvm_option(words.v[i]);
		bool known = true;

		if (hone_view_is(option, "align-all-functions") &&
			!is_code_even(hone_plan_triple(env)))
			continue;
		/* There a table of data takes no relocations, and less than the code in its place. */
		if (hone_view_is(option, "switch-to-lookup") &&
			hone_platform_of(hone_plan_triple(env), NULL).object == HONE_OBJECT_WASM)
			continue;
		if (option.n)
			error = hone_toolchain_llvm_option(env->toolchain, option, &known, err);
		if (!error && known)
			add_word(to, words.v[i], value);
		else if (!error)
			leave_option_out(env, plan, a->setting, option, words.n > 1);
	}
	return error;
}

const char *hone_plan_triple(const struct hone_build_env *env)
{
	const char *target = hone_profile_set_target(env->profiles);

	return target ? target : env->toolchain->host;
}

int hone_plan_find_graph_key(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	struct hone_rustflags user = {0};
	int error = hone_rustflags_find(env->profiles, &user, err);

	if (error)
		return error;
	if (!user.more_key) {
		hone_err_set(err, HONE_E_USAGE,
			"%s is set, and cargo reads no other flags for the whole graph then: those "
			"of "
			"candidate %s would be lost",
			user.where, plan->candidate->name);
		hone_rustflags_release(&user);
		return hone_err_hint(err,
			"move its content to `target.%s.rustflags` in .cargo/config.toml, or unset "
			"it",
			hone_plan_triple(env));
	}
	if (user.more_before.n)
		hone_strv_pushf(&plan->notes,
			"rustflags are one text in %s, which cargo joins nothing to: the command "
			"repeats its words, so apply again after a change of it; a list, "
			"rustflags = [\"...\"], is joined",
			user.where);
	for (size_t i = 0; i < user.more_before.n; i++) {
		hone_strv_push(&plan->graph_before, "--config");
		hone_strv_push(&plan->graph_before, user.more_before.v[i]);
	}
	free(plan->graph_key);
	plan->graph_key = HONE_TAKE(user.more_key);
	hone_rustflags_release(&user);
	return 0;
}

/* The kernel takes no argument of more than 128 KiB. */
#define ARGUMENT_ROOM ((size_t)64 << 10)

void hone_plan_flag_args(const struct hone_plan *plan, size_t from, struct hone_strv *ret_args)
{
	for (size_t i = from; i < plan->graph.n;) {
		hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

		hone_buf_addf(&b, "%s=[", plan->graph_key);
		for (size_t first = i; i < plan->graph.n && b.n < ARGUMENT_ROOM; i++) {
			if (i > first)
				hone_buf_adds(&b, ", ");
			hone_toml_quote(&b, hone_view_of(plan->graph.v[i]));
		}
		hone_buf_addc(&b, ']');
		hone_strv_push(ret_args, "--config");
		hone_strv_push(ret_args, hone_buf_str(&b));
	}
}

void hone_plan_graph_args(
	const struct hone_plan *plan, const char *profile, struct hone_strv *ret_args)
{
	hone_strv_copy(ret_args, &plan->graph_before);
	hone_plan_flag_args(plan, 0, ret_args);
	if (profile) {
		hone_auto_free char *flag = hone_xasprintf("-Cprofile-use=%s", profile);
		hone_auto_buf struct hone_buf quoted = HONE_BUF_INIT;

		hone_toml_quote(&quoted, hone_view_of(flag));
		hone_strv_push(ret_args, "--config");
		hone_strv_pushf(ret_args, "%s=[%s]", plan->graph_key, hone_buf_str(&quoted));
	}
}
