/* What cargo's config says when cargo is started in the workspace's root, beside what it says here: an alias and a script
 * are read and run by whoever stands in another folder. */
#include "fs.h"
#include "profile_set.h"

#include <string.h>

/* The config as it is in the workspace's root, read once; NULL where it cannot be read. */
static struct hone_config *at_root(const struct hone_profile_set *set)
{
	if (!set->cache->root && set->config)
		(void)hone_config_load(set->project->workspace_root,
			set->opts ? &set->opts->config : NULL, set->toolchain->cargo_minor,
			&set->cache->root, NULL);
	return set->cache->root;
}

void hone_profile_set_config_files(const struct hone_profile_set *set, struct hone_strv *ret_files)
{
	struct hone_config *root = at_root(set);
	const struct hone_strv *lists[] = {
		hone_config_files(set->config), root ? hone_config_files(root) : NULL};

	for (size_t i = 0; i < HONE_COUNT(lists); i++)
		for (size_t k = 0; lists[i] && k < lists[i]->n; k++)
			if (!hone_strv_has(ret_files, lists[i]->v[k]))
				hone_strv_push(ret_files, lists[i]->v[k]);
}

bool hone_profile_set_target_is_local(const struct hone_profile_set *set)
{
	struct hone_build_targets targets = {0};
	bool same;

	if (!set->asked || set->targets.by_package || set->targets.source == HONE_CONFIG_CLI)
		return false;
	if (set->targets.source == HONE_CONFIG_ENV)
		return true;
	if (!at_root(set) || hone_build_targets_asked(set->cache->root, set->opts,
				     set->toolchain->host, &targets, NULL))
		return true;
	same = targets.triples.n == set->targets.triples.n && targets.triples.n &&
	       strcmp(targets.triples.v[0], set->target) == 0;
	hone_build_targets_release(&targets);
	return !same;
}

/* A table of the config as text, without what changes no byte of a program; build.target is in commands. */
static char *table_text(struct hone_config *config, const char *table)
{
	static const char *const harmless[] = {
		"target", "target-dir", "build-dir", "jobs", "dep-info-basedir"};
	struct hone_config_key key = hone_config_key(table, NULL, NULL);
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;
	const struct hone_config_value *v = NULL;
	struct hone_buf text = HONE_BUF_INIT;

	if (config && hone_config_get(config, &key, &v, NULL) == 0 && v &&
		v->type == HONE_CONFIG_TABLE)
		for (size_t i = 0; i < v->n_items; i++) {
			hone_auto_buf struct hone_buf line = HONE_BUF_INIT;
			bool skip = false;

			for (size_t k = 0; k < HONE_COUNT(harmless); k++)
				skip |= strcmp(table, "build") == 0 &&
					strcmp(v->items[i]->key, harmless[k]) == 0;
			if (skip)
				continue;
			hone_buf_addf(&line, "%s=", v->items[i]->key);
			hone_config_value_toml(v->items[i], &line);
			hone_strv_push(&lines, hone_buf_str(&line));
		}
	hone_strv_sort(&lines);
	for (size_t i = 0; i < lines.n; i++)
		hone_buf_addf(&text, "%s\n", lines.v[i]);
	hone_buf_adds(&text, "");
	return hone_buf_detach(&text);
}

static void add_missing(
	const struct hone_strv *files, const struct hone_strv *there, struct hone_strv *ret_files)
{
	for (size_t i = 0; i < files->n; i++)
		if (!hone_strv_has(there, files->v[i]))
			hone_strv_push(ret_files, files->v[i]);
}

bool hone_profile_set_is_local(
	const struct hone_profile_set *set, struct hone_strv *ret_here, struct hone_strv *ret_there)
{
	static const char *const tables[] = {"build", "env", "profile", "target", "unstable"};
	struct hone_config *root = at_root(set);
	bool differs = false;

	for (size_t i = 0; root && !differs && i < HONE_COUNT(tables); i++) {
		hone_auto_free char *here = table_text(set->config, tables[i]);
		hone_auto_free char *there = table_text(root, tables[i]);

		differs = strcmp(here, there) != 0;
	}
	if (!differs)
		return false;
	add_missing(hone_config_files(set->config), hone_config_files(root), ret_here);
	add_missing(hone_config_files(root), hone_config_files(set->config), ret_there);
	return true;
}
