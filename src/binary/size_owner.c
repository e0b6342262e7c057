#include "size_owner.h"

#include "hash.h"
#include "sym_name.h"

#include <string.h>

static uint64_t slot_hash(struct hone_view name, uint64_t hash)
{
	return hone_hash_bytes(name).lo ^ hash;
}

static void rehash(struct hone_owners *o)
{
	free(o->slots);
	o->n_slots = o->n_slots ? o->n_slots * 2 : 256;
	o->slots = hone_xcalloc(o->n_slots, sizeof *o->slots);
	for (size_t i = 0; i < o->v.n; i++) {
		size_t at = slot_hash(hone_view_of(o->v.v[i].name), o->v.v[i].hash) % o->n_slots;
		while (o->slots[at])
			at = (at + 1) % o->n_slots;
		o->slots[at] = (uint32_t)(i + 1);
	}
}

static uint32_t intern(struct hone_owners *o, struct hone_view name, uint64_t hash)
{
	if (o->v.n * 2 >= o->n_slots)
		rehash(o);
	size_t at = slot_hash(name, hash) % o->n_slots;
	for (; o->slots[at]; at = (at + 1) % o->n_slots) {
		const struct hone_owner *w = &o->v.v[o->slots[at] - 1];
		if (w->hash == hash && hone_view_is(name, w->name))
			return o->slots[at] - 1;
	}
	hone_vec_push(&o->v, (struct hone_owner){.name = hone_arena_dup(&o->arena, name),
				     .hash = hash,
				     .kind = HONE_SIZE_UNKNOWN});
	o->slots[at] = (uint32_t)o->v.n;
	return (uint32_t)(o->v.n - 1);
}

uint32_t hone_owner_crate(struct hone_owners *o, struct hone_view name, uint64_t hash)
{
	/* The allocator's entry points: rustc makes them, in a crate that does not exist. */
	if (hone_view_is(name, "__rustc"))
		return hone_owner_named(o, "[glue]", HONE_SIZE_GLUE);
	uint32_t i = intern(o, name, hash);
	o->v.v[i].is_crate = true;
	return i;
}

