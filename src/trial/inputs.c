#include "inputs_impl.h"

#include "clock.h"
#include "fs.h"
#include "service.h"

#include <string.h>

/* Larger ones are known by their stat alone. */
#define HASH_FILE_LIMIT ((uint64_t)16 << 20)
#define HASH_ALL_LIMIT ((uint64_t)64 << 20)
/* Files named in a message. */
#define SHOWN 3

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * HONE_NS_PER_S + t.tv_nsec;
}

/* ---- the list */

static struct hone_input *inputs_find(const struct hone_inputs *in, const char *path)
{
	size_t at;

	return hone_text_map_get(&in->index, path, &at) ? &in->v.v[at] : NULL;
}

struct hone_input *hone_inputs_entry(struct hone_inputs *in, const char *path, bool *ret_new)
{
	struct hone_input *i = inputs_find(in, path);

	*ret_new = !i;
	if (i)
		return i;
	hone_text_map_put(&in->index, path, in->v.n);
	hone_vec_push(
		&in->v, (struct hone_input){.path = hone_xstrdup(path), .read_ns = INT64_MAX});
	return &in->v.v[in->v.n - 1];
}

void hone_input_state_read(const char *path, struct hone_input_state *ret)
{
	struct stat st;

	*ret = (struct hone_input_state){0};
	if (stat(path, &st) < 0)
		return;
	*ret = (struct hone_input_state){.there = true,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = (uint64_t)st.st_size,
		.mtime_ns = ns_of(st.st_mtim),
		.ctime_ns = ns_of(st.st_ctim)};
}

