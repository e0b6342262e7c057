#ifndef HONE_BINARY_SIZE_OWNER_H
#define HONE_BINARY_SIZE_OWNER_H
/* Who the code and data of a binary belong to. A crate is known by name and hash (hone_sym_crate);
 * versions and the user's own crates come from the build's packages, else from the paths that
 * compilers leave in DWARF and in panic messages. Internal to size.c. */
#include "arena.h"
#include "size.h"

struct hone_owner {
	const char *name;    /* "regex", "[glue]" */
	const char *version; /* or NULL */
	uint64_t hash;       /* 0: unknown, or no crate */
	enum hone_size_kind kind;
	bool is_crate;
	const char *features; /* see struct hone_size_package; or NULL */
	uint64_t debug;       /* bytes of .debug_info */
};

/* What a source path says: "…/registry/src/INDEX/regex-1.10.2/src/lib.rs". */
struct hone_path_fact {
	const char *name, *version; /* the package's, name with _ for -; version may be NULL */
	enum hone_size_kind kind;   /* DEPENDENCY or STD */
};

struct hone_owners {
	struct hone_arena arena;
	HONE_VEC(struct hone_owner) v;
	uint32_t *slots; /* hash table of indexes + 1 */
	size_t n_slots;
	HONE_VEC(struct hone_path_fact) facts;
	const char **labels; /* by owner, once hone_owners_label was called */
};

/* Index of a crate / of a bracketed owner; made when it is new. */
uint32_t hone_owner_crate(struct hone_owners *o, struct hone_view name, uint64_t hash);
uint32_t hone_owner_named(struct hone_owners *o, const char *name, enum hone_size_kind kind);
/* The owner of a compilation unit, by its name and folder. */
uint32_t hone_owner_unit(struct hone_owners *o, const char *name, const char *dir, bool rust);
/* The owner of local symbols behind a file symbol: "core.c1f1a4ba060b9bfa-cgu.0" or "crtstuff.c".
 * false: the name tells nothing. */
bool hone_owner_of_file_symbol(struct hone_owners *o, const char *name, uint32_t *ret_owner);
/* The owner of a function that is in no crate and no unit. */
uint32_t hone_owner_plain(struct hone_owners *o, const char *symbol, bool cxx);
/* Looks for source paths in bytes of the program (panic messages hold them). */
void hone_owners_scan(struct hone_owners *o, struct hone_view bytes);
/* Fills versions and kinds in, merges crates whose hash is unknown into the only one of that name,
 * and makes a label for each: "regex 1.10.2", "syn (2 of 2)" where two versions cannot be told. */
void hone_owners_label(struct hone_owners *o, const struct hone_size_opts *opts);
void hone_owners_release(struct hone_owners *o);

#endif
