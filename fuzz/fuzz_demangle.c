/* Any bytes as a mangled name. */
#include "sym_module.h"
#include "sym_name.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct hone_view part, const char *name, size_t n)
{
	if (part.n > n || (part.n > 0 && (part.p < name || part.p > name + n - part.n)))
		hone_bug("a crate's name lies outside of the mangled name");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	hone_auto_free char *name = hone_xstrndup((const char *)data, size);
	hone_auto_buf struct hone_buf module = HONE_BUF_INIT;
	struct hone_sym_origin o = hone_sym_origin_of(name);

	check_inside(o.crate.name, name, strlen(name));
	check_inside(o.instance.name, name, strlen(name));
	hone_sym_module(&module, name);
	if (module.n > 2 * strlen(name))
		hone_bug("a module is longer than the name of what is in it");
	for (int full = 0; full < 2; full++) {
		hone_auto_buf struct hone_buf readable = HONE_BUF_INIT, generic = HONE_BUF_INIT;

		hone_sym_readable(&readable, name, full);
		hone_sym_generic(&generic, hone_buf_view(&readable));
		if (generic.n > 4 * readable.n + 4)
			hone_bug("a generic form is longer than the name");
	}
	return 0;
}
