/* Which commit did it: binary search over the commits of a range. Every commit that was built is kept as a file of --save, so
 * that a second call goes on from there. */
#include "check.h"
#include "check_git.h"

#include "fs.h"
#include "hash.h"

#include <string.h>
#include <unistd.h>

enum state { UNKNOWN, WITHIN, OVER, SKIPPED };

struct search {
	struct hone_session *s;
	const struct hone_check_search *request;
	struct hone_check_trees trees;
	struct hone_strv commits; /* GOOD first, BAD last */
	enum state *states;
	struct hone_check_side good;
	struct hone_check_budgets budgets; /* those of the request, or the middle */
	struct hone_check_budget middle;
	size_t looked_at;
};

/* "A..B": both exist, and the commits between them by first parents, A and B included. */
static int find_commits(struct search *b, struct hone_err *err)
{
	const char *range = b->request->range, *dots = strstr(range, "..");
	const char *dir = b->trees.repository;
	hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
	hone_auto_free char *good = NULL, *bad = NULL, *from = NULL, *span = NULL;
	int error;

	if (!dots || dots == range || !dots[2] || dots[2] == '.')
		return hone_err_set(err, HONE_E_USAGE,
			"--bisect takes two revisions, GOOD..BAD, not `%s`", range);
	from = hone_xstrndup(range, (size_t)(dots - range));
	good = hone_git_commit(dir, from);
	bad = hone_git_commit(dir, dots + 2);
	if (!good || !bad)
		return hone_git_no_revision(dir, good ? dots + 2 : from, err);
	span = hone_xasprintf("%s..%s", good, bad);
	{
		const char *const args[] = {"rev-list", "--first-parent", "--reverse", span, NULL};

		error = hone_git(dir, args, NULL, &list, err);
	}
	if (error)
		return error;
	hone_strv_push(&b->commits, good);
	for (const char *at = hone_buf_str(&list); *at; at += strcspn(at, "\n") + 1)
		hone_strv_take(&b->commits, hone_xstrndup(at, strcspn(at, "\n")));
	if (b->commits.n < 2)
		return hone_err_set(err, HONE_E_USAGE,
			"there is no commit in %s: the first one is "
			"to be an ancestor of the second",
			range);
	return 0;
}

static size_t most_builds(size_t commits)
{
	size_t n = 2;

	for (size_t left = commits; left > 1; left = (left + 1) / 2)
		n++;
	return n;
}

static int build(struct search *b, size_t at, const char *file, struct hone_err *err)
{
	struct hone_check_side side = HONE_CHECK_SIDE_INIT;
	struct hone_check_trees *t = &b->trees;
	int error = hone_fs_remove_tree(t->base, err);

	if (error == HONE_E_NOT_FOUND) {
		hone_err_release(err);
		error = 0;
	}
	t->searches = true;
	free(t->base_commit);
	t->base_commit = hone_xstrdup(b->commits.v[at]);
	side.commit = hone_arena_strdup(&side.arena, t->base_commit);
	side.what = hone_arena_printf(&side.arena, "%.9s", t->base_commit);
	if (!error)
		error = hone_check_tree_base(t, err);
	if (!error)
		error = hone_check_tree_build(b->s, t, t->base, &side, err);
	if (!error)
		error = hone_check_save(&side, b->request->runs->n > 0, file, err);
	hone_check_side_release(&side);
	return error;
}

/* What of the environment a build depends on, besides the tree: variables of cargo, rustc and compilers, and cargo's config
 * in its home. */
static void add_environment(struct hone_buf *to)
{
	static const char *const names[] = {"CARGO", "RUST", "CC", "CXX", "CFLAGS", "CPPFLAGS",
		"LDFLAGS", "AR", "PKG_CONFIG", "TARGET_", "HOST_", "PATH="};
	const char *home = getenv("CARGO_HOME");

	for (char *const *at = environ; *at; at++)
		for (size_t i = 0; i < HONE_COUNT(names); i++)
			if (hone_starts(*at, names[i])) {
				hone_buf_addf(to, "%s\n", *at);
				break;
			}
	for (int i = 0; i < 2; i++) {
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		hone_auto_free char *path = hone_xasprintf("%s/%s", home ? home : getenv("HOME"),
			home ? (i ? "config" : "config.toml")
			     : (i ? ".cargo/config" : ".cargo/config.toml"));

		if (hone_fs_read(path, (size_t)1 << 20, &text, NULL, NULL) == 0)
			hone_buf_addv(to, hone_buf_view(&text));
	}
}

