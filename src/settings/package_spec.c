#include "package_spec.h"

#include "fs.h"
#include "num.h"
#include "text.h"

#include <ctype.h>
#include <string.h>

static bool identifiers(struct hone_view v, bool no_leading_zero)
{
	bool started = false;
	struct hone_view part;
	if (v.n == 0)
		return false;
	while (hone_view_split(&v, &started, '.', &part)) {
		bool digits = true;
		if (part.n == 0)
			return false;
		for (size_t i = 0; i < part.n; i++) {
			unsigned char c = (unsigned char)part.p[i];
			if (c >= 0x80 || (!isalnum(c) && c != '-'))
				return false;
			digits = digits && isdigit(c);
		}
		if (no_leading_zero && digits && part.n > 1 && part.p[0] == '0')
			return false;
	}
	return true;
}

static bool number(struct hone_view v, uint64_t *ret)
{
	return hone_parse_u64(v, ret) && (v.n == 1 || v.p[0] != '0');
}

static int version_error(struct hone_view v, struct hone_err *err)
{
	const char *what = "";
	if (v.n > 0 && memchr("^=<>~*xX", v.p[0], 8))
		what = "unexpected version requirement, ";
	else if (hone_view_find(v, 0, '-') < v.n)
		what = "unexpected prerelease field, ";
	else if (hone_view_find(v, 0, '+') < v.n)
		what = "unexpected build field, ";
	return hone_err_set(err, HONE_E_SYNTAX, "%sexpected a version like \"1.32\"", what);
}

static int parse_version(
	struct hone_view text, struct hone_partial_version *ret, struct hone_err *err)
{
	struct hone_view core = text, pre = {0}, build = {0};
	size_t plus = hone_view_find(core, 0, '+');
	if (plus < core.n) {
		build = hone_view_sub(core, plus + 1, core.n);
		core = hone_view_sub(core, 0, plus);
		if (!identifiers(build, false))
			return version_error(text, err);
	}
	size_t dash = hone_view_find(core, 0, '-');
	if (dash < core.n) {
		pre = hone_view_sub(core, dash + 1, core.n);
		core = hone_view_sub(core, 0, dash);
		if (!identifiers(pre, true))
			return version_error(text, err);
	}
	struct hone_view part;
	bool started = false;
	ret->n_numbers = 0;
	while (hone_view_split(&core, &started, '.', &part)) {
		if (ret->n_numbers == 3 || !number(part, &ret->number[ret->n_numbers]))
			return version_error(text, err);
		ret->n_numbers++;
	}
	if (ret->n_numbers == 0 || ((pre.n || build.n) && ret->n_numbers < 3))
		return version_error(text, err);
	ret->pre = pre.n ? hone_view_dup(pre) : NULL;
	ret->build = build.n ? hone_view_dup(build) : NULL;
	return 0;
}

static bool version_matches(
	const struct hone_partial_version *want, const struct hone_partial_version *have)
{
	/* A pre-release is meant only by a spec that names it. */
	if (have->pre && !want->pre)
		return false;
	for (unsigned i = 0; i < want->n_numbers; i++)
		if (want->number[i] != have->number[i])
			return false;
	if (want->pre && (!have->pre || strcmp(want->pre, have->pre) != 0))
		return false;
	return !want->build || (have->build && strcmp(want->build, have->build) == 0);
}

/* Cargo asks for Unicode XID characters; every letter outside ASCII is taken for one here, so that
 * cargo has the last word on those. */
static bool name_char(unsigned char c)
{
	return c >= 0x80 || isalnum(c) || c == '-' || c == '_';
}

static int check_name(struct hone_view name, struct hone_err *err)
{
	if (name.n == 0)
		return hone_err_set(err, HONE_E_SYNTAX, "package name cannot be empty");
	unsigned char first = (unsigned char)name.p[0];
	int n = (int)name.n;
	if (isdigit(first))
		return hone_err_set(err, HONE_E_SYNTAX,
			"invalid character `%c` in package name: `%.*s`, the name cannot start "
			"with a digit",
			first, n, name.p);
	if (first < 0x80 && !isalpha(first) && first != '_')
		return hone_err_set(err, HONE_E_SYNTAX,
			"invalid character `%c` in package name: `%.*s`, the first character must "
			"be a Unicode "
			"XID start character (most letters or `_`)",
			first, n, name.p);
	for (size_t i = 1; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		/* "a::b" is a name in a namespace. */
		if (c == ':' && i + 2 < name.n && name.p[i + 1] == ':' &&
			name_char((unsigned char)name.p[i + 2])) {
			i++;
			continue;
		}
		if (!name_char(c))
			return hone_err_set(err, HONE_E_SYNTAX,
				"invalid character `%c` in package name: `%.*s`, characters must "
				"be Unicode "
				"XID characters (numbers, `-`, `_`, or most letters)",
				c, n, name.p);
	}
	return 0;
}

