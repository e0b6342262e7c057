#ifndef HONE_SETTINGS_SETTINGS_H
#define HONE_SETTINGS_SETTINGS_H
/* The one table of facts about settings: keys, values, defaults, versions, labels, explanations.
 * show, explain, the candidates, the problems, docs/settings.md and the man page read this table;
 * nothing it says is said a second time anywhere. */
#include "view.h"

/* Which setting it is. The order is that of the table and of `explain`; a row of its own names each. */
enum hone_setting_id {
	HONE_SET_OPT_LEVEL,
	HONE_SET_LTO,
	HONE_SET_CODEGEN_UNITS,
	HONE_SET_PANIC,
	HONE_SET_STRIP,
	HONE_SET_DEBUG,
	HONE_SET_SPLIT_DEBUGINFO,
	HONE_SET_DEBUG_ASSERTIONS,
	HONE_SET_OVERFLOW_CHECKS,
	HONE_SET_INCREMENTAL,
	HONE_SET_RPATH,
	HONE_SET_INHERITS,
	HONE_SET_RUSTFLAGS,
	HONE_SET_TRIM_PATHS,
	HONE_SET_CODEGEN_BACKEND,
	HONE_SET_HINT_MOSTLY_UNUSED,
	HONE_SET_RUSTC_TARGET_CPU,
	HONE_SET_RUSTC_INLINE_THRESHOLD,
	HONE_SET_RUSTC_PREINLINE_THRESHOLD,
	HONE_SET_RUSTC_EXT_TSP_SIZE,
	HONE_SET_RUSTC_MIN_JUMP_TABLE_ENTRIES,
	HONE_SET_RUSTC_COMPACT,
	HONE_SET_RUSTC_VECTORIZE_LOOPS,
	HONE_SET_RUSTC_VECTORIZE_SLP,
	HONE_SET_RUSTC_FORCE_UNWIND_TABLES,
	HONE_SET_RUSTC_FORCE_FRAME_POINTERS,
	HONE_SET_RUSTC_REMAP_PATH_PREFIX,
	HONE_SET_RUSTC_PREFER_DYNAMIC,
	HONE_SET_RUSTC_TUNE_CPU,
	HONE_SET_RUSTC_LOCATION_DETAIL,
	HONE_SET_RUSTC_FMT_DEBUG,
	HONE_SET_RUSTC_SHARE_GENERICS,
	HONE_SET_RUSTC_VIRTUAL_FUNCTION_ELIMINATION,
	HONE_SET_LINK_LINKER,
	HONE_SET_LINK_ICF,
	HONE_SET_LINK_RELR,
	HONE_SET_LINK_UNWIND,
	HONE_SET_LINK_MINSIZE,
	HONE_SET_LINK_OUTLINER,
	HONE_SET_LINK_SYMBOLIZER,
	HONE_SET_LINK_PIE,
	HONE_SET_LINK_STATIC,
	HONE_SET_LINK_ALLOCATOR,
	HONE_SET_LINK_BUILD_ID,
	HONE_SET_LINK_HASH_STYLE,
	HONE_SET_LINK_RELRO,
	HONE_SET_LINK_SEPARATE_CODE,
	HONE_SET_LINK_FUNCTION_ORDER,
	HONE_SET_LINK_EMIT_RELOCS,
	HONE_SET_LINK_COMPRESS_RELOCATIONS,
	HONE_SET_STD_BUILD,
	HONE_SET_STD_FEATURES,
	HONE_SET_TRAIN_PGO,
	HONE_SET_TRAIN_HOT,
	HONE_SET_TRAIN_NEAR,
	HONE_SET_POST_STRIP,
	HONE_SET_POST_WASM_OPT,
	HONE_SET_POST_BOLT,
	HONE_SETTINGS, /* how many there are */
	HONE_PROFILE_SETTINGS =
		HONE_SET_HINT_MOSTLY_UNUSED + 1, /* keys of [profile.NAME] come first */
};

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
	/* may take more memory than before */
	HONE_LABEL_MEMORY = 1 << 9,
	/* memory comes from another allocator than the C library's */
	HONE_LABEL_ALLOCATOR = 1 << 10,
	/* the C library is in the program: users, host names and plugins are not found as before */
	HONE_LABEL_STATIC = 1 << 11,
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
/* What they say: "changes what the program does, harder to debug"; the caller frees. */
char *hone_labels_text(unsigned labels);

