#ifndef HONE_BINARY_SIZE_ADVICE_H
#define HONE_BINARY_SIZE_ADVICE_H
/* What of a binary could go, each with its bytes, counted or computed from the file, never guessed. */
#include "size.h"

enum hone_advice_id {
	HONE_ADVICE_STRIP, /* symbol tables and debug information */
	HONE_ADVICE_RELR, /* relative relocations, packed: the saving is computed by packing them */
	HONE_ADVICE_UNWIND, /* unwind tables, of use only for panics that unwind and for backtraces */
	HONE_ADVICE_BACKTRACE,  /* the code that turns addresses into names when a program panics */
	HONE_ADVICE_FORMATTING, /* core::fmt and what only panics call: an upper bound */
	HONE_ADVICE_GENERICS, /* instances of generic functions beyond the largest of each: an upper bound */
	HONE_ADVICE_VERSIONS, /* crates that are there in several versions, all but the largest */
	HONE_ADVICE_FEATURES, /* a dependency whose default features are on, one each: all its bytes */
};

struct hone_advice {
	enum hone_advice_id id;
	uint64_t bytes;     /* what it is worth; never 0 */
	bool upper_bound;   /* the bytes are what there is; part of it will stay */
	const char *name;   /* "relocations", "unwind tables": static */
	const char *remedy; /* what to do or try; static */
	char *detail;       /* "3,112 relocations", "syn 1.0.9, syn 2.0.1"; owned, may be NULL */
};

struct hone_advice_list {
	struct hone_advice *v; /* the largest first */
	size_t n, cap;
};
#define HONE_ADVICE_LIST_INIT                                                                      \
	{                                                                                          \
		0                                                                                  \
	}

/* Looks at the model; what needs symbols is left out when there are none. */
void hone_size_advice(struct hone_size *s, struct hone_advice_list *ret_list);
void hone_advice_list_release(struct hone_advice_list *l);
/* For the formats: appends one, unless it is worth no byte; takes detail (or NULL). */
void hone_advice_add(
	struct hone_advice_list *l, enum hone_advice_id id, uint64_t bytes, char *detail);
/* "strip", "relr", ...: the name in JSON. */
const char *hone_advice_id_name(enum hone_advice_id id);

#endif
