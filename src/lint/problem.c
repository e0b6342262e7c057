#include "problem_impl.h"

#include "num.h"

#include <limits.h>
#include <string.h>

const struct hone_problem_kind hone_problem_kinds[] = {
	{"value-text", HONE_SEVERITY_ERROR,
		"a number or boolean is written as text: Cargo refuses it"},
	{"value-refused", HONE_SEVERITY_ERROR, "Cargo takes the value, but rustc refuses it"},
	{"rustflags-lto", HONE_SEVERITY_ERROR,
		"RUSTFLAGS and the profile's LTO cannot be combined"},
	{"rustflags-panic", HONE_SEVERITY_ERROR,
		"RUSTFLAGS ask for a std that unwinds, but the profile's panic aborts"},
	{"abort-dylib", HONE_SEVERITY_ERROR,
		"panic = \"abort\", but the program uses a Rust dylib, which brings a std that "
		"unwinds"},
	{"value-ignored", HONE_SEVERITY_WARNING, "Cargo drops the value, as no compiler knows it"},
	{"unknown-key", HONE_SEVERITY_WARNING, "Cargo does not know the key and ignores it"},
	{"unknown-profile", HONE_SEVERITY_WARNING,
		"no such profile exists: the setting is ignored"},
	{"profile-ignored", HONE_SEVERITY_WARNING,
		"[profile] outside of the workspace root is ignored"},
	{"override-unmatched", HONE_SEVERITY_WARNING,
		"an override for a package that is not there"},
	{"strip-reset", HONE_SEVERITY_WARNING,
		"an override of the program's own package takes strip back"},
	{"strip-none", HONE_SEVERITY_WARNING,
		"strip is written out as none, which keeps std's debug information"},
	{"debug-kept", HONE_SEVERITY_WARNING,
		"debug information, std's too, stays in the finished program"},
	{"strip-defmt", HONE_SEVERITY_WARNING,
		"strip takes the texts of a device's log away, and saves no flash"},
	{"lto-crate-types", HONE_SEVERITY_WARNING, "a library of several crate types gets no LTO"},
	{"rustflags-win", HONE_SEVERITY_WARNING, "RUSTFLAGS defeat a value of the profile"},
	{"instrumented", HONE_SEVERITY_WARNING,
		"RUSTFLAGS make the finished program count its own runs"},
	{"profile-of-coverage", HONE_SEVERITY_WARNING,
		"RUSTFLAGS name a profile that a coverage build has written"},
	{"strip-undone", HONE_SEVERITY_WARNING, "Cargo's own strip takes back a -s of RUSTFLAGS"},
	{"native-committed", HONE_SEVERITY_WARNING,
		"target-cpu=native in a committed file: the program runs only on CPUs like the "
		"builder's"},
	{"incremental-release", HONE_SEVERITY_WARNING,
		"incremental compilation in a release profile"},
	{"debug-assertions-release", HONE_SEVERITY_WARNING,
		"debug assertions in a release profile"},
	{"abort-catch-unwind", HONE_SEVERITY_WARNING,
		"panic = \"abort\", but the program catches panics"},
	{"abort-ffi", HONE_SEVERITY_WARNING,
		"panic = \"abort\", but a framework turns panics into exceptions of another "
		"language"},
	{"too-new", HONE_SEVERITY_WARNING,
		"the project's rust-version does not know the setting yet"},
	{"linker-name", HONE_SEVERITY_NOTE,
		"rustc leaves its own lld out because of the linker's file name"},
	{"abort-join", HONE_SEVERITY_NOTE,
		"panic = \"abort\", but the program looks at how its threads ended"},
	{"abort-hook", HONE_SEVERITY_NOTE, "panic = \"abort\", and the program sets a panic hook"},
	{"abort-dependencies", HONE_SEVERITY_NOTE,
		"panic = \"abort\", but dependencies catch panics"},
	{"overflow-checks-release", HONE_SEVERITY_NOTE, "overflow checks in a release profile"},
	{"debug-cmake", HONE_SEVERITY_NOTE,
		"debug information makes C code that CMake builds slower"},
	{"lto-off", HONE_SEVERITY_NOTE,
		"lto = \"off\" also turns off the optimization between a crate's own parts"},
	{"shadowed", HONE_SEVERITY_NOTE, "a value in Cargo.toml that a stronger layer hides"},
	{"duplicate-crate", HONE_SEVERITY_NOTE, "several versions of one crate are in the program"},
	{"profile-unused", HONE_SEVERITY_NOTE, "a custom profile that nothing mentions"},
	{0},
};

