#include "allocator_build.h"

#include "allocator.h"
#include "fs.h"
#include "hash.h"
#include "lock.h"
#include "message.h"
#include "proc.h"

#include <string.h>

#define BUILD_NS (1800 * HONE_NS_PER_S)
#define ASK_NS (10 * HONE_NS_PER_S)
#define ARCHIVE_LIMIT ((size_t)512 << 20)

extern char **environ;

/* What the C compiler says of itself; empty: it cannot be asked. */
static void ask_compiler(const struct hone_strv *words, struct hone_buf *ret)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.limit = 65536, .deadline_ns = ASK_NS};

	if (!words->n)
		return;
	hone_strv_copy(&argv, words);
	hone_strv_push(&argv, "--version");
	spec.argv = hone_strv_argv(&argv);
	if (hone_proc_run(&spec, &r, NULL) == 0 && hone_proc_succeeded(&r))
		hone_buf_addv(ret, hone_buf_view(&r.out));
}

/* Variables that the cc crate and jemalloc's configure read. */
static bool is_of_compiler(const char *variable)
{
	static const char *const begins[] = {"CC=", "CC_", "HOST_CC=", "TARGET_CC=", "CFLAGS",
		"HOST_CFLAGS", "TARGET_CFLAGS", "CPPFLAGS", "LDFLAGS", "AR=", "AR_", "ARFLAGS",
		"RANLIB", "CRATE_CC_", "JEMALLOC_", "CPATH=", "C_INCLUDE_PATH="};

	for (size_t i = 0; i < HONE_COUNT(begins); i++)
		if (hone_starts(variable, begins[i]))
			return true;
	return false;
}

/* The identity of what is made: sources, target, compiler and its flags. */
static int key_of(const struct hone_session *s, const struct hone_allocator *a,
	char ret[HONE_HASH_TEXT], struct hone_err *err)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_strv struct hone_strv compiler = HONE_STRV_INIT;
	struct hone_rustflags flags = {0};
	int error = hone_rustflags_find(s->profiles, &flags, err);

	hone_buf_addf(&b, "%s\n%s\n%s\n%s\n", a->manifest, a->lock, hone_session_triple(s),
		s->toolchain->host);
	for (size_t i = 0; hone_allocator_env[i]; i++)
		hone_buf_addf(&b, "%s\n", hone_allocator_env[i]);
	hone_allocator_compiler(&s->env, &compiler);
	for (size_t i = 0; i < compiler.n; i++)
		hone_buf_addf(&b, "%s\n", compiler.v[i]);
	ask_compiler(&compiler, &b);
	for (char **v = environ; *v; v++)
		if (is_of_compiler(*v))
			hone_buf_addf(&b, "%s\n", *v);
	/* The cc crate follows some of them, target-cpu above all. */
	for (size_t i = 0; i < flags.flags.n; i++)
		hone_buf_addf(&b, "%s\n", flags.flags.v[i]);
	hone_rustflags_release(&flags);
	hone_hash_text(ret, hone_hash_bytes(hone_buf_view(&b)));
	return error;
}

struct build {
	const struct hone_allocator *allocator;
	char *found; /* the archive, or NULL */
	struct hone_buf words;
};

static int on_stdout(void *ctx, struct hone_view line)
{
	struct build *b = ctx;
	struct hone_message m;

	hone_message_parse(line, &m);
	for (size_t i = 0; m.kind == HONE_MSG_BUILD_SCRIPT && !b->found && i < m.paths.n; i++) {
		const char *folder = strchr(m.paths.v[i], '=');
		hone_auto_free char *path =
			hone_path_join(folder ? folder + 1 : m.paths.v[i], b->allocator->library);

		if (hone_fs_exists(path))
			b->found = HONE_TAKE(path);
	}
	hone_message_release(&m);
	return 0;
}

static int on_stderr(void *ctx, struct hone_view line)
{
	struct build *b = ctx;

	if (b->words.n || hone_view_starts(line, "error")) {
		hone_buf_addv(&b->words, line);
		hone_buf_addc(&b->words, '\n');
	}
	return 0;
}

static int write_crate(const struct hone_allocator *a, const char *dir, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	hone_auto_free char *crate = hone_path_join(dir, a->name);
	int error = hone_fs_mkdirs(crate, err);

	hone_allocator_file_names(a, &names);
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);

		error = hone_fs_write_cache(
			path, hone_view_of(hone_allocator_file_text(names.v[i])), 0666, err);
	}
	return error;
}

static int failed(const struct hone_session *s, const struct hone_allocator *a,
	const struct build *b, const struct hone_proc_result *r, struct hone_err *err)
{
	hone_auto_strv struct hone_strv compiler = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf version = HONE_BUF_INIT;
	hone_auto_free char *how = hone_proc_how_ended(r);
	struct hone_view words = hone_view_trim(hone_buf_view(&b->words));

	hone_allocator_compiler(&s->env, &compiler);
	ask_compiler(&compiler, &version);
	if (compiler.n && !version.n && memmem(words.p, words.n, "build", 5)) {
		hone_err_set(err, HONE_E_FAILED,
			"link.allocator=%s: there is no C compiler for %s here (%s)", a->value,
			hone_session_triple(s), compiler.v[0]);
		return hone_err_hint(err,
			"install it, name another one by CC_%s, or leave "
			"link.allocator out",
			hone_session_triple(s));
	}
	words = hone_view_sub(words, 0, 4000);
	hone_err_set(err, HONE_E_FAILED,
		"link.allocator=%s: its sources could not be got or compiled, cargo ended with "
		"%s%s%.*s",
		a->value, how, words.n ? ": " : "", (int)words.n, words.p);
	return HONE_E_FAILED;
}

