#include "elf_ops.h"
#include "num.h"

#include <elf.h>

static uint32_t relative_type(const struct hone_elf *e)
{
	switch (e->machine) {
	case EM_X86_64:
		return R_X86_64_RELATIVE;
	case EM_AARCH64:
		return R_AARCH64_RELATIVE;
	case EM_RISCV:
		return R_RISCV_RELATIVE;
	case EM_ARM:
		return R_ARM_RELATIVE;
	case EM_386:
		return R_386_RELATIVE;
	default:
		return 0;
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

/* Words that SHT_RELR takes for sorted addresses (gABI: an address, then bitmaps of the 63 or 31
 * words behind it; odd addresses cannot be packed and are not among them). */
static uint64_t relr_words(const uint64_t *addr, size_t n, size_t word)
{
	uint64_t words = 0, bits = 8 * word - 1;
	for (size_t i = 0; i < n;) {
		uint64_t base = addr[i++] + word;
		words++;
		for (;;) {
			size_t start = i;
			while (i < n && addr[i] - base < bits * word &&
				(addr[i] - base) % word == 0)
				i++;
			if (i == start)
				break;
			words++;
			base += bits * word;
		}
	}
	return words;
}

/* Packs the relative relocations of the file and counts what that saves. */
void hone_elf_advice(struct hone_size *s, struct hone_advice_list *l)
{
	const struct hone_elf *e = hone_elf_of(s);
	size_t w = e->is64 ? 8 : 4;
	uint32_t relative = relative_type(e);
	HONE_VEC(uint64_t) addr = {0};
	uint64_t old = 0;
	for (size_t i = 1; relative && i < e->n_sh; i++) {
		const struct hone_elf_sh *sh = &e->sh[i];
		hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
		if (!(sh->flags & SHF_ALLOC) || (sh->type != SHT_RELA && sh->type != SHT_REL) ||
			hone_elf_load_section(e, i, &d, NULL) < 0)
			continue;
		size_t size = sh->type == SHT_RELA ? 3 * w : 2 * w;
		for (size_t at = 0; d.v.n - at >= size; at += size) {
			uint64_t offset = hone_elf_word(e, d.v.p + at);
			uint64_t info = hone_elf_word(e, d.v.p + at + w);
			if ((e->is64 ? info & 0xffffffff : info & 0xff) != relative || offset % 2)
				continue;
			hone_vec_push(&addr, offset);
			old += size;
		}
	}
	if (addr.n > 0)
		qsort(addr.v, addr.n, sizeof *addr.v, by_value);
	uint64_t new = relr_words(addr.v, addr.n, w) * w;
	char text[HONE_NUM_TEXT];
	if (old > new)
		hone_advice_add(l, HONE_ADVICE_RELR, old - new,
			hone_xasprintf("%s relocations", hone_text_count(text, addr.n)));
	hone_vec_release(&addr);
}
