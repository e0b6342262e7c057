#ifndef HONE_WASM_CODE_H
#define HONE_WASM_CODE_H
/* What is in the sections of a core module: functions and their names, data segments, features, exports. */
#include "wasm_file.h"

struct hone_wasm_function {
	size_t offset, size;   /* in the file, with the length before the body */
	struct hone_view name; /* of the name section, else of an export; empty: none */
	uint32_t name_bytes;   /* what it takes in the name section */
};

struct hone_wasm_segment {
	size_t offset, size;   /* in the file, with what says where it goes */
	struct hone_view name; /* ".rodata"; empty: none */
};

/* One module's content. */
struct hone_wasm_code {
	uint32_t n_imported; /* functions that come from outside; they are numbered first */
	HONE_VEC(struct hone_wasm_function) functions; /* those that the module has the code of */
	HONE_VEC(struct hone_wasm_segment) segments;   /* as far as they could be read */
	bool has_names;                                /* a name section names functions */
};
#define HONE_WASM_CODE_INIT                                                                        \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_wasm_code __attribute__((cleanup(hone_wasm_code_release)))

/* Reads the content of a core module; names are borrowed from the file. HONE_E_SYNTAX: imports, exports or code are
 * broken. Broken names and data segments end where they break: nobody else has to understand them. */
int hone_wasm_code_read(const struct hone_wasm *w, uint32_t module, struct hone_wasm_code *ret_code,
	struct hone_err *err);
void hone_wasm_code_release(struct hone_wasm_code *c);

/* Calls each for every feature that the module says it uses or was compiled with ("bulk-memory"), without its sign;
 * used: '+' or '=' stands before it. false: it has no such section. Source: tool-conventions, Linking.md. */
bool hone_wasm_each_feature(const struct hone_wasm *w, uint32_t module,
	void (*each)(void *ctx, struct hone_view feature, bool used), void *ctx);
/* Calls each for every export of a module: 0 function, 1 table, 2 memory, 3 global, 4 tag. */
int hone_wasm_each_export(const struct hone_wasm *w, uint32_t module,
	void (*each)(void *ctx, struct hone_view name, unsigned kind, uint32_t index), void *ctx,
	struct hone_err *err);

#endif