/* What cargo's own parser takes as the value of a profile key. */
enum hone_key_grammar {
	HONE_GRAMMAR_LEVEL, /* 0 to 3 as integers, "s", "z" */
	HONE_GRAMMAR_STRING_OR_BOOL,
	HONE_GRAMMAR_DEBUG,
	HONE_GRAMMAR_TRIM,
	HONE_GRAMMAR_BOOL,
	HONE_GRAMMAR_U32,
	HONE_GRAMMAR_STRING,
	HONE_GRAMMAR_LIST,
};

/* The linkers that link.linker can name, in the order of its values. */
enum hone_linker {
	HONE_LINKER_LLD,
	HONE_LINKER_GNU,
	HONE_LINKER_MOLD,
	HONE_LINKER_GOLD,
	HONE_LINKERS, /* how many; as an answer: it is not known which */
};

/* A value of another setting beside which a value is left out. */
struct hone_setting_clash {
	enum hone_setting_id id;
	const char *values[3]; /* TOML texts, each in one of its spellings */
	unsigned linkers; /* bits, 1 << enum hone_linker: only where one of them links; 0: any */
	const char *why;  /* a sentence without a full stop; NULL ends a list */
};

struct hone_setting_value {
	/* TOML text: "\"s\"", "true", "1"; NULL ends the list. */
	const char *toml;
	/* TOML text of the value that means the same, or NULL. */
	const char *same_as;
	/* What it does, a phrase without a full stop. */
	const char *effect;
	/* enum hone_label bits */
	unsigned labels;
	/* What of the labels' risk the value takes, as bits that mean something within the setting only: a value risks
	 * nothing beyond another that has all of its bits. 0: values with the same label risk the same. */
	unsigned parts;
	/* For rustc and link settings: the arguments after `cargo rustc --` that this value stands
	 * for, blank-separated; %s stands for the value itself; NULL: none. Those of the first row
	 * also serve the values that an open setting does not list. For std settings and for values
	 * of profile keys that only a nightly takes: options of cargo itself. For post.wasm-opt: that
	 * tool's. For post.bolt: of rustc, for the link before it. */
	const char *flags;
	/* First stable version, or NULL. */
	const char *since;
	/* Only for a program whose panics abort: refused where unwinding is in force. */
	bool needs_abort;
	/* What a linker cannot do of it: "which cannot merge functions". Refused with it; NULL: it can. */
	const char *lacks[HONE_LINKERS];
	/* Where the usual linker lacks it and nobody chose that one, lld links. */
	bool else_lld;
	/* Left out beside these, with a note; or NULL. */
	const struct hone_setting_clash *clashes;
};

struct hone_setting {
	enum hone_setting_id id;
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
	bool program; /* nothing for a library: it is about how a program starts, or lies in memory */
	bool native; /* nothing for WebAssembly: it is about a machine, or about ELF */
	bool wasm;   /* nothing but for WebAssembly */
	/* Of profile keys only. */
	enum hone_key_grammar grammar;
	const char *feature; /* the nightly feature that cargo wants for it, or NULL */
	const char *codegen; /* the -C option of rustc that says the same, or NULL */
	const char *env_key; /* what follows CARGO_PROFILE_<NAME>_, or NULL */
	/* Ends with toml == NULL; for an open setting the examples worth naming. */
	const struct hone_setting_value *values;
	bool open; /* takes values that are not listed, if of its type */
	/* Of an open string: the value is the path of a file of the user's, from the workspace's root. Where that is not
	 * there a candidate is refused; its content belongs to what is built. */
	bool file;
	/* Of an open integer, both inclusive. Of an open string with max > 0, whose text is a number:
	 * above min, at most max. */
	int64_t min, max;
	/* Prose for explain; NULL when there is nothing to say. */
	const char *build_cost;
	const char *risks;
	const char *interacts;
	const char *folklore; /* what people get wrong about it */
};

/* The row of a setting. */
const struct hone_setting *hone_setting(enum hone_setting_id id);
/* The next one, in the order of `explain`; NULL after the last. */
const struct hone_setting *hone_setting_next(const struct hone_setting *s);
/* for (HONE_EACH_SETTING(s)): all rows, in that order; HONE_SETTINGS_FROM: from one of them on. */
#define HONE_SETTINGS_FROM(s, first)                                                               \
	const struct hone_setting *s = (first);                                                    \
	s;                                                                                         \
	s = hone_setting_next(s)
#define HONE_EACH_SETTING(s) HONE_SETTINGS_FROM(s, hone_setting((enum hone_setting_id)0))
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
