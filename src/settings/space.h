#ifndef HONE_SETTINGS_SPACE_H
#define HONE_SETTINGS_SPACE_H
/* The space that a search goes through: which values of which settings are worth a build for a goal, in the order in which
 * they are tried, and what each costs to build. */
#include "settings.h"

/* Bits. */
enum hone_goal {
	HONE_GOAL_SMALL = 1 << 0,
	HONE_GOAL_FAST = 1 << 1,
};

/* What has to be done again for another value, cheapest first. */
enum hone_cost {
	HONE_COST_FILE,    /* a step on the linked file */
	HONE_COST_LINK,    /* the link alone, from what was captured */
	HONE_COST_FINAL,   /* the final crate, with its LTO */
	HONE_COST_CRATES,  /* every crate of the program */
	HONE_COST_TRAINED, /* every crate, after instrumented builds and training runs */
	HONE_COSTS,        /* how many there are */
};
/* "links", "builds of the final crate", ...: for plans. */
const char *hone_cost_text(enum hone_cost cost);
/* toml: the value. */
enum hone_cost hone_setting_cost(const struct hone_setting *s, struct hone_view toml);

#define HONE_SPACE_VALUES 8
struct hone_space_row {
	enum hone_setting_id id;
	unsigned goals; /* bits of enum hone_goal; 0 ends the table */
	/* TOML texts; the first NULL ends them. */
	const char *values[HONE_SPACE_VALUES];
};
/* What most likely wins most for its cost comes first. */
extern const struct hone_space_row hone_space[];
/* Does a search for one of these goals touch the setting? */
bool hone_space_has(unsigned goals, enum hone_setting_id id);

#endif