static int run_cargo(const struct hone_session *s, const struct hone_allocator *a, const char *dir,
	char **ret_archive, struct hone_err *err)
{
	hone_auto_free char *crate = hone_path_join(dir, a->name);
	hone_auto_free char *manifest = hone_path_join(crate, "Cargo.toml");
	hone_auto_free char *target = hone_path_join(dir, "target");
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct build b = {.allocator = a, .words = {.limit = (size_t)256 << 10}};
	struct hone_proc_spec spec = {.env = hone_allocator_env,
		.dir = s->project->workspace_root,
		.out = HONE_SINK_LINES,
		.errout = HONE_SINK_LINES,
		.on_line = on_stdout,
		.on_err_line = on_stderr,
		.ctx = &b,
		.deadline_ns = BUILD_NS};
	int error;

	hone_strv_push(&argv, s->toolchain->cargo);
	hone_allocator_cargo_args(&s->env, &argv);
	hone_strv_push(&argv, "--manifest-path");
	hone_strv_push(&argv, manifest);
	hone_strv_push(&argv, "--target-dir");
	hone_strv_push(&argv, target);
	hone_strv_push(&argv, "--message-format=json");
	if (s->env.opts->offline || s->env.opts->frozen)
		hone_strv_push(&argv, "--offline");
	spec.argv = hone_strv_argv(&argv);
	error = hone_proc_run(&spec, &r, err);
	if (!error && !hone_proc_succeeded(&r))
		error = failed(s, a, &b, &r, err);
	else if (!error && !b.found)
		error = hone_err_set(err, HONE_E_FAILED,
			"link.allocator=%s: cargo compiled its sources, but they made no %s",
			a->value, a->library);
	hone_buf_release(&b.words);
	if (error) {
		free(b.found);
		return error;
	}
	*ret_archive = b.found;
	return 0;
}

/* Is the archive there as it was made? Its hash stands beside it. */
static bool is_whole(const char *archive, const char *mark, struct hone_buf *bytes)
{
	hone_auto_buf struct hone_buf hash = HONE_BUF_INIT;
	char text[HONE_HASH_TEXT];

	return !hone_fs_read(mark, 64, &hash, NULL, NULL) &&
	       !hone_fs_read(archive, ARCHIVE_LIMIT, bytes, NULL, NULL) &&
	       strcmp(hone_buf_str(&hash),
		       hone_hash_text(text, hone_hash_bytes(hone_buf_view(bytes)))) == 0;
}

static int make(const struct hone_session *s, const struct hone_allocator *a, const char *dir,
	const char *archive, struct hone_err *err)
{
	hone_auto_free char *target = hone_path_join(dir, "target");
	hone_auto_free char *mark = hone_path_join(dir, "hash");
	hone_auto_free char *made = NULL;
	char text[HONE_HASH_TEXT];
	struct hone_hash hash = {0};
	int error = hone_fs_remove_tree(dir, err);

	if (!error)
		error = write_crate(a, dir, err);
	if (!error)
		error = run_cargo(s, a, dir, &made, err);
	if (!error)
		error = hone_fs_copy(made, archive, err);
	if (!error)
		error = hone_hash_file(archive, &hash, err);
	if (!error)
		error = hone_fs_write_cache(
			mark, hone_view_of(hone_hash_text(text, hash)), 0666, err);
	(void)hone_fs_remove_tree(target, NULL);
	return error;
}

int hone_allocator_prepare(
	const struct hone_session *s, const struct hone_plan **plan, struct hone_err *err)
{
	const struct hone_plan *first = *plan;
	const struct hone_allocator *a = first->allocator;
	hone_auto_free char *dir = NULL;
	hone_auto_free char *archive = NULL;
	hone_auto_free char *mark = NULL;
	hone_auto_buf struct hone_buf bytes = {.limit = ARCHIVE_LIMIT};
	char key[HONE_HASH_TEXT];
	int error;

	if (!a || first->archive)
		return 0;
	error = key_of(s, a, key, err);
	if (error)
		return error;
	dir = hone_xasprintf("%s/allocators/%s", s->dir.tools, key);
	archive = hone_path_join(dir, a->archive);
	mark = hone_path_join(dir, "hash");
	if (!is_whole(archive, mark, &bytes)) {
		hone_events_status(s->events, "Compiling", "the allocator %s", a->name);
		error = make(s, a, dir, archive, err);
		if (!error && !is_whole(archive, mark, &bytes))
			error = hone_err_set(
				err, HONE_E_FAILED, "%s is not what was written there", archive);
	}
	if (error)
		return error;
	*plan = hone_plan_use_archive(&s->env, first, archive, hone_buf_view(&bytes));
	hone_plan_free(first);
	return 0;
}
