/* One side of a check: builds the program and tells everything about it. */
#include "check.h"

#include "labels.h"
#include "size_packages.h"
#include "training.h"
#include "twin.h"

#include <string.h>

static const char *keep(struct hone_check_side *s, const char *text)
{
	return hone_arena_strdup(&s->arena, text ? text : "");
}

/* Another version of a crate is the same owner. */
static int fill_rows(struct hone_check_side *s, struct hone_size *model, struct hone_err *err)
{
	hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;
	int error = hone_size_table(model, HONE_SIZE_BY_OWNED, false, &t, err);

	if (error)
		return error;
	s->named = hone_size_has_symbols(model);
	s->rows = hone_arena_alloc(&s->arena, hone_size_mul(t.n + 1, sizeof(*s->rows)));
	for (size_t i = 0; i < t.n; i++) {
		const struct hone_size_row *r = &t.rows[i];
		const char *tab = strchr(r->name, '\t');
		hone_auto_free char *label =
			hone_xstrndup(r->name, tab ? (size_t)(tab - r->name) : strlen(r->name));

		if (!r->size)
			continue;
		s->rows[s->n_rows++] = (struct hone_check_row){
			.owner = hone_arena_dup(&s->arena, hone_size_crate(label)),
			.name = keep(s, tab ? tab + 1 : ""),
			.kind = r->kind,
			.size = r->size,
			.items = r->items};
	}
	return 0;
}

static const char *join(struct hone_check_side *s, const struct hone_strv *words)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < words->n; i++)
		hone_buf_addf(&b, "%s%s", i ? ", " : "", words->v[i]);
	return keep(s, hone_buf_str(&b));
}

static const char *way_to(struct hone_check_side *s, const struct hone_project *p,
	const size_t *from, size_t root, size_t at)
{
	hone_auto_free char *way = hone_xstrdup(p->packages[at].name);

	while (at != root) {
		char *longer;

		at = from[at];
		longer = hone_xasprintf("%s > %s", p->packages[at].name, way);
		free(way);
		way = longer;
	}
	return keep(s, way);
}

/* What the program depends on, build scripts and macros included, breadth first: the first way to a package is the
 * shortest. */
static void fill_deps(struct hone_check_side *s, const struct hone_project *p)
{
	size_t root = (size_t)(p->package - p->packages), n = 0;
	hone_auto_free size_t *queue = hone_xcalloc(p->n_packages + 1, sizeof(*queue));
	hone_auto_free size_t *from = hone_xcalloc(p->n_packages + 1, sizeof(*from));
	hone_auto_free bool *seen = hone_xcalloc(p->n_packages + 1, sizeof(*seen));

	queue[n++] = root;
	seen[root] = true;
	for (size_t i = 0; i < n; i++) {
		const struct hone_package *package = &p->packages[queue[i]];

		for (size_t k = 0; k < package->n_deps; k++) {
			size_t to = package->deps[k];

			if (seen[to] ||
				!(package->dep_kinds[k] & (HONE_DEP_NORMAL | HONE_DEP_BUILD)))
				continue;
			seen[to] = true;
			from[to] = queue[i];
			queue[n++] = to;
		}
	}
	s->figures[HONE_CHECK_CRATES] = n;
	s->deps = hone_arena_alloc(&s->arena, hone_size_mul(n, sizeof(*s->deps)));
	for (size_t i = 1; i < n; i++) {
		const struct hone_package *package = &p->packages[queue[i]];

		s->deps[s->n_deps++] =
			(struct hone_check_dep){keep(s, package->name), keep(s, package->version),
				join(s, &package->features), way_to(s, p, from, root, queue[i])};
	}
}

