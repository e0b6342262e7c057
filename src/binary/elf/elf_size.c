/* The model of what each byte is for (size_model.h), of an ELF file. */
#include "elf_class.h"
#include "elf_ops.h"

#include <elf.h>
#include <string.h>

#define CHUNK ((uint64_t)1 << 20)

/* The same bytes in two files, read in portions. */
static bool same_bytes(const struct hone_elf *a, uint64_t at_a, const struct hone_elf *b,
	uint64_t at_b, uint64_t size)
{
	for (uint64_t done = 0; done < size; done += CHUNK) {
		uint64_t n = size - done < CHUNK ? size - done : CHUNK;
		hone_auto_object_data struct hone_object_data x = HONE_OBJECT_DATA_INIT,
							      y = HONE_OBJECT_DATA_INIT;
		if (hone_object_load(&a->file, at_a + done, n, &x, NULL) < 0 ||
			hone_object_load(&b->file, at_b + done, n, &y, NULL) < 0 ||
			!hone_view_eq(x.v, y.v))
			return false;
	}
	return true;
}

/* Build ids say nothing here: linkers make them of the whole file, symbols included. What counts
 * is that the code is the same at the same addresses. */
static int check_twin(const struct hone_elf *e, const struct hone_elf *t, struct hone_err *err)
{
	if (e->machine != t->machine || e->is64 != t->is64 || e->big != t->big ||
		e->type != t->type)
		return hone_err_set(
			err, HONE_E_CONFLICT, "is for another machine, or another kind of file");
	bool any = false;
	for (size_t i = 1; i < t->n_sh; i++) {
		const struct hone_elf_sh *sh = &t->sh[i];
		uint64_t offset, left;
		if (!(sh->flags & SHF_EXECINSTR) || sh->type == SHT_NOBITS || sh->size == 0)
			continue;
		any = true;
		if (!hone_elf_offset_of(e, sh->addr, &offset, &left) || left < sh->size ||
			!same_bytes(e, offset, t, sh->offset, sh->size))
			return hone_err_set(err, HONE_E_CONFLICT,
				"is not the unstripped twin: section %s has other bytes or another "
				"place",
				hone_elf_section_name(t, i));
	}
	if (!any)
		return hone_err_set(err, HONE_E_CONFLICT, "has no code to compare");
	return 0;
}

static int open_twin(struct hone_elf_model *m, const char *path, struct hone_err *err)
{
	int error = hone_object_open(path, &m->twin_file, err);

	if (error) {
		m->twin_file = (struct hone_object_file)HONE_OBJECT_FILE_INIT;
		return error;
	}
	error = hone_elf_read(&m->twin_file, &m->twin, err);
	if (!error)
		error = check_twin(&m->elf, &m->twin, err);
	if (error)
		return hone_err_wrap(err, "%s", path);
	/* Only when it has more to tell than the file itself. */
	if (m->twin.symtab && !m->elf.symtab)
		m->names = &m->twin;
	return 0;
}

const struct hone_elf *hone_elf_names_of(const struct hone_size *s)
{
	const struct hone_elf_model *m = hone_elf_model_of(s);

	return m->elf.n_sh > 0 ? &m->elf : m->names;
}

/* Sections of the image that are tables for the unwinder or for the dynamic loader. */
static enum hone_size_kind kind_in_image(const char *name)
{
	static const struct {
		const char *prefix;
		enum hone_size_kind kind;
	} table[] = {{".eh_frame", HONE_SIZE_UNWIND}, {".gcc_except_table", HONE_SIZE_UNWIND},
		{".ARM.ex", HONE_SIZE_UNWIND}, {".bolt.org.eh_frame", HONE_SIZE_UNWIND},
		{".bolt.org.gcc_except_table", HONE_SIZE_UNWIND}, {".rel", HONE_SIZE_RELOCS},
		{".dyn", HONE_SIZE_RELOCS}, {".gnu.hash", HONE_SIZE_RELOCS},
		{".hash", HONE_SIZE_RELOCS}, {".gnu.version", HONE_SIZE_RELOCS},
		{".got", HONE_SIZE_RELOCS}, {".interp", HONE_SIZE_RELOCS}, {".plt", HONE_SIZE_GLUE},
		{".init", HONE_SIZE_GLUE}, {".fini", HONE_SIZE_GLUE}, {".note", HONE_SIZE_HEADERS}};
	for (size_t i = 0; i < HONE_COUNT(table); i++)
		if (hone_starts(name, table[i].prefix))
			return table[i].kind;
	return HONE_SIZE_SECTION;
}