const struct hone_problem_kind *hone_problem_kind_find(const char *id)
{
	for (const struct hone_problem_kind *k = hone_problem_kinds; k->id; k++)
		if (!strcmp(k->id, id))
			return k;
	return NULL;
}

const char *hone_severity_name(enum hone_severity s)
{
	static const char *const names[] = {"note", "warning", "error"};

	return names[s];
}

struct hone_problem *hone_problem_add(
	struct hone_finder *f, const char *id, const char *where, const char *fmt, ...)
{
	struct hone_problem p = {.kind = hone_problem_kind_find(id)};
	va_list ap;

	if (!p.kind)
		hone_bug("no problem is called %s", id);
	va_start(ap, fmt);
	p.message = hone_xvasprintf(fmt, ap);
	va_end(ap);
	p.where = where ? hone_xstrdup(where) : NULL;
	hone_vec_push(f->out, p);
	return &f->out->v[f->out->n - 1];
}

struct hone_limit *hone_limit_add(
	struct hone_finder *f, const char *what, const char *const *ids, const char *why, ...)
{
	struct hone_limit l = {.what = hone_xstrdup(what)};
	va_list ap;

	va_start(ap, why);
	l.why = hone_xvasprintf(why, ap);
	va_end(ap);
	for (; *ids; ids++) {
		if (!hone_problem_kind_find(*ids))
			hone_bug("no problem is called %s", *ids);
		hone_strv_push(&l.ids, *ids);
	}
	hone_vec_push(&f->out->limits, l);
	return &f->out->limits.v[f->out->limits.n - 1];
}

void hone_limit_release(struct hone_limit *l)
{
	free(l->what);
	free(l->why);
	free(l->remedy);
	hone_strv_release(&l->ids);
	*l = (struct hone_limit){0};
}

char *hone_limit_text(const struct hone_limit *l)
{
	return hone_xasprintf("%s (%s)", l->what, l->why);
}

bool hone_finder_aborts(const struct hone_finder *f)
{
	const struct hone_profile_value *v = hone_profile_get(&f->in_force, HONE_SET_PANIC);
	hone_auto_free char *panic = hone_profile_normal(HONE_SET_PANIC, v ? v->value : NULL);

	return !strcmp(panic, "abort") || !strcmp(panic, "immediate-abort");
}

void hone_problem_remedy(struct hone_problem *p, const char *fmt, ...)
{
	va_list ap;

	free(p->remedy);
	va_start(ap, fmt);
	p->remedy = hone_xvasprintf(fmt, ap);
	va_end(ap);
}

void hone_problem_fix(
	struct hone_problem *p, const char *file, const char *const *keys, const char *value)
{
	if (!file)
		return;
	p->fix.file = hone_xstrdup(file);
	hone_strv_append(&p->fix.path, keys);
	p->fix.value = value ? hone_xstrdup(value) : NULL;
}

char *hone_finder_normal(const struct hone_finder *f, enum hone_setting_id id)
{
	const struct hone_profile_value *v = hone_profile_get(&f->profile, id);

	return hone_profile_normal(id, v ? v->value : NULL);
}

/* Takes ":123" off the end of a text; 0 when it does not end so. */
static unsigned take_number(struct hone_view *v)
{
	uint64_t number = 0;
	size_t at = v->n;

	while (at > 0 && v->p[at - 1] >= '0' && v->p[at - 1] <= '9')
		at--;
	if (at == 0 || v->p[at - 1] != ':' ||
		!hone_parse_u64(hone_view_sub(*v, at, v->n), &number) || number > UINT_MAX)
		return 0;
	v->n = at - 1;
	return (unsigned)number;
}

char *hone_place_split(const char *where, unsigned *ret_line, unsigned *ret_col)
{
	struct hone_view v = hone_view_of(where);

	*ret_col = take_number(&v);
	*ret_line = take_number(&v);
	return hone_view_dup(v);
}

void hone_problems_release(struct hone_problems *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].message);
		free(p->v[i].where);
		free(p->v[i].remedy);
		free(p->v[i].fix.file);
		free(p->v[i].fix.value);
		hone_strv_release(&p->v[i].fix.path);
	}
	free(p->v);
	for (size_t i = 0; i < p->limits.n; i++)
		hone_limit_release(&p->limits.v[i]);
	hone_vec_release(&p->limits);
	*p = (struct hone_problems){0};
}
