/* rustc tells nobody which crate has the #[global_allocator], and after LTO the linked file does not either: there the
 * functions of one's own have the names of std's. So the sources are read, as tokens. */
#include "own_allocator.h"

#include "cfg_expr.h"
#include "clock.h"
#include "fs.h"
#include "proc.h"
#include "profile_set.h"
#include "rust_scan.h"

#include <string.h>

#define MAX_FILE ((size_t)16 << 20)
#define MAX_BYTES ((uint64_t)192 << 20)
#define MAX_NS (5 * HONE_NS_PER_S)
#define MAX_DEPTH 16

struct search {
	const struct hone_project *project;
	const struct hone_package *package; /* that is read */
	struct hone_strv cfg;               /* of the target, and the package's features */
	struct hone_strv modules;           /* that are left out, by name */
	struct hone_strv places;            /* path:line:col */
	uint64_t bytes;
	int64_t until_ns;
};

static bool holds(void *ctx, struct hone_view cfg)
{
	const struct search *s = ctx;
	hone_auto_free char *text = hone_view_dup(cfg);

	return hone_cfg_matches(text, &s->cfg);
}

static void leave_out(void *ctx, struct hone_view name)
{
	struct search *s = ctx;

	hone_strv_pushv(&s->modules, name);
}

static void search_file(struct search *s, const char *path)
{
	static const char word[] = "global_allocator";
	const struct hone_rust_asker ask = {holds, leave_out, s};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const char *from;
	unsigned line, col;

	if (s->bytes > MAX_BYTES || hone_now_ns() > s->until_ns ||
		hone_fs_read(path, MAX_FILE, &text, NULL, NULL))
		return;
	s->bytes += text.n;
	/* A file without it can still leave modules out. */
	from = hone_buf_str(&text);
	if (!memmem(from, text.n, word, sizeof(word) - 1) && !memmem(from, text.n, "#[cfg", 5))
		return;
	if (hone_rust_global_allocator(hone_buf_view(&text), &ask, &line, &col))
		hone_strv_pushf(&s->places, "%s:%u:%u", path, line, col);
}

static bool is_of_program(const struct search *s, const struct hone_target *t)
{
	return (t->kind >= HONE_KIND_LIB && t->kind <= HONE_KIND_STATICLIB) ||
	       t == s->project->target;
}

/* The root of another program of the package. */
static bool is_other_root(const struct search *s, const char *path)
{
	for (size_t i = 0; i < s->package->n_targets; i++)
		if (!is_of_program(s, &s->package->targets[i]) &&
			strcmp(s->package->targets[i].src_path, path) == 0)
			return true;
	return false;
}

static void search_dir(struct search *s, const char *dir, unsigned depth)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	if (hone_fs_list(dir, &names, NULL))
		return;
	for (size_t i = 0; i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);

		if (names.v[i][0] == '.' || is_other_root(s, path) ||
			(depth == 0 && strcmp(names.v[i], "bin") == 0))
			continue;
		if (hone_ends(path, ".rs"))
			search_file(s, path);
		else if (depth < MAX_DEPTH && hone_fs_is_dir(path))
			search_dir(s, path, depth + 1);
	}
}

/* src/NAME.rs, src/NAME/mod.rs and what lies in src/NAME/. */
static bool is_of_module(const char *place, const char *name)
{
	hone_auto_free char *file = hone_xasprintf("/%s.rs:", name);
	hone_auto_free char *folder = hone_xasprintf("/%s/", name);

	return strstr(place, file) || strstr(place, folder);
}

static bool is_compiled(const struct search *s, const char *place)
{
	for (size_t i = 0; i < s->modules.n; i++)
		if (is_of_module(place, s->modules.v[i]))
			return false;
	return true;
}

/* *ret_place: the caller frees. */
static void search_package(struct search *s, const struct hone_package *package, char **ret_place)
{
	size_t lines = s->cfg.n;

	s->package = package;
	for (size_t i = 0; i < package->features.n; i++)
		hone_strv_pushf(&s->cfg, "feature=\"%s\"", package->features.v[i]);
	for (size_t i = 0; i < package->n_targets; i++) {
		const struct hone_target *t = &package->targets[i];
		hone_auto_free char *dir = hone_path_dir(t->src_path);

		if (!is_of_program(s, t))
			continue;
		/* A root file beside Cargo.toml: its folder may hold anything. In src/bin/ others lie beside it. */
		if (strcmp(dir, package->dir) == 0 || strcmp(hone_path_base(dir), "bin") == 0)
			search_file(s, t->src_path);
		else
			search_dir(s, dir, 0);
	}
	for (size_t i = 0; i < s->places.n && !*ret_place; i++)
		if (is_compiled(s, s->places.v[i]))
			*ret_place = hone_path_relative(s->places.v[i], s->project->workspace_root);
	hone_strv_release(&s->places);
	hone_strv_release(&s->modules);
	while (s->cfg.n > lines)
		free(s->cfg.v[--s->cfg.n]);
}

int hone_own_allocator_find(
	const struct hone_profile_set *profiles, char **ret_text, struct hone_err *err)
{
	const struct hone_project *p = profiles->project;
	const bool *in_program = hone_profile_in_target(profiles);
	const struct hone_strv *cfg = NULL;
	struct search s = {.project = p, .until_ns = hone_now_ns() + MAX_NS};
	hone_auto_free char *place = NULL;
	int error = hone_profile_set_cfg_lines(profiles, &cfg, err);

	if (error)
		return error;
	hone_strv_copy(&s.cfg, cfg);
	/* The user's own packages first. */
	for (int own = 1; own >= 0 && !place && !error; own--)
		for (size_t i = 0; i < p->n_packages && !place && !error; i++) {
			const struct hone_package *package = &p->packages[i];

			error = hone_interrupted(err);
			if (!error && in_program[i] && (package->source == NULL) == (bool)own)
				search_package(&s, package, &place);
		}
	hone_strv_release(&s.cfg);
	if (place)
		*ret_text = hone_xasprintf("%s has a #[global_allocator]: the program's own memory "
					   "does not come from malloc",
			place);
	return error;
}
