#include "size_packages.h"

#include "fs.h"
#include "toml_doc.h"

#include <string.h>

void hone_size_packages_release(struct hone_size_packages *p)
{
	hone_vec_release(&p->v);
	hone_strv_release(&p->names);
}

/* Their features, when the default ones are among them and root itself depends on the package; else
 * NULL. p keeps it. */
static const char *features_of(struct hone_size_packages *p, const struct hone_project *project,
	const struct hone_package *package)
{
	const struct hone_package *root = project->package;
	const struct hone_strv *on = &package->features;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	bool direct = false, defaults = false;

	for (size_t i = 0; root && i < root->n_deps; i++)
		direct |= root->deps[i] == (size_t)(package - project->packages) &&
			  (root->dep_kinds[i] & HONE_DEP_NORMAL);
	for (size_t i = 0; i < on->n; i++) {
		defaults |= strcmp(on->v[i], "default") == 0;
		hone_buf_addf(&text, "%s%s", i ? ", " : "", on->v[i]);
	}
	/* "default" alone turns nothing on. */
	if (!direct || !defaults || on->n < 2 || package->member)
		return NULL;
	hone_strv_push(&p->names, hone_buf_str(&text));
	return p->names.v[p->names.n - 1];
}

/* As code spells a crate. The caller frees. */
static char *crate_of(const char *name)
{
	char *crate = hone_xstrdup(name);

	for (char *c = crate; *c; c++)
		if (*c == '-')
			*c = '_';
	return crate;
}

bool hone_size_package_has(const struct hone_package *package, const char *crate)
{
	for (size_t i = 0; i < package->n_targets; i++) {
		hone_auto_free char *name = crate_of(package->targets[i].name);

		if (hone_target_kind_is_linked(package->targets[i].kind) &&
			strcmp(name, crate) == 0)
			return true;
	}
	return false;
}

static void add_crate(struct hone_size_packages *p, const char *name,
	const struct hone_package *package, const char *features)
{
	char *crate = crate_of(name);

	for (size_t i = 0; i < p->v.n; i++)
		if (strcmp(p->v.v[i].crate, crate) == 0 &&
			strcmp(p->v.v[i].version, package->version) == 0) {
			free(crate);
			return;
		}
	hone_strv_take(&p->names, crate);
	hone_vec_push(&p->v,
		(struct hone_size_package){crate, package->version, package->member, features});
}

void hone_size_packages_of(const struct hone_project *project, struct hone_size_packages *p)
{
	for (size_t i = 0; project && i < project->n_packages; i++) {
		const struct hone_package *package = &project->packages[i];

		const char *features = features_of(p, project, package);

		add_crate(p, package->name, package, features);
		for (size_t k = 0; k < package->n_targets; k++)
			if (hone_target_kind_is_linked(package->targets[k].kind))
				add_crate(p, package->targets[k].name, package, features);
	}
}

/* Names and versions as Cargo.lock has them, without asking cargo; a package without a source is the
 * user's own. A lock file that is missing or broken only costs the rows their versions. */
static void read_lock(const char *path, struct hone_size_packages *p)
{
	struct hone_toml *doc = NULL;
	const struct hone_toml_node *list, *entry;

	if (hone_toml_read(path, HONE_TOML_1_1, &doc, NULL, NULL) < 0)
		return;
	list = hone_toml_get(hone_toml_root(doc), "package");
	for (size_t i = 0; (entry = hone_toml_at(list, i)); i++) {
		struct hone_view name, version;
		struct hone_package package = {0};

		if (!hone_toml_string(hone_toml_get(entry, "name"), &name) ||
			!hone_toml_string(hone_toml_get(entry, "version"), &version))
			continue;
		package.name = hone_view_dup(name);
		package.version = hone_view_dup(version);
		package.member = !hone_toml_get(entry, "source");
		hone_strv_take(&p->names, package.version);
		add_crate(p, package.name, &package, NULL);
		free(package.name);
	}
	hone_toml_free(doc);
}

void hone_size_packages_find(const char *start, struct hone_size_packages *p)
{
	char *dir = hone_path_absolute(start);

	for (;;) {
		hone_auto_free char *lock = hone_path_join(dir, "Cargo.lock");
		char *above;

		if (hone_fs_exists(lock)) {
			read_lock(lock, p);
			break;
		}
		above = hone_path_dir(dir);
		if (strcmp(above, dir) == 0) {
			free(above);
			break;
		}
		free(dir);
		dir = above;
	}
	free(dir);
}
