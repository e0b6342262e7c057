/* What became of a process. */
#include "proc_impl.h"

#include "num.h"
#include "text.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static void give_stream(struct hone_stream *s, struct hone_buf *ret_text, uint64_t *ret_bytes,
	uint64_t ret_hash[2], bool *ret_truncated)
{
	*ret_text = s->kept;
	s->kept = (struct hone_buf)HONE_BUF_INIT;
	*ret_bytes = s->bytes;
	*ret_truncated = s->truncated;
	if (s->hasher) {
		struct hone_hash h = hone_hasher_end(HONE_TAKE(s->hasher));

		ret_hash[0] = h.lo;
		ret_hash[1] = h.hi;
	}
}

void hone_proc_give_result(struct hone_proc *p, struct hone_proc_result *r)
{
	*r = (struct hone_proc_result){
		.exit_code = WIFEXITED(p->status) ? WEXITSTATUS(p->status) : -1,
		.sig = WIFSIGNALED(p->status) ? WTERMSIG(p->status) : 0,
		.timed_out = p->timed_out,
		.too_much = p->too_much,
		.suspended = p->suspended,
		.usage = p->usage,
	};
	give_stream(&p->out, &r->out, &r->out_bytes, r->out_hash, &r->out_truncated);
	give_stream(&p->errout, &r->err, &r->err_bytes, r->err_hash, &r->err_truncated);
}

static struct hone_view last_line(const struct hone_buf *text)
{
	struct hone_view v = hone_view_trim(hone_buf_view(text));
	size_t from = v.n;

	while (from && v.p[from - 1] != '\n')
		from--;
	return hone_view_sub(v, from, v.n);
}

int hone_proc_require_success(
	const struct hone_proc_spec *spec, const struct hone_proc_result *r, struct hone_err *err)
{
	hone_auto_free char *how = NULL, *command = NULL;
	struct hone_view said = last_line(&r->err);

	if (r->exit_code == 0 && !r->timed_out && !r->too_much)
		return 0;
	how = hone_proc_how_ended(r);
	command = hone_text_command(spec->argv);
	if (!said.n)
		return hone_err_set(err, HONE_E_FAILED, "%s: %s", command, how);
	return hone_err_set(err, HONE_E_FAILED, "%s: %s: %.*s", command, how,
		(int)(said.n < 4096 ? said.n : 4096), said.p);
}

void hone_proc_result_release(struct hone_proc_result *r)
{
	hone_buf_release(&r->out);
	hone_buf_release(&r->err);
}

bool hone_proc_succeeded(const struct hone_proc_result *r)
{
	return r->exit_code == 0 && !r->sig && !r->timed_out && !r->too_much && !r->out_truncated;
}

char *hone_proc_how_ended(const struct hone_proc_result *r)
{
	char text[HONE_NUM_TEXT];

	if (r->timed_out)
		return hone_xasprintf("stopped after %s",
			hone_text_seconds(text, hone_ns_to_s(r->usage.wall_ns)));
	if (r->too_much)
		return hone_xasprintf("stopped after it had printed %s bytes",
			hone_text_count(text, r->out_bytes + r->err_bytes));
	if (r->sig)
		return hone_xasprintf(
			"ended by signal %d (SIG%s)", r->sig, hone_signal_word(r->sig));
	if (r->exit_code == 0 && r->out_truncated)
		return hone_xasprintf("it printed %s bytes, which is more than is read",
			hone_text_count(text, r->out_bytes));
	return hone_xasprintf("exit code %d", r->exit_code);
}
