#include "training_memory.h"

#include "fs.h"
#include "jsonw.h"
#include "machine.h"

#include <jansson.h>
#include <string.h>

#define MEMORY_LIMIT ((size_t)1 << 20)

void hone_training_memory_release(struct hone_training_memory *m)
{
	free(m->workloads);
	free(m->file);
	free(m->names);
	free(m->script);
	*m = (struct hone_training_memory){0};
}

static char *text_of(const json_t *root, const char *key)
{
	const char *text = json_string_value(json_object_get(root, key));

	return text ? hone_xstrdup(text) : NULL;
}

/* Of what decides: which profile, of which workloads, for the program of that file's name. */
static void sign(const struct hone_training_memory *m, const char *path, char ret[HONE_HASH_TEXT])
{
	hone_auto_free char *text = hone_xasprintf("training %s %s %s %s", hone_path_base(path),
		m->file, m->workloads, m->script ? m->script : "");

	hone_machine_sign(hone_view_of(text), ret);
}

bool hone_training_memory_read(const char *dir, const char *path, struct hone_training_memory *ret)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *profile = NULL;
	char here[HONE_HASH_TEXT] = "";
	const char *signed_by;
	bool own;
	json_t *root;

	if (hone_fs_read(path, MEMORY_LIMIT, &text, NULL, NULL))
		return false;
	root = json_loadb(hone_buf_str(&text), text.n, 0, NULL);
	*ret = (struct hone_training_memory){.workloads = text_of(root, "workloads"),
		.file = text_of(root, "profile"),
		.names = text_of(root, "names"),
		.script = text_of(root, "script"),
		.made = json_integer_value(json_object_get(root, "made"))};
	if (ret->file && ret->workloads)
		sign(ret, path, here);
	signed_by = json_string_value(json_object_get(root, "here"));
	own = *here && signed_by && strcmp(signed_by, here) == 0;
	json_decref(root);
	if (ret->file)
		profile = hone_path_join(dir, hone_path_base(ret->file));
	if (own && profile && ret->names && hone_fs_exists(profile))
		return true;
	hone_training_memory_release(ret);
	return false;
}

int hone_training_memory_write(
	const char *path, const struct hone_training_memory *m, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char here[HONE_HASH_TEXT];
	struct hone_jsonw j;

	hone_jsonw_init(&j, &text, true);
	hone_jsonw_object(&j);
	sign(m, path, here);
	hone_jsonw_kstr(&j, "here", here);
	hone_jsonw_kstr(&j, "profile", m->file);
	hone_jsonw_kstr(&j, "workloads", m->workloads);
	hone_jsonw_kstr(&j, "names", m->names);
	hone_jsonw_kstr(&j, "script", m->script);
	hone_jsonw_ki64(&j, "made", m->made);
	hone_jsonw_end(&j);
	return hone_fs_write(path, hone_buf_view(&text), 0666, err);
}
