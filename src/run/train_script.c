/* Training runs as lines of a POSIX shell script, for who builds without hone. */
#include "fs.h"
#include "text.h"
#include "train.h"

#include <string.h>

/* The part of a word that stands for itself. */
static void add_literal(struct hone_buf *b, const char *text, size_t n)
{
	hone_auto_free char *copy = hone_xstrndup(text, n);

	if (n)
		hone_text_shell_word(b, copy);
}

/* A word in which {bin}, {out} and the project's folder at the beginning become variables. */
static void add_word(struct hone_buf *b, const char *word, const char *root)
{
	static const char *const holes[] = {"{bin}", "{lib}", "{out}"};
	static const char *const variables[] = {"\"$bin\"", "\"$bin\"", "\"$work/out\""};
	size_t n = strlen(root);
	const char *from = word;

	if (strncmp(word, root, n) == 0 && (word[n] == '/' || !word[n])) {
		hone_buf_adds(b, "\"$root\"");
		from += n;
	} else if (!*word) {
		hone_buf_adds(b, "''");
	}
	for (const char *at = from; *at;) {
		size_t hole = 0;

		while (hole < HONE_COUNT(holes) && !hone_starts(at, holes[hole]))
			hole++;
		if (hole == HONE_COUNT(holes)) {
			at++;
			if (!*at)
				add_literal(b, from, (size_t)(at - from));
			continue;
		}
		add_literal(b, from, (size_t)(at - from));
		hone_buf_adds(b, variables[hole]);
		at += strlen(holes[hole]);
		from = at;
	}
}

static void add_words(struct hone_buf *b, const struct hone_strv *words, const char *root)
{
	for (size_t i = 0; i < words->n; i++) {
		hone_buf_addc(b, ' ');
		add_word(b, words->v[i], root);
	}
}

/* train EXIT-CODE [env ...] COMMAND: the function is the script's. */
static void add_command(struct hone_buf *b, const struct hone_workload *w,
	const struct hone_strv *argv, int exit_code, const char *root)
{
	if (!argv->n)
		return;
	if (exit_code == HONE_EXIT_OF_BASELINE)
		hone_buf_adds(b, "\ttrain any");
	else
		hone_buf_addf(b, "\ttrain %d", exit_code);
	if (w->env.n)
		hone_buf_adds(b, " env");
	/* Those that are removed first: what follows a variable is the command. */
	for (size_t i = 0; i < w->env.n; i++)
		if (!strchr(w->env.v[i], '=')) {
			hone_buf_adds(b, " -u ");
			add_word(b, w->env.v[i], root);
		}
	for (size_t i = 0; i < w->env.n; i++)
		if (strchr(w->env.v[i], '=')) {
			hone_buf_addc(b, ' ');
			add_word(b, w->env.v[i], root);
		}
	add_words(b, argv, root);
}

static void add_workload(struct hone_buf *b, const struct hone_workload *w, const char *root)
{
	hone_auto_free char *dir = w->dir ? hone_xstrdup(w->dir) : hone_path_absolute(".");
	hone_auto_free char *cwd = hone_path_relative(dir, root);

	hone_buf_adds(b, "\tcd ");
	if (strcmp(cwd, ".") == 0)
		hone_buf_adds(b, "\"$root\"");
	else
		add_word(b, dir, root);
	hone_buf_adds(b, "\n");
	if (w->setup.n) {
		add_command(b, w, &w->setup, 0, root);
		hone_buf_addc(b, '\n');
	}
	hone_buf_adds(b, "\trm -rf \"$work/out\"\n\tmkdir \"$work/out\"\n");
	add_command(b, w, &w->argv, w->exit_code, root);
	hone_buf_adds(b, " <");
	add_word(b, w->stdin_path ? w->stdin_path : "/dev/null", root);
	hone_buf_addc(b, '\n');
	if (w->teardown.n) {
		add_command(b, w, &w->teardown, 0, root);
		hone_buf_addc(b, '\n');
	}
}

char *hone_train_script(const struct hone_workload *workloads, size_t n, const char *root)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		if (workloads[i].service) {
			hone_buf_release(&b);
			return NULL;
		}
		add_workload(&b, &workloads[i], root);
	}
	return hone_buf_detach(&b);
}
