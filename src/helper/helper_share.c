/* What is kept of a unit: a folder KEY/INPUTS with
 *   inputs   what it was made of besides what the key holds: "f HASH PATH" a source, "e NAME=VALUE" and "u NAME"
 *            variables that env!() asked for (u: unset)
 *   about    "o FOLDER" and "x ENDING": where its files were, and what stood behind their names; "s NAME HASH" for each
 *            of the files below
 *   d, meta, link   its files: dependencies, metadata, archive or program
 *   notices  the compiler's messages about them; of a program all that it said
 * A program has no file of its own here, but where its link was captured (helper_relink.c).
 * It is made under another name and renamed, so that who finds it finds all of it. */
#include "helper_share_impl.h"

#include "hone_helper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* Units of one key with other sources: the newest are enough. */
#define MOST_OF_A_KEY 8

const char *const helper_share_names[HELPER_SHARE_N_FILES] = {"d", "meta", "link"};

char *helper_share_output_path(const struct helper_share *s, int which)
{
	int is_lib = strcmp(s->type, "lib") == 0 || strcmp(s->type, "rlib") == 0;
	int is_macro = strcmp(s->type, "proc-macro") == 0;
	const char *ending = which == HELPER_SHARE_DEPS   ? ".d"
			     : which == HELPER_SHARE_META ? ".rmeta"
			     : is_lib                     ? ".rlib"
			     : is_macro                   ? ".so"
							  : "";

	return helper_format("%s/%s%s%s%s", s->out_dir,
		which != HELPER_SHARE_DEPS && (is_lib || is_macro) ? "lib" : "", s->crate, s->extra,
		ending);
}

char *helper_share_read_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text = NULL;
	size_t n = 0;
	ssize_t got = 1;

	if (fd >= 0 && fstat(fd, &st) == 0 && (text = calloc(1, (size_t)st.st_size + 1)))
		while (n < (size_t)st.st_size && got > 0) {
			got = read(fd, text + n, (size_t)st.st_size - n);
			n += got > 0 ? (size_t)got : 0;
		}
	if (fd >= 0)
		close(fd);
	return text;
}

static int write_all(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return 0;
		text += done;
		n -= (size_t)done;
	}
	return 1;
}

int helper_share_write_text(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int ok = fd >= 0 && write_all(fd, text, n);

	return fd >= 0 && close(fd) == 0 && ok;
}

int helper_share_copy_bytes(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	ssize_t n = in >= 0 && out >= 0 ? 1 : -1;

	while (n > 0)
		n = sendfile(out, in, NULL, (size_t)1 << 30);
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) < 0)
		n = -1;
	if (n < 0)
		(void)unlink(to);
	return n == 0;
}

/* ---- taking */

/* A value as the compiler writes it into dependencies. */
static char *escaped(const char *value)
{
	char *text = calloc(2, strlen(value) + 1), *to = text;

	for (; text && *value; value++) {
		if (*value != '\\' && *value != '\n' && *value != '\r') {
			*to++ = *value;
			continue;
		}
		*to++ = '\\';
		*to++ = *value == '\\' ? '\\' : *value == '\n' ? 'n' : 'r';
	}
	return text;
}

static int variable_is(const char *assignment, int is_set)
{
	size_t n = strcspn(assignment, "=");
	char *name = helper_format("%.*s", (int)n, assignment);
	const char *value = getenv(name);
	char *text = value ? escaped(value) : NULL;
	int is = is_set ? text && assignment[n] == '=' && strcmp(text, assignment + n + 1) == 0
			: !value;

	free(name);
	free(text);
	return is;
}

static int line_holds(const char *line)
{
	char hash[HELPER_HASH_TEXT];

	if (line[0] == 'e' || line[0] == 'u')
		return variable_is(line + 2, line[0] == 'e');
	return line[0] == 'f' && strlen(line) > 2 + HELPER_HASH_TEXT &&
	       helper_hash_file(line + 2 + HELPER_HASH_TEXT, hash, NULL) &&
	       strncmp(line + 2, hash, HELPER_HASH_TEXT - 1) == 0;
}

static int inputs_hold(const char *folder)
{
	char *path = helper_format("%s/inputs", folder);
	char *text = helper_share_read_text(path), *rest = text, *line;
	int hold = text != NULL;

	while (hold && (line = strsep(&rest, "\n")))
		hold = !*line || line_holds(line);
	free(path);
	free(text);
	return hold;
}

struct about {
	char *text;
	const char *out_dir, *extra, *sums[HELPER_SHARE_N_FILES];
};

static int read_about(const char *folder, struct about *a)
{
	char *path = helper_format("%s/about", folder);
	char *rest, *line;

	*a = (struct about){.text = helper_share_read_text(path)};
	free(path);
	rest = a->text;
	while (rest && (line = strsep(&rest, "\n"))) {
		if (strncmp(line, "o ", 2) == 0)
			a->out_dir = line + 2;
		else if (strncmp(line, "x ", 2) == 0)
			a->extra = line + 2;
		for (int i = 0; i < HELPER_SHARE_N_FILES; i++) {
			size_t n = strlen(helper_share_names[i]);

			if (strncmp(line, "s ", 2) == 0 &&
				strncmp(line + 2, helper_share_names[i], n) == 0 &&
				line[2 + n] == ' ')
				a->sums[i] = line + 3 + n;
		}
	}
	return a->out_dir && a->extra && a->sums[HELPER_SHARE_DEPS];
}

