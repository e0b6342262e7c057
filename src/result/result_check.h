#ifndef HONE_RESULT_RESULT_CHECK_H
#define HONE_RESULT_RESULT_CHECK_H
/* Two states of a program beside each other, as plain data: what changed in figures, bytes, dependencies and settings, and
 * what of it is over a budget. */
#include "arena.h"
#include "metric.h"
#include "size.h"
#include "verdict.h"

/* What a budget may be about, in the order of reports. */
enum hone_check_figure {
	HONE_CHECK_SIZE,
	HONE_CHECK_STRIPPED,
	HONE_CHECK_GZIP,
	HONE_CHECK_ZSTD,
	HONE_CHECK_BROTLI, /* 0: is no module, or nothing there packs it */
	HONE_CHECK_FLASH,  /* 0 but for a target without an operating system, as RAM */
	HONE_CHECK_RAM,
	HONE_CHECK_CRATES, /* packages that the build compiles */
	HONE_CHECK_FIGURES,
	/* A side has no number of these. */
	HONE_CHECK_GLIBC = HONE_CHECK_FIGURES, /* the newest that the file needs */
	HONE_CHECK_LABELS,                     /* risks that settings carry */
	HONE_CHECK_TIME,                       /* a metric of a workload */
	HONE_CHECK_SUBJECTS,
};
/* "size", "stripped", ..., "time": as [budget] names them; ends with NULL. */
extern const char *const hone_check_names[HONE_CHECK_SUBJECTS + 1];

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
	const char *binary;           /* the file, while it is there; or "" */
	unsigned labels;              /* enum hone_label bits that its settings carry */
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
		.bin = "", .hash = "", .min_glibc = "", .binary = ""                               \
	}
void hone_check_side_release(struct hone_check_side *s);
/* Sorts rows (of one owner and name one is made), deps and settings. */
void hone_check_side_sort(struct hone_check_side *s);

enum hone_check_verdict { HONE_CHECK_WITHIN, HONE_CHECK_OVER, HONE_CHECK_UNDECIDED };
/* "within", "over", "undecided". */
const char *hone_check_verdict_text(enum hone_check_verdict v);

/* The most that a figure may be. Texts are borrowed. */
struct hone_check_budget {
	enum hone_check_figure figure;
	bool relative, share; /* relative: above the base; share: in percent of it */
	double value;         /* of HONE_CHECK_LABELS: bits of those that there may be */
	const char *text;     /* as it was written */
	const char *where;    /* "path:line:col", or the option */
	/* Of HONE_CHECK_TIME. */
	const char *workload;    /* NULL: each of them, before they are known */
	enum hone_metric metric; /* HONE_METRIC_AUTO: what decides in the workload */
	enum hone_check_verdict verdict;
	const char *why; /* it is undecided; or NULL */
};
/* As [budget] names it: "size", "time", "peak_memory". */
const char *hone_check_budget_name(const struct hone_check_budget *b);
/* The limit in the figure's unit, for a base. */
uint64_t hone_check_limit(const struct hone_check_budget *b, uint64_t base);
/* The same for a time or another figure of a run. */
double hone_check_limit_of_run(const struct hone_check_budget *b, double base);
/* Reads "+1%", "+10 kB", "2MB", "-1%", a plain number, "2.31", "20ms", or "glibc, debug", as the figure and the metric,
 * which are set, take it; false: it is none of these. text is borrowed. */
bool hone_check_budget_parse(const char *text, struct hone_check_budget *ret);
/* Is version a newer than b? Numbers between dots are compared; "" is older than anything. */
bool hone_check_newer(const char *a, const char *b);

/* What runs showed of a metric that decides or has a budget. */
struct hone_check_time {
	const char *workload;
	enum hone_metric metric;
	bool primary, more_is_better;
	double base, head;       /* medians; NaN: not measured */
	double ratio, low, high; /* head / base, with its interval */
	enum hone_verdict verdict;
	size_t rounds;
};
/* Of all workloads. Arrays and texts live in the arena of the check's maker. */
struct hone_check_times {
	struct hone_check_time *v;
	size_t n;
	bool same_file;     /* base and head are one file, byte for byte: nothing had to be run */
	const char *why;    /* nothing was measured; or NULL */
	const char *failed; /* what of the head does not work; or NULL */
};

struct hone_check_change {
	const char *owner, *name; /* borrowed from a side; name "" for a whole crate */
	enum hone_size_kind kind;
	uint64_t base, head, base_items, head_items;
	int64_t delta;
};
struct hone_check_dep_change {
	const struct hone_check_dep *base,
		*head; /* perhaps of two versions; NULL: it is not there */
	bool doubled;  /* head has another version of it, too, and base had not */
};
struct hone_check_setting_change {
	const char *key, *base, *head;
};

/* What a search over commits came to; head is the first that is over a budget, base the one before it. */
struct hone_check_bisected {
	const char *range;
	const char *why;           /* what it is over */
	const char *subject;       /* of the commit's message */
	size_t commits, looked_at; /* looked_at: built, or taken from an earlier call */
	size_t skipped;            /* between base and head: they do not build, or are undecided */
};

struct hone_result_check {
	const struct hone_check_side *base, *head;
	const struct hone_check_budget *budgets;
	size_t n_budgets;
	const struct hone_check_times *times; /* NULL: nobody asked for runs */
	struct hone_check_change *owners,
		*functions; /* the largest change first; each sums to the size's */
	size_t n_owners, n_functions;
	struct hone_check_dep_change *deps;
	size_t n_deps;
	struct hone_check_setting_change *settings;
	size_t n_settings;
};
/* Can the side have such a figure? Flash and RAM are of programs without an operating system, brotli of modules. */
bool hone_check_has(const struct hone_check_side *s, enum hone_check_figure figure);
/* Has it one that is known? A module that no brotli packed has not. */
bool hone_check_knows(const struct hone_check_side *s, enum hone_check_figure figure);
/* Borrows both sides and the budgets. */
void hone_result_check_compare(const struct hone_check_side *base,
	const struct hone_check_side *head, const struct hone_check_budget *budgets, size_t n,
	struct hone_result_check *ret);
void hone_result_check_release(struct hone_result_check *c);
enum hone_check_verdict hone_result_check_verdict(
	const struct hone_result_check *c, const struct hone_check_budget *b);
/* How many budgets have this verdict. */
size_t hone_result_check_count(const struct hone_result_check *c, enum hone_check_verdict v);
#endif
