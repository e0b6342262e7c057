#include "candidate.h"

#include "buf.h"
#include "strv.h"
#include "toml_doc.h"

#include <string.h>

const char *const hone_preset_names[] = {"small", "fast", "balanced", NULL};
const char *const hone_own_names[] = {"smallest", "smallest-bold", "smallest-std", "fastest",
	"fastest-bold", "fastest-std", "best-balanced", "best-balanced-bold", "best-balanced-std",
	NULL};

static void free_assign(struct hone_assign *a)
{
	free(a->package);
	free(a->value);
}

void hone_candidate_free(struct hone_candidate *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		free_assign(&c->assigns[i]);
	free(c->assigns);
	free(c->name);
	free(c);
}

bool hone_candidate_is_baseline(const struct hone_candidate *c)
{
	return c->n == 0;
}

/* Canonical order: that of the table, the whole profile before packages, packages by name. */
static int compare(
	const struct hone_assign *a, const struct hone_setting *setting, const char *package)
{
	if (a->setting != setting)
		return a->setting->id < setting->id ? -1 : 1;
	if (!a->package || !package)
		return (a->package != NULL) - (package != NULL);
	return strcmp(a->package, package);
}

void hone_candidate_set(struct hone_candidate *c, const struct hone_setting *s, const char *package,
	const char *value)
{
	size_t i = 0;
	while (i < c->n && compare(&c->assigns[i], s, package) < 0)
		i++;
	if (i < c->n && compare(&c->assigns[i], s, package) == 0) {
		char *copy = hone_xstrdup(value); /* value may be the old one */
		free(c->assigns[i].value);
		c->assigns[i].value = copy;
		return;
	}
	c->assigns = hone_xrealloc(c->assigns, hone_size_mul(c->n + 1, sizeof(*c->assigns)));
	memmove(c->assigns + i + 1, c->assigns + i, (c->n - i) * sizeof(*c->assigns));
	c->assigns[i] = (struct hone_assign){
		s, package ? hone_xstrdup(package) : NULL, hone_xstrdup(value)};
	c->n++;
}

const struct hone_assign *hone_candidate_get(
	const struct hone_candidate *c, enum hone_setting_id id, const char *package)
{
	for (size_t i = 0; i < c->n; i++)
		if (compare(&c->assigns[i], hone_setting(id), package) == 0)
			return &c->assigns[i];
	return NULL;
}

static void add_key(struct hone_buf *b, const struct hone_assign *a)
{
	if (a->package) {
		hone_buf_adds(b, "package.");
		hone_toml_quote(b, hone_view_of(a->package));
		hone_buf_addc(b, '.');
	}
	hone_buf_adds(b, a->setting->key);
}

char *hone_assign_key(const struct hone_assign *a)
{
	struct hone_buf b = HONE_BUF_INIT;
	add_key(&b, a);
	return hone_buf_detach(&b);
}

char *hone_candidate_canonical(const struct hone_candidate *c)
{
	struct hone_buf b = HONE_BUF_INIT;
	for (size_t i = 0; i < c->n; i++) {
		if (i)
			hone_buf_addc(&b, ',');
		add_key(&b, &c->assigns[i]);
		hone_buf_addf(&b, "=%s", c->assigns[i].value);
	}
	return hone_buf_detach(&b);
}

bool hone_candidate_unset(
	struct hone_candidate *c, const struct hone_setting *s, const char *package)
{
	for (size_t i = 0; i < c->n; i++) {
		struct hone_assign *a = &c->assigns[i];

		if (compare(a, s, package) != 0)
			continue;
		free_assign(a);
		memmove(a, a + 1, (c->n - i - 1) * sizeof(*a));
		c->n--;
		return true;
	}
	return false;
}

unsigned hone_candidate_labels(const struct hone_candidate *c)
{
	unsigned labels = 0;
	for (size_t i = 0; i < c->n; i++)
		labels |= hone_setting_value_labels(
			c->assigns[i].setting, hone_view_of(c->assigns[i].value));
	return labels;
}

static bool is_hosted(const struct hone_setting *s)
{
	return s->hosted;
}

static bool is_wasm(const struct hone_setting *s)
{
	return s->wasm;
}

static bool is_program(const struct hone_setting *s)
{
	return s->program;
}

static bool is_linking(const struct hone_setting *s)
{
	return s->kind == HONE_SETTING_LINK || s->kind == HONE_SETTING_POST;
}

static bool is_native(const struct hone_setting *s)
{
	return s->native;
}

static void drop(struct hone_candidate *c, bool (*is_dropped)(const struct hone_setting *s),
	struct hone_strv *dropped)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++) {
		const char *key = c->assigns[i].setting->key;

		if (!is_dropped(c->assigns[i].setting)) {
			c->assigns[kept++] = c->assigns[i];
			continue;
		}
		if (!hone_strv_has(dropped, key))
			hone_strv_push(dropped, key);
		free_assign(&c->assigns[i]);
	}
	c->n = kept;
}

void hone_candidate_drop_hosted(struct hone_candidate *c, struct hone_strv *dropped)
{
	drop(c, is_hosted, dropped);
}

void hone_candidate_drop_wasm(struct hone_candidate *c, struct hone_strv *dropped)
{
	drop(c, is_wasm, dropped);
}

void hone_candidate_drop_program(struct hone_candidate *c, struct hone_strv *dropped)
{
	drop(c, is_program, dropped);
}

void hone_candidate_drop_linking(struct hone_candidate *c, struct hone_strv *dropped)
{
	drop(c, is_linking, dropped);
}

void hone_candidate_drop_native(struct hone_candidate *c, struct hone_strv *dropped)
{
	drop(c, is_native, dropped);
}

struct hone_candidate *hone_candidate_copy(const struct hone_candidate *c, const char *name)
{
	struct hone_candidate *copy = HONE_NEW(struct hone_candidate);
	copy->name = hone_xstrdup(name);
	for (size_t i = 0; i < c->n; i++)
		hone_candidate_set(
			copy, c->assigns[i].setting, c->assigns[i].package, c->assigns[i].value);
	return copy;
}

void hone_candidate_name_from(struct hone_candidate *c, const struct hone_candidate *base)
{
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;

	if (!hone_candidate_is_baseline(base))
		hone_buf_adds(&name, base->name);
	for (size_t i = 0; i < c->n; i++) {
		const struct hone_assign *a = &c->assigns[i];
		const struct hone_assign *before =
			hone_candidate_get(base, a->setting->id, a->package);
		hone_auto_free char *key = NULL;

		if (before && strcmp(before->value, a->value) == 0)
			continue;
		key = hone_assign_key(a);
		hone_buf_addf(&name, "%s%s=%s", name.n ? "," : "", key, a->value);
	}
	free(c->name);
	c->name = hone_buf_detach(&name);
}
