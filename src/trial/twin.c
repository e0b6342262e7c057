#include "twin.h"

#include "artifact_kind.h"
#include "fs.h"
#include "kept_links.h"
#include "link_replay.h"
#include "machine.h"
#include "plan_impl.h"
#include "size.h"

#include <string.h>

/* ---- what tells that a twin is this artifact's, and was made here: a file beside it, with the artifact's hash and a signature
 * of both */

#define SEAL_LIMIT 256

static char *seal_path(const char *twin)
{
	return hone_xasprintf("%s.seal", twin);
}

/* ARTIFACT-HASH SIGNATURE */
static int seal_text(const char *twin, const char *artifact, char **ret, struct hone_err *err)
{
	char text[HONE_HASH_TEXT], here[HONE_HASH_TEXT];
	hone_auto_free char *what = NULL;
	struct hone_hash hash;
	int error = hone_hash_file(twin, &hash, err);

	if (error)
		return error;
	what = hone_xasprintf("twin %s of %s", hone_hash_text(text, hash), artifact);
	hone_machine_sign(hone_view_of(what), here);
	*ret = hone_xasprintf("%s %s\n", artifact, here);
	return 0;
}

int hone_twin_seal(const char *twin, struct hone_hash artifact, struct hone_err *err)
{
	hone_auto_free char *path = seal_path(twin);
	hone_auto_free char *text = NULL;
	char hash[HONE_HASH_TEXT];
	int error = seal_text(twin, hone_hash_text(hash, artifact), &text, err);

	return error ? error : hone_fs_write_cache(path, hone_view_of(text), 0666, err);
}

/* Is there a twin with its seal whole? Of which artifact goes to ret. */
static bool is_sealed(const char *twin, char ret[HONE_HASH_TEXT])
{
	hone_auto_free char *path = seal_path(twin);
	hone_auto_buf struct hone_buf found = HONE_BUF_INIT;
	hone_auto_free char *text = NULL;

	if (hone_fs_read(path, SEAL_LIMIT, &found, NULL, NULL) || found.n < HONE_HASH_TEXT)
		return false;
	memcpy(ret, found.p, HONE_HASH_TEXT - 1);
	ret[HONE_HASH_TEXT - 1] = '\0';
	return seal_text(twin, ret, &text, NULL) == 0 && hone_view_is(hone_buf_view(&found), text);
}

bool hone_twin_is_of(const char *twin, const struct hone_artifact *a)
{
	char of[HONE_HASH_TEXT], own[HONE_HASH_TEXT];

	return is_sealed(twin, of) && strcmp(of, hone_hash_text(own, a->hash)) == 0;
}

/* The captured link, done again without the flags that strip. It is the twin of what cargo had linked if it has the same
 * code at the same addresses; that the link would give the very same bytes with those flags need not be tried, which
 * took as long again. */
static int twin_of_link(
	const char *link_dir, const struct hone_artifact *a, const char *twin, struct hone_err *err)
{
	const struct hone_size_opts opts = {.twin = twin, .headers_only = true};
	struct hone_size *model = NULL;
	int error = hone_link_replay(link_dir, twin, hone_link_strip_args, NULL, NULL, err);

	if (error)
		return error;
	error = hone_size_open(a->built_at, &opts, &model, err);
	hone_size_free(model);
	if (error == HONE_E_CONFLICT)
		error = hone_err_set(err, HONE_E_FAILED,
			"the link of %s, done again, gives other code: it has inputs that hone "
			"did not see",
			a->built_at);
	return error ? error : hone_twin_seal(twin, a->hash, err);
}

int hone_twin_make(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *link_dir = hone_xasprintf("%s/%s/link", dir->artifacts, plan->key);
	hone_auto_free char *path = NULL;
	struct hone_artifact *a = NULL;
	int error = hone_artifact_build(plan, env, dir, link_dir, watch, &a, err);

	if (error)
		return error;
	path = hone_xasprintf("%s.unstripped", a->path);
	error = twin_of_link(link_dir, a, path, err);
	/* The copies of all inputs are large; the twin is what was wanted of them. */
	if (!error)
		error = hone_fs_remove_tree(link_dir, err);
	if (error) {
		hone_artifact_free(a);
		return error;
	}
	*ret_artifact = a;
	*ret_path = HONE_TAKE(path);
	return 0;
}

