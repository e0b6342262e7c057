/* Files of shards: reading them, and whether they are parts of one command. */
#include "shard.h"

#include "fs.h"
#include "num.h"

#include <jansson.h>
#include <string.h>

/* Of a file, and of all shards of a command. */
#define LARGEST ((size_t)900 << 20)
#define MOST_SHARDS 10000

static int damaged(const char *path, const char *why, struct hone_err *err)
{
	hone_err_set(
		err, HONE_E_SYNTAX, "%s is no file of `cargo hone try --shard`: %s", path, why);
	return hone_err_hint(err, "have that shard made, or copied, again");
}

static bool is_texts(const json_t *list, size_t least)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!json_is_string(json_array_get(list, i)))
			return false;
	return json_array_size(list) >= least;
}

static bool is_pairs(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!is_texts(json_array_get(list, i), 2))
			return false;
	return json_is_array(list);
}

static int take(struct hone_shard *s, struct hone_err *err)
{
	const char *kind = json_string_value(json_object_get(s->root, "kind"));
	json_int_t at = json_integer_value(json_object_get(s->root, "shard"));
	json_int_t of = json_integer_value(json_object_get(s->root, "of"));

	if (!kind || strcmp(kind, "hone-shard") != 0)
		return damaged(s->path, "it is something else", err);
	if (json_integer_value(json_object_get(s->root, "schema")) != 1)
		return hone_err_set(
			err, HONE_E_UNSUPPORTED, "%s was written by a newer hone", s->path);
	s->training = json_string_value(json_object_get(s->root, "training"));
	if (at < 0 || of < 1 || of > MOST_SHARDS || at > of || !s->training ||
		!is_texts(json_object_get(s->root, "command"), 3) ||
		!is_pairs(json_object_get(s->root, "facts")) ||
		!is_pairs(json_object_get(s->root, "inputs")))
		return damaged(s->path, "a part is missing", err);
	s->at = (uint64_t)at;
	s->of = (uint64_t)of;
	return 0;
}

static void shard_free(struct hone_shard *s)
{
	json_decref(s->root);
	free(s->path);
	free(s);
}

int hone_shards_add(struct hone_shards *s, const char *path, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_shard *one;
	json_error_t why;
	int error = hone_fs_read(path, LARGEST, &text, NULL, err);

	if (error)
		return error;
	one = HONE_NEW(struct hone_shard);
	one->path = hone_xstrdup(path);
	hone_hash_text(one->hash, hone_hash_bytes(hone_buf_view(&text)));
	one->root = json_loadb(hone_buf_str(&text), text.n, 0, &why);
	if (!one->root)
		error = damaged(path,
			json_error_code(&why) == json_error_premature_end_of_input ? "it is cut off"
										   : why.text,
			err);
	else
		error = take(one, err);
	if (error) {
		shard_free(one);
		return error;
	}
	s->v = hone_xrealloc(s->v, hone_size_mul(s->n + 1, sizeof(*s->v)));
	s->v[s->n++] = one;
	return 0;
}

void hone_shards_release(struct hone_shards *s)
{
	for (size_t i = 0; i < s->n; i++)
		shard_free(s->v[i]);
	free(s->v);
	*s = (struct hone_shards){0};
}

void hone_shards_words(const struct hone_shards *s, struct hone_strv *ret)
{
	const json_t *words = json_object_get(s->v[0]->root, "command");

	for (size_t i = 0; i < json_array_size(words); i++)
		hone_strv_push(ret, json_string_value(json_array_get(words, i)));
}

static char *command_of(const struct hone_shard *s)
{
	const json_t *words = json_object_get(s->root, "command");
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < json_array_size(words); i++)
		hone_buf_addf(
			&b, "%s%s", i ? " " : "", json_string_value(json_array_get(words, i)));
	return hone_buf_detach(&b);
}

/* One command, one number of shards, one training; none twice. */
static int check_pair(const struct hone_shard *a, const struct hone_shard *b, struct hone_err *err)
{
	hone_auto_free char *first = command_of(a);
	hone_auto_free char *second = command_of(b);

	if (strcmp(first, second) != 0)
		return hone_err_set(err, HONE_E_USAGE,
			"%s and %s are of two commands: `%s`, and `%s`", a->path, b->path, first,
			second);
	if (a->of != b->of)
		return hone_err_set(err, HONE_E_USAGE, "%s is one of %ju shards, %s one of %ju",
			a->path, (uintmax_t)a->of, b->path, (uintmax_t)b->of);
	if (a->at == b->at)
		return hone_err_set(err, HONE_E_USAGE, "shard %ju/%ju is there twice: %s and %s",
			(uintmax_t)a->at, (uintmax_t)a->of, a->path, b->path);
	if (a->at && b->at && strcmp(a->training, b->training) != 0)
		return hone_err_set(err, HONE_E_USAGE,
			"%s and %s were made with two trainings: give every shard the same file by "
			"--trained, or none",
			a->path, b->path);
	return 0;
}

