#include "fs.h"
#include "measure_impl.h"

#include <string.h>

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
	for (size_t i = 0; i < n; i++)
		c->source[i] = sources[i];
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
