/* Flash, RAM and stack of a device. */
#include "bytes_report.h"

#include "num.h"

static void regions_tree(struct hone_jsonw *w, const struct hone_memory *m)
{
	hone_jsonw_karray(w, "regions");
	for (size_t i = 0; i < m->n_regions; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", m->regions[i].name);
		hone_jsonw_ku64(w, "origin", m->regions[i].origin);
		hone_jsonw_ku64(w, "length", m->regions[i].length);
		hone_jsonw_ku64(w, "used", m->regions[i].used);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

#define STACK_METHOD                                                                               \
	"an estimate: what the instructions of each function lower the stack by, along direct "    \
	"calls; not covered are "

/* stack: NULL when it was not estimated. */
static void stack_tree(struct hone_jsonw *w, const struct hone_stack *stack)
{
	if (!stack) {
		hone_jsonw_kstr(w, "stack", NULL);
		return;
	}
	hone_jsonw_kobject(w, "stack");
	hone_jsonw_kbool(w, "estimate", true);
	hone_jsonw_key(w, "from_entry");
	if (stack->path)
		hone_jsonw_u64(w, stack->from_entry);
	else
		hone_jsonw_null(w);
	hone_jsonw_kstr(w, "path", stack->path);
	hone_jsonw_ku64(w, "deepest", stack->deepest);
	hone_jsonw_kstr(w, "deepest_function", stack->deepest_name);
	hone_jsonw_ku64(w, "functions", stack->functions);
	hone_jsonw_ku64(w, "indirect_calls", stack->indirect_calls);
	hone_jsonw_ku64(w, "recursive_calls", stack->recursive);
	hone_jsonw_ku64(w, "dynamic_frames", stack->dynamic);
	hone_jsonw_end(w);
}

static void add_stack(struct hone_report *r, const struct hone_stack *stack)
{
	struct hone_table *t = hone_table_new("Stack, estimated");

	hone_table_column(t, "bytes", HONE_RIGHT);
	hone_table_column(t, "from", HONE_LEFT);
	hone_table_column(t, "path", HONE_LEFT);
	if (stack->path)
		hone_bytes_cell(t, stack->from_entry);
	else
		hone_table_cell(t, "not known");
	hone_table_cell(t, "the entry point");
	hone_table_cell(t, stack->path);
	hone_bytes_cell(t, stack->deepest);
	hone_table_cell(t, "the deepest function");
	hone_table_cell(t, stack->deepest_name);
	hone_table_note(t,
		STACK_METHOD "%zu indirect calls, %zu recursive ones, %zu frames of a size known "
			     "at run time only, and interrupts",
		stack->indirect_calls, stack->recursive, stack->dynamic);
	hone_report_add_table(r, t);
	hone_buf_addc(r->to, '\n');
}

void hone_memory_tree(struct hone_report *r, const void *document)
{
	const struct hone_result_bytes *v = document;
	const struct hone_memory *m = v->memory;
	uint64_t flash = 0, ram = 0;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "file", v->files[0].path);
	hone_jsonw_kstr(&w, "by", hone_size_by_name(v->by));
	hone_jsonw_ku64(&w, "flash", m->flash);
	hone_jsonw_ku64(&w, "ram", m->ram);
	regions_tree(&w, m);
	stack_tree(&w, v->stack);
	hone_jsonw_karray(&w, "rows");
	for (size_t i = 0; i < m->n && i < v->rows; i++) {
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "name", m->rows[i].name);
		hone_jsonw_kstr(&w, "kind", hone_size_kind_name(m->rows[i].kind));
		hone_jsonw_ku64(&w, "flash", m->rows[i].flash);
		hone_jsonw_ku64(&w, "ram", m->rows[i].ram);
		hone_jsonw_end(&w);
		flash += m->rows[i].flash;
		ram += m->rows[i].ram;
	}
	if (v->rows < m->n) {
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "name", "[other rows]");
		hone_jsonw_kstr(&w, "kind", NULL);
		hone_jsonw_ku64(&w, "flash", m->flash - flash);
		hone_jsonw_ku64(&w, "ram", m->ram - ram);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}

static void memory_row(
	struct hone_table *t, uint64_t flash, uint64_t ram, const char *kind, const char *name)
{
	hone_bytes_cell(t, flash);
	hone_bytes_cell(t, ram);
	hone_table_cell(t, kind);
	hone_table_cell(t, name);
}

static void add_regions(struct hone_report *r, const struct hone_memory *m)
{
	struct hone_table *t = hone_table_new("Memory regions");

	hone_table_column(t, "region", HONE_LEFT);
	hone_table_column(t, "used", HONE_RIGHT);
	hone_table_column(t, "capacity", HONE_RIGHT);
	hone_table_column(t, "share", HONE_RIGHT);
	hone_table_column(t, "left", HONE_RIGHT);
	for (size_t i = 0; i < m->n_regions; i++) {
		const struct hone_memory_region *region = &m->regions[i];
		char share[HONE_NUM_TEXT];

		hone_table_cell(t, region->name);
		hone_bytes_cell(t, region->used);
		hone_bytes_cell(t, region->length);
		hone_table_cell(t, hone_text_share(share, region->used, region->length));
		hone_bytes_cell(
			t, region->used < region->length ? region->length - region->used : 0);
	}
	hone_table_note(t, "what is left of RAM is for the stack and the heap");
	hone_report_add_table(r, t);
	hone_buf_addc(r->to, '\n');
}

void hone_memory_sheet(struct hone_report *r, const void *document)
{
	const struct hone_result_bytes *v = document;
	const struct hone_memory *m = v->memory;
	hone_auto_free char *title = hone_xasprintf(
		"%s: flash and RAM by %s", v->files[0].path, hone_size_by_name(v->by));
	struct hone_table *t = hone_table_new(title);
	uint64_t flash = 0, ram = 0;

	if (m->n_regions && !r->format->exact)
		add_regions(r, m);
	if (v->stack && !r->format->exact)
		add_stack(r, v->stack);
	hone_table_column(t, "flash", HONE_RIGHT);
	hone_table_column(t, "RAM", HONE_RIGHT);
	hone_table_column(t, "kind", HONE_LEFT);
	hone_table_column(t, hone_size_by_name(v->by), HONE_LEFT);
	for (size_t i = 0; i < m->n && i < v->rows; i++) {
		memory_row(t, m->rows[i].flash, m->rows[i].ram,
			hone_size_kind_name(m->rows[i].kind), m->rows[i].name);
		flash += m->rows[i].flash;
		ram += m->rows[i].ram;
	}
	if (v->rows < m->n) {
		hone_auto_free char *name = hone_xasprintf("[%zu other rows]", m->n - v->rows);

		memory_row(t, m->flash - flash, m->ram - ram, NULL, name);
	}
	if (!r->format->exact)
		memory_row(t, m->flash, m->ram, NULL, "program");
	hone_report_add_table(r, t);
}
