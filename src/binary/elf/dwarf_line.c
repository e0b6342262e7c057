#include "dwarf_line.h"

#include "dwarf_const.h"
#include "dwarf_read.h"
#include "elf_inflate.h"
#include "hash.h"

#include <string.h>

/* 1.5 GB of ranges: far more than any program has. */
#define MAX_RANGES ((size_t)64 << 20)

/* One line table while it is read. */
struct table {
	struct hone_cursor c;
	bool dwarf64;
	unsigned version, min_length, line_range, opcode_base;
	const unsigned char *lengths; /* arguments of standard opcodes */
	struct hone_view line_str, str;
	const char *home; /* folder of a package or of std, or "" */
	HONE_VEC(const char *) dirs;
	HONE_VEC(uint32_t) files; /* index in hone_lines.files */
};

static uint64_t offset(struct table *t)
{
	return hone_cursor_sized(&t->c, t->dwarf64 ? 8 : 4);
}

static char *join(const char *dir, const char *name)
{
	return *name == '/' || !*dir ? hone_xstrdup(name) : hone_xasprintf("%s/%s", dir, name);
}

static uint32_t intern_file(
	struct hone_lines *l, const char *home, const char *dir, const char *name)
{
	hone_auto_free char *below = join(dir, name), *path = join(home, below);
	if (l->files.n * 2 >= l->n_slots) {
		free(l->slots);
		l->n_slots = l->n_slots ? l->n_slots * 2 : 1024;
		l->slots = hone_xcalloc(l->n_slots, sizeof *l->slots);
		for (size_t i = 0; i < l->files.n; i++) {
			size_t at = hone_hash_bytes(hone_view_of(l->files.v[i])).lo % l->n_slots;
			while (l->slots[at])
				at = (at + 1) % l->n_slots;
			l->slots[at] = (uint32_t)(i + 1);
		}
	}
	size_t at = hone_hash_bytes(hone_view_of(path)).lo % l->n_slots;
	for (; l->slots[at]; at = (at + 1) % l->n_slots)
		if (strcmp(l->files.v[l->slots[at] - 1], path) == 0)
			return l->slots[at] - 1;
	hone_vec_push(&l->files, hone_arena_strdup(&l->arena, path));
	l->slots[at] = (uint32_t)l->files.n;
	return (uint32_t)(l->files.n - 1);
}

/* Version 2 to 4: directories from 1 on, files from 1 on. */
static void read_old_names(struct table *t, struct hone_lines *l)
{
	const char *s;
	hone_vec_push(&t->dirs, "");
	while (*(s = hone_cursor_string(&t->c)))
		hone_vec_push(&t->dirs, s);
	hone_vec_push(&t->files, intern_file(l, "", "", "?"));
	while (!t->c.bad && *(s = hone_cursor_string(&t->c))) {
		uint64_t dir = hone_cursor_uleb(&t->c);
		hone_cursor_uleb(&t->c); /* time */
		hone_cursor_uleb(&t->c); /* length */
		hone_vec_push(&t->files,
			intern_file(l, t->home, dir < t->dirs.n ? t->dirs.v[dir] : "", s));
	}
}

/* A value of an entry format: text goes to *ret_text, numbers to *ret_number. */
static void read_form(struct table *t, uint64_t form, const char **ret_text, uint64_t *ret_number)
{
	struct hone_cursor *c = &t->c;
	switch (form) {
	case DW_FORM_string:
		*ret_text = hone_cursor_string(c);
		break;
	case DW_FORM_line_strp:
		*ret_text = hone_object_string(t->line_str, offset(t));
		break;
	case DW_FORM_strp:
		*ret_text = hone_object_string(t->str, offset(t));
		break;
	case DW_FORM_udata:
		*ret_number = hone_cursor_uleb(c);
		break;
	case DW_FORM_data1:
	case DW_FORM_data2:
	case DW_FORM_data4:
	case DW_FORM_data8:
		*ret_number = hone_cursor_sized(c, form == DW_FORM_data1   ? 1
						   : form == DW_FORM_data2 ? 2
						   : form == DW_FORM_data4 ? 4
									   : 8);
		break;
	case DW_FORM_data16:
		hone_cursor_bytes(c, 16);
		break;
	case DW_FORM_block:
		hone_cursor_skip(c, hone_cursor_uleb(c));
		break;
	default:
		c->bad = true;
	}
}

