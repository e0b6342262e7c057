/* The workspace's root as the manifests tell it, without cargo. */
#include "fs.h"
#include "project.h"
#include "text.h"
#include "toml_doc.h"

#include <string.h>

#define MANIFEST_LIMIT ((size_t)16 << 20)

/* Does one of the list's paths, relative to root, lead to folder or above it? */
static bool names(const struct hone_toml_node *list, const char *root, const char *folder)
{
	struct hone_view text;

	for (size_t i = 0; list && i < hone_toml_count(list); i++) {
		hone_auto_free char *word = NULL;
		hone_auto_free char *joined = NULL;
		hone_auto_free char *path = NULL;

		if (!hone_toml_string(hone_toml_at(list, i), &text))
			continue;
		word = hone_view_dup(text);
		joined = hone_path_join(root, word);
		path = hone_path_absolute(joined);
		if (hone_path_is_within(folder, path))
			return true;
	}
	return false;
}

/* A manifest that is no TOML has a table where a line begins with it. */
static bool has_workspace_line(const char *manifest)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	return !hone_fs_read(manifest, MANIFEST_LIMIT, &text, NULL, NULL) &&
	       (hone_starts(hone_buf_str(&text), "[workspace") ||
		       strstr(hone_buf_str(&text), "\n[workspace"));
}

/* Is this the manifest of the workspace that folder belongs to? *ret_named: a root that it names itself, which the
 * caller frees. */
static bool is_root_of(const char *manifest, const char *folder, char **ret_named)
{
	static const char *const root_key[] = {"package", "workspace"};
	static const char *const members_key[] = {"workspace", "members"};
	static const char *const exclude_key[] = {"workspace", "exclude"};
	hone_auto_free char *root = hone_path_dir(manifest);
	const struct hone_toml_node *named;
	struct hone_toml *doc = NULL;
	struct hone_view text;
	bool is;

	if (hone_toml_read(manifest, HONE_TOML_1_1, &doc, NULL, NULL))
		return has_workspace_line(manifest);
	is = hone_toml_get(hone_toml_root(doc), "workspace") &&
	     (names(hone_toml_get_path(doc, members_key, 2), root, folder) ||
		     !names(hone_toml_get_path(doc, exclude_key, 2), root, folder));
	named = hone_toml_get_path(doc, root_key, 2);
	if (!is && named && strcmp(root, folder) == 0 && hone_toml_string(named, &text)) {
		hone_auto_free char *word = hone_view_dup(text);
		hone_auto_free char *path = hone_path_join(root, word);

		*ret_named = hone_path_absolute(path);
	}
	hone_toml_free(doc);
	return is;
}

char *hone_project_guess_root(const struct hone_cargo_opts *opts)
{
	hone_auto_free char *first =
		opts->manifest_path ? hone_path_absolute(opts->manifest_path) : NULL;
	hone_auto_free char *at = first ? hone_path_dir(first) : hone_path_absolute(".");
	hone_auto_free char *folder = NULL;

	for (bool more = true; more;) {
		hone_auto_free char *manifest = hone_path_join(at, "Cargo.toml");
		char *above = hone_path_dir(at), *named = NULL;

		if (hone_fs_exists(manifest)) {
			if (!folder)
				folder = hone_xstrdup(at);
			if (is_root_of(manifest, folder, &named))
				named = hone_xstrdup(at);
		}
		if (named) {
			free(above);
			return named;
		}
		more = strcmp(above, at) != 0;
		free(at);
		at = above;
	}
	return HONE_TAKE(folder);
}
