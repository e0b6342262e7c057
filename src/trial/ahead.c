#include "ahead.h"

#include "clock.h"
#include "fs.h"
#include "hash.h"
#include "inputs.h"
#include "kept_links.h"
#include "message.h"
#include "num.h"

#include <string.h>
#include <unistd.h>

char *hone_ahead_new_session(void)
{
	return hone_xasprintf("%ld.%lld", (long)getpid(), (long long)hone_now_ns());
}

bool hone_ahead_slot(const struct hone_workdir *dir, const char *key, unsigned *ret_slot)
{
	hone_auto_free char *path = hone_xasprintf("%s/%s/slot", dir->artifacts, key);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	uint64_t slot;

	if (hone_fs_read(path, 64, &text, NULL, NULL) ||
		!hone_parse_u64(hone_view_trim(hone_buf_view(&text)), &slot) || slot > 999)
		return false;
	*ret_slot = (unsigned)slot;
	return true;
}

int hone_ahead_keep_slot(
	const struct hone_workdir *dir, const char *key, unsigned slot, struct hone_err *err)
{
	hone_auto_free char *folder = hone_path_join(dir->artifacts, key);
	hone_auto_free char *path = hone_path_join(folder, "slot");
	hone_auto_free char *text = hone_xasprintf("%u\n", slot);
	int error = hone_fs_mkdirs(folder, err);

	return error ? error : hone_fs_write_cache(path, hone_view_of(text), 0666, err);
}

char *hone_ahead_programs(const struct hone_workdir *dir)
{
	return dir->links ? hone_kept_links_programs(dir)
			  : hone_xasprintf("%s/programs.%s", dir->run, dir->ahead->session);
}

char *hone_ahead_below(const struct hone_workdir *dir, const char *built_at)
{
	hone_auto_free char *below = hone_path_relative(built_at, dir->build);
	const char *slash = strchr(below, '/');

	return hone_xstrdup(*below != '/' && slash ? slash + 1 : below);
}

/* ---- what a worker leaves: words, each with its NUL */

char *hone_ahead_note_path(const struct hone_workdir *dir, const char *key)
{
	return hone_xasprintf("%s/%s/ahead", dir->artifacts, key);
}

static void add_word(struct hone_buf *b, const char *word)
{
	hone_buf_add(b, word ? word : "", word ? strlen(word) + 1 : 1);
}

static void add_number(struct hone_buf *b, double value)
{
	hone_auto_free char *text = hone_xasprintf("%.17g", value);

	add_word(b, text);
}

/* error: what cargo's end was, with its words in why. */
static int leave(const struct hone_workdir *dir, const char *key, const struct hone_cargo_run *r,
	int error, const struct hone_err *why, struct hone_err *err)
{
	hone_auto_free char *path = hone_ahead_note_path(dir, key);
	hone_auto_free char *folder = hone_path_dir(path);
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	const double numbers[] = {(double)error, r->fresh, r->n_units, (double)r->missing,
		(double)r->mismatched, r->cost.wall_s, r->cost.cpu_s, (double)r->cost.peak_rss,
		r->cost.units, r->cost.taken};
	char hash_text[HONE_HASH_TEXT] = "";
	struct hone_hash hash;
	int failed = 0;

	add_word(&b, dir->ahead->session);
	for (size_t i = 0; i < HONE_COUNT(numbers); i++)
		add_number(&b, numbers[i]);
	add_number(&b, (double)dir->ahead->began.tv_sec);
	add_number(&b, (double)dir->ahead->began.tv_nsec);
	add_word(&b, why->msg);
	add_word(&b, why->hint);
	add_word(&b, hone_buf_str(&dir->ahead->messages));
	add_word(&b, r->executable);
	if (r->executable)
		failed = hone_hash_file(r->executable, &hash, err);
	if (r->executable && !failed)
		hone_hash_text(hash_text, hash);
	add_word(&b, hash_text);
	for (size_t i = 0; i < r->beside.n; i++)
		add_word(&b, r->beside.v[i]);
	if (!failed && r->executable && dir->ahead->keeps)
		failed = hone_ahead_keep_built(dir, key, r, err);
	if (!failed)
		failed = hone_fs_mkdirs(folder, err);
	return failed ? failed : hone_fs_write_cache(path, hone_buf_view(&b), 0666, err);
}

static bool next_word(struct hone_view *rest, char **ret)
{
	size_t n = hone_view_find(*rest, 0, '\0');

	if (n >= rest->n)
		return false;
	*ret = hone_view_dup(hone_view_sub(*rest, 0, n));
	*rest = hone_view_sub(*rest, n + 1, rest->n);
	return true;
}

/* What cargo built is overwritten by the next build of its folder; then hone's own copy serves, where it has the same
 * bytes. false: neither does. */
static bool find_executable(const struct hone_workdir *dir, const char *key, const char *wanted,
	struct hone_cargo_run *r)
{
	hone_auto_free char *copy =
		hone_xasprintf("%s/%s/%s", dir->artifacts, key, hone_path_base(r->executable));
	char *const paths[] = {r->executable, copy};
	char text[HONE_HASH_TEXT];
	struct hone_hash hash;

	for (size_t i = 0; i < HONE_COUNT(paths); i++) {
		if (hone_hash_file(paths[i], &hash, NULL) ||
			strcmp(hone_hash_text(text, hash), wanted) != 0)
			continue;
		if (i) {
			hone_strv_release(&r->beside);
			free(r->executable);
			r->executable = HONE_TAKE(copy);
		}
		return true;
	}
	return false;
}

