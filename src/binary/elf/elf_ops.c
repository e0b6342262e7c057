#include "elf_ops.h"

#include <elf.h>
#include <string.h>

static bool is_elf(struct hone_view head)
{
	return head.n >= SELFMAG && memcmp(head.p, ELFMAG, SELFMAG) == 0;
}

static bool is_function(const struct hone_elf_sym *s)
{
	return s->type == STT_FUNC;
}

static bool is_named(const struct hone_elf_sym *s)
{
	return s->bind != STB_LOCAL && s->type != STT_SECTION && s->type != STT_FILE;
}

/* What a table of symbols defines and counts. */
static int symbols_of(const struct hone_elf *e, size_t table, size_t strings,
	bool (*counts)(const struct hone_elf_sym *s), hone_object_function each, void *ctx,
	struct hone_err *err)
{
	hone_auto_object_data struct hone_object_data symbols = HONE_OBJECT_DATA_INIT;
	hone_auto_object_data struct hone_object_data names = HONE_OBJECT_DATA_INIT;
	size_t size = hone_elf_sym_size(e);
	int error = hone_elf_load_section(e, table, &symbols, err);

	if (!error)
		error = hone_elf_load_section(e, strings, &names, err);
	for (size_t at = size; !error && symbols.v.n >= size && at <= symbols.v.n - size;
		at += size) {
		struct hone_elf_sym s = hone_elf_sym_at(e, symbols.v.p + at);

		if (counts(&s) && s.shndx != SHN_UNDEF)
			each(ctx, hone_object_string(names.v, s.name), s.value);
	}
	return error;
}

static int functions(const struct hone_object_file *f, hone_object_function each, void *ctx,
	struct hone_err *err)
{
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	int error = hone_elf_read(f, &e, err);

	if (error || !e.symtab || !e.symstr)
		return error;
	return symbols_of(&e, e.symtab, e.symstr, is_function, each, ctx, err);
}

static int dynamic(const struct hone_object_file *f, bool (*counts)(const struct hone_elf_sym *s),
	hone_object_function each, void *ctx, struct hone_err *err)
{
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	int error = hone_elf_read(f, &e, err);
	size_t table = error ? 0 : hone_elf_find_type(&e, SHT_DYNSYM);

	if (error || !table || !e.sh[table].link || e.sh[table].link >= e.n_sh)
		return error;
	return symbols_of(&e, table, e.sh[table].link, counts, each, ctx, err);
}

static int exported(const struct hone_object_file *f, hone_object_function each, void *ctx,
	struct hone_err *err)
{
	return dynamic(f, is_function, each, ctx, err);
}

static int interface(const struct hone_object_file *f, hone_object_function each, void *ctx,
	struct hone_err *err)
{
	return dynamic(f, is_named, each, ctx, err);
}

const struct hone_object_ops hone_elf_ops = {
	.name = "ELF",
	.is = is_elf,
	.info = hone_elf_info,
	.functions = functions,
	.exported = exported,
	.interface = interface,
	.strip = hone_elf_strip,
	.debug_file = hone_elf_debug_file,
	.size = hone_elf_size,
	.size_free = hone_elf_size_free,
	.source_files = hone_elf_source_files,
	.advice = hone_elf_advice,
	.memory_totals = hone_elf_memory_totals,
	.memory = hone_elf_memory,
	.stack = hone_elf_stack,
};
