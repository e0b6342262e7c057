#ifndef HONE_REPORT_DOCUMENTS_H
#define HONE_REPORT_DOCUMENTS_H
/* The documents: their data, and how tables and lines (sheet) or keys and values (tree) are made of them. */
#include "format.h"
#include "result_bytes.h"
#include "result_run.h"
#include "result_settings.h"
#include "result_tools.h"
#include "result_tune.h"

struct hone_run_doc {
	const struct hone_result_run *run;
	const char *
		next; /* the command to type next; NULL: there is none to name, or the run is of the past */
	const char *speed;                       /* the command that would measure speed, or NULL */
	const struct hone_result_recipe *recipe; /* what it says of the applied one; or NULL */
	bool now;                                /* it was measured just now */
	bool samples;                            /* with every sample */
};
void hone_run_sheet(struct hone_report *r, const void *document);
void hone_run_tree(struct hone_report *r, const void *document);

struct hone_tune_doc {
	const struct hone_result_tune *tune;
	const struct hone_result_run
		*run;     /* of the result beside what it beats; NULL: none was made */
	const char *next; /* the command to type next; NULL: keep what you have */
};
/* One for each goal. */
struct hone_tune_docs {
	const struct hone_tune_doc *v;
	size_t n;
};
void hone_tune_sheet(struct hone_report *r, const void *document);
void hone_tune_tree(struct hone_report *r, const void *document);

struct hone_runs_doc {
	const char *workspace;
	const struct hone_result_run
		*runs; /* NULL: they are read one by one, as there may be thousands */
	/* Run i, until it is called again; NULL: it cannot be read, which the caller knows, and the document ends. */
	const struct hone_result_run *(*read)(void *ctx, size_t i);
	void *ctx;
	size_t n;
	bool whole, samples; /* with workloads; with every sample */
};
void hone_runs_sheet(struct hone_report *r, const void *document);
void hone_runs_tree(struct hone_report *r, const void *document);
void hone_pair_sheet(struct hone_report *r, const void *document);
void hone_pair_tree(struct hone_report *r, const void *document);

void hone_settings_text(struct hone_report *r, const void *document);
void hone_settings_markdown(struct hone_report *r, const void *document);
void hone_settings_csv(struct hone_report *r, const void *document);
void hone_settings_tree(struct hone_report *r, const void *document);

void hone_status_text(struct hone_report *r, const void *document);
void hone_status_markdown(struct hone_report *r, const void *document);
void hone_status_csv(struct hone_report *r, const void *document);
void hone_status_tree(struct hone_report *r, const void *document);

struct hone_explain_doc {
	const struct hone_setting *setting; /* NULL: all settings */
	const char *value;                 /* TOML text of one value that is asked about, or NULL */
	const struct hone_result_run *run; /* what was measured in this project, or NULL */
};
void hone_explain_text(struct hone_report *r, const void *document);
void hone_explain_markdown(struct hone_report *r, const void *document);
void hone_explain_tree(struct hone_report *r, const void *document);

void hone_bytes_sheet(struct hone_report *r, const void *document);
void hone_bytes_tree(struct hone_report *r, const void *document);
void hone_diff_sheet(struct hone_report *r, const void *document);
void hone_diff_tree(struct hone_report *r, const void *document);
void hone_memory_sheet(struct hone_report *r, const void *document);
void hone_memory_tree(struct hone_report *r, const void *document);

void hone_tools_text(struct hone_report *r, const void *document);
void hone_tools_sheet(struct hone_report *r, const void *document);
void hone_tools_tree(struct hone_report *r, const void *document);

#endif
