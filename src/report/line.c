#include "line.h"

#include "text.h"

#include <string.h>

/* The text made safe, with what begins its further lines. */
static char *safe_lines(const char *text, const char *indent)
{
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;
	struct hone_buf b = HONE_BUF_INIT;

	hone_text_safe(&safe, hone_view_of(text), true);
	for (const char *p = hone_buf_str(&safe); *p; p++) {
		hone_buf_addc(&b, *p);
		if (*p == '\n' && p[1])
			hone_buf_adds(&b, indent);
	}
	return hone_buf_detach(&b);
}

void hone_markdown_prose(struct hone_buf *to, const char *text)
{
	hone_auto_free char *safe = safe_lines(text, "  ");

	for (const char *p = safe; *p; p++) {
		const char *end = *p == '`' ? strchr(p + 1, '`') : NULL;

		if (end && !memchr(p, '\n', (size_t)(end - p))) {
			hone_buf_add(to, p, (size_t)(end + 1 - p));
			p = end;
			continue;
		}
		if (strchr("\\`*_<>[]|", *p))
			hone_buf_addc(to, '\\');
		hone_buf_addc(to, *p);
	}
}

void hone_report_line(enum hone_format format, const struct hone_out *o, const char *head,
	const char *text, struct hone_buf *to)
{
	hone_auto_free char *safe = NULL;

	if (format == HONE_FORMAT_CSV || !text || !*text)
		return;
	if (format == HONE_FORMAT_MARKDOWN) {
		hone_buf_adds(to, "- **");
		hone_markdown(to, head);
		hone_buf_adds(to, "**: ");
		hone_markdown_prose(to, text);
		hone_buf_addc(to, '\n');
		return;
	}
	safe = safe_lines(text, "    ");
	hone_buf_adds(to, o ? hone_out_style(o, HONE_BOLD) : "");
	hone_text_safe(to, hone_view_of(head), false);
	hone_buf_addf(to, "%s: %s\n", o ? hone_out_style(o, HONE_PLAIN) : "", safe);
}
