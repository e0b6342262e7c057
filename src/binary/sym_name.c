#include "sym_name.h"

#include "rust_v0.h"

#include <libiberty/demangle.h>
#include <setjmp.h>
#include <string.h>

bool hone_sym_is_std(struct hone_view crate)
{
	static const char *const names[] = {"std", "core", "alloc", "proc_macro", "test",
		"panic_unwind", "panic_abort", "unwind", "compiler_builtins", "std_detect",
		"sysroot", "rustc_std_workspace_core", "rustc_std_workspace_alloc",
		"rustc_std_workspace_std"};
	for (size_t i = 0; i < HONE_COUNT(names); i++)
		if (hone_view_is(crate, names[i]))
			return true;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Takes "5alloc" off *v. */
static bool legacy_part(struct hone_view *v, struct hone_view *ret)
{
	size_t n = 0, at = 0;
	while (at < v->n && is_digit(v->p[at]) && n <= v->n)
		n = n * 10 + (size_t)(v->p[at++] - '0');
	if (at == 0 || n == 0 || n > v->n - at)
		return false;
	*ret = (struct hone_view){v->p + at, n};
	*v = (struct hone_view){v->p + at + n, v->n - at - n};
	return true;
}

static bool is_legacy_hash(struct hone_view part)
{
	if (part.n != 17 || part.p[0] != 'h')
		return false;
	for (size_t i = 1; i < part.n; i++)
		if (!is_digit(part.p[i]) && !(part.p[i] >= 'a' && part.p[i] <= 'f'))
			return false;
	return true;
}

/* _ZN {part} 17h<16 hex digits> E [suffix]: gives the first part and the suffix. */
static bool legacy_parts(
	const char *mangled, struct hone_view *ret_first, struct hone_view *ret_suffix)
{
	struct hone_view rest = hone_view_of(mangled), part, first = {0};
	if (!hone_starts(mangled, "_ZN"))
		return false;
	rest = hone_view_sub(rest, 3, rest.n);
	while (legacy_part(&rest, &part)) {
		if (is_legacy_hash(part) && rest.n > 0 && rest.p[0] == 'E') {
			*ret_first = first;
			*ret_suffix = hone_view_sub(rest, 1, rest.n);
			return first.n > 0;
		}
		if (first.n == 0)
			first = part;
	}
	return false;
}

static size_t find_text(struct hone_view v, const char *text)
{
	const char *hit = v.n ? memmem(v.p, v.n, text, strlen(text)) : NULL;
	return hit ? (size_t)(hit - v.p) : v.n;
}

/* The crate at the start of an escaped type or trait: "$RF$alloc..string..String" gives alloc;
 * nothing for what is no path: "u8", "T", "(A, B)". */
static struct hone_view legacy_root(struct hone_view v)
{
	static const char *const prefixes[] = {
		"$RF$", "$BP$", "mut$u20$", "const$u20$", "dyn$u20$", "$u5b$", "$LT$", "_$LT$"};
	size_t i = 0;
	while (i < HONE_COUNT(prefixes)) {
		if (hone_view_starts(v, prefixes[i])) {
			v = hone_view_sub(v, strlen(prefixes[i]), v.n);
			i = 0;
		} else {
			i++;
		}
	}
	size_t n = 0;
	while (n < v.n && is_word(v.p[n]))
		n++;
	bool is_path = v.n - n >= 2 && v.p[n] == '.' && v.p[n + 1] == '.';
	return is_path ? hone_view_sub(v, 0, n) : (struct hone_view){0};
}

static struct hone_view legacy_crate(struct hone_view first)
{
	if (!hone_view_starts(first, "_$LT$"))
		return first;
	size_t as = find_text(first, "$u20$as$u20$");
	struct hone_view owner = legacy_root(hone_view_sub(first, 5, as)), trait = {0};
	if (as < first.n)
		trait = legacy_root(hone_view_sub(first, as + strlen("$u20$as$u20$"), first.n));
	return owner.n == 0 || (trait.n > 0 && hone_sym_is_std(owner)) ? trait : owner;
}

struct hone_sym_origin hone_sym_origin_of(const char *mangled)
{
	struct hone_sym_origin o = {.scheme = HONE_SYM_PLAIN};
	struct hone_view first, suffix;
	if (hone_starts(mangled, "_R")) {
		struct hone_view v = hone_view_of(mangled + 2);
		size_t end = hone_view_find(v, 0, '.');
		if (hone_rust_v0_crates(hone_view_sub(v, 0, end), &o.crate, &o.instance))
			o.scheme = HONE_SYM_V0;
	} else if (legacy_parts(mangled, &first, &suffix)) {
		o.scheme = HONE_SYM_LEGACY;
		o.crate.name = legacy_crate(first);
	} else if (hone_starts(mangled, "_Z")) {
		o.scheme = HONE_SYM_CXX;
	}
	return o;
}

/* libiberty prints C++ names without end when substitutions repeat each other, and its callback
 * cannot say "enough"; it holds no memory while it prints, so that jumping out of it is safe. */
#define MAX_CXX 65536u
struct cxx_text {
	struct hone_buf text;
	jmp_buf enough;
};

static void on_cxx(const char *s, size_t n, void *ctx)
{
	struct cxx_text *t = ctx;
	if (n > MAX_CXX - t->text.n)
		longjmp(t->enough, 1);
	hone_buf_add(&t->text, s, n);
}

static char *cxx_readable(const char *mangled)
{
	struct cxx_text t = {.text = HONE_BUF_INIT};
	bool ok = setjmp(t.enough) == 0 &&
		  cplus_demangle_v3_callback(mangled, DMGL_PARAMS | DMGL_ANSI, on_cxx, &t);
	char *text = ok ? hone_buf_detach(&t.text) : NULL;
	hone_buf_release(&t.text);
	return text;
}

static char *rust_readable(const char *mangled, bool legacy, bool full)
{
	if (!legacy && !hone_rust_v0_is_short(hone_view_of(mangled + 2)))
		return NULL;
	return rust_demangle(mangled, full ? DMGL_VERBOSE : 0);
}

char *hone_sym_readable(const char *mangled, bool full)
{
	struct hone_view first, suffix;
	if (!hone_starts(mangled, "_R") && !hone_starts(mangled, "_Z"))
		return hone_xstrdup(mangled);
	bool legacy = legacy_parts(mangled, &first, &suffix);
	/* Only a legacy name may hold dots of its own. */
	size_t n = legacy ? (size_t)(suffix.p - mangled) : strcspn(mangled, ".@");
	hone_auto_free char *base = hone_xstrndup(mangled, n);
	bool rust = legacy || hone_starts(base, "_R");
	hone_auto_free char *text = rust ? rust_readable(base, legacy, full) : cxx_readable(base);
	if (!text)
		return hone_xstrdup(mangled);
	const char *tail = mangled + n;
	/* LLVM numbers private functions that it had to export anew in every build. */
	if (!full && hone_starts(tail, ".llvm."))
		tail += strlen(".llvm.") + strspn(tail + strlen(".llvm."), "0123456789");
	return *tail ? hone_xasprintf("%s (%s)", text, tail) : HONE_TAKE(text);
}

/* "<" opens generic arguments when a name or "::" stands before it, except for "<impl T for U>",
 * which is part of a path. */
static bool opens_generics(struct hone_view v, size_t at)
{
	if (at == 0)
		return false;
	char before = v.p[at - 1];
	if (is_word(before))
		return true;
	return before == ':' && !hone_view_starts(hone_view_sub(v, at, v.n), "<impl ");
}

void hone_sym_generic(struct hone_buf *b, struct hone_view v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] != '<' || !opens_generics(v, i)) {
			hone_buf_addc(b, v.p[i]);
			continue;
		}
		size_t depth = 0, end = i;
		do {
			if (v.p[end] == '<')
				depth++;
			else if (v.p[end] == '>' && v.p[end - 1] != '-')
				depth--;
			end++;
		} while (depth > 0 && end < v.n);
		/* "f::<T>" and "f<T>" are the same function in the two schemes. */
		if (b->n >= 2 && b->p[b->n - 1] == ':' && b->p[b->n - 2] == ':')
			hone_buf_cut(b, b->n - 2);
		hone_buf_adds(b, "<_>");
		i = end - 1;
	}
}
