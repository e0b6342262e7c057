/* What artifacts depend on: where it stands, and what cargo, rustc and build scripts say of it. */
#include "inputs_impl.h"

#include "clock.h"
#include "config.h"
#include "fs.h"
#include "profile_set.h"
#include "workload_file.h"

#include <dirent.h>
#include <string.h>

#define MAX_DEPTH 32
#define MAX_FILES 50000
#define DEP_LIMIT ((size_t)16 << 20)

/* ---- what there is at the start */

static void add_fixed(struct hone_inputs *in, const char *path, unsigned flags)
{
	bool is_new;
	struct hone_input *i = hone_inputs_entry(in, path, &is_new);

	i->flags |= HONE_INPUT_FIXED | HONE_INPUT_LOCAL | flags;
	if (is_new || !(i->flags & HONE_INPUT_HASHED))
		hone_inputs_take(in, i, true);
}

static void add_fixed_in(struct hone_inputs *in, const char *dir, const char *name)
{
	hone_auto_free char *path = hone_path_join(dir, name);

	add_fixed(in, path, 0);
}

/* Those that cargo and rustup look for from a folder upwards; what is not there may come. */
static void add_upwards(struct hone_inputs *in, const char *from)
{
	hone_auto_free char *at = hone_xstrdup(from);

	for (bool more = true; more;) {
		char *parent = hone_path_dir(at);

		add_fixed_in(in, at, ".cargo/config");
		add_fixed_in(in, at, ".cargo/config.toml");
		add_fixed_in(in, at, "rust-toolchain");
		add_fixed_in(in, at, "rust-toolchain.toml");
		more = strcmp(parent, at) != 0;
		free(at);
		at = parent;
	}
}

static void add_configs(struct hone_inputs *in)
{
	const struct hone_config *config = in->env->profiles->config;
	const char *cwd = hone_config_cwd(config);
	const struct hone_strv *files = hone_config_files(config);
	hone_auto_free char *home = hone_config_home(cwd);
	const char *target = in->env->opts->target;

	add_upwards(in, cwd);
	for (size_t i = 0; i < files->n; i++)
		add_fixed_in(in, cwd, files->v[i]);
	if (home) {
		add_fixed_in(in, home, "config");
		add_fixed_in(in, home, "config.toml");
	}
	if (target && hone_ends(target, ".json"))
		add_fixed_in(in, cwd, target);
}

/* Packages that the selected one needs; all of them without the graph. */
static void mark_needed(const struct hone_project *p, size_t at, bool *needed)
{
	if (needed[at])
		return;
	needed[at] = true;
	for (size_t i = 0; i < p->packages[at].n_deps; i++)
		mark_needed(p, p->packages[at].deps[i], needed);
}

static bool has_script(const struct hone_package *p)
{
	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_BUILD_SCRIPT)
			return true;
	return false;
}

static void add_packages(struct hone_inputs *in)
{
	const struct hone_project *p = in->env->project;
	hone_auto_free bool *needed = hone_xcalloc(p->n_packages + 1, sizeof(*needed));

	if (p->graph && p->package)
		mark_needed(p, (size_t)(p->package - p->packages), needed);
	for (size_t i = 0; i < p->n_packages; i++) {
		if (p->packages[i].source || (p->graph && p->package && !needed[i]))
			continue;
		add_fixed(in, p->packages[i].manifest_path, 0);
		hone_inputs_walk(in, p->packages[i].dir,
			has_script(&p->packages[i]) ? HONE_INPUT_HASHED : 0, i + 1);
		in->packages[i].walked = in->v.n < MAX_FILES;
	}
}

void hone_inputs_find_start(struct hone_inputs *in)
{
	const struct hone_project *p = in->env->project;
	hone_auto_free char *lock = hone_path_join(p->workspace_root, "Cargo.lock");

	add_fixed(in, p->root_manifest, 0);
	add_fixed(in, lock, HONE_INPUT_LOCK);
	add_fixed_in(in, p->workspace_root, HONE_WORKLOAD_FILE);
	if (p->package)
		add_fixed_in(in, p->package->dir, HONE_WORKLOAD_FILE);
	add_configs(in);
	if (in->env->toolchain->sysroot)
		add_fixed_in(in, in->env->toolchain->sysroot, "bin/rustc");
	add_packages(in);
}

/* ---- every file of a folder */

static bool is_skipped(const struct hone_inputs *in, const char *path, const char *name)
{
	return name[0] == '.' || strcmp(name, "node_modules") == 0 ||
	       strcmp(path, in->env->project->target_dir) == 0 || strcmp(path, in->folder) == 0 ||
	       (in->other && strcmp(path, in->other) == 0);
}