/* Who looks at what builds depend on hears of this one, too, and so does who shows how far it is. */
static void tell(struct hone_inputs *in, const double began[2], const char *messages,
	const struct hone_build_env *env, const struct hone_build_watch *watch,
	struct hone_cargo_run *r)
{
	struct hone_view rest = hone_view_of(messages), line;
	bool started = false;
	unsigned units = 0;

	hone_inputs_began(
		in, (struct timespec){.tv_sec = (time_t)began[0], .tv_nsec = (long)began[1]});
	while (hone_view_split(&rest, &started, '\n', &line)) {
		struct hone_message m;

		if (!line.n)
			continue;
		hone_message_parse(line, &m);
		hone_inputs_see(in, &m);
		hone_cargo_run_hear(r, env, &m);
		if (m.kind == HONE_MSG_ARTIFACT && watch && watch->unit)
			watch->unit(watch->ctx, m.target_name ? m.target_name : "", ++units);
		hone_message_release(&m);
	}
}

/* *ret_error: what cargo's end was. false: nothing was left for this session. */
static bool find(const struct hone_workdir *dir, const char *key, const struct hone_build_env *env,
	const struct hone_build_watch *watch, struct hone_cargo_run *r, int *ret_error,
	struct hone_err *err)
{
	hone_auto_free char *path = hone_ahead_note_path(dir, key);
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_free char *session = NULL;
	hone_auto_free char *message = NULL;
	hone_auto_free char *hint = NULL;
	hone_auto_free char *messages = NULL;
	hone_auto_free char *hash = NULL;
	double numbers[12];
	struct hone_view rest;
	char *word = NULL;
	bool ok;

	*r = (struct hone_cargo_run){0};
	if (hone_fs_read(path, HONE_AHEAD_NOTE_LIMIT, &b, NULL, NULL))
		return false;
	rest = hone_buf_view(&b);
	ok = next_word(&rest, &session) && strcmp(session, dir->ahead->session) == 0;
	for (size_t i = 0; ok && i < HONE_COUNT(numbers); i++) {
		ok = next_word(&rest, &word);
		numbers[i] = ok ? strtod(word, NULL) : 0;
		free(HONE_TAKE(word));
	}
	ok = ok && next_word(&rest, &message) && next_word(&rest, &hint) &&
	     next_word(&rest, &messages) && next_word(&rest, &r->executable) &&
	     next_word(&rest, &hash);
	while (ok && next_word(&rest, &word)) {
		hone_strv_push(&r->beside, word);
		free(HONE_TAKE(word));
	}
	if (ok) {
		*ret_error = (int)numbers[0];
		r->fresh = numbers[1] != 0;
		r->n_units = (unsigned)numbers[2];
		r->missing = (uint64_t)numbers[3];
		r->mismatched = (uint64_t)numbers[4];
		r->cost = (struct hone_build_cost){.wall_s = numbers[5],
			.cpu_s = numbers[6],
			.peak_rss = (uint64_t)numbers[7],
			.units = (unsigned)numbers[8],
			.taken = (unsigned)numbers[9]};
		if (*ret_error)
			hone_err_set(err, *ret_error, "%s", message);
		else
			ok = find_executable(dir, key, hash, r);
		if (*ret_error && *hint)
			hone_err_hint(err, "%s", hint);
		if (ok)
			tell(dir->inputs, &numbers[10], messages, env, watch, r);
	}
	if (!ok || *ret_error)
		hone_cargo_run_release(r);
	return ok;
}

/* ---- running */

/* A compiler that is killed from outside says nothing about the candidate. */
static bool was_killed(int error, const struct hone_err *why)
{
	return error == HONE_E_FAILED && why->msg && strstr(why->msg, "signal: 9");
}

int hone_cargo_run_plan(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const char *link_dir, const struct hone_build_watch *watch,
	struct hone_cargo_run *ret_run, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	hone_auto_free char *slot_path = NULL;
	struct hone_ahead *ahead = dir->ahead;
	struct hone_workdir mine = *dir;
	unsigned slot = ahead ? ahead->slot : 0;
	int error = 0;

	if (ahead && find(dir, plan->key, env, watch, ret_run, &error, err))
		return error;
	if (ahead && ahead->found_only)
		return hone_err_set(err, HONE_E_CONFLICT,
			"no shard holds a build of %s that is one of this project as it is here "
			"(plan %s)",
			plan->candidate->name, plan->key);
	if (!ahead)
		(void)hone_ahead_slot(dir, plan->key, &slot);
	slot_path = hone_xasprintf("%s/%u", dir->build, slot);
	if (ahead) {
		hone_buf_reset(&ahead->messages);
		ahead->began = hone_file_clock();
	}
	mine.build = slot_path;
	mine.slot = slot;
	/* Before it begins: what is finished when hone is killed is found again, half of a build, too. */
	error = hone_ahead_keep_slot(dir, plan->key, slot, &why);
	if (!error)
		error = hone_cargo_run_now(plan, env, &mine, link_dir, watch, ret_run, &why);
	if (ahead && ahead->is_worker) {
		ahead->killed |= was_killed(error, &why);
		/* Nothing is lost where it cannot be left: the build is done once more then. */
		if (!ahead->killed && error != HONE_E_INTERRUPTED && error != HONE_E_SYSTEM)
			(void)leave(dir, plan->key, error ? &(struct hone_cargo_run){0} : ret_run,
				error, &why, NULL);
	}
	return error ? hone_err_move(err, &why) : 0;
}
