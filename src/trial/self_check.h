#ifndef HONE_TRIAL_SELF_CHECK_H
#define HONE_TRIAL_SELF_CHECK_H
/* What of the programs and files that hone uses is here. */
#include "err.h"
#include "result_tools.h"

/* Looks for every tool and asks it for its version. HONE_E_INTERRUPTED. */
int hone_self_check(struct hone_self_check *ret, struct hone_err *err);
void hone_self_check_release(struct hone_self_check *s);

#endif
