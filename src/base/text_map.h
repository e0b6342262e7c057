#ifndef HONE_BASE_TEXT_MAP_H
#define HONE_BASE_TEXT_MAP_H
/* From texts to numbers: finding one of many takes as long as finding one of few. */
#include "mem.h"

struct hone_text_slot {
	char *key; /* owned; NULL: free */
	size_t value;
};
struct hone_text_map {
	struct hone_text_slot *slots;
	size_t n, cap;
};
#define HONE_TEXT_MAP_INIT                                                                         \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_text_map __attribute__((cleanup(hone_text_map_release)))

/* The value of a key; false: there is none. */
bool hone_text_map_get(const struct hone_text_map *m, const char *key, size_t *ret_value);
/* Puts a key that is not there; the text is copied. */
void hone_text_map_put(struct hone_text_map *m, const char *key, size_t value);
void hone_text_map_release(struct hone_text_map *m);

#endif
