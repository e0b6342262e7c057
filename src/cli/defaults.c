#include "defaults_impl.h"

#include "fs.h"
#include "toml_doc.h"
#include "workload_file.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define TABLE HONE_DEFAULTS_TABLE
#define MOST_FOLDERS 256

/* What edits files, ends early or names one run only has none. */
const char *const hone_defaultable[] = {"all-features", "allow", "bin", "budget", "by", "callgrind",
	"check-cmd", "color", "crate-type", "deny", "example", "features", "format", "frozen",
	"jobs", "lib", "locked", "max-disk", "no-compare", "no-default-features", "offline",
	"package", "precision", "profile", "quiet", "rounds", "rows", "target", "target-dir",
	"timeout", "verbose", NULL};

/* They say how it is told or how fast it comes, not what. */
static const char *const unimportant[] = {"by", "color", "format", "frozen", "jobs", "locked",
	"offline", "quiet", "rows", "verbose", NULL};

/* One given leaves the other's default out. */
static const char *const rivals[][2] = {{"bin", "example"}, {"bin", "lib"}, {"bin", "bins"},
	{"bin", "workspace"}, {"bin", "examples"}, {"example", "lib"}, {"bin", "crate-type"},
	{"example", "crate-type"}, {"quiet", "verbose"}, {"features", "all-features"},
	{"rounds", "budget"}};

void hone_defaults_release(struct hone_defaults *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].value);
		free(d->v[i].where);
	}
	free(d->v);
	*d = (struct hone_defaults){0};
}

