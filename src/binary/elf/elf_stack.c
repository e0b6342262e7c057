#include "elf_ops.h"
#include "sym_name.h"

#include <elf.h>
#include <string.h>

/* Functions named in a path. */
#define SHOWN_PATH 12

struct call {
	size_t from, to; /* indices of functions */
};

struct function {
	size_t span;
	uint64_t frame, depth;
	size_t first_call, n_calls; /* in the list of calls, sorted by caller */
	size_t next;                /* the callee on the deepest path; SIZE_MAX: none */
	enum { NEW, OPEN, DONE } state;
};

struct walk {
	const struct hone_size *s;
	HONE_VEC(struct function) functions; /* sorted by address */
	HONE_VEC(struct call) calls;
	HONE_VEC(uint64_t)
	marks; /* addresses of mapping symbols, sorted; the lowest bit: data begins */
	struct hone_stack *stack;
};

/* What one instruction does to the stack and where it goes. */
struct step {
	unsigned size;     /* bytes */
	uint64_t lowers;   /* the stack pointer, by a constant */
	bool dynamic;      /* by another amount */
	bool jumps, links; /* to target; links: comes back, so it is a call */
	bool indirect;     /* calls what a register holds */
	uint64_t target;
};

static int64_t sign(uint64_t x, unsigned bits)
{
	uint64_t top = (uint64_t)1 << (bits - 1);

	return (int64_t)((x ^ top) - top);
}

/* ThumbExpandImm (A5.3.2) of the 12 bits i:imm3:imm8. */
static uint64_t thumb_constant(uint32_t x)
{
	uint32_t byte = x & 0xff, turned = 0x80 | (x & 0x7f), by = x >> 7;

	switch (x >> 8) {
	case 0:
		return byte;
	case 1:
		return byte << 16 | byte;
	case 2:
		return byte << 24 | byte << 8;
	case 3:
		return byte * 0x01010101u;
	default:
		return turned >> by | turned << (32 - by);
	}
}

/* BL and B.W: S:I1:I2:imm10:imm11:0, with I = not(J xor S). */
static uint64_t thumb_branch(uint64_t pc, uint32_t a, uint32_t b)
{
	uint32_t s = a >> 10 & 1, i1 = !((b >> 13 & 1) ^ s), i2 = !((b >> 11 & 1) ^ s);
	uint64_t x = (uint64_t)s << 24 | (uint64_t)i1 << 23 | (uint64_t)i2 << 22 |
		     (uint64_t)(a & 0x3ff) << 12 | (uint64_t)(b & 0x7ff) << 1;

	return pc + 4 + (uint64_t)sign(x, 25);
}

static struct step thumb_wide(uint64_t pc, uint32_t a, uint32_t b)
{
	struct step x = {.size = 4};
	uint32_t constant = (a >> 10 & 1) << 11 | (b >> 12 & 7) << 8 | (b & 0xff);

	if (a == 0xe92d) /* push.w */
		x.lowers = 4u * (unsigned)__builtin_popcount(b);
	else if (a == 0xf84d && (b & 0x0fff) == 0x0d04) /* push.w of one register */
		x.lowers = 4;
	else if ((a & 0xffbf) == 0xed2d && (b & 0x0e00) == 0x0a00) /* vpush */
		x.lowers = 4u * (b & 0xff);
	else if ((a & 0xfbef) == 0xf1ad && (b & 0x8f00) == 0x0d00) /* sub.w sp, sp, #constant */
		x.lowers = thumb_constant(constant);
	else if ((a & 0xfbff) == 0xf2ad && (b & 0x8f00) == 0x0d00) /* subw sp, sp, #imm12 */
		x.lowers = constant;
	else if ((a & 0xffef) == 0xebad && (b & 0x0f00) == 0x0d00) /* sub.w sp, sp, register */
		x.dynamic = true;
	else if ((a & 0xf800) == 0xf000 && (b & 0x9000) == 0x9000) { /* bl, b.w */
		x.jumps = true;
		x.links = b & 0x4000;
		x.target = thumb_branch(pc, a, b);
	}
	return x;
}

static struct step thumb(const struct hone_elf *e, uint64_t pc, const char *p, size_t left)
{
	struct step x = {.size = 2};
	uint32_t a = hone_elf_u16(e, p);

