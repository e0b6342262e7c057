#ifndef HONE_ELF_WRITE_H
#define HONE_ELF_WRITE_H
/* Puts an ELF file together again from its loaded image, which keeps every byte and offset, and the
 * sections that are to follow it. Nothing that the loader maps ever moves, which is why a file
 * written this way runs as before. */
#include "buf.h"
#include "elf_file.h"

/* One section of the file to be written; the null section and the section names are added. */
struct hone_elf_part {
	size_t old;             /* its index in the input; 0: a new section */
	const char *name;       /* borrowed */
	struct hone_elf_sh sh;  /* link and info still name sections of the input; offset is set by
				 * the writer unless the bytes lie in the image */
	bool info_is_section;   /* sh.info names a section */
	struct hone_view bytes; /* borrowed; what follows the image; ignored inside the image */
};

/* Where the part of the file ends that the loader may read: headers, LOAD segments, sections with
 * addresses. */
uint64_t hone_elf_image_end(const struct hone_elf *e);

/* Copies section i of the input as a part. */
int hone_elf_part_of(const struct hone_elf *e, size_t i, struct hone_elf_part *ret_part,
	struct hone_object_data *ret_data, struct hone_err *err);

enum hone_elf_write_flags {
	HONE_ELF_NO_SECTIONS = 1, /* no section header table and no names; there must be no parts */
	HONE_ELF_KEEP_PHDRS = 2,  /* leave program headers alone: for debug files */
};

struct hone_elf_layout {
	uint64_t image_end;
	unsigned flags; /* enum hone_elf_write_flags */
	const struct hone_elf_part *parts;
	size_t n;
};
/* Writes image and parts into out (reset first). Sections of the input that no part stands for are
 * gone: links to them become 0. Program headers that describe bytes behind the image follow their
 * section or become PT_NULL. HONE_E_LIMIT when the file gets larger than out allows. */
int hone_elf_write(const struct hone_elf *e, struct hone_view in, const struct hone_elf_layout *l,
	struct hone_buf *out, struct hone_err *err);

#endif
