#include "hone_helper.h"

#include "launch_wire.h"

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	const char *name = slash ? slash + 1 : argc ? argv[0] : "";

	if (strcmp(name, HONE_LAUNCH_NAME) == 0)
		return helper_launch(argc, argv);
	if (strcmp(name, "hone-rustc") == 0)
		return helper_rustc(argc, argv);
	if (getenv("HONE_LINK_REAL"))
		return helper_link(argc, argv);
	fprintf(stderr, "%s is a part of hone and not made to be run by hand\n", name);
	return 2;
}
