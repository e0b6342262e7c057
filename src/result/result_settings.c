#include "result_settings.h"

char *hone_result_count(const struct hone_problems *p)
{
	size_t n[3] = {0};
	struct hone_buf text = HONE_BUF_INIT;
	bool some = false;

	for (size_t i = 0; i < p->n; i++)
		n[p->v[i].kind->severity]++;
	if (!p->n) {
		hone_buf_adds(&text, "no problems");
		return hone_buf_detach(&text);
	}
	for (int s = HONE_SEVERITY_ERROR; s >= 0; s--) {
		if (!n[s])
			continue;
		hone_buf_addf(&text, "%s%zu %s%s", some ? ", " : "", n[s],
			hone_severity_name((enum hone_severity)s), n[s] == 1 ? "" : "s");
		some = true;
	}
	return hone_buf_detach(&text);
}
