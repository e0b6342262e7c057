#ifndef HONE_TRIAL_CROSS_LINK_H
#define HONE_TRIAL_CROSS_LINK_H
/* Programs for other machines need a linker that can make them; cargo takes this machine's `cc` where nothing is said. */
#include "view.h"

/* What to do when the compiler's words in text are those of a linker for another machine than triple's: which linker to name
 * where, and the Debian package that has it. NULL: they say something else, or it is not known. The caller frees. */
char *hone_cross_link_hint(const char *triple, struct hone_view text);

#endif
