#ifndef HONE_SETTINGS_ROWS_H
#define HONE_SETTINGS_ROWS_H
/* The rows of the table, a file for each prefix of the keys. Only for src/settings. */
#include "settings.h"

/* Headings of `explain`. */
#define SIZE_AND_SPEED "size and speed"
#define DEBUGGING "debugging"
#define CHECKS "checks at run time"
#define BUILD "how it is built"
#define LINK "link"
#define AFTER "after the link"
#define NIGHTLY "nightly only"
#define TRAINING "from a profile of the program at work"
#define STANDARD "the standard library"

extern const struct hone_setting hone_settings_profile[];
extern const struct hone_setting hone_settings_rustc[];
extern const struct hone_setting hone_settings_link[];
extern const struct hone_setting hone_settings_std[];
extern const struct hone_setting hone_settings_train[];
extern const struct hone_setting hone_settings_post[];

#endif