/* Splits NAME@VERSION or NAME:VERSION at the last separator; the colons of "a::b" do not count. */
static bool split_version(
	struct hone_view text, struct hone_view *ret_name, struct hone_view *ret_version)
{
	for (int round = 0; round < 2; round++) {
		char separator = round == 0 ? '@' : ':';
		for (size_t i = text.n; i > 0; i--) {
			if (text.p[i - 1] != separator)
				continue;
			if (separator == ':' && i > 1 && text.p[i - 2] == ':')
				break;
			*ret_name = hone_view_sub(text, 0, i - 1);
			*ret_version = hone_view_sub(text, i, text.n);
			return true;
		}
	}
	return false;
}

static int set_name(struct hone_spec *s, struct hone_view name, const struct hone_view *version,
	struct hone_err *err)
{
	if (version) {
		int rc = parse_version(*version, &s->version, err);
		if (rc < 0)
			return rc;
		s->has_version = true;
	}
	s->name = hone_view_dup(name);
	return check_name(name, err);
}

static bool scheme_char(char c)
{
	return isalnum((unsigned char)c) || c == '+' || c == '-' || c == '.';
}

/* Appends a path as the URL standard writes it: "." and ".." resolved, bytes that a URL cannot hold
 * as %XX. */
static void add_path(struct hone_buf *out, struct hone_view path)
{
	size_t base = out->n;
	struct hone_view part;
	bool started = false;
	if (path.n > 0 && path.p[0] == '/')
		path = hone_view_sub(path, 1, path.n);
	hone_buf_addc(out, '/');
	while (hone_view_split(&path, &started, '/', &part)) {
		bool last = !path.p;
		if (hone_view_is(part, "..") || hone_view_is(part, ".")) {
			if (part.n == 2 && out->n > base + 1) {
				size_t at = out->n - 1;
				while (at > base + 1 && out->p[at - 1] != '/')
					at--;
				hone_buf_cut(out, at);
			}
			continue;
		}
		for (size_t i = 0; i < part.n; i++) {
			unsigned char c = (unsigned char)part.p[i];
			if (c <= ' ' || c >= 0x7f || strchr("\"<>`{}", c))
				hone_buf_addf(out, "%%%02X", c);
			else
				hone_buf_addc(out, (char)c);
		}
		if (!last)
			hone_buf_addc(out, '/');
	}
}

/* scheme://authority/path; rest is what follows "://". */
static char *normal_url(struct hone_view scheme, struct hone_view rest)
{
	struct hone_buf out = HONE_BUF_INIT;
	for (size_t i = 0; i < scheme.n; i++)
		hone_buf_addc(&out, (char)tolower((unsigned char)scheme.p[i]));
	bool file = strcmp(hone_buf_str(&out), "file") == 0;
	hone_buf_adds(&out, "://");
	size_t slash = hone_view_find(rest, 0, '/');
	struct hone_view authority = hone_view_sub(rest, 0, slash);
	size_t at = hone_view_find(authority, 0, '@');
	at = at < authority.n ? at + 1 : 0;
	if (!file || !hone_view_is(authority, "localhost")) {
		hone_buf_addv(&out, hone_view_sub(authority, 0, at));
		for (size_t i = at; i < authority.n; i++)
			hone_buf_addc(&out, (char)tolower((unsigned char)authority.p[i]));
	}
	add_path(&out, hone_view_sub(rest, slash, rest.n));
	return hone_buf_detach(&out);
}

/* Of "branch=x&foo=1" the part that names a git reference, as "branch=x". Cargo takes the last. */
static char *git_reference(struct hone_view query)
{
	struct hone_view part, found = {0};
	bool started = false;
	while (hone_view_split(&query, &started, '&', &part))
		if (hone_view_starts(part, "branch=") || hone_view_starts(part, "tag=") ||
			hone_view_starts(part, "rev=") || hone_view_starts(part, "ref="))
			found = part;
	if (hone_view_starts(found, "ref="))
		return hone_xasprintf("branch=%.*s", (int)(found.n - 4), found.p + 4);
	return found.n ? hone_view_dup(found) : NULL;
}

static int set_kind(struct hone_spec *s, struct hone_view kind, struct hone_view scheme,
	struct hone_view query, bool has_query, const char *text, struct hone_err *err)
{
	s->kind = hone_view_dup(kind);
	if (hone_view_is(kind, "git")) {
		s->git_ref = has_query ? git_reference(query) : NULL;
		return 0;
	}
	if (!hone_view_is(kind, "registry") && !hone_view_is(kind, "sparse") &&
		!hone_view_is(kind, "path"))
		return hone_err_set(err, HONE_E_SYNTAX, "unsupported source protocol: %s", s->kind);
	if (has_query)
		return hone_err_set(
			err, HONE_E_SYNTAX, "cannot have a query string in a pkgid: %s", text);
	if (hone_view_is(kind, "path") && !hone_view_is(scheme, "file"))
		return hone_err_set(err, HONE_E_SYNTAX,
			"`path+%.*s` is unsupported; `path+file` and `file` schemes are supported",
			(int)scheme.n, scheme.p);
	return 0;
}