	if (a >> 11 >= 0x1d)
		return left < 4 ? x : thumb_wide(pc, a, hone_elf_u16(e, p + 2));
	if ((a & 0xfe00) == 0xb400) /* push */
		x.lowers = 4u * (unsigned)__builtin_popcount(a & 0x1ff);
	else if ((a & 0xff80) == 0xb080) /* sub sp, #imm7 * 4 */
		x.lowers = 4 * (a & 0x7f);
	else if ((a & 0xff87) == 0x4780) /* blx register */
		x.indirect = true;
	else if ((a & 0xff87) == 0x4700 && (a >> 3 & 15) != 14) /* bx, but not to lr */
		x.indirect = true;
	else if ((a & 0xf800) == 0xe000) { /* b */
		x.jumps = true;
		x.target = pc + 4 + (uint64_t)sign((a & 0x7ff) << 1, 12);
	}
	return x;
}

/* RISC-V's short forms, chapter 16. */
static struct step riscv_short(bool is64, uint64_t pc, uint32_t a)
{
	struct step x = {.size = 2};

	if ((a & 0xef83) == 0x6101) { /* c.addi16sp */
		uint64_t imm = (a >> 12 & 1) << 9 | (a >> 3 & 3) << 7 | (a >> 5 & 1) << 6 |
			       (a >> 2 & 1) << 5 | (a >> 6 & 1) << 4;
		int64_t by = sign(imm, 10);

		x.lowers = by < 0 ? (uint64_t)-by : 0;
	} else if ((a & 0xef83) == 0x0101) { /* c.addi sp */
		int64_t by = sign((a >> 12 & 1) << 5 | (a >> 2 & 31), 6);

		x.lowers = by < 0 ? (uint64_t)-by : 0;
	} else if ((a & 0xe003) == 0xa001 || (!is64 && (a & 0xe003) == 0x2001)) { /* c.j, c.jal */
		uint64_t imm = (a >> 12 & 1) << 11 | (a >> 11 & 1) << 4 | (a >> 9 & 3) << 8 |
			       (a >> 8 & 1) << 10 | (a >> 7 & 1) << 6 | (a >> 6 & 1) << 7 |
			       (a >> 3 & 7) << 1 | (a >> 2 & 1) << 5;

		x.jumps = true;
		x.links = (a & 0xe003) == 0x2001;
		x.target = pc + (uint64_t)sign(imm, 12);
	} else if ((a & 0xf07f) == 0x9002 && (a & 0x0f80)) { /* c.jalr */
		x.indirect = true;
	}
	return x;
}

