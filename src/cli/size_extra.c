#include "size_extra.h"

#include "fs.h"
#include "num.h"
#include "stack.h"

static void bytes_cell(struct hone_table *t, uint64_t n)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, hone_text_count(text, n));
	hone_table_raw(t, "%llu", (unsigned long long)n);
}

void hone_advice_print(struct hone_cli *cli, const struct hone_advice_list *l, struct hone_buf *to)
{
	struct hone_table *t = hone_table_new("What could go");

	hone_table_column(t, "bytes", HONE_RIGHT);
	hone_table_column(t, "", HONE_LEFT);
	hone_table_column(t, "what", HONE_LEFT);
	hone_table_column(t, "detail", HONE_LEFT);
	hone_table_column(t, "try", HONE_LEFT);
	for (size_t i = 0; i < l->n; i++) {
		hone_auto_free char *remedy =
			l->v[i].remedy ? hone_cli_remedy(cli, l->v[i].remedy) : NULL;

		bytes_cell(t, l->v[i].bytes);
		hone_table_cell(t, l->v[i].upper_bound ? "at most" : NULL);
		hone_table_cell(t, l->v[i].name);
		hone_table_cell(t, l->v[i].detail);
		hone_table_cell(t, remedy);
	}
	hone_table_note(t, "counted in the file or computed from it; `cargo hone try` measures "
			   "what is left of "
			   "\"at most\"");
	hone_buf_addc(to, '\n');
	hone_table_print(t, cli->format, &cli->out, to);
	hone_table_free(t);
}

void hone_advice_json(struct hone_jsonw *w, const struct hone_advice_list *l)
{
	hone_jsonw_karray(w, "advice");
	for (size_t i = 0; i < l->n; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "id", hone_advice_id_name(l->v[i].id));
		hone_jsonw_kstr(w, "name", l->v[i].name);
		hone_jsonw_ku64(w, "bytes", l->v[i].bytes);
		hone_jsonw_kbool(w, "upper_bound", l->v[i].upper_bound);
		hone_jsonw_kstr(w, "detail", l->v[i].detail);
		hone_jsonw_kstr(w, "remedy", l->v[i].remedy);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_regions_json(struct hone_jsonw *w, const struct hone_memory *m)
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
static void stack_json(struct hone_jsonw *w, const struct hone_stack *stack)
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

static void print_stack(struct hone_cli *cli, const struct hone_stack *stack, struct hone_buf *to)
{
	struct hone_table *t = hone_table_new("Stack, estimated");

	hone_table_column(t, "bytes", HONE_RIGHT);
	hone_table_column(t, "from", HONE_LEFT);
	hone_table_column(t, "path", HONE_LEFT);
	if (stack->path)
		bytes_cell(t, stack->from_entry);
	else
		hone_table_cell(t, "not known");
	hone_table_cell(t, "the entry point");
	hone_table_cell(t, stack->path);
	bytes_cell(t, stack->deepest);
	hone_table_cell(t, "the deepest function");
	hone_table_cell(t, stack->deepest_name);
	hone_table_note(t,
		STACK_METHOD "%zu indirect calls, %zu recursive ones, %zu frames of a size known "
			     "at run time only, and interrupts",
		stack->indirect_calls, stack->recursive, stack->dynamic);
	hone_table_print(t, cli->format, &cli->out, to);
	hone_buf_addc(to, '\n');
	hone_table_free(t);
}

static void memory_json(const struct hone_size_subject *s, enum hone_size_by by, size_t rows,
	const struct hone_memory *m, const struct hone_stack *stack, struct hone_buf *to)
{
	uint64_t flash = 0, ram = 0;
	struct hone_jsonw w;

	hone_jsonw_init(&w, to, true);
	hone_jsonw_object(&w);
	hone_jsonw_ku64(&w, "schema", 1);
	hone_jsonw_kstr(&w, "file", s->path);
	hone_jsonw_kstr(&w, "by", hone_size_by_name(by));
	hone_jsonw_ku64(&w, "flash", m->flash);
	hone_jsonw_ku64(&w, "ram", m->ram);
	hone_regions_json(&w, m);
	stack_json(&w, stack);
	hone_jsonw_karray(&w, "rows");
	for (size_t i = 0; i < m->n && i < rows; i++) {
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "name", m->rows[i].name);
		hone_jsonw_kstr(&w, "kind", hone_size_kind_name(m->rows[i].kind));
		hone_jsonw_ku64(&w, "flash", m->rows[i].flash);
		hone_jsonw_ku64(&w, "ram", m->rows[i].ram);
		hone_jsonw_end(&w);
		flash += m->rows[i].flash;
		ram += m->rows[i].ram;
	}
	if (rows < m->n) {
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "name", "[other rows]");
		hone_jsonw_kstr(&w, "kind", NULL);
		hone_jsonw_ku64(&w, "flash", m->flash - flash);
		hone_jsonw_ku64(&w, "ram", m->ram - ram);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(to, '\n');
}

