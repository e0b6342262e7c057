/* Times of the files in a check's trees. A tree is laid out anew for each check, and cargo compiles what is newer than what
 * it made of it: what is as it was in the tree of the last check gets the time that it had there. Times of the user's own
 * files would not do: a file that was put back from elsewhere may be older than what was compiled of another one. */
#include "check.h"

#include "fs.h"
#include "hash.h"
#include "clock.h"
#include "num.h"
#include "strv.h"
#include "text_map.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RECORD_LIMIT ((size_t)64 << 20)
/* Room for mode and hash. */
#define WHAT (HONE_HASH_TEXT + 16)

/* A file, a link or a folder: its mode, and the hash of its content, of where it leads, or of the names in it. */
struct entry {
	char *path; /* within the tree */
	char what[WHAT];
	int64_t ns; /* its time */
};

struct entries {
	HONE_VEC(struct entry) v;
};

static void release(struct entries *e)
{
	for (size_t i = 0; i < e->v.n; i++)
		free(e->v.v[i].path);
	hone_vec_release(&e->v);
}

/* "WHAT NS PATH", each ended by a zero. What is damaged ends it. */
static void read_record(const char *record, struct entries *ret)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const char *end;

	if (hone_fs_read(record, RECORD_LIMIT, &text, NULL, NULL))
		return;
	end = text.p + text.n;
	for (const char *at = text.p; at < end; at += strlen(at) + 1) {
		size_t n = strcspn(at, " "), m = at[n] ? strcspn(at + n + 1, " ") : 0;
		struct entry e = {0};
		uint64_t ns;

		if (n >= WHAT || !m || !at[n + 1 + m] ||
			!hone_parse_u64((struct hone_view){at + n + 1, m}, &ns) || ns > INT64_MAX)
			return;
		e.ns = (int64_t)ns;
		memcpy(e.what, at, n);
		e.path = hone_xstrdup(at + n + 1 + m + 1);
		hone_vec_push(&ret->v, e);
	}
}

static int write_record(const struct entries *e, const char *record, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < e->v.n; i++) {
		hone_buf_addf(&text, "%s %lld %s", e->v.v[i].what, (long long)e->v.v[i].ns,
			e->v.v[i].path);
		hone_buf_addc(&text, '\0');
	}
	return hone_fs_write_cache(record, hone_buf_view(&text), 0600, err);
}

static int look(const char *tree, const char *within, struct entries *to, struct hone_err *err);

static int look_into(const char *tree, const char *within, const char *path, struct entries *to,
	struct hone_hash *ret, struct hone_err *err)
{
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = hone_fs_list(path, &names, err);

	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *inside =
			*within ? hone_path_join(within, names.v[i]) : hone_xstrdup(names.v[i]);

		hone_buf_add(&all, names.v[i], strlen(names.v[i]) + 1);
		error = look(tree, inside, to, err);
	}
	*ret = hone_hash_bytes(hone_buf_view(&all));
	return error;
}

/* Adds what is at a place of the tree, folders behind what is in them. */
static int look(const char *tree, const char *within, struct entries *to, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(tree, within);
	struct entry e = {0};
	struct hone_hash hash = {0};
	char text[HONE_HASH_TEXT], link[PATH_MAX];
	struct stat st;
	ssize_t n;
	int error = 0;

	if (lstat(path, &st) < 0)
		return hone_err_sys(err, errno, "reading %s", path);
	if (S_ISREG(st.st_mode)) {
		error = hone_hash_file(path, &hash, err);
	} else if (S_ISLNK(st.st_mode)) {
		n = readlink(path, link, sizeof(link));
		hash = hone_hash_bytes((struct hone_view){link, n > 0 ? (size_t)n : 0});
	} else if (S_ISDIR(st.st_mode)) {
		error = look_into(tree, within, path, to, &hash, err);
	}
	if (error)
		return error;
	(void)snprintf(
		e.what, sizeof(e.what), "%o:%s", (unsigned)st.st_mode, hone_hash_text(text, hash));
	e.path = hone_xstrdup(within);
	hone_vec_push(&to->v, e);
	return 0;
}

/* Gives an entry the time that it had, or the present one. */
static int set_time(
	const char *tree, struct entry *e, const struct entry *had, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(tree, e->path);
	struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
	struct stat st;

	if (had)
		times[1] = (struct timespec){had->ns / HONE_NS_PER_S, had->ns % HONE_NS_PER_S};
	if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) < 0 || lstat(path, &st) < 0)
		return hone_err_sys(err, errno, "setting the time of %s", path);
	e->ns = (int64_t)st.st_mtim.tv_sec * HONE_NS_PER_S + st.st_mtim.tv_nsec;
	return 0;
}

int hone_check_mtimes_set(const char *tree, const char *record, struct hone_err *err)
{
	struct entries old = {0}, new = {0};
	hone_auto_text_map struct hone_text_map places = HONE_TEXT_MAP_INIT;
	size_t there = 0, at = 0;
	int error = look(tree, "", &new, err);

	read_record(record, &old);
	for (size_t i = 0; i < old.v.n; i++)
		if (!hone_text_map_get(&places, old.v.v[i].path, &at))
			hone_text_map_put(&places, old.v.v[i].path, i);
	for (size_t i = 0; !error && i < new.v.n; i++)
		there += hone_text_map_get(&places, new.v.v[i].path, &at);
	for (size_t i = 0; !error && i < new.v.n; i++) {
		/* No time tells cargo of a file that went: then all is new. */
		bool had = there == old.v.n && hone_text_map_get(&places, new.v.v[i].path, &at) &&
			   strcmp(old.v.v[at].what, new.v.v[i].what) == 0;

		error = set_time(tree, &new.v.v[i], had ? &old.v.v[at] : NULL, err);
	}
	if (!error)
		error = write_record(&new, record, err);
	release(&old);
	release(&new);
	return error;
}
