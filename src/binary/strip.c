#include "strip.h"

#include "fs.h"
#include "object_ops.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char *const level_names[] = {"none", "debuginfo", "symbols", "all"};

bool hone_strip_level_parse(struct hone_view v, enum hone_strip_level *ret_level)
{
	for (size_t i = 0; i < HONE_COUNT(level_names); i++)
		if (hone_view_is(v, level_names[i])) {
			*ret_level = (enum hone_strip_level)i;
			return true;
		}
	return false;
}

int hone_strip_bytes(struct hone_view in, enum hone_strip_level level,
	const struct hone_strip_opts *opts, struct hone_buf *out, struct hone_err *err)
{
	static const struct hone_strip_opts no_opts = {0};
	struct hone_object_file f = hone_object_of_bytes(in);
	const struct hone_object_ops *ops = NULL;
	int error = hone_object_find_ops(&f, &ops, err);

	if (error)
		return error;
	if (out->limit == 0)
		out->limit = HONE_STRIP_LIMIT;
	if (level != HONE_STRIP_NONE || (opts && opts->debuglink))
		return ops->strip(in, level, opts ? opts : &no_opts, out, err);
	hone_buf_reset(out);
	hone_buf_addv(out, in);
	return out->over ? hone_err_set(err, HONE_E_LIMIT, "is too large") : 0;
}

int hone_strip_debug_file(
	struct hone_view in, struct hone_buf *out, uint32_t *ret_crc, struct hone_err *err)
{
	struct hone_object_file f = hone_object_of_bytes(in);
	const struct hone_object_ops *ops = NULL;
	int error = hone_object_find_ops(&f, &ops, err);

	if (error)
		return error;
	if (!ops->debug_file)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"is a %s file, and those have no separate debug files", ops->name);
	if (out->limit == 0)
		out->limit = HONE_STRIP_LIMIT;
	return ops->debug_file(in, out, ret_crc, err);
}

int hone_strip_file(const char *from, const char *to, enum hone_strip_level level,
	const struct hone_strip_opts *opts, uint64_t *ret_old, uint64_t *ret_new,
	struct hone_err *err)
{
	hone_auto_buf struct hone_buf in = {.limit = HONE_STRIP_LIMIT};
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	struct hone_file_id id;
	struct stat st;
	int rc = hone_fs_read(from, HONE_STRIP_LIMIT, &in, &id, err);
	if (rc < 0)
		return rc;
	rc = hone_strip_bytes(hone_buf_view(&in), level, opts, &out, err);
	if (rc < 0)
		return hone_err_wrap(err, "%s", from);
	if (strcmp(from, to) == 0)
		rc = hone_fs_replace(to, hone_buf_view(&out), &id, err);
	else if (stat(from, &st) < 0)
		rc = hone_err_sys(err, errno, "%s", from);
	else
		rc = hone_fs_write(to, hone_buf_view(&out), st.st_mode & 07777, err);
	if (rc < 0)
		return rc;
	if (ret_old)
		*ret_old = in.n;
	if (ret_new)
		*ret_new = out.n;
	return 0;
}