enum hone_size_kind hone_elf_kind_of_section(const struct hone_elf *e, size_t i)
{
	switch (hone_elf_classify(e, i)) {
	case HONE_SECT_IMAGE:
		return kind_in_image(hone_elf_section_name(e, i));
	case HONE_SECT_DEBUG:
		return HONE_SIZE_DEBUG;
	case HONE_SECT_SYMBOLS:
	case HONE_SECT_NAMES:
		return HONE_SIZE_SYMBOLS;
	case HONE_SECT_RELOCS:
		return HONE_SIZE_RELOCS;
	case HONE_SECT_NOTE:
	case HONE_SECT_COMMENT:
	case HONE_SECT_ATTRIBUTES:
	case HONE_SECT_LINK:
		return HONE_SIZE_HEADERS;
	case HONE_SECT_OTHER:
		return HONE_SIZE_SECTION;
	}
	return HONE_SIZE_SECTION;
}

static const char *segment_name(struct hone_size *s, uint32_t index)
{
	uint32_t f = hone_elf_of(s)->ph[index].flags;

	return hone_arena_printf(&s->owners.arena, "[segment %u %s%s%s]", index,
		f & PF_R ? "r" : "", f & PF_W ? "w" : "", f & PF_X ? "x" : "");
}

static struct hone_piece piece(struct hone_size *s, const struct hone_elf_piece *p)
{
	const struct hone_elf *e = hone_elf_names_of(s);
	struct hone_piece x = {p->offset, p->size, NULL, HONE_SIZE_HEADERS, false, false};

	switch (p->kind) {
	case HONE_PIECE_EHDR:
		x.name = "[ELF header]";
		break;
	case HONE_PIECE_PHDRS:
		x.name = "[program headers]";
		break;
	case HONE_PIECE_SHDRS:
		x.name = "[section headers]";
		break;
	case HONE_PIECE_SECTION:
		x.name = hone_elf_section_name(e, p->index);
		x.kind = hone_elf_kind_of_section(e, p->index);
		x.section = true;
		x.code = e->sh[p->index].flags & SHF_EXECINSTR;
		break;
	case HONE_PIECE_SEGMENT:
		x.name = segment_name(s, p->index);
		x.kind = HONE_SIZE_SECTION;
		break;
	case HONE_PIECE_PADDING:
		x.name = "[padding]";
		x.kind = HONE_SIZE_PADDING;
		break;
	case HONE_PIECE_APPENDED:
		x.name = "[appended data]";
		x.kind = HONE_SIZE_SECTION;
		break;
	}
	return x;
}

int hone_elf_size(struct hone_size *s, const struct hone_size_opts *opts, struct hone_err *err)
{
	struct hone_elf_model *m = HONE_NEW(struct hone_elf_model);
	int error;

	s->of_format = m;
	m->elf = m->twin = (struct hone_elf)HONE_ELF_INIT;
	m->twin_file = (struct hone_object_file)HONE_OBJECT_FILE_INIT;
	m->names = &m->elf;
	error = hone_elf_read(&s->file, &m->elf, err);
	if (error)
		return hone_err_wrap(err, "%s", s->path);
	if (opts->twin)
		error = open_twin(m, opts->twin, err);
	if (error)
		return error;
	s->has_symbols = m->names->symtab != 0;
	m->pieces = hone_elf_layout_cut(&m->elf, m->names, &s->n_pieces);
	s->pieces = hone_xcalloc(s->n_pieces + 1, sizeof(*s->pieces));
	for (size_t i = 0; i < s->n_pieces; i++)
		s->pieces[i] = piece(s, &m->pieces[i]);
	if (s->headers_only)
		return 0;
	error = hone_elf_read_spans(s, err);
	if (error)
		return hone_err_wrap(err, "%s", s->path);
	hone_elf_charge(s);
	return 0;
}

void hone_elf_size_free(struct hone_size *s)
{
	struct hone_elf_model *m = s->of_format;

	if (!m)
		return;
	hone_object_data_release(&m->strtab);
	hone_elf_release(&m->elf);
	hone_elf_release(&m->twin);
	hone_object_close(&m->twin_file);
	free(m->pieces);
	free(m);
}
