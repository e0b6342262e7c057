/* Parses the input as TOML; what is accepted must print as it was, and an edit that the first
 * bytes choose must either be refused for one of the reasons of its contract, with nothing changed,
 * or give a document that parses, keeps every byte outside of a replaced value and does not change
 * when the same is set again.
 *
 * Input: four bytes that choose (operation and version, and which key), then the document. */
#include "strv.h"
#include "toml_doc.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N_CHOICES 4

static const char *const values[] = {"1", "\"x\"", "'y'", "[1, 2]", "{ a = 1 }", "[\n  1, # c\n]",
	"\"\"\"\n\n\"\"\"", "1979-05-27 07:32:00Z"};

static void check(bool right, const char *what)
{
	if (!right)
		hone_bug("%s", what);
}

static void visit(const struct hone_toml_node *node)
{
	struct hone_toml_pos key = hone_toml_key_pos(node);
	struct hone_toml_pos value = hone_toml_value_pos(node);

	check(key.line >= 1 && key.col >= 1 && value.line >= 1 && value.col >= 1, "position");
	check(hone_toml_raw(node).n < (size_t)1 << 31, "raw text");
	for (size_t i = 0; i < hone_toml_count(node); i++)
		visit(hone_toml_at(node, i));
}

/* Walks down by the choices, each modulo the number of keys and one more for a new key. The path
 * stays empty when the first key is one that none can name. */
static void choose_path(const struct hone_toml *doc, const uint8_t *choices, struct hone_strv *path)
{
	const struct hone_toml_node *node = hone_toml_root(doc);

	for (size_t i = 1; i < N_CHOICES; i++) {
		size_t n = node ? hone_toml_count(node) : 0;
		size_t which = choices[i] % (n + 1);

		if (node && hone_toml_type(node) == HONE_TOML_TABLE && which < n)
			node = hone_toml_at(node, which);
		else
			node = NULL;
		if (node && memchr(hone_toml_key(node).p, '\0', hone_toml_key(node).n))
			break; /* no path can name it */
		if (node)
			hone_strv_pushv(path, hone_toml_key(node));
		else
			hone_strv_push(path, choices[i] & 1 ? "new" : "a new.key");
		if (choices[i] & 0x80)
			break;
	}
}

static int edit(struct hone_toml *doc, unsigned op, const struct hone_strv *path, const char *value,
	struct hone_err *err)
{
	const char *const *keys = hone_strv_argv(path);

	if (op == 0)
		return hone_toml_append(doc, keys, path->n, value, err);
	if (op == 1)
		return hone_toml_remove(doc, keys, path->n, err);
	return hone_toml_set(doc, keys, path->n, value, err);
}

static void check_edit(struct hone_toml *doc, const uint8_t *choices, struct hone_view text,
	enum hone_toml_version version)
{
	hone_auto_strv struct hone_strv path = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf after = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf again = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	unsigned op = choices[0] >> 1 & 3;
	const char *value = values[choices[0] >> 3 & 7];
	const struct hone_toml_node *node;
	bool exists;
	size_t before_n = 0, after_n = 0; /* bytes before and after an old value */
	struct hone_toml *parsed;
	int r;

	choose_path(doc, choices, &path);
	if (path.n == 0)
		return;
	node = hone_toml_get_path(doc, hone_strv_argv(&path), path.n);
	exists = node;
	if (exists) {
		before_n = (size_t)(hone_toml_raw(node).p - hone_toml_raw(hone_toml_root(doc)).p) +
			   (hone_view_starts(text, "\xef\xbb\xbf") ? 3 : 0);
		after_n = text.n - before_n - hone_toml_raw(node).n;
	}
	r = edit(doc, op, &path, value, &err);
	hone_toml_print(doc, &after);
	if (r < 0) {
		check(r == HONE_E_CONFLICT || r == HONE_E_NOT_FOUND || r == HONE_E_LIMIT, err.msg);
		check(hone_view_eq(hone_buf_view(&after), text),
			"a refused edit changed something");
		return;
	}
	check(hone_toml_parse("after", hone_buf_view(&after), version, &parsed, &err) == 0,
		"the edited text is invalid");
	hone_toml_free(parsed);
	visit(hone_toml_root(doc));
	if (op < 2)
		return;
	if (exists) {
		check(after.n >= before_n + after_n && memcmp(after.p, text.p, before_n) == 0 &&
				memcmp(after.p + after.n - after_n, text.p + text.n - after_n,
					after_n) == 0,
			"a set changed bytes outside of the value");
	}
	check(edit(doc, op, &path, value, &err) == 0, "the second set fails");
	hone_toml_print(doc, &again);
	check(hone_view_eq(hone_buf_view(&after), hone_buf_view(&again)),
		"the second set changes something");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hone_view text;
	hone_auto_buf struct hone_buf printed = HONE_BUF_INIT;
	enum hone_toml_version version;
	struct hone_toml *doc;

	if (size < N_CHOICES)
		return 0;
	version = data[0] & 1 ? HONE_TOML_1_1 : HONE_TOML_1_0;
	text = (struct hone_view){(const char *)data + N_CHOICES, size - N_CHOICES};
	if (hone_toml_parse("fuzz", text, version, &doc, NULL) < 0)
		return 0;
	hone_toml_print(doc, &printed);
	check(hone_view_eq(hone_buf_view(&printed), text), "printed text differs");
	visit(hone_toml_root(doc));
	check_edit(doc, data, text, version);
	hone_toml_free(doc);
	return 0;
}
