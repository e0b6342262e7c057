/* Custom profiles that nothing mentions: no profile inherits them, no file that builds the project
 * (scripts, CI, aliases, docs) names them. */
#include "fs.h"
#include "problem_impl.h"
#include "proc.h"

#include <dirent.h>
#include <string.h>

#define MAX_FILE ((size_t)1 << 20)
#define MAX_FILES 2000
#define MAX_DEPTH 5

/* Does the text hold the name as a word of its own? */
static bool mentions(struct hone_view text, const char *name)
{
	size_t n = strlen(name);
	const char *end = text.p + text.n;

	for (const char *p = text.p; p && (p = memmem(p, (size_t)(end - p), name, n)); p++) {
		bool before =
			p > text.p && (strchr("-_", p[-1]) || (p[-1] >= '0' && p[-1] <= '9') ||
					      (p[-1] >= 'A' && p[-1] <= 'z'));
		bool after = p + n < end && (strchr("-_", p[n]) || (p[n] >= '0' && p[n] <= '9') ||
						    (p[n] >= 'A' && p[n] <= 'z'));
		if (!before && !after)
			return true;
	}
	return false;
}

struct search {
	const char *manifest;         /* the root manifest: a profile's own table is no use of it */
	HONE_VEC(const char *) names; /* looked for; those that were found are taken out */
	unsigned files;
};

static void search_file(struct search *s, const char *path)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	if (s->files++ > MAX_FILES || hone_fs_read(path, MAX_FILE, &text, NULL, NULL) || !text.n ||
		memchr(text.p, 0, text.n))
		return;
	for (size_t i = 0; i < s->names.n;) {
		if (mentions(hone_buf_view(&text), s->names.v[i]))
			s->names.v[i] = s->names.v[--s->names.n];
		else
			i++;
	}
}

/* Everything but Rust sources, lock files and build output may name a profile. */
static void search_dir(struct search *s, const char *dir, unsigned depth)
{
	static const char *const skipped[] = {
		"target", "node_modules", ".git", "src", "Cargo.lock"};
	DIR *d = opendir(dir);
	const struct dirent *e;

	while (d && s->names.n && s->files <= MAX_FILES && (e = readdir(d))) {
		hone_auto_free char *path = hone_path_join(dir, e->d_name);
		bool skip = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
			    !strcmp(path, s->manifest) || hone_ends(path, ".rs");
		for (size_t i = 0; i < HONE_COUNT(skipped); i++)
			skip = skip || !strcmp(e->d_name, skipped[i]);
		if (skip)
			continue;
		if (e->d_type == DT_REG)
			search_file(s, path);
		else if (e->d_type == DT_DIR && depth < MAX_DEPTH)
			search_dir(s, path, depth + 1);
	}
	if (d)
		closedir(d);
}

/* cargo-dist builds with a profile called dist, wherever it is configured. */
static bool uses_cargo_dist(const struct hone_project *p)
{
	static const char *const path[] = {"workspace", "metadata", "dist"};
	hone_auto_free char *file = hone_path_join(p->workspace_root, "dist-workspace.toml");
	struct hone_toml *doc = NULL;
	bool found = hone_fs_exists(file);

	if (!hone_toml_read(p->root_manifest, HONE_TOML_1_1, &doc, NULL, NULL))
		found = found || hone_toml_get_path(doc, path, HONE_COUNT(path));
	hone_toml_free(doc);
	return found;
}

static bool is_inherited(const struct hone_finder *f, const char *name)
{
	for (size_t i = 0; i < f->world->profiles.n; i++) {
		const struct hone_profile_entry *e =
			f->world->profiles.v[i].table->body.key[HONE_SET_INHERITS];
		if (e && e->value && !strcmp(e->value->text, name) &&
			!strcmp(e->profile, f->world->profiles.v[i].table->name))
			return true;
	}
	return false;
}

int hone_find_unused_problems(struct hone_finder *f, struct hone_err *err)
{
	const struct hone_project *p = f->in->project;
	const struct hone_profile_set *set = f->in->profiles;
	struct search s = {.manifest = p->root_manifest};
	int code = hone_interrupted(err);

	for (size_t i = 0; i < set->manifest.n && !code; i++) {
		const char *name = set->manifest.v[i]->name;
		if (!hone_profile_is_built_in(name) && strcmp(name, f->in->profile) != 0 &&
			!is_inherited(f, name) &&
			!(strcmp(name, "dist") == 0 && uses_cargo_dist(p)))
			hone_vec_push(&s.names, name);
	}
	if (s.names.n)
		search_dir(&s, p->workspace_root, 0);
	for (size_t i = 0; i < set->manifest.n; i++)
		for (size_t k = 0; k < s.names.n && s.files <= MAX_FILES; k++)
			if (!strcmp(s.names.v[k], set->manifest.v[i]->name))
				hone_problem_remedy(hone_problem_add(f, "profile-unused",
							    set->manifest.v[i]->where,
							    "no profile inherits `%s`, and no "
							    "script or document of the project "
							    "mentions it: only --profile %s uses "
							    "it; cargo install and most "
							    "packagers build release",
							    s.names.v[k], s.names.v[k]),
					"cargo build --profile %s", s.names.v[k]);
	hone_vec_release(&s.names);
	return code;
}
