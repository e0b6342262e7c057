#ifndef HONE_SETTINGS_SETTINGS_H
#define HONE_SETTINGS_SETTINGS_H
/* The one table of facts about settings: keys, values, defaults, versions, labels, explanations.
 * show, explain, the candidates, the problems, docs/settings.md and the man page read this table;
 * nothing it says is said a second time anywhere. */
#include "view.h"

enum hone_setting_kind {
	HONE_SETTING_PROFILE, /* a key of [profile.NAME]; "package.SPEC.KEY" uses the same row */
	HONE_SETTING_RUSTC,   /* rustc.*: a flag of the compiler */
	HONE_SETTING_LINK,    /* link.*: a flag of the linker, given to the final crate */
	HONE_SETTING_POST,    /* post.*: a step on the linked file */
	HONE_SETTING_TRAIN,   /* train.*: made from what the program did while it was watched */
	HONE_SETTING_STD,     /* std.*: the standard library, compiled with the program */
};

/* Where a flag has to go, so what it costs and how apply writes it down. */
enum hone_setting_scope {
	HONE_SCOPE_PROFILE, /* [profile.NAME] */
	HONE_SCOPE_FINAL,   /* cargo rustc -- FLAG: the final crate and its link only */
	HONE_SCOPE_GRAPH,   /* rustflags: every crate of the target */
	HONE_SCOPE_FILE,    /* after the link */
	HONE_SCOPE_TRAIN,   /* an instrumented build, training runs, then flags for every crate */
	HONE_SCOPE_CARGO,   /* options of cargo itself, in the alias that apply writes */
};

/* MIXED: of several TOML types. LIST: an array of strings, which no candidate can hold. */
enum hone_setting_type {
	HONE_TYPE_BOOL,
	HONE_TYPE_INTEGER,
	HONE_TYPE_STRING,
	HONE_TYPE_MIXED,
	HONE_TYPE_LIST,
};

/* A risk that a value carries. Bits, as a candidate carries the union of its settings' labels. */
enum hone_label {
	/* changes what the program does */
	HONE_LABEL_BEHAVIOUR = 1 << 0,
	/* needs a newer glibc (which: in the artifact's min_glibc) */
	HONE_LABEL_GLIBC = 1 << 1,
	/* runs only on some CPUs */
	HONE_LABEL_CPU = 1 << 2,
	/* weakens hardening */
	HONE_LABEL_HARDENING = 1 << 3,
	/* harder to debug: no symbols, no line numbers */
	HONE_LABEL_DEBUG = 1 << 4,
	/* no backtraces, no foreign exceptions */
	HONE_LABEL_BACKTRACE = 1 << 5,
	/* needs a nightly toolchain or RUSTC_BOOTSTRAP */
	HONE_LABEL_NIGHTLY = 1 << 6,
	/* functions may share an address: pointer comparisons change */
	HONE_LABEL_ADDRESS = 1 << 7,
	/* needs a file of the toolchain at run time (libstd-*.so) */
	HONE_LABEL_LIBRARY = 1 << 8,
};

struct hone_label_info {
	enum hone_label bit;
	const char *id;   /* for --allow: "behaviour", "glibc", ... */
	const char *text; /* a short phrase for tables and messages */
};
/* Ends with a row whose id is NULL. */
extern const struct hone_label_info hone_labels[];
/* The row of an id, or NULL. */
const struct hone_label_info *hone_label_find(struct hone_view id);

struct hone_setting_value {
	/* TOML text: "\"s\"", "true", "1"; NULL ends the list. */
	const char *toml;
	/* TOML text of the value that means the same, or NULL. */
	const char *same_as;
	/* What it does, a phrase without a full stop. */
	const char *effect;
	/* enum hone_label bits */
	unsigned labels;
	/* For rustc and link settings: the arguments after `cargo rustc --` that this value stands
	 * for, blank-separated; %s stands for the value itself; NULL: none. Those of the first row
	 * also serve the values that an open setting does not list. For std settings and for values
	 * of profile keys that only a nightly takes: options of cargo itself. */
	const char *flags;
	/* First stable version, or NULL. */
	const char *since;
	/* Only for a program whose panics abort: refused where unwinding is in force. */
	bool needs_abort;
};

struct hone_setting {
	const char *key; /* canonical: "opt-level", "link.icf", "post.strip" */
	enum hone_setting_kind kind;
	enum hone_setting_scope scope;
	enum hone_setting_type type;
	/* Heading in `explain`: "size and speed", "link", ... */
	const char *group;
	/* One line. */
	const char *summary;
	/* TOML text of the built-in defaults, or NULL when unset means more than any value: see
	 * unset_means (strip, codegen-units). */
	const char *default_dev, *default_release;
	/* What happens when the key is not written, or NULL. */
	const char *unset_means;
	/* What is accepted, so that it reads well after "takes". */
	const char *range;
	/* First stable cargo or rustc version of the key, or NULL: older than hone can use. */
	const char *since;
	bool per_package;    /* allowed in [profile.NAME.package.SPEC] */
	bool build_override; /* allowed in [profile.NAME.build-override] */
	bool nightly;        /* the key itself needs a nightly */
	bool hosted;         /* nothing for a program without an operating system */
	const char *env_key; /* what follows CARGO_PROFILE_<NAME>_, or NULL */
	/* Ends with toml == NULL; for an open setting the examples worth naming. */
	const struct hone_setting_value *values;
	bool open; /* takes values that are not listed, if of its type */
	/* Of an open integer, both inclusive. Of an open string with max > 0, whose text is a number:
	 * above min, at most max. */
	int64_t min, max;
	/* Prose for explain; NULL when there is nothing to say. */
	const char *build_cost;
	const char *risks;
	const char *interacts;
	const char *folklore; /* what people get wrong about it */
};

/* All rows, ends with key == NULL. Order is the order of `explain`. */
extern const struct hone_setting hone_settings[];
/* Exact canonical key, or NULL. */
const struct hone_setting *hone_setting_find(struct hone_view key);
/* Canonical key or the key without its prefix where that is unambiguous ("icf", "relr"): NULL when
 * unknown. A prefix-less key that is a profile key is that ("strip" is the profile key). */
const struct hone_setting *hone_setting_find_short(struct hone_view key);
/* The row of a value by its TOML text, or NULL when the list does not name it. */
const struct hone_setting_value *hone_setting_value_find(
	const struct hone_setting *s, struct hone_view toml);
/* The row that speaks for a value: its own, else for an open setting the first; or NULL. */
const struct hone_setting_value *hone_setting_value_row(
	const struct hone_setting *s, struct hone_view toml);
/* The labels (enum hone_label bits) that the setting carries with this value. */
unsigned hone_setting_value_labels(const struct hone_setting *s, struct hone_view toml);
/* Turns a value as typed on the command line (fat, "fat", 1, true) into the TOML text that the
 * setting takes, and says whether it is in range. false: *ret_why is a message that names the range.
 * The caller frees what it gets. */
bool hone_setting_value_parse(
	const struct hone_setting *s, struct hone_view typed, char **ret_toml, char **ret_why);
/* NULL-terminated list of all canonical keys, for "did you mean". */
const char *const *hone_setting_keys(void);

#endif
