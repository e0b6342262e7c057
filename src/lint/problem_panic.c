/* panic = "abort": where the program and its dependencies count on panics that unwind. Their sources are
 * read, within limits of bytes and time. */
#include "clock.h"
#include "fs.h"
#include "problem_impl.h"
#include "proc.h"
#include "rust_scan.h"

#include <dirent.h>
#include <string.h>

#define MAX_FILE ((size_t)16 << 20)
#define MAX_BYTES ((uint64_t)96 << 20)
#define MAX_NS (3 * HONE_NS_PER_S)
#define MAX_DEPTH 16
#define MAX_PLACES 3 /* named in a message */

/* What was found of one kind in one package. */
struct finds {
	unsigned n;
	char *places[MAX_PLACES]; /* path:line:col */
};

struct scan {
	struct finds finds[HONE_RUST_FINDS];
	const char *file; /* being read */
	uint64_t *bytes;
	int64_t until_ns;
	bool *cut;    /* a limit was reached */
	size_t *lost; /* files that could not be read */
};

static void on_found(void *ctx, enum hone_rust_find what, unsigned line, unsigned col)
{
	struct scan *s = ctx;
	struct finds *f = &s->finds[what];

	if (f->n < MAX_PLACES)
		f->places[f->n] = hone_xasprintf("%s:%u:%u", s->file, line, col);
	f->n++;
}

static void scan_file(struct scan *s, const char *path)
{
	static const char *const words[] = {"catch_unwind", "set_hook", ".join()", "is_panic"};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	bool any = false;

	if (*s->bytes > MAX_BYTES || hone_now_ns() > s->until_ns) {
		*s->cut = true;
		return;
	}
	if (hone_fs_read(path, MAX_FILE, &text, NULL, NULL)) {
		++*s->lost;
		return;
	}
	*s->bytes += text.n;
	for (size_t i = 0; text.n && i < HONE_COUNT(words); i++)
		any = any || memmem(text.p, text.n, words[i], strlen(words[i]));
	s->file = path;
	if (any)
		hone_rust_scan(hone_buf_view(&text), on_found, s);
}

/* Folders that hold no code of the program itself. */
static bool is_for_tests(const char *name)
{
	return !strcmp(name, "tests") || !strcmp(name, "test") || !strcmp(name, "benches");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void scan_dir(struct scan *s, const char *dir, unsigned depth)
{
	HONE_VEC(char *) names = {0};
	DIR *d = opendir(dir);
	const struct dirent *e;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.' && (e->d_type == DT_DIR || e->d_type == DT_REG))
			hone_vec_push(&names, hone_xstrdup(e->d_name));
	if (d)
		closedir(d);
	if (names.n)
		qsort(names.v, names.n, sizeof(*names.v), by_text);
	for (size_t i = 0; i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);
		if (hone_ends(path, ".rs") && strcmp(names.v[i], "tests.rs") != 0 &&
			strcmp(names.v[i], "build.rs") != 0)
			scan_file(s, path);
		else if (depth < MAX_DEPTH && !is_for_tests(names.v[i]) && hone_fs_is_dir(path))
			scan_dir(s, path, depth + 1);
		free(names.v[i]);
	}
	hone_vec_release(&names);
}

/* The folder of the root files of library and binaries; most often src/. */
static void scan_package(struct scan *s, const struct hone_package *p)
{
	hone_auto_strv struct hone_strv dirs = HONE_STRV_INIT;

	for (size_t i = 0; i < p->n_targets; i++) {
		const struct hone_target *t = &p->targets[i];
		hone_auto_free char *dir = hone_path_dir(t->src_path);
		bool inside = false;

		if (t->kind == HONE_KIND_BUILD_SCRIPT || t->kind == HONE_KIND_TEST ||
			t->kind == HONE_KIND_BENCH || t->kind == HONE_KIND_EXAMPLE)
			continue;
		/* src/bin/ lies in src/. A root file beside Cargo.toml: its folder may hold anything. */
		for (size_t k = 0; k < dirs.n; k++)
			inside = inside || !strcmp(dir, dirs.v[k]) ||
				 (hone_starts(dir, dirs.v[k]) && dir[strlen(dirs.v[k])] == '/');
		if (inside)
			continue;
		hone_strv_push(&dirs, dir);
		if (!strcmp(dir, p->dir))
			scan_file(s, t->src_path);
		else
			scan_dir(s, dir, 0);
	}
}

static void release_finds(struct scan *s)
{
	for (size_t k = 0; k < HONE_RUST_FINDS; k++)
		for (size_t i = 0; i < MAX_PLACES; i++)
			free(s->finds[k].places[i]);
}

/* ", and in b.rs:3:1 and 7 more places" behind the first place, which stands in `where`. Appended. */
static void say_more(const struct hone_project *p, const struct finds *f, struct hone_buf *out)
{
	for (size_t i = 1; i < f->n && i < MAX_PLACES; i++) {
		hone_auto_free char *path = hone_path_relative(f->places[i], p->workspace_root);
		hone_buf_addf(out, "%s%s", i == 1 ? "; also " : ", ", path);
	}
	if (f->n > MAX_PLACES)
		hone_buf_addf(out, " and %u more", f->n - MAX_PLACES);
}

