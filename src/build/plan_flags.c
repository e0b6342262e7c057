#include "plan_impl.h"
#include "toml_doc.h"
#include "toml_value.h"

#include <string.h>

/* -Cllvm-args=-inline-threshold=5: "inline-threshold", or an empty view. */
static struct hone_view llvm_option(const char *flag)
{
	static const char prefix[] = "-Cllvm-args=-";
	struct hone_view name = hone_view_of(flag);

	if (!hone_starts(flag, prefix))
		return (struct hone_view){0};
	name = hone_view_sub(name, sizeof(prefix) - 1, name.n);
	return hone_view_sub(name, 0, hone_view_find(name, 0, '='));
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

int hone_plan_add_flags(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_strv *to, struct hone_err *err)
{
	const struct hone_setting_value *row =
		hone_setting_value_row(a->setting, hone_view_of(a->value));
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view value = hone_view_of(a->value);
	int error;

	if (!row || !row->flags)
		return 0;
	if (hone_toml_unquote(value, &text))
		value = hone_buf_view(&text);
	error = hone_strv_split_words(&words, row->flags, err);
	for (size_t i = 0; !error && i < words.n; i++) {
		struct hone_view option = llvm_option(words.v[i]);
		bool known = true;

		if (option.n)
			error = hone_toolchain_llvm_option(env->toolchain, option, &known, err);
		if (!error && known)
			add_word(to, words.v[i], value);
		else if (!error)
			hone_strv_pushf(&plan->notes,
				"%s is left out: the LLVM of rustc %s has no option %.*s",
				a->setting->key, env->toolchain->rustc_version, (int)option.n,
				option.p);
	}
	return error;
}

const char *hone_plan_triple(const struct hone_build_env *env)
{
	const char *target = hone_profile_set_target(env->profiles);

	return target ? target : env->toolchain->host;
}

/* Flags for every crate go into the table that the user's flags come from, since cargo reads one source
 * only; --config joins them to his. */
int hone_plan_add_graph_flags(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_strv *flags, struct hone_err *err)
{
	hone_auto_buf struct hone_buf config = HONE_BUF_INIT;
	struct hone_rustflags user = {0};
	int error;

	if (!flags->n)
		return 0;
	error = hone_rustflags_find(env->profiles, &user, err);
	if (error)
		return error;
	if (user.origin == HONE_ORIGIN_ENVIRONMENT) {
		hone_err_set(err, HONE_E_USAGE,
			"%s is set, and cargo reads no other flags for the whole graph then: %s of "
			"candidate %s would be lost",
			user.where, flags->v[0], plan->candidate->name);
		hone_rustflags_release(&user);
		return hone_err_hint(err,
			"move its content to `target.%s.rustflags` in .cargo/config.toml, or unset "
			"it",
			hone_plan_triple(env));
	}
	if (user.config_key && strcmp(user.config_key, "build.rustflags") == 0) {
		hone_buf_adds(&config, "build.rustflags=[");
	} else {
		hone_buf_adds(&config, "target.");
		hone_toml_quote_key(&config, hone_view_of(hone_plan_triple(env)));
		hone_buf_adds(&config, ".rustflags=[");
	}
	hone_rustflags_release(&user);
	for (size_t i = 0; i < flags->n; i++) {
		if (i)
			hone_buf_adds(&config, ", ");
		hone_toml_quote(&config, hone_view_of(flags->v[i]));
	}
	hone_buf_addc(&config, ']');
	hone_strv_push(&plan->command, "--config");
	hone_strv_push(&plan->command, hone_buf_str(&config));
	return 0;
}
