/* Building a share of a comparison, and a comparison of shares. */
#include "shard.h"

#include "ahead.h"
#include "text_map.h"
#include "fs.h"
#include "inputs.h"

#include <jansson.h>
#include <string.h>

/* In turn, so that the baseline is shard 1's; what is trained to the last one, where no training was made for all. */
static void deal(struct hone_try *t, const struct hone_shard_request *r)
{
	size_t dealt = 0;

	for (size_t i = 0; i < t->n; i++) {
		bool trained = t->trials[i].plan->instrument != NULL;
		uint64_t owner;

		if (trained && !r->trained)
			owner = r->of;
		else
			owner = dealt++ % r->of + 1;
		t->trials[i].elsewhere = r->at == 0 ? !trained : owner != r->at;
	}
}

/* Is there a training that one shard can make for all? */
static int check_training(const struct hone_try *t, struct hone_err *err)
{
	for (size_t k = 0; k < t->workloads.n_benches; k++)
		if (!t->workloads.benches[k].other)
			return hone_err_set(err, HONE_E_USAGE,
				"bench targets are trained apart: leave --trained and shard 0 "
				"away");
	if (hone_try_trains(t))
		return 0;
	hone_err_set(err, HONE_E_USAGE, "none of the candidates is trained: there is no shard 0");
	return hone_err_hint(err, "leave shard 0 and --trained away");
}

/* Puts the training into hone's folder. */
static int take_training(struct hone_try *t, const struct hone_shard_request *r,
	const struct hone_shard_facts *facts, const char *session, struct hone_shards *from,
	struct hone_strv *keys, struct hone_err *err)
{
	int error = hone_shards_add(from, r->trained, err);

	if (!error && from->v[0]->at)
		error = hone_err_set(err, HONE_E_USAGE,
			"--trained takes the file of shard 0, and %s is shard %ju", r->trained,
			(uintmax_t)from->v[0]->at);
	if (!error)
		error = hone_shard_fits(from->v[0], t, facts, err);
	return error ? error : hone_shard_install(from->v[0], &t->session->dir, session, keys, err);
}

static int build(struct hone_try *t, const struct hone_shard_request *r, struct hone_err *err)
{
	int error = r->at ? 0 : check_training(t, err);

	if (!error)
		error = hone_try_build(t, err);
	for (size_t i = 0; !error && i < t->n; i++) {
		if (t->trials[i].artifact)
			error = hone_artifact_finish(t->trials[i].artifact, err);
		if (!error && t->trials[i].artifact)
			error = hone_try_finish_benches(t, &t->trials[i], err);
	}
	return error ? error : hone_inputs_check(t->session->dir.inputs, err);
}

int hone_shard_make(struct hone_try *t, const struct hone_shard_request *r, struct hone_err *err)
{
	const struct hone_session *before = t->session;
	hone_auto_free char *session = hone_ahead_new_session();
	hone_auto_shards struct hone_shards trained = {0};
	hone_auto_strv struct hone_strv keys = HONE_STRV_INIT;
	struct hone_shard_facts facts;
	struct hone_shard_content c = {.request = r,
		.facts = &facts,
		.session = session,
		.without = &keys,
		.training = ""};
	struct hone_ahead ahead = {
		.is_worker = true, .keeps = true, .trains_only = r->at == 0, .session = session};
	struct hone_session mine = *before;
	int error = 0;

	deal(t, r);
	hone_shard_facts_find(t, &facts);
	if (r->trained)
		error = take_training(t, r, &facts, session, &trained, &keys, err);
	if (r->trained && !error)
		c.training = trained.v[0]->hash;
	mine.dir.ahead = &ahead;
	t->session = &mine;
	if (!error)
		error = build(t, r, err);
	t->session = before;
	if (!error)
		error = hone_shard_write(t, &c, err);
	hone_buf_release(&ahead.messages);
	hone_shard_facts_release(&facts);
	return error;
}

/* ---- all of them */

/* Is another profile of the same program in an earlier file? */
static int check_profiles(const struct hone_shards *s, struct hone_err *err)
{
	struct hone_text_map seen = {0};
	hone_auto_strv struct hone_strv files = HONE_STRV_INIT;
	int error = 0;

	for (size_t i = 0; !error && i < s->n; i++) {
		const json_t *list = json_object_get(s->v[i]->root, "trainings");

		for (size_t k = 0; !error && k < json_array_size(list); k++) {
			const json_t *one = json_array_get(list, k);
			const char *program = json_string_value(json_object_get(one, "program"));
			const char *file = json_string_value(json_object_get(one, "file"));
			const char *of = json_string_value(json_object_get(one, "of"));
			hone_auto_free char *what =
				hone_xasprintf("%s%s", program ? program : "", of ? of : "");
			size_t at;

			if (!program || !file)
				continue;
			if (!hone_text_map_get(&seen, what, &at)) {
				hone_text_map_put(&seen, what, files.n);
				hone_strv_push(&files, file);
			} else if (strcmp(files.v[at], file) != 0) {
				error = hone_err_set(err, HONE_E_CONFLICT,
					"%s holds another profile of the same program: %s there, "
					"%s "
					"in an earlier one",
					s->v[i]->path, file, files.v[at]);
				hone_err_hint(err, "train once: --shard 0/N, and give its file to "
						   "the others by --trained");
			}
		}
	}
	hone_text_map_release(&seen);
	return error;
}

int hone_shards_build(struct hone_try *t, const struct hone_shards *s, struct hone_err *err)
{
	const struct hone_session *before = t->session;
	hone_auto_free char *session = hone_ahead_new_session();
	struct hone_ahead ahead = {.found_only = true, .session = session};
	struct hone_shard_facts facts;
	struct hone_session mine = *before;
	int error = check_profiles(s, err);

	hone_shard_facts_find(t, &facts);
	for (size_t i = 0; !error && i < s->n; i++)
		error = hone_shard_fits(s->v[i], t, &facts, err);
	for (size_t i = 0; !error && i < s->n; i++)
		error = hone_shard_install(s->v[i], &mine.dir, session, NULL, err);
	mine.dir.ahead = &ahead;
	mine.dir.inputs = NULL; /* nothing is built here */
	t->session = &mine;
	if (!error)
		error = hone_try_build(t, err);
	t->session = before;
	hone_buf_release(&ahead.messages);
	hone_shard_facts_release(&facts);
	return error;
}
