/* What of a project depends on where cargo is started, and how a package is named so that nothing does. */
#include "fs.h"
#include "project.h"
#include "toml_doc.h"

#include <string.h>

static const struct hone_package *root_package(const struct hone_project *p)
{
	for (size_t i = 0; i < p->n_packages; i++)
		if (p->packages[i].member &&
			strcmp(p->packages[i].manifest_path, p->root_manifest) == 0)
			return &p->packages[i];
	return NULL;
}

/* The key decides, else the edition of the package in the root; where there is none, it is 1. */
static bool has_resolver_1(const struct hone_project *p)
{
	static const char *const tables[] = {"package", "workspace"};
	const struct hone_package *root = root_package(p);
	struct hone_toml *doc = NULL;
	bool is_1 = !root || (root->edition && strcmp(root->edition, "2021") < 0);

	if (hone_toml_read(p->root_manifest, HONE_TOML_1_1, &doc, NULL, NULL))
		return is_1;
	for (size_t i = 0; i < HONE_COUNT(tables); i++) {
		const char *const path[] = {tables[i], "resolver"};
		const struct hone_toml_node *node = hone_toml_get_path(doc, path, 2);
		struct hone_view text;

		if (node && hone_toml_string(node, &text))
			is_1 = hone_view_is(text, "1");
	}
	hone_toml_free(doc);
	return is_1;
}

bool hone_project_follows_folder(const struct hone_project *p)
{
	size_t members = 0;

	for (size_t i = 0; i < p->n_packages; i++)
		members += p->packages[i].member;
	return members > 1 && has_resolver_1(p);
}

char *hone_project_manifest(const struct hone_project *p, const struct hone_cargo_opts *opts)
{
	hone_auto_free char *at = hone_path_absolute(".");

	if (opts->manifest_path)
		return hone_path_absolute(opts->manifest_path);
	for (bool more = true; more;) {
		hone_auto_free char *manifest = hone_path_join(at, "Cargo.toml");
		char *above;

		if (hone_fs_exists(manifest))
			return HONE_TAKE(manifest);
		above = hone_path_dir(at);
		more = strcmp(above, at) != 0;
		free(at);
		at = above;
	}
	return hone_xstrdup(p->root_manifest);
}

char *hone_project_spec(const struct hone_project *p, const struct hone_package *package)
{
	size_t names = 0, versions = 0;

	for (size_t i = 0; i < p->n_packages; i++) {
		bool same = strcmp(p->packages[i].name, package->name) == 0;

		names += same;
		versions += same && strcmp(p->packages[i].version, package->version) == 0;
	}
	if (names < 2)
		return hone_xstrdup(package->name);
	return versions < 2 ? hone_xasprintf("%s@%s", package->name, package->version)
			    : hone_xstrdup(package->id);
}
