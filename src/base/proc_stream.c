#include "proc_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_LIMIT ((size_t)64 << 20)
#define LONGEST_LINE ((size_t)16 << 20)
#define READ_STEP ((size_t)64 << 10)

static int open_null(int *ret_fd, struct hone_err *err)
{
	*ret_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	return *ret_fd < 0 ? hone_err_sys(err, errno, "opening /dev/null") : 0;
}

/* A copy, so that the child's ends are all the caller's to close. A closed descriptor of hone's is
 * /dev/null for the child: else its next file would become its stdout. */
static int copy_own(int own_fd, int *ret_fd, struct hone_err *err)
{
	*ret_fd = fcntl(own_fd, F_DUPFD_CLOEXEC, 0);
	if (*ret_fd >= 0)
		return 0;
	if (errno == EBADF)
		return open_null(ret_fd, err);
	return hone_err_sys(err, errno, "copying descriptor %d", own_fd);
}

static int open_file(struct hone_stream *s, const char *path, int *ret_fd, struct hone_err *err)
{
	s->file_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (s->file_fd < 0)
		return hone_err_sys(err, errno, "creating %s", path);
	return copy_own(s->file_fd, ret_fd, err);
}

static int open_pipe(struct hone_stream *s, int *ret_fd, struct hone_err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return hone_err_sys(err, errno, "creating a pipe");
	s->fd = ends[0];
	*ret_fd = ends[1];
	if (fcntl(s->fd, F_SETFL, O_NONBLOCK) < 0)
		return hone_err_sys(err, errno, "setting up a pipe");
	return 0;
}

int hone_stream_open(struct hone_stream *s, const struct hone_proc_spec *spec, int own_fd,
	int *ret_child_fd, struct hone_err *err)
{
	bool is_out = own_fd == STDOUT_FILENO;

	s->sink = is_out ? spec->out : spec->errout;
	s->on_line = is_out ? spec->on_line : spec->on_err_line;
	s->ctx = spec->ctx;
	switch (s->sink) {
	case HONE_SINK_NULL:
		return open_null(ret_child_fd, err);
	case HONE_SINK_INHERIT:
		return copy_own(own_fd, ret_child_fd, err);
	case HONE_SINK_FILE:
		return open_file(s, is_out ? spec->out_path : spec->err_path, ret_child_fd, err);
	case HONE_SINK_HASH:
		s->hasher = hone_hasher_new();
		break;
	case HONE_SINK_CAPTURE:
		s->kept.limit = spec->limit ? spec->limit : DEFAULT_LIMIT;
		break;
	case HONE_SINK_LINES:
		if (!s->on_line)
			hone_bug("no callback for lines");
		break;
	}
	return open_pipe(s, ret_child_fd, err);
}

/* Hands over every complete line in kept, and the start of one that is too long to wait for. */
static int hand_over_lines(struct hone_stream *s)
{
	struct hone_view all = hone_buf_view(&s->kept);
	size_t from = 0;
	int code = 0;

	while (!code) {
		size_t nl = hone_view_find(all, from, '\n');

		if (nl == all.n)
			break;
		code = s->on_line(s->ctx, hone_view_sub(all, from, nl));
		from = nl + 1;
	}
	if (!code && all.n - from >= LONGEST_LINE) {
		code = s->on_line(s->ctx, hone_view_sub(all, from, all.n));
		from = all.n;
	}
	memmove(s->kept.p, s->kept.p + from, all.n - from);
	hone_buf_cut(&s->kept, all.n - from);
	return code;
}

static int take(struct hone_stream *s, struct hone_view v)
{
	bool line_ends;

	s->bytes += v.n;
	switch (s->sink) {
	case HONE_SINK_CAPTURE:
		hone_buf_addv(&s->kept, v);
		s->truncated = s->kept.over;
		return 0;
	case HONE_SINK_HASH:
		hone_hasher_add(s->hasher, v);
		return 0;
	case HONE_SINK_LINES:
		line_ends = memchr(v.p, '\n', v.n) != NULL;
		hone_buf_addv(&s->kept, v);
		return line_ends || s->kept.n >= LONGEST_LINE ? hand_over_lines(s) : 0;
	case HONE_SINK_NULL:
	case HONE_SINK_INHERIT:
	case HONE_SINK_FILE:
		break;
	}
	hone_bug("a pipe for a sink that has none");
}

int hone_stream_read(struct hone_stream *s, size_t max)
{
	char block[READ_STEP];
	int code = 0;

	while (!code && max && s->fd >= 0) {
		ssize_t n = read(s->fd, block, max < sizeof(block) ? max : sizeof(block));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0) {
			hone_close_p(&s->fd);
			break;
		}
		code = take(s, (struct hone_view){block, (size_t)n});
		max -= (size_t)n;
	}
	return code;
}

int hone_stream_finish(struct hone_stream *s)
{
	int code = 0;

	s->bytes = hone_stream_bytes(s);
	hone_close_p(&s->fd);
	hone_close_p(&s->file_fd);
	if (s->sink == HONE_SINK_LINES && s->kept.n) {
		code = s->on_line(s->ctx, hone_buf_view(&s->kept));
		hone_buf_reset(&s->kept);
	}
	return code;
}

uint64_t hone_stream_bytes(const struct hone_stream *s)
{
	struct stat st;

	if (s->file_fd >= 0 && fstat(s->file_fd, &st) == 0)
		return (uint64_t)st.st_size;
	return s->bytes;
}

void hone_stream_release(struct hone_stream *s)
{
	hone_close_p(&s->fd);
	hone_close_p(&s->file_fd);
	hone_buf_release(&s->kept);
	if (s->hasher)
		(void)hone_hasher_end(s->hasher);
	s->hasher = NULL;
}