uint32_t hone_owner_named(struct hone_owners *o, const char *name, enum hone_size_kind kind)
{
	uint32_t i = intern(o, hone_view_of(name), 0);
	o->v.v[i].kind = kind;
	return i;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "regex-automata-0.4.5" -> where "0.4.5" begins: behind the first '-' that three numbers follow. */
static size_t version_at(struct hone_view v)
{
	for (size_t i = 1; i + 1 < v.n; i++) {
		size_t at = i + 1, dots = 0;
		if (v.p[i] != '-' || !is_digit(v.p[at]))
			continue;
		while (at < v.n && (is_digit(v.p[at]) || (v.p[at] == '.' && dots < 2)))
			dots += v.p[at++] == '.';
		if (dots == 2)
			return i + 1;
	}
	return 0;
}

static const char *crate_spelling(struct hone_owners *o, struct hone_view package)
{
	char *s = hone_arena_dup(&o->arena, package);
	for (char *p = s; *p; p++)
		if (*p == '-')
			*p = '_';
	return s;
}

/* Reads a package out of a path; rest begins behind the marker of its folder. */
static bool fact_from(struct hone_owners *o, struct hone_view rest, enum hone_size_kind kind,
	struct hone_path_fact *ret)
{
	struct hone_view folder = hone_view_sub(rest, 0, hone_view_find(rest, 0, '/'));
	size_t at = version_at(folder);
	if (at == 0 || folder.n == rest.n || folder.n > 128)
		return false;
	*ret = (struct hone_path_fact){crate_spelling(o, hone_view_sub(folder, 0, at - 1)),
		hone_arena_dup(&o->arena, hone_view_sub(folder, at, folder.n)), kind};
	return true;
}

static const char registry_mark[] = "/registry/src/", std_mark[] = "/rust/deps/",
		  vendor_mark[] = "/vendor/";

static bool fact_of_path(struct hone_owners *o, const char *path, struct hone_path_fact *ret)
{
	const char *hit = strstr(path, registry_mark);
	if (hit && (hit = strchr(hit + sizeof registry_mark - 1, '/')))
		return fact_from(o, hone_view_of(hit + 1), HONE_SIZE_DEPENDENCY, ret);
	hit = strstr(path, std_mark);
	if (hit)
		return fact_from(o, hone_view_of(hit + sizeof std_mark - 1), HONE_SIZE_STD, ret);
	hit = strstr(path, vendor_mark);
	if (hit && hone_starts(path, "/rustc/"))
		return fact_from(o, hone_view_of(hit + sizeof vendor_mark - 1), HONE_SIZE_STD, ret);
	return false;
}

/* "core.c1f1a4ba060b9bfa-cgu.0" -> "core" and its hash, as in v0 names. */
static bool parse_cgu(const char *s, struct hone_view *ret_crate, uint64_t *ret_hash)
{
	size_t n = strcspn(s, ".");
	uint64_t hash = 0;
	if (n == 0 || s[n] != '.' || strlen(s + n) < 22 || !hone_starts(s + n + 17, "-cgu."))
		return false;
	for (size_t i = n + 1; i < n + 17; i++) {
		char c = s[i];
		if (!is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
		hash = hash * 16 + (uint64_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	*ret_crate = (struct hone_view){s, n};
	*ret_hash = hash;
	return true;
}

uint32_t hone_owner_unit(struct hone_owners *o, const char *name, const char *dir, bool rust)
{
	struct hone_path_fact fact = {0};
	bool known = fact_of_path(o, name, &fact) || fact_of_path(o, dir, &fact);
	const char *cgu = strstr(name, "/@/");
	struct hone_view crate;
	uint64_t hash, i;
	if (rust && cgu && parse_cgu(cgu + 3, &crate, &hash)) {
		i = hone_owner_crate(o, crate, hash);
		struct hone_owner *w = &o->v.v[i];
		if (known) {
			w->version = fact.version;
			w->kind = fact.kind;
		} else if (hone_starts(name, "/rustc/") || hone_starts(dir, "/rustc/")) {
			w->kind = HONE_SIZE_STD;
		}
		return (uint32_t)i;
	}
	/* C that a package brings along is that package's. */
	if (known) {
		i = hone_owner_crate(o, hone_view_of(fact.name), 0);
		o->v.v[i].version = fact.version;
		o->v.v[i].kind = fact.kind;
		return (uint32_t)i;
	}
	return hone_owner_named(o, "[C]", HONE_SIZE_C);
}

bool hone_owner_of_file_symbol(struct hone_owners *o, const char *name, uint32_t *ret_owner)
{
	static const char *const start_files[] = {"crtstuff.c", "crt1.o", "crti.o", "crtn.o",
		"init.c", "abi-note.c", "static-reloc.c"};
	static const char *const c_ends[] = {".c", ".cc", ".cpp", ".cxx", ".C", ".s", ".S", ".asm"};
	struct hone_view crate;
	uint64_t hash;
	if (parse_cgu(name, &crate, &hash)) {
		*ret_owner = hone_owner_crate(o, crate, hash);
		return true;
	}
	for (size_t i = 0; i < HONE_COUNT(start_files); i++)
		if (strcmp(name, start_files[i]) == 0) {
			*ret_owner = hone_owner_named(o, "[glue]", HONE_SIZE_GLUE);
			return true;
		}
	for (size_t i = 0; i < HONE_COUNT(c_ends); i++)
		if (hone_ends(name, c_ends[i])) {
			*ret_owner = hone_owner_named(o, "[C]", HONE_SIZE_C);
			return true;
		}
	return false;
}

uint32_t hone_owner_plain(struct hone_owners *o, const char *symbol, bool cxx)
{
	static const char *const glue[] = {"_start", "main", "_init", "_fini", "__libc_csu_init",
		"__libc_csu_fini", "_dl_relocate_static_pie", "call_weak_fn", "__dso_handle",
		"_IO_stdin_used", "__abi_tag", "rust_eh_personality", "DW.ref.rust_eh_personality",
		"__data_start", "data_start", "__rust_no_alloc_shim_is_unstable"};
	static const char *const shims[] = {
		"__rust_", "__rdl_", "__rg_", "rust_metadata_", "__wasm_", "__wbindgen_"};
	for (size_t i = 0; i < HONE_COUNT(glue); i++)
		if (strcmp(symbol, glue[i]) == 0)
			return hone_owner_named(o, "[glue]", HONE_SIZE_GLUE);
	for (size_t i = 0; i < HONE_COUNT(shims); i++)
		if (hone_starts(symbol, shims[i]))
			return hone_owner_named(o, "[glue]", HONE_SIZE_GLUE);
	if (cxx)
		return hone_owner_named(o, "[C]", HONE_SIZE_C);
	return hone_owner_named(o, "[unknown]", HONE_SIZE_UNKNOWN);
}

static void add_fact(struct hone_owners *o, struct hone_path_fact f)
{
	for (size_t i = 0; i < o->facts.n; i++)
		if (o->facts.v[i].kind == f.kind && strcmp(o->facts.v[i].name, f.name) == 0 &&
			strcmp(o->facts.v[i].version, f.version) == 0)
			return;
	hone_vec_push(&o->facts, f);
}

/* Packages beyond this many are not told from each other by paths: keeps the work linear. */
#define MAX_FACTS 4096

void hone_owners_scan(struct hone_owners *o, struct hone_view bytes)
{
	static const struct {
		const char *mark;
		size_t n;
		enum hone_size_kind kind;
	} marks[] = {{registry_mark, sizeof registry_mark - 1, HONE_SIZE_DEPENDENCY},
		{std_mark, sizeof std_mark - 1, HONE_SIZE_STD}};
	for (size_t m = 0; m < HONE_COUNT(marks); m++) {
		const char *p = bytes.p, *end = bytes.p + bytes.n;
		while (p && p < end && o->facts.n < MAX_FACTS &&
			(p = memmem(p, (size_t)(end - p), marks[m].mark, marks[m].n))) {
			p += marks[m].n;
			struct hone_view rest = {
				p, (size_t)(end - p) < 256 ? (size_t)(end - p) : 256};
			size_t slash = 0;
			if (marks[m].kind == HONE_SIZE_DEPENDENCY)
				slash = hone_view_find(rest, 0, '/') + 1;
			struct hone_path_fact f;
			if (slash <= rest.n &&
				fact_from(o, hone_view_sub(rest, slash, rest.n), marks[m].kind, &f))
				add_fact(o, f);
		}
	}
}

/* The only fact of that name, or NULL; *ret_n: how many there are. */
static const struct hone_path_fact *fact_named(
	const struct hone_owners *o, const char *name, size_t *ret_n)
{
	const struct hone_path_fact *hit = NULL;
	*ret_n = 0;
	for (size_t i = 0; i < o->facts.n; i++)
		if (strcmp(o->facts.v[i].name, name) == 0) {
			hit = &o->facts.v[i];
			(*ret_n)++;
		}
	return *ret_n == 1 ? hit : NULL;
}

/* What std is built with, where neither paths nor the build's packages tell. */
static bool is_known_of_std(const char *name)
{
	static const char *const names[] = {"hashbrown", "addr2line", "gimli", "object",
		"miniz_oxide", "adler2", "memchr", "rustc_demangle", "libc", "cfg_if", "unwinding",
		"unicode_width", "wasi", "wasip1", "wasip2", "wit_bindgen", "dlmalloc"};
	for (size_t i = 0; i < HONE_COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void fill_in(struct hone_owners *o, struct hone_owner *w, const struct hone_size_opts *opts)
{
	const struct hone_size_package *hit = NULL;
	size_t n = 0, n_facts;
	if (hone_sym_is_std(hone_view_of(w->name))) {
		w->kind = HONE_SIZE_STD;
		return;
	}
	if (w->kind == HONE_SIZE_STD)
		return;
	for (size_t i = 0; i < opts->n_packages; i++)
		if (strcmp(opts->packages[i].crate, w->name) == 0 &&
			(!w->version || strcmp(opts->packages[i].version, w->version) == 0)) {
			hit = &opts->packages[i];
			n++;
		}
	const struct hone_path_fact *fact = fact_named(o, w->name, &n_facts);
	if (n == 1) {
		/* Copied: the packages are gone when advice is asked for. */
		w->version = hit->workspace ? NULL : hone_arena_strdup(&o->arena, hit->version);
		if (hit->features)
			w->features = hone_arena_strdup(&o->arena, hit->features);
		w->kind = hit->workspace ? HONE_SIZE_WORKSPACE : HONE_SIZE_DEPENDENCY;
	} else if (fact && !w->version) {
		w->version = fact->version;
		w->kind = fact->kind;
	} else if (n == 0 && !w->version && is_known_of_std(w->name)) {
		w->kind = HONE_SIZE_STD;
	} else if (n == 0 && !w->version && opts->n_packages > 0) {
		/* No package of the build: the user's binaries have names of their own. */
		w->kind = HONE_SIZE_WORKSPACE;
	} else {
		w->kind = HONE_SIZE_DEPENDENCY;
	}
}

/* The only crate of that name whose hash is known, or NULL. */
static const struct hone_owner *only_hashed(const struct hone_owners *o, const char *name)
{
	const struct hone_owner *hit = NULL;
	for (size_t i = 0; i < o->v.n; i++) {
		const struct hone_owner *x = &o->v.v[i];
		if (!x->is_crate || x->hash == 0 || strcmp(x->name, name) != 0)
			continue;
		if (hit)
			return NULL;
		hit = x;
	}
	return hit;
}

static const char *make_label(struct hone_owners *o, size_t i)
{
	const struct hone_owner *w = &o->v.v[i];
	size_t same = 0, before = 0;
	bool std_and_own = false;
	if (!w->is_crate)
		return w->name;
	for (size_t k = 0; k < o->v.n; k++) {
		const struct hone_owner *x = &o->v.v[k];
		if (!x->is_crate || x->hash == 0 || strcmp(x->name, w->name) != 0)
			continue;
		if (x->kind != w->kind)
			std_and_own = true;
		else if (!x->version) {
			same++;
			before += k < i;
		}
	}
	const char *label = w->name;
	if (w->version)
		label = hone_arena_printf(&o->arena, "%s %s", w->name, w->version);
	if (std_and_own && w->kind == HONE_SIZE_STD)
		return hone_arena_printf(&o->arena, "%s (of std)", label);
	if (same > 1 && !w->version && w->hash && w->kind == HONE_SIZE_DEPENDENCY)
		return hone_arena_printf(&o->arena, "%s (%zu of %zu)", label, before + 1, same);
	return label;
}

/* Labelling compares names with each other, which a file made to be hostile could make slow. */
#define MAX_LABELLED 5000

void hone_owners_label(struct hone_owners *o, const struct hone_size_opts *opts)
{
	bool few = o->v.n <= MAX_LABELLED;
	for (size_t i = 0; few && i < o->v.n; i++)
		if (o->v.v[i].is_crate)
			fill_in(o, &o->v.v[i], opts);
	for (size_t i = 0; few && i < o->v.n; i++) {
		struct hone_owner *w = &o->v.v[i];
		const struct hone_owner *hit = NULL;
		if (w->is_crate && w->hash == 0 && (hit = only_hashed(o, w->name))) {
			w->version = hit->version;
			w->kind = hit->kind;
		}
	}
	o->labels = hone_xcalloc(o->v.n + 1, sizeof *o->labels);
	for (size_t i = 0; i < o->v.n; i++)
		o->labels[i] = few ? make_label(o, i) : o->v.v[i].name;
}

void hone_owners_release(struct hone_owners *o)
{
	hone_arena_release(&o->arena);
	hone_vec_release(&o->v);
	hone_vec_release(&o->facts);
	free(o->slots);
	free(o->labels);
}
