/* A unit that was just compiled is kept: helper_share.c says as what. */
#include "helper_share_impl.h"

#include "hone_helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One path of a rule, whose blanks have a backslash before them; *at goes behind it. NULL: there is none. */
static char *next_path(const char **at)
{
	const char *p = *at;
	char *path, *to;

	while (*p == ' ')
		p++;
	if (!*p || *p == '\n')
		return NULL;
	path = to = calloc(1, strlen(p) + 1);
	while (path && *p && *p != '\n' && *p != ' ') {
		if (p[0] == '\\' && p[1] == ' ')
			p++;
		*to++ = *p++;
	}
	*at = p;
	return path;
}

static int is_older(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

/* A source that was written while the compiler ran may be another one than it read. */
static int add_source(const struct helper_share *s, const char *path, FILE *to)
{
	char hash[HELPER_HASH_TEXT];
	struct stat st;

	if (stat(path, &st) < 0 || strchr(path, '\n') || !is_older(st.st_mtim, s->start) ||
		!helper_hash_file(path, hash, NULL))
		return 0;
	fprintf(to, "f %s %s\n", hash, path);
	return 1;
}

/* What the compiler read, from the dependencies that it wrote. */
static int list_inputs(const struct helper_share *s, const char *deps, FILE *to)
{
	static const char variable[] = "# env-dep:";
	const char *line = deps, *next;
	int ok = 1, rules = 0;

	for (; ok && line && *line; line = next ? next + 1 : NULL) {
		const char *colon = strstr(line, ": ");

		next = strchr(line, '\n');
		if (strncmp(line, variable, sizeof(variable) - 1) == 0) {
			const char *name = line + sizeof(variable) - 1;
			size_t n = strcspn(name, "\n");

			fprintf(to, "%c %.*s\n", memchr(name, '=', n) ? 'e' : 'u', (int)n, name);
		} else if (*line != '#' && colon && (!next || colon < next) && !rules++) {
			char *path;

			colon += 2;
			while (ok && (path = next_path(&colon))) {
				ok = add_source(s, path, to);
				free(path);
			}
		}
	}
	return ok && rules;
}

static int keep_file(const struct helper_share *s, const char *folder, int which, FILE *about)
{
	char *from = helper_share_output_path(s, which);
	char *to = helper_format("%s/%s", folder, helper_share_names[which]);
	char hash[HELPER_HASH_TEXT];
	int ok = helper_share_copy_bytes(from, to, 0666) && helper_hash_file(to, hash, NULL);

	if (ok)
		fprintf(about, "s %s %s\n", helper_share_names[which], hash);
	free(from);
	free(to);
	return ok;
}

static void forget(const char *folder)
{
	static const char *const names[] = {
		"d", "meta", "link", "inputs", "about", "notices", "links", "capture"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char *path = helper_format("%s/%s", folder, names[i]);

		(void)unlink(path);
		free(path);
	}
	(void)rmdir(folder);
}

static int write_in(const char *folder, const char *name, const char *text, size_t n)
{
	char *path = helper_format("%s/%s", folder, name);
	int ok = helper_share_write_text(path, text, n);

	free(path);
	return ok;
}

/* Fills the folder; the hash of the inputs goes to ret. */
static int fill(const struct helper_share *s, const char *folder, char ret[HELPER_HASH_TEXT])
{
	char *deps_path = helper_share_output_path(s, HELPER_SHARE_DEPS),
	     *inputs_path = helper_format("%s/inputs", folder);
	char *deps = helper_share_read_text(deps_path), *inputs = NULL, *about = NULL;
	size_t n_inputs = 0, n_about = 0;
	FILE *to = open_memstream(&inputs, &n_inputs);
	FILE *say = open_memstream(&about, &n_about);
	int ok = deps && to && say && list_inputs(s, deps, to);

	if (!to || !say)
		abort();
	fprintf(say, "o %s\nx %s\n", s->out_dir, s->extra);
	for (int i = 0; ok && i < HELPER_SHARE_N_FILES; i++)
		ok = !helper_share_has(s, i) || keep_file(s, folder, i, say);
	ok = ok && (!s->is_program || helper_relink_keep(s, folder));
	fclose(to);
	fclose(say);
	ok = ok && write_in(folder, "inputs", inputs, n_inputs) &&
	     write_in(folder, "about", about, n_about) &&
	     write_in(folder, "notices", s->notices, s->n_notices) &&
	     helper_hash_file(inputs_path, ret, NULL);
	free(deps_path);
	free(inputs_path);
	free(deps);
	free(inputs);
	free(about);
	return ok;
}

void helper_share_keep(struct helper_share *s)
{
	char hash[HELPER_HASH_TEXT];
	char *temporary, *folder, *entry = NULL;

	if (!s->keeps || s->spoke || !s->notices)
		return;
	folder = helper_format("%s/%s", s->folder, s->key);
	temporary = helper_format("%s/%s.%d", s->folder, s->key, (int)getpid());
	(void)mkdir(s->folder, 0777);
	(void)mkdir(folder, 0777);
	if (mkdir(temporary, 0777) == 0) {
		int ok = fill(s, temporary, hash);

		entry = ok ? helper_format("%s/%s", folder, hash) : NULL;
		if (!ok || rename(temporary, entry) < 0)
			forget(temporary);
	}
	/* A key without an entry says nothing. */
	(void)rmdir(folder);
	free(folder);
	free(temporary);
	free(entry);
}