static int missing(const struct hone_shards *s, uint64_t at, struct hone_buf *to)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->at == at)
			return 0;
	hone_buf_addf(to, "%s%ju/%ju", to->n ? ", " : "", (uintmax_t)at, (uintmax_t)s->v[0]->of);
	return 1;
}

int hone_shards_check(const struct hone_shards *s, struct hone_err *err)
{
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;
	const char *training = "";
	int n = 0;

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < i; k++)
			if (check_pair(s->v[k], s->v[i], err))
				return err->code;
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->at)
			training = s->v[i]->training;
	for (uint64_t at = *training ? 0 : 1; at <= s->v[0]->of; at++)
		n += missing(s, at, &names);
	if (n) {
		hone_err_set(err, HONE_E_USAGE, "%s %s missing: %s", n == 1 ? "a shard" : "shards",
			n == 1 ? "is" : "are", hone_buf_str(&names));
		return hone_err_hint(err, "make %s by the command of the others with --shard %s",
			n == 1 ? "it" : "each", n == 1 ? hone_buf_str(&names) : "K/N");
	}
	for (size_t i = 0; i < s->n; i++)
		if (!s->v[i]->at && !*training)
			return hone_err_set(err, HONE_E_USAGE,
				"%s is a training that none of the shards was given",
				s->v[i]->path);
		else if (!s->v[i]->at && strcmp(s->v[i]->hash, training) != 0)
			return hone_err_set(err, HONE_E_USAGE,
				"%s is another training than the one that the shards were given",
				s->v[i]->path);
	return 0;
}

int hone_shard_parse(const char *text, struct hone_shard_request *ret, struct hone_err *err)
{
	const char *slash = strchr(text, '/');

	if (!slash || !hone_parse_u64((struct hone_view){text, (size_t)(slash - text)}, &ret->at) ||
		!hone_parse_u64(hone_view_of(slash + 1), &ret->of) || !ret->of ||
		ret->of > MOST_SHARDS || ret->at > ret->of)
		return hone_err_set(err, HONE_E_USAGE,
			"--shard takes K/N, the K-th of N shards (0/N: the training alone), not "
			"`%s`",
			text);
	return 0;
}

/* ---- is it made of what is here? */

static int differs(const struct hone_shard *s, const char *what, const char *there,
	const char *here, struct hone_err *err)
{
	hone_err_set(err, HONE_E_CONFLICT, "%s was not made of what is here: %s: %s there, %s here",
		s->path, what, there, here);
	return hone_err_hint(err,
		"all shards are made, and joined, of one commit by one toolchain, "
		"in folders of the same path");
}

static int same_facts(
	const struct hone_shard *s, const struct hone_shard_facts *here, struct hone_err *err)
{
	const json_t *facts = json_object_get(s->root, "facts");
	size_t n = json_array_size(facts);

	for (size_t i = 0; i < n && i < here->labels.n; i++) {
		const json_t *pair = json_array_get(facts, i);
		const char *label = json_string_value(json_array_get(pair, 0));
		const char *value = json_string_value(json_array_get(pair, 1));

		if (strcmp(label, here->labels.v[i]) != 0)
			return differs(s, "list of candidates", label, here->labels.v[i], err);
		if (strcmp(value, here->values.v[i]) != 0)
			return differs(s, label, value, here->values.v[i], err);
	}
	if (n == here->labels.n)
		return 0;
	return differs(s, "list of candidates",
		n > here->labels.n ? json_string_value(json_array_get(
					     json_array_get(facts, here->labels.n), 0))
				   : "nothing more",
		n < here->labels.n ? here->labels.v[n] : "nothing more", err);
}

int hone_shard_fits(const struct hone_shard *s, const struct hone_try *t,
	const struct hone_shard_facts *here, struct hone_err *err)
{
	const json_t *inputs = json_object_get(s->root, "inputs");
	int error = same_facts(s, here, err);

	for (size_t i = 0; !error && i < json_array_size(inputs); i++) {
		const json_t *pair = json_array_get(inputs, i);
		const char *name = json_string_value(json_array_get(pair, 0));
		const char *there = json_string_value(json_array_get(pair, 1));
		hone_auto_free char *path =
			hone_path_join(t->session->project->workspace_root, name);
		char text[HONE_HASH_TEXT];
		struct hone_hash hash;

		if (hone_hash_file(path, &hash, NULL))
			error = differs(s, name, there, "no such file", err);
		else if (strcmp(hone_hash_text(text, hash), there) != 0)
			error = differs(s, name, there, text, err);
	}
	return error;
}
