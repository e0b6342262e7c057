#ifndef HONE_RESULT_RESULT_CHECK_H
#define HONE_RESULT_RESULT_CHECK_H
/* Two states of a program beside each other, as plain data: what changed in figures, bytes, dependencies and settings, and
 * what of it is over a budget. */
#include "arena.h"
#include "size.h"

/* What a budget may be about, in the order of reports. */
enum hone_check_figure {
	HONE_CHECK_SIZE,
	HONE_CHECK_STRIPPED,
	HONE_CHECK_GZIP,
	HONE_CHECK_ZSTD,
	HONE_CHECK_FLASH, /* 0 but for a target without an operating system, as RAM */
	HONE_CHECK_RAM,
	HONE_CHECK_CRATES, /* packages that the build compiles */
	HONE_CHECK_FIGURES,
};
/* "size", "stripped", ...: as [budget] names them; ends with NULL. */
extern const char *const hone_check_names[HONE_CHECK_FIGURES + 1];

struct hone_check_row {
	const char *owner,
		*name; /* as in struct hone_result_function; the owner without its version */
	enum hone_size_kind kind;
	uint64_t size,
		items; /* items: functions and objects of this name: instances of a generic */
};
struct hone_check_dep {
	const char *name, *version, *features; /* features: joined by ", " */
	const char *via;                       /* "app > regex > memchr": the shortest way to it */
};
struct hone_check_setting {
	const char *key, *value; /* TOML text; "" when unset */
};

/* One state. Texts and arrays live in the arena. */
struct hone_check_side {
	const char *what;   /* "HEAD with 3 uncommitted edits", "a file of ...": for people */
	const char *commit; /* or "" */
	const char *rustc;  /* the whole of rustc -vV */
	const char *target, *profile, *package, *bin;
	const char *hash, *min_glibc; /* min_glibc: or "" */
	uint64_t figures[HONE_CHECK_FIGURES];
	bool named;                  /* rows tell functions */
	struct hone_check_row *rows; /* sorted by owner and name; they sum to the size */
	size_t n_rows;
	struct hone_check_dep *deps; /* sorted by name and version */
	size_t n_deps;
	struct hone_check_setting *settings; /* sorted by key */
	size_t n_settings;
	struct hone_arena arena;
};
#define HONE_CHECK_SIDE_INIT                                                                       \
	{                                                                                          \
		.what = "", .commit = "", .rustc = "", .target = "", .profile = "", .package = "", \
		.bin = "", .hash = "", .min_glibc = ""                                             \
	}
void hone_check_side_release(struct hone_check_side *s);
/* Sorts rows (of one owner and name one is made), deps and settings. */
void hone_check_side_sort(struct hone_check_side *s);

/* The most that a figure may be. */
struct hone_check_budget {
	enum hone_check_figure figure;
	bool relative, share; /* relative: above the base; share: in percent of it */
	double value;
	const char *text; /* as it was written */
};
/* The limit in the figure's unit, for a base. */
uint64_t hone_check_limit(const struct hone_check_budget *b, uint64_t base);
/* Reads "+1%", "+10 kB", "2MB", "-1%" or a plain number; false: it is none of these. text is borrowed. */
bool hone_check_budget_parse(
	enum hone_check_figure figure, const char *text, struct hone_check_budget *ret);

struct hone_check_change {
	const char *owner, *name; /* borrowed from a side; name "" for a whole crate */
	enum hone_size_kind kind;
	uint64_t base, head, base_items, head_items;
	int64_t delta;
};
struct hone_check_dep_change {
	const struct hone_check_dep *base, *head; /* NULL: it is not there */
	bool doubled; /* head has another version of it, too, and base had not */
};
struct hone_check_setting_change {
	const char *key, *base, *head;
};

struct hone_result_check {
	const struct hone_check_side *base, *head;
	const struct hone_check_budget *budgets;
	size_t n_budgets;
	struct hone_check_change *owners,
		*functions; /* the largest change first; each sums to the size's */
	size_t n_owners, n_functions;
	struct hone_check_dep_change *deps;
	size_t n_deps;
	struct hone_check_setting_change *settings;
	size_t n_settings;
};
/* Borrows both sides and the budgets. */
void hone_result_check_compare(const struct hone_check_side *base,
	const struct hone_check_side *head, const struct hone_check_budget *budgets, size_t n,
	struct hone_result_check *ret);
void hone_result_check_release(struct hone_result_check *c);
/* Is this budget passed over? */
bool hone_result_check_over(const struct hone_result_check *c, const struct hone_check_budget *b);
#endif
