#ifndef HONE_REPORT_CHECK_GROUPS_H
#define HONE_REPORT_CHECK_GROUPS_H
/* Functions of a check by what they are instances of. */
#include "buf.h"
#include "result_check.h"

struct hone_check_group {
	const char *name; /* "serde_json::de::from_str", or of a trait "core::fmt::Debug::fmt" */
	int64_t delta;    /* bytes */
	size_t functions; /* that changed, came or went */
	int64_t more;     /* instances that there are more, or less */
};
struct hone_check_groups {
	struct hone_check_group
		*v; /* those of several functions or instances that grew, the largest first */
	size_t n;
	struct hone_arena arena;
};
void hone_check_groups_make(const struct hone_result_check *c, struct hone_check_groups *ret);
void hone_check_groups_release(struct hone_check_groups *g);
/* Appends what a function is an instance of: its name without what stands in angles; of `<T as Trait>::f` `Trait::f`. */
void hone_check_group_name(const char *name, struct hone_buf *to);

#endif
