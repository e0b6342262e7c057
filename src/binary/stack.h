#ifndef HONE_BINARY_STACK_H
#define HONE_BINARY_STACK_H
/* How much stack a program of a device uses: an estimate from its machine code, as release builds for
 * devices carry no unwind tables. Thumb (Arm Cortex-M) and RISC-V.
 *
 * A function's frame is the sum of everything by which its instructions lower the stack pointer by a
 * constant (push, sub sp; addi sp, c.addi16sp): too much where two paths of one function do so. The depth
 * of a function is its frame and the largest depth of what it calls directly; a jump into another
 * function counts as a call. Encodings: Arm v7-M Architecture Reference Manual, chapter A7; The RISC-V
 * Instruction Set Manual, volume I, chapters 2 and 16. */
#include "size.h"

struct hone_stack {
	/* Depth of the function that the program starts with: at the ELF file's entry point, else, on a Cortex-M,
	 * where the reset vector points. */
	uint64_t from_entry;
	char *path; /* "reset > main > run": the deepest path from there; NULL: no symbol is there */
	uint64_t deepest;      /* the largest depth of any function, reached how ever */
	char *deepest_name;    /* of that one */
	size_t functions;      /* that were read */
	size_t indirect_calls; /* whose targets are not known, and not covered */
	size_t recursive;      /* calls that close a circle: counted once round */
	size_t dynamic;        /* places that lower the stack by an amount known at run time only */
};
#define HONE_STACK_INIT                                                                            \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_stack __attribute__((cleanup(hone_stack_release)))

/* HONE_E_UNSUPPORTED: another machine, or big-endian; HONE_E_NOT_FOUND: no functions are known. */
int hone_size_stack(struct hone_size *s, struct hone_stack *ret_stack, struct hone_err *err);
void hone_stack_release(struct hone_stack *k);

#endif
