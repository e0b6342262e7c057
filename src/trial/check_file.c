/* A side of a check as a file: JSON, as it is data of this machine's and another's. */
#include "check.h"

#include "check_binary.h"
#include "fs.h"
#include "hash.h"
#include "jsonw.h"

#include <jansson.h>
#include <string.h>

#define KIND "hone-check"
#define LARGEST ((size_t)256 << 20)

static const struct {
	const char *key;
	size_t offset;
} texts[] = {{"what", offsetof(struct hone_check_side, what)},
	{"commit", offsetof(struct hone_check_side, commit)},
	{"rustc", offsetof(struct hone_check_side, rustc)},
	{"target", offsetof(struct hone_check_side, target)},
	{"profile", offsetof(struct hone_check_side, profile)},
	{"package", offsetof(struct hone_check_side, package)},
	{"bin", offsetof(struct hone_check_side, bin)},
	{"hash", offsetof(struct hone_check_side, hash)},
	{"min_glibc", offsetof(struct hone_check_side, min_glibc)}};

static const char **text_at(const struct hone_check_side *s, size_t i)
{
	return (const char **)((uintptr_t)s + texts[i].offset);
}

static void lists_tree(struct hone_jsonw *w, const struct hone_check_side *s)
{
	hone_jsonw_karray(w, "rows");
	for (size_t i = 0; i < s->n_rows; i++) {
		hone_jsonw_array(w);
		hone_jsonw_str(w, s->rows[i].owner);
		hone_jsonw_str(w, hone_size_kind_name(s->rows[i].kind));
		hone_jsonw_str(w, s->rows[i].name);
		hone_jsonw_u64(w, s->rows[i].size);
		hone_jsonw_u64(w, s->rows[i].items);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "deps");
	for (size_t i = 0; i < s->n_deps; i++) {
		hone_jsonw_array(w);
		hone_jsonw_str(w, s->deps[i].name);
		hone_jsonw_str(w, s->deps[i].version);
		hone_jsonw_str(w, s->deps[i].features);
		hone_jsonw_str(w, s->deps[i].via);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "settings");
	for (size_t i = 0; i < s->n_settings; i++) {
		hone_jsonw_array(w);
		hone_jsonw_str(w, s->settings[i].key);
		hone_jsonw_str(w, s->settings[i].value);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

int hone_check_save(
	const struct hone_check_side *s, bool with_binary, const char *path, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT, binary = HONE_BUF_INIT;
	struct hone_jsonw w;

	if (with_binary && hone_check_pack(s->binary, &binary, err))
		return err->code;
	hone_jsonw_init(&w, &text, false);
	hone_jsonw_object(&w);
	hone_jsonw_kstr(&w, "kind", KIND);
	hone_jsonw_ki64(&w, "schema", 1);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	for (size_t i = 0; i < HONE_COUNT(texts); i++)
		hone_jsonw_kstr(&w, texts[i].key, *text_at(s, i));
	for (size_t i = 0; i < HONE_CHECK_FIGURES; i++)
		if (i != HONE_CHECK_BROTLI || s->figures[i])
			hone_jsonw_ku64(&w, hone_check_names[i], s->figures[i]);
	hone_jsonw_kbool(&w, "named", s->named);
	hone_jsonw_ku64(&w, "labels", s->labels);
	lists_tree(&w, s);
	if (binary.n)
		hone_jsonw_kstr(&w, "binary", hone_buf_str(&binary));
	hone_jsonw_end(&w);
	hone_buf_addc(&text, '\n');
	return hone_fs_write(path, hone_buf_view(&text), 0666, err);
}

static int damaged(const char *path, const char *why, struct hone_err *err)
{
	hone_err_set(
		err, HONE_E_SYNTAX, "%s is no file of `cargo hone check --save`: %s", path, why);
	return hone_err_hint(err, "save the base again");
}

/* The strings and numbers of one row, as the types say: 's' and 'n'. */
static bool take(struct hone_check_side *s, const json_t *row, const char *types,
	const char **ret_texts, uint64_t *ret_numbers)
{
	size_t n = strlen(types);

	if (json_array_size(row) != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const json_t *v = json_array_get(row, i);

		if (types[i] == 's' ? !json_is_string(v)
				    : !json_is_integer(v) || json_integer_value(v) < 0)
			return false;
		if (types[i] == 's')
			*ret_texts++ = hone_arena_strdup(&s->arena, json_string_value(v));
		else
			*ret_numbers++ = (uint64_t)json_integer_value(v);
	}
	return true;
}

static bool load_lists(const json_t *root, struct hone_check_side *s)
{
	const json_t *rows = json_object_get(root, "rows"), *deps = json_object_get(root, "deps");
	const json_t *settings = json_object_get(root, "settings");
	const char *t[4] = {NULL};
	uint64_t n[2] = {0};

	s->rows = hone_arena_alloc(
		&s->arena, hone_size_mul(json_array_size(rows) + 1, sizeof(*s->rows)));
	s->deps = hone_arena_alloc(
		&s->arena, hone_size_mul(json_array_size(deps) + 1, sizeof(*s->deps)));
	s->settings = hone_arena_alloc(
		&s->arena, hone_size_mul(json_array_size(settings) + 1, sizeof(*s->settings)));
	for (; s->n_rows < json_array_size(rows); s->n_rows++) {
		if (!take(s, json_array_get(rows, s->n_rows), "sssnn", t, n))
			return false;
		s->rows[s->n_rows] =
			(struct hone_check_row){t[0], t[2], hone_size_kind_parse(t[1]), n[0], n[1]};
	}
	for (; s->n_deps < json_array_size(deps); s->n_deps++) {
		if (!take(s, json_array_get(deps, s->n_deps), "ssss", t, n))
			return false;
		s->deps[s->n_deps] = (struct hone_check_dep){t[0], t[1], t[2], t[3]};
	}
	for (; s->n_settings < json_array_size(settings); s->n_settings++) {
		if (!take(s, json_array_get(settings, s->n_settings), "ss", t, n))
			return false;
		s->settings[s->n_settings] = (struct hone_check_setting){t[0], t[1]};
	}
	return true;
}

/* Rows that do not sum to the size would make causes that are none. */
static bool sums_up(const struct hone_check_side *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->n_rows; i++)
		sum += s->rows[i].size;
	return sum == s->figures[HONE_CHECK_SIZE];
}

static int load_root(
	const json_t *root, const char *path, struct hone_check_side *s, struct hone_err *err)
{
	const char *kind = json_string_value(json_object_get(root, "kind"));

	if (!kind || strcmp(kind, KIND) != 0)
		return damaged(path, "it is something else", err);
	if (json_integer_value(json_object_get(root, "schema")) != 1)
		return hone_err_set(
			err, HONE_E_UNSUPPORTED, "%s was written by a newer hone", path);
	for (size_t i = 0; i < HONE_COUNT(texts); i++) {
		const char *text = json_string_value(json_object_get(root, texts[i].key));

		if (!text)
			return damaged(path, "a text is missing", err);
		*text_at(s, i) = hone_arena_strdup(&s->arena, text);
	}
	for (size_t i = 0; i < HONE_CHECK_FIGURES; i++) {
		const json_t *v = json_object_get(root, hone_check_names[i]);

		if (!v && i == HONE_CHECK_BROTLI) /* as where nothing packed it */
			continue;
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return damaged(path, "a figure is missing", err);
		s->figures[i] = (uint64_t)json_integer_value(v);
	}
	s->named = json_is_true(json_object_get(root, "named"));
	s->labels = (unsigned)json_integer_value(json_object_get(root, "labels"));
	if (!load_lists(root, s) || !sums_up(s))
		return damaged(path, "its rows are not whole", err);
	hone_check_side_sort(s);
	return 0;
}

/* Puts the binary into dir, as it was. */
static int load_binary(const json_t *root, const char *path, const char *dir,
	struct hone_check_side *s, struct hone_err *err)
{
	const char *text = json_string_value(json_object_get(root, "binary"));
	hone_auto_free char *name = hone_path_join(dir, s->bin);
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	char hash[HONE_HASH_TEXT];
	int error;

	if (!text)
		return 0;
	if (!*s->bin || *s->bin == '.' || strchr(s->bin, '/'))
		return damaged(path, "its binary has no name", err);
	if (!hone_check_unpack(text, &bytes) ||
		strcmp(hone_hash_text(hash, hone_hash_bytes(hone_buf_view(&bytes))), s->hash) != 0)
		return damaged(path, "its binary is not whole", err);
	error = hone_fs_mkdirs(dir, err);
	if (!error)
		error = hone_fs_write_cache(name, hone_buf_view(&bytes), 0755, err);
	if (!error)
		s->binary = hone_arena_strdup(&s->arena, name);
	return error;
}

int hone_check_load(
	const char *path, const char *dir, struct hone_check_side *ret, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	json_error_t why;
	json_t *root;
	int error = hone_fs_read(path, LARGEST, &text, NULL, err);

	if (error)
		return error;
	root = json_loadb(hone_buf_str(&text), text.n, 0, &why);
	if (!root)
		return damaged(path, why.text, err);
	error = load_root(root, path, ret, err);
	if (!error)
		error = load_binary(root, path, dir, ret, err);
	json_decref(root);
	return error;
}
