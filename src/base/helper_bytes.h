#ifndef HONE_BASE_HELPER_BYTES_H
#define HONE_BASE_HELPER_BYTES_H
/* The helper program's file, put into hone by tools/embed.py. Use base/helper.h. */
#include <stddef.h>

extern const unsigned char hone_helper_bytes[];
extern const size_t hone_helper_bytes_size;

#endif
