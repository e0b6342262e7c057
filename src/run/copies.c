#include "copies.h"

#include "clock.h"
#include "fs.h"

#include <string.h>

/* From one folder into another. */
struct beside {
	const char *from, *to;
	bool moves;
};

static int bring(void *ctx, const char *name, struct hone_err *err)
{
	const struct beside *b = ctx;
	hone_auto_free char *from = hone_path_join(b->from, name);
	hone_auto_free char *to = hone_path_join(b->to, name);

	return b->moves ? hone_fs_rename(from, to, err) : hone_fs_copy_tree(from, to, err);
}

static char *beside_artifact(const char *source, const char *name)
{
	hone_auto_free char *dir = hone_path_dir(source);

	return hone_path_join(dir, name);
}

static char *libraries_of(const char *path)
{
	hone_auto_free char *dir = hone_path_dir(path);

	return hone_xasprintf("%s-lib", dir);
}

/* The names are those of the artifact's files; what a program has made there stays behind. */
struct movement {
	const char *from, *to;
};

static int move_named(void *ctx, const char *name, struct hone_err *err)
{
	const struct movement *m = ctx;
	struct beside b = {m->from, m->to, true};
	hone_auto_free char *from = hone_path_join(m->from, name);
	hone_auto_free char *to = hone_path_join(m->to, name);
	int error = hone_fs_remove_tree(to, err);
	struct stat st;

	/* The program took it away: so it is for the copy, too. */
	if (error || lstat(from, &st) < 0)
		return error;
	return bring(&b, name, err);
}

/* What belongs to the program at path: from its artifact, or from where its last copy was. */
static int bring_all(
	const char *source, const char *old_path, const char *path, struct hone_err *err)
{
	hone_auto_free char *files = beside_artifact(source, HONE_BESIDE);
	hone_auto_free char *libraries = beside_artifact(source, HONE_LIBRARIES);
	hone_auto_free char *dir = hone_path_dir(path);
	hone_auto_free char *lib_dir = libraries_of(path);
	hone_auto_free char *old_dir = old_path ? hone_path_dir(old_path) : NULL;
	struct beside b = {files, dir, false}, l = {libraries, lib_dir, false};
	struct movement m = {old_dir, dir};
	int error;

	if (hone_fs_is_dir(libraries)) {
		error = hone_fs_mkdirs(lib_dir, err);
		if (!error)
			error = hone_fs_each(libraries, bring, &l, err);
		if (error)
			return error;
	}
	return old_dir ? hone_fs_each(files, move_named, &m, err)
		       : hone_fs_each(files, bring, &b, err);
}

static int copy_all(struct hone_copies *c, struct hone_rng *rng, struct hone_err *err)
{
	hone_auto_free size_t *order = hone_xcalloc(c->n, sizeof(*order));
	/* Two sets of folders take turns, so that the old copies are still there if this fails. */
	size_t first = c->generation % 2 ? c->n : 0;

	for (size_t i = 0; i < c->n; i++)
		order[i] = i;
	hone_rng_shuffle(rng, order, c->n);
	for (size_t i = 0; i < c->n; i++) {
		hone_auto_free char *dir = hone_xasprintf("%s/%03zu", c->dir, first + i);
		hone_auto_free char *path = hone_path_join(dir, c->name);
		size_t who = order[i];
		int error = hone_fs_mkdirs(dir, err);

		if (!error)
			error = hone_fs_copy(c->source[who], path, err);
		if (!error)
			error = bring_all(c->source[who], c->path[who], path, err);
		if (error)
			return error;
		if (c->path[who])
			(void)hone_fs_remove(c->path[who], NULL);
		free(c->path[who]);
		c->path[who] = HONE_TAKE(path);
	}
	c->generation++;
	return 0;
}

char *hone_copies_library_path(const struct hone_copies *c, size_t who)
{
	return c->has_libraries ? libraries_of(c->path[who]) : NULL;
}

int hone_copies_make(struct hone_copies *c, const char *dir, const char *const *sources, size_t n,
	struct hone_rng *rng, struct hone_err *err)
{
	*c = (struct hone_copies){
		.n = n,
		.source = hone_xcalloc(n, sizeof(*c->source)),
		.path = hone_xcalloc(n, sizeof(*c->path)),
		.dir = hone_xstrdup(dir),
		.name = hone_xstrdup(hone_path_base(sources[0])),
	};
	for (size_t i = 0; i < n; i++) {
		hone_auto_free char *libraries = beside_artifact(sources[i], HONE_LIBRARIES);

		c->source[i] = sources[i];
		c->has_libraries |= hone_fs_is_dir(libraries);
	}
	return copy_all(c, rng, err);
}

int hone_copies_renew(struct hone_copies *c, struct hone_rng *rng, struct hone_err *err)
{
	int64_t start = hone_now_ns();
	int error = copy_all(c, rng, err);

	c->spent_ns += hone_now_ns() - start;
	return error;
}

void hone_copies_release(struct hone_copies *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->path[i]);
	free(c->path);
	free(c->source);
	free(c->dir);
	free(c->name);
	*c = (struct hone_copies){0};
}
