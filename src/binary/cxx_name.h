#ifndef HONE_BINARY_CXX_NAME_H
#define HONE_BINARY_CXX_NAME_H
/* The readable part of a C++ name, by the Itanium C++ ABI, section 5.1: namespaces, classes and the
 * function, without template arguments and parameters. Rust programs carry C++ only by libraries, and
 * whose bytes they are is told by the file; a whole demangler would be the largest part of src/binary. */
#include "buf.h"

/* Appends "std::vector<..>::push_back(..)" for the mangled name (which begins with "_Z"), ".." standing
 * for what is left out. False, and nothing appended, for what it does not read. Takes time proportional
 * to the length of the name. */
bool hone_cxx_text(struct hone_buf *b, struct hone_view mangled);

#endif
