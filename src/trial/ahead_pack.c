/* What a worker left, as words that go to another machine, and back. */
#include "ahead.h"

#include "fs.h"
#include "num.h"

#include <string.h>

/* The words of ahead.c in their order, from the second one on: twelve numbers, message, hint, cargo's messages, ... */
enum { NUMBERS = 12, EXECUTABLE = 15, BESIDE = 17 };

bool hone_ahead_pack(
	const struct hone_workdir *dir, const char *key, const char *session, struct hone_strv *ret)
{
	hone_auto_free char *path = hone_ahead_note_path(dir, key);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view rest;
	size_t first = strlen(session);

	if (hone_fs_read(path, HONE_AHEAD_NOTE_LIMIT, &text, NULL, NULL) || text.n <= first ||
		memcmp(text.p, session, first + 1) != 0)
		return false;
	rest = hone_view_sub(hone_buf_view(&text), first + 1, text.n);
	while (rest.n) {
		size_t n = hone_view_find(rest, 0, '\0');

		if (n >= rest.n)
			return false;
		hone_strv_pushv(ret, hone_view_sub(rest, 0, n));
		rest = hone_view_sub(rest, n + 1, rest.n);
	}
	return ret->n >= BESIDE;
}

const char *hone_ahead_executable(const struct hone_strv *words)
{
	return words->v[EXECUTABLE];
}

int hone_ahead_unpack(const struct hone_workdir *dir, const char *key, const char *session,
	const struct hone_strv *words, struct hone_err *err)
{
	hone_auto_free char *path = hone_ahead_note_path(dir, key);
	hone_auto_buf struct hone_buf note = HONE_BUF_INIT;
	double number;

	if (words->n < BESIDE)
		return hone_err_set(err, HONE_E_SYNTAX, "what is told of a build is not whole");
	hone_buf_add(&note, session, strlen(session) + 1);
	for (size_t i = 0; i < words->n; i++) {
		const char *word = words->v[i];
		bool is_path = *word && (i == EXECUTABLE || i >= BESIDE);
		hone_auto_free char *here =
			is_path ? hone_xasprintf("%s/%s/%s/%s", dir->artifacts, key,
					  HONE_AHEAD_BUILT, hone_path_base(word))
				: hone_xstrdup(word);

		if (i < NUMBERS && !hone_parse_f64(hone_view_of(word), &number))
			return hone_err_set(err, HONE_E_SYNTAX,
				"what is told of a build has `%s` for a number", word);
		hone_buf_add(&note, here, strlen(here) + 1);
	}
	return hone_fs_write_cache(path, hone_buf_view(&note), 0666, err);
}

int hone_ahead_keep_built(const struct hone_workdir *dir, const char *key,
	const struct hone_cargo_run *r, struct hone_err *err)
{
	hone_auto_free char *folder =
		hone_xasprintf("%s/%s/%s", dir->artifacts, key, HONE_AHEAD_BUILT);
	int error = hone_fs_remove_tree(folder, err);

	if (!error)
		error = hone_fs_mkdirs(folder, err);
	for (size_t i = 0; !error && i <= r->beside.n; i++) {
		const char *from = i ? r->beside.v[i - 1] : r->executable;
		hone_auto_free char *to = hone_path_join(folder, hone_path_base(from));

		error = hone_fs_copy(from, to, err);
	}
	return error;
}
