/* The crates of the standard library, for both schemes of mangling. */
#include "sym_crate.h"

const char *const hone_sym_std_crates[] = {"std", "core", "alloc", "proc_macro", "test",
	"panic_unwind", "panic_abort", "unwind", "compiler_builtins", "std_detect", "sysroot",
	"rustc_std_workspace_core", "rustc_std_workspace_alloc", "rustc_std_workspace_std", NULL};

bool hone_sym_is_std(struct hone_view crate)
{
	for (size_t i = 0; hone_sym_std_crates[i]; i++)
		if (hone_view_is(crate, hone_sym_std_crates[i]))
			return true;
	return false;
}
