#include "size.h"

#include "size_model.h"

#include <elf.h>
#include <string.h>

#define CHUNK ((uint64_t)1 << 20)

void hone_size_free(struct hone_size *s)
{
	if (!s)
		return;
	hone_elf_data_release(&s->strtab);
	hone_elf_release(&s->elf);
	hone_elf_release(&s->twin);
	hone_owners_release(&s->owners);
	hone_vec_release(&s->places);
	hone_vec_release(&s->spans);
	free(s->pieces);
	free(s->path);
	free(s);
}

bool hone_size_has_symbols(const struct hone_size *s)
{
	return s->names->symtab != 0;
}

/* The same bytes in two files, read in portions. */
static bool same_bytes(const struct hone_elf *a, uint64_t at_a, const struct hone_elf *b,
	uint64_t at_b, uint64_t size)
{
	for (uint64_t done = 0; done < size; done += CHUNK) {
		uint64_t n = size - done < CHUNK ? size - done : CHUNK;
		hone_auto_elf_data struct hone_elf_data x = HONE_ELF_DATA_INIT,
							y = HONE_ELF_DATA_INIT;
		if (hone_elf_load(a, at_a + done, n, &x, NULL) < 0 ||
			hone_elf_load(b, at_b + done, n, &y, NULL) < 0 || !hone_view_eq(x.v, y.v))
			return false;
	}
	return true;
}

/* Build ids say nothing here: linkers make them of the whole file, symbols included. What counts
 * is that the code is the same at the same addresses. */
static int check_twin(const struct hone_size *s, struct hone_err *err)
{
	const struct hone_elf *e = &s->elf, *t = &s->twin;
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

static int open_twin(struct hone_size *s, const char *twin, struct hone_err *err)
{
	int rc = hone_elf_open(twin, &s->twin, err);
	if (rc < 0)
		return rc;
	rc = check_twin(s, err);
	if (rc < 0)
		return hone_err_wrap(err, "%s", twin);
	/* Only when it has more to tell than the file itself. */
	if (s->twin.symtab && !s->elf.symtab)
		s->names = &s->twin;
	return 0;
}

/* Makes the model of s->elf; frees s on failure. */
static int finish_open(struct hone_size *s, const struct hone_size_opts *opts,
	struct hone_size **ret_size, struct hone_err *err)
{
	static const struct hone_size_opts no_opts = {0};
	int rc = 0;
	if (!opts)
		opts = &no_opts;
	if (opts->twin)
		rc = open_twin(s, opts->twin, err);
	if (rc == 0)
		s->pieces = hone_layout_cut(&s->elf, s->names, &s->n_pieces);
	s->headers_only = opts->headers_only;
	if (rc == 0 && !s->headers_only) {
		rc = hone_size_read_spans(s, err);
		if (rc < 0)
			rc = hone_err_wrap(err, "%s", s->path);
	}
	if (rc < 0) {
		hone_size_free(s);
		return rc;
	}
	if (!s->headers_only) {
		hone_size_charge(s);
		hone_owners_label(&s->owners, opts);
	}
	*ret_size = s;
	return 0;
}

static struct hone_size *new_size(const char *path)
{
	struct hone_size *s = HONE_NEW(struct hone_size);
	s->elf = s->twin = (struct hone_elf)HONE_ELF_INIT;
	s->path = hone_xstrdup(path);
	s->names = &s->elf;
	return s;
}

int hone_size_open(const char *path, const struct hone_size_opts *opts, struct hone_size **ret_size,
	struct hone_err *err)
{
	struct hone_size *s = new_size(path);
	int rc = hone_elf_open(path, &s->elf, err);
	if (rc < 0) {
		hone_size_free(s);
		return rc;
	}
	return finish_open(s, opts, ret_size, err);
}

int hone_size_open_bytes(struct hone_view bytes, const char *name,
	const struct hone_size_opts *opts, struct hone_size **ret_size, struct hone_err *err)
{
	struct hone_size *s = new_size(name);
	int rc = hone_elf_from_bytes(bytes, &s->elf, err);
	if (rc < 0) {
		hone_size_free(s);
		return rc;
	}
	return finish_open(s, opts, ret_size, err);
}