static bool is_in(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

static bool is_defaultable(const struct hone_opt *opt)
{
	return is_in(hone_defaultable, opt->name);
}

/* --allow takes labels nearly everywhere, --deny problems; problems that `show` allows, and labels that `tune` denies, have to
 * be asked for in its own name. */
bool hone_defaults_is_common(const struct hone_opt *opt)
{
	return is_defaultable(opt) &&
	       !(strcmp(opt->name, "allow") == 0 && strcmp(opt->arg, "ID") == 0) &&
	       !(strcmp(opt->name, "deny") == 0 && strcmp(opt->arg, "LABELS") == 0);
}

bool hone_defaults_is_set(const struct hone_opt *opt, const void *from)
{
	const char *at = (const char *)from + opt->offset;

	switch (opt->kind) {
	case HONE_OPT_FLAG:
		return *(const bool *)at;
	case HONE_OPT_COUNT:
		return *(const int *)at > 0;
	case HONE_OPT_TEXT:
	case HONE_OPT_ONE:
		return *(char *const *)at != NULL;
	case HONE_OPT_LIST:
	case HONE_OPT_WORDS:
		return ((const struct hone_strv *)at)->n > 0;
	}
	return false;
}

/* where becomes the list's. */
void hone_defaults_note(
	struct hone_defaults_taking *t, const struct hone_opt *opt, const char *value, char *where)
{
	struct hone_default d = {opt->name, hone_xstrdup(value), where};

	hone_vec_push(t->taken, d);
}

/* ---- hone.toml */

static int wrong_value(const struct hone_toml_node *v, const struct hone_opt *opt,
	const char *wanted, struct hone_err *err)
{
	return hone_toml_complain(v, HONE_E_SYNTAX, err, "`%s` takes %s", opt->name, wanted);
}

/* A string as it is, a number as it is written. */
static int text_of_node(const struct hone_toml_node *v, const struct hone_opt *opt, char **ret,
	struct hone_err *err)
{
	struct hone_view text;
	enum hone_toml_type type = hone_toml_type(v);

	if (hone_toml_string(v, &text) && text.n && hone_view_find(text, 0, '\0') == text.n)
		*ret = hone_view_dup(text);
	else if (type == HONE_TOML_INTEGER || type == HONE_TOML_FLOAT)
		*ret = hone_view_dup(hone_toml_raw(v));
	else
		return wrong_value(v, opt, "a string or a number", err);
	return 0;
}

/* A path in the file is from the file's folder, wherever hone is started. */
static void place(const struct hone_defaults_taking *t, const struct hone_opt *opt, char **text)
{
	bool is_path = strcmp(opt->name, "target-dir") == 0 ||
		       (strcmp(opt->name, "target") == 0 && hone_ends(*text, ".json"));
	char *path;

	if (!is_path || !t->folder || **text == '/')
		return;
	path = hone_path_join(t->folder, *text);
	free(*text);
	*text = path;
}

static int take_list(const struct hone_toml_node *v, const struct hone_opt *opt, void *into,
	struct hone_err *err)
{
	if (hone_toml_type(v) != HONE_TOML_ARRAY) {
		hone_auto_free char *one = NULL;
		int error = text_of_node(v, opt, &one, err);

		if (!error)
			hone_opt_set(opt, into, one);
		return error;
	}
	for (size_t i = 0; i < hone_toml_count(v); i++) {
		hone_auto_free char *one = NULL;
		int error = text_of_node(hone_toml_at(v, i), opt, &one, err);

		if (error)
			return error;
		hone_opt_set(opt, into, one);
	}
	return 0;
}

static int take_node(struct hone_defaults_taking *t, const struct hone_opt *opt, void *into,
	const struct hone_toml_node *v, struct hone_err *err)
{
	hone_auto_free char *text = NULL;
	int64_t times = 0;
	bool on = false;
	int error = 0;

	switch (opt->kind) {
	case HONE_OPT_FLAG:
		if (!hone_toml_bool(v, &on))
			return wrong_value(v, opt, "true or false", err);
		times = on ? 1 : 0;
		break;
	case HONE_OPT_COUNT:
		if (!hone_toml_integer(v, &times) || times < 0 || times > 2)
			return wrong_value(v, opt, "0, 1 or 2", err);
		break;
	case HONE_OPT_TEXT:
	case HONE_OPT_ONE:
		error = text_of_node(v, opt, &text, err);
		if (error)
			break;
		place(t, opt, &text);
		hone_opt_set(opt, into, text);
		break;
	case HONE_OPT_LIST:
	case HONE_OPT_WORDS:
		error = take_list(v, opt, into, err);
		break;
	}
	for (int64_t i = 0; i < times; i++)
		hone_opt_set(opt, into, NULL);
	if (!error && hone_defaults_is_set(opt, into)) {
		hone_auto_free char *raw = text ? HONE_TAKE(text) : hone_view_dup(hone_toml_raw(v));

		hone_defaults_note(t, opt, opt->arg ? raw : "",
			hone_toml_where(t->doc, hone_toml_value_pos(v)));
	}
	return error;
}

/* The folder where the search for hone.toml begins. The caller frees; NULL: there is none. */
static char *first_folder(const struct hone_cli *cli)
{
	hone_auto_free char *manifest = NULL;

	if (!cli->cargo.manifest_path)
		return getcwd(NULL, 0);
	manifest = hone_path_absolute(cli->cargo.manifest_path);
	return hone_path_dir(manifest);
}

static bool is_workspace(const char *manifest)
{
	struct hone_toml *doc = NULL;
	bool is;

	if (hone_toml_read(manifest, HONE_TOML_1_1, &doc, NULL, NULL))
		return true; /* cargo will say what is wrong with it */
	is = hone_toml_get(hone_toml_root(doc), "workspace") != NULL;
	hone_toml_free(doc);
	return is;
}

/* The path of the hone.toml that counts, or NULL. The caller frees. */
static char *find_file(const struct hone_cli *cli)
{
	hone_auto_free char *folder = first_folder(cli);
	bool more = folder != NULL;

	for (int i = 0; more && i < MOST_FOLDERS; i++) {
		hone_auto_free char *manifest = hone_path_join(folder, "Cargo.toml");
		hone_auto_free char *file = hone_path_join(folder, HONE_WORKLOAD_FILE);
		char *up = hone_path_dir(folder);
		bool is_project = hone_fs_exists(manifest);

		if (is_project && hone_fs_exists(file)) {
			free(up);
			return HONE_TAKE(file);
		}
		more = strcmp(up, folder) != 0 && !(is_project && is_workspace(manifest));
		free(folder);
		folder = up;
	}
	return NULL;
}

static const struct hone_command *command_of(struct hone_view name)
{
	for (size_t i = 0; hone_commands[i]; i++)
		if (*hone_commands[i]->name && hone_view_is(name, hone_commands[i]->name))
			return hone_commands[i];
	return NULL;
}

/* Appends the options of a command (NULL: of every one) that hone.toml may name. */
static void add_keys(const struct hone_command *c, struct hone_strv *names)
{
	const struct hone_opt *own[] = {c ? c->opts : NULL, hone_common_opts,
		!c || c->groups & HONE_GROUP_PROJECT ? hone_project_opts : NULL,
		!c || c->groups & HONE_GROUP_FORMAT ? hone_format_opts : NULL,
		!c || c->groups & HONE_GROUP_BUILD ? hone_build_opts : NULL};

	for (size_t i = 0; i < HONE_COUNT(own); i++)
		for (const struct hone_opt *opt = own[i]; opt && opt->name; opt++)
			if (is_defaultable(opt))
				hone_strv_push(names, opt->name);
	for (size_t i = 0; !c && hone_commands[i]; i++)
		for (const struct hone_opt *opt = hone_commands[i]->opts; opt && opt->name; opt++)
			if (hone_defaults_is_common(opt))
				hone_strv_push(names, opt->name);
}

static int unknown_key(const struct hone_toml_node *v, const char *name, const char *table,
	const struct hone_strv *known, struct hone_err *err)
{
	const char *near = hone_did_you_mean(name, hone_strv_argv(known));

	hone_toml_complain(v, HONE_E_SYNTAX, err, "[%s] has no key `%s`", table, name);
	if (near)
		return hone_err_hint(err, "did you mean `%s`?", near);
	return hone_err_hint(err, "its keys are options: %s, ...", known->n ? known->v[0] : "");
}

/* Are all keys of [hone] and of the tables in it known? */
static int check_table(
	const struct hone_toml_node *table, const struct hone_command *c, struct hone_err *err)
{
	hone_auto_strv struct hone_strv known = HONE_STRV_INIT;
	hone_auto_free char *path = c ? hone_xasprintf(TABLE ".%s", c->name) : hone_xstrdup(TABLE);
	int error = 0;

	if (hone_toml_type(table) != HONE_TOML_TABLE)
		return hone_toml_complain(
			table, HONE_E_SYNTAX, err, "`%s` is a table: write [%s]", path, path);
	add_keys(c, &known);
	for (size_t i = 0; i < hone_toml_count(table) && !error; i++) {
		const struct hone_toml_node *v = hone_toml_at(table, i);
		hone_auto_free char *name = hone_view_dup(hone_toml_key(v));
		const struct hone_command *sub = c ? NULL : command_of(hone_toml_key(v));

		if (sub)
			error = check_table(v, sub, err);
		else if (!hone_strv_has(&known, name))
			error = unknown_key(v, name, path, &known, err);
	}
	return error;
}

static int read_file(
	struct hone_defaults_taking *t, struct hone_toml **ret_doc, struct hone_err *err)
{
	hone_auto_free char *path = t->c->groups & HONE_GROUP_PROJECT ? find_file(t->cli) : NULL;
	hone_auto_free char *here = getcwd(NULL, 0);
	hone_auto_free char *shown = NULL;
	const struct hone_toml_node *table;
	int error;

	if (!path)
		return 0;
	shown = here ? hone_path_relative(path, here) : hone_xstrdup(path);
	error = hone_toml_read(shown, HONE_TOML_1_0, ret_doc, NULL, err);
	table = error ? NULL : hone_toml_get(hone_toml_root(*ret_doc), TABLE);
	if (!table)
		return error;
	error = check_table(table, NULL, err);
	if (error)
		return error;
	t->doc = *ret_doc;
	t->folder = hone_path_dir(path);
	t->common = table;
	t->own = *t->c->name ? hone_toml_get(table, t->c->name) : NULL;
	return 0;
}

/* ---- all of it */

static bool rival_was_given(const struct hone_defaults_taking *t, const char *name)
{
	for (size_t i = 0; i < HONE_COUNT(rivals); i++)
		for (int k = 0; k < 2; k++)
			if (strcmp(rivals[i][k], name) == 0 &&
				hone_strv_has(&t->given, rivals[i][!k]))
				return true;
	return false;
}

static int take_from_file(struct hone_defaults_taking *t, const struct hone_opt *opt, void *into,
	struct hone_err *err)
{
	const struct hone_toml_node *v = hone_toml_get(t->own, opt->name);

	if (!v && hone_defaults_is_common(opt))
		v = hone_toml_get(t->common, opt->name);
	return v ? take_node(t, opt, into, v, err) : 0;
}

/* All options from one source. */
static int take_all(struct hone_defaults_taking *t,
	int (*take)(struct hone_defaults_taking *t, const struct hone_opt *opt, void *into,
		struct hone_err *err),
	struct hone_err *err)
{
	for (size_t s = 0; s < t->n_sets; s++) {
		for (const struct hone_opt *opt = t->sets[s].opts; opt && opt->name; opt++) {
			int error;

			if (!is_defaultable(opt) || hone_strv_has(&t->given, opt->name) ||
				rival_was_given(t, opt->name))
				continue;
			error = take(t, opt, t->sets[s].into, err);
			if (error)
				return error;
		}
	}
	return 0;
}

int hone_defaults_take(struct hone_cli *cli, const struct hone_command *c,
	const struct hone_opt_set *sets, size_t n_sets, struct hone_defaults *ret,
	struct hone_err *err)
{
	struct hone_defaults_taking t = {
		.cli = cli, .c = c, .sets = sets, .n_sets = n_sets, .taken = ret};
	struct hone_toml *doc = NULL;
	int error;

	for (size_t s = 0; s < n_sets; s++)
		for (const struct hone_opt *opt = sets[s].opts; opt && opt->name; opt++)
			if (hone_defaults_is_set(opt, sets[s].into))
				hone_strv_push(&t.given, opt->name);
	error = take_all(&t, hone_defaults_take_variable, err);
	if (!error)
		error = read_file(&t, &doc, err);
	if (!error && t.common)
		error = take_all(&t, take_from_file, err);
	if (!error)
		hone_defaults_warn_of_variables(cli);
	hone_strv_release(&t.given);
	free(t.folder);
	hone_toml_free(doc);
	return error;
}

void hone_defaults_tell(struct hone_cli *cli, const struct hone_defaults *d)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < d->n; i++) {
		const struct hone_default *one = &d->v[i];

		if (cli->verbose < 1 && is_in(unimportant, one->option))
			continue;
		hone_buf_addf(
			&text, "%s--%s%s", text.n ? ", " : "", one->option, *one->value ? " " : "");
		hone_buf_addf(&text, "%s (%s)", one->value, one->where);
	}
	if (text.n)
		hone_out_note(&cli->out, "not typed, but taken: %s", hone_buf_str(&text));
}

void hone_defaults_blame(const struct hone_defaults *d, struct hone_err *err)
{
	for (size_t i = 0; i < d->n && err->code == HONE_E_USAGE; i++) {
		const struct hone_default *one = &d->v[i];
		hone_auto_free char *name = hone_xasprintf("--%s", one->option);
		hone_auto_free char *value = hone_xasprintf("`%s`", one->value);
		char *msg;

		if (!strstr(err->msg, name) && !(*one->value && strstr(err->msg, value)))
			continue;
		msg = hone_xasprintf("%s (%s is of %s)", err->msg, name, one->where);
		free(err->msg);
		err->msg = msg;
	}
}
