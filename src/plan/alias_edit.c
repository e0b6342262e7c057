/* The aliases of an apply in a config file: those that are needed come, those of an earlier one go. */
#include "alias_edit.h"

#include "plan_impl.h"

#include <string.h>

/* The word of a list behind one of two others, or an empty view. */
static struct hone_view word_behind(
	const struct hone_toml_node *list, const char *option, const char *other)
{
	struct hone_view text;

	for (size_t i = 0; i + 1 < hone_toml_count(list); i++) {
		if (!hone_toml_string(hone_toml_at(list, i), &text))
			continue;
		if ((hone_view_is(text, option) || hone_view_is(text, other)) &&
			hone_toml_string(hone_toml_at(list, i + 1), &text))
			return text;
	}
	return (struct hone_view){"", 0};
}

static bool has_word(const struct hone_toml_node *list, const char *word)
{
	struct hone_view text;

	for (size_t i = 0; i < hone_toml_count(list); i++)
		if (hone_toml_string(hone_toml_at(list, i), &text) && hone_view_is(text, word))
			return true;
	return false;
}

/* Is this an alias of hone's for a profile? What it is called is not enough: release-build-x could also be one of a profile
 * release-build. */
static bool is_alias_of(const struct hone_toml_node *alias, const char *profile)
{
	hone_auto_free char *first = hone_xasprintf("%s-build", profile);
	hone_auto_free char *other = hone_xasprintf("hone-%s-build", profile);
	struct hone_view key = hone_toml_key(alias), of = word_behind(alias, "--profile", "");

	if (!hone_plan_alias_is_own(alias) ||
		!(hone_view_starts(key, first) || hone_view_starts(key, other)))
		return false;
	return of.n ? hone_view_is(of, profile)
		    : strcmp(profile, "release") == 0 || !has_word(alias, "--release");
}

/* What an alias of hone's builds: the name of a binary or example, or "--lib". */
static struct hone_view target_of(const struct hone_toml_node *list)
{
	return has_word(list, "--lib") ? hone_view_of("--lib")
				       : word_behind(list, "--bin", "--example");
}

/* Is it the target of a part? */
static bool is_of_part(const struct hone_toml_node *alias, const struct hone_plan_part *part)
{
	const struct hone_project *p = part->env->project;
	hone_auto_free char *package = hone_project_spec(p, p->package);
	const char *own = hone_target_kind_is_library(p->made) ? "--lib" : p->target->name;

	return hone_view_is(word_behind(alias, "-p", "--package"), package) &&
	       hone_view_is(target_of(alias), own);
}

/* An apply replaces the aliases of its profile: what built another program of the workspace is told before it goes. */
static void find_displaced(
	const struct hone_toml *doc, const struct hone_plan_part *parts, size_t n, char **ret)
{
	const struct hone_toml_node *table = hone_toml_get(hone_toml_root(doc), "alias");

	for (size_t i = 0; table && i < hone_toml_count(table) && !*ret; i++) {
		const struct hone_toml_node *alias = hone_toml_at(table, i);
		struct hone_view key = hone_toml_key(alias), spec, target;
		bool stays = !is_alias_of(alias, parts->env->profile);

		for (size_t k = 0; !stays && k < n; k++)
			stays = is_of_part(alias, &parts[k]);
		if (stays)
			continue;
		spec = word_behind(alias, "-p", "--package");
		target = target_of(alias);
		*ret = hone_xasprintf("%.*s (%.*s, %.*s)", (int)key.n, key.p, (int)spec.n, spec.p,
			(int)target.n, target.p);
	}
}

/* Takes out what hone wrote for the profile earlier, but for the aliases with these names. */
static int remove_aliases(struct hone_toml *doc, const char *profile, const struct hone_strv *names,
	struct hone_err *err)
{
	const struct hone_toml_node *table = hone_toml_get(hone_toml_root(doc), "alias");
	hone_auto_strv struct hone_strv old = HONE_STRV_INIT;
	bool is_empty;
	int error = 0;

	if (!table)
		return 0;
	for (size_t i = 0; i < hone_toml_count(table); i++) {
		const struct hone_toml_node *alias = hone_toml_at(table, i);
		hone_auto_free char *key = hone_view_dup(hone_toml_key(alias));

		if (is_alias_of(alias, profile) && !hone_strv_has(names, key))
			hone_strv_push(&old, key);
	}
	is_empty = old.n && old.n == hone_toml_count(table) && !names->n;
	for (size_t i = 0; !error && i < old.n; i++) {
		const char *const path[] = {"alias", old.v[i]};

		error = hone_toml_remove(doc, path, 2, err);
	}
	/* The header may be gone with its last key. */
	if (!error && is_empty && hone_toml_get(hone_toml_root(doc), "alias")) {
		const char *const path[] = {"alias"};

		error = hone_toml_remove(doc, path, 1, err);
	}
	return error;
}

static bool needs_alias(const struct hone_plan_part *part)
{
	return part->plan->needs_alias && !hone_plan_needs_script(part->plan);
}

int hone_alias_edit(struct hone_toml *doc, const struct hone_plan_part *parts, size_t n,
	char **ret_displaced, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT, values = HONE_STRV_INIT;
	int error;

	find_displaced(doc, parts, n, ret_displaced);
	for (size_t i = 0; i < n; i++) {
		if (!needs_alias(&parts[i]))
			continue;
		hone_strv_take(&names, hone_plan_alias_name(parts[i].env));
		hone_strv_take(&values, hone_plan_alias_value(parts[i].plan, parts[i].env));
	}
	error = remove_aliases(doc, parts->env->profile, &names, err);
	for (size_t i = 0; !error && i < names.n; i++) {
		const char *const path[] = {"alias", names.v[i]};

		error = hone_toml_put(doc, path, 2, values.v[i], err);
	}
	return error;
}

bool hone_alias_edit_is_needed(const struct hone_plan_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (needs_alias(&parts[i]))
			return true;
	return false;
}
