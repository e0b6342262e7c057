#ifndef HONE_CARGO_PROFILE_TABLE_H
#define HONE_CARGO_PROFILE_TABLE_H
/* One [profile.NAME] table as cargo reads it, from the manifest or from the config with its
 * variables; and how such tables are put over each other. For the profile_*.c files.
 * Read from cargo 1.95: cargo-util-schemas manifest/mod.rs (TomlProfile), util/toml/mod.rs
 * (validate_profile), core/profiles.rs. */
#include "config.h"
#include "profile.h"

/* A profile key: an enum hone_setting_id below HONE_PROFILE_SETTINGS, or what no candidate may set. */
enum {
	HONE_KEY_DIR_NAME = HONE_PROFILE_SETTINGS,
	HONE_KEY_COUNT,
};
/* "opt-level", ... */
const char *hone_profile_key_name(size_t key);
/* HONE_KEY_COUNT when cargo has no such key. */
size_t hone_profile_key_find(const char *name);
/* All key names with "package" and "build-override", ends with NULL: for "did you mean". */
const char *const *hone_profile_key_names(void);

/* One value as somebody wrote it. */
struct hone_profile_entry {
	const char *toml;    /* canonical TOML text: "fat" in double quotes, decimal integers */
	const char *where;   /* "path:line:col", variable, option; NULL for a built-in default */
	const char *profile; /* the profile whose table it stands in */
	enum hone_origin_kind origin;          /* never INHERITED: where it was written */
	const struct hone_config_value *value; /* as read; NULL for a built-in default */
};

struct hone_profile_body {
	const struct hone_profile_entry *key[HONE_KEY_COUNT]; /* NULL: not written */
};

struct hone_profile_override {
	const char *spec; /* as written: "serde", "foo:1.2", "*" */
	const char *where;
	const char *profile;
	enum hone_origin_kind origin;
	struct hone_profile_body body;
};

/* A key that cargo does not know. */
struct hone_profile_unknown {
	const char *table, *key; /* "profile.release.package.foo", "optlevel" */
	const char *where;
	enum hone_origin_kind origin;
	bool top; /* in [profile.NAME] itself, where package and build-override are keys, too */
};

struct hone_profile_table {
	const char *name;
	const char *where;                      /* of the header, or NULL: variables alone */
	const struct hone_config_value *source; /* the table as read, or NULL */
	struct hone_profile_body body;
	bool has_build;
	struct hone_profile_body build; /* build-override */
	bool has_packages;              /* a package table is there, if only an empty one */
	HONE_VEC(struct hone_profile_override) overrides;
	HONE_VEC(struct hone_profile_unknown) unknown;
};
void hone_profile_table_free(struct hone_profile_table *t);

/* Reads one profile. table: the manifest's table, then config is NULL; or NULL, and config is asked for
 * profile.NAME with variables. *ret is NULL when the config says nothing about it. features: the
 * nightly features of cargo that are on. Errors are cargo's reasons with the place before them. */
int hone_profile_table_read(struct hone_arena *arena, const char *name,
	const struct hone_config_value *table, struct hone_config *config,
	const struct hone_strv *features, struct hone_profile_table **ret_table,
	struct hone_err *err);
/* Puts `over` over `t`, key by key, override by override. */
void hone_profile_table_merge(struct hone_profile_table *t, const struct hone_profile_table *over);
/* Do two texts name the same package-id spec? name:1.2 is name@1.2. */
bool hone_profile_spec_eq(const char *a, const char *b);

#endif
