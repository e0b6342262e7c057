/* The crates of the standard library, for both schemes of mangling. */
#include "sym_crate.h"

bool hone_sym_is_std(struct hone_view crate)
{
	static const char *const names[] = {"std", "core", "alloc", "proc_macro", "test",
		"panic_unwind", "panic_abort", "unwind", "compiler_builtins", "std_detect",
		"sysroot", "rustc_std_workspace_core", "rustc_std_workspace_alloc",
		"rustc_std_workspace_std"};
	for (size_t i = 0; i < HONE_COUNT(names); i++)
		if (hone_view_is(crate, names[i]))
			return true;
	return false;
}
