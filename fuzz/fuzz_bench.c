/* What a bench target printed. Whatever it is, there is either a reason why it gives no number or a number above
 * 0 and the names of its benchmarks. */
#include "measure_impl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	hone_auto_bench_report struct hone_bench_report r = HONE_BENCH_REPORT_INIT;
	hone_auto_free char *text = hone_xstrndup((const char *)data, size);
	const struct hone_workload w = {.kind = HONE_WORKLOAD_BENCH};
	hone_auto_free char *why = hone_bench_read(&w, text, &r);

	if (!why && (!(r.value > 0) || !r.names.n))
		hone_bug("the number is %g, of %zu benchmarks", r.value, r.names.n);
	return 0;
}
