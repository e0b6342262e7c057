#include "result_tune.h"

void hone_result_tune_release(struct hone_result_tune *t)
{
	for (size_t i = 0; i < t->steps.n; i++) {
		free(t->steps.v[i].what);
		free(t->steps.v[i].change);
	}
	for (size_t i = 0; i < t->shares.n; i++) {
		free(t->shares.v[i].key);
		free(t->shares.v[i].value);
		free(t->shares.v[i].why);
	}
	for (size_t i = 0; i < t->out.n; i++) {
		free(t->out.v[i].candidate);
		free(t->out.v[i].reason);
	}
	for (size_t i = 0; i < t->seen.n; i++) {
		free(t->seen.v[i].name);
		free(t->seen.v[i].recipe);
	}
	hone_vec_release(&t->seen);
	hone_vec_release(&t->steps);
	hone_vec_release(&t->shares);
	hone_vec_release(&t->out);
	free(t->name);
	free(t->recipe);
	free(t->fixed);
	free(t->knee);
	*t = (struct hone_result_tune){0};
}
