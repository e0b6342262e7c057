#include "session.h"

#include "fs.h"
#include "inputs.h"
#include "store_held.h"
#include "toml_doc.h"
#include "turn.h"
#include "workload_file.h"

#include <string.h>
#include <unistd.h>

/* The defaults of options were taken before it was known which package is meant: from where the user stands upwards. Those
 * beside the package that was chosen from elsewhere do not count, which has to be said. */
static void warn_of_defaults(const struct hone_session *s, const struct hone_cargo_opts *opts)
{
	const struct hone_package *p = s->project->package;
	hone_auto_free char *start = opts->manifest_path ? NULL : getcwd(NULL, 0);
	hone_auto_free char *path = p ? hone_path_join(p->dir, HONE_WORKLOAD_FILE) : NULL;
	struct hone_toml *doc = NULL;

	if (opts->manifest_path) {
		hone_auto_free char *folder = hone_path_dir(opts->manifest_path);

		(void)hone_path_real(folder, &start, NULL);
	}
	if (!path || !start || hone_path_is_within(start, p->dir) || !hone_fs_exists(path) ||
		hone_toml_read(path, HONE_TOML_1_0, &doc, NULL, NULL))
		return;
	if (hone_toml_get(hone_toml_root(doc), HONE_DEFAULTS_TABLE))
		hone_events_warn(s->events,
			"[%s] of %s does not count from here: it does in that folder, or with "
			"--manifest-path",
			HONE_DEFAULTS_TABLE, path);
	hone_toml_free(doc);
}

/* Files of the user's that are read below do not change any more: see turn.h. */
static int take_turn(struct hone_session *s, unsigned want, struct hone_err *err)
{
	const char *root = s->project->workspace_root;
	unsigned how = want & HONE_SESSION_NO_WAIT ? HONE_TURN_NO_WAIT : 0;

	if (!(want & (HONE_SESSION_BUILD | HONE_SESSION_WRITE)))
		return 0;
	if (!(want & HONE_SESSION_WRITE))
		how |= HONE_TURN_SHARED;
	return hone_turn_take(s->events, root, root, how, &s->turn_fd, err);
}

static int too_many(const struct hone_project *p, struct hone_err *err)
{
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;

	for (size_t i = 0; i < p->n_others; i++)
		hone_buf_addf(&names, ", %s", p->others[i].target->name);
	hone_err_set(err, HONE_E_USAGE, "this command takes one target, and %zu are chosen: %s%s",
		p->n_others + 1, p->target->name, hone_buf_str(&names));
	return hone_err_hint(
		err, "choose one, with --bin or --package; `cargo hone try` takes several");
}

int hone_session_open(const struct hone_cargo_opts *opts, const struct hone_events *events,
	unsigned want, struct hone_session *ret, struct hone_err *err)
{
	bool builds = want & HONE_SESSION_BUILD;
	struct hone_session s = {.dir = {.lock_fd = -1},
		.events = events,
		.results = hone_store_held_new(),
		.turn_fd = -1};
	int error = hone_toolchain_load(NULL, &s.toolchain, err);

	if (!error)
		error = hone_project_load(
			opts, s.toolchain, want & HONE_SESSION_GRAPH, builds, &s.project, err);
	if (!error && !(want & HONE_SESSION_NO_BIN))
		error = hone_project_select(s.project, opts, err);
	if (!error && s.project->n_others && !(want & HONE_SESSION_SEVERAL))
		error = too_many(s.project, err);
	if (!error)
		error = take_turn(&s, want, err);
	if (!error)
		error = hone_profile_set_load(s.project, s.toolchain, opts, &s.profiles, err);
	if (!error && !(want & HONE_SESSION_NO_BIN))
		error = hone_profile_set_one_target(s.profiles, err);
	if (!error) {
		hone_workdir_init(&s.dir, s.project->target_dir);
		s.dir.events = events;
		s.dir.no_wait = want & HONE_SESSION_NO_WAIT;
	}
	if (!error && builds)
		error = hone_workdir_open(&s.dir, err);
	if (error) {
		hone_session_close(&s);
		return error;
	}
	s.env = (struct hone_build_env){.project = s.project,
		.toolchain = s.toolchain,
		.opts = opts,
		.profiles = s.profiles,
		.profile = opts->profile ? opts->profile : "release",
		.asks = want & (HONE_SESSION_BUILD | HONE_SESSION_WRITE)};
	s.env.layers = s.env.profile;
	warn_of_defaults(&s, opts);
	*ret = s;
	if (builds)
		hone_session_hold_inputs(ret);
	return 0;
}

void hone_session_profiles_in(struct hone_session *s, const char *folder)
{
	free(s->dir.profile_files);
	s->dir.profile_files = hone_path_absolute(folder);
	hone_inputs_leave_out(s->dir.inputs, s->dir.profile_files);
}

void hone_session_hold_inputs(struct hone_session *s)
{
	hone_inputs_free(s->dir.inputs);
	s->dir.inputs = hone_inputs_new(&s->env, s->dir.root);
}

void hone_session_close(struct hone_session *s)
{
	hone_store_held_close(s->results);
	hone_inputs_free(HONE_TAKE(s->dir.inputs));
	hone_workdir_close(&s->dir);
	hone_profile_set_free(s->profiles);
	hone_project_free(s->project);
	hone_toolchain_free(s->toolchain);
	hone_close_p(&s->turn_fd);
	*s = (struct hone_session){.dir = {.lock_fd = -1}, .turn_fd = -1};
}

const char *hone_session_triple(const struct hone_session *s)
{
	const char *target = hone_profile_set_target(s->profiles);

	return target ? target : s->toolchain->host;
}

int hone_session_plan(const struct hone_session *s, const struct hone_candidate *c,
	const struct hone_plan **ret_plan, struct hone_err *err)
{
	int error = hone_plan_make(&s->env, c, ret_plan, err);

	for (size_t i = 0; !error && i < (*ret_plan)->notes.n; i++)
		hone_events_note(s->events, "%s: %s", c->name, (*ret_plan)->notes.v[i]);
	return error;
}

size_t hone_session_overriders(
	const struct hone_session *s, const struct hone_plan *plan, bool warn, char **ret_first)
{
	size_t found = 0;

	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct hone_assign *key = &plan->keys[i];
		const struct hone_profile_value *winner = hone_profile_overrider(
			s->profiles, s->env.layers, key->package, key->setting->id);
		hone_auto_free char *name = hone_assign_key(key);
		hone_auto_free char *text = NULL;

		if (!winner || (winner->value && strcmp(winner->value, key->value) == 0))
			continue;
		text = hone_xasprintf("%s = %s in Cargo.toml would not count: %s says %s", name,
			key->value,
			winner->where ? winner->where : hone_origin_name(winner->origin),
			winner->value ? winner->value : "otherwise");
		if (warn)
			hone_events_warn(s->events, "%s", text);
		if (!found++ && ret_first)
			*ret_first = HONE_TAKE(text);
	}
	return found;
}