static void take_file(struct hone_inputs *in, const char *path, unsigned flags, size_t package)
{
	bool is_new;
	struct hone_input *i = hone_inputs_entry(in, path, &is_new);
	bool wants_hash = flags & HONE_INPUT_HASHED || hone_ends(path, ".rs");

	i->flags |= flags & HONE_INPUT_NAMED;
	if (package) {
		i->flags |= HONE_INPUT_LOCAL;
		/* Of a package inside of another one's folder, the inner. */
		i->package = package;
	}
	if (is_new || (wants_hash && !(i->flags & HONE_INPUT_HASHED)))
		hone_inputs_take(in, i, wants_hash);
}

static void walk(
	struct hone_inputs *in, const char *dir, unsigned flags, size_t package, unsigned depth)
{
	DIR *d = depth < MAX_DEPTH ? opendir(dir) : NULL;
	struct dirent *e;

	while (d && in->v.n < MAX_FILES && (e = readdir(d))) {
		hone_auto_free char *path = hone_path_join(dir, e->d_name);
		hone_auto_free char *manifest = NULL;

		if (is_skipped(in, path, e->d_name))
			continue;
		if (e->d_type != DT_DIR) {
			if (e->d_type == DT_REG || (e->d_type != DT_FIFO && !hone_fs_is_dir(path)))
				take_file(in, path, flags, package);
			continue;
		}
		manifest = hone_path_join(path, "Cargo.toml");
		/* A package of its own is walked by itself where it is needed. */
		if (!package || !hone_fs_exists(manifest))
			walk(in, path, flags, package, depth + 1);
	}
	if (d)
		closedir(d);
}

void hone_inputs_walk(struct hone_inputs *in, const char *dir, unsigned flags, size_t package)
{
	walk(in, dir, flags, package, 0);
}

/* ---- what builds say */

static size_t package_of(const struct hone_inputs *in, const char *path)
{
	const struct hone_project *p = in->env->project;
	size_t found = 0, longest = 0;

	for (size_t i = 0; i < p->n_packages; i++)
		if (!p->packages[i].source && strlen(p->packages[i].dir) > longest &&
			hone_path_is_within(path, p->packages[i].dir)) {
			found = i + 1;
			longest = strlen(p->packages[i].dir);
		}
	return found;
}

/* A file that a unit read; when: its dep-info was written then, or INT64_MAX when it was not run in this build. */
static void use(struct hone_inputs *in, const char *path, int64_t when, bool local,
	struct hone_strv *ret_new)
{
	struct hone_input *i;
	bool is_new;

	if (hone_path_is_within(path, in->folder) ||
		(in->other && hone_path_is_within(path, in->other)) || hone_fs_is_dir(path))
		return;
	i = hone_inputs_entry(in, path, &is_new);
	i->flags |= HONE_INPUT_USED;
	if (when < i->read_ns)
		i->read_ns = when;
	if (!is_new)
		return;
	i->package = package_of(in, path);
	local |= i->package > 0;
	i->flags |= local ? HONE_INPUT_LOCAL : 0;
	hone_inputs_take(in, i, local);
	hone_strv_push(ret_new, path);
}

/* The words of a rule of make: blanks in a name stand behind a backslash. */
static bool next_word(struct hone_view *rest, struct hone_buf *word)
{
	size_t at = 0;

	hone_buf_reset(word);
	while (at < rest->n && rest->p[at] == ' ')
		at++;
	for (; at < rest->n && rest->p[at] != ' '; at++) {
		if (rest->p[at] == '\\' && at + 1 < rest->n &&
			(rest->p[at + 1] == ' ' || rest->p[at + 1] == '\\' ||
				rest->p[at + 1] == '#'))
			at++;
		hone_buf_addc(word, rest->p[at]);
	}
	*rest = hone_view_sub(*rest, at, rest->n);
	return word->n > 0;
}

/* The first rule of a dep-info file names all that rustc read. */
static void read_dep_info(struct hone_inputs *in, const char *path, struct hone_strv *ret_new)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT, word = HONE_BUF_INIT;
	struct hone_input_state state;
	struct hone_view rest, line;
	bool started = false, first = true;
	int64_t when;

	hone_input_state_read(path, &state);
	when = state.mtime_ns >= in->build_ns - HONE_INPUTS_SLACK_NS ? state.mtime_ns : INT64_MAX;
	if (!state.there || hone_fs_read(path, DEP_LIMIT, &text, NULL, NULL))
		return;
	rest = hone_buf_view(&text);
	if (!hone_view_split(&rest, &started, '\n', &line))
		return;
	while (next_word(&line, &word)) {
		hone_auto_free char *file = NULL;
		hone_auto_free char *at = NULL;

		if (first) { /* the target, and its colon */
			first = !hone_ends(hone_buf_str(&word), ":");
			continue;
		}
		/* Paths of what lies in the workspace are relative to its root, where rustc stands. */
		at = hone_path_join(in->env->project->workspace_root, hone_buf_str(&word));
		file = hone_path_absolute(at);
		use(in, file, when, hone_buf_str(&word)[0] != '/', ret_new);
	}
}