static void tell_own(
	struct hone_finder *f, const struct hone_package *package, const struct scan *s)
{
	static const struct {
		const char *id, *text;
	} kinds[] = {
		[HONE_RUST_CATCH] = {"abort-catch-unwind",
			"catches panics, which an aborting panic does not allow: the process ends "
			"instead"},
		[HONE_RUST_JOIN] = {"abort-join", "looks at how its threads ended, but a thread "
						  "that panics takes the whole process with "
						  "it"},
		[HONE_RUST_HOOK] = {"abort-hook",
			"sets a panic hook: it still runs, but then the process ends by SIGABRT, "
			"without "
			"destructors and with exit code 134 instead of 101"},
	};
	const struct hone_profile_value *v = hone_profile_get(&f->in_force, HONE_SET_PANIC);

	for (size_t k = 0; k < HONE_RUST_FINDS; k++) {
		hone_auto_buf struct hone_buf more = HONE_BUF_INIT;
		struct hone_problem *p;
		if (!s->finds[k].n)
			continue;
		say_more(f->in->project, &s->finds[k], &more);
		p = hone_problem_add(f, kinds[k].id, s->finds[k].places[0],
			"`panic = %s` (%s), but %s %s%s", v->value, v->where ? v->where : "default",
			package->name, kinds[k].text, hone_buf_str(&more));
		hone_problem_remedy(p, "panic = \"unwind\"");
	}
}

/* Crates that stand between Rust and another language, and turn a panic into its exception. */
static const char *const frameworks[] = {"pyo3", "napi", "neon", "jni", "uniffi", "extendr-api",
	"magnus", "rustler", "ext-php-rs", "godot", "mlua", "pgrx", "rutie", "node-bindgen"};

static void find_frameworks(struct hone_finder *f, const struct hone_package *member)
{
	const struct hone_project *project = f->in->project;
	const struct hone_profile_value *v = hone_profile_get(&f->in_force, HONE_SET_PANIC);

	for (size_t i = 0; i < member->n_deps; i++) {
		const struct hone_package *dep = &project->packages[member->deps[i]];
		for (size_t k = 0; k < HONE_COUNT(frameworks); k++) {
			struct hone_toml *doc = NULL;
			hone_auto_free char *where = NULL;

			if (!(member->dep_kinds[i] & HONE_DEP_NORMAL) ||
				strcmp(dep->name, frameworks[k]) != 0)
				continue;
			if (!hone_toml_read(
				    member->manifest_path, HONE_TOML_1_1, &doc, NULL, NULL)) {
				const struct hone_toml_node *node = hone_toml_get(
					hone_toml_get(hone_toml_root(doc), "dependencies"),
					dep->name);
				if (node)
					where = hone_toml_where(doc, hone_toml_key_pos(node));
			}
			hone_toml_free(doc);
			hone_problem_remedy(
				hone_problem_add(f, "abort-ffi",
					where ? where : member->manifest_path,
					"`panic = %s` (%s), but %s uses %s, which turns panics "
					"into errors of the "
					"other language: they end the whole process instead",
					v->value, v->where ? v->where : "default", member->name,
					dep->name),
				"panic = \"unwind\"");
		}
	}
}

int hone_find_panic_problems(struct hone_finder *f, struct hone_err *err)
{
	static const char *const ids[] = {"abort-catch-unwind", "abort-join", "abort-hook",
		"abort-dependencies", "abort-ffi", NULL};
	const struct hone_project *p = f->in->project;
	const bool *in_program = f->in_program;
	hone_auto_buf struct hone_buf deps = HONE_BUF_INIT;
	hone_auto_free char *first = NULL;
	uint64_t bytes = 0;
	int64_t until_ns = hone_now_ns() + MAX_NS;
	bool cut = false;
	size_t n_deps = 0, n_read = 0, n_all = 0, lost = 0;

	if (!hone_finder_aborts(f))
		return 0;
	/* The user's own packages first, then what they depend on. */
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < p->n_packages; i++) {
			const struct hone_package *package = &p->packages[i];
			struct scan s = {
				.bytes = &bytes, .until_ns = until_ns, .cut = &cut, .lost = &lost};
			const struct finds *caught = &s.finds[HONE_RUST_CATCH];
			int code = hone_interrupted(err);

			if (code)
				return code;
			if (!in_program[i] || package->member != (bool)own)
				continue;
			n_all++;
			if (cut)
				continue;
			if (own)
				find_frameworks(f, package);
			scan_package(&s, package);
			n_read += !cut;
			if (own) {
				tell_own(f, package, &s);
			} else if (caught->n) {
				hone_buf_addf(&deps, "%s%s %s", n_deps++ ? ", " : "", package->name,
					package->version);
				if (!first)
					first = hone_xstrdup(caught->places[0]);
			}
			release_finds(&s);
		}
	if (n_deps) {
		const struct hone_profile_value *v = hone_profile_get(&f->in_force, HONE_SET_PANIC);
		hone_problem_remedy(
			hone_problem_add(f, "abort-dependencies", first,
				"`panic = %s` (%s), and these dependencies have code "
				"that catches panics: "
				"%s; where it would, the process ends instead",
				v->value, v->where ? v->where : "default", hone_buf_str(&deps)),
			"panic = \"unwind\"");
	}
	if (cut)
		hone_limit_add(f, "where panics are caught", ids,
			"the sources of %zu of %zu packages were read", n_read, n_all);
	if (lost)
		hone_limit_add(f, "where panics are caught", ids, "%zu %s could not be read", lost,
			lost == 1 ? "source file" : "source files");
	return 0;
}
