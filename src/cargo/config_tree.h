#ifndef HONE_CARGO_CONFIG_TREE_H
#define HONE_CARGO_CONFIG_TREE_H
/* The inside of struct hone_config and of its tree, for config*.c alone. */
#include "config.h"

struct hone_config {
	struct hone_arena arena;
	struct hone_config_value *root; /* table */
	char *cwd;
	unsigned cargo_minor;
	struct hone_strv files; /* that were read */
};

/* Appends an element or entry. */
void hone_config_add(
	struct hone_arena *arena, struct hone_config_value *to, struct hone_config_value *item);
/* Orders the elements of a list by the strength of their sources, else as they stand. */
void hone_config_sort(struct hone_config_value *list);

#endif
