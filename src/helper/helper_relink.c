/* A program that differs from another one in the words for its linker alone: what was compiled is the same, so that only
 * the captured link (helper_link.c) is done again, with these words where the other's stood. The copier does it, and so
 * captures this link, too. */
#include "helper_share.h"

#include "hone_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_WORDS 65536
/* Longer command lines would go through a file: then it is compiled. */
#define MAX_LENGTH ((size_t)512 << 10)

struct words {
	char *text;
	const char **v;
	size_t n;
};

/* Words that each end by a NUL. */
static int read_list(const char *folder, const char *name, struct words *w)
{
	char *path = helper_format("%s/%s", folder, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st = {0};
	size_t n = 0;
	ssize_t got = 1;

	*w = (struct words){.v = calloc(MAX_WORDS + 1, sizeof(*w->v))};
	if (fd >= 0 && w->v && fstat(fd, &st) == 0 && (w->text = calloc(1, (size_t)st.st_size + 1)))
		while (n < (size_t)st.st_size && got > 0) {
			got = read(fd, w->text + n, (size_t)st.st_size - n);
			n += got > 0 ? (size_t)got : 0;
		}
	for (size_t at = 0; w->text && at < n && w->n < MAX_WORDS; at += strlen(w->text + at) + 1)
		w->v[w->n++] = w->text + at;
	if (fd >= 0)
		close(fd);
	free(path);
	return w->text != NULL && w->n < MAX_WORDS;
}

static void release(struct words *w)
{
	free(w->text);
	free(w->v);
}

static int write_list(const char *folder, const char *name, const char *const *v, size_t n)
{
	char *path = helper_format("%s/%s", folder, name);
	FILE *f = fopen(path, "we");
	int ok = f != NULL;

	for (size_t i = 0; f && ok && i < n; i++)
		ok = fwrite(v[i], strlen(v[i]) + 1, 1, f) == 1;
	if (f && fclose(f) != 0)
		ok = 0;
	free(path);
	return ok;
}

int helper_relink_keep(const struct helper_share *s, const char *folder)
{
	const char *capture = getenv("HONE_LINK_DIR");
	char *at = capture ? helper_format("%s/at", capture) : NULL;
	int ok = at && access(at, R_OK) == 0 && write_list(folder, "capture", &capture, 1) &&
		 write_list(folder, "links", s->links, s->n_links);

	free(at);
	return ok;
}

/* The word with every path of the map in it (the whole, or what follows = or ,) replaced by that of its copy. */
static const char *moved(const char *word, const struct words *map)
{
	for (size_t i = 0; i + 1 < map->n; i += 2) {
		size_t n = strlen(map->v[i]);
		const char *at = strstr(word, map->v[i]);

		if (!at || (at[n] && at[n] != ',') || (at > word && at[-1] != '=' && at[-1] != ','))
			continue;
		word = helper_format("%.*s%s%s", (int)(at - word), word, map->v[i + 1], at + n);
	}
	return word;
}

static int ends_with_words(const struct words *args, size_t at, const struct words *links)
{
	if (at > args->n || links->n > at)
		return 0;
	for (size_t i = 0; i < links->n; i++)
		if (strcmp(args->v[at - links->n + i], links->v[i]) != 0)
			return 0;
	return 1;
}

/* The linker's command line for this program; NULL: it would be too long, or has no output. */
static char **command(const struct helper_share *s, const struct words *args, size_t at,
	const struct words *links, const struct words *map, const char *linker, const char *path)
{
	char **v = calloc(args->n + s->n_links + 3, sizeof(*v));
	size_t n = 0, length = 0;
	int has_output = 0;

	if (!v)
		return NULL;
	v[n++] = (char *)(uintptr_t)linker;
	for (size_t i = 0; i <= args->n; i++) {
		if (i == at) {
			for (size_t k = 0; k < s->n_links; k++)
				v[n++] = (char *)(uintptr_t)s->links[k];
			v[n++] = (char *)(uintptr_t)HELPER_LINK_MARK;
		}
		if (i == args->n)
			break;
		if (i + links->n >= at && i < at)
			continue;
		if (i && strcmp(args->v[i - 1], "-o") == 0) {
			v[n++] = (char *)(uintptr_t)path;
			has_output = 1;
		} else {
			v[n++] = (char *)(uintptr_t)moved(args->v[i], map);
		}
	}
	for (size_t i = 0; i < n; i++)
		length += strlen(v[i]) + 1 + sizeof(*v);
	if (has_output && length < MAX_LENGTH)
		return v;
	free(v);
	return NULL;
}

/* The environment that rustc made for the linker, with this capture's folder in it. */
static char **environment(const struct words *env)
{
	char **v = calloc(env->n + 2, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; v && i < env->n; i++)
		if (strncmp(env->v[i], "HONE_LINK_DIR=", 14) != 0)
			v[n++] = (char *)(uintptr_t)env->v[i];
	if (v)
		v[n++] = helper_format("HONE_LINK_DIR=%s", getenv("HONE_LINK_DIR"));
	return v;
}

/* Whatever it says, rustc would have something to say of, too. */
static int run(char **argv, char **env)
{
	int ends[2], status = 0, silent = 1;
	char block[4096];
	ssize_t n;
	pid_t pid;

	if (!argv || !env || pipe2(ends, O_CLOEXEC) < 0)
		return 0;
	pid = fork();
	if (pid == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)dup2(ends[1], STDERR_FILENO);
		execve(argv[0], argv, env);
		_exit(127);
	}
	close(ends[1]);
	while ((n = read(ends[0], block, sizeof(block))) != 0)
		if (n > 0)
			silent = 0;
		else if (errno != EINTR)
			break;
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && status == 0 && silent;
}

int helper_relink_take(const struct helper_share *s, const char *folder, const char *path)
{
	struct words capture, links, args = {0}, map = {0}, env = {0}, place = {0};
	const char *real = getenv("HONE_LINK_REAL"), *tools = getenv("HONE_LINK_TOOLS");
	const char *slash = real ? strrchr(real, '/') : NULL;
	char *linker = helper_format("%s/%s", tools ? tools : "",
		slash  ? slash + 1
		: real ? real
		       : "");
	int ok = read_list(folder, "capture", &capture) && capture.n == 1;
	size_t at = 0;

	ok = read_list(folder, "links", &links) && ok && real && tools;
	if (ok)
		ok = read_list(capture.v[0], "args", &args) &&
		     read_list(capture.v[0], "map", &map) &&
		     read_list(capture.v[0], "environ", &env) &&
		     read_list(capture.v[0], "at", &place) && place.n == 1;
	if (ok)
		at = strtoul(place.v[0], NULL, 10);
	ok = ok && ends_with_words(&args, at, &links) &&
	     run(command(s, &args, at, &links, &map, linker, path), environment(&env));
	if (!ok)
		(void)unlink(path);
	release(&capture);
	release(&links);
	release(&args);
	release(&map);
	release(&env);
	release(&place);
	free(linker);
	return ok;
}
