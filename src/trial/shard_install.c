/* What a shard holds, put where the engine finds what its own workers leave (ahead.h). */
#include "shard.h"

#include "ahead.h"
#include "check_binary.h"
#include "fs.h"
#include "record.h"
#include "training_memory.h"
#include "twin.h"

#include <jansson.h>
#include <string.h>

#define UNSTRIPPED ".unstripped"

struct installer {
	const struct hone_shard *s;
	const struct hone_workdir *dir;
	const char *session;
	struct hone_err *err;
};

static int damaged(const struct installer *in, const char *why)
{
	hone_err_set(in->err, HONE_E_SYNTAX, "%s is no file of `cargo hone try --shard`: %s",
		in->s->path, why);
	return hone_err_hint(in->err, "have that shard made, or copied, again");
}

static const char *text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static bool is_hash(const char *text)
{
	return text && strlen(text) == HONE_HASH_TEXT - 1 &&
	       strspn(text, "0123456789abcdef") == HONE_HASH_TEXT - 1;
}

static struct hone_hash hash_of(const char *text)
{
	struct hone_hash h = {0};

	/* The canonical form has the high half first. */
	for (int i = 0; i < 32; i++) {
		uint64_t digit =
			(uint64_t)(strchr("0123456789abcdef", text[i]) - "0123456789abcdef");

		if (i < 16)
			h.hi = h.hi << 4 | digit;
		else
			h.lo = h.lo << 4 | digit;
	}
	return h;
}

/* A path that stays below the folder it is joined to, and is none of hone's own files there. */
static bool is_name(const char *name)
{
	static const char *const first[] = {
		HONE_AHEAD_BUILT "/", ".beside/", ".lib/"}; /* HONE_BESIDE, HONE_LIBRARIES */
	hone_auto_free char *around = name ? hone_xasprintf("/%s/", name) : NULL;
	bool inside = false;

	if (!name || !*name || strstr(around, "/../") || strstr(around, "/./") ||
		strstr(around, "//"))
		return false;
	for (size_t i = 0; i < HONE_COUNT(first); i++)
		inside |= hone_starts(name, first[i]);
	return inside || (!strchr(name, '/') && hone_ends(name, UNSTRIPPED));
}

static int put_bytes(const struct installer *in, const char *path, const char *packed,
	const char *wanted, mode_t mode)
{
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	hone_auto_free char *dir = hone_path_dir(path);
	char hash[HONE_HASH_TEXT];
	int error;

	if (!packed || !hone_check_unpack(packed, &bytes) ||
		strcmp(hone_hash_text(hash, hone_hash_bytes(hone_buf_view(&bytes))), wanted) != 0)
		return damaged(in, "a file in it is not whole");
	error = hone_fs_mkdirs(dir, in->err);
	return error ? error : hone_fs_write_cache(path, hone_buf_view(&bytes), mode, in->err);
}

static int put_files(const struct installer *in, const char *key, const json_t *files,
	const struct hone_record *record)
{
	int error = 0;

	for (size_t i = 0; !error && i < json_array_size(files); i++) {
		const json_t *file = json_array_get(files, i);
		const char *name = json_string_value(json_array_get(file, 0));
		const char *hash = json_string_value(json_array_get(file, 1));
		hone_auto_free char *path = NULL;

		if (!is_name(name) || !is_hash(hash))
			return damaged(in, "a file in it has no name");
		path = hone_xasprintf("%s/%s/%s", in->dir->artifacts, key, name);
		error = put_bytes(in, path, json_string_value(json_array_get(file, 2)), hash, 0755);
		if (!error && !strchr(name, '/') && record->known)
			error = hone_twin_seal(path, record->hash, in->err);
	}
	return error;
}

static uint64_t number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

static int put_record(
	const struct installer *in, const char *key, const json_t *from, struct hone_record *ret)
{
	hone_auto_free char *path = hone_xasprintf("%s/%s/record.json", in->dir->artifacts, key);
	const json_t *bound = json_object_get(from, "bindgen");
	const char *hash = text_of(from, "hash");

	*ret = (struct hone_record){0};
	if (!from)
		return 0;
	if (!is_hash(hash))
		return damaged(in, "what is known of a build is not whole");
	*ret = (struct hone_record){.known = true,
		.hash = hash_of(hash),
		.packed = {number(from, "gzip"), number(from, "zstd"), number(from, "brotli")},
		.bound_size = number(bound, "size"),
		.bound = {number(bound, "gzip"), number(bound, "zstd"), number(bound, "brotli")},
		.cost = {.wall_s = json_number_value(json_object_get(from, "wall_s")),
			.cpu_s = json_number_value(json_object_get(from, "cpu_s")),
			.peak_rss = number(from, "peak"),
			.units = (unsigned)number(from, "units")}};
	return hone_record_write(path, ret, in->err);
}