/* Version 5: a format, then entries of it; used for directories and then for files, from 0 on. */
static void read_entries(struct table *t, struct hone_lines *l, bool files)
{
	struct {
		uint64_t content, form;
	} format[16];
	size_t n_format = hone_cursor_u8(&t->c);
	if (n_format > HONE_COUNT(format)) {
		t->c.bad = true;
		return;
	}
	for (size_t i = 0; i < n_format; i++) {
		format[i].content = hone_cursor_uleb(&t->c);
		format[i].form = hone_cursor_uleb(&t->c);
	}
	uint64_t n = hone_cursor_uleb(&t->c);
	/* Each entry takes a byte at least. */
	if (n_format == 0 || n > t->c.v.n - t->c.at)
		t->c.bad = n > 0;
	for (uint64_t k = 0; k < n && !t->c.bad; k++) {
		const char *path = "";
		uint64_t dir = 0;
		for (size_t i = 0; i < n_format; i++) {
			const char *text = "";
			uint64_t number = 0;
			read_form(t, format[i].form, &text, &number);
			if (format[i].content == DW_LNCT_path)
				path = text;
			else if (format[i].content == DW_LNCT_directory_index)
				dir = number;
		}
		if (files)
			hone_vec_push(
				&t->files, intern_file(l, t->home,
						   dir < t->dirs.n ? t->dirs.v[dir] : "", path));
		else
			hone_vec_push(&t->dirs, path);
	}
}

struct row {
	uint64_t address;
	uint64_t file;
	bool started; /* a row came before this one in the sequence */
	bool dropped; /* linkers give code that they left out the address 0, 1 or -1 */
};

static void reset(struct row *r)
{
	*r = (struct row){.file = 1};
}

/* The row before this one reaches up to this one's address. */
static void emit(struct table *t, struct hone_lines *l, const struct row *before, uint64_t address)
{
	if (!before->started || before->dropped || address <= before->address ||
		before->file >= t->files.n)
		return;
	uint32_t file = t->files.v[before->file];
	struct hone_line_range *last = l->ranges.n ? &l->ranges.v[l->ranges.n - 1] : NULL;
	if (last && last->file == file && last->high == before->address)
		last->high = address;
	else
		// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a full vector was grown
		hone_vec_push(&l->ranges, (struct hone_line_range){before->address, address, file});
}

static void run_extended(struct table *t, struct hone_lines *l, struct row *now, struct row *before)
{
	struct hone_cursor *c = &t->c;
	uint64_t n = hone_cursor_uleb(c);
	if (n == 0 || n > c->v.n - c->at) {
		c->bad = true;
		return;
	}
	size_t end = c->at + (size_t)n;
	switch (hone_cursor_u8(c)) {
	case DW_LNE_end_sequence:
		emit(t, l, before, now->address);
		reset(now);
		reset(before);
		break;
	case DW_LNE_set_address:
		now->address = hone_cursor_sized(c, (size_t)n - 1);
		now->dropped = now->address <= 1 || now->address == UINT64_MAX ||
			       (n == 5 && now->address == UINT32_MAX);
		break;
	default:
		break;
	}
	c->at = end;
}

static void new_row(struct table *t, struct hone_lines *l, struct row *now, struct row *before)
{
	emit(t, l, before, now->address);
	now->started = true;
	*before = *now;
}

static void run_standard(
	struct table *t, struct hone_lines *l, unsigned op, struct row *now, struct row *before)
{
	struct hone_cursor *c = &t->c;
	switch (op) {
	case DW_LNS_copy:
		new_row(t, l, now, before);
		break;
	case DW_LNS_advance_pc:
		now->address += hone_cursor_uleb(c) * t->min_length;
		break;
	case DW_LNS_set_file:
		now->file = hone_cursor_uleb(c);
		break;
	case DW_LNS_const_add_pc:
		now->address += (uint64_t)((255 - t->opcode_base) / t->line_range) * t->min_length;
		break;
	case DW_LNS_fixed_advance_pc:
		now->address += hone_cursor_sized(c, 2);
		break;
	default: /* lines, columns, and opcodes to come: their arguments are numbers */
		for (unsigned i = 0; i < t->lengths[op - 1]; i++)
			hone_cursor_uleb(c);
	}
}

