#ifndef HONE_TRIAL_PAGE_GATHER_H
#define HONE_TRIAL_PAGE_GATHER_H
/* What the page of a run is made of: the run, earlier ones of the same program, and its functions. */
#include "result_page.h"
#include "session.h"
#include "store.h"

/* So many runs are in the history of a page. */
#define HONE_PAGE_PAST 60

struct hone_page_data {
	struct hone_result_run run;
	struct hone_result_functions functions;
	struct hone_result_run *past; /* newest first, this run among them */
	size_t n_past, past_left_out;
};
#define HONE_PAGE_DATA_INIT                                                                        \
	{                                                                                          \
		.run = HONE_RESULT_RUN_INIT, .functions = HONE_RESULT_FUNCTIONS_INIT               \
	}

/* number: of the run; 0: the newest that the filter (package, bin) lets through, one that was measured here first.
 * HONE_E_NOT_FOUND: there is no such run, or none at all; errors of hone_store_open. The caller releases in any case. */
int hone_page_gather(const struct hone_session *s, const struct hone_store_filter *filter,
	int64_t number, struct hone_page_data *ret, struct hone_err *err);
void hone_page_data_release(struct hone_page_data *d);

#endif