/* A twin of the link that was just captured; the captured files are removed, unless other programs are linked from
 * them (try_beside.c). */
static bool twin_of_capture(
	const char *link_dir, const struct hone_artifact *a, const char *twin, bool stays)
{
	bool made = twin_of_link(link_dir, a, twin, NULL) == 0;

	if (!stays)
		(void)hone_fs_remove_tree(link_dir, NULL);
	return made;
}

/* The file with the names of an artifact that was just built, or NULL. The caller frees. */
static char *find_names(
	const struct hone_artifact *a, bool strips, const char *link_dir, bool stays)
{
	hone_auto_free char *twin = hone_xasprintf("%s.unstripped", a->path);

	if (!a->is_elf)
		return NULL;
	if (a->elf.has_symtab)
		return hone_xstrdup(a->path);
	if (!strips)
		return hone_xstrdup(a->built_at); /* what hone's own strip was given */
	if (hone_fs_is_dir(link_dir) && !twin_of_capture(link_dir, a, twin, stays))
		(void)hone_fs_remove(twin, NULL);
	return hone_twin_is_of(twin, a) ? HONE_TAKE(twin) : NULL;
}

/* How the link of a plan is captured on the way to its artifact. */
struct capture {
	char *folder, *twin;
	bool strips;
	struct hone_build_watch watch;
};

static void capture_release(struct capture *c)
{
	free(c->folder);
	free(c->twin);
}

static void capture_init(struct capture *c, const struct hone_plan *plan,
	const struct hone_build_env *env, const struct hone_workdir *dir,
	const struct hone_build_watch *watch)
{
	struct hone_platform platform = hone_platform_of(hone_plan_triple(env), NULL);
	hone_auto_free char *path = hone_artifact_path(plan, env, dir);
	bool is_linked =
		hone_artifact_kind_is_linked(hone_artifact_kind_of(env->project->made, &platform));
	char of[HONE_HASH_TEXT];

	*c = (struct capture){.folder = hone_kept_links_folder(dir, plan->key),
		.twin = hone_xasprintf("%s.unstripped", path),
		.strips = is_linked && hone_plan_strips_symbols(plan, env)};
	if (watch)
		c->watch = *watch;
	c->watch.spare_fresh =
		c->strips ? !plan->levels || is_sealed(c->twin, of) : c->watch.spare_fresh;
}

int hone_twin_build(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, char **ret_path, struct hone_err *err)
{
	struct hone_artifact *a = NULL;
	struct capture c;
	int error;

	capture_init(&c, plan, env, dir, watch);
	error = hone_artifact_build(plan, env, dir, c.strips ? c.folder : NULL, &c.watch, &a, err);
	if (!error) {
		*ret_path = find_names(a, c.strips, c.folder, dir->ahead != NULL);
		if (*ret_path)
			error = hone_profile_use_read(
				plan, plan->bolt.profile ? a->built_at : *ret_path, &a->used, err);
		/* These make other code than was linked, which no twin has. */
		if ((plan->wasm_opt || plan->bolt.profile) && !a->elf.has_symtab)
			free(HONE_TAKE(*ret_path));
		if (error) {
			free(HONE_TAKE(*ret_path));
			hone_artifact_free(a);
		}
	}
	capture_release(&c);
	if (!error)
		*ret_artifact = a;
	return error;
}

int hone_twin_ahead(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch, struct hone_err *err)
{
	struct hone_cargo_run run = {0};
	struct capture c;
	int error;

	capture_init(&c, plan, env, dir, watch);
	error = hone_cargo_run_plan(
		plan, env, dir, c.strips ? c.folder : NULL, &c.watch, &run, err);
	hone_cargo_run_release(&run);
	capture_release(&c);
	return error;
}

int hone_build_checked(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, struct hone_err *err)
{
	hone_auto_free char *names = NULL;

	return plan->levels ? hone_twin_build(plan, env, dir, watch, ret_artifact, &names, err)
			    : hone_artifact_build(plan, env, dir, NULL, watch, ret_artifact, err);
}
