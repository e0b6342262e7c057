#ifndef HONE_WASM_OPS_H
#define HONE_WASM_OPS_H
/* What WebAssembly brings for object_ops.h. Internal to this folder. */
#include "object_ops.h"
#include "size_model.h"
#include "wasm_file.h"

/* A file in memory, read. */
struct hone_wasm_object {
	struct hone_object_data data;
	struct hone_wasm wasm;
};
#define HONE_WASM_OBJECT_INIT                                                                      \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_wasm_object __attribute__((cleanup(hone_wasm_object_release)))
/* Errors as hone_wasm_parse and hone_object_load; HONE_E_LIMIT for a file that no engine takes. */
int hone_wasm_object_read(
	const struct hone_object_file *f, struct hone_wasm_object *ret, struct hone_err *err);
void hone_wasm_object_release(struct hone_wasm_object *o);

int hone_wasm_size(struct hone_size *s, const struct hone_size_opts *opts, struct hone_err *err);
void hone_wasm_size_free(struct hone_size *s);
int hone_wasm_source_files(struct hone_size *s, bool full, struct hone_size_rows *rows,
	uint64_t *covered, struct hone_err *err);

#endif
