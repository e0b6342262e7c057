#include "show.h"

#include <string.h>

/* The package that is meant, as far as cargo's rules tell without a binary: -p, the package of the
 * current folder or the root, the only one of the workspace. */
static int select_package(struct hone_cli *cli, struct hone_project *p, struct hone_err *err)
{
	const struct hone_cargo_opts *o = &cli->cargo;
	struct hone_err why = HONE_ERR_INIT;
	const struct hone_package *only = NULL;
	size_t n = 0;
	int error = hone_project_select(p, o, &why);

	if (!error)
		return 0;
	/* A library, or a choice between binaries of one package: the profile is the package's. */
	if (o->bin.n || o->example || o->lib || o->crate_type || error == HONE_E_INTERRUPTED)
		return hone_err_move(err, &why);
	for (size_t i = 0; i < p->n_packages; i++) {
		bool meant = p->packages[i].default_member;
		if (o->package) {
			meant = false;
			if (p->packages[i].member &&
				hone_spec_matches(o->package, &p->packages[i], &meant, NULL))
				meant = false;
		}
		if (!meant)
			continue;
		only = &p->packages[i];
		n++;
	}
	if (o->package && n != 1)
		return hone_err_move(err, &why);
	hone_err_release(&why);
	p->package = n == 1 ? only : NULL;
	return 0;
}

static const char *keep(struct hone_show *s, const char *text)
{
	return text ? hone_arena_strdup(&s->arena, text) : NULL;
}

/* What an unset key comes to, for people. */
static const char *meaning(const struct hone_profile *p, const struct hone_profile_value *v)
{
	const struct hone_profile_value *incremental = hone_profile_get(p, HONE_SET_INCREMENTAL);

	if (v->setting->id != HONE_SET_CODEGEN_UNITS)
		return NULL;
	return incremental && incremental->value && !strcmp(incremental->value, "true") ? "256"
											: "16";
}

static void add_row(struct hone_show *s, const struct hone_profile *p,
	const struct hone_profile_value *v, const char *unit, const char *package)
{
	hone_vec_push(&s->settings.rows, (struct hone_result_setting){
						 .unit = keep(s, unit),
						 .package = keep(s, package),
						 .key = v->setting->key,
						 .value = keep(s, v->value),
						 .meaning = v->value ? NULL : meaning(p, v),
						 .origin = v->origin,
						 .where = keep(s, v->where),
					 });
}

static bool same(const struct hone_profile_value *a, const struct hone_profile_value *b)
{
	hone_auto_free char *na = hone_profile_normal(a->setting->id, a->value);
	hone_auto_free char *nb = hone_profile_normal(b->setting->id, b->value);

	return !strcmp(na, nb);
}

/* Rows for what another unit has otherwise. by_hand: only what somebody wrote, no defaults. */
static int add_differences(struct hone_show *s, const struct hone_package *package,
	enum hone_unit_class class, const char *unit, bool by_hand, struct hone_err *err)
{
	struct hone_profile p;
	int error = hone_profile_compute(
		s->session.profiles, s->settings.profile, package, class, &p, err);

	if (error)
		return error;
	if (class == HONE_UNIT_TARGET || s->settings.flags.host_too)
		hone_profile_apply_rustflags(&p, &s->settings.flags);
	for (size_t i = 0; i < p.n; i++) {
		const struct hone_profile_value *v = &p.values[i];
		if (same(v, &s->effective.values[i]) ||
			(by_hand && v->origin == HONE_ORIGIN_DEFAULT))
			continue;
		add_row(s, &p, v, unit, package && by_hand ? package->id : NULL);
	}
	hone_profile_release(&p);
	return 0;
}