static bool same_state(const struct hone_input_state *a, const struct hone_input_state *b)
{
	return a->there == b->there && a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

void hone_inputs_take(struct hone_inputs *in, struct hone_input *i, bool with_hash)
{
	hone_input_state_read(i->path, &i->state);
	i->flags &= ~(unsigned)HONE_INPUT_HASHED;
	if (!with_hash || !i->state.there || i->state.size > HASH_FILE_LIMIT ||
		in->hashed + i->state.size > HASH_ALL_LIMIT ||
		hone_hash_file(i->path, &i->hash, NULL))
		return;
	in->hashed += i->state.size;
	i->flags |= HONE_INPUT_HASHED;
}

/* ---- a look */

enum moved { SAME, TOUCHED, CHANGED };

/* Looks at one file, and takes down what it is now. */
static enum moved look(struct hone_inputs *in, struct hone_input *i)
{
	struct hone_input before = *i;
	struct hone_input_state now;

	hone_input_state_read(i->path, &now);
	if (same_state(&now, &i->state))
		return SAME;
	if (i->flags & HONE_INPUT_HASHED)
		in->hashed -= i->state.size;
	hone_inputs_take(in, i, i->flags & (HONE_INPUT_HASHED | HONE_INPUT_LOCAL));
	if (before.state.there && now.there && before.flags & i->flags & HONE_INPUT_HASHED &&
		hone_hash_eq(before.hash, i->hash))
		return TOUCHED;
	return CHANGED;
}

static bool counts(const struct hone_inputs *in, const struct hone_input *i)
{
	if (i->flags & (HONE_INPUT_FIXED | HONE_INPUT_USED | HONE_INPUT_NAMED))
		return true;
	return i->package && in->packages[i->package - 1].scans;
}

static void changed(struct hone_inputs *in, const struct hone_input *i, const char *when)
{
	hone_auto_free char *here = hone_path_absolute(".");
	hone_auto_free char *path = hone_path_relative(i->path, here);

	if (!hone_strv_has(&in->changed, path))
		hone_strv_push(&in->changed, path);
	if (!in->when)
		in->when = when;
}

int hone_inputs_error(const struct hone_inputs *in, struct hone_err *err)
{
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;

	if (!in || !in->changed.n)
		return 0;
	for (size_t i = 0; i < in->changed.n && i < SHOWN; i++)
		hone_buf_addf(&names, "%s%s",
			!i                       ? ""
			: i + 1 == in->changed.n ? " and "
						 : ", ",
			in->changed.v[i]);
	if (in->changed.n > SHOWN)
		hone_buf_addf(&names, " and %zu more", in->changed.n - SHOWN);
	hone_err_set(err, HONE_E_CONFLICT, "%s changed %s: there is no figure for two inputs",
		hone_buf_str(&names), in->when);
	hone_err_hint(err, "let the files be while it works, and give the same command again: what "
			   "was built so far is used where it still fits");
	return HONE_E_CONFLICT;
}

int64_t hone_inputs_looked_at(const struct hone_inputs *in)
{
	return in ? in->looked_ns : 0;
}

int hone_inputs_check(struct hone_inputs *in, struct hone_err *err)
{
	if (!in)
		return 0;
	for (size_t i = 0; i < in->v.n; i++)
		if (counts(in, &in->v.v[i]) && look(in, &in->v.v[i]) == CHANGED)
			changed(in, &in->v.v[i], "while hone was at work");
	in->looked_ns = hone_now_ns();
	return hone_inputs_error(in, err);
}

/* ---- runs */

/* Was it the workload that wrote this? A workload does so in each of its runs, or in the first one. */
static bool is_by_runs(struct hone_input *i, enum moved m, enum hone_inputs_runs which)
{
	bool by_runs = i->flags & HONE_INPUT_BY_RUNS;

	if (!(i->flags & HONE_INPUT_NAMED) || i->flags & (HONE_INPUT_FIXED | HONE_INPUT_USED))
		return false;
	if (m != SAME && which == HONE_INPUTS_FIRST)
		i->flags |= HONE_INPUT_BY_RUNS;
	else if (m == SAME && which == HONE_INPUTS_ALL)
		i->flags &= ~(unsigned)HONE_INPUT_BY_RUNS;
	return by_runs || which == HONE_INPUTS_FIRST;
}

void hone_inputs_ran(struct hone_inputs *in, enum hone_inputs_runs which)
{
	if (!in)
		return;
	for (size_t i = 0; i < in->v.n; i++) {
		struct hone_input *it = &in->v.v[i];
		enum moved m;

		/* What a workload writes into its project, a script of the next build may read. */
		if (!(it->flags & (HONE_INPUT_LOCAL | HONE_INPUT_FIXED | HONE_INPUT_NAMED)) ||
			!counts(in, it))
			continue;
		m = look(in, it);
		if (is_by_runs(it, m, which) || m != CHANGED ||
			!(it->flags & (HONE_INPUT_FIXED | HONE_INPUT_USED | HONE_INPUT_NAMED)))
			continue;
		changed(in, it, "while programs ran");
	}
	in->looked_ns = hone_now_ns();
}

/* ---- builds */

void hone_inputs_build(struct hone_inputs *in)
{
	if (!in)
		return;
	hone_strv_release(&in->units);
	hone_strv_release(&in->scripts);
	hone_vec_release(&in->script_of);
	in->build_ns = ns_of(hone_file_clock());
	for (size_t i = 0; i < in->env->project->n_packages; i++) {
		in->packages[i].from_ns = 0;
		in->packages[i].to_ns = -1;
	}
}

void hone_inputs_began(struct hone_inputs *in, struct timespec when)
{
	if (in)
		in->build_ns = ns_of(when);
}

bool hone_inputs_has_writers(const struct hone_inputs *in)
{
	for (size_t i = 0; in && i < in->v.n; i++)
		if (in->v.v[i].script)
			return true;
	return false;
}

/* The package whose build script ran while the file was written, index + 1; 0: none. */
static size_t script_of(const struct hone_inputs *in, const struct hone_input *i)
{
	int64_t at = i->state.ctime_ns;
	size_t other = 0;

	if (!i->state.there)
		return 0;
	for (size_t k = 0; k < in->env->project->n_packages; k++) {
		const struct hone_input_package *p = &in->packages[k];

		if (p->to_ns < p->from_ns || at < p->from_ns - HONE_INPUTS_SLACK_NS ||
			at > p->to_ns + HONE_INPUTS_SLACK_NS)
			continue;
		if (k + 1 == i->package || k + 1 == i->script)
			return k + 1;
		other = k + 1;
	}
	return other;
}

/* Was it a build script that wrote this? One does so in each of its runs. In the first one it is enough that nothing
 * had read the file before: then all builds have the same of it. */
static bool is_by_script(struct hone_inputs *in, struct hone_input *i, size_t script)
{
	size_t runs_before = script ? in->packages[script - 1].runs - 1 : 0;
	bool is_so;

	if (!script)
		return false;
	if (runs_before == 0)
		is_so = i->read_ns >= i->state.ctime_ns;
	else
		is_so = i->script == script && i->times == runs_before;
	if (i->script != script)
		i->times = 0;
	i->script = script;
	i->times++;
	return is_so;
}

/* A file that was seen for the first time. */
static enum moved moved_of_new(const struct hone_inputs *in, const struct hone_input *i)
{
	bool in_walk = i->package && in->packages[i->package - 1].walked;

	if (!(i->flags & HONE_INPUT_LOCAL) ||
		i->state.ctime_ns <= in->began_ns + HONE_INPUTS_SLACK_NS)
		return SAME;
	/* It was not there when the first build began: nothing had read another one of it. */
	return in_walk && in->builds == 0 ? TOUCHED : CHANGED;
}

static void judge(struct hone_inputs *in, struct hone_input *i, enum moved m)
{
	size_t script = m == SAME ? 0 : script_of(in, i);
	bool by_script = is_by_script(in, i, script);

	if (m != CHANGED || by_script)
		return;
	if (i->flags & HONE_INPUT_LOCK && i->state.there && in->builds == 0)
		return;
	changed(in, i, in->builds ? "while candidates were built" : "during the first build");
}

int hone_inputs_built(struct hone_inputs *in, struct hone_err *err)
{
	hone_auto_strv struct hone_strv fresh = HONE_STRV_INIT;

	if (!in)
		return 0;
	for (size_t i = 0; i < in->v.n; i++)
		in->v.v[i].read_ns = INT64_MAX;
	hone_inputs_find_used(in, &fresh);
	for (size_t i = 0; i < fresh.n; i++) {
		struct hone_input *it = inputs_find(in, fresh.v[i]);

		judge(in, it, moved_of_new(in, it));
	}
	for (size_t i = 0; i < in->v.n; i++)
		if (counts(in, &in->v.v[i]))
			judge(in, &in->v.v[i], look(in, &in->v.v[i]));
	in->builds++;
	in->looked_ns = hone_now_ns();
	return hone_inputs_error(in, err);
}

void hone_inputs_see(struct hone_inputs *in, const struct hone_message *m)
{
	const struct hone_package *p;

	if (!in || !m->package_id)
		return;
	p = hone_project_find_id(in->env->project, m->package_id);
	if (m->kind == HONE_MSG_BUILD_SCRIPT && m->out_dir && p && !p->source) {
		hone_auto_free char *unit = hone_path_dir(m->out_dir);

		hone_strv_push(&in->scripts, unit);
		hone_vec_push(&in->script_of, (size_t)(p - in->env->project->packages));
	}
	if (m->kind == HONE_MSG_ARTIFACT)
		hone_inputs_see_unit(in, &m->paths);
}

void hone_inputs_list(const struct hone_inputs *in, const char *root, struct hone_strv *ret_paths,
	struct hone_strv *ret_hashes)
{
	for (size_t i = 0; in && i < in->v.n; i++) {
		const struct hone_input *it = &in->v.v[i];
		char hash[HONE_HASH_TEXT];

		if (!(it->flags & HONE_INPUT_HASHED) || !counts(in, it) || it->script ||
			it->flags & HONE_INPUT_BY_RUNS || hone_path_is_within(it->path, in->folder))
			continue;
		hone_strv_take(ret_paths, hone_path_relative(it->path, root));
		hone_strv_push(ret_hashes, hone_hash_text(hash, it->hash));
	}
}

/* ---- begin and end */

struct hone_inputs *hone_inputs_new(const struct hone_build_env *env, const char *folder)
{
	struct hone_inputs *in = HONE_NEW(struct hone_inputs);

	in->env = env;
	in->folder = hone_xstrdup(folder);
	in->packages = hone_xcalloc(env->project->n_packages + 1, sizeof(*in->packages));
	in->began_ns = ns_of(hone_file_clock());
	hone_inputs_build(in);
	hone_inputs_find_start(in);
	in->looked_ns = hone_now_ns();
	return in;
}

void hone_inputs_leave_out(struct hone_inputs *in, const char *folder)
{
	if (!in)
		return;
	free(in->other);
	in->other = hone_xstrdup(folder);
}

void hone_inputs_free(struct hone_inputs *in)
{
	if (!in)
		return;
	for (size_t i = 0; i < in->v.n; i++)
		free(in->v.v[i].path);
	hone_vec_release(&in->v);
	hone_text_map_release(&in->index);
	free(in->packages);
	free(in->folder);
	free(in->other);
	hone_strv_release(&in->units);
	hone_strv_release(&in->scripts);
	hone_vec_release(&in->script_of);
	hone_strv_release(&in->changed);
	free(in);
}

/* Where the project itself lies, or what the kernel makes up, is a place and no input: others write there all the time. */
static bool is_a_place(const struct hone_inputs *in, const char *dir)
{
	const char *root = in->env->project->workspace_root;

	return (hone_path_is_within(root, dir) && strcmp(root, dir) != 0) ||
	       hone_fs_is_virtual(dir);
}

/* `input.txt`, `--file=input.txt`, `NAME=input.txt`: a word that names a file or a folder. */
static void add_word(struct hone_inputs *in, const char *dir, const char *word)
{
	const char *const parts[] = {word, strchr(word, '=') ? strchr(word, '=') + 1 : ""};

	for (size_t i = 0; i < HONE_COUNT(parts); i++) {
		hone_auto_free char *at = hone_path_join(dir, parts[i]);
		hone_auto_free char *path = hone_path_absolute(at);
		bool is_new;

		if (!*parts[i] || !hone_fs_exists(path))
			continue;
		if (hone_fs_is_dir(path)) {
			if (!is_a_place(in, path))
				hone_inputs_walk(in, path, HONE_INPUT_NAMED, 0);
		} else {
			struct hone_input *it = hone_inputs_entry(in, path, &is_new);

			it->flags |= HONE_INPUT_NAMED;
			if (!(it->flags & HONE_INPUT_HASHED))
				hone_inputs_take(in, it, true);
		}
	}
}

static void add_list(struct hone_inputs *in, const char *dir, const struct hone_strv *words)
{
	for (size_t i = 0; i < words->n; i++)
		add_word(in, dir, words->v[i]);
}

void hone_inputs_add_words(struct hone_inputs *in, const char *const *words)
{
	for (; in && words && *words; words++)
		add_word(in, ".", *words);
}

void hone_inputs_add_workloads(struct hone_inputs *in, const struct hone_workload *list, size_t n)
{
	for (size_t i = 0; in && i < n; i++) {
		const struct hone_workload *w = &list[i];
		const char *dir = w->dir ? w->dir : ".";

		add_list(in, dir, &w->argv);
		add_list(in, dir, &w->env);
		add_list(in, dir, &w->setup);
		add_list(in, dir, &w->teardown);
		if (w->stdin_path)
			add_word(in, ".", w->stdin_path);
		if (w->service) {
			add_list(in, dir, &w->service->load);
			add_list(in, dir, &w->service->latency_load);
		}
	}
}
