#include "recipes.h"

#include "fs.h"
#include "hash.h"
#include "toml_doc.h"
#include "workload_file.h"

#include <string.h>

#define MOST 1000

void hone_recipes_release(struct hone_recipes *r)
{
	hone_strv_release(&r->names);
	hone_strv_release(&r->texts);
}

/* Of a program: packages, profiles and targets have recipes of their own, and a target directory may be shared. */
static char *kept_path(const struct hone_session *s)
{
	const struct hone_project *p = s->project;
	hone_auto_free char *what = hone_xasprintf("%s\n%s\n%s\n%s\n%s", p->workspace_root,
		p->package ? p->package->name : "", p->target ? p->target->name : "",
		s->env.profile, hone_session_triple(s));
	char text[HONE_HASH_TEXT];

	return hone_xasprintf("%s/tuned/%s.toml", s->dir.root,
		hone_hash_text(text, hone_hash_bytes(hone_view_of(what))));
}

/* The hone.toml that counts for the selected program: beside its Cargo.toml, else in the workspace's root. */
static char *file_path(const struct hone_session *s)
{
	const struct hone_package *p = s->project->package;
	const char *const dirs[] = {p ? p->dir : NULL, s->project->workspace_root};

	for (size_t i = 0; i < HONE_COUNT(dirs); i++) {
		hone_auto_free char *path =
			dirs[i] ? hone_path_join(dirs[i], HONE_WORKLOAD_FILE) : NULL;

		if (path && hone_fs_exists(path))
			return HONE_TAKE(path);
	}
	return hone_path_join(p ? p->dir : s->project->workspace_root, HONE_WORKLOAD_FILE);
}

/* One entry of the table. */
static int read_one(const struct hone_session *s, const struct hone_toml_node *node,
	struct hone_recipes *ret, struct hone_err *err)
{
	hone_auto_free char *name = hone_view_dup(hone_toml_key(node));
	hone_auto_free char *text = NULL;
	struct hone_view value;

	if (!hone_toml_string(node, &value) || memchr(value.p, 0, value.n))
		return hone_toml_complain(node, HONE_E_SYNTAX, err,
			"a candidate is a text: NAME = \"KEY=VALUE,...\"");
	text = hone_view_dup(value);
	if (!*name ||
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") !=
			strlen(name))
		return hone_toml_complain(node, HONE_E_SYNTAX, err,
			"a candidate's name has letters, digits, - and _, not `%s`", name);
	if (hone_candidate_is_taken(name))
		return hone_toml_complain(node, HONE_E_SYNTAX, err,
			"`%s` is a name of hone's own: call the candidate otherwise", name);
	for (size_t i = 0; i < ret->names.n; i++) {
		if (strcmp(ret->names.v[i], name) != 0)
			continue;
		if (strcmp(ret->texts.v[i], text) != 0)
			hone_events_note(s->events,
				"%s is what tune found last; %s has another one, which `tune "
				"--save` replaces",
				name, HONE_WORKLOAD_FILE);
		return 0;
	}
	hone_strv_push(&ret->names, name);
	hone_strv_push(&ret->texts, text);
	return 0;
}

static int read_file(const struct hone_session *s, const char *path, struct hone_recipes *ret,
	struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	const struct hone_toml_node *table;
	struct hone_toml *doc = NULL;
	int error = hone_toml_read(path, HONE_TOML_1_0, &doc, NULL, &why);

	if (error == HONE_E_NOT_FOUND)
		return 0;
	if (error)
		return hone_err_move(err, &why);
	table = hone_toml_get(hone_toml_root(doc), HONE_CANDIDATES_TABLE);
	if (table && hone_toml_type(table) != HONE_TOML_TABLE)
		error = hone_toml_complain(table, HONE_E_SYNTAX, err, "`%s` is a table: write [%s]",
			HONE_CANDIDATES_TABLE, HONE_CANDIDATES_TABLE);
	if (!error && hone_toml_count(table) > MOST)
		error = hone_toml_complain(table, HONE_E_LIMIT, err, "%zu candidates are too many",
			hone_toml_count(table));
	for (size_t i = 0; !error && i < hone_toml_count(table); i++)
		error = read_one(s, hone_toml_at(table, i), ret, err);
	hone_toml_free(doc);
	return error;
}

int hone_recipes_load(const struct hone_session *s, struct hone_recipes *ret, struct hone_err *err)
{
	hone_auto_free char *kept = kept_path(s);
	hone_auto_free char *file = file_path(s);
	struct hone_recipes r = {0};
	int error = read_file(s, kept, &r, err);

	if (!error)
		error = read_file(s, file, &r, err);
	if (error)
		hone_recipes_release(&r);
	else
		*ret = r;
	return error;
}

int hone_recipes_wanted(const struct hone_session *s, const char *const *names, size_t n,
	struct hone_recipes *ret, struct hone_err *err)
{
	*ret = (struct hone_recipes){0};
	for (size_t i = 0; i < n; i++)
		if (names[i] && hone_candidate_wants_recipe(names[i]))
			return hone_recipes_load(s, ret, err);
	return 0;
}

/* The file as a document with the recipe in it; id: of the file that was read, zero where there is none. */
static int with_recipe(const char *path, const char *name, const char *recipe, struct hone_buf *ret,
	struct hone_file_id *ret_id, struct hone_err *err)
{
	const char *const key[] = {HONE_CANDIDATES_TABLE, name};
	hone_auto_buf struct hone_buf value = HONE_BUF_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	struct hone_toml *doc = NULL;
	int error = hone_toml_read(path, HONE_TOML_1_0, &doc, ret_id, &why);

	if (error == HONE_E_NOT_FOUND)
		error = hone_toml_parse(path, HONE_VIEW(""), HONE_TOML_1_0, &doc, err);
	else if (error)
		error = hone_err_move(err, &why);
	hone_toml_quote(&value, hone_view_of(recipe));
	if (!error)
		error = hone_toml_set(doc, key, HONE_COUNT(key), hone_buf_str(&value), err);
	if (!error)
		hone_toml_print(doc, ret);
	hone_toml_free(doc);
	return error;
}

int hone_recipes_keep(
	const struct hone_session *s, const char *name, const char *recipe, struct hone_err *err)
{
	hone_auto_free char *path = kept_path(s);
	hone_auto_free char *folder = hone_path_dir(path);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_file_id id = {0};
	int error = hone_fs_mkdirs(folder, err);

	if (!error)
		error = with_recipe(path, name, recipe, &text, &id, err);
	return error ? error : hone_fs_write_cache(path, hone_buf_view(&text), 0666, err);
}

int hone_recipes_save(const struct hone_session *s, const char *name, const char *recipe,
	char **ret_path, struct hone_err *err)
{
	hone_auto_free char *path = file_path(s);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	bool there = hone_fs_exists(path);
	struct hone_file_id id = {0};
	int error = with_recipe(path, name, recipe, &text, &id, err);

	if (!error)
		error = there ? hone_fs_replace(path, hone_buf_view(&text), &id, err)
			      : hone_fs_write_new(path, hone_buf_view(&text), 0666, err);
	if (!error)
		*ret_path = HONE_TAKE(path);
	return error;
}
