/* Linker mode: copies everything that a link reads, then becomes the real linker. The link can be
 * replayed later from the copies, with other flags, in tenths of a second (src/trial/link_replay.c).
 *
 * What it leaves in HONE_LINK_DIR:
 *   args     the arguments after the program's name, response files expanded, each ended by a NUL
 *   at       where among them the user's own end: rustc was given HELPER_LINK_MARK as the last of these, which no linker sees
 *   cwd      the working directory
 *   environ  the environment, each entry ended by a NUL
 *   real     the linker's name
 *   map      pairs PATH NUL COPY NUL: what each copied file was called on the command line
 *   in/      the copies */
#include "hone_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The linker takes over this process, words and all. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

#define MAX_ARGS 65536
#define MAX_FILE ((size_t)64 << 20)

struct args {
	char **v;
	size_t n;
	size_t at; /* where the mark stood */
	int is_marked;
	size_t from, to; /* words of the response file that it stood in */
	int marked_file; /* which argument that is; 0: none */
};

struct capture {
	const char *dir;
	FILE *map;
	size_t n_copies;
};

static int add(struct args *a, char *arg)
{
	if (a->n >= MAX_ARGS || !arg)
		return -1;
	if (strcmp(arg, HELPER_LINK_MARK) == 0) {
		a->at = a->n;
		a->is_marked = 1;
		return 0;
	}
	a->v[a->n++] = arg;
	return 0;
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = malloc(MAX_FILE + 1);
	size_t n = f && text ? fread(text, 1, MAX_FILE, f) : 0;

	if (!f || !text || n == MAX_FILE) {
		if (f)
			fclose(f);
		free(text);
		return NULL;
	}
	fclose(f);
	text[n] = '\0';
	return text;
}

/* The words of a response file as GCC and lld read them: blanks separate, quotes group, a backslash
 * takes the next character as it is. */
static int expand_response(struct args *a, const char *path)
{
	char *text = read_file(path);
	const char *p = text;
	int result = 0;

	if (!text)
		return -1;
	while (*p && result == 0) {
		char *word = malloc(strlen(p) + 1), *w = word, quote = 0;

		p += strspn(p, " \t\r\n");
		if (!*p || !word) {
			result = word ? 0 : -1;
			free(word);
			break;
		}
		for (; *p && (quote || !strchr(" \t\r\n", *p)); p++) {
			if (*p == '\\' && p[1])
				*w++ = *++p;
			else if (quote ? *p == quote : *p == '"' || *p == '\'')
				quote = quote ? 0 : *p;
			else
				*w++ = *p;
		}
		*w = '\0';
		result = add(a, word);
		if (result < 0)
			free(word);
	}
	free(text);
	return result;
}

