#include "diff.h"
#include "fs.h"
#include "show.h"
#include "toml_doc.h"
#include "writedown.h"

#include <string.h>

static bool is_in(const char *file, const char *root)
{
	size_t n = strlen(root);

	return hone_starts(file, root) && (file[n] == '/' || (n && root[n - 1] == '/'));
}

static int edit(struct hone_toml *doc, const struct hone_problem_fix *fix, struct hone_err *err)
{
	const char *const *path = hone_strv_argv(&fix->path);

	return fix->value ? hone_toml_set(doc, path, fix->path.n, fix->value, err)
			  : hone_toml_remove(doc, path, fix->path.n, err);
}

/* All edits of one file, as a change of the whole. */
static int fix_file(struct hone_cli *cli, const struct hone_problems *p, const char *file,
	const char *root, struct hone_writedown *w, size_t *done, struct hone_err *err)
{
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT, after = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf diff = HONE_BUF_INIT;
	hone_auto_free char *name = hone_path_relative(file, root);
	struct hone_toml *doc = NULL;
	struct hone_file_id id;
	int error = hone_toml_read(file, HONE_TOML_1_1, &doc, &id, err);

	if (error)
		return error;
	hone_toml_print(doc, &before);
	for (size_t i = 0; i < p->n && !error; i++)
		if (p->v[i].fix.file && !strcmp(p->v[i].fix.file, file)) {
			error = edit(doc, &p->v[i].fix, err);
			*done += !error;
		}
	hone_toml_print(doc, &after);
	hone_toml_free(doc);
	if (error)
		return error;
	hone_diff(name, hone_buf_str(&before), hone_buf_str(&after), &cli->out, &diff);
	hone_out_result(&cli->out, hone_buf_view(&diff));
	hone_vec_push(&w->changes, (struct hone_file_change){.path = hone_xstrdup(file),
					   .id = id,
					   .before = hone_buf_detach(&before),
					   .after = hone_buf_detach(&after)});
	return 0;
}

int hone_show_fix(struct hone_cli *cli, const struct hone_problems *p, const char *root,
	bool dry_run, size_t *ret_done, struct hone_err *err)
{
	static const char *const undo[] = {"--undo", NULL};
	hone_auto_strv struct hone_strv files = HONE_STRV_INIT;
	hone_auto_free char *back = hone_cli_command(cli, "apply", undo);
	struct hone_writedown w = {0};
	size_t done = 0;
	int error = 0;

	for (size_t i = 0; i < p->n; i++) {
		const char *file = p->v[i].fix.file;
		if (!file || hone_strv_has(&files, file))
			continue;
		if (!is_in(file, root)) {
			hone_out_note(&cli->out,
				"%s is left as it is: it lies outside of the workspace", file);
			continue;
		}
		hone_strv_push(&files, file);
	}
	for (size_t i = 0; i < files.n && !error; i++)
		error = fix_file(cli, p, files.v[i], root, &w, &done, err);
	if (!error && w.changes.n && !dry_run)
		error = hone_writedown_commit(&w, root, err);
	if (!error && w.changes.n && !dry_run)
		hone_out_status(&cli->out, "Repaired", "%zu %s; `%s` takes it back", done,
			done == 1 ? "problem" : "problems", back);
	else if (!error)
		hone_out_status(&cli->out, dry_run ? "Dry run" : "Repaired", "%zu %s", done,
			done == 1 ? "problem" : "problems");
	hone_writedown_release(&w);
	*ret_done = error ? 0 : done;
	return error;
}
