#ifndef HONE_UNIT_TEST_TOML_H
#define HONE_UNIT_TEST_TOML_H
/* What the tests of TOML share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "strv.h"
#include "toml_doc.h"

static inline struct hone_toml *parse(const char *text, enum hone_toml_version version)
{
	struct hone_toml *doc = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	if (hone_toml_parse("doc.toml", hone_view_of(text), version, &doc, &err) < 0)
		fail_msg("%s", err.msg);
	return doc;
}

static inline void assert_text(const char *what, const struct hone_toml *doc, const char *want)
{
	hone_auto_buf struct hone_buf got = HONE_BUF_INIT;

	hone_toml_print(doc, &got);
	if (!hone_view_is(hone_buf_view(&got), want))
		fail_msg("%s: wanted\n%s\ngot\n%s", what, want, hone_buf_str(&got));
}

/* Keys with | between them. */
static inline void split_path(const char *path, struct hone_strv *ret_path)
{
	struct hone_view rest = hone_view_of(path);
	struct hone_view key;
	bool started = false;

	while (hone_view_split(&rest, &started, '|', &key))
		hone_strv_pushv(ret_path, key);
}

#endif