static int copy_file(const char *from, const char *to)
{
	static char block[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, result = -1;
	ssize_t n = 0;

	if (in >= 0)
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (out >= 0) {
		while ((n = read(in, block, sizeof(block))) > 0)
			if (write(out, block, (size_t)n) != n)
				break;
		result = n == 0 ? 0 : -1;
	}
	if (out >= 0 && close(out) < 0)
		result = -1;
	if (in >= 0)
		close(in);
	return result;
}

/* Copies path if it is a regular file and notes it in the map. */
static int capture_file(struct capture *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	char *copy;
	int result;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	copy = helper_format("%s/in/%zu", c->dir, c->n_copies);
	if (mkdir(copy, 0777) < 0 && errno != EEXIST) {
		free(copy);
		return -1;
	}
	free(copy);
	copy = helper_format("%s/in/%zu/%s", c->dir, c->n_copies++, slash ? slash + 1 : path);
	result = copy_file(path, copy);
	if (result == 0 && (fwrite(path, strlen(path) + 1, 1, c->map) != 1 ||
				   fwrite(copy, strlen(copy) + 1, 1, c->map) != 1))
		result = -1;
	free(copy);
	return result;
}

/* -lNAME: the library in the -L folders of this command line (not the system's own). */
static int capture_library(struct capture *c, const struct args *a, const char *name)
{
	for (size_t i = 0; i < a->n; i++) {
		const char *dir = a->v[i];

		if (strncmp(dir, "-L", 2) != 0)
			continue;
		dir = dir[2] ? dir + 2 : i + 1 < a->n ? a->v[i + 1] : "";
		for (size_t k = 0; k < 2; k++) {
			char *path = helper_format(k ? "%s/lib%s.a" : "%s/lib%s.so", dir, name);
			int found = access(path, R_OK) == 0;
			int result = found ? capture_file(c, path) : 0;

			free(path);
			if (found)
				return result;
		}
	}
	return 0;
}

/* Every file that an argument names: itself, or what stands after the = or , of an option. */
static int capture_argument_files(struct capture *c, const struct args *a, size_t i)
{
	const char *arg = a->v[i];
	const char *part = arg;

	/* The output is no input. */
	if (i && strcmp(a->v[i - 1], "-o") == 0)
		return 0;
	if (strncmp(arg, "-l", 2) == 0 && arg[2])
		return capture_library(c, a, arg + 2);
	if (*arg != '-')
		return capture_file(c, arg);
	while ((part = strpbrk(part, "=,"))) {
		char *path = helper_format("%.*s", (int)strcspn(part + 1, ","), part + 1);
		int result = *path == '-' ? 0 : capture_file(c, path);

		free(path);
		if (result < 0)
			return -1;
		part++;
	}
	return 0;
}

static int write_list(const struct capture *c, const char *name, char *const *list, size_t n)
{
	char *path = helper_format("%s/%s", c->dir, name);
	FILE *f = fopen(path, "we");
	int ok = f != NULL;

	free(path);
	for (size_t i = 0; ok && i < n && list[i]; i++)
		ok = fwrite(list[i], strlen(list[i]) + 1, 1, f) == 1;
	if (f && fclose(f) != 0)
		ok = 0;
	return ok ? 0 : -1;
}

static int capture_all(struct capture *c, const struct args *a, char *real)
{
	char *cwd = getcwd(NULL, 0);
	char *path = helper_format("%s/in", c->dir);
	int result = 0;

	(void)mkdir(c->dir, 0777);
	(void)mkdir(path, 0777);
	free(path);
	path = helper_format("%s/map", c->dir);
	c->map = fopen(path, "we");
	free(path);
	if (!c->map || !cwd)
		return -1;
	for (size_t i = 0; i < a->n && result == 0; i++)
		result = capture_argument_files(c, a, i);
	if (fclose(c->map) != 0)
		result = -1;
	if (result == 0 && a->is_marked) {
		char *at = helper_format("%zu", a->at);

		result = write_list(c, "at", &at, 1);
		free(at);
	}
	if (result == 0)
		result = write_list(c, "args", a->v, a->n);
	if (result == 0)
		result = write_list(c, "cwd", &cwd, 1);
	if (result == 0)
		result = write_list(c, "real", &real, 1);
	if (result == 0)
		result = write_list(c, "environ", environ, MAX_ARGS);
	free(cwd);
	return result;
}

/* rustc's response file without the mark; the caller does not come back. */
static char *without_mark(const struct capture *c, const struct args *a)
{
	char *path = helper_format("%s/response", c->dir);
	FILE *f = fopen(path, "we");

	for (size_t i = a->from; f && i < a->to; i++) {
		fputc('"', f);
		for (const char *p = a->v[i]; *p; p++) {
			if (*p == '"' || *p == '\\')
				fputc('\\', f);
			fputc(*p, f);
		}
		fputs("\"\n", f);
	}
	if (!f || fclose(f) != 0)
		fprintf(stderr, "hone: cannot write %s: %s\n", path, strerror(errno));
	return helper_format("@%s", path);
}

int helper_link(int argc, char **argv)
{
	char *real = getenv("HONE_LINK_REAL");
	struct capture c = {.dir = getenv("HONE_LINK_DIR")};
	struct args a = {.v = calloc(MAX_ARGS + 1, sizeof(char *))};
	int result = 0;

	if (!real || !c.dir || !a.v) {
		fprintf(stderr,
			"hone: the link copier is called by rustc, with its environment set\n");
		free(a.v);
		return 2;
	}
	for (int i = 1; i < argc && result == 0; i++) {
		int was_marked = a.is_marked;
		size_t from = a.n;

		if (argv[i][0] != '@') {
			result = add(&a, argv[i]);
			continue;
		}
		result = expand_response(&a, argv[i] + 1);
		if (a.is_marked && !was_marked) {
			a.from = from;
			a.to = a.n;
			a.marked_file = i;
		}
	}
	if (result == 0)
		result = capture_all(&c, &a, real);
	// NOLINTNEXTLINE(clang-analyzer-unix.Malloc): the linker takes over this process
	if (result < 0) {
		/* The link itself must not fail because of the copy: leave no half capture behind. */
		char *args = helper_format("%s/args", c.dir);

		fprintf(stderr, "hone: the link was not captured: %s\n", strerror(errno));
		(void)unlink(args);
		free(args);
	}
	/* As it was called, but for the mark: rustc puts what does not fit into a command line into a file. */
	if (a.is_marked) {
		int n = 1;

		for (int i = 1; i < argc; i++)
			if (strcmp(argv[i], HELPER_LINK_MARK) != 0)
				argv[n++] = i == a.marked_file ? without_mark(&c, &a) : argv[i];
		argv[n] = NULL;
	}
	argv[0] = real;
	execvp(real, argv);
	fprintf(stderr, "hone: cannot run the linker %s: %s\n", real, strerror(errno));
	return 127;
}
