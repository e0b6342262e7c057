/* Properties that hold for every TOML file at hand: those of this source tree, and every manifest
 * that cargo unpacked on this machine. Printing gives the bytes that were read; setting an existing
 * value changes nothing outside of it; adding a key only inserts; a second set changes nothing;
 * removing what was added leaves the meaning as it was. */
#include "test_toml.h"

#include "fs.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILES 1500
static struct hone_strv files;
static uint64_t seed = 20240229;

/* Small and the same everywhere; which keys get picked is all that hangs on it. */
static size_t choose(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

static int visit_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_F && hone_ends(path, ".toml") && files.n < MAX_FILES)
		hone_strv_push(&files, path);
	return 0;
}

static void find_files(void)
{
	const char *root = getenv("HONE_SOURCE_ROOT");
	const char *cargo_home = getenv("CARGO_HOME");
	const char *home = getenv("HOME");
	hone_auto_free char *data = hone_path_join(root ? root : ".", "tests/data/toml");
	hone_auto_free char *registry =
		cargo_home ? hone_xasprintf("%s/registry/src", cargo_home)
			   : hone_xasprintf("%s/.cargo/registry/src", home ? home : "");

	(void)nftw(data, visit_file, 16, FTW_PHYS);
	assert_true(files.n >= 7);
	(void)nftw(registry, visit_file, 16, FTW_PHYS);
	(void)nftw("/usr/share/cargo/registry", visit_file, 16, FTW_PHYS);
}

static void print(const struct hone_toml *doc, struct hone_buf *out)
{
	hone_buf_reset(out);
	hone_toml_print(doc, out);
}

/* A random walk down from the root to something that is no table, or an empty one. The path stays
 * empty when a key holds a NUL, which no path can name. */
static const struct hone_toml_node *choose_node(const struct hone_toml *doc, struct hone_strv *path)
{
	const struct hone_toml_node *node = hone_toml_root(doc);

	while (hone_toml_type(node) == HONE_TOML_TABLE && hone_toml_count(node) > 0) {
		node = hone_toml_at(node, choose(hone_toml_count(node)));
		if (memchr(hone_toml_key(node).p, '\0', hone_toml_key(node).n)) {
			hone_strv_release(path);
			break;
		}
		hone_strv_pushv(path, hone_toml_key(node));
	}
	return node;
}

static void check_set_existing(struct hone_toml *doc, struct hone_view text)
{
	hone_auto_strv struct hone_strv path = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf after = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	const struct hone_toml_node *node = choose_node(doc, &path);
	struct hone_view raw = hone_toml_raw(node);
	size_t value_at;
	int r;

	if (path.n == 0 || hone_toml_type(node) == HONE_TOML_TABLE)
		return;
	/* The root's text is where the document begins behind a BOM. */
	value_at = (size_t)(raw.p - hone_toml_raw(hone_toml_root(doc)).p);
	if (hone_view_starts(text, "\xef\xbb\xbf"))
		value_at += 3;
	r = hone_toml_set(doc, hone_strv_argv(&path), path.n, "-123456", &err);
	if (r == HONE_E_CONFLICT) /* an array of tables */
		return;
	assert_int_equal(r, 0);
	print(doc, &after);
	assert_int_equal(after.n, text.n - raw.n + strlen("-123456"));
	assert_memory_equal(after.p, text.p, value_at);
	assert_memory_equal(after.p + value_at, "-123456", strlen("-123456"));
	assert_memory_equal(after.p + value_at + strlen("-123456"), text.p + value_at + raw.n,
		text.n - value_at - raw.n);
}

/* after is text with one run of bytes inserted. */
static void assert_only_inserted(struct hone_view text, struct hone_view after)
{
	size_t head = 0;
	size_t tail = 0;

	while (head < text.n && head < after.n && text.p[head] == after.p[head])
		head++;
	while (tail < text.n && tail < after.n &&
		text.p[text.n - 1 - tail] == after.p[after.n - 1 - tail])
		tail++;
	assert_true(after.n > text.n);
	assert_true(head + tail >= text.n);
}

static void check_set_new(struct hone_toml *doc, struct hone_view text, const char *path_text)
{
	hone_auto_strv struct hone_strv path = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf after = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf again = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	const char *const *keys;
	int r;

	split_path(path_text, &path);
	keys = hone_strv_argv(&path);
	if (hone_toml_get_path(doc, keys, path.n))
		return;
	r = hone_toml_set(doc, keys, path.n, "\"v\"", &err);
	if (r == HONE_E_CONFLICT) { /* the path leads through a value or an array of tables */
		print(doc, &after);
		assert_true(hone_view_eq(hone_buf_view(&after), text));
		return;
	}
	if (r < 0)
		fail_msg("%s", err.msg);
	print(doc, &after);
	assert_only_inserted(text, hone_buf_view(&after));
	assert_int_equal(hone_toml_set(doc, keys, path.n, "\"v\"", &err), 0);
	print(doc, &again);
	assert_true(hone_view_eq(hone_buf_view(&after), hone_buf_view(&again)));
	assert_int_equal(hone_toml_remove(doc, keys, path.n, &err), 0);
	assert_null(hone_toml_get_path(doc, keys, path.n));
}

static void check_remove(struct hone_toml *doc)
{
	hone_auto_strv struct hone_strv path = HONE_STRV_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)choose_node(doc, &path);
	if (path.n == 0)
		return;
	if (hone_toml_remove(doc, hone_strv_argv(&path), path.n, &err) < 0)
		fail_msg("%s", err.msg);
	assert_null(hone_toml_get_path(doc, hone_strv_argv(&path), path.n));
}

static struct hone_toml *parse_again(const char *name, struct hone_view text)
{
	struct hone_toml *doc;

	assert_int_equal(hone_toml_parse(name, text, HONE_TOML_1_1, &doc, NULL), 0);
	return doc;
}

/* False for what is no valid TOML: a few crates hold such files on purpose. */
static bool check_file(const char *path)
{
	static const char *const new_keys[] = {"profile|release|lto", "new", "package|new-key",
		"profile|release|package|a@1.0|opt-level", "profile|release|build-override|debug"};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf printed = HONE_BUF_INIT;
	struct hone_view view;
	struct hone_toml *doc;

	if (hone_fs_read(path, (size_t)64 << 20, &text, NULL, NULL) < 0)
		return false;
	view = hone_buf_view(&text);
	if (hone_toml_parse(path, view, HONE_TOML_1_1, &doc, NULL) < 0)
		return false;
	print(doc, &printed);
	assert_true(hone_view_eq(view, hone_buf_view(&printed)));
	check_set_existing(doc, view);
	hone_toml_free(doc);
	for (size_t i = 0; i < HONE_COUNT(new_keys); i++) {
		doc = parse_again(path, view);
		check_set_new(doc, view, new_keys[i]);
		hone_toml_free(doc);
	}
	doc = parse_again(path, view);
	check_remove(doc);
	hone_toml_free(doc);
	return true;
}

static void test_corpus(void **state)
{
	size_t n_valid = 0;

	(void)state;
	find_files();
	for (size_t i = 0; i < files.n; i++)
		if (check_file(files.v[i]))
			n_valid++;
	printf("%zu files, %zu of them valid\n", files.n, n_valid);
	assert_true(n_valid >= 7);
	hone_strv_release(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
