#ifndef HONE_ELF_INFLATE_H
#define HONE_ELF_INFLATE_H
/* Debug sections, which may be compressed (SHF_COMPRESSED, by zlib or zstd). */
#include "elf_file.h"

/* Loads .debug_NAME in plain form. HONE_E_NOT_FOUND: there is none, or it is empty;
 * HONE_E_UNSUPPORTED: compressed in an unknown way; HONE_E_LIMIT: would grow beyond 4 GiB, or to
 * more than 1,100 times its size, which zlib cannot do; HONE_E_SYNTAX. */
int hone_elf_load_debug(const struct hone_elf *e, const char *name,
	struct hone_object_data *ret_data, struct hone_err *err);

#endif
