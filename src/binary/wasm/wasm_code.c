#include "wasm_code.h"

void hone_wasm_code_release(struct hone_wasm_code *c)
{
	hone_vec_release(&c->functions);
	hone_vec_release(&c->segments);
	*c = (struct hone_wasm_code)HONE_WASM_CODE_INIT;
}

/* External kinds; subsections of the name section. */
enum { FUNCTION, TABLE, MEMORY, GLOBAL, TAG };
enum { NAMES_FUNCTIONS = 1, NAMES_DATA = 9 };

static size_t offset_of(const struct hone_wasm *w, const struct hone_wasm_cursor *c)
{
	return (size_t)(c->v.p - w->bytes.p) + c->at;
}

static int broken(const struct hone_wasm *w, const struct hone_wasm_cursor *c, const char *what,
	struct hone_err *err)
{
	return hone_err_set(
		err, HONE_E_SYNTAX, "section %s is broken at byte %zu", what, offset_of(w, c));
}

/* A type of a value or reference: one byte, or (ref null? HEAPTYPE). */
static void skip_type(struct hone_wasm_cursor *c)
{
	unsigned b = hone_wasm_u8(c);

	if (b == 0x63 || b == 0x64)
		hone_wasm_skip_leb(c);
}

static void skip_limits(struct hone_wasm_cursor *c)
{
	unsigned flags = hone_wasm_u8(c);

	hone_wasm_skip_leb(c);
	if (flags & 1)
		hone_wasm_skip_leb(c);
	if (flags & 8) /* the size of a page */
		hone_wasm_skip_leb(c);
}

/* What an import is, behind its two names. */
static bool skip_import_type(struct hone_wasm_cursor *c, unsigned kind)
{
	switch (kind) {
	case FUNCTION:
		(void)hone_wasm_u32(c);
		return true;
	case TABLE:
		skip_type(c);
		skip_limits(c);
		return true;
	case MEMORY:
		skip_limits(c);
		return true;
	case GLOBAL:
		skip_type(c);
		(void)hone_wasm_u8(c);
		return true;
	case TAG:
		(void)hone_wasm_u8(c);
		(void)hone_wasm_u32(c);
		return true;
	default:
		return false;
	}
}

static int count_imports(
	const struct hone_wasm *w, uint32_t module, uint32_t *ret_functions, struct hone_err *err)
{
	const struct hone_wasm_section *s = hone_wasm_find(w, module, HONE_WASM_IMPORT);
	struct hone_wasm_cursor c = {.v = s ? s->body : (struct hone_view){0}};
	uint32_t n = s ? hone_wasm_u32(&c) : 0;

	for (uint32_t i = 0; i < n && !c.bad; i++) {
		unsigned kind;

		(void)hone_wasm_name(&c);
		(void)hone_wasm_name(&c);
		kind = hone_wasm_u8(&c);
		if (!skip_import_type(&c, kind))
			c.bad = true;
		*ret_functions += kind == FUNCTION;
	}
	return c.bad ? broken(w, &c, "import", err) : 0;
}

static int read_bodies(const struct hone_wasm *w, uint32_t module, struct hone_wasm_code *code,
	struct hone_err *err)
{
	const struct hone_wasm_section *s = hone_wasm_find(w, module, HONE_WASM_CODE);
	struct hone_wasm_cursor c = {.v = s ? s->body : (struct hone_view){0}};
	uint32_t n = s ? hone_wasm_u32(&c) : 0;

	for (uint32_t i = 0; i < n && !c.bad; i++) {
		struct hone_wasm_function f = {.offset = offset_of(w, &c)};

		hone_wasm_skip(&c, hone_wasm_u32(&c));
		f.size = offset_of(w, &c) - f.offset;
		if (!c.bad)
			hone_vec_push(&code->functions, f);
	}
	return c.bad ? broken(w, &c, "code", err) : 0;
}

/* Moves over an expression of constants; false where it is none that hone knows. */
static bool skip_constant(struct hone_wasm_cursor *c)
{
	while (!c->bad) {
		unsigned op = hone_wasm_u8(c);

		switch (op) {
		case 0x0b: /* end */
			return !c->bad;
		case 0x23: /* global.get */
		case 0x41: /* i32.const */
		case 0x42: /* i64.const */
			hone_wasm_skip_leb(c);
			break;
		case 0x6a: /* i32.add, .sub, .mul */
		case 0x6b:
		case 0x6c:
		case 0x7c: /* i64.add, .sub, .mul */
		case 0x7d:
		case 0x7e:
			break;
		default:
			return false;
		}
	}
	return false;
}

