#ifndef HONE_ELF_OPS_H
#define HONE_ELF_OPS_H
/* What ELF brings for object_ops.h, and the parts of its model of sizes. Internal to this folder. */
#include "elf_file.h"
#include "elf_layout.h"
#include "object_ops.h"
#include "size_model.h"

int hone_elf_info(
	const struct hone_object_file *f, struct hone_object_info *ret, struct hone_err *err);
int hone_elf_strip(struct hone_view in, enum hone_strip_level level,
	const struct hone_strip_opts *opts, struct hone_buf *out, struct hone_err *err);
int hone_elf_debug_file(
	struct hone_view in, struct hone_buf *out, uint32_t *ret_crc, struct hone_err *err);

/* hone_size.of_format. */
struct hone_elf_model {
	struct hone_elf elf;               /* the file itself */
	struct hone_object_file twin_file; /* the unstripped one, when given */
	struct hone_elf twin;
	const struct hone_elf *names;  /* where symbols are taken from: elf or twin */
	struct hone_elf_piece *pieces; /* as hone_size.pieces, one for one */
	struct hone_object_data strtab;
};
static inline struct hone_elf_model *hone_elf_model_of(const struct hone_size *s)
{
	return s->of_format;
}
static inline const struct hone_elf *hone_elf_of(const struct hone_size *s)
{
	return &hone_elf_model_of(s)->elf;
}
/* The file that names the sections: that of the piece's index. */
const struct hone_elf *hone_elf_names_of(const struct hone_size *s);
/* What the bytes of a section are, that no symbol covers. */
enum hone_size_kind hone_elf_kind_of_section(const struct hone_elf *e, size_t i);

int hone_elf_size(struct hone_size *s, const struct hone_size_opts *opts, struct hone_err *err);
void hone_elf_size_free(struct hone_size *s);
/* Finds places, reads symbols and units, makes spans. */
int hone_elf_read_spans(struct hone_size *s, struct hone_err *err);
/* Charges unwind tables and relocations to spans. */
void hone_elf_charge(struct hone_size *s);
/* Adds the rows of source_files (object_ops.h) that the DWARF of e has; another format's sections may be laid out as
 * those of an ELF file for it. */
int hone_dwarf_source_files(struct hone_size *s, const struct hone_elf *e, bool full,
	struct hone_size_rows *rows, uint64_t *covered, struct hone_err *err);
int hone_elf_source_files(struct hone_size *s, bool full, struct hone_size_rows *rows,
	uint64_t *covered, struct hone_err *err);
void hone_elf_advice(struct hone_size *s, struct hone_advice_list *l);
int hone_elf_memory_totals(const struct hone_object_file *f, uint64_t *ret_flash, uint64_t *ret_ram,
	struct hone_err *err);
int hone_elf_memory(struct hone_size *s, enum hone_size_by by, const struct hone_regions *regions,
	struct hone_memory *ret_memory, struct hone_err *err);
int hone_elf_stack(struct hone_size *s, struct hone_stack *ret_stack, struct hone_err *err);

#endif
