#include "wasm_ops.h"

#include "wasm_code.h"
#include "wasm_strip.h"

#include <string.h>

/* The largest file that hone reads; engines take one of 1 GB at most. */
#define FILE_LIMIT ((uint64_t)1 << 30)

void hone_wasm_object_release(struct hone_wasm_object *o)
{
	hone_wasm_release(&o->wasm);
	hone_object_data_release(&o->data);
}

int hone_wasm_object_read(
	const struct hone_object_file *f, struct hone_wasm_object *ret, struct hone_err *err)
{
	struct hone_wasm_object o = HONE_WASM_OBJECT_INIT;
	int error = 0;

	if (f->size > FILE_LIMIT)
		error = hone_err_set(err, HONE_E_LIMIT,
			"is larger than the %llu bytes that hone reads of a WebAssembly file",
			(unsigned long long)FILE_LIMIT);
	if (!error)
		error = hone_object_load(f, 0, f->size, &o.data, err);
	if (!error)
		error = hone_wasm_parse(o.data.v, &o.wasm, err);
	if (error) {
		hone_wasm_object_release(&o);
		return error;
	}
	*ret = o;
	return 0;
}

/* Is there a custom section for that in the file? */
static bool has_use(const struct hone_wasm *w, enum hone_wasm_use use)
{
	for (size_t i = 0; i < w->sections.n; i++)
		if (w->sections.v[i].id == HONE_WASM_CUSTOM &&
			hone_wasm_use_of(w->sections.v[i].name) == use)
			return true;
	return false;
}

static void add_feature(void *ctx, struct hone_view feature, bool used)
{
	struct hone_object_info *i = ctx;

	if (used)
		hone_strv_pushv(&i->features, feature);
}

static void add_export(void *ctx, struct hone_view name, unsigned kind, uint32_t index)
{
	struct hone_object_info *i = ctx;

	(void)index;
	hone_strv_pushf(&i->exports, "%u %.*s", kind, (int)name.n, name.p);
}

static int info(
	const struct hone_object_file *f, struct hone_object_info *ret, struct hone_err *err)
{
	hone_auto_wasm_object struct hone_wasm_object o = HONE_WASM_OBJECT_INIT;
	const struct hone_wasm *w = &o.wasm;
	int error = hone_wasm_object_read(f, &o, err);

	if (error)
		return error;
	ret->bits = 32;
	ret->is_component = w->modules.v[0].is_component;
	ret->has_symtab = has_use(w, HONE_WASM_NAMES);
	ret->has_debug = has_use(w, HONE_WASM_DEBUG);
	ret->sections = hone_xcalloc(w->sections.n + 1, sizeof(*ret->sections));
	for (size_t i = 0; i < w->sections.n; i++) {
		const struct hone_wasm_section *s = &w->sections.v[i];

		ret->sections[ret->n_sections++] = (struct hone_object_section){
			.name = s->id == HONE_WASM_CUSTOM
					? hone_view_dup(s->name)
					: hone_xstrdup(hone_wasm_section_name(w, s)),
			.type = s->id,
			.offset = s->offset,
			.size = s->size};
	}
	if (ret->is_component)
		return 0;
	ret->tells_features = hone_wasm_each_feature(w, 0, add_feature, ret);
	/* What is broken further in is not the headers' matter. */
	(void)hone_wasm_each_export(w, 0, add_export, ret, NULL);
	hone_strv_sort(&ret->exports);
	return 0;
}

static int functions(const struct hone_object_file *f, hone_object_function each, void *ctx,
	struct hone_err *err)
{
	hone_auto_wasm_object struct hone_wasm_object o = HONE_WASM_OBJECT_INIT;
	int error = hone_wasm_object_read(f, &o, err);

	for (uint32_t m = 0; !error && m < o.wasm.modules.n; m++) {
		hone_auto_wasm_code struct hone_wasm_code code = HONE_WASM_CODE_INIT;

		if (o.wasm.modules.v[m].is_component)
			continue;
		error = hone_wasm_code_read(&o.wasm, m, &code, err);
		for (size_t i = 0; !error && code.has_names && i < code.functions.n; i++) {
			hone_auto_free char *name = hone_view_dup(code.functions.v[i].name);

			if (*name)
				each(ctx, name, code.functions.v[i].offset);
		}
	}
	return error;
}

struct how {
	enum hone_strip_level level;
	const char *const *keep;
};

/* Is a section called by an item of --keep? */
static bool is_kept_by(const char *item, const struct hone_wasm_section *s)
{
	enum hone_wasm_use use = hone_wasm_use_of(s->name);

	if (strcmp(item, "symbols") == 0)
		return use == HONE_WASM_NAMES;
	if (strcmp(item, "debug") == 0)
		return use == HONE_WASM_DEBUG;
	if (strcmp(item, "notes") == 0)
		return use == HONE_WASM_NOTES;
	return hone_view_is(s->name, item);
}

static bool drops(const void *ctx, const struct hone_wasm_section *s)
{
	const struct how *how = ctx;

	for (const char *const *k = how->keep; k && *k; k++)
		if (is_kept_by(*k, s))
			return false;
	switch (hone_wasm_use_of(s->name)) {
	case HONE_WASM_DEBUG:
		return true;
	case HONE_WASM_NAMES:
	case HONE_WASM_NOTES:
		return how->level >= HONE_STRIP_SYMBOLS;
	case HONE_WASM_LINK:
	case HONE_WASM_NEEDED:
		break;
	}
	return false;
}

static int check_keep(const struct hone_wasm *w, const char *const *keep, struct hone_err *err)
{
	for (const char *const *k = keep; k && *k; k++) {
		bool found = false;

		for (size_t i = 0; !found && i < w->sections.n; i++)
			found = w->sections.v[i].id == HONE_WASM_CUSTOM &&
				is_kept_by(*k, &w->sections.v[i]);
		if (!found)
			return hone_err_set(
				err, HONE_E_NOT_FOUND, "has nothing called %s to keep", *k);
	}
	return 0;
}

static int strip(struct hone_view in, enum hone_strip_level level,
	const struct hone_strip_opts *opts, struct hone_buf *out, struct hone_err *err)
{
	hone_auto_wasm struct hone_wasm w = HONE_WASM_INIT;
	struct how how = {level, opts->keep};
	int error = 0;

	if (opts->debuglink)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"is a WebAssembly file, and those have no separate debug files");
	error = hone_wasm_parse(in, &w, err);
	if (!error && has_use(&w, HONE_WASM_LINK))
		error = hone_err_set(err, HONE_E_UNSUPPORTED,
			"is a WebAssembly object file: linkers need what strip takes away");
	if (!error)
		error = check_keep(&w, opts->keep, err);
	if (error)
		return error;
	hone_buf_reset(out);
	hone_wasm_without(&w, drops, &how, out);
	return out->over ? hone_err_set(err, HONE_E_LIMIT, "is too large") : 0;
}

const struct hone_object_ops hone_wasm_ops = {
	.name = "WebAssembly",
	.is = hone_wasm_is,
	.info = info,
	.functions = functions,
	.strip = strip,
	.size = hone_wasm_size,
	.size_free = hone_wasm_size_free,
	.source_files = hone_wasm_source_files,
};
