#include "plan_files.h"

#include "allocator.h"
#include "fs.h"
#include "hash.h"

#include <string.h>

/* What a linker script adds to the linker's own one stands before INSERT. The tables are of no use to a
 * program that never unwinds (those of .ARM are 32-bit Arm's); --no-eh-frame-hdr goes with it, since the header would
 * index nothing. */
static const char discard_unwind[] =
	"/* Written by hone for link.unwind = \"discard\": drops the tables that only unwinding "
	"reads. */\n"
	"SECTIONS\n"
	"{\n"
	"  /DISCARD/ : { *(.eh_frame .eh_frame_hdr .gcc_except_table .gcc_except_table.* "
	".ARM.exidx .ARM.exidx.* .ARM.extab .ARM.extab.*) }\n"
	"}\n"
	"INSERT AFTER .data;\n";

/* Neither cargo nor the key of a candidate reads them: a text that changes gets another name. */
static const struct {
	const char *name, *text;
} files[] = {
	{"drop-unwind.ld", discard_unwind},
};

const char *hone_plan_file_text(const char *name)
{
	for (size_t i = 0; i < HONE_COUNT(files); i++)
		if (strcmp(files[i].name, name) == 0)
			return files[i].text;
	return hone_allocator_file_text(name);
}

char *hone_plan_files_before(const struct hone_build_env *env)
{
	const char *root = env->project->workspace_root, *dir = env->project->package->dir;
	size_t common = 0;
	struct hone_buf b = HONE_BUF_INIT;

	hone_buf_adds(&b, "");
	if (hone_path_is_within(dir, root))
		return hone_buf_detach(&b);
	for (size_t i = 0; root[i] && root[i] == dir[i]; i++)
		if (root[i] == '/')
			common = i + 1;
	if (common <= 1) {
		hone_buf_addf(&b, "%s/", root);
		return hone_buf_detach(&b);
	}
	if (hone_path_is_within(root, dir)) {
		hone_buf_addf(&b, "%s/", root + strlen(dir) + 1);
		return hone_buf_detach(&b);
	}
	hone_buf_adds(&b, "../");
	for (const char *c = dir + common; *c; c++)
		if (*c == '/')
			hone_buf_adds(&b, "../");
	hone_buf_addf(&b, "%s/", root + common);
	return hone_buf_detach(&b);
}

/* The largest file of the user's that a setting may name. */
#define USER_FILE_LIMIT ((size_t)256 << 20)

int hone_plan_use_file(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_view value, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *name = hone_view_dup(value);
	hone_auto_free char *path = hone_path_join(env->project->workspace_root, name);
	hone_auto_free char *before = NULL;
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	struct hone_hash hash;

	if (!*name || hone_fs_read(path, USER_FILE_LIMIT, &bytes, NULL, &why)) {
		hone_err_set(err, HONE_E_USAGE, "%s=%s: %s", a->setting->key, a->value,
			*name ? why.msg : "this names no file");
		return hone_err_hint(err, "the path of a file begins at the workspace's root, %s",
			env->project->workspace_root);
	}
	hone_buf_adds(&bytes, plan->user_files);
	hash = hone_hash_bytes(hone_buf_view(&bytes));
	hone_hash_text(plan->user_files, hash);
	/* What lies in hone's own folder gets this from hone_plan_files_reach. */
	before = strstr(name, HONE_PLAN_FILES_DIR "/") || name[0] == '/'
			 ? hone_xstrdup("")
			 : hone_plan_files_before(env);
	*ret_path = hone_xasprintf("%s%s", before, name);
	return 0;
}

void hone_plan_files_reach(const struct hone_build_env *env, struct hone_strv *args)
{
	hone_auto_free char *before = hone_plan_files_before(env);

	for (size_t i = 0; *before && i < args->n; i++) {
		const char *at = strstr(args->v[i], HONE_PLAN_FILES_DIR "/");
		char *reaching;

		if (!at)
			continue;
		reaching =
			hone_xasprintf("%.*s%s%s", (int)(at - args->v[i]), args->v[i], before, at);
		free(args->v[i]);
		args->v[i] = reaching;
	}
}

/* The crate of an allocator, whose folder is named. */
static void add_crate(const char *folder, struct hone_strv *ret_names)
{
	for (const struct hone_allocator *a = hone_allocators; a->name; a++)
		if (strcmp(a->name, folder) == 0)
			hone_allocator_file_names(a, ret_names);
}

void hone_plan_file_names(const struct hone_strv *args, struct hone_strv *ret_names)
{
	for (size_t i = 0; i < args->n; i++) {
		const char *at = strstr(args->v[i], HONE_PLAN_FILES_DIR "/");

		if (!at)
			continue;
		at += strlen(HONE_PLAN_FILES_DIR "/");
		if (hone_plan_file_text(at) && !hone_strv_has(ret_names, at))
			hone_strv_push(ret_names, at);
		add_crate(at, ret_names);
	}
}

int hone_plan_files_write(const struct hone_plan *plan, const char *dir, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = 0;

	hone_plan_file_names(&plan->rustc_args, &names);
	if (names.n)
		error = hone_fs_mkdirs(dir, err);
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);
		hone_auto_free char *folder = hone_path_dir(path);

		error = hone_fs_mkdirs(folder, err);
		if (!error)
			error = hone_fs_write_cache(
				path, hone_view_of(hone_plan_file_text(names.v[i])), 0666, err);
	}
	if (!error && plan->archive) {
		hone_auto_free char *path = hone_xasprintf(
			"%s/%s/%s", dir, plan->allocator->name, plan->allocator->archive);

		error = hone_fs_copy(plan->archive, path, err);
	}
	return error;
}
