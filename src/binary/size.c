#include "size.h"

#include "object_ops.h"
#include "size_model.h"

void hone_size_free(struct hone_size *s)
{
	if (!s)
		return;
	if (s->ops)
		s->ops->size_free(s);
	hone_object_close(&s->file);
	hone_owners_release(&s->owners);
	hone_vec_release(&s->places);
	hone_vec_release(&s->spans);
	free(s->pieces);
	free(s->path);
	free(s);
}

bool hone_size_has_symbols(const struct hone_size *s)
{
	return s->has_symbols;
}

/* Makes the model of s->file; frees s on failure. */
static int make_model(struct hone_size *s, const struct hone_size_opts *opts,
	struct hone_size **ret_size, struct hone_err *err)
{
	static const struct hone_size_opts no_opts = {0};
	int error = hone_object_find_ops(&s->file, &s->ops, err);

	if (error)
		hone_err_wrap(err, "%s", s->path);
	if (!opts)
		opts = &no_opts;
	s->headers_only = opts->headers_only;
	if (!error)
		error = s->ops->size(s, opts, err);
	if (error) {
		hone_size_free(s);
		return error;
	}
	if (!s->headers_only)
		hone_owners_label(&s->owners, opts);
	*ret_size = s;
	return 0;
}

int hone_size_open(const char *path, const struct hone_size_opts *opts, struct hone_size **ret_size,
	struct hone_err *err)
{
	struct hone_size *s = HONE_NEW(struct hone_size);
	int error = hone_object_open(path, &s->file, err);

	if (error) {
		s->file = (struct hone_object_file)HONE_OBJECT_FILE_INIT;
		hone_size_free(s);
		return error;
	}
	s->path = hone_xstrdup(path);
	return make_model(s, opts, ret_size, err);
}

int hone_size_open_bytes(struct hone_view bytes, const char *name,
	const struct hone_size_opts *opts, struct hone_size **ret_size, struct hone_err *err)
{
	struct hone_size *s = HONE_NEW(struct hone_size);

	s->file = hone_object_of_bytes(bytes);
	s->path = hone_xstrdup(name);
	return make_model(s, opts, ret_size, err);
}

size_t hone_size_span_at(const struct hone_size *s, uint64_t addr)
{
	size_t lo = 0, hi = s->spans.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->spans.v[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || addr - s->spans.v[lo - 1].addr >= s->spans.v[lo - 1].size)
		return SIZE_MAX;
	return lo - 1;
}

const char *hone_size_symbol(const struct hone_size *s, const struct hone_span *span)
{
	return hone_object_string(s->strtab, span->name);
}

int hone_size_memory(struct hone_size *s, enum hone_size_by by, const struct hone_regions *regions,
	struct hone_memory *ret_memory, struct hone_err *err)
{
	if (!s->ops->memory)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"%s: is a %s file, which is no program of a device", s->path, s->ops->name);
	return s->ops->memory(s, by, regions, ret_memory, err);
}

int hone_memory_totals(
	const char *path, uint64_t *ret_flash, uint64_t *ret_ram, struct hone_err *err)
{
	hone_auto_object_file struct hone_object_file f = HONE_OBJECT_FILE_INIT;
	const struct hone_object_ops *ops = NULL;
	int error = hone_object_open(path, &f, err);

	if (error)
		return error;
	error = hone_object_find_ops(&f, &ops, err);
	if (!error && !ops->memory_totals)
		error = hone_err_set(err, HONE_E_UNSUPPORTED,
			"is a %s file, which is no program of a device", ops->name);
	if (!error)
		error = ops->memory_totals(&f, ret_flash, ret_ram, err);
	return error ? hone_err_wrap(err, "%s", path) : 0;
}

void hone_memory_release(struct hone_memory *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->rows[i].name);
	for (size_t i = 0; i < m->n_regions; i++)
		free(m->regions[i].name);
	free(m->rows);
	free(m->regions);
	*m = (struct hone_memory)HONE_MEMORY_INIT;
}

int hone_size_stack(struct hone_size *s, struct hone_stack *ret_stack, struct hone_err *err)
{
	if (!s->ops->stack)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"%s: stack use is estimated for little-endian Thumb and RISC-V programs "
			"only",
			s->path);
	return s->ops->stack(s, ret_stack, err);
}

void hone_stack_release(struct hone_stack *k)
{
	free(k->path);
	free(k->deepest_name);
	*k = (struct hone_stack)HONE_STACK_INIT;
}
