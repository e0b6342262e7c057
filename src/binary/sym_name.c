#include "sym_name.h"

#include "cxx_name.h"
#include "rust_legacy.h"
#include "rust_v0.h"

#include <string.h>

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_';
}

static bool is_hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdef") >= n;
}

/* Some tools write Rust's names as people read them, with their hashes (wasm-bindgen, the name section of WebAssembly):
 * "core::fmt::write::h0123456789abcdef", "core[0123456789abcdef]::fmt::write". C++'s names look
 * alike but for that. */
static bool is_readable_rust(const char *name)
{
	const char *end = strstr(name, " (."), *at = name;
	size_t n = end ? (size_t)(end - name) : strlen(name);

	if (n > 19 && hone_starts(name + n - 19, "::h") && is_hex(name + n - 16, 16))
		return true;
	while ((at = strchr(at, '[')) && at > name) {
		size_t digits = strspn(at + 1, "0123456789abcdef");

		if (digits > 0 && digits <= 16 && is_word(at[-1]) &&
			hone_starts(at + 1 + digits, "]::"))
			return true;
		at++;
	}
	return false;
}

/* The crate that a readable path begins with; empty for what is no path: "u8", "T", "(A, B)". */
static struct hone_view readable_root(const char *s)
{
	static const char *const prefixes[] = {
		"&", "*", "mut ", "const ", "dyn ", "[", "<", "(", "impl "};
	size_t n, i = 0, path;

	while (i < HONE_COUNT(prefixes)) {
		if (hone_starts(s, prefixes[i])) {
			s += strlen(prefixes[i]);
			i = 0;
		} else {
			i++;
		}
	}
	for (n = 0; is_word(s[n]);)
		n++;
	path = n;
	if (s[path] == '[')
		path += strcspn(s + path, "]");
	path += s[path] == ']';
	return n && hone_starts(s + path, "::") ? (struct hone_view){s, n} : (struct hone_view){0};
}

/* As hone_rust_legacy_crate: of "<TYPE as TRAIT>" the type's, unless that is std's and the trait is not. */
static struct hone_view readable_crate(const char *name)
{
	struct hone_view owner = readable_root(name), trait = {0};
	const char *as = name[0] == '<' ? strstr(name, " as ") : NULL;

	if (as)
		trait = readable_root(as + strlen(" as "));
	return owner.n == 0 || (trait.n > 0 && hone_sym_is_std(owner)) ? trait : owner;
}

struct hone_sym_origin hone_sym_origin_of(const char *mangled)
{
	struct hone_sym_origin o = {.scheme = HONE_SYM_PLAIN};
	struct hone_legacy legacy;
	if (hone_starts(mangled, "_R")) {
		struct hone_view v = hone_view_of(mangled + 2);
		size_t end = hone_view_find(v, 0, '.');
		if (hone_rust_v0_crates(hone_view_sub(v, 0, end), &o.crate, &o.instance))
			o.scheme = HONE_SYM_V0;
	} else if (hone_rust_legacy_read(mangled, &legacy)) {
		o.scheme = HONE_SYM_LEGACY;
		o.crate.name = hone_rust_legacy_crate(&legacy);
	} else if (hone_starts(mangled, "_Z")) {
		o.scheme = HONE_SYM_CXX;
	} else if (strchr(mangled, ':') && is_readable_rust(mangled)) {
		o.scheme = HONE_SYM_READABLE;
		o.crate.name = readable_crate(mangled);
		if (o.crate.name.n && o.crate.name.p[o.crate.name.n] == '[')
			o.crate.hash = strtoull(o.crate.name.p + o.crate.name.n + 1, NULL, 16);
	}
	return o;
}

/* What compilers and linkers appended. LLVM numbers private functions that it had to export, anew in
 * every build. */
static void put_tail(struct hone_buf *b, const char *tail, bool full)
{
	if (!full && hone_starts(tail, ".llvm."))
		tail += strlen(".llvm.") + strspn(tail + strlen(".llvm."), "0123456789");
	if (*tail)
		hone_buf_addf(b, " (%s)", tail);
}

/* Without hashes, as the other schemes are printed. */
static void put_readable(struct hone_buf *b, const char *name)
{
	size_t i = 0, n = strlen(name);

	while (i < n) {
		size_t digits = name[i] == '[' ? strspn(name + i + 1, "0123456789abcdef") : 0;

		if (digits > 0 && i > 0 && is_word(name[i - 1]) &&
			hone_starts(name + i + 1 + digits, "]::"))
			i += digits + 2;
		else if (hone_starts(name + i, "::h") && is_hex(name + i + 3, 16) &&
			 !is_word(name[i + 19]) && name[i + 19] != ':')
			i += 19;
		else if (hone_starts(name + i, " (.llvm."))
			i += strcspn(name + i, ")") + (strchr(name + i, ')') != NULL);
		else
			hone_buf_addc(b, name[i++]);
	}
}

void hone_sym_readable(struct hone_buf *b, const char *mangled, bool full)
{
	struct hone_legacy legacy;
	const char *tail = mangled;
	bool ok = false;
	if (hone_starts(mangled, "_R")) {
		tail = mangled + strcspn(mangled, ".@");
		ok = hone_rust_v0_text(
			b, (struct hone_view){mangled + 2, (size_t)(tail - mangled) - 2}, full);
	} else if (hone_rust_legacy_read(mangled, &legacy)) { /* may hold dots of its own */
		tail = legacy.suffix.p;
		ok = true;
		hone_rust_legacy_text(b, &legacy, full);
	} else if (hone_starts(mangled, "_Z")) {
		tail = mangled + strcspn(mangled, ".@");
		ok = hone_cxx_text(b, (struct hone_view){mangled, (size_t)(tail - mangled)});
		if (ok && full)
			hone_buf_addf(b, " [%.*s]", (int)(tail - mangled), mangled);
	} else if (!full && strchr(mangled, ':') && is_readable_rust(mangled)) {
		put_readable(b, mangled);
		return;
	}
	if (ok)
		put_tail(b, tail, full);
	else
		hone_buf_adds(b, mangled);
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
			size_t next = hone_view_find(v, i + 1, '<');
			hone_buf_add(b, v.p + i, next - i);
			i = next - 1;
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
