/* A line of cargo's JSON output: whatever it is, it is read or left alone. */
#include "message.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hone_message m;

	hone_message_parse((struct hone_view){(const char *)data, size}, &m);
	if (m.kind == HONE_MSG_OTHER && (m.package_id || m.executable || m.rendered || m.out_dir))
		hone_bug("a line that is no message has fields");
	hone_message_release(&m);
	return 0;
}
