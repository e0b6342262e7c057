#include "build_target.h"

#include "fs.h"

#include <string.h>

void hone_build_targets_release(struct hone_build_targets *t)
{
	hone_strv_release(&t->triples);
	free(t->where);
	*t = (struct hone_build_targets){0};
}

static bool is_specification(const char *triple)
{
	return hone_ends(triple, ".json");
}

/* Takes where if the triple is the first. base: the folder that the path of a specification is relative to; NULL: as
 * it is. */
static void add(struct hone_build_targets *t, const char *triple, const char *base,
	const char *host, const char *where)
{
	hone_auto_free char *path = NULL;

	if (strcmp(triple, "host-tuple") == 0)
		triple = host;
	else if (is_specification(triple) && base)
		triple = path = hone_path_join(base, triple);
	if (!t->triples.n)
		t->where = hone_xstrdup(where);
	if (!hone_strv_has(&t->triples, triple))
		hone_strv_push(&t->triples, triple);
}

static int add_value(struct hone_build_targets *t, const struct hone_config_value *v,
	const char *cwd, const char *host, struct hone_err *err)
{
	hone_auto_free char *folder = v->file ? hone_path_dir(v->file) : NULL;
	hone_auto_free char *base = folder ? hone_path_dir(folder) : hone_xstrdup(cwd);

	if (v->type != HONE_CONFIG_STRING)
		return 0;
	if (!v->text[0])
		return hone_err_set(err, HONE_E_USAGE, "%s: target was empty", v->where);
	if (!t->triples.n)
		t->source = v->source;
	add(t, v->text, base, host, v->where);
	return 0;
}

int hone_build_targets_asked(struct hone_config *config, const struct hone_cargo_opts *opts,
	const char *host, struct hone_build_targets *ret, struct hone_err *err)
{
	struct hone_config_key key = hone_config_key("build", "target", NULL);
	const struct hone_config_value *v = NULL;
	struct hone_build_targets t = {0};
	int error = 0;

	if (opts && opts->target) {
		if (!opts->target[0])
			return hone_err_set(err, HONE_E_USAGE, "--target: target was empty");
		t.source = HONE_CONFIG_CLI;
		add(&t, opts->target, NULL, host, "--target");
	} else if (config) {
		error = hone_config_any(config, &key, &v, err);
	}
	if (!error && v && v->type == HONE_CONFIG_LIST)
		for (size_t i = 0; !error && i < v->n_items; i++)
			error = add_value(&t, v->items[i], hone_config_cwd(config), host, err);
	else if (!error && v)
		error = add_value(&t, v, hone_config_cwd(config), host, err);
	if (error) {
		hone_build_targets_release(&t);
		return error;
	}
	*ret = t;
	return 0;
}

int hone_build_targets_of_package(const struct hone_package *package, const char *host,
	struct hone_build_targets *targets, struct hone_err *err)
{
	static const char *const keys[] = {"forced-target", "default-target"};
	struct hone_toml *doc = NULL;
	int error = hone_toml_read(package->manifest_path, HONE_TOML_1_1, &doc, NULL, err);

	for (size_t i = 0; !error && i < HONE_COUNT(keys); i++) {
		const char *const path[] = {"package", keys[i]};
		const struct hone_toml_node *node = hone_toml_get_path(doc, path, 2);
		hone_auto_free char *triple = NULL;
		hone_auto_free char *where = NULL;
		struct hone_view text;

		if (!node || !hone_toml_string(node, &text) || (i == 1 && targets->triples.n))
			continue;
		triple = hone_view_dup(text);
		where = hone_toml_where(doc, hone_toml_key_pos(node));
		hone_build_targets_release(targets);
		targets->source = HONE_CONFIG_MANIFEST;
		targets->by_package = true;
		add(targets, triple, package->dir, host, where);
		break;
	}
	hone_toml_free(doc);
	return error;
}

char *hone_build_target_name(const char *triple)
{
	const char *base = hone_path_base(triple);

	return is_specification(triple) ? hone_xstrndup(base, strlen(base) - strlen(".json"))
					: hone_xstrdup(triple);
}
