#include "beside.h"

#include "fs.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STASH "hone-beside"
/* Time stamps of file systems lag behind the clock, not all by the same, and by more on a busy virtual machine. What the
 * wider span takes too much is of the same build: of others nothing is left there. */
#define SLACK_NS 500000000

void hone_beside_init(struct hone_beside *b, const char *output)
{
	*b = (struct hone_beside){.output = hone_xstrdup(output)};
}

void hone_beside_release(struct hone_beside *b)
{
	free(b->output);
	hone_strv_release(&b->scripts);
	hone_strv_release(&b->links);
	hone_strv_release(&b->files);
	hone_strv_release(&b->shared);
	*b = (struct hone_beside){0};
}

static bool is_library(const char *name)
{
	const char *at = strstr(name, ".so");

	return at && at != name && (at[3] == '\0' || at[3] == '.');
}

/* The folder of a search path as cargo takes it for `cargo run`: below its own output only. NULL: it is not. */
static const char *link_folder(const struct hone_beside *b, const char *path)
{
	static const char *const kinds[] = {
		"native=", "dependency=", "crate=", "framework=", "all="};

	for (size_t i = 0; i < HONE_COUNT(kinds); i++)
		if (hone_starts(path, kinds[i]))
			path += strlen(kinds[i]);
	return hone_starts(path, b->output) ? path : NULL;
}

void hone_beside_see(struct hone_beside *b, const struct hone_message *m)
{
	bool is_macro = m->target_kind == HONE_KIND_PROC_MACRO;

	if (m->kind == HONE_MSG_BUILD_SCRIPT && m->out_dir) {
		hone_auto_free char *unit = hone_path_dir(m->out_dir);

		if (!hone_strv_has(&b->scripts, unit))
			hone_strv_push(&b->scripts, unit);
		for (size_t i = 0; i < m->paths.n; i++) {
			const char *folder = link_folder(b, m->paths.v[i]);

			if (folder && !hone_strv_has(&b->links, folder))
				hone_strv_push(&b->links, folder);
		}
	}
	for (size_t i = 0; m->kind == HONE_MSG_ARTIFACT && i < m->paths.n; i++) {
		if (!hone_starts(m->paths.v[i], b->output))
			continue;
		hone_strv_push(&b->files, m->paths.v[i]);
		if (!is_macro && is_library(hone_path_base(m->paths.v[i])))
			hone_strv_push(&b->shared, m->paths.v[i]);
	}
}

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* When a script ended: cargo sets the time of its output back to the begin, that of the last change stays. */
static int64_t end_of(const char *unit)
{
	hone_auto_free char *path = hone_path_join(unit, "output");
	struct stat st;

	return stat(path, &st) == 0 ? ns_of(st.st_ctim) : -1;
}

static int64_t mtime_of(const char *dir, const char *name)
{
	hone_auto_free char *path = hone_path_join(dir, name);
	struct stat st;

	return stat(path, &st) == 0 ? ns_of(st.st_mtim) : -1;
}

/* ---- when something was written */

struct span {
	const char *dir;
	int64_t from, to; /* by the clock of file systems */
	bool found;
};

static void look(const char *path, struct span *s);

static int look_at(void *ctx, const char *name, struct hone_err *err)
{
	struct span *s = ctx;
	hone_auto_free char *path = hone_path_join(s->dir, name);

	(void)err;
	look(path, s);
	return s->found;
}

/* Was anything of this tree written in the span? The time of the last change of an inode cannot be set by
 * programs. */
static void look(const char *path, struct span *s)
{
	struct span below = *s;
	struct stat st;
	int64_t changed;

	if (lstat(path, &st) < 0)
		return;
	changed = ns_of(st.st_ctim);
	s->found |= changed >= s->from && changed <= s->to;
	if (s->found || !S_ISDIR(st.st_mode))
		return;
	below.dir = path;
	(void)hone_fs_each(path, look_at, &below, NULL);
	s->found = below.found;
}

/* ---- what is in cargo's folder and not cargo's */

static bool is_cargos(const struct hone_beside *b, const char *executable, const char *name)
{
	static const char *const folders[] = {
		"deps", "build", "examples", "incremental", "artifact", NULL};
	hone_auto_free char *path = hone_path_join(b->output, name);
	hone_auto_free char *deps = hone_path_join(b->output, "deps");
	hone_auto_free char *link = NULL;
	struct stat st;

	for (size_t i = 0; folders[i]; i++)
		if (strcmp(name, folders[i]) == 0)
			return true;
	if (hone_starts(name, ".cargo") || strcmp(name, ".fingerprint") == 0 ||
		hone_ends(name, ".d") || strcmp(path, executable) == 0 ||
		hone_strv_has(&b->files, path))
		return true;
	/* A program or library that cargo built at another time is a link to its file in deps. */
	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink > 1 &&
	       hone_fs_find_link(deps, path, &link, NULL) == 0;
}

