#include "object.h"

#include "object_ops.h"

#include <string.h>

/* The formats that hone reads, by enum hone_object_format. */
static const struct hone_object_ops *const formats[] = {
	[HONE_OBJECT_ELF] = &hone_elf_ops,
	[HONE_OBJECT_WASM] = &hone_wasm_ops,
};

/* The name of a format that is none of them, with its article; NULL when unknown. */
static const char *other_format(struct hone_view v)
{
	static const struct {
		const char *magic;
		size_t n;
		const char *name;
	} others[] = {
		{"\xfe\xed\xfa\xce", 4, "a Mach-O file"},
		{"\xfe\xed\xfa\xcf", 4, "a Mach-O file"},
		{"\xce\xfa\xed\xfe", 4, "a Mach-O file"},
		{"\xcf\xfa\xed\xfe", 4, "a Mach-O file"},
		{"\xca\xfe\xba\xbe", 4, "a universal Mach-O file (or a Java class)"},
		{"\xca\xfe\xba\xbf", 4, "a universal Mach-O file"},
		{"MZ", 2, "a PE file (Windows)"},
		{"!<arch>\n", 8, "an ar archive (a static library)"},
		{"!<thin>\n", 8, "a thin ar archive (a static library)"},
		{"BC\xc0\xde", 4, "an LLVM bitcode file"},
		{"rust\0\0\0", 7, "Rust metadata (.rmeta)"},
		{"#!", 2, "a script"},
	};

	for (size_t i = 0; i < HONE_COUNT(others); i++)
		if (v.n >= others[i].n && memcmp(v.p, others[i].magic, others[i].n) == 0)
			return others[i].name;
	return NULL;
}

/* "ELF", "ELF and WebAssembly". */
static char *known_formats(void)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < HONE_COUNT(formats); i++)
		hone_buf_addf(&b, "%s%s",
			i == 0                         ? ""
			: i + 1 == HONE_COUNT(formats) ? " and "
						       : ", ",
			formats[i]->name);
	return hone_buf_detach(&b);
}

static int find_format(
	const struct hone_object_file *f, enum hone_object_format *ret_format, struct hone_err *err)
{
	hone_auto_object_data struct hone_object_data head = HONE_OBJECT_DATA_INIT;
	hone_auto_free char *known = NULL;
	const char *name;
	int error = hone_object_load(
		f, 0, f->size < HONE_OBJECT_HEAD ? f->size : HONE_OBJECT_HEAD, &head, err);

	if (error)
		return error;
	if (head.v.n == 0)
		return hone_err_set(err, HONE_E_SYNTAX, "is empty");
	for (size_t i = 0; i < HONE_COUNT(formats); i++)
		if (formats[i]->is(head.v)) {
			*ret_format = (enum hone_object_format)i;
			return 0;
		}
	known = known_formats();
	name = other_format(head.v);
	if (name)
		return hone_err_set(
			err, HONE_E_UNSUPPORTED, "is %s; hone reads only %s so far", name, known);
	return hone_err_set(err, HONE_E_UNSUPPORTED,
		"is in a format that hone does not know; it reads only %s so far", known);
}

int hone_object_find_ops(const struct hone_object_file *f, const struct hone_object_ops **ret_ops,
	struct hone_err *err)
{
	enum hone_object_format format;
	int error = find_format(f, &format, err);

	if (!error)
		*ret_ops = formats[format];
	return error;
}

static int read_info(
	const struct hone_object_file *f, struct hone_object_info *ret_info, struct hone_err *err)
{
	struct hone_object_info i = HONE_OBJECT_INFO_INIT;
	int error = find_format(f, &i.format, err);

	i.file_size = f->size;
	if (!error)
		error = formats[i.format]->info(f, &i, err);
	if (!error)
		*ret_info = i;
	return error;
}

int hone_object_info_read(const char *path, struct hone_object_info *ret_info, struct hone_err *err)
{
	hone_auto_object_file struct hone_object_file f = HONE_OBJECT_FILE_INIT;
	int error = hone_object_open(path, &f, err);

	if (error)
		return error;
	error = read_info(&f, ret_info, err);
	return error ? hone_err_wrap(err, "%s", path) : 0;
}

int hone_object_info_from_bytes(
	struct hone_view bytes, struct hone_object_info *ret_info, struct hone_err *err)
{
	struct hone_object_file f = hone_object_of_bytes(bytes);

	return read_info(&f, ret_info, err);
}

void hone_object_info_release(struct hone_object_info *i)
{
	for (size_t k = 0; k < i->n_sections; k++)
		free(i->sections[k].name);
	free(i->sections);
	hone_strv_release(&i->features);
	hone_strv_release(&i->exports);
	free(i->min_glibc);
	free(i->interp);
	free(i->build_id);
	free(i->linker);
	*i = (struct hone_object_info)HONE_OBJECT_INFO_INIT;
}

static int find_functions(
	const char *path, bool exported, hone_object_function each, void *ctx, struct hone_err *err)
{
	hone_auto_object_file struct hone_object_file f = HONE_OBJECT_FILE_INIT;
	const struct hone_object_ops *ops = NULL;
	int error = hone_object_open(path, &f, err);

	if (error)
		return error;
	error = hone_object_find_ops(&f, &ops, err);
	if (!error)
		error = ops->functions(&f, each, ctx, err);
	if (!error && exported && ops->exported)
		error = ops->exported(&f, each, ctx, err);
	return error ? hone_err_wrap(err, "%s", path) : 0;
}

int hone_object_functions(
	const char *path, hone_object_function each, void *ctx, struct hone_err *err)
{
	return find_functions(path, false, each, ctx, err);
}

int hone_object_defined(
	const char *path, hone_object_function each, void *ctx, struct hone_err *err)
{
	return find_functions(path, true, each, ctx, err);
}
