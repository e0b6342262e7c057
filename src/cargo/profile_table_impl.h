#ifndef HONE_CARGO_PROFILE_TABLE_IMPL_H
#define HONE_CARGO_PROFILE_TABLE_IMPL_H
/* The values of profile keys, for profile_table.c. */
#include "profile_table.h"

/* Is the value of the type, and in the range, that cargo's parser takes for the key? HONE_E_FAILED: its reason, with the place
 * before it. */
int hone_profile_check(enum hone_key_grammar type, const struct hone_config_value *v,
	const struct hone_config_key *key, struct hone_err *err);
/* There is no such key and no such variable, but a variable whose name begins like it: cargo takes that
 * for a part of the key's value, and fails. */
int hone_profile_name_goes_on(
	enum hone_key_grammar type, const struct hone_config_key *key, struct hone_err *err);
/* Is it one of a list that ends with NULL? */
bool hone_profile_is_one_of(const char *s, const char *const *list);

#endif
