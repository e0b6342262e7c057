#ifndef HONE_REPORT_FORMAT_H
#define HONE_REPORT_FORMAT_H
/* What is printed is a document: plain data, and one function for each format that has it. A format is one table of
 * functions, in a file of its own (format_*.c) and a row in formats.c. Foreign text goes into documents, tables and lines as
 * it is: the format makes it harmless, and nothing else does. */
#include "err.h"
#include "jsonw.h"
#include "out.h"
#include "table.h"

struct hone_report_format;

/* A report that is being written. */
struct hone_report {
	const struct hone_report_format *format;
	const struct hone_out
		*out; /* of it the colours, width and verbosity of stdout; NULL: none */
	struct hone_buf *to;
	/* Writes out and empties what there is so far of a long document; NULL: it waits for the end. */
	void (*flush)(struct hone_report *r);
	void *ctx; /* of flush */
};

/* Each with the type of its data. */
enum hone_document {
	HONE_DOC_RUN,      /* struct hone_run_doc: what a try found out, now or before */
	HONE_DOC_RUNS,     /* struct hone_runs_doc: a list of them */
	HONE_DOC_PAIR,     /* struct hone_runs_doc of two: one beside the other */
	HONE_DOC_SETTINGS, /* struct hone_result_settings: a profile and its problems */
	HONE_DOC_STATUS,   /* struct hone_result_status: where the project stands, at first sight */
	HONE_DOC_EXPLAIN,  /* struct hone_explain_doc: what settings are */
	HONE_DOC_BYTES,    /* struct hone_result_bytes: where the bytes of a file are */
	HONE_DOC_DIFF,     /* struct hone_result_bytes of two: what becomes larger or smaller */
	HONE_DOC_MEMORY,   /* struct hone_result_bytes: flash and RAM of a device */
	HONE_DOC_TOOLS,    /* struct hone_self_check: what is installed */
	HONE_DOC_TUNE, /* struct hone_tune_docs: what a search found for each goal, and the way there */
	HONE_DOC_CHECK, /* struct hone_check_doc: two states of a program */
	HONE_DOCUMENTS,
};
typedef void (*hone_document_writer)(struct hone_report *r, const void *document);

struct hone_report_format {
	const char *name; /* as --format takes it */
	/* NULL: the format does not have the document. What is made of tables and lines is the same function in every
	 * format that has those (hone_run_sheet), and so is what is a tree of keys and values (hone_run_tree). */
	hone_document_writer documents[HONE_DOCUMENTS];
	/* Of a format that has tables. */
	void (*table)(struct hone_report *r, const struct hone_table *t);
	/* A heading and a text in a line of its own; NULL: this format holds tables only. */
	void (*line)(struct hone_report *r, const char *head, const char *text);
	/* Foreign text within a line of a document that has words of its own: as prose, whose further lines begin with
	 * indent, and as code between backticks. NULL as line. */
	void (*prose)(struct hone_buf *to, const char *text, const char *indent);
	void (*code)(struct hone_buf *to, const char *text);
	/* Of a format of trees: how a tree is written down; NULL there: as JSON. */
	const struct hone_jsonw_form *form;
	/* For programs: all rows, whole names, no totals. */
	bool exact;
};
extern const struct hone_report_format hone_format_text, hone_format_markdown, hone_format_json,
	hone_format_csv, hone_format_sarif, hone_format_gitlab, hone_format_junit;
/* All of them; ends with NULL. */
extern const struct hone_report_format *const hone_report_formats[];

/* NULL: there is none of that name. */
const struct hone_report_format *hone_report_format_find(const char *name);
/* "text, markdown and json": the formats that have a document, or all of them for HONE_DOCUMENTS, with " and " (or
 * ", or ") before the last. The caller frees. */
char *hone_report_formats_of(enum hone_document d, const char *before_last);

/* Writes a document. HONE_E_USAGE: the format does not have it; the message says which have. */
int hone_report_write(
	struct hone_report *r, enum hone_document d, const void *document, struct hone_err *err);

/* A table, with an empty line before it where it is not the first; it is freed. */
void hone_report_table(struct hone_report *r, struct hone_table *t);
/* The same without the empty line. */
void hone_report_add_table(struct hone_report *r, struct hone_table *t);
/* "Head: text" as a line of its own; nothing where text is NULL or empty, and nothing in a format that holds tables only.
 * Further lines of the text are indented, so that none of them looks like one of hone's. */
void hone_report_line(struct hone_report *r, const char *head, const char *text);
/* An empty line, in formats that have lines. */
void hone_report_gap(struct hone_report *r);
/* Begins a tree in the format's form: an object with its schema is open. */
void hone_report_tree(struct hone_report *r, struct hone_jsonw *w);

/* Appends text as one cell or heading of Markdown: what would end it or start markup is escaped. */
void hone_markdown(struct hone_buf *to, const char *text);
/* Appends text as code of Markdown within a line. */
void hone_markdown_code(struct hone_buf *to, const char *text);

#endif
