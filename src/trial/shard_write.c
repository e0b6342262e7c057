/* A share of a comparison as a file: JSON, like that of `check --save`, with what cargo built in it. */
#include "shard.h"

#include "ahead.h"
#include "check_binary.h"
#include "copies.h"
#include "fs.h"
#include "inputs.h"
#include "jsonw.h"
#include "record.h"
#include "training_memory.h"

#include <string.h>

struct writer {
	const struct hone_workdir *dir;
	const struct hone_shard_content *c;
	struct hone_jsonw w;
	struct hone_strv programs; /* hashes of what was built */
	char *folder;              /* of the artifact at hand, ... */
	const char *below;         /* ... and where within */
};

static void put_list(struct hone_jsonw *w, const char *key, const struct hone_strv *list)
{
	hone_jsonw_karray(w, key);
	for (size_t i = 0; i < list->n; i++)
		hone_jsonw_str(w, list->v[i]);
	hone_jsonw_end(w);
}

static void put_pairs(
	struct hone_jsonw *w, const char *key, const struct hone_strv *a, const struct hone_strv *b)
{
	hone_jsonw_karray(w, key);
	for (size_t i = 0; i < a->n; i++) {
		hone_jsonw_array(w);
		hone_jsonw_str(w, a->v[i]);
		hone_jsonw_str(w, b->v[i]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

/* A file: its name within the folder of the artifact, its hash, itself. */
static int put_file(struct writer *w, const char *path, const char *name, struct hone_err *err)
{
	hone_auto_buf struct hone_buf packed = HONE_BUF_INIT;
	char text[HONE_HASH_TEXT];
	struct hone_hash hash;
	int error = hone_hash_file(path, &hash, err);

	if (!error)
		error = hone_check_pack(path, &packed, err);
	if (error)
		return error;
	hone_jsonw_array(&w->w);
	hone_jsonw_str(&w->w, name);
	hone_jsonw_str(&w->w, hone_hash_text(text, hash));
	hone_jsonw_view(&w->w, hone_buf_view(&packed));
	hone_jsonw_end(&w->w);
	hone_strv_push(&w->programs, text);
	return 0;
}

/* What lies in a folder, and below it. */
static int put_tree(void *ctx, const char *name, struct hone_err *err)
{
	struct writer *w = ctx;
	const char *above = w->below;
	hone_auto_free char *below = hone_path_join(above, name);
	hone_auto_free char *path = hone_path_join(w->folder, below);
	int error;

	if (!hone_fs_is_dir(path))
		return put_file(w, path, below, err);
	w->below = below;
	error = hone_fs_each(path, put_tree, w, err);
	w->below = above;
	return error;
}

static int put_folder(struct writer *w, const char *name, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(w->folder, name);

	w->below = name;
	return hone_fs_each(path, put_tree, w, err);
}

/* The file with the names of a program that was linked without them. */
static int put_twin(struct writer *w, const struct hone_strv *note, struct hone_err *err)
{
	const char *program = hone_path_base(hone_ahead_executable(note));
	hone_auto_free char *name = hone_xasprintf("%s.unstripped", program);
	hone_auto_free char *path = hone_path_join(w->folder, name);

	return *program && hone_fs_exists(path) ? put_file(w, path, name, err) : 0;
}

static int put_build(
	struct writer *w, const char *key, const struct hone_strv *note, struct hone_err *err)
{
	hone_auto_free char *record_path = hone_path_join(w->folder, "record.json");
	struct hone_record record;
	char hash[HONE_HASH_TEXT];
	int error;

	hone_record_read(record_path, &record);
	hone_jsonw_object(&w->w);
	hone_jsonw_kstr(&w->w, "key", key);
	put_list(&w->w, "note", note);
	if (record.known) {
		hone_jsonw_kobject(&w->w, "record");
		hone_jsonw_kstr(&w->w, "hash", hone_hash_text(hash, record.hash));
		hone_jsonw_ku64(&w->w, "gzip", record.packed.gzip);
		hone_jsonw_ku64(&w->w, "zstd", record.packed.zstd);
		hone_jsonw_ku64(&w->w, "brotli", record.packed.brotli);
		if (record.bound_size) {
			hone_jsonw_kobject(&w->w, "bindgen");
			hone_jsonw_ku64(&w->w, "size", record.bound_size);
			hone_jsonw_ku64(&w->w, "gzip", record.bound.gzip);
			hone_jsonw_ku64(&w->w, "zstd", record.bound.zstd);
			hone_jsonw_ku64(&w->w, "brotli", record.bound.brotli);
			hone_jsonw_end(&w->w);
		}
		hone_jsonw_kf64(&w->w, "wall_s", record.cost.wall_s);
		hone_jsonw_kf64(&w->w, "cpu_s", record.cost.cpu_s);
		hone_jsonw_ku64(&w->w, "peak", record.cost.peak_rss);
		hone_jsonw_ku64(&w->w, "units", record.cost.units);
		hone_jsonw_end(&w->w);
	}
	hone_jsonw_karray(&w->w, "files");
	error = put_folder(w, HONE_AHEAD_BUILT, err);
	if (!error)
		error = put_folder(w, HONE_BESIDE, err);
	if (!error)
		error = put_folder(w, HONE_LIBRARIES, err);
	if (!error)
		error = put_twin(w, note, err);
	hone_jsonw_end(&w->w);
	hone_jsonw_end(&w->w);
	return error;
}

/* All that cargo built, or failed to, for this session. */
static int put_builds(struct writer *w, struct hone_strv *keys, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = hone_fs_list(w->dir->artifacts, &names, err);

	hone_jsonw_karray(&w->w, "builds");
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_strv struct hone_strv note = HONE_STRV_INIT;

		if (hone_strv_has(w->c->without, names.v[i]) ||
			!hone_ahead_pack(w->dir, names.v[i], w->c->session, &note))
			continue;
		hone_strv_push(keys, names.v[i]);
		w->folder = hone_path_join(w->dir->artifacts, names.v[i]);
		error = put_build(w, names.v[i], &note, err);
		free(HONE_TAKE(w->folder));
	}
	hone_jsonw_end(&w->w);
	return error;
}

/* What was learnt from a program that was built. of: "", or ".bolt" of what bolt_train.c learns. */
static int put_training(struct writer *w, const char *program, const char *of, struct hone_err *err)
{
	hone_auto_free char *path = hone_xasprintf("%s/%s%s.json", w->dir->profiles, program, of);
	hone_auto_free char *profile = NULL;
	hone_auto_buf struct hone_buf packed = HONE_BUF_INIT;
	struct hone_training_memory m;
	int error;

	if (!hone_training_memory_read(hone_workdir_profile_files(w->dir), path, &m))
		return 0;
	profile = hone_path_join(hone_workdir_profile_files(w->dir), m.file);
	error = hone_check_pack(profile, &packed, err);
	if (!error) {
		hone_jsonw_object(&w->w);
		hone_jsonw_kstr(&w->w, "program", program);
		hone_jsonw_kstr(&w->w, "of", of);
		hone_jsonw_kstr(&w->w, "file", m.file);
		hone_jsonw_kstr(&w->w, "workloads", m.workloads);
		hone_jsonw_kstr(&w->w, "names", m.names);
		hone_jsonw_kstr(&w->w, "script", m.script);
		hone_jsonw_ki64(&w->w, "made", m.made);
		hone_jsonw_key(&w->w, "profile");
		hone_jsonw_view(&w->w, hone_buf_view(&packed));
		hone_jsonw_end(&w->w);
	}
	hone_training_memory_release(&m);
	return error;
}

/* That a recipe needs counters which are kept in a file (training.c). */
static void put_marks(struct writer *w, const struct hone_strv *keys)
{
	hone_jsonw_karray(&w->w, "kept");
	for (size_t i = 0; i < keys->n; i++) {
		hone_auto_free char *mark =
			hone_xasprintf("%s/%s.kept", w->dir->profiles, keys->v[i]);

		if (hone_fs_exists(mark))
			hone_jsonw_str(&w->w, keys->v[i]);
	}
	hone_jsonw_end(&w->w);
}

static int put_all(struct writer *w, struct hone_err *err)
{
	hone_auto_strv struct hone_strv keys = HONE_STRV_INIT;
	int error = put_builds(w, &keys, err);

	hone_jsonw_karray(&w->w, "trainings");
	hone_strv_sort(&w->programs);
	for (size_t i = 0; !error && i < w->programs.n; i++)
		if (!i || strcmp(w->programs.v[i], w->programs.v[i - 1]) != 0)
			for (int bolt = 0; !error && bolt < 2; bolt++)
				error = put_training(w, w->programs.v[i], bolt ? ".bolt" : "", err);
	hone_jsonw_end(&w->w);
	put_marks(w, &keys);
	return error;
}

int hone_shard_write(
	const struct hone_try *t, const struct hone_shard_content *c, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_strv struct hone_strv paths = HONE_STRV_INIT, hashes = HONE_STRV_INIT;
	struct writer w = {.dir = &t->session->dir, .c = c};
	int error;

	hone_inputs_list(w.dir->inputs, t->session->project->workspace_root, &paths, &hashes);
	hone_jsonw_init(&w.w, &text, false);
	hone_jsonw_object(&w.w);
	hone_jsonw_kstr(&w.w, "kind", "hone-shard");
	hone_jsonw_ki64(&w.w, "schema", 1);
	hone_jsonw_kstr(&w.w, "hone", HONE_VERSION);
	hone_jsonw_ku64(&w.w, "shard", c->request->at);
	hone_jsonw_ku64(&w.w, "of", c->request->of);
	hone_jsonw_kstr(&w.w, "training", c->training);
	put_list(&w.w, "command", c->request->words);
	put_pairs(&w.w, "facts", &c->facts->labels, &c->facts->values);
	put_pairs(&w.w, "inputs", &paths, &hashes);
	error = put_all(&w, err);
	hone_strv_release(&w.programs);
	if (error)
		return error;
	hone_jsonw_end(&w.w);
	hone_buf_addc(&text, '\n');
	if (text.over)
		return hone_err_set(err, HONE_E_LIMIT,
			"what the shard holds is too large for one file: make more shards, or "
			"leave "
			"debug information out");
	return hone_fs_write(c->request->to, hone_buf_view(&text), 0666, err);
}