/* NAME-HASH.d beside libNAME-HASH.rlib. What has no hash in its name is another link to a file in deps that has one. A
 * build script's dep-info is the only one in its folder. */
void hone_inputs_see_unit(struct hone_inputs *in, const struct hone_strv *files)
{
	const char *best = NULL;

	for (size_t i = 0; i < files->n; i++) {
		hone_auto_free char *dir = hone_path_dir(files->v[i]);

		if (!best || strcmp(hone_path_base(dir), "deps") == 0)
			best = files->v[i];
	}
	if (best)
		hone_strv_push(&in->units, best);
}

static char *dep_info_of(const char *path)
{
	hone_auto_free char *dir = hone_path_dir(path);
	hone_auto_free char *deps = hone_path_join(dir, "deps");
	hone_auto_free char *link = NULL;
	const char *name = hone_path_base(path), *dot;
	char *found = NULL;

	if (hone_starts(name, "build-script-"))
		return hone_fs_find_named(dir, "", ".d", &found, NULL) ? NULL : found;
	if (strcmp(hone_path_base(dir), "deps") != 0) {
		if (hone_fs_find_link(deps, path, &link, NULL))
			return NULL;
		name = link;
	} else {
		free(HONE_TAKE(deps));
		deps = hone_xstrdup(dir);
	}
	dot = strrchr(name, '.');
	if (dot && hone_starts(name, "lib"))
		name += 3;
	return hone_xasprintf("%s/%.*s.d", deps, dot ? (int)(dot - name) : (int)strlen(name), name);
}

static void read_unit(struct hone_inputs *in, const char *path, struct hone_strv *ret_new)
{
	hone_auto_free char *dep = dep_info_of(path);

	if (dep)
		read_dep_info(in, dep, ret_new);
}

/* Below a folder that a script names, everything counts. */
static void use_below(struct hone_inputs *in, const char *dir, struct hone_strv *ret_new)
{
	size_t n = in->v.n;

	for (size_t i = 0; i < n; i++)
		if (hone_path_is_within(in->v.v[i].path, dir))
			use(in, in->v.v[i].path, INT64_MAX, true, ret_new);
}

static void read_script(
	struct hone_inputs *in, size_t package, const char *folder, struct hone_strv *ret_new)
{
	static const char *const words[] = {"cargo:rerun-if-", "cargo::rerun-if-"};
	const char *dir = in->env->project->packages[package].dir;
	struct hone_input_package *p = &in->packages[package];
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *began = hone_path_join(folder, "invoked.timestamp");
	hone_auto_free char *output = hone_path_join(folder, "output");
	struct hone_input_state from, to;
	struct hone_view rest, line;
	bool started = false, tells = false;

	/* cargo sets the output's time back to when the script began; that of the last change stays. */
	hone_input_state_read(began, &from);
	hone_input_state_read(output, &to);
	if (from.there && from.mtime_ns >= in->build_ns - HONE_INPUTS_SLACK_NS) {
		p->runs += p->to_ns < p->from_ns;
		p->from_ns = from.mtime_ns;
		p->to_ns = to.there ? to.ctime_ns : INT64_MAX / 2;
	}
	if (!to.there || hone_fs_read(output, DEP_LIMIT, &text, NULL, NULL))
		return;
	rest = hone_buf_view(&text);
	while (hone_view_split(&rest, &started, '\n', &line)) {
		hone_auto_free char *path = NULL;
		hone_auto_free char *at = NULL;

		for (size_t i = 0; i < HONE_COUNT(words); i++)
			if (hone_view_starts(line, words[i])) {
				tells = true;
				line = hone_view_sub(line, strlen(words[i]), line.n);
			}
		if (!hone_view_starts(line, "changed="))
			continue;
		line = hone_view_trim(hone_view_sub(line, 8, line.n));
		at = hone_view_dup(line);
		path = hone_path_join(dir, at);
		free(at);
		at = hone_path_absolute(path);
		if (hone_fs_is_dir(at))
			use_below(in, at, ret_new);
		else
			use(in, at, INT64_MAX, true, ret_new);
	}
	p->scans = !tells;
}

void hone_inputs_find_used(struct hone_inputs *in, struct hone_strv *ret_new)
{
	for (size_t i = 0; i < in->units.n; i++)
		read_unit(in, in->units.v[i], ret_new);
	for (size_t i = 0; i < in->scripts.n; i++)
		read_script(in, in->script_of.v[i], in->scripts.v[i], ret_new);
}