static int add_rows(struct hone_show *s, struct hone_err *err)
{
	const struct hone_project *project = s->session.project;
	int error = 0;

	for (size_t i = 0; i < s->effective.n; i++) {
		const struct hone_profile_value *v = &s->effective.values[i];
		/* What only a nightly has is worth a row when somebody wrote it. */
		if (v->value || !(v->setting->nightly || v->setting->id == HONE_SET_INHERITS))
			add_row(s, &s->effective, v, NULL, NULL);
	}
	for (size_t i = 0; i < project->n_packages && !error; i++) {
		const struct hone_package *p = &project->packages[i];
		hone_auto_strv struct hone_strv specs = HONE_STRV_INIT;
		hone_auto_free char *name = hone_xasprintf("%s %s", p->name, p->version);

		if (p == s->settings.package)
			continue;
		error = hone_profile_package_specs(
			s->session.profiles, s->settings.profile, p, &specs, err);
		/* package."*" alone is shown once, below. */
		if (!error && specs.n && strcmp(specs.v[0], "*") != 0)
			error = add_differences(s, p, HONE_UNIT_TARGET, name, true, err);
	}
	for (size_t i = 0; i < project->n_packages && !error; i++) {
		const struct hone_package *p = &project->packages[i];
		hone_auto_strv struct hone_strv specs = HONE_STRV_INIT;

		error = hone_profile_package_specs(
			s->session.profiles, s->settings.profile, p, &specs, err);
		if (error || !specs.n || specs.n > 1 || strcmp(specs.v[0], "*") != 0)
			continue;
		size_t before = s->settings.rows.n;
		error = add_differences(s, p, HONE_UNIT_TARGET, "dependencies", true, err);
		for (size_t k = before; k < s->settings.rows.n; k++)
			s->settings.rows.v[k].package = NULL;
		break;
	}
	if (!error)
		error = add_differences(
			s, NULL, HONE_UNIT_BUILD_SCRIPT, "build scripts, macros", false, err);
	return error;
}

/* What they tell to type works where the user stands. */
static void fill_remedies(const struct hone_cli *cli, struct hone_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		char *text = problems->v[i].remedy;

		problems->v[i].remedy = text ? hone_cli_remedy(cli, text) : NULL;
		free(text);
	}
	for (size_t i = 0; i < problems->limits.n; i++) {
		char *text = problems->limits.v[i].remedy;

		problems->limits.v[i].remedy = text ? hone_cli_remedy(cli, text) : NULL;
		free(text);
	}
}

/* What only the command line knows: which program, and what to type. */
static void fill_facts(const struct hone_cli *cli, struct hone_show *s)
{
	static const char *const fix[] = {"--fix", NULL};
	hone_auto_free char *command = hone_cli_command(cli, "show", fix);

	s->settings.root = s->session.project->workspace_root;
	s->settings.target = s->session.project->target;
	s->settings.fix = keep(s, command);
	s->settings.all = cli->verbose > 0;
}

int hone_show_load(
	struct hone_cli *cli, bool deep, unsigned want, struct hone_show *ret, struct hone_err *err)
{
	struct hone_show s = {.session = HONE_SESSION_INIT};
	int error = hone_session_open(&cli->cargo, &cli->events,
		HONE_SESSION_GRAPH | HONE_SESSION_NO_BIN | want, &s.session, err);

	s.settings.profile = cli->cargo.profile ? cli->cargo.profile : "release";
	if (!error)
		error = select_package(cli, s.session.project, err);
	if (!error)
		error = hone_profile_set_follow_package(s.session.profiles, err);
	if (!error) {
		s.settings.package = s.session.project->package;
		error = hone_profile_compute(s.session.profiles, s.settings.profile,
			s.settings.package, HONE_UNIT_TARGET, &s.effective, err);
	}
	if (!error)
		error = hone_rustflags_find(s.session.profiles, &s.settings.flags, err);
	if (!error) {
		hone_profile_apply_rustflags(&s.effective, &s.settings.flags);
		error = add_rows(&s, err);
	}
	if (!error) {
		const struct hone_problem_input in = {.project = s.session.project,
			.toolchain = s.session.toolchain,
			.profiles = s.session.profiles,
			.profile = s.settings.profile,
			.deep = deep};
		error = hone_problems_find(&in, &s.settings.problems, err);
	}
	if (!error) {
		fill_remedies(cli, &s.settings.problems);
		fill_facts(cli, &s);
	}
	if (error)
		hone_show_release(&s);
	else
		*ret = s;
	return error;
}

void hone_show_release(struct hone_show *s)
{
	hone_problems_release(&s->settings.problems);
	hone_profile_release(&s->effective);
	hone_rustflags_release(&s->settings.flags);
	hone_vec_release(&s->settings.rows);
	hone_arena_release(&s->arena);
	hone_session_close(&s->session);
}
