#include "message.h"

#include <jansson.h>
#include <string.h>

/* A diagnostic with its rendered text can be long; no sane one is longer than this. */
#define LINE_LIMIT ((size_t)64 << 20)

static char *text_of(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? hone_xstrdup(value) : NULL;
}

static void read_target(const json_t *root, struct hone_message *m)
{
	const json_t *target = json_object_get(root, "target");
	const char *kind = json_string_value(json_array_get(json_object_get(target, "kind"), 0));
	m->package_id = text_of(root, "package_id");
	m->target_name = text_of(target, "name");
	m->target_kind = hone_target_kind_parse(kind);
}

/* A copy of a list's first item if it is a string, else NULL. */
static char *first_text(const json_t *list)
{
	const char *text = json_string_value(json_array_get(list, 0));

	return text ? hone_xstrdup(text) : NULL;
}

/* Files whose name is the executable's with something behind a dot. */
static void read_beside(const json_t *files, struct hone_message *m)
{
	size_t n = m->executable ? strlen(m->executable) : 0, i;
	const json_t *item;

	json_array_foreach(files, i, item)
	{
		const char *path = json_string_value(item);

		if (n && path && hone_starts(path, m->executable) && path[n] == '.')
			hone_strv_push(&m->beside, path);
	}
}

static void read_paths(const json_t *list, struct hone_strv *to)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) if (json_is_string(item))
		hone_strv_push(to, json_string_value(item));
}

/* [[NAME, VALUE], ...] */
static void read_env(const json_t *list, struct hone_strv *to)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *name = json_string_value(json_array_get(item, 0));
		const char *value = json_string_value(json_array_get(item, 1));

		if (name && value && *name && !strchr(name, '='))
			hone_strv_pushf(to, "%s=%s", name, value);
	}
}

static void read_message(const json_t *root, struct hone_message *m)
{
	const char *reason = json_string_value(json_object_get(root, "reason"));
	if (!reason)
		return;
	if (strcmp(reason, "compiler-artifact") == 0) {
		m->kind = HONE_MSG_ARTIFACT;
		read_target(root, m);
		m->executable = text_of(root, "executable");
		m->file = first_text(json_object_get(root, "filenames"));
		read_beside(json_object_get(root, "filenames"), m);
		read_paths(json_object_get(root, "filenames"), &m->paths);
		m->fresh = json_is_true(json_object_get(root, "fresh"));
		m->test = json_is_true(json_object_get(json_object_get(root, "profile"), "test"));
	} else if (strcmp(reason, "compiler-message") == 0) {
		const json_t *message = json_object_get(root, "message");
		m->kind = HONE_MSG_DIAGNOSTIC;
		read_target(root, m);
		m->level = text_of(message, "level");
		m->rendered = text_of(message, "rendered");
	} else if (strcmp(reason, "build-finished") == 0) {
		m->kind = HONE_MSG_FINISHED;
		m->success = json_is_true(json_object_get(root, "success"));
	} else if (strcmp(reason, "build-script-executed") == 0) {
		m->kind = HONE_MSG_BUILD_SCRIPT;
		m->package_id = text_of(root, "package_id");
		m->out_dir = text_of(root, "out_dir");
		read_paths(json_object_get(root, "linked_paths"), &m->paths);
		read_env(json_object_get(root, "env"), &m->env);
	}
}

void hone_message_parse(struct hone_view line, struct hone_message *ret_message)
{
	*ret_message = (struct hone_message){.kind = HONE_MSG_OTHER};
	line = hone_view_trim(line);
	if (line.n == 0 || line.n > LINE_LIMIT || line.p[0] != '{')
		return;
	json_t *root = json_loadb(line.p, line.n, 0, NULL);
	if (!root)
		return;
	read_message(root, ret_message);
	json_decref(root);
}

void hone_message_release(struct hone_message *m)
{
	free(m->package_id);
	free(m->target_name);
	free(m->executable);
	free(m->file);
	hone_strv_release(&m->beside);
	free(m->level);
	free(m->rendered);
	free(m->out_dir);
	hone_strv_release(&m->env);
	hone_strv_release(&m->paths);
	*m = (struct hone_message){0};
}
