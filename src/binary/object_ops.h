#ifndef HONE_BINARY_OBJECT_OPS_H
#define HONE_BINARY_OBJECT_OPS_H
/* What a format of object files brings: one table of functions, in a folder of its own. Internal to src/binary. */
#include "object.h"
#include "object_file.h"
#include "size_advice.h"
#include "size_memory.h"
#include "size_rows.h"
#include "stack.h"
#include "strip.h"

struct hone_object_ops {
	const char *name; /* "ELF" */
	/* Is it of this format, by its first bytes (HONE_OBJECT_HEAD of them, or all there are)? */
	bool (*is)(struct hone_view head);
	/* Fills ret, which is zero, but its format. */
	int (*info)(const struct hone_object_file *f, struct hone_object_info *ret,
		struct hone_err *err);
	int (*functions)(const struct hone_object_file *f, hone_object_function each, void *ctx,
		struct hone_err *err);
	/* Functions that others find by name when the file is loaded. NULL: the format's info tells them. */
	int (*exported)(const struct hone_object_file *f, hone_object_function each, void *ctx,
		struct hone_err *err);
	/* The names that others find functions and data of the file by. NULL: the format's info tells them. */
	int (*interface)(const struct hone_object_file *f, hone_object_function each, void *ctx,
		struct hone_err *err);
	/* strip.h; level is not HONE_STRIP_NONE unless there is a debug link. */
	int (*strip)(struct hone_view in, enum hone_strip_level level,
		const struct hone_strip_opts *opts, struct hone_buf *out, struct hone_err *err);
	int (*debug_file)(struct hone_view in, struct hone_buf *out, uint32_t *ret_crc,
		struct hone_err *err); /* NULL: the format has none */

	/* Makes the model of s->file (size_model.h): pieces, and unless headers_only spans and owners. twin: opts->twin,
	 * opened, or NULL. */
	int (*size)(struct hone_size *s, const struct hone_size_opts *opts, struct hone_err *err);
	void (*size_free)(struct hone_size *s); /* s->of_format */
	/* Adds a row for each source file that line tables give code to; covered[piece] gets the bytes of each piece that
	 * are in these rows. HONE_E_NOT_FOUND: no debug information. NULL: the format tells nothing. */
	int (*source_files)(struct hone_size *s, bool full, struct hone_size_rows *rows,
		uint64_t *covered, struct hone_err *err);
	/* Advice that only this format has; NULL: none. */
	void (*advice)(struct hone_size *s, struct hone_advice_list *l);
	/* Memory of a device (size_memory.h, stack.h). NULL: the format is no device's. */
	int (*memory_totals)(const struct hone_object_file *f, uint64_t *ret_flash,
		uint64_t *ret_ram, struct hone_err *err);
	int (*memory)(struct hone_size *s, enum hone_size_by by, const struct hone_regions *regions,
		struct hone_memory *ret, struct hone_err *err);
	int (*stack)(struct hone_size *s, struct hone_stack *ret, struct hone_err *err);
};

extern const struct hone_object_ops hone_elf_ops, hone_wasm_ops;

#define HONE_OBJECT_HEAD 64
/* The table of a file's format; errors as hone_object_info_read, without the path. */
int hone_object_find_ops(const struct hone_object_file *f, const struct hone_object_ops **ret_ops,
	struct hone_err *err);

#endif
