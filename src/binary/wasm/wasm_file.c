#include "wasm_file.h"

#include <string.h>

/* Magic number and version. */
#define HEADER 8u
/* Components inside of components; real ones have two. */
#define MAX_DEPTH 16u
#define MAX_MODULES 1024u
/* Real ones have a dozen, with debug information two; of a component each of its types is one. */
#define MAX_SECTIONS 65536u

static const char *const core_names[HONE_WASM_IDS] = {"custom", "type", "import", "function",
	"table", "memory", "global", "export", "start", "element", "code", "data", "data count",
	"tag"};
/* Component model, binary format. */
static const char *const component_names[] = {"custom", "core module", "core instance", "core type",
	"component", "instance", "alias", "type", "canon", "start", "import", "export", "value"};
enum { COMPONENT_MODULE = 1, COMPONENT_COMPONENT = 4 };

bool hone_wasm_is(struct hone_view bytes)
{
	return bytes.n >= 4 && memcmp(bytes.p, "\0asm", 4) == 0;
}

/* A module or component that is being read. */
struct frame {
	uint32_t module;
	size_t end;
};

static int read_header(struct hone_wasm *w, const struct hone_wasm_cursor *c, size_t end,
	uint32_t parent, struct hone_err *err)
{
	struct hone_view head = hone_view_sub(c->v, c->at, end);
	struct hone_wasm_module m = {.offset = c->at, .size = end - c->at, .parent = parent};

	if (!hone_wasm_is(head))
		return hone_err_set(err, HONE_E_SYNTAX,
			"no WebAssembly module begins at byte %zu, where one has to", c->at);
	if (head.n < HEADER)
		return hone_err_set(err, HONE_E_SYNTAX, "is a cut off WebAssembly file");
	if (w->modules.n >= MAX_MODULES)
		return hone_err_set(err, HONE_E_LIMIT, "has more than %u modules", MAX_MODULES);
	if (memcmp(head.p + 4, "\r\0\1\0", 4) == 0)
		m.is_component = true;
	else if (memcmp(head.p + 4, "\1\0\0\0", 4) != 0)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"is WebAssembly of another version than 1 (bytes %02x %02x %02x %02x)",
			(unsigned char)head.p[4], (unsigned char)head.p[5],
			(unsigned char)head.p[6], (unsigned char)head.p[7]);
	hone_vec_push(&w->modules, m);
	return 0;
}

/* Reads number, length and name of the section at c; leaves c behind the section, or at the start of the module in it. */
static int read_section(struct hone_wasm *w, struct hone_wasm_cursor *c, const struct frame *f,
	bool *ret_nested, struct hone_err *err)
{
	bool component = w->modules.v[f->module].is_component;
	size_t known = component ? HONE_COUNT(component_names) : HONE_COUNT(core_names);
	struct hone_wasm_section s = {.module = f->module, .offset = c->at};
	struct hone_wasm_cursor inner = {.v = hone_view_sub(c->v, 0, f->end), .at = c->at};
	uint32_t n;

	s.id = (uint8_t)hone_wasm_u8(&inner);
	n = hone_wasm_u32(&inner);
	if (s.id >= known)
		return hone_err_set(err, HONE_E_SYNTAX,
			"section %u at byte %zu is none that WebAssembly has: the file is broken, "
			"or newer than this hone",
			s.id, s.offset);
	if (inner.bad || n > f->end - inner.at)
		return hone_err_set(err, HONE_E_SYNTAX,
			"is cut off: section %s at byte %zu goes beyond the end of %s",
			component ? component_names[s.id] : core_names[s.id], s.offset,
			f->module ? "its module" : "the file");
	if (w->sections.n >= MAX_SECTIONS)
		return hone_err_set(err, HONE_E_LIMIT, "has more than %u sections", MAX_SECTIONS);
	*ret_nested = component && (s.id == COMPONENT_MODULE || s.id == COMPONENT_COMPONENT);
	s.body = hone_view_sub(c->v, inner.at, inner.at + n);
	c->at = inner.at + (*ret_nested ? 0 : n);
	s.size = c->at - s.offset;
	if (s.id == HONE_WASM_CUSTOM) {
		struct hone_wasm_cursor body = {.v = s.body};

		s.name = hone_wasm_name(&body);
		if (body.bad)
			return hone_err_set(err, HONE_E_SYNTAX,
				"the name of the custom section at byte %zu is broken", s.offset);
		s.body = hone_view_sub(s.body, body.at, s.body.n);
	}
	hone_vec_push(&w->sections, s);
	return 0;
}