/* The side of a commit, built or as an earlier call left it. */
static int side_of(struct search *b, size_t at, struct hone_check_side *ret, struct hone_err *err)
{
	hone_auto_buf struct hone_buf id = HONE_BUF_INIT;
	hone_auto_free char *folder = hone_path_join(b->s->dir.root, "check/bisect");
	char hash[HONE_HASH_TEXT];
	hone_auto_free char *dir = NULL, *file = NULL;
	int error = hone_fs_mkdirs(folder, err);

	hone_buf_addf(&id, "%s\n%s\n%s\n%d\n", b->commits.v[at], b->request->identity,
		b->s->toolchain->rustc_verbose, b->request->runs->n > 0);
	add_environment(&id);
	hone_hash_text(hash, hone_hash_bytes(hone_buf_view(&id)));
	dir = hone_path_join(folder, hash);
	file = hone_xasprintf("%s.json", dir);
	b->looked_at++;
	if (!error && hone_check_load(file, dir, ret, NULL) == 0)
		return 0;
	hone_check_side_release(ret);
	if (!error)
		error = build(b, at, file, err);
	return error ? error : hone_check_load(file, dir, ret, err);
}

/* Holds a commit against the budgets beside GOOD. */
static int judge(
	struct search *b, const struct hone_check_side *side, enum state *ret, struct hone_err *err)
{
	struct hone_check_times times = {0};
	struct hone_result_check c = {
		.base = &b->good, .head = side, .budgets = b->budgets.v, .n_budgets = b->budgets.n};
	int error = 0;

	for (size_t i = 0; !error && i < b->budgets.n; i++)
		if (b->budgets.v[i].figure == HONE_CHECK_TIME) {
			error = hone_check_measure(
				b->s, b->request->runs, &b->good, side, &b->budgets, &times, err);
			break;
		}
	if (error)
		return error;
	*ret = hone_result_check_count(&c, HONE_CHECK_OVER)        ? OVER
	       : hone_result_check_count(&c, HONE_CHECK_UNDECIDED) ? SKIPPED
								   : WITHIN;
	return 0;
}

/* Where nothing has a budget the question is who passes the middle. */
static int choose_question(
	struct search *b, const struct hone_check_side *bad, struct hone_err *err)
{
	uint64_t from = b->good.figures[HONE_CHECK_SIZE], to = bad->figures[HONE_CHECK_SIZE];

	b->budgets = *b->request->budgets;
	if (b->budgets.n)
		return 0;
	if (to <= from)
		return hone_err_set(err, HONE_E_USAGE,
			"%s is not larger at its end (%llu bytes, %llu before): name what to look "
			"for, --limit FIGURE=MOST",
			b->request->range, (unsigned long long)to, (unsigned long long)from);
	b->middle = (struct hone_check_budget){.figure = HONE_CHECK_SIZE,
		.value = (double)(from + (to - from) / 2),
		.text = "the middle between both ends",
		.where = "--bisect"};
	b->budgets.v = &b->middle;
	b->budgets.n = 1;
	return 0;
}

static int look_at_ends(struct search *b, struct hone_err *err)
{
	struct hone_check_side bad = HONE_CHECK_SIDE_INIT;
	size_t last = b->commits.n - 1;
	int error = side_of(b, 0, &b->good, err);

	if (!error)
		error = side_of(b, last, &bad, err);
	if (!error)
		error = choose_question(b, &bad, err);
	if (!error)
		error = judge(b, &bad, &b->states[last], err);
	b->states[0] = WITHIN;
	hone_check_side_release(&bad);
	if (!error && b->states[last] != OVER)
		return hone_err_set(err, HONE_E_USAGE,
			"the end of %s is not over a budget beside its beginning: there is nothing "
			"to find",
			b->request->range);
	return error;
}

