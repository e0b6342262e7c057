#include "link_replay.h"

#include "object.h"
#include "fs.h"
#include "proc.h"

#include <string.h>

#define LIST_LIMIT ((size_t)256 << 20)
#define REPLAY_DEADLINE_NS (3600 * HONE_NS_PER_S)
/* Longer command lines go through a response file: the kernel's limit on one is 2 MiB. */
#define DIRECT_LIMIT ((size_t)512 << 10)

const char *const hone_link_strip_args[] = {"-Wl,--strip-debug", "-Wl,--strip-all", "-Wl,-s", "-s",
	"--strip-debug", "--strip-all", NULL};

struct capture {
	struct hone_strv args, env, map; /* map: path, copy, path, copy, ... */
	struct hone_strv cwd, real;
};

static void release(struct capture *c)
{
	hone_strv_release(&c->args);
	hone_strv_release(&c->env);
	hone_strv_release(&c->map);
	hone_strv_release(&c->cwd);
	hone_strv_release(&c->real);
}

static int read_list(const char *dir, const char *name, struct hone_strv *to, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(dir, name);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int error = hone_fs_read(path, LIST_LIMIT, &text, NULL, err);

	for (size_t at = 0; !error && at < text.n; at += strlen(text.p + at) + 1)
		hone_strv_push(to, text.p + at);
	return error;
}

static int read_capture(const char *dir, struct capture *c, struct hone_err *err)
{
	int error = read_list(dir, "args", &c->args, err);

	if (!error)
		error = read_list(dir, "environ", &c->env, err);
	if (!error)
		error = read_list(dir, "map", &c->map, err);
	if (!error)
		error = read_list(dir, "cwd", &c->cwd, err);
	if (!error)
		error = read_list(dir, "real", &c->real, err);
	if (!error && (c->cwd.n != 1 || c->real.n != 1 || c->map.n % 2))
		error = hone_err_set(
			err, HONE_E_NOT_FOUND, "%s holds no complete capture of a link", dir);
	return error;
}

static const char *copy_of(const struct capture *c, struct hone_view path)
{
	for (size_t i = 0; i + 1 < c->map.n; i += 2)
		if (hone_view_is(path, c->map.v[i]))
			return c->map.v[i + 1];
	return NULL;
}

/* -lNAME: the copy of its file, found by the file's name. */
static const char *copy_of_library(const struct capture *c, const char *name)
{
	hone_auto_free char *shared = hone_xasprintf("lib%s.so", name);
	hone_auto_free char *archive = hone_xasprintf("lib%s.a", name);

	for (size_t i = 0; i + 1 < c->map.n; i += 2) {
		const char *base = hone_path_base(c->map.v[i]);

		if (strcmp(base, shared) == 0 || strcmp(base, archive) == 0)
			return c->map.v[i + 1];
	}
	return NULL;
}

/* An argument with every captured path in it (the whole, or what follows = or ,) replaced. */
static void push_replaced(const struct capture *c, const char *arg, struct hone_strv *to)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	const char *copy = copy_of(c, hone_view_of(arg));

	if (copy) {
		hone_strv_push(to, copy);
		return;
	}
	if (*arg != '-') {
		hone_strv_push(to, arg);
		return;
	}
	if (hone_starts(arg, "-l") && arg[2]) {
		copy = copy_of_library(c, arg + 2);
		if (copy) {
			hone_auto_free char *dir = hone_path_dir(copy);

			hone_strv_pushf(to, "-L%s", dir);
		}
		hone_strv_push(to, arg);
		return;
	}
	for (const char *p = arg; *p;) {
		size_t n = strcspn(p, "=,");

		copy = p == arg ? NULL : copy_of(c, (struct hone_view){p, strcspn(p, ",")});
		if (copy) {
			hone_buf_adds(&b, copy);
			p += strcspn(p, ",");
		} else {
			hone_buf_add(&b, p, n);
			p += n;
		}
		if (*p)
			hone_buf_addc(&b, *p++);
	}
	hone_strv_push(to, hone_buf_str(&b));
}

