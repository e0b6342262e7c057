#include "page_gather.h"

#include "functions.h"
#include "results.h"

/* Text of all functions in a page. */
#define FUNCTIONS_TEXT 190000

void hone_page_data_release(struct hone_page_data *d)
{
	for (size_t i = 0; i < d->n_past; i++)
		hone_result_run_release(&d->past[i]);
	free(d->past);
	hone_result_functions_release(&d->functions);
	hone_result_run_release(&d->run);
}

/* Runs of the program that the run is of. */
static int read_past(const struct hone_here *here, struct hone_store *store,
	struct hone_page_data *d, struct hone_err *err)
{
	const struct hone_store_filter same = {
		.package = d->run.package, .bin = d->run.bin, .kind = d->run.kind};
	hone_auto_free int64_t *ids = NULL;
	size_t n = 0;
	int error = hone_here_ids(here, store, same, &ids, &n, err);

	if (error)
		return error;
	d->past_left_out = n > HONE_PAGE_PAST ? n - HONE_PAGE_PAST : 0;
	n -= d->past_left_out;
	d->past = hone_xcalloc(n + 1, sizeof(*d->past));
	for (size_t i = 0; !error && i < n; i++) {
		struct hone_result_run *to = &d->past[d->n_past++];

		*to = (struct hone_result_run)HONE_RESULT_RUN_INIT;
		error = hone_store_get(store, NULL, ids[i], HONE_STORE_HEAD, to, err);
		if (!error)
			hone_here_mark(here, to);
	}
	return error;
}

/* The newest of the runs, one that was measured here before one that came with the folder; or that of the number. */
static int choose(const struct hone_here *here, struct hone_store *store,
	const struct hone_store_filter *filter, int64_t *number, struct hone_err *err)
{
	const struct hone_store_filter any = {0};
	hone_auto_free int64_t *ids = NULL;
	size_t n = 0;
	bool own = false;
	int64_t found = 0;
	int error = hone_here_ids(here, store, *number ? any : *filter, &ids, &n, err);

	for (size_t i = 0; !error && *number && i < n; i++)
		if (ids[i] == *number)
			return 0;
	if (!error && *number)
		return hone_err_set(err, HONE_E_NOT_FOUND, "there is no run %lld of this project",
			(long long)*number);
	if (!error && !n)
		return hone_err_set(err, HONE_E_NOT_FOUND, "nothing was measured yet");
	for (size_t i = 0; !error && !own && i < n; i++) {
		hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;

		error = hone_store_get(store, NULL, ids[i], HONE_STORE_HEAD, &run, err);
		if (!error)
			hone_here_mark(here, &run);
		own = !error && !run.elsewhere;
		if (own || !i)
			found = ids[i];
	}
	*number = found;
	return error;
}

int hone_page_gather(const struct hone_session *s, const struct hone_store_filter *filter,
	int64_t number, struct hone_page_data *ret, struct hone_err *err)
{
	struct hone_store *store = NULL;
	struct hone_here here;
	int error = hone_results_open(s, false, &store, err);

	hone_here_init(&here, s);
	if (!error)
		error = choose(&here, store, filter, &number, err);
	if (!error)
		error = hone_store_get(store, NULL, number, HONE_STORE_ALL, &ret->run, err);
	if (!error) {
		hone_here_mark(&here, &ret->run);
		error = read_past(&here, store, ret, err);
	}
	hone_here_release(&here);
	if (error)
		return error;
	hone_functions_read(s, &ret->run, &ret->functions);
	hone_result_functions_shorten(&ret->functions, FUNCTIONS_TEXT);
	return 0;
}
