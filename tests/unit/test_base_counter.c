#include "counter.h"
#include "proc.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

/* Counts what this process and its ended children did. The kernel's own counter stands in for the
 * hardware's, which few test machines have; where perf_event_open is forbidden there is nothing to be
 * asserted but that hone says so. */
static void counts_children(void **state)
{
	const char *const argv[] = {
		"sh", "-c", "i=0; while [ $i -lt 200 ]; do (:); i=$((i+1)); done", NULL};
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = 60 * HONE_NS_PER_S};
	int fd = hone_counter_open(HONE_COUNTER_PAGE_FAULTS, 0);
	uint64_t before, after;

	(void)state;
	if (fd < 0) {
		assert_false(hone_counter_read(fd, &before));
		return;
	}
	assert_int_equal(
		hone_proc_run(&(struct hone_proc_spec){.argv = (const char *const[]){"true", NULL},
				      .deadline_ns = HONE_NS_PER_S * 60},
			NULL, NULL),
		0);
	assert_true(hone_counter_read(fd, &before));
	assert_int_equal(hone_proc_run(&spec, NULL, NULL), 0);
	assert_true(hone_counter_read(fd, &after));
	/* Each of the 200 subshells copies some pages at least. */
	assert_true(after - before > 1000);
	(void)close(fd);
}

/* Measured runs carry the hardware's figures or say that there are none. */
static void usage_has_counters_or_not(void **state)
{
	const char *const argv[] = {"true", NULL};
	struct hone_proc_spec spec = {
		.argv = argv, .measured = true, .deadline_ns = 60 * HONE_NS_PER_S};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int fd = hone_counter_open(HONE_COUNTER_INSTRUCTIONS, 0);

	(void)state;
	assert_int_equal(hone_proc_run(&spec, &r, NULL), 0);
	if (fd < 0)
		assert_int_equal(r.usage.instructions, -1);
	else
		assert_in_range(r.usage.instructions, 10000, 100000000);
	if (fd >= 0)
		(void)close(fd);
	hone_proc_shutdown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_children),
		cmocka_unit_test(usage_has_counters_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