static int fill_settings(
	const struct hone_session *session, struct hone_check_side *s, struct hone_err *err)
{
	struct hone_profile p = {0};
	struct hone_rustflags flags = {0};
	int error = hone_profile_compute(session->profiles, session->env.profile,
		session->project->package, HONE_UNIT_TARGET, &p, err);

	if (!error)
		error = hone_rustflags_find(session->profiles, &flags, err);
	s->settings = hone_arena_alloc(&s->arena, hone_size_mul(p.n + 1, sizeof(*s->settings)));
	for (size_t i = 0; !error && i < p.n; i++)
		s->settings[s->n_settings++] = (struct hone_check_setting){
			p.values[i].setting->key, keep(s, p.values[i].value)};
	if (!error)
		s->settings[s->n_settings++] =
			(struct hone_check_setting){"rustflags", join(s, &flags.flags)};
	hone_rustflags_release(&flags);
	hone_profile_release(&p);
	return error;
}

static void fill_artifact(struct hone_check_side *s, const struct hone_artifact *a)
{
	char hash[HONE_HASH_TEXT];

	s->hash = keep(s, hone_hash_text(hash, a->hash));
	s->min_glibc = keep(s, a->elf.min_glibc);
	s->binary = keep(s, a->path);
	s->figures[HONE_CHECK_SIZE] = a->size;
	s->figures[HONE_CHECK_STRIPPED] = a->stripped_size;
	s->figures[HONE_CHECK_GZIP] = a->packed.gzip;
	s->figures[HONE_CHECK_ZSTD] = a->packed.zstd;
	s->figures[HONE_CHECK_BROTLI] = a->packed.brotli;
	s->figures[HONE_CHECK_FLASH] = a->bare ? a->flash : 0;
	s->figures[HONE_CHECK_RAM] = a->bare ? a->ram : 0;
}

static int read_rows(const struct hone_session *session, const struct hone_artifact *a,
	const char *twin, struct hone_check_side *s, struct hone_err *err)
{
	struct hone_size_packages packages = {0};
	struct hone_size_opts opts = {0};
	struct hone_size *model = NULL;
	int error;

	hone_size_packages_of(session->project, &packages);
	opts = (struct hone_size_opts){.twin = twin && strcmp(twin, a->path) != 0 ? twin : NULL,
		.packages = packages.v.v,
		.n_packages = packages.v.n};
	error = hone_size_open(a->path, &opts, &model, opts.twin ? NULL : err);
	if (error && opts.twin) {
		opts.twin = NULL;
		error = hone_size_open(a->path, &opts, &model, err);
	}
	if (!error)
		error = fill_rows(s, model, err);
	hone_size_free(model);
	hone_size_packages_release(&packages);
	return error;
}

int hone_check_side_build(
	struct hone_session *session, struct hone_check_side *s, struct hone_err *err)
{
	static const struct hone_strv no_training = HONE_STRV_INIT;
	const char *name = "baseline";
	struct hone_candidates list = {0};
	const struct hone_plan *plan = NULL;
	struct hone_artifact *a = NULL;
	hone_auto_free char *twin = NULL;
	struct hone_build_watch watch;
	int error = hone_session_candidates(&name, 1, false, 0, NULL, &list, err);

	if (!error)
		error = hone_session_plan(session, list.v[0], &plan, err);
	if (!error)
		error = hone_train_with_options(session, &plan, &no_training, err);
	if (!error) {
		watch = hone_events_building(session->events, s->what, 1, 1);
		error = hone_twin_build(plan, &session->env, &session->dir, &watch, &a, &twin, err);
		hone_events_settled(session->events);
	}
	if (!error)
		hone_events_built(session->events, a);
	if (!error)
		error = hone_artifact_finish(a, err);
	if (!error) {
		s->rustc = keep(s, session->toolchain->rustc_verbose);
		s->target = keep(s, hone_session_triple(session));
		s->profile = keep(s, session->env.profile);
		s->package = keep(s, session->project->package->name);
		s->bin = keep(s, session->project->target->name);
		s->labels = hone_labels_of_project(session);
		fill_artifact(s, a);
		fill_deps(s, session->project);
		error = fill_settings(session, s, err);
	}
	if (!error)
		error = read_rows(session, a, twin, s, err);
	hone_check_side_sort(s);
	hone_artifact_free(a);
	hone_plan_free(plan);
	hone_candidates_release(&list);
	return error;
}