static void run(struct table *t, struct hone_lines *l)
{
	struct row now, before;
	reset(&now);
	reset(&before);
	while (!t->c.bad && t->c.at < t->c.v.n && l->ranges.n < MAX_RANGES) {
		unsigned op = hone_cursor_u8(&t->c);
		if (op >= t->opcode_base) {
			now.address +=
				(uint64_t)((op - t->opcode_base) / t->line_range) * t->min_length;
			new_row(t, l, &now, &before);
		} else if (op == 0) {
			run_extended(t, l, &now, &before);
		} else {
			run_standard(t, l, op, &now, &before);
		}
	}
}

/* t->c holds one table without its length. */
static void read_table(struct table *t, struct hone_lines *l)
{
	struct hone_cursor *c = &t->c;
	t->version = (unsigned)hone_cursor_sized(c, 2);
	if (t->version < 2 || t->version > 5)
		return;
	if (t->version == 5) {
		hone_cursor_u8(c); /* address size */
		hone_cursor_u8(c); /* segment selector size */
	}
	uint64_t header = offset(t);
	if (c->bad || header > c->v.n - c->at)
		return;
	size_t program = c->at + (size_t)header;
	t->min_length = hone_cursor_u8(c);
	if (t->version >= 4)
		hone_cursor_u8(c); /* operations per instruction: 1 but on VLIW machines */
	hone_cursor_u8(c);         /* default is_stmt */
	hone_cursor_u8(c);         /* line base */
	t->line_range = hone_cursor_u8(c);
	t->opcode_base = hone_cursor_u8(c);
	if (c->bad || t->line_range == 0 || t->opcode_base == 0)
		return;
	t->lengths = (const unsigned char *)hone_cursor_bytes(c, t->opcode_base - 1);
	if (c->bad)
		return;
	if (t->version == 5) {
		read_entries(t, l, false);
		read_entries(t, l, true);
	} else {
		read_old_names(t, l);
	}
	if (c->bad)
		return;
	c->at = program;
	run(t, l);
}

/* Only folders that tell whose the file is: others would put the build machine's paths into rows. */
static const char *home_of(const char *dir)
{
	bool tells = strstr(dir, "/registry/src/") || strstr(dir, "/git/checkouts/") ||
		     hone_starts(dir, "/rustc/") || hone_starts(dir, "/rust/deps/");
	return tells ? dir : "";
}

static void read_tables(const struct hone_elf *e, const struct hone_units *units,
	struct hone_view lines, struct hone_view line_str, struct hone_view str,
	struct hone_lines *l)
{
	struct hone_cursor c = {.e = e, .v = lines};
	while (!c.bad && c.v.n - c.at > 4 && l->ranges.n < MAX_RANGES) {
		struct table t = {.line_str = line_str, .str = str};
		t.home = home_of(hone_units_line_dir(units, c.at));
		uint64_t length = hone_cursor_sized(&c, 4);
		if (length == UINT32_MAX) {
			t.dwarf64 = true;
			length = hone_cursor_sized(&c, 8);
		}
		if (c.bad || length > c.v.n - c.at)
			return;
		t.c = (struct hone_cursor){.e = e, .v = {c.v.p + c.at, (size_t)length}};
		read_table(&t, l);
		hone_vec_release(&t.dirs);
		hone_vec_release(&t.files);
		c.at += (size_t)length;
	}
}

int hone_lines_read(const struct hone_elf *e, const struct hone_units *units,
	struct hone_lines *ret_lines, struct hone_err *err)
{
	struct hone_lines l = HONE_LINES_INIT;
	hone_auto_object_data struct hone_object_data lines = HONE_OBJECT_DATA_INIT;
	hone_auto_object_data struct hone_object_data line_str = HONE_OBJECT_DATA_INIT;
	hone_auto_object_data struct hone_object_data str = HONE_OBJECT_DATA_INIT;
	int rc = hone_elf_load_debug(e, "line", &lines, err);
	if (rc < 0)
		return rc;
	/* Only version 5 uses these. */
	(void)hone_elf_load_debug(e, "line_str", &line_str, NULL);
	if (line_str.v.n > 0)
		(void)hone_elf_load_debug(e, "str", &str, NULL);
	read_tables(e, units, lines.v, line_str.v, str.v, &l);
	if (l.ranges.n >= MAX_RANGES) {
		hone_lines_release(&l);
		return hone_err_set(err, HONE_E_LIMIT, "line tables are larger than hone reads");
	}
	*ret_lines = l;
	return 0;
}

void hone_lines_release(struct hone_lines *l)
{
	hone_arena_release(&l->arena);
	hone_vec_release(&l->files);
	hone_vec_release(&l->ranges);
	free(l->slots);
}
