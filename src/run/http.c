#include "http.h"

#include "clock.h"
#include "num.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in local(unsigned port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

int hone_port_free(unsigned *ret_port, struct hone_err *err)
{
	hone_auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in a = local(0);
	socklen_t n = sizeof(a);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
		getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		return hone_err_sys(err, errno, "looking for a free port");
	*ret_port = ntohs(a.sin_port);
	return 0;
}

static bool wait_for(int fd, short what, int64_t until_ns)
{
	struct pollfd p = {fd, what, 0};
	int64_t left = until_ns - hone_now_ns();
	struct timespec t;

	if (left < 0)
		left = 0;
	t = (struct timespec){left / HONE_NS_PER_S, left % HONE_NS_PER_S};
	return ppoll(&p, 1, &t, NULL) > 0;
}

/* A connected, non-blocking socket, or -1. */
static int connect_to(unsigned port, int64_t until_ns)
{
	hone_auto_close int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_in a = local(port), self = {0};
	socklen_t n = sizeof(self);
	int failure = 0, connected;

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0) {
		socklen_t size = sizeof(failure);

		if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, until_ns) ||
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) < 0 || failure)
			return -1;
	}
	/* Without a listener the kernel may connect a socket in the range of free ports to itself. */
	if (getsockname(fd, (struct sockaddr *)&self, &n) == 0 && self.sin_port == a.sin_port)
		return -1;
	connected = fd;
	fd = -1;
	return connected;
}

bool hone_port_answers(unsigned port, int64_t wait_ns)
{
	hone_auto_close int fd = connect_to(port, hone_now_ns() + wait_ns);

	return fd >= 0;
}

static bool send_text(int fd, struct hone_view v, int64_t until_ns)
{
	while (v.n) {
		ssize_t n = send(fd, v.p, v.n, MSG_NOSIGNAL);

		if (n < 0 && (errno != EAGAIN || !wait_for(fd, POLLOUT, until_ns)))
			return false;
		if (n > 0)
			v = hone_view_sub(v, (size_t)n, v.n);
	}
	return true;
}

/* Reads until the other side closes; false when it takes too long. */
static bool read_all(int fd, struct hone_buf *to, int64_t until_ns)
{
	char part[65536];
	ssize_t n;

	while ((n = recv(fd, part, sizeof(part), 0)) != 0) {
		if (n > 0)
			hone_buf_add(to, part, (size_t)n);
		else if (errno == ECONNRESET)
			break;
		else if (errno != EAGAIN || !wait_for(fd, POLLIN, until_ns))
			return false;
		if (hone_now_ns() > until_ns)
			return false;
	}
	return true;
}

int hone_http_get(unsigned port, const char *path, int64_t wait_ns, struct hone_buf *body)
{
	int64_t until = hone_now_ns() + wait_ns;
	hone_auto_close int fd = connect_to(port, until);
	hone_auto_buf struct hone_buf request = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf answer = {.limit = (size_t)64 << 20};
	const char *end;
	uint64_t status;

	if (fd < 0)
		return -1;
	hone_buf_addf(&request, "GET %s HTTP/1.0\r\nHost: 127.0.0.1:%u\r\nAccept: */*\r\n\r\n",
		path, port);
	if (!send_text(fd, hone_buf_view(&request), until) || !read_all(fd, &answer, until))
		return -1;
	/* "HTTP/1.1 200 OK" */
	if (answer.n < 12 || !hone_starts(answer.p, "HTTP/1.") ||
		!hone_parse_u64((struct hone_view){answer.p + 9, 3}, &status))
		return -1;
	end = memmem(answer.p, answer.n, "\r\n\r\n", 4);
	if (!end)
		return -1;
	if (body)
		hone_buf_addv(body, hone_view_sub(hone_buf_view(&answer),
					    (size_t)(end - answer.p) + 4, answer.n));
	return (int)status;
}
