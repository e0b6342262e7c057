#include "elf_trim.h"

#include "elf_file.h"

#include <elf.h>
#include <string.h>

#define X86_PAGE 4096u

/* Program header i in the bytes of the file. */
static char *ph_bytes(const struct hone_elf *e, struct hone_buf *file, size_t i)
{
	return file->p + e->phoff + i * hone_elf_phdr_size(e);
}

static void put_offset(const struct hone_elf *e, char *p, uint64_t x)
{
	hone_elf_put_word(e, p + (e->is64 ? 8 : 4), x);
}

static void put_filesz(const struct hone_elf *e, char *p, uint64_t x)
{
	hone_elf_put_word(e, p + (e->is64 ? 32 : 16), x);
}

static void put_align(const struct hone_elf *e, char *p, uint64_t x)
{
	hone_elf_put_word(e, p + (e->is64 ? 48 : 28), x);
}

static bool inside(const struct hone_elf_ph *h, const struct hone_elf_ph *load)
{
	return h->filesz > 0 && h->offset >= load->offset && h->filesz <= load->filesz &&
	       h->offset - load->offset <= load->filesz - h->filesz;
}

/* Moves LOAD segment k and all that lies inside it to a lower offset. */
static void move_segment(
	const struct hone_elf *e, struct hone_buf *file, size_t k, uint64_t to, bool *moved)
{
	const struct hone_elf_ph *load = &e->ph[k];
	memmove(file->p + to, file->p + load->offset, (size_t)load->filesz);
	for (size_t i = 0; i < e->n_ph; i++) {
		if (moved[i] || (i != k && (e->ph[i].type == PT_LOAD || !inside(&e->ph[i], load))))
			continue;
		moved[i] = true;
		put_offset(e, ph_bytes(e, file, i), e->ph[i].offset - load->offset + to);
	}
}

/* LOAD segments must follow each other without overlap, the first one holding the headers. */
static bool is_foldable(const struct hone_elf *e)
{
	uint64_t end = 0;
	if (e->machine != EM_X86_64 && e->machine != EM_386)
		return false;
	for (size_t i = 0; i < e->n_ph; i++) {
		const struct hone_elf_ph *h = &e->ph[i];
		if (h->type != PT_LOAD || h->filesz == 0)
			continue;
		if (h->offset < end || (end == 0 && h->offset != 0))
			return false;
		end = h->offset + h->filesz;
	}
	const struct hone_elf_ph *first = hone_elf_find_ph(e, PT_LOAD);
	return first && end == e->file_size &&
	       first->filesz >= e->phoff + e->n_ph * hone_elf_phdr_size(e);
}

static void fold_alignment(struct hone_buf *file)
{
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	if (hone_elf_from_bytes(hone_buf_view(file), &e, NULL) < 0 || !is_foldable(&e))
		return;
	bool *moved = hone_xcalloc(e.n_ph, sizeof *moved);
	uint64_t end = 0;
	for (size_t i = 0; i < e.n_ph; i++) {
		const struct hone_elf_ph *h = &e.ph[i];
		if (h->type != PT_LOAD || h->filesz == 0)
			continue;
		uint64_t to = end + ((h->vaddr - end) & (X86_PAGE - 1));
		if (to < h->offset) {
			/* Bytes between two segments are padding, and must not become visible. */
			memset(file->p + end, 0, (size_t)(to - end));
			move_segment(&e, file, i, to, moved);
			if (h->align > X86_PAGE)
				put_align(&e, ph_bytes(&e, file, i), X86_PAGE);
		} else {
			to = h->offset;
		}
		end = to + h->filesz;
	}
	free(moved);
	hone_buf_cut(file, (size_t)end);
}

static void cut_zeros(struct hone_buf *file)
{
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	if (hone_elf_from_bytes(hone_buf_view(file), &e, NULL) < 0)
		return;
	size_t last = SIZE_MAX;
	for (size_t i = 0; i < e.n_ph; i++) {
		const struct hone_elf_ph *h = &e.ph[i];
		if (h->type != PT_LOAD || h->filesz == 0 || h->offset + h->filesz != file->n)
			continue;
		if (last != SIZE_MAX)
			return;
		last = i;
	}
	if (last == SIZE_MAX || !(e.ph[last].flags & PF_W))
		return;
	uint64_t keep = e.ph[last].offset + 1; /* a segment of no bytes is mapped in another way */
	if (keep < e.phoff + e.n_ph * hone_elf_phdr_size(&e))
		keep = e.phoff + e.n_ph * hone_elf_phdr_size(&e);
	size_t n = file->n;
	while (n > keep && file->p[n - 1] == 0)
		n--;
	put_filesz(&e, ph_bytes(&e, file, last), n - e.ph[last].offset);
	hone_buf_cut(file, n);
}

void hone_elf_trim(struct hone_buf *file)
{
	fold_alignment(file);
	cut_zeros(file);
}