/* before: the instruction in front, for the pair auipc, jalr. */
static struct step riscv(
	const struct hone_elf *e, uint64_t pc, const char *p, size_t left, uint32_t before)
{
	uint32_t a = hone_elf_u16(e, p);
	struct step x = {.size = 4};

	if ((a & 3) != 3)
		return riscv_short(e->is64, pc, a);
	if (left < 4)
		return (struct step){.size = 2};
	a = hone_elf_u32(e, p);
	if ((a & 0xfffff) == 0x10113) { /* addi sp, sp, imm */
		int64_t by = sign(a >> 20, 12);

		x.lowers = by < 0 ? (uint64_t)-by : 0;
	} else if ((a & 0xfe0fffff) == 0x40010133) {
		x.dynamic = true;        /* sub sp, sp, register */
	} else if ((a & 0x7f) == 0x6f) { /* jal */
		uint64_t imm = (a >> 31) << 20 | (a >> 12 & 0xff) << 12 | (a >> 20 & 1) << 11 |
			       (a >> 21 & 0x3ff) << 1;

		x.jumps = true;
		x.links = a >> 7 & 31;
		x.target = pc + (uint64_t)sign(imm, 21);
	} else if ((a & 0x707f) == 0x67 && (before & 0x7f) == 0x17 &&
		   (before >> 7 & 31) == (a >> 15 & 31)) { /* auipc, jalr */
		x.jumps = true;
		x.links = a >> 7 & 31;
		x.target = pc - 4 + (uint64_t)sign(before & 0xfffff000, 32) +
			   (uint64_t)sign(a >> 20, 12);
		if (!e->is64)
			x.target = (uint32_t)x.target;
	} else if ((a & 0x707f) == 0x67 && (a >> 7 & 31) != 0) { /* jalr that returns */
		x.indirect = true;
	}
	return x;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* $t, $x and $d tell code from literal pools (Arm ELF and RISC-V psABI, "mapping symbols"). Addresses
 * are doubled, so that the lowest bit can say what begins. */
static void read_marks(struct walk *w)
{
	const struct hone_elf *e = hone_elf_model_of(w->s)->names;
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	size_t size = hone_elf_sym_size(e);

	if (!e->symtab || hone_elf_load_section(e, e->symtab, &d, NULL) < 0)
		return;
	for (size_t at = 0; d.v.n - at >= size; at += size) {
		struct hone_elf_sym sym = hone_elf_sym_at(e, d.v.p + at);
		const char *name = hone_object_string(w->s->strtab, sym.name);

		/* Debug information has such marks, too, at addresses from 0 on. */
		if (sym.shndx >= e->n_sh || !(e->sh[sym.shndx].flags & SHF_EXECINSTR))
			continue;
		if (name[0] == '$' && strchr("dtx", name[1]) && name[1] &&
			(!name[2] || name[2] == '.' || name[1] == 'x'))
			hone_vec_push(
				&w->marks, (sym.value & ~(uint64_t)1) << 1 | (name[1] == 'd'));
	}
	if (w->marks.n)
		qsort(w->marks.v, w->marks.n, sizeof(*w->marks.v), by_number);
}

/* The index of the last mark at or before an address, or SIZE_MAX. */
static size_t mark_at(const struct walk *w, uint64_t addr)
{
	size_t low = 0, high = w->marks.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (w->marks.v[middle] >> 1 <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : SIZE_MAX;
}

/* The function that begins at an address, or SIZE_MAX. */
static size_t function_at(const struct walk *w, uint64_t addr)
{
	size_t low = 0, high = w->functions.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t there = w->s->spans.v[w->functions.v[middle].span].addr;

		if (there == addr)
			return middle;
		if (there < addr)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

static void read_function(struct walk *w, size_t at)
{
	const struct hone_elf *e = hone_elf_of(w->s);
	struct function *f = &w->functions.v[at];
	const struct hone_span *span = &w->s->spans.v[f->span];
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	uint64_t offset, left;
	uint32_t before = 0;

	f->first_call = w->calls.n;
	f->next = SIZE_MAX;
	if (!hone_elf_offset_of(e, span->addr, &offset, &left) || left < span->size ||
		hone_object_load(&e->file, offset, span->size, &d, NULL) < 0)
		return;
	for (size_t i = 0; d.v.n - i >= 2;) {
		size_t mark = mark_at(w, span->addr + i), to;
		struct step x;

		if (mark != SIZE_MAX && w->marks.v[mark] & 1) { /* a literal pool */
			i += 2;
			continue;
		}
		x = e->machine == EM_ARM ? thumb(e, span->addr + i, d.v.p + i, d.v.n - i)
					 : riscv(e, span->addr + i, d.v.p + i, d.v.n - i, before);
		before = x.size == 4 && d.v.n - i >= 4 ? hone_elf_u32(e, d.v.p + i) : 0;
		f->frame += x.lowers;
		w->stack->dynamic += x.dynamic;
		w->stack->indirect_calls += x.indirect;
		to = x.jumps ? function_at(w, x.target) : SIZE_MAX;
		/* A jump to its own start that does not come back is a loop. */
		if (to != SIZE_MAX && (to != at || x.links))
			hone_vec_push(&w->calls, (struct call){at, to});
		i += x.size;
	}
	f->n_calls = w->calls.n - f->first_call;
}

/* Depths of a function and all that it calls, without recursion of our own: programs may have long
 * chains. */
static void find_depth(struct walk *w, size_t root)
{
	struct place {
		size_t function, call;
	};
	HONE_VEC(struct place) open = {0};

	if (w->functions.v[root].state != NEW)
		return;
	w->functions.v[root].state = OPEN;
	hone_vec_push(&open, (struct place){root, 0});
	while (open.n) {
		struct place *p = &open.v[open.n - 1];
		struct function *f = &w->functions.v[p->function], *to;
		size_t callee;

		if (p->call == f->n_calls) {
			f->depth += f->frame;
			f->state = DONE;
			open.n--;
			if (open.n) {
				struct function *up = &w->functions.v[open.v[open.n - 1].function];

				if (up->next == SIZE_MAX || f->depth > up->depth) {
					up->depth = f->depth;
					up->next = (size_t)(f - w->functions.v);
				}
			}
			continue;
		}
		callee = w->calls.v[f->first_call + p->call++].to;
		to = &w->functions.v[callee];
		if (to->state == NEW) {
			to->state = OPEN;
			hone_vec_push(&open, (struct place){callee, 0});
		} else if (to->state == OPEN) {
			w->stack->recursive++;
		} else if (f->next == SIZE_MAX || to->depth > f->depth) {
			f->depth = to->depth;
			f->next = callee;
		}
	}
	hone_vec_release(&open);
}

static void put_name(struct hone_buf *b, const struct walk *w, size_t at)
{
	const struct hone_span *span = &w->s->spans.v[w->functions.v[at].span];

	hone_sym_readable(b, hone_size_symbol(w->s, span), false);
}

/* The second word of a Cortex-M's vector table, which its flash begins with: what runs after a reset. */
static size_t reset_vector(const struct walk *w)
{
	const struct hone_elf *e = hone_elf_of(w->s);
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	const struct hone_elf_ph *first = NULL;
	uint64_t vector;

	for (size_t i = 0; i < e->n_ph; i++) {
		const struct hone_elf_ph *h = &e->ph[i];

		if (h->type == PT_LOAD && h->filesz >= 8 && (!first || h->paddr < first->paddr))
			first = h;
	}
	if (e->machine != EM_ARM || !first ||
		hone_object_load(&e->file, first->offset, 8, &d, NULL) < 0)
		return SIZE_MAX;
	vector = hone_elf_u32(e, d.v.p + 4);
	return vector & 1 ? function_at(w, vector - 1)
			  : SIZE_MAX; /* Thumb code has odd addresses */
}

/* The function that the program starts with, or SIZE_MAX. A linker script may name no entry point. */
static size_t find_entry(const struct walk *w)
{
	const struct hone_elf *e = hone_elf_of(w->s);
	size_t at = function_at(w, e->machine == EM_ARM ? e->entry & ~(uint64_t)1 : e->entry);

	return at != SIZE_MAX ? at : reset_vector(w);
}

static void conclude(struct walk *w)
{
	struct hone_stack *k = w->stack;
	hone_auto_buf struct hone_buf path = HONE_BUF_INIT, name = HONE_BUF_INIT;
	size_t entry = find_entry(w), deepest = 0, n = 0;

	for (size_t i = 0; i < w->functions.n; i++) {
		find_depth(w, i);
		if (w->functions.v[i].depth > w->functions.v[deepest].depth)
			deepest = i;
	}
	k->functions = w->functions.n;
	k->deepest = w->functions.v[deepest].depth;
	put_name(&name, w, deepest);
	k->deepest_name = hone_buf_detach(&name);
	if (entry == SIZE_MAX)
		return;
	k->from_entry = w->functions.v[entry].depth;
	for (size_t i = entry; i != SIZE_MAX && n < SHOWN_PATH; i = w->functions.v[i].next, n++) {
		if (n)
			hone_buf_adds(&path, " > ");
		put_name(&path, w, i);
	}
	k->path = hone_buf_detach(&path);
}

int hone_elf_stack(struct hone_size *s, struct hone_stack *ret_stack, struct hone_err *err)
{
	struct hone_stack stack = HONE_STACK_INIT;
	struct walk w = {.s = s, .stack = &stack};
	const struct hone_elf *e = hone_elf_of(s);

	if ((e->machine != EM_ARM && e->machine != EM_RISCV) || e->big)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"%s: stack use is estimated for little-endian Thumb and RISC-V programs "
			"only",
			s->path);
	for (size_t i = 0; i < s->spans.n; i++)
		if (s->spans.v[i].code && s->spans.v[i].in_file)
			hone_vec_push(&w.functions, (struct function){.span = i});
	if (!w.functions.n)
		return hone_err_set(err, HONE_E_NOT_FOUND,
			"%s: without symbols its functions are not known", s->path);
	read_marks(&w);
	for (size_t i = 0; i < w.functions.n; i++)
		read_function(&w, i);
	conclude(&w);
	hone_vec_release(&w.functions);
	hone_vec_release(&w.calls);
	hone_vec_release(&w.marks);
	*ret_stack = stack;
	return 0;
}
