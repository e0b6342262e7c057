/* Types in a mangled name. */
#include "rust_v0_impl.h"

#include <string.h>

static bool type_again(struct hone_v0 *c, bool in_value)
{
	(void)in_value;
	return hone_v0_type(c);
}

static bool abi(struct hone_v0 *c)
{
	struct hone_v0_ident name = {.name = HONE_VIEW("C")};
	if (!hone_v0_take(c, 'C') && (!hone_v0_plain_identifier(c, &name) || name.punycode))
		return false;
	HONE_V0_PUT(c, "extern \"");
	for (size_t i = 0; c->out && i < name.name.n; i++)
		hone_buf_addc(c->out, name.name.p[i] == '_' ? '-' : name.name.p[i]);
	HONE_V0_PUT(c, "\" ");
	return true;
}

static bool fn_sig(struct hone_v0 *c)
{
	uint64_t n;
	if (!hone_v0_open_binder(c, &n))
		return false;
	if (hone_v0_take(c, 'U'))
		HONE_V0_PUT(c, "unsafe ");
	if (hone_v0_take(c, 'K') && !abi(c))
		return false;
	HONE_V0_PUT(c, "fn(");
	if (!hone_v0_list(c, hone_v0_type, NULL))
		return false;
	HONE_V0_PUT(c, ")");
	if (!hone_v0_take(c, 'u')) { /* what returns () says nothing of it */
		HONE_V0_PUT(c, " -> ");
		if (!hone_v0_type(c))
			return false;
	}
	c->bound -= n;
	return true;
}

/* A trait whose list of arguments stays open, since bindings of associated types go into it. */
static bool trait_path(struct hone_v0 *c, bool *ret_open)
{
	struct hone_v0 there;
	size_t start = c->at;
	*ret_open = false;
	if (!hone_v0_enter(c))
		return false;
	bool ok;
	if (hone_v0_take(c, 'B')) {
		ok = hone_v0_referred(c, start, &there) &&
		     (!c->out || trait_path(&there, ret_open));
	} else if (hone_v0_take(c, 'I')) {
		ok = hone_v0_path(c, false, NULL);
		HONE_V0_PUT(c, "<");
		ok = ok && hone_v0_list(c, hone_v0_generic_arg, NULL);
		*ret_open = true;
	} else {
		ok = hone_v0_path(c, false, NULL);
	}
	c->depth--;
	return ok;
}

static bool dyn_trait(struct hone_v0 *c)
{
	struct hone_v0_ident name;
	bool open;
	if (!trait_path(c, &open))
		return false;
	while (hone_v0_take(c, 'p')) {
		hone_v0_put(c, open ? ", " : "<", open ? 2 : 1);
		open = true;
		if (!hone_v0_plain_identifier(c, &name))
			return false;
		hone_v0_put_ident(c, &name);
		HONE_V0_PUT(c, " = ");
		if (!hone_v0_type(c))
			return false;
	}
	if (open)
		HONE_V0_PUT(c, ">");
	return true;
}

static bool dyn_bounds(struct hone_v0 *c)
{
	uint64_t n, x;
	HONE_V0_PUT(c, "dyn ");
	if (!hone_v0_open_binder(c, &n))
		return false;
	for (bool first = true; !hone_v0_take(c, 'E'); first = false) {
		if (!first)
			HONE_V0_PUT(c, " + ");
		if (!dyn_trait(c))
			return false;
	}
	c->bound -= n;
	if (!hone_v0_take(c, 'L') || !hone_v0_base62(c, &x))
		return false;
	if (x == 0)
		return true;
	HONE_V0_PUT(c, " + ");
	return hone_v0_lifetime(c, x);
}

const char *hone_v0_basic_type(int letter)
{
	static const char *const names['z' - 'a' + 1] = {"i8", "bool", "char", "f64", "str", "f32",
		NULL, "u8", "isize", "usize", NULL, "i32", "u32", "i128", "u128", "_", NULL, NULL,
		"i16", "u16", "()", "...", NULL, "i64", "u64", "!"};
	return letter >= 'a' && letter <= 'z' ? names[letter - 'a'] : NULL;
}

static bool reference(struct hone_v0 *c, bool mut)
{
	uint64_t x = 0;
	HONE_V0_PUT(c, "&");
	if (hone_v0_take(c, 'L') && !hone_v0_base62(c, &x))
		return false;
	if (x != 0) {
		if (!hone_v0_lifetime(c, x))
			return false;
		HONE_V0_PUT(c, " ");
	}
	if (mut)
		HONE_V0_PUT(c, "mut ");
	return hone_v0_type(c);
}

static bool tuple(struct hone_v0 *c)
{
	size_t n;
	HONE_V0_PUT(c, "(");
	if (!hone_v0_list(c, hone_v0_type, &n))
		return false;
	if (n == 1)
		HONE_V0_PUT(c, ",");
	HONE_V0_PUT(c, ")");
	return true;
}

static bool array(struct hone_v0 *c, bool sized)
{
	HONE_V0_PUT(c, "[");
	if (!hone_v0_type(c))
		return false;
	if (sized) {
		HONE_V0_PUT(c, "; ");
		if (!hone_v0_constant(c, true))
			return false;
	}
	HONE_V0_PUT(c, "]");
	return true;
}

static bool type_inner(struct hone_v0 *c)
{
	size_t start = c->at;
	int tag = hone_v0_peek(c);
	const char *basic = hone_v0_basic_type(tag);
	if (basic) {
		c->at++;
		hone_v0_put(c, basic, strlen(basic));
		return true;
	}
	switch (tag) {
	case 'A':
	case 'S':
		c->at++;
		return array(c, tag == 'A');
	case 'P':
		c->at++;
		HONE_V0_PUT(c, "*const ");
		return hone_v0_type(c);
	case 'O':
		c->at++;
		HONE_V0_PUT(c, "*mut ");
		return hone_v0_type(c);
	case 'R':
	case 'Q':
		c->at++;
		return reference(c, tag == 'Q');
	case 'T':
		c->at++;
		return tuple(c);
	case 'F':
		c->at++;
		return fn_sig(c);
	case 'D':
		c->at++;
		return dyn_bounds(c);
	case 'B':
		c->at++;
		return hone_v0_back_reference(c, start, type_again, false);
	default:
		return hone_v0_path(c, false, NULL);
	}
}

bool hone_v0_type(struct hone_v0 *c)
{
	if (!hone_v0_enter(c))
		return false;
	bool ok = type_inner(c);
	c->depth--;
	return ok;
}
