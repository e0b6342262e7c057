#include "helper.h"

#include "fs.h"
#include "helper_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Kernels from 6.3 on may be set to refuse files in memory that do not ask to be executable; older
 * ones do not know the flag. */
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

static struct hone_view helper_view(void)
{
	return (struct hone_view){(const char *)hone_helper_bytes, hone_helper_bytes_size};
}

int hone_helper_write(const char *path, struct hone_err *err)
{
	hone_auto_buf struct hone_buf old = HONE_BUF_INIT;

	if (hone_fs_read(path, hone_helper_bytes_size, &old, NULL, NULL) == 0 &&
		hone_view_eq(hone_buf_view(&old), helper_view()) && access(path, X_OK) == 0)
		return 0;
	return hone_fs_write(path, helper_view(), 0755, err);
}

static int fill(int fd, struct hone_err *err)
{
	struct hone_view rest = helper_view();

	while (rest.n) {
		ssize_t n = write(fd, rest.p, rest.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return hone_err_sys(
				err, errno, "writing hone's helper program into memory");
		rest.p += n;
		rest.n -= (size_t)n;
	}
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return hone_err_sys(err, errno, "sealing hone's helper program in memory");
	return 0;
}

int hone_helper_fd(int *ret_fd, struct hone_err *err)
{
	static int kept = -1;
	hone_auto_close int fd = -1;
	int error;

	if (kept < 0) {
		fd = memfd_create("hone-helper", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
		if (fd < 0 && errno == EINVAL)
			fd = memfd_create("hone-helper", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		if (fd < 0)
			return hone_err_sys(
				err, errno, "making room for hone's helper program in memory");
		error = fill(fd, err);
		if (error)
			return error;
		kept = fd;
		fd = -1;
	}
	*ret_fd = kept;
	return 0;
}
