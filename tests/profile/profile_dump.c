/* Prints what hone takes to be the effective profile of every package of the project in the current
 * folder, as JSON, for the comparison with cargo in test_profile.py.
 *
 * usage: profile_dump PROFILE [--target TRIPLE] [-p PACKAGE] [--config TEXT]...
 * Prints {"error": TEXT} when hone refuses, in which case the exit code is 1. */
#include "jsonw.h"
#include "package_spec.h"
#include "proc.h"
#include "profile.h"

#include <stdio.h>
#include <string.h>

struct request {
	struct hone_cargo_opts opts;
	const char *profile;
	struct hone_toolchain *tc;
	struct hone_project *project;
	struct hone_profile_set *set;
};

static int dump_unit(struct request *r, const struct hone_package *package,
	enum hone_unit_class class, struct hone_jsonw *w, struct hone_err *err)
{
	struct hone_profile p;
	int code = hone_profile_compute(r->set, r->profile, package, class, &p, err);

	if (code)
		return code;
	hone_jsonw_object(w);
	for (size_t i = 0; i < p.n; i++) {
		const struct hone_profile_value *v = &p.values[i];
		hone_auto_free char *normal = hone_profile_normal(v->setting->id, v->value);
		hone_jsonw_kobject(w, v->setting->key);
		hone_jsonw_kstr(w, "normal", v->value ? normal : NULL);
		hone_jsonw_kstr(w, "value", v->value);
		hone_jsonw_kstr(w, "origin", hone_origin_name(v->origin));
		hone_jsonw_kstr(w, "where", v->where);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_profile_release(&p);
	return 0;
}

static int dump(struct request *r, struct hone_jsonw *w, struct hone_err *err)
{
	static const char *const classes[] = {"target", "host", "build"};
	struct hone_rustflags flags;
	int code = hone_profile_set_load(r->project, r->tc, &r->opts, &r->set, err);

	if (!code)
		code = hone_rustflags_find(r->set, &flags, err);
	if (code)
		return code;
	hone_jsonw_object(w);
	hone_jsonw_karray(w, "rustflags");
	for (size_t i = 0; i < flags.flags.n; i++)
		hone_jsonw_str(w, flags.flags.v[i]);
	hone_jsonw_end(w);
	hone_jsonw_kbool(w, "host_too", flags.host_too);
	hone_rustflags_release(&flags);
	hone_jsonw_karray(w, "packages");
	for (size_t i = 0; i < r->project->n_packages && !code; i++) {
		const struct hone_package *package = &r->project->packages[i];
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "id", package->id);
		for (size_t k = 0; k < HONE_COUNT(classes) && !code; k++) {
			hone_jsonw_key(w, classes[k]);
			code = dump_unit(r, package, (enum hone_unit_class)k, w, err);
		}
		if (!code)
			hone_jsonw_end(w);
	}
	if (!code) {
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	return code;
}

static int read_arguments(struct request *r, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		bool more = i + 1 < argc;
		if (more && !strcmp(argv[i], "--target"))
			r->opts.target = hone_xstrdup(argv[++i]);
		else if (more && !strcmp(argv[i], "-p"))
			r->opts.package = hone_xstrdup(argv[++i]);
		else if (more && !strcmp(argv[i], "--config"))
			hone_strv_push(&r->opts.config, argv[++i]);
		else if (!r->profile)
			r->profile = argv[i];
		else
			return -1;
	}
	return r->profile ? 0 : -1;
}

/* The member that -p means. Its libraries count as well: `cargo build` builds all targets, so that no
 * binary is chosen. */
static int select_package(struct request *r, struct hone_err *err)
{
	for (size_t i = 0; i < r->project->n_packages; i++) {
		const struct hone_package *p = &r->project->packages[i];
		bool meant = false;
		int code = p->member ? hone_spec_matches(r->opts.package, p, &meant, err) : 0;

		if (code)
			return code;
		if (meant)
			r->project->package = p;
	}
	return r->project->package
		       ? 0
		       : hone_err_set(err, HONE_E_USAGE, "no package `%s`", r->opts.package);
}

int main(int argc, char **argv)
{
	struct request r = {0};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_jsonw w;
	int code;

	if (read_arguments(&r, argc, argv)) {
		fprintf(stderr,
			"usage: profile_dump PROFILE [--target TRIPLE] [-p PACKAGE] [--config "
			"TEXT]...\n");
		return 2;
	}
	r.opts.offline = true;
	hone_jsonw_init(&w, &text, false);
	code = hone_signals_init(&err);
	if (!code)
		code = hone_toolchain_load(NULL, &r.tc, &err);
	if (!code)
		code = hone_project_load(&r.opts, r.tc, true, true, &r.project, &err);
	if (!code && r.opts.package)
		code = select_package(&r, &err);
	if (!code)
		code = dump(&r, &w, &err);
	if (code) {
		hone_buf_reset(&text);
		hone_jsonw_init(&w, &text, false);
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "error", err.msg);
		hone_jsonw_end(&w);
	}
	puts(hone_buf_str(&text));
	hone_profile_set_free(r.set);
	hone_project_free(r.project);
	hone_toolchain_free(r.tc);
	hone_cargo_opts_release(&r.opts);
	return code ? 1 : 0;
}
