#ifndef HONE_ELF_CLASS_H
#define HONE_ELF_CLASS_H
/* What a section is for, decided by type, flags and name: the one place that knows the names. */
#include "elf_file.h"

enum hone_elf_class {
	HONE_SECT_IMAGE,   /* has an address: part of the program */
	HONE_SECT_DEBUG,   /* DWARF, stabs, their indexes and relocations */
	HONE_SECT_SYMBOLS, /* .symtab and the names that belong to it */
	HONE_SECT_NAMES,   /* the names of the sections */
	HONE_SECT_RELOCS,  /* relocations that the linker left in a linked file (--emit-relocs) */
	HONE_SECT_NOTE,    /* notes that are not loaded */
	HONE_SECT_COMMENT, /* which compilers and linker made it */
	HONE_SECT_ATTRIBUTES, /* .ARM.attributes and the like */
	HONE_SECT_LINK, /* only of use to linkers and debuggers' helpers: .llvm_addrsig, .gnu_debuglink */
	HONE_SECT_OTHER, /* not known: the program itself may read it from its file */
};

enum hone_elf_class hone_elf_classify(const struct hone_elf *e, size_t i);

#endif