static void memory_row(
	struct hone_table *t, uint64_t flash, uint64_t ram, const char *kind, const char *name)
{
	bytes_cell(t, flash);
	bytes_cell(t, ram);
	hone_table_cell(t, kind);
	hone_table_cell(t, name);
}

static void print_regions(struct hone_cli *cli, const struct hone_memory *m, struct hone_buf *to)
{
	struct hone_table *t = hone_table_new("Memory regions");

	hone_table_column(t, "region", HONE_LEFT);
	hone_table_column(t, "used", HONE_RIGHT);
	hone_table_column(t, "capacity", HONE_RIGHT);
	hone_table_column(t, "share", HONE_RIGHT);
	hone_table_column(t, "left", HONE_RIGHT);
	for (size_t i = 0; i < m->n_regions; i++) {
		const struct hone_memory_region *r = &m->regions[i];
		char share[HONE_NUM_TEXT];

		hone_table_cell(t, r->name);
		bytes_cell(t, r->used);
		bytes_cell(t, r->length);
		hone_table_cell(t, hone_text_share(share, r->used, r->length));
		bytes_cell(t, r->used < r->length ? r->length - r->used : 0);
	}
	hone_table_note(t, "what is left of RAM is for the stack and the heap");
	hone_table_print(t, cli->format, &cli->out, to);
	hone_buf_addc(to, '\n');
	hone_table_free(t);
}

static void print_memory(struct hone_cli *cli, const struct hone_size_subject *s,
	enum hone_size_by by, size_t rows, const struct hone_memory *m,
	const struct hone_stack *stack, struct hone_buf *to)
{
	hone_auto_free char *title =
		hone_xasprintf("%s: flash and RAM by %s", s->path, hone_size_by_name(by));
	struct hone_table *t = hone_table_new(title);
	uint64_t flash = 0, ram = 0;

	if (m->n_regions && cli->format != HONE_FORMAT_CSV)
		print_regions(cli, m, to);
	if (stack && cli->format != HONE_FORMAT_CSV)
		print_stack(cli, stack, to);
	hone_table_column(t, "flash", HONE_RIGHT);
	hone_table_column(t, "RAM", HONE_RIGHT);
	hone_table_column(t, "kind", HONE_LEFT);
	hone_table_column(t, hone_size_by_name(by), HONE_LEFT);
	for (size_t i = 0; i < m->n && i < rows; i++) {
		memory_row(t, m->rows[i].flash, m->rows[i].ram,
			hone_size_kind_name(m->rows[i].kind), m->rows[i].name);
		flash += m->rows[i].flash;
		ram += m->rows[i].ram;
	}
	if (rows < m->n) {
		hone_auto_free char *name = hone_xasprintf("[%zu other rows]", m->n - rows);

		memory_row(t, m->flash - flash, m->ram - ram, NULL, name);
	}
	if (cli->format != HONE_FORMAT_CSV)
		memory_row(t, m->flash, m->ram, NULL, "program");
	hone_table_print(t, cli->format, &cli->out, to);
	hone_table_free(t);
}

int hone_memory_show(struct hone_cli *cli, const struct hone_size_subject *s, enum hone_size_by by,
	size_t rows, const struct hone_regions *regions, struct hone_err *err)
{
	hone_auto_memory struct hone_memory m = HONE_MEMORY_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_stack struct hone_stack stack = HONE_STACK_INIT;
	int error = hone_size_memory(s->model, by, regions, &m, err);
	bool known = !error && hone_size_stack(s->model, &stack, NULL) == 0;

	if (error)
		return error;
	if (cli->format == HONE_FORMAT_JSON)
		memory_json(s, by, rows, &m, known ? &stack : NULL, &text);
	else
		print_memory(cli, s, by, rows, &m, known ? &stack : NULL, &text);
	hone_out_result(&cli->out, hone_buf_view(&text));
	return 0;
}