/* The text with paths of the unit's own files as they are here: where the old folder's name stands, the first ending
 * behind it is another one, too. The caller frees. */
static char *translated(const struct helper_share *s, const struct about *a, const char *text)
{
	char *old = helper_format("%s/", a->out_dir);
	char *result = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&result, &size);
	const char *at;

	if (!out)
		abort();
	while ((at = strstr(text, old))) {
		const char *name = at + strlen(old);
		const char *end = strstr(name, a->extra);
		size_t n = strcspn(name, "/ \":\n");

		fwrite(text, 1, (size_t)(at - text), out);
		fprintf(out, "%s/", s->out_dir);
		text = name;
		if (end && (size_t)(end - name) < n) {
			fwrite(name, 1, (size_t)(end - name), out);
			fputs(s->extra, out);
			text = end + strlen(a->extra);
		}
	}
	fputs(text, out);
	fclose(out);
	free(old);
	return result;
}

int helper_share_has(const struct helper_share *s, int which)
{
	return !(which == HELPER_SHARE_META && !s->metadata) &&
	       !(which == HELPER_SHARE_LINK && s->is_program);
}

static int is_whole(const char *folder, const struct about *a, int which)
{
	char *path = helper_format("%s/%s", folder, helper_share_names[which]);
	char hash[HELPER_HASH_TEXT];
	int is = a->sums[which] && helper_hash_file(path, hash, NULL) &&
		 strcmp(hash, a->sums[which]) == 0;

	free(path);
	return is;
}

static int put(const struct helper_share *s, const struct about *a, const char *folder, int which)
{
	char *from = helper_format("%s/%s", folder, helper_share_names[which]);
	char *to = helper_share_output_path(s, which);
	char *temporary = helper_format("%s.hone-%d", to, (int)getpid());
	char *text = which == HELPER_SHARE_DEPS ? helper_share_read_text(from) : NULL;
	char *mine = text ? translated(s, a, text) : NULL;
	int is_program = which == HELPER_SHARE_LINK && strcmp(s->type, "lib") != 0 &&
			 strcmp(s->type, "rlib") != 0;
	int ok;

	if (which == HELPER_SHARE_DEPS)
		ok = mine && helper_share_write_text(temporary, mine, strlen(mine));
	else
		ok = helper_share_copy_bytes(from, temporary, is_program ? 0777 : 0666);
	ok = ok && rename(temporary, to) == 0;
	free(from);
	free(to);
	free(temporary);
	free(text);
	free(mine);
	return ok;
}

static int take_from(const struct helper_share *s, const char *folder)
{
	struct about a;
	char *path = helper_format("%s/notices", folder);
	char *notices = helper_share_read_text(path), *mine = NULL, *program;
	int ok = read_about(folder, &a) && notices != NULL;

	for (int i = 0; ok && i < HELPER_SHARE_N_FILES; i++)
		ok = !helper_share_has(s, i) || is_whole(folder, &a, i);
	if (ok && s->is_program) {
		program = helper_share_output_path(s, HELPER_SHARE_LINK);
		ok = helper_relink_take(s, folder, program);
		free(program);
	}
	for (int i = 0; ok && i < HELPER_SHARE_N_FILES; i++)
		ok = !helper_share_has(s, i) || put(s, &a, folder, i);
	if (ok) {
		mine = translated(s, &a, notices);
		ok = write_all(STDERR_FILENO, mine, strlen(mine));
		/* How long ago it was used decides what goes first. */
		(void)utimensat(AT_FDCWD, folder, NULL, 0);
	}
	free(path);
	free(notices);
	free(mine);
	free(a.text);
	return ok;
}

int helper_share_take(struct helper_share *s)
{
	char *folder = helper_format("%s/%s", s->folder, s->key);
	DIR *d = opendir(folder);
	struct dirent *e;
	int taken = 0, n = 0;

	while (d && !taken && (e = readdir(d))) {
		char *entry;

		if (strlen(e->d_name) != HELPER_HASH_TEXT - 1)
			continue;
		entry = helper_format("%s/%s", folder, e->d_name);
		taken = inputs_hold(entry) && take_from(s, entry);
		free(entry);
		n++;
	}
	if (d)
		closedir(d);
	s->keeps = s->keeps && n < MOST_OF_A_KEY;
	free(folder);
	return taken;
}

/* ---- keeping */

static void hear(struct helper_share *s, FILE *notices, const char *line, size_t n)
{
	int is_notice = n > 1 && line[0] == '{' && strstr(line, "\"artifact\":\"") != NULL &&
			strstr(line, "\"emit\":\"") != NULL && !strstr(line, "\"rendered\"");

	if (is_notice || s->is_program)
		fwrite(line, 1, n, notices);
	else
		s->spoke = 1;
	(void)write_all(STDERR_FILENO, line, n);
}

void helper_share_listen(struct helper_share *s, int fd)
{
	FILE *in = fdopen(fd, "re");
	FILE *notices = open_memstream(&s->notices, &s->n_notices);
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!in || !notices)
		abort();
	while ((n = getline(&line, &size, in)) > 0)
		hear(s, notices, line, (size_t)n);
	free(line);
	fclose(in);
	fclose(notices);
}