/* text has "://" at position colon. */
static int parse_url(const char *text, size_t colon, struct hone_spec *s, struct hone_err *err)
{
	struct hone_view all = hone_view_of(text), fragment = {0}, query = {0};
	struct hone_view scheme = hone_view_sub(all, 0, colon);
	struct hone_view rest = hone_view_sub(all, colon + 3, all.n);
	size_t hash = hone_view_find(rest, 0, '#');
	bool has_fragment = hash < rest.n;
	if (has_fragment) {
		fragment = hone_view_sub(rest, hash + 1, rest.n);
		rest = hone_view_sub(rest, 0, hash);
	}
	size_t mark = hone_view_find(rest, 0, '?');
	bool has_query = mark < rest.n;
	if (has_query) {
		query = hone_view_sub(rest, mark + 1, rest.n);
		rest = hone_view_sub(rest, 0, mark);
	}
	size_t plus = hone_view_find(scheme, 0, '+');
	if (plus < scheme.n) {
		struct hone_view inner = hone_view_sub(scheme, plus + 1, scheme.n);
		int rc = set_kind(
			s, hone_view_sub(scheme, 0, plus), inner, query, has_query, text, err);
		if (rc < 0)
			return rc;
		scheme = inner;
	} else if (has_query) {
		return hone_err_set(
			err, HONE_E_SYNTAX, "cannot have a query string in a pkgid: %s", text);
	}
	s->url = normal_url(scheme, rest);

	struct hone_view last = hone_view_of(strrchr(s->url, '/') + 1), name, version;
	if (!has_fragment)
		return set_name(s, last, NULL, err);
	if (fragment.n == 0)
		return hone_err_set(err, HONE_E_SYNTAX, "nothing follows the `#` of `%s`", text);
	if (split_version(fragment, &name, &version))
		return set_name(s, name, &version, err);
	unsigned char first = (unsigned char)fragment.p[0];
	if (isalpha(first) || first >= 0x80)
		return set_name(s, fragment, NULL, err);
	return set_name(s, last, &fragment, err);
}

static int parse(const char *text, struct hone_spec *s, struct hone_err *err)
{
	const char *mark = strstr(text, "://");
	if (mark) {
		size_t colon = (size_t)(mark - text);
		bool is_scheme = colon > 0 && isalpha((unsigned char)text[0]);
		for (size_t i = 0; is_scheme && i < colon; i++)
			is_scheme = scheme_char(text[i]);
		if (is_scheme)
			return parse_url(text, colon, s, err);
	} else if (strpbrk(text, "/\\") && hone_fs_exists(text)) {
		hone_auto_free char *path = hone_path_absolute(text);
		hone_auto_free char *url = normal_url(hone_view_of("file"), hone_view_of(path));
		return hone_err_set(err, HONE_E_SYNTAX,
			"package ID specification `%s` looks like a file path, maybe try %s", text,
			url);
	}
	struct hone_view name, version, all = hone_view_of(text);
	if (split_version(all, &name, &version))
		return set_name(s, name, &version, err);
	return set_name(s, all, NULL, err);
}

int hone_spec_parse(const char *text, struct hone_spec *ret_spec, struct hone_err *err)
{
	struct hone_spec s = {0};
	int rc = parse(text, &s, err);
	if (rc < 0) {
		hone_spec_release(&s);
		return rc;
	}
	*ret_spec = s;
	return 0;
}

void hone_spec_release(struct hone_spec *s)
{
	free(s->name);
	free(s->version.pre);
	free(s->version.build);
	free(s->url);
	free(s->kind);
	free(s->git_ref);
	*s = (struct hone_spec){0};
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool hone_spec_covers(const struct hone_spec *spec, const char *name, const char *version,
	const struct hone_spec *id)
{
	if (strcmp(spec->name, name) != 0)
		return false;
	if (spec->has_version) {
		struct hone_partial_version have = {0};
		bool matches = parse_version(hone_view_of(version), &have, NULL) == 0 &&
			       version_matches(&spec->version, &have);
		free(have.pre);
		free(have.build);
		if (!matches)
			return false;
	}
	if (spec->url && !same(spec->url, id->url))
		return false;
	return !spec->kind || (same(spec->kind, id->kind) && same(spec->git_ref, id->git_ref));
}