static int put_build(const struct installer *in, const json_t *build, struct hone_strv *ret_keys)
{
	const char *key = text_of(build, "key");
	const json_t *note = json_object_get(build, "note");
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_free char *folder = NULL;
	struct hone_record record;
	int error;

	if (!is_hash(key))
		return damaged(in, "a build has no key");
	for (size_t i = 0; i < json_array_size(note); i++) {
		const char *word = json_string_value(json_array_get(note, i));

		if (!word)
			return damaged(in, "what is told of a build is not whole");
		hone_strv_push(&words, word);
	}
	folder = hone_path_join(in->dir->artifacts, key);
	error = hone_fs_mkdirs(folder, in->err);
	if (!error)
		error = put_record(in, key, json_object_get(build, "record"), &record);
	if (!error)
		error = put_files(in, key, json_object_get(build, "files"), &record);
	if (error)
		return error;
	error = hone_ahead_unpack(in->dir, key, in->session, &words, in->err);
	if (error)
		return hone_err_wrap(in->err, "%s", in->s->path);
	if (ret_keys)
		hone_strv_push(ret_keys, key);
	return 0;
}

/* Two profiles of one program would make two comparisons. Whatever was learnt here before is not what the shards used. */
static int put_training(const struct installer *in, const json_t *from)
{
	const char *program = text_of(from, "program"), *script = text_of(from, "script");
	const char *of = text_of(from, "of"), *ending;
	const char *texts[] = {
		text_of(from, "workloads"), text_of(from, "file"), text_of(from, "names")};
	struct hone_training_memory m = {0};
	hone_auto_free char *memory = NULL;
	hone_auto_free char *profile = NULL;
	hone_auto_free char *hash = NULL;
	int error;

	for (size_t i = 0; i < HONE_COUNT(texts); i++)
		if (!texts[i])
			return damaged(in, "what was learnt of a program is not whole");
	if (!of || (*of && strcmp(of, ".bolt") != 0))
		return damaged(in, "what was learnt of a program is not whole");
	ending = *of ? ".fdata" : ".profdata";
	hash = hone_xasprintf("%.32s", texts[1]);
	if (!is_hash(program) || !is_hash(hash) || !hone_ends(texts[1], ending) ||
		strlen(texts[1]) != strlen(hash) + strlen(ending))
		return damaged(in, "a profile has no name");
	profile = hone_path_join(hone_workdir_profile_files(in->dir), texts[1]);
	error = put_bytes(in, profile, text_of(from, "profile"), hash, 0666);
	if (error)
		return error;
	m = (struct hone_training_memory){.workloads = hone_xstrdup(texts[0]),
		.file = hone_xstrdup(texts[1]),
		.names = hone_xstrdup(texts[2]),
		.script = script ? hone_xstrdup(script) : NULL,
		.made = json_integer_value(json_object_get(from, "made"))};
	memory = hone_xasprintf("%s/%s%s.json", in->dir->profiles, program, of);
	error = hone_training_memory_write(memory, &m, in->err);
	hone_training_memory_release(&m);
	return error;
}

static int put_marks(const struct installer *in, const json_t *keys)
{
	int error = 0;

	for (size_t i = 0; !error && i < json_array_size(keys); i++) {
		const char *key = json_string_value(json_array_get(keys, i));
		hone_auto_free char *path = NULL;

		if (!is_hash(key))
			return damaged(in, "a mark has no name");
		path = hone_xasprintf("%s/%s.kept", in->dir->profiles, key);
		error = hone_fs_write_cache(path, HONE_VIEW(""), 0666, in->err);
	}
	return error;
}

int hone_shard_install(const struct hone_shard *s, const struct hone_workdir *dir,
	const char *session, struct hone_strv *ret_keys, struct hone_err *err)
{
	const json_t *builds = json_object_get(s->root, "builds");
	const json_t *trainings = json_object_get(s->root, "trainings");
	struct installer in = {s, dir, session, err};
	int error = hone_fs_mkdirs(dir->artifacts, err);

	if (!error)
		error = hone_fs_mkdirs(dir->profiles, err);
	for (size_t i = 0; !error && i < json_array_size(builds); i++)
		error = put_build(&in, json_array_get(builds, i), ret_keys);
	for (size_t i = 0; !error && i < json_array_size(trainings); i++)
		error = put_training(&in, json_array_get(trainings, i));
	return error ? error : put_marks(&in, json_object_get(s->root, "kept"));
}