static void read_segments(const struct hone_wasm *w, uint32_t module, struct hone_wasm_code *code)
{
	const struct hone_wasm_section *s = hone_wasm_find(w, module, HONE_WASM_DATA);
	struct hone_wasm_cursor c = {.v = s ? s->body : (struct hone_view){0}};
	uint32_t n = s ? hone_wasm_u32(&c) : 0;

	for (uint32_t i = 0; i < n && !c.bad; i++) {
		struct hone_wasm_segment d = {.offset = offset_of(w, &c)};
		uint32_t flags = hone_wasm_u32(&c);

		if (flags > 2)
			return;
		if (flags == 2)
			(void)hone_wasm_u32(&c);
		if (flags != 1 && !skip_constant(&c))
			return;
		(void)hone_wasm_name(&c);
		d.size = offset_of(w, &c) - d.offset;
		if (!c.bad)
			hone_vec_push(&code->segments, d);
	}
}

/* One map of the name section. */
static void read_map(struct hone_wasm_cursor c, unsigned what, struct hone_wasm_code *code)
{
	uint32_t n = hone_wasm_u32(&c);

	for (uint32_t i = 0; i < n && !c.bad; i++) {
		size_t from = c.at;
		uint32_t index = hone_wasm_u32(&c);
		struct hone_view name = hone_wasm_name(&c);

		if (c.bad)
			return;
		if (what == NAMES_FUNCTIONS && index >= code->n_imported &&
			index - code->n_imported < code->functions.n) {
			struct hone_wasm_function *f = &code->functions.v[index - code->n_imported];

			/* A second name of one function would be counted twice. */
			if (!f->name_bytes)
				f->name_bytes = (uint32_t)(c.at - from);
			f->name = name;
			code->has_names = true;
		} else if (what == NAMES_DATA && index < code->segments.n) {
			code->segments.v[index].name = name;
		}
	}
}

static void read_names(const struct hone_wasm *w, uint32_t module, struct hone_wasm_code *code)
{
	const struct hone_wasm_section *s = hone_wasm_find_custom(w, module, "name");
	struct hone_wasm_cursor c = {.v = s ? s->body : (struct hone_view){0}};

	while (!c.bad && c.at < c.v.n) {
		unsigned what = hone_wasm_u8(&c);
		uint32_t n = hone_wasm_u32(&c);
		size_t from = c.at;

		hone_wasm_skip(&c, n);
		if (!c.bad)
			read_map((struct hone_wasm_cursor){.v = hone_view_sub(c.v, from, c.at)},
				what, code);
	}
}

int hone_wasm_each_export(const struct hone_wasm *w, uint32_t module,
	void (*each)(void *ctx, struct hone_view name, unsigned kind, uint32_t index), void *ctx,
	struct hone_err *err)
{
	const struct hone_wasm_section *s = hone_wasm_find(w, module, HONE_WASM_EXPORT);
	struct hone_wasm_cursor c = {.v = s ? s->body : (struct hone_view){0}};
	uint32_t n = s ? hone_wasm_u32(&c) : 0;

	for (uint32_t i = 0; i < n && !c.bad; i++) {
		struct hone_view name = hone_wasm_name(&c);
		unsigned kind = hone_wasm_u8(&c);
		uint32_t index = hone_wasm_u32(&c);

		if (!c.bad)
			each(ctx, name, kind, index);
	}
	return c.bad ? broken(w, &c, "export", err) : 0;
}

static void take_export_name(void *ctx, struct hone_view name, unsigned kind, uint32_t index)
{
	struct hone_wasm_code *code = ctx;

	if (kind == FUNCTION && index >= code->n_imported &&
		index - code->n_imported < code->functions.n &&
		!code->functions.v[index - code->n_imported].name.n)
		code->functions.v[index - code->n_imported].name = name;
}

int hone_wasm_code_read(const struct hone_wasm *w, uint32_t module, struct hone_wasm_code *ret_code,
	struct hone_err *err)
{
	struct hone_wasm_code code = HONE_WASM_CODE_INIT;
	int error = count_imports(w, module, &code.n_imported, err);

	if (!error)
		error = read_bodies(w, module, &code, err);
	if (!error) {
		read_segments(w, module, &code);
		read_names(w, module, &code);
		error = hone_wasm_each_export(w, module, take_export_name, &code, err);
	}
	if (error) {
		hone_wasm_code_release(&code);
		return error;
	}
	*ret_code = code;
	return 0;
}

bool hone_wasm_each_feature(const struct hone_wasm *w, uint32_t module,
	void (*each)(void *ctx, struct hone_view feature, bool used), void *ctx)
{
	const struct hone_wasm_section *s = hone_wasm_find_custom(w, module, "target_features");
	struct hone_wasm_cursor c = {.v = s ? s->body : (struct hone_view){0}};
	uint32_t n = s ? hone_wasm_u32(&c) : 0;

	for (uint32_t i = 0; i < n && !c.bad; i++) {
		unsigned sign = hone_wasm_u8(&c);
		struct hone_view feature = hone_wasm_name(&c);

		if (!c.bad)
			each(ctx, feature, sign == '+' || sign == '=');
	}
	return s != NULL;
}
