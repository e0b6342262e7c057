#include "elf_class.h"
#include "elf_ops.h"
#include "elf_write.h"

#include <elf.h>
#include <string.h>
#include <zlib.h>

/* A debugger takes names and DWARF from the debug file and everything else from the program, so
 * what is loaded stays as headers without bytes; notes stay whole, as they hold the build id. */
static int collect(
	const struct hone_elf *e, struct hone_elf_part *parts, size_t *ret_n, struct hone_err *err)
{
	size_t n = 0;
	for (size_t i = 1; i < e->n_sh; i++) {
		enum hone_elf_class class = hone_elf_classify(e, i);
		if (class == HONE_SECT_NAMES)
			continue;
		struct hone_object_data d = HONE_OBJECT_DATA_INIT;
		int rc = hone_elf_part_of(e, i, &parts[n], &d, err);
		if (rc < 0)
			return rc;
		if (class == HONE_SECT_IMAGE && parts[n].sh.type != SHT_NOTE)
			parts[n].sh.type = SHT_NOBITS;
		n++;
	}
	*ret_n = n;
	return 0;
}

int hone_elf_debug_file(
	struct hone_view in, struct hone_buf *out, uint32_t *ret_crc, struct hone_err *err)
{
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	int rc = hone_elf_from_bytes(in, &e, err);
	if (rc < 0)
		return rc;
	if (e.symtab == 0)
		return hone_err_set(err, HONE_E_NOT_FOUND,
			"has no symbol table: there is nothing to put into a debug file");
	/* Only the headers are taken over: an image of that length, in which no section lies. */
	uint64_t headers = hone_elf_ehdr_size(&e),
		 phdrs_end = e.phoff + e.n_ph * hone_elf_phdr_size(&e);
	if (e.n_ph > 0 && phdrs_end > headers)
		headers = phdrs_end;
	struct hone_elf_part *parts = hone_xcalloc(e.n_sh + 1, sizeof *parts);
	size_t n = 0;
	rc = collect(&e, parts, &n, err);
	if (rc == 0)
		rc = hone_elf_write(&e, in,
			&(struct hone_elf_layout){headers, HONE_ELF_KEEP_PHDRS, parts, n}, out,
			err);
	free(parts);
	if (rc < 0)
		return rc;
	*ret_crc = (uint32_t)crc32_z(0, (const unsigned char *)out->p, out->n);
	return 0;
}
