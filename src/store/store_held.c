#include "store_held.h"

#include "fs.h"

#include <errno.h>

struct hone_store_held {
	struct hone_store *store;
	struct stat file;
};

struct hone_store_held *hone_store_held_new(void)
{
	return HONE_NEW(struct hone_store_held);
}

void hone_store_held_close(struct hone_store_held *h)
{
	if (h)
		hone_store_close(h->store);
	free(h);
}

int hone_store_held_open(struct hone_store_held *h, const char *path, bool create,
	struct hone_store **ret, struct hone_err *err)
{
	struct stat now;
	int error = 0;

	if (h->store && (stat(path, &now) < 0 || now.st_ino != h->file.st_ino ||
				now.st_dev != h->file.st_dev))
		hone_store_close(HONE_TAKE(h->store));
	if (!h->store)
		error = hone_store_open(path, create, &h->store, err);
	if (!error && stat(path, &h->file) < 0)
		error = hone_err_sys(err, errno, "%s", path);
	*ret = h->store;
	return error;
}
