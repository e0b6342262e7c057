#include "undo_record.h"

#include "jsonw.h"
#include "machine.h"
#include "num.h"
#include "plan_files.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNDO_DIR HONE_PLAN_FILES_DIR "/undo"
#define SCHEMA 2
/* The first one: absolute paths, in target/hone/undo/. */
#define OLD_SCHEMA 1
#define RECORD_LIMIT ((size_t)256 << 20)

void hone_undo_entries_release(struct hone_undo_entries *e)
{
	for (size_t i = 0; i < e->files.n; i++) {
		free(e->files.v[i].path);
		free(e->files.v[i].before);
	}
	hone_vec_release(&e->files);
}

/* The numbers of the files NNNN.json. */
struct numbers {
	HONE_VEC(uint64_t)
	list;
};

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/* The highest one first. */
static void read_numbers(const char *dir, struct numbers *ret)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	uint64_t n;

	while (d && (e = readdir(d))) {
		struct hone_view name = hone_view_of(e->d_name);

		if (hone_view_ends(name, ".json") &&
			hone_parse_u64(hone_view_sub(name, 0, name.n - 5), &n) && n)
			hone_vec_push(&ret->list, n);
	}
	if (d)
		closedir(d);
	if (ret->list.n)
		qsort(ret->list.v, ret->list.n, sizeof(*ret->list.v), by_number);
}

static char *number_path(const char *dir, uint64_t number)
{
	return hone_xasprintf("%s/%04llu.json", dir, (unsigned long long)number);
}

/* ---- writing */

static bool is_utf8(const char *text)
{
	struct hone_view v = hone_view_of(text);

	while (v.n) {
		size_t n = hone_utf8_len(v);

		if (!n)
			return false;
		v = hone_view_sub(v, n, v.n);
	}
	return true;
}

static void put_before(struct hone_jsonw *j, const char *before)
{
	hone_auto_buf struct hone_buf hex = HONE_BUF_INIT;
	char hash[HONE_HASH_TEXT];

	if (!before || is_utf8(before)) {
		hone_jsonw_kstr(j, "before", before);
	} else {
		for (const char *c = before; *c; c++)
			hone_buf_addf(&hex, "%02x", (unsigned char)*c);
		hone_jsonw_kstr(j, "before_hex", hone_buf_str(&hex));
	}
	hone_jsonw_kstr(j, "before_hash",
		before ? hone_hash_text(hash, hone_hash_bytes(hone_view_of(before))) : NULL);
}

static int put_after(struct hone_jsonw *j, const struct hone_file_change *c, struct hone_err *err)
{
	struct hone_hash after = hone_hash_bytes(hone_view_of(c->after ? c->after : ""));
	int error = c->source ? hone_hash_file(c->source, &after, err) : 0;
	char hash[HONE_HASH_TEXT];

	if (!error)
		hone_jsonw_kstr(j, "after_hash", c->after ? hone_hash_text(hash, after) : NULL);
	return error;
}

/* Which folder, of which user, on which machine: what a record says that was really made here. A clone has another
 * folder, and nobody elsewhere knows this one's numbers. Most containers have no number of an installation: that of the
 * system's start takes its place. */