static bool in_list(const char *arg, const char *const *list)
{
	for (; list && *list; list++)
		if (strcmp(arg, *list) == 0)
			return true;
	return false;
}

/* Everything in double quotes, with quotes and backslashes escaped: what GCC and lld both read. */
static int write_response(const char *path, const struct hone_strv *args, struct hone_err *err)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < args->n; i++) {
		hone_buf_addc(&b, '"');
		for (const char *p = args->v[i]; *p; p++) {
			if (*p == '"' || *p == '\\')
				hone_buf_addc(&b, '\\');
			hone_buf_addc(&b, *p);
		}
		hone_buf_adds(&b, "\"\n");
	}
	return hone_fs_write_cache(path, hone_buf_view(&b), 0666, err);
}

static int run_linker(const char *link_dir, const struct capture *c, const struct hone_strv *args,
	double *ret_seconds, struct hone_err *err)
{
	hone_auto_free char *response = hone_path_join(link_dir, "response");
	hone_auto_free char *at_response = hone_xasprintf("@%s", response);
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.dir = c->cwd.v[0],
		.env = hone_strv_argv(&c->env),
		.env_empty = true,
		.deadline_ns = REPLAY_DEADLINE_NS};
	size_t length = 0;
	int error = 0;

	for (size_t i = 0; i < args->n; i++)
		length += strlen(args->v[i]) + 1 + sizeof(char *);
	hone_strv_push(&argv, c->real.v[0]);
	if (length > DIRECT_LIMIT) {
		error = write_response(response, args, err);
		hone_strv_push(&argv, at_response);
	} else {
		hone_strv_copy(&argv, args);
	}
	spec.argv = hone_strv_argv(&argv);
	if (!error)
		error = hone_proc_run(&spec, &r, err);
	if (error)
		return error;
	if (!hone_proc_succeeded(&r)) {
		struct hone_view words = hone_view_trim(hone_buf_view(r.err.n ? &r.err : &r.out));
		hone_auto_free char *how = hone_proc_how_ended(&r);

		return hone_err_set(err, HONE_E_FAILED, "%s: %s%s%.*s", c->real.v[0], how,
			words.n ? ": " : "", (int)words.n, words.p);
	}
	if (ret_seconds)
		*ret_seconds = hone_ns_to_s(r.usage.wall_ns);
	return 0;
}

/* Is there a whole file now? */
static int check_output(const char *path, struct hone_err *err)
{
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	int error = hone_object_info_read(path, &info, err);

	if (error == HONE_E_UNSUPPORTED) {
		uint64_t size = 0;

		hone_err_release(err);
		error = hone_fs_size(path, &size, err);
		return error || size ? error
				     : hone_err_set(err, HONE_E_FAILED, "%s is empty", path);
	}
	if (!error && info.is_cut_off)
		error = hone_err_set(err, HONE_E_FAILED, "%s is cut off", path);
	if (error)
		hone_err_wrap(err, "the linker ended well, but");
	return error;
}

int hone_link_replay(const char *link_dir, const char *out_path, const char *const *drop,
	const char *const *add, double *ret_seconds, struct hone_err *err)
{
	struct capture c = {0};
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	int error = read_capture(link_dir, &c, err);

	for (size_t i = 0; !error && i < c.args.n; i++) {
		const char *arg = c.args.v[i];

		if (strcmp(arg, "-o") == 0 && i + 1 < c.args.n) {
			hone_strv_push(&args, "-o");
			hone_strv_push(&args, out_path);
			i++;
		} else if (!in_list(arg, drop)) {
			push_replaced(&c, arg, &args);
		}
	}
	hone_strv_append(&args, add);
	/* wasm-ld packs numbers only in a file without debug information; its names stay. */
	if (drop == hone_link_strip_args && hone_strv_has(&args, "--compress-relocations"))
		hone_strv_push(&args, "--strip-debug");
	/* What an earlier link left does not speak for this one. */
	if (!error)
		error = hone_fs_remove(out_path, err);
	if (!error)
		error = run_linker(link_dir, &c, &args, ret_seconds, err);
	if (!error)
		error = check_output(out_path, err);
	release(&c);
	return error;
}
