/* What the fake cargo of fake_project.h "builds" where a real executable is needed: functions with Rust's symbols of the
 * crates prog and dep, and a profile if it is asked for one. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where LLVM puts what it compiles for speed (a multiple of 16) and for size, and one of a dependency. */
__asm__(".text\n"
	".macro function name\n"
	".globl \\name\n.type \\name, %function\n\\name:\nnop\nnop\nnop\nnop\n.size \\name, . - "
	"\\name\n"
	".endm\n"
	".balign 16\nfunction _ZN4prog3hot17h0123456789abcdefE\n"
	".balign 16\nnop\nfunction _ZN4prog4cold17h0123456789abcdefE\n"
	".balign 16\nnop\nfunction _ZN3dep4work17h0123456789abcdefE\n"
	".fill 400, 1, 0\n");

/* An instrumented program of LLVM writes a file for each process; here its content does not matter. */
static void write_profile(const char *pattern)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%.*s/x.profraw", (int)(strrchr(pattern, '/') - pattern),
		pattern);
	f = fopen(path, "w");
	if (f) {
		fputs("counters of a run", f);
		fclose(f);
	}
}

int main(int argc, char **argv)
{
	const char *pattern = getenv("LLVM_PROFILE_FILE");

	bool killed = argc > 1 && strcmp(argv[1], "killed") == 0;

	/* Who is killed leaves a profile only where the counters lie in the file all the time. */
	if (pattern && strchr(pattern, '/') && (!killed || strstr(pattern, "%c")))
		write_profile(pattern);
	puts("hello");
	return 0;
}
