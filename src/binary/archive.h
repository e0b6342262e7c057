#ifndef HONE_BINARY_ARCHIVE_H
#define HONE_BINARY_ARCHIVE_H
/* The index of an ar archive (a static library): which member defines which symbol. GNU's form, which rustc writes for ELF
 * targets; source: ar(5), LLVM's ArchiveWriter.cpp. */
#include "err.h"
#include "view.h"

/* Is it an archive, by its first bytes? */
bool hone_archive_is(struct hone_view head);
/* Calls each with the symbols of the index and the member that defines each; both are views into bytes. Without an index
 * there are none. HONE_E_SYNTAX: cut off or broken. */
typedef void (*hone_archive_symbol)(void *ctx, struct hone_view symbol, struct hone_view member);
int hone_archive_symbols(
	struct hone_view bytes, hone_archive_symbol each, void *ctx, struct hone_err *err);

#endif