/* The commit next to the middle that is not skipped; 0: there is none between. */
static size_t next(const struct search *b, size_t low, size_t high)
{
	size_t middle = low + (high - low) / 2, best = 0;

	for (size_t i = low + 1; i < high; i++) {
		size_t far = i > middle ? i - middle : middle - i;
		size_t had = best > middle ? best - middle : middle - best;

		if (b->states[i] != SKIPPED && (!best || far < had))
			best = i;
	}
	return best;
}

static int look_at(struct search *b, size_t at, struct hone_err *err)
{
	struct hone_check_side side = HONE_CHECK_SIDE_INIT;
	int error = side_of(b, at, &side, err);

	if (!error)
		error = judge(b, &side, &b->states[at], err);
	hone_check_side_release(&side);
	if (error != HONE_E_FAILED)
		return error;
	hone_events_warn(b->s->events, "%.9s is skipped: %s", b->commits.v[at], err->msg);
	hone_err_release(err);
	b->states[at] = SKIPPED;
	return 0;
}

static int tell(struct search *b, size_t low, size_t high, struct hone_check_found *ret,
	struct hone_err *err)
{
	const char *const args[] = {"log", "-1", "--format=%s", b->commits.v[high], NULL};
	hone_auto_free char *subject = hone_git_ask(b->trees.repository, args);
	hone_auto_buf struct hone_buf why = HONE_BUF_INIT;
	struct hone_arena *arena = &ret->first.arena;
	int error = side_of(b, low, &ret->before, err);
	enum state state;

	if (!error)
		error = side_of(b, high, &ret->first, err);
	if (!error)
		error = judge(b, &ret->first, &state, err);
	if (error)
		return error;
	for (size_t i = 0; i < b->budgets.n; i++) {
		const struct hone_check_budget *budget = &b->budgets.v[i];
		const struct hone_result_check c = {.base = &b->good, .head = &ret->first};

		if (hone_result_check_verdict(&c, budget) == HONE_CHECK_OVER)
			hone_buf_addf(&why, "%s%s above %s", why.n ? ", " : "",
				hone_check_budget_name(budget), budget->text);
	}
	ret->told =
		(struct hone_check_bisected){.range = hone_arena_strdup(arena, b->request->range),
			.why = hone_arena_strdup(arena, hone_buf_str(&why)),
			.subject = hone_arena_strdup(arena, subject ? subject : ""),
			.commits = b->commits.n - 1,
			.looked_at = b->looked_at - 2,
			.skipped = high - low - 1};
	return 0;
}

static int search(struct search *b, struct hone_check_found *ret, struct hone_err *err)
{
	size_t low = 0, high, at;
	int error = find_commits(b, err);

	if (error)
		return error;
	high = b->commits.n - 1;
	b->states = hone_xcalloc(b->commits.n, sizeof(*b->states));
	hone_events_status(b->s->events, "Bisecting", "%zu %s: at most %zu builds", high,
		high == 1 ? "commit" : "commits", most_builds(high));
	error = look_at_ends(b, err);
	while (!error && (at = next(b, low, high)) != 0) {
		hone_events_status(b->s->events, "Bisecting", "%zu %s left", high - low,
			high - low == 1 ? "commit" : "commits");
		error = look_at(b, at, err);
		if (!error && b->states[at] == OVER)
			high = at;
		else if (!error && b->states[at] == WITHIN)
			low = at;
	}
	return error ? error : tell(b, low, high, ret, err);
}

int hone_check_bisect(struct hone_session *s, const struct hone_check_search *r,
	struct hone_check_found *ret, struct hone_err *err)
{
	const struct hone_check_request head_only = {.head_only = true};
	struct search b = {
		.s = s, .request = r, .trees = HONE_CHECK_TREES_INIT, .good = HONE_CHECK_SIDE_INIT};
	int error = hone_check_trees_open(s, &head_only, &b.trees, err);

	*ret = (struct hone_check_found){HONE_CHECK_SIDE_INIT, HONE_CHECK_SIDE_INIT, {0}};
	if (!error)
		error = search(&b, ret, err);
	hone_check_side_release(&b.good);
	hone_check_trees_close(&b.trees);
	hone_strv_release(&b.commits);
	free(b.states);
	return error;
}
