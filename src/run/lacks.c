/* What a baseline fails for: something that `cargo run` has and hone leaves out? */
#include "measure_impl.h"

static bool works_with(
	struct hone_comparison *s, const struct hone_left_out *l, hone_works_fn *works, void *ctx)
{
	bool well;

	s->more = l;
	well = works(ctx);
	s->more = NULL;
	return well;
}

bool hone_lacks_name(
	struct hone_comparison *s, hone_works_fn *works, void *ctx, struct hone_err *err)
{
	const struct hone_left_out *l = s->opts.left_out;
	size_t i = 0, last = s->opts.n_left_out - 1;

	/* With all of it first: most failures have another cause. */
	if (!s->opts.n_left_out || !works_with(s, &l[last], works, ctx))
		return false;
	while (i < last && !works_with(s, &l[i], works, ctx))
		i++;
	(void)hone_err_hint(err,
		"it works with %s, as `cargo run` has it and hone leaves out, since the program's "
		"users do not have it: %s",
		l[i].what, l[i].remedy);
	return true;
}