static void identify(const char *root, char ret[HONE_HASH_TEXT])
{
	static const char installed[] = "/etc/machine-id";
	hone_auto_free char *known = hone_machine_id(installed);
	const char *path = known ? installed : "/proc/sys/kernel/random/boot_id";
	hone_auto_buf struct hone_buf id = HONE_BUF_INIT, facts = HONE_BUF_INIT;
	struct stat st = {0};

	if (hone_fs_read(path, 4096, &id, NULL, NULL) || stat(root, &st) < 0) {
		ret[0] = '\0';
		return;
	}
	hone_buf_addf(&facts, "%s%ju %ju %ju", hone_buf_str(&id), (uintmax_t)getuid(),
		(uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	hone_hash_text(ret, hone_hash_bytes(hone_buf_view(&facts)));
}

static int print(const struct hone_writedown *w, const char *root, struct hone_buf *text,
	struct hone_err *err)
{
	char here[HONE_HASH_TEXT];
	struct hone_jsonw j;
	int error = 0;

	identify(root, here);
	hone_jsonw_init(&j, text, true);
	hone_jsonw_object(&j);
	hone_jsonw_ki64(&j, "schema", SCHEMA);
	hone_jsonw_kstr(&j, "made", *here ? here : NULL);
	hone_jsonw_karray(&j, "files");
	for (size_t i = 0; !error && i < w->changes.n; i++) {
		const struct hone_file_change *c = &w->changes.v[i];
		hone_auto_free char *path = hone_path_relative(c->path, root);

		hone_jsonw_object(&j);
		hone_jsonw_kstr(&j, "path", path);
		put_before(&j, c->before);
		error = put_after(&j, c, err);
		hone_jsonw_end(&j);
	}
	hone_jsonw_end(&j);
	hone_jsonw_end(&j);
	return error;
}

/* A link to a name that is there already fails: so two hones never get one number. */
static int take_number(const char *dir, const char *temp, char **ret_path, struct hone_err *err)
{
	struct numbers numbers = {0};
	uint64_t n;

	read_numbers(dir, &numbers);
	n = numbers.list.n ? numbers.list.v[0] : 0;
	hone_vec_release(&numbers.list);
	for (;;) {
		hone_auto_free char *path = number_path(dir, ++n);

		if (link(temp, path) == 0) {
			*ret_path = HONE_TAKE(path);
			return hone_fs_remove(temp, err);
		}
		if (errno == EEXIST)
			continue;
		/* A file system without hard links. */
		if (hone_fs_rename(temp, path, err))
			return HONE_E_SYSTEM;
		*ret_path = HONE_TAKE(path);
		return 0;
	}
}

/* A temporary file; who holds the root's lock is the only one that writes such. */
static int remove_temp(void *ctx, const char *name, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(ctx, name);

	return name[0] == '.' && hone_ends(name, ".tmp") ? hone_fs_remove(path, err) : 0;
}

/* *ret_more: it is not there any more. One that holds something, or is a link, stays. */
static int remove_empty(const char *dir, bool *ret_more, struct hone_err *err)
{
	*ret_more = rmdir(dir) == 0 || errno == ENOENT;
	if (*ret_more || errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return 0;
	return hone_err_sys(err, errno, "removing folder %s", dir);
}

/* Removes the folder of records when none is left, and those above it where nothing else is in them. */
static int tidy(const char *dir, struct hone_err *err)
{
	hone_auto_free char *folder = hone_xstrdup(dir);
	hone_auto_free char *hone = hone_path_dir(dir);
	hone_auto_free char *cargo = hone_path_dir(hone);
	hone_auto_free char *ignore = hone_path_join(dir, ".gitignore");
	const char *const folders[] = {dir, hone, cargo};
	struct numbers left = {0};
	bool more;
	int error = hone_fs_each(dir, remove_temp, folder, err);

	read_numbers(dir, &left);
	more = !left.list.n;
	hone_vec_release(&left.list);
	if (!error && more)
		error = hone_fs_remove(ignore, err);
	for (size_t i = 0; !error && more && i < HONE_COUNT(folders); i++)
		error = remove_empty(folders[i], &more, err);
	return error;
}

void hone_undo_tidy(const char *root)
{
	hone_auto_free char *dir = hone_path_join(root, UNDO_DIR);

	(void)tidy(dir, NULL);
}

int hone_undo_record_save(
	const struct hone_writedown *w, const char *root, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_join(root, UNDO_DIR);
	hone_auto_free char *ignore = hone_path_join(dir, ".gitignore");
	hone_auto_free char *temp = hone_path_join(dir, ".new.tmp");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int error = print(w, root, &text, err);

	if (error)
		return error;
	error = hone_fs_mkdirs(dir, err);
	if (!error && !hone_fs_exists(ignore))
		error = hone_fs_write(ignore, HONE_VIEW("*\n"), 0666, err);
	if (!error)
		error = hone_fs_write(temp, hone_buf_view(&text), 0666, err);
	if (!error)
		error = take_number(dir, temp, ret_path, err);
	if (error) {
		(void)hone_fs_remove(temp, NULL);
		(void)tidy(dir, NULL);
		return hone_err_wrap(err, "nothing was written, as it could not be taken back");
	}
	return 0;
}

int hone_undo_record_remove(const char *path, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_dir(path);
	int error = hone_fs_remove(path, err);

	if (!error && hone_ends(dir, "/" UNDO_DIR))
		error = tidy(dir, err);
	return error;
}

/* ---- reading */

static bool from_hex(const char *hex, char **ret)
{
	static const char digits[] = "0123456789abcdef";
	struct hone_buf b = HONE_BUF_INIT;
	size_t n = strlen(hex);

	for (size_t i = 0; i < n; i += 2) {
		const char *high = strchr(digits, hex[i]), *low = strchr(digits, hex[i + 1]);

		if (!high || !low || !*low || (high == digits && low == digits)) {
			hone_buf_release(&b);
			return false;
		}
		hone_buf_addc(&b, (char)((high - digits) << 4 | (low - digits)));
	}
	*ret = hone_buf_detach(&b);
	return true;
}

static void set_hash(char *to, const char *text)
{
	if (text)
		snprintf(to, HONE_HASH_TEXT, "%s", text);
}

/* "a/b" without any way up. */
static bool stays_below(const char *path)
{
	struct hone_view rest = hone_view_of(path), part;
	bool started = false;

	if (!*path || *path == '/')
		return false;
	while (hone_view_split(&rest, &started, '/', &part))
		if (hone_view_is(part, ".."))
			return false;
	return true;
}

static bool is_inside(const char *path, const char *root)
{
	hone_auto_free char *below = hone_path_relative(path, root);

	return stays_below(below);
}

/* Manifest and config of a project may be links to files elsewhere, and apply writes through them: cargo has read them
 * as TOML before an undo, which no other file is. What stands in .cargo/hone goes with a .cargo that is such a link. */
static bool may_lead_out(const char *path, const char *real)
{
	static const char script[] = ".cargo/hone/";
	const char *name = hone_path_base(path);
	hone_auto_free char *end = hone_xasprintf("/hone/%s", name);

	if (strcmp(name, "Cargo.toml") == 0 || strcmp(path, ".cargo/config.toml") == 0 ||
		strcmp(path, ".cargo/config") == 0)
		return true;
	return hone_starts(path, script) && hone_ends(real, end);
}

/* The path of an entry: what is there of it lies below the root. Links in the project lead elsewhere only where that is
 * cargo's file, and the record was made here. The caller frees; NULL: it lies elsewhere. */
static char *entry_path(const char *path, bool absolute, bool made_here, const char *root)
{
	hone_auto_free char *full = absolute ? hone_xstrdup(path) : hone_path_join(root, path);
	hone_auto_free char *at = hone_xstrdup(full);
	hone_auto_free char *real = NULL;
	hone_auto_free char *real_root = NULL;

	if (absolute ? *path != '/' || !is_inside(path, root) : !stays_below(path))
		return NULL;
	if (hone_path_real(root, &real_root, NULL))
		return NULL;
	while (hone_path_real(at, &real, NULL)) {
		char *above = hone_path_dir(at);

		free(at);
		at = above;
	}
	if (strcmp(real, real_root) == 0 || is_inside(real, real_root))
		return HONE_TAKE(full);
	return made_here && may_lead_out(path, real) ? HONE_TAKE(full) : NULL;
}

/* Whose record it is. */
struct where {
	const char *root;
	bool old, made_here;
};

static int read_entry(
	const json_t *o, const struct where *w, struct hone_undo_entry *e, struct hone_err *err)
{
	const char *path = json_string_value(json_object_get(o, "path"));
	const char *before = json_string_value(json_object_get(o, "before"));
	const char *hex = json_string_value(json_object_get(o, "before_hex"));
	const char *after_hash = json_string_value(json_object_get(o, "after_hash"));

	if (!path || (w->old && !after_hash) || (hex && !from_hex(hex, &e->before)))
		return hone_err_set(
			err, HONE_E_SYNTAX, "an entry without path or hash, or with bad bytes");
	e->path = entry_path(path, w->old, w->made_here, w->root);
	if (!e->path) {
		hone_err_set(err, HONE_E_SYNTAX,
			"%s lies outside of the workspace %s, or behind a link that leads out of "
			"it",
			path, w->root);
		return hone_err_hint(err, "a record takes back files of its own workspace only");
	}
	if (before && !e->before)
		e->before = hone_xstrdup(before);
	/* The hash is that of the bytes that would be written, whatever the record says. */
	if (e->before)
		hone_hash_text(e->before_hash, hone_hash_bytes(hone_view_of(e->before)));
	set_hash(e->after_hash, after_hash);
	return 0;
}

int hone_undo_record_read(
	const char *path, const char *root, struct hone_undo_entries *ret, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_undo_entries list = {0};
	struct where w = {.root = root};
	char here[HONE_HASH_TEXT];
	const char *made;
	json_t *json, *files, *o;
	json_int_t schema;
	size_t i;
	int error = hone_fs_read(path, RECORD_LIMIT, &text, NULL, err);

	if (error)
		return error;
	json = json_loadb(hone_buf_str(&text), text.n, 0, NULL);
	files = json_object_get(json, "files");
	schema = json_integer_value(json_object_get(json, "schema"));
	identify(root, here);
	made = json_string_value(json_object_get(json, "made"));
	w.old = schema == OLD_SCHEMA;
	w.made_here = !w.old && *here && made && strcmp(made, here) == 0;
	if (!json_is_array(files) || (schema != SCHEMA && schema != OLD_SCHEMA))
		error = hone_err_set(err, HONE_E_SYNTAX, "not an undo record of this hone");
	json_array_foreach(files, i, o)
	{
		struct hone_undo_entry e = {0};

		if (error)
			break;
		error = read_entry(o, &w, &e, err);
		hone_vec_push(&list.files, e);
	}
	json_decref(json);
	if (error) {
		hone_undo_entries_release(&list);
		return hone_err_wrap(err, "%s", path);
	}
	*ret = list;
	return 0;
}

/* Old records lie in a target dir, which workspaces may share: this one's are taken. */
static char *find_old(const char *root, const char *old_dir)
{
	struct numbers numbers = {0};
	char *found = NULL;

	read_numbers(old_dir, &numbers);
	for (size_t i = 0; !found && i < numbers.list.n; i++) {
		hone_auto_free char *path = number_path(old_dir, numbers.list.v[i]);
		struct hone_undo_entries e = {0};

		if (hone_undo_record_read(path, root, &e, NULL) == 0)
			found = HONE_TAKE(path);
		hone_undo_entries_release(&e);
	}
	hone_vec_release(&numbers.list);
	return found;
}

int hone_undo_record_find(
	const char *root, const char *old_dir, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_join(root, UNDO_DIR);
	struct numbers numbers = {0};
	char *found;

	read_numbers(dir, &numbers);
	found = numbers.list.n ? number_path(dir, numbers.list.v[0]) : find_old(root, old_dir);
	hone_vec_release(&numbers.list);
	if (found) {
		*ret_path = found;
		return 0;
	}
	hone_err_set(err, HONE_E_NOT_FOUND,
		"there is nothing to undo: no record of an apply is in %s", dir);
	return hone_err_hint(err,
		"records stay where apply was run, they are not in Git: what was committed since, "
		"Git takes back (`git log -- Cargo.toml .cargo`, then `git revert COMMIT`)");
}
