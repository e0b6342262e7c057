/* What the fake cargo of fake_project.h "builds" where a real executable is needed: functions with Rust's symbols of the
 * crates prog and dep, and a profile if it is asked for one. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* Its own size, which the test decides. */
static size_t own_size(void)
{
	struct stat st;

	return stat("/proc/self/exe", &st) ? 0 : (size_t)st.st_size;
}

/* A larger program needs more memory, and more of it than the kernel's counts vary by. */
static void grow(void)
{
	size_t n = own_size() * 400;
	volatile char *p = malloc(n);

	for (size_t i = 0; p && i < n; i += 4096)
		p[i] = 1;
}

int main(int argc, char **argv)
{
	const char *pattern = getenv("LLVM_PROFILE_FILE");

	bool killed = argc > 1 && strcmp(argv[1], "killed") == 0;

	/* Who is killed leaves a profile only where the counters lie in the file all the time. */
	if (pattern && strchr(pattern, '/') && (!killed || strstr(pattern, "%c")))
		write_profile(pattern);
	if (argc > 1 && strcmp(argv[1], "grow") == 0)
		grow();
	if (argc > 2 && strcmp(argv[1], "at-most") == 0 && own_size() > strtoul(argv[2], NULL, 10))
		return 1;
	puts("hello");
	return 0;
}
