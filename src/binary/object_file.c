#include "object_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int hone_object_open(const char *path, struct hone_object_file *ret_file, struct hone_err *err)
{
	struct hone_object_file f = {.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
	struct stat st;
	int error = 0;

	if (f.fd < 0 && errno == ENOENT)
		return hone_err_set(err, HONE_E_NOT_FOUND, "%s: no such file", path);
	if (f.fd < 0)
		return hone_err_sys(err, errno, "cannot open %s", path);
	if (fstat(f.fd, &st) < 0)
		error = hone_err_sys(err, errno, "cannot look at %s", path);
	else if (!S_ISREG(st.st_mode))
		error = hone_err_set(err, HONE_E_FAILED, "%s: is not a regular file", path);
	if (error) {
		hone_object_close(&f);
		return error;
	}
	f.size = (uint64_t)st.st_size;
	*ret_file = f;
	return 0;
}

struct hone_object_file hone_object_of_bytes(struct hone_view bytes)
{
	return (struct hone_object_file){.fd = -1, .mem = bytes, .size = bytes.n};
}

void hone_object_close(struct hone_object_file *f)
{
	if (f->fd >= 0)
		(void)close(f->fd);
	*f = (struct hone_object_file)HONE_OBJECT_FILE_INIT;
}

void hone_object_data_release(struct hone_object_data *d)
{
	free(d->owned);
	*d = (struct hone_object_data)HONE_OBJECT_DATA_INIT;
}

static int read_at(int fd, char *p, size_t n, uint64_t offset, struct hone_err *err)
{
	while (n > 0) {
		ssize_t got = pread(fd, p, n, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return hone_err_sys(err, errno, "cannot read");
		if (got == 0)
			return hone_err_set(
				err, HONE_E_CONFLICT, "became shorter while it was read");
		p += got;
		n -= (size_t)got;
		offset += (uint64_t)got;
	}
	return 0;
}

int hone_object_load(const struct hone_object_file *f, uint64_t offset, uint64_t size,
	struct hone_object_data *ret_data, struct hone_err *err)
{
	struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	int error = 0;

	if (offset > f->size || f->size - offset < size)
		return hone_err_set(err, HONE_E_SYNTAX,
			"bytes %llu to %llu are needed, and the file has only %llu (truncated?)",
			(unsigned long long)offset, (unsigned long long)(offset + size),
			(unsigned long long)f->size);
	if (f->fd < 0) {
		d.v = (struct hone_view){f->mem.p + offset, (size_t)size};
	} else if (size > 0) {
		d.owned = hone_xmalloc((size_t)size);
		d.v = (struct hone_view){d.owned, (size_t)size};
		error = read_at(f->fd, d.owned, (size_t)size, offset, err);
	}
	if (error)
		hone_object_data_release(&d);
	else
		*ret_data = d;
	return error;
}

const char *hone_object_string(struct hone_view strtab, uint64_t offset)
{
	if (offset >= strtab.n || !memchr(strtab.p + offset, '\0', strtab.n - (size_t)offset))
		return "";
	return strtab.p + offset;
}
