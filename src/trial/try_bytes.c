/* Whose bytes the files of a try consist of, and what of the device's memory they take. */
#include "try.h"

#include "bindgen.h"
#include "regions_find.h"
#include "tools.h"
#include "wasm_pack.h"

#include <string.h>

/* Flash by crate, as a table of sizes. */
static struct hone_size_table of_flash(struct hone_memory *m)
{
	struct hone_size_table t = {.size = m->flash, .by = HONE_SIZE_BY_CRATE};

	t.rows = hone_xcalloc(m->n + 1, sizeof(*t.rows));
	for (size_t i = 0; i < m->n; i++)
		if (m->rows[i].flash)
			t.rows[t.n++] = (struct hone_size_row){.name = HONE_TAKE(m->rows[i].name),
				.kind = m->rows[i].kind,
				.size = m->rows[i].flash};
	return t;
}

void hone_try_read_bytes(struct hone_try *t, struct hone_trial *trial, const char *twin)
{
	const struct hone_artifact *a = trial->artifact;
	struct hone_size_opts opts = {.packages = t->packages.v.v, .n_packages = t->packages.v.n};
	struct hone_size *model = NULL;
	struct hone_memory *m = &trial->memory;

	if (!a->is_elf)
		return;
	if (twin && strcmp(twin, a->path) != 0)
		opts.twin = twin;
	/* Names that do not fit any more are as good as none. */
	if (hone_size_open(a->path, &opts, &model, NULL)) {
		opts.twin = NULL;
		if (hone_size_open(a->path, &opts, &model, NULL))
			return;
	}
	if (a->bare &&
		hone_size_memory(model, HONE_SIZE_BY_CRATE, t->regions.n ? &t->regions : NULL, m,
			NULL) == 0 &&
		hone_size_has_symbols(model))
		trial->bytes = of_flash(m);
	else if (!a->bare && hone_size_has_symbols(model))
		(void)hone_size_table(model, HONE_SIZE_BY_CRATE, false, &trial->bytes, NULL);
	hone_size_free(model);
}

void hone_try_check_regions(struct hone_try *t)
{
	struct hone_memory *m = &t->trials[0].memory;

	for (size_t i = 0; i < m->n_regions; i++)
		if (m->regions[i].used)
			return;
	if (!m->n_regions)
		return;
	hone_events_note(t->session->events,
		"nothing of the program lies in the memory regions of the linker script that was "
		"found: they are of another device, and left out");
	hone_regions_release(&t->regions);
	for (size_t i = 0; i < m->n_regions; i++)
		free(m->regions[i].name);
	free(HONE_TAKE(m->regions));
	m->n_regions = 0;
}

/* A script that cannot be read costs the capacities, not the try. */
void hone_try_find_regions(struct hone_try *t)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *path = hone_regions_find(t->session->project);

	if (path && hone_regions_read(path, &t->regions, &err))
		hone_events_warn(t->session->events, "%s", err.msg);
}

bool hone_try_is_bare(const struct hone_try *t)
{
	return t->trials[0].artifact && t->trials[0].artifact->bare;
}

static void say_brotli(const struct hone_try *t)
{
	const struct hone_artifact *a = NULL;

	for (size_t i = 0; i < t->n && !a; i++)
		if (t->trials[i].artifact && !t->trials[i].artifact->packed.brotli)
			a = t->trials[i].artifact;
	if (a && a->elf.format == HONE_OBJECT_WASM)
		hone_compress_say_missing(t->session->events);
}

/* A module for wasm-bindgen is not yet what a page gets. */
static void say_bindgen(const struct hone_try *t)
{
	const char *version = hone_plan_bindgen(&t->session->env);
	hone_auto_free char *here = NULL, *install = NULL;

	if (!version || t->session->project->n_others || !t->trials[0].artifact ||
		t->trials[0].artifact->bound_size)
		return;
	here = hone_bindgen_here();
	install = hone_bindgen_install(version);
	hone_events_note(t->session->events,
		"these are sizes before wasm-bindgen, which takes a part away: %s%s, and the "
		"module needs %s: %s",
		here ? "the one on the path is " : "there is none on the path", here ? here : "",
		version, install);
}

void hone_try_say_missing(const struct hone_try *t)
{
	say_brotli(t);
	say_bindgen(t);
}
