/* A command that speaks for the result without running its file, as `cargo test` does: what of the result cargo takes from
 * variables is in force while it runs. */
#include "tune.h"

#include "num.h"
#include "proc.h"
#include "rules.h"
#include "text.h"

#include <ctype.h>
#include <string.h>

/* Lines of the command's words that are shown where it fails. */
#define FIRST 6
#define LAST 14

bool hone_tune_verifies_alone(const struct hone_strv *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (strstr(words->v[i], "{bin}"))
			return false;
	return words->n > 0;
}

/* "CARGO_PROFILE_RELEASE_OPT_LEVEL=z". */
static void add_key(
	struct hone_strv *env, const char *profile, const struct hone_setting *s, const char *toml)
{
	struct hone_view value = hone_view_of(toml);
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	if (value.n > 1 && value.p[0] == '"')
		value = hone_view_sub(value, 1, value.n - 1);
	hone_buf_addf(&b, "CARGO_PROFILE_%s_%s", profile, s->key);
	for (char *at = b.p; *at; at++)
		*at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
	hone_buf_addf(&b, "=%.*s", (int)value.n, value.p);
	hone_strv_push(env, hone_buf_str(&b));
}

/* Tests are compiled in the profile that the user's command names, or in cargo's own for tests. */
static void add_keys(
	const struct hone_session *s, const struct hone_plan *plan, struct hone_strv *env)
{
	const char *const profiles[] = {s->env.profile, "dev", "test"};

	for (size_t i = 0; i < plan->n_keys; i++)
		for (size_t k = 0; k < HONE_COUNT(profiles); k++)
			if (!plan->keys[i].package &&
				plan->keys[i].setting->scope == HONE_SCOPE_PROFILE)
				add_key(env, profiles[k], plan->keys[i].setting,
					plan->keys[i].value);
}

int hone_tune_verify(const struct hone_session *s, const struct hone_trial *trial,
	const struct hone_strv *words, struct hone_err *err)
{
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	hone_auto_free char *command = hone_text_command(hone_strv_argv(words));
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = hone_strv_argv(words),
		.dir = s->project->package->dir,
		.deadline_ns = HONE_RULE_VERIFY_LONGEST_S * HONE_NS_PER_S};
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	hone_auto_free char *how = NULL;
	int error;

	add_keys(s, trial->plan, &env);
	hone_strv_pushf(&env, "HONE_BIN=%s", trial->artifact->path);
	spec.env = hone_strv_argv(&env);
	hone_events_status(s->events, "Verifying", "%s by %s", trial->candidate->name, command);
	error = hone_proc_run(&spec, &r, err);
	if (error || hone_proc_succeeded(&r))
		return error;
	how = hone_proc_how_ended(&r);
	hone_text_excerpt(&said, hone_buf_view(r.err.n ? &r.err : &r.out), FIRST, LAST);
	return hone_err_set(err, HONE_E_FAILED,
		"%s is out: --verify %s failed with its settings: %s: %s", trial->candidate->name,
		command, how, hone_buf_str(&said));
}
