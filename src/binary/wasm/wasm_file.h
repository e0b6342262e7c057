#ifndef HONE_WASM_FILE_H
#define HONE_WASM_FILE_H
/* A bounds-checked reader of WebAssembly: core modules (core specification 2.0 with the sections of tags and
 * of what proposals have added since), and components, whose modules lie inside of them, at any depth up to a
 * limit. Everything is borrowed from the bytes of the file. */
#include "err.h"
#include "wasm_read.h"

/* Sections of a core module by their number. */
enum hone_wasm_id {
	HONE_WASM_CUSTOM,
	HONE_WASM_TYPE,
	HONE_WASM_IMPORT,
	HONE_WASM_FUNCTION,
	HONE_WASM_TABLE,
	HONE_WASM_MEMORY,
	HONE_WASM_GLOBAL,
	HONE_WASM_EXPORT,
	HONE_WASM_START,
	HONE_WASM_ELEMENT,
	HONE_WASM_CODE,
	HONE_WASM_DATA,
	HONE_WASM_DATA_COUNT,
	HONE_WASM_TAG,
	HONE_WASM_IDS,
};

struct hone_wasm_section {
	uint32_t module; /* index of the module or component that it is in */
	uint32_t inner;  /* index of the module or component inside of it; 0: none */
	uint8_t id;      /* enum hone_wasm_id, or a component's own number */
	/* The whole of it, with number and length; without what is a module of its own inside of it. */
	size_t offset, size;
	struct hone_view body; /* behind number, length and a custom section's name */
	struct hone_view name; /* of a custom section */
};

struct hone_wasm_module {
	size_t offset, size;
	uint32_t parent; /* index of the component that it is in; its own for the outermost */
	bool is_component;
	struct hone_view name; /* what the name section calls the module; empty: nothing */
};

struct hone_wasm {
	struct hone_view bytes;
	HONE_VEC(struct hone_wasm_module) modules;   /* the file first, then in file order */
	HONE_VEC(struct hone_wasm_section) sections; /* in file order */
};
#define HONE_WASM_INIT                                                                             \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_wasm __attribute__((cleanup(hone_wasm_release)))

/* Do bytes begin as WebAssembly does? */
bool hone_wasm_is(struct hone_view bytes);
/* Reads the sections. HONE_E_SYNTAX with the place, in bytes from the start of the file, when it is cut off or
 * broken or has a section of a number that there is not; HONE_E_LIMIT when components lie too deep in each other;
 * HONE_E_UNSUPPORTED for another version of the format. bytes stay borrowed. */
int hone_wasm_parse(struct hone_view bytes, struct hone_wasm *ret_wasm, struct hone_err *err);
void hone_wasm_release(struct hone_wasm *w);

/* "code", "data", ... of a core module; "core module", "canon", ... of a component. Static. */
const char *hone_wasm_section_name(const struct hone_wasm *w, const struct hone_wasm_section *s);
/* The section of a module, or NULL. */
const struct hone_wasm_section *hone_wasm_find(
	const struct hone_wasm *w, uint32_t module, enum hone_wasm_id id);
const struct hone_wasm_section *hone_wasm_find_custom(
	const struct hone_wasm *w, uint32_t module, const char *name);

#endif
