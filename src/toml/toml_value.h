#ifndef HONE_TOML_TOML_VALUE_H
#define HONE_TOML_TOML_VALUE_H
/* Single TOML values outside of a document, as they stand on the command line. */
#include "buf.h"

/* Appends the content of a TOML string ("..." with escapes or '...'). false: it is none, or its
 * content holds NUL. */
bool hone_toml_unquote(struct hone_view typed, struct hone_buf *ret_text);

#endif
