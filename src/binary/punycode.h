#ifndef HONE_BINARY_PUNYCODE_H
#define HONE_BINARY_PUNYCODE_H
/* Punycode (RFC 3492), in which v0 mangled names spell identifiers that are not ASCII. */
#include "buf.h"

/* Appends what v stands for as UTF-8; delimiter stands between the ASCII part and the digits. false, and
 * nothing appended: it is no Punycode, or of more than 256 characters. */
bool hone_punycode(struct hone_buf *b, struct hone_view v, char delimiter);

#endif
