/* toml-decoder: speaks the protocol of the public toml-test suite. TOML on stdin, JSON on stdout in
 * which every value is {"type": ..., "value": "text"}; exit 1 and a message when it is invalid.
 * usage: toml-decoder [--toml 1.0|1.1] */
#include "jsonw.h"
#include "toml_doc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void write_node(struct hone_jsonw *w, const struct hone_toml_node *node);

static void write_tagged(struct hone_jsonw *w, const char *type, struct hone_view value)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "type", type);
	hone_jsonw_key(w, "value");
	hone_jsonw_view(w, value);
	hone_jsonw_end(w);
}

/* The suite compares dates as text in RFC 3339's own spelling: T and Z, seconds always. */
static void write_date(struct hone_jsonw *w, const char *type, struct hone_view raw)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t time_at = raw.n > 2 && raw.p[2] == ':' ? 0 : 11;

	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i];

		hone_buf_addc(&text, c == ' ' || c == 't' ? 'T' : c == 'z' ? 'Z' : c);
		if (i == time_at + 4 && (i + 1 == raw.n || raw.p[i + 1] != ':'))
			hone_buf_adds(&text, ":00");
	}
	write_tagged(w, type, hone_buf_view(&text));
}

static void write_float(struct hone_jsonw *w, double x)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	if (isnan(x))
		hone_buf_adds(&text, "nan");
	else if (isinf(x))
		hone_buf_adds(&text, x < 0 ? "-inf" : "inf");
	else
		hone_buf_addf(&text, "%.17g", x);
	write_tagged(w, "float", hone_buf_view(&text));
}

static void write_integer(struct hone_jsonw *w, int64_t x)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_buf_addf(&text, "%lld", (long long)x);
	write_tagged(w, "integer", hone_buf_view(&text));
}

static void write_table(struct hone_jsonw *w, const struct hone_toml_node *table)
{
	hone_jsonw_object(w);
	for (size_t i = 0; i < hone_toml_count(table); i++) {
		const struct hone_toml_node *child = hone_toml_at(table, i);

		hone_jsonw_key_view(w, hone_toml_key(child));
		write_node(w, child);
	}
	hone_jsonw_end(w);
}

static void write_array(struct hone_jsonw *w, const struct hone_toml_node *array)
{
	hone_jsonw_array(w);
	for (size_t i = 0; i < hone_toml_count(array); i++)
		write_node(w, hone_toml_at(array, i));
	hone_jsonw_end(w);
}

/* Recursion is bounded by the depth that hone_toml_parse accepts. */
static void write_node(struct hone_jsonw *w, const struct hone_toml_node *node)
{
	struct hone_view string = {0};
	int64_t integer = 0;
	double number = 0;
	bool boolean = false;

	switch (hone_toml_type(node)) {
	case HONE_TOML_STRING:
		(void)hone_toml_string(node, &string);
		write_tagged(w, "string", string);
		break;
	case HONE_TOML_INTEGER:
		(void)hone_toml_integer(node, &integer);
		write_integer(w, integer);
		break;
	case HONE_TOML_FLOAT:
		(void)hone_toml_float(node, &number);
		write_float(w, number);
		break;
	case HONE_TOML_BOOL:
		(void)hone_toml_bool(node, &boolean);
		write_tagged(w, "bool", boolean ? HONE_VIEW("true") : HONE_VIEW("false"));
		break;
	case HONE_TOML_OFFSET_DATETIME:
		write_date(w, "datetime", hone_toml_raw(node));
		break;
	case HONE_TOML_LOCAL_DATETIME:
		write_date(w, "datetime-local", hone_toml_raw(node));
		break;
	case HONE_TOML_LOCAL_DATE:
		write_date(w, "date-local", hone_toml_raw(node));
		break;
	case HONE_TOML_LOCAL_TIME:
		write_date(w, "time-local", hone_toml_raw(node));
		break;
	case HONE_TOML_ARRAY:
		write_array(w, node);
		break;
	case HONE_TOML_TABLE:
		write_table(w, node);
		break;
	}
}

static bool read_stdin(struct hone_buf *text)
{
	for (;;) {
		char *room = hone_buf_room(text, 65536);
		ssize_t n = room ? read(STDIN_FILENO, room, 65536) : -1;

		if (n <= 0)
			return n == 0;
		text->n += (size_t)n;
	}
}

int main(int argc, char **argv)
{
	enum hone_toml_version version = HONE_TOML_1_0;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_toml *doc;
	struct hone_jsonw w;

	if (argc == 3 && strcmp(argv[1], "--toml") == 0 && strcmp(argv[2], "1.1") == 0) {
		version = HONE_TOML_1_1;
	} else if (argc != 1 &&
		   !(argc == 3 && strcmp(argv[1], "--toml") == 0 && strcmp(argv[2], "1.0") == 0)) {
		fputs("usage: toml-decoder [--toml 1.0|1.1] < FILE\n", stderr);
		return 2;
	}
	if (!read_stdin(&text)) {
		perror("toml-decoder: reading stdin");
		return 2;
	}
	if (hone_toml_parse("stdin", hone_buf_view(&text), version, &doc, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	hone_jsonw_init(&w, &out, true);
	write_table(&w, hone_toml_root(doc));
	hone_toml_free(doc);
	if (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0) {
		perror("toml-decoder: writing");
		return 2;
	}
	return 0;
}
