#ifndef HONE_BINARY_SYM_MODULE_H
#define HONE_BINARY_SYM_MODULE_H
/* Modules as mangled names tell them. */
#include "buf.h"

/* Appends the module that a function of Rust's is written in: "regex_automata::hybrid::dfa" of a method of
 * DFA, of a closure in it, and of every instance of something generic. Of "<TYPE as TRAIT>::f" in the legacy scheme,
 * which does not tell the module, the type's. Nothing where the name does not tell one. Read by rules of its own, not from
 * what rust_v0.c makes of a name: the script that apply writes has to find the same in awk (plan_script_levels.c). */
void hone_sym_module(struct hone_buf *b, const char *mangled);

#endif
