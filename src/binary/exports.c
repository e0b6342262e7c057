/* By which names others find what a file has. */
#include "archive.h"
#include "object_ops.h"

#include <string.h>

/* Of Rust, whose names change from build to build, or of its standard library, which belongs to nobody's interface. */
static bool is_rusts(struct hone_view symbol)
{
	static const char *const begin[] = {"_ZN", "_R", "rust_", "__rust", "DW.ref.", "anon."};

	for (size_t i = 0; i < HONE_COUNT(begin); i++)
		if (hone_view_starts(symbol, begin[i]))
			return true;
	return false;
}

static void add_name(struct hone_strv *to, struct hone_view symbol)
{
	if (symbol.n && !is_rusts(symbol))
		hone_strv_take(to, hone_xstrndup(symbol.p, symbol.n));
}

static void add_of_object(void *ctx, const char *name, uint64_t address)
{
	(void)address;
	add_name(ctx, hone_view_of(name));
}

/* Functions that compilers call by fixed names, like fmaf: their members come and go with the optimisation. */
static void add_of_archive(void *ctx, struct hone_view symbol, struct hone_view member)
{
	if (!hone_view_starts(member, "compiler_builtins-"))
		add_name(ctx, symbol);
}

static void keep_once(struct hone_strv *names)
{
	size_t kept = 0;

	hone_strv_sort(names);
	for (size_t i = 0; i < names->n; i++) {
		if (kept && strcmp(names->v[kept - 1], names->v[i]) == 0)
			free(names->v[i]);
		else
			names->v[kept++] = names->v[i];
	}
	names->n = kept;
	if (names->v)
		names->v[kept] = NULL;
}

static int of_file(const struct hone_object_file *f, struct hone_strv *to, struct hone_err *err)
{
	hone_auto_object_data struct hone_object_data all = HONE_OBJECT_DATA_INIT;
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	const struct hone_object_ops *ops = NULL;
	int error = hone_object_load(
		f, 0, f->size < HONE_OBJECT_HEAD ? f->size : HONE_OBJECT_HEAD, &all, err);

	if (!error && hone_archive_is(all.v)) {
		hone_object_data_release(&all);
		error = hone_object_load(f, 0, f->size, &all, err);
		return error ? error : hone_archive_symbols(all.v, add_of_archive, to, err);
	}
	if (!error)
		error = hone_object_find_ops(f, &ops, err);
	if (!error && ops->interface)
		return ops->interface(f, add_of_object, to, err);
	if (!error)
		error = ops->info(f, &info, err);
	if (!error)
		hone_strv_copy(to, &info.exports);
	return error;
}

int hone_object_exports(const char *path, struct hone_strv *ret, struct hone_err *err)
{
	hone_auto_object_file struct hone_object_file f = HONE_OBJECT_FILE_INIT;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = hone_object_open(path, &f, err);

	if (error)
		return error;
	error = of_file(&f, &names, err);
	if (error)
		return hone_err_wrap(err, "%s", path);
	keep_once(&names);
	hone_strv_copy(ret, &names);
	return 0;
}