struct extras {
	const struct hone_beside *b;
	const char *executable;
	struct hone_strv names;
};

static int add_extra(void *ctx, const char *name, struct hone_err *err)
{
	struct extras *e = ctx;

	(void)err;
	if (!is_cargos(e->b, e->executable, name))
		hone_strv_push(&e->names, name);
	return 0;
}

/* ---- keeping */

/* Copies what was written while a script ran into the folder of its unit, if it ran since that was done. */
static int stash(const struct hone_beside *b, const char *unit, const struct hone_strv *extras,
	struct hone_err *err)
{
	hone_auto_free char *to = hone_path_join(unit, STASH);
	int64_t began = mtime_of(unit, "invoked.timestamp"), ended = end_of(unit);
	int error;

	if (began < 0 || mtime_of(unit, STASH) >= began)
		return 0;
	error = hone_fs_remove_tree(to, err);
	if (!error)
		error = hone_fs_mkdirs(to, err);
	for (size_t i = 0; !error && i < extras->n; i++) {
		hone_auto_free char *from = hone_path_join(b->output, extras->v[i]);
		hone_auto_free char *copy = hone_path_join(to, extras->v[i]);
		struct span s = {.from = began - SLACK_NS,
			.to = ended < began ? INT64_MAX : ended + SLACK_NS};

		look(from, &s);
		if (s.found)
			error = hone_fs_copy_tree(from, copy, err);
	}
	return error;
}

struct pair {
	const char *from, *to;
	bool libraries; /* these only */
	size_t n;
};

static int copy_one(void *ctx, const char *name, struct hone_err *err)
{
	struct pair *p = ctx;
	hone_auto_free char *from = hone_path_join(p->from, name);
	hone_auto_free char *to = hone_path_join(p->to, name);
	int error;

	if (p->libraries && !is_library(name))
		return 0;
	error = p->n++ ? 0 : hone_fs_mkdirs(p->to, err);
	return error ? error : hone_fs_copy_tree(from, to, err);
}

static int fill(const struct hone_beside *b, const char *executable, const char *beside,
	const char *libraries, struct hone_err *err)
{
	hone_auto_free char *own = hone_path_dir(executable);
	size_t below = strlen(b->output) - 1;
	int error = 0;

	for (size_t i = 0; !error && i < b->scripts.n; i++) {
		hone_auto_free char *from = hone_path_join(b->scripts.v[i], STASH);
		struct pair p = {.from = from, .to = beside};

		/* An example or a bench target is not where scripts write. */
		if (strncmp(own, b->output, below) == 0 && !own[below])
			error = hone_fs_each(from, copy_one, &p, err);
	}
	for (size_t i = 0; !error && i < b->links.n; i++) {
		struct pair p = {.from = b->links.v[i], .to = libraries, .libraries = true};

		error = hone_fs_each(p.from, copy_one, &p, err);
	}
	for (size_t i = 0; !error && i < b->shared.n; i++) {
		hone_auto_free char *dir = hone_path_dir(b->shared.v[i]);
		const char *name = hone_path_base(b->shared.v[i]);
		struct pair beside_it = {.from = dir, .to = beside};
		struct pair in_path = {.from = dir, .to = libraries};

		if (strcmp(dir, own) == 0)
			error = copy_one(&beside_it, name, err);
		if (!error)
			error = copy_one(&in_path, name, err);
	}
	return error;
}

int hone_beside_keep(
	struct hone_beside *b, const char *executable, const char *folder, struct hone_err *err)
{
	hone_auto_free char *beside = hone_path_join(folder, HONE_BESIDE);
	hone_auto_free char *libraries = hone_path_join(folder, HONE_LIBRARIES);
	struct extras e = {.b = b, .executable = executable, .names = HONE_STRV_INIT};
	int error = hone_fs_each(b->output, add_extra, &e, err);

	for (size_t i = 0; !error && i < b->scripts.n; i++)
		error = stash(b, b->scripts.v[i], &e.names, err);
	for (size_t i = 0; !error && i < e.names.n; i++) {
		hone_auto_free char *path = hone_path_join(b->output, e.names.v[i]);

		error = hone_fs_remove_tree(path, err);
	}
	if (!error)
		error = hone_fs_remove_tree(beside, err);
	if (!error)
		error = hone_fs_remove_tree(libraries, err);
	if (!error)
		error = fill(b, executable, beside, libraries, err);
	hone_strv_release(&e.names);
	return error;
}

bool hone_beside_restore(struct hone_beside *b)
{
	bool any = false;

	for (size_t i = 0; i < b->scripts.n; i++) {
		hone_auto_free char *from = hone_path_join(b->scripts.v[i], STASH);
		struct pair p = {.from = from, .to = b->output};

		if (hone_fs_each(from, copy_one, &p, NULL))
			return false;
		any |= p.n > 0;
	}
	return any;
}
