#ifndef HONE_BINARY_OBJECT_FILE_H
#define HONE_BINARY_OBJECT_FILE_H
/* The bytes of an object file, for the readers of the formats: only the ranges that are asked for are
 * read, so a 150 MB file needs no 150 MB of memory, and no file is mapped, since cargo may rewrite one at
 * any time. */
#include "err.h"
#include "view.h"

struct hone_object_file {
	int fd;               /* -1 when the bytes are in memory */
	struct hone_view mem; /* the whole file, borrowed, when fd is -1 */
	uint64_t size;
};
#define HONE_OBJECT_FILE_INIT                                                                      \
	{                                                                                          \
		.fd = -1                                                                           \
	}
#define hone_auto_object_file __attribute__((cleanup(hone_object_close)))

/* HONE_E_NOT_FOUND, HONE_E_SYSTEM; HONE_E_FAILED for a folder. The message names the path. */
int hone_object_open(const char *path, struct hone_object_file *ret_file, struct hone_err *err);
/* The same for bytes in memory, which stay borrowed. */
struct hone_object_file hone_object_of_bytes(struct hone_view bytes);
void hone_object_close(struct hone_object_file *f);

/* Bytes of the file: borrowed from memory, or a copy that the release frees. */
struct hone_object_data {
	struct hone_view v;
	char *owned;
};
#define HONE_OBJECT_DATA_INIT                                                                      \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_object_data __attribute__((cleanup(hone_object_data_release)))
/* HONE_E_SYNTAX when the range is not inside the file, HONE_E_SYSTEM. */
int hone_object_load(const struct hone_object_file *f, uint64_t offset, uint64_t size,
	struct hone_object_data *ret_data, struct hone_err *err);
void hone_object_data_release(struct hone_object_data *d);

/* A NUL-terminated string at an offset of a string table; "" when it is not one. */
const char *hone_object_string(struct hone_view strtab, uint64_t offset);

#endif
