#include "elf_class.h"

#include <elf.h>
#include <string.h>

/* Not in every <elf.h>: LLVM's types for linkers, SHT_LLVM_ODRTAB to SHT_LLVM_LTO. */
#define LLVM_TYPES_FIRST 0x6fff4c00u
#define LLVM_TYPES_LAST 0x6fff4cffu

static bool is_debug_name(const char *name)
{
	static const char *const prefixes[] = {".debug_", ".zdebug_", ".gnu.debuglto_", ".stab",
		".gdb_index", ".debug", ".gnu.linkonce.wi."};
	for (size_t i = 0; i < HONE_COUNT(prefixes); i++)
		if (hone_starts(name, prefixes[i]))
			return true;
	return strcmp(name, ".line") == 0;
}

static enum hone_elf_class classify_strtab(const struct hone_elf *e, size_t i)
{
	if (i == e->symstr)
		return HONE_SECT_SYMBOLS;
	if (i == e->shstrndx)
		return HONE_SECT_NAMES;
	return is_debug_name(hone_elf_section_name(e, i)) ? HONE_SECT_DEBUG : HONE_SECT_OTHER;
}

static enum hone_elf_class classify_relocs(const struct hone_elf *e, size_t i)
{
	uint32_t target = e->sh[i].info;
	bool debug = target > 0 && target < e->n_sh && !(e->sh[target].flags & SHF_ALLOC) &&
		     is_debug_name(hone_elf_section_name(e, target));
	return debug ? HONE_SECT_DEBUG : HONE_SECT_RELOCS;
}

enum hone_elf_class hone_elf_classify(const struct hone_elf *e, size_t i)
{
	const struct hone_elf_sh *s = &e->sh[i];
	const char *name = hone_elf_section_name(e, i);
	if (s->flags & SHF_ALLOC)
		return HONE_SECT_IMAGE;
	if (s->type == SHT_SYMTAB || s->type == SHT_SYMTAB_SHNDX)
		return HONE_SECT_SYMBOLS;
	if (s->type == SHT_REL || s->type == SHT_RELA)
		return classify_relocs(e, i);
	if (s->type == SHT_STRTAB)
		return classify_strtab(e, i);
	if (is_debug_name(name))
		return HONE_SECT_DEBUG;
	if (s->type == SHT_NOTE || hone_starts(name, ".note") ||
		strcmp(name, ".gnu.build.attributes") == 0)
		return HONE_SECT_NOTE;
	if (strcmp(name, ".comment") == 0)
		return HONE_SECT_COMMENT;
	if (hone_ends(name, ".attributes"))
		return HONE_SECT_ATTRIBUTES;
	if (hone_starts(name, ".gnu.warning.") || s->type == SHT_GROUP ||
		(s->type >= LLVM_TYPES_FIRST && s->type <= LLVM_TYPES_LAST) ||
		s->flags & SHF_EXCLUDE || strcmp(name, ".gnu_debuglink") == 0 ||
		strcmp(name, ".gnu_debugaltlink") == 0)
		return HONE_SECT_LINK;
	return HONE_SECT_OTHER;
}