/* The name section's own name of the module; a broken one says nothing. */
static void read_module_name(struct hone_wasm *w, const struct hone_wasm_section *s)
{
	struct hone_wasm_cursor c = {.v = s->body};

	if (s->id == HONE_WASM_CUSTOM && hone_view_is(s->name, "name") && hone_wasm_u8(&c) == 0) {
		(void)hone_wasm_u32(&c);
		w->modules.v[s->module].name = hone_wasm_name(&c);
	} else if (s->id == HONE_WASM_CUSTOM && hone_view_is(s->name, "component-name") &&
		   hone_wasm_u8(&c) == 0) {
		(void)hone_wasm_u32(&c);
		w->modules.v[s->module].name = hone_wasm_name(&c);
	}
}

static int parse(struct hone_wasm *w, struct hone_err *err)
{
	struct hone_wasm_cursor c = {.v = w->bytes};
	struct frame frames[MAX_DEPTH] = {{0, w->bytes.n}};
	size_t depth = 0;
	int error = read_header(w, &c, w->bytes.n, 0, err);

	c.at = error ? 0 : HEADER;
	while (!error && (depth > 0 || c.at < frames[0].end)) {
		bool nested = false;

		if (c.at == frames[depth].end) {
			depth--;
			continue;
		}
		error = read_section(w, &c, &frames[depth], &nested, err);
		if (error)
			break;
		if (!nested) {
			read_module_name(w, &w->sections.v[w->sections.n - 1]);
			continue;
		}
		if (depth + 1 == MAX_DEPTH)
			return hone_err_set(err, HONE_E_LIMIT,
				"has components more than %u deep in each other", MAX_DEPTH);
		depth++;
		frames[depth].end = c.at + w->sections.v[w->sections.n - 1].body.n;
		error = read_header(w, &c, frames[depth].end, frames[depth - 1].module, err);
		frames[depth].module = (uint32_t)w->modules.n - 1;
		w->sections.v[w->sections.n - 1].inner = frames[depth].module;
		c.at += HEADER;
	}
	return error;
}

int hone_wasm_parse(struct hone_view bytes, struct hone_wasm *ret_wasm, struct hone_err *err)
{
	struct hone_wasm w = {.bytes = bytes};
	int error = parse(&w, err);

	if (error) {
		hone_wasm_release(&w);
		return error;
	}
	*ret_wasm = w;
	return 0;
}

void hone_wasm_release(struct hone_wasm *w)
{
	hone_vec_release(&w->modules);
	hone_vec_release(&w->sections);
	*w = (struct hone_wasm)HONE_WASM_INIT;
}

const char *hone_wasm_section_name(const struct hone_wasm *w, const struct hone_wasm_section *s)
{
	return w->modules.v[s->module].is_component ? component_names[s->id] : core_names[s->id];
}

const struct hone_wasm_section *hone_wasm_find(
	const struct hone_wasm *w, uint32_t module, enum hone_wasm_id id)
{
	for (size_t i = 0; i < w->sections.n; i++)
		if (w->sections.v[i].module == module && w->sections.v[i].id == id &&
			!w->modules.v[module].is_component)
			return &w->sections.v[i];
	return NULL;
}

const struct hone_wasm_section *hone_wasm_find_custom(
	const struct hone_wasm *w, uint32_t module, const char *name)
{
	for (size_t i = 0; i < w->sections.n; i++)
		if (w->sections.v[i].module == module && w->sections.v[i].id == HONE_WASM_CUSTOM &&
			hone_view_is(w->sections.v[i].name, name))
			return &w->sections.v[i];
	return NULL;
}
