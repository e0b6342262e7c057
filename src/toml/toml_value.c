#include "toml_value.h"

#include "toml_doc.h"

#include <string.h>

bool hone_toml_unquote(struct hone_view typed, struct hone_buf *ret_text)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;
	struct hone_toml *doc;
	struct hone_view text;
	hone_buf_adds(&line, "v = ");
	hone_buf_addv(&line, typed);
	if (hone_toml_parse("value", hone_buf_view(&line), HONE_TOML_1_0, &doc, NULL) < 0)
		return false;
	const struct hone_toml_node *root = hone_toml_root(doc);
	bool is_text = hone_toml_count(root) == 1 &&
		       hone_toml_string(hone_toml_get(root, "v"), &text) &&
		       hone_view_find(text, 0, '\0') == text.n;
	if (is_text)
		hone_buf_addv(ret_text, text);
	hone_toml_free(doc);
	return is_text;
}
