#include "path.h"

#include "buf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *hone_path_join(const char *a, const char *b)
{
	if (*b == '/' || !*a)
		return hone_xstrdup(b);
	return hone_xasprintf("%s%s%s", a, hone_ends(a, "/") ? "" : "/", b);
}

char *hone_path_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return hone_xstrdup(".");
	return slash == path ? hone_xstrdup("/") : hone_xstrndup(path, (size_t)(slash - path));
}

const char *hone_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int hone_path_real(const char *path, char **ret_path, struct hone_err *err)
{
	char *real = realpath(path, NULL);

	if (!real) {
		int errnum = errno;

		hone_err_sys(err, errnum, "%s", path);
		if (err && errnum == ENOENT)
			err->code = HONE_E_NOT_FOUND;
		return errnum == ENOENT ? HONE_E_NOT_FOUND : HONE_E_SYSTEM;
	}
	*ret_path = real;
	return 0;
}

char *hone_path_absolute(const char *path)
{
	hone_auto_free char *cwd = getcwd(NULL, 0);
	hone_auto_free char *joined = hone_path_join(cwd ? cwd : "/", path);
	struct hone_view rest = hone_view_of(joined), part;
	struct hone_buf out = HONE_BUF_INIT;
	bool started = false;

	while (hone_view_split(&rest, &started, '/', &part)) {
		if (part.n == 0 || hone_view_is(part, "."))
			continue;
		if (hone_view_is(part, "..")) {
			const char *slash = out.n ? strrchr(out.p, '/') : NULL;

			hone_buf_cut(&out, slash ? (size_t)(slash - out.p) : 0);
			continue;
		}
		hone_buf_addc(&out, '/');
		hone_buf_addv(&out, part);
	}
	if (!out.n)
		hone_buf_addc(&out, '/');
	return hone_buf_detach(&out);
}

bool hone_path_is_within(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	while (n > 0 && dir[n - 1] == '/')
		n--;
	return strncmp(path, dir, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

char *hone_path_relative(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (strncmp(path, dir, n) != 0)
		return hone_xstrdup(path);
	if (path[n] == '\0')
		return hone_xstrdup(".");
	if (n == 1 && dir[0] == '/')
		return hone_xstrdup(path + 1);
	return hone_xstrdup(path[n] == '/' ? path + n + 1 : path);
}

int hone_path_find_program(const char *name, char **ret_path, struct hone_err *err)
{
	return hone_path_find_program_in(getenv("PATH"), name, ret_path, err);
}

int hone_path_find_program_in(
	const char *path_list, const char *name, char **ret_path, struct hone_err *err)
{
	const char *path = path_list ? path_list : "/usr/local/bin:/usr/bin:/bin";
	struct hone_view rest = hone_view_of(path), part;
	bool started = false;

	if (strchr(name, '/')) {
		if (access(name, X_OK) < 0)
			return hone_err_set(err, HONE_E_NOT_FOUND, "%s: %s", name,
				errno == ENOENT ? "no such file" : "cannot be executed");
		*ret_path = hone_xstrdup(name);
		return 0;
	}
	while (hone_view_split(&rest, &started, ':', &part)) {
		hone_auto_free char *dir = part.n ? hone_view_dup(part) : hone_xstrdup(".");
		hone_auto_free char *file = hone_path_join(dir, name);
		struct stat st;

		if (stat(file, &st) == 0 && S_ISREG(st.st_mode) && access(file, X_OK) == 0) {
			*ret_path = HONE_TAKE(file);
			return 0;
		}
	}
	return hone_err_set(err, HONE_E_NOT_FOUND, "program %s was not found in PATH", name);
}

char *hone_path_hide_here(const char *text)
{
	hone_auto_free char *cwd = getcwd(NULL, 0);
	hone_auto_free char *prefix = hone_xasprintf("%s/", cwd ? cwd : "");
	struct hone_buf out = HONE_BUF_INIT;
	const char *found;

	if (!text)
		text = "";
	for (; strlen(prefix) > 1 && (found = strstr(text, prefix)); text = found + strlen(prefix))
		hone_buf_add(&out, text, (size_t)(found - text));
	hone_buf_adds(&out, text);
	return hone_buf_detach(&out);
}
