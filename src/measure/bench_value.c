#include "measure_impl.h"
#include "num.h"

#include <regex.h>

/* A number, or a time with a unit (in seconds then). */
static bool parse(struct hone_view v, double *ret)
{
	return hone_parse_f64(v, ret) || hone_parse_seconds(v, ret);
}

bool hone_bench_value(const struct hone_workload *w, const char *output, double *ret)
{
	regmatch_t m[2];
	regex_t re;
	bool found = false;

	if (regcomp(&re, w->pattern, REG_EXTENDED | REG_NEWLINE) != 0)
		return false;
	while (*output && regexec(&re, output, HONE_COUNT(m), m, 0) == 0) {
		double x;

		if (m[1].rm_so >= 0 && parse((struct hone_view){output + m[1].rm_so,
						     (size_t)(m[1].rm_eo - m[1].rm_so)},
					       &x)) {
			*ret = x;
			found = true;
		}
		output += m[0].rm_eo > 0 ? m[0].rm_eo : 1;
	}
	regfree(&re);
	return found;
}
