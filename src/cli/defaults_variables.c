/* Defaults of options from CARGO_HONE_* variables. */
#include "defaults_impl.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "CARGO_HONE_"

static void add_upper(struct hone_buf *to, const char *name)
{
	for (const char *p = name; *p; p++) {
		if (*p >= 'a' && *p <= 'z')
			hone_buf_addc(to, (char)(*p - 'a' + 'A'));
		else
			hone_buf_addc(to, *p == '-' ? '_' : *p);
	}
}

/* CARGO_HONE_MAX_DISK, CARGO_HONE_TRY_MAX_DISK; command "": for all. The caller frees. */
static char *variable_name(const char *command, const char *option)
{
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;

	hone_buf_adds(&name, PREFIX);
	add_upper(&name, command);
	if (*command)
		hone_buf_addc(&name, '_');
	add_upper(&name, option);
	return hone_xstrdup(hone_buf_str(&name));
}

static int wrong_variable(
	const char *name, const char *value, const char *wanted, struct hone_err *err)
{
	return hone_err_set(
		err, HONE_E_USAGE, "the variable %s takes %s, not `%s`", name, wanted, value);
}

/* As cargo's own variables; and 1 and 0, which people try. */
static int switch_of_text(const char *name, const char *value, bool *ret_on, struct hone_err *err)
{
	*ret_on = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
	if (*ret_on || strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		return 0;
	return wrong_variable(name, value, "true or false", err);
}

static int count_of_text(
	const char *name, const char *value, unsigned *ret_times, struct hone_err *err)
{
	if (value[0] >= '0' && value[0] <= '2' && !value[1]) {
		*ret_times = (unsigned)(value[0] - '0');
		return 0;
	}
	return wrong_variable(name, value, "0, 1 or 2", err);
}

static void set_words(const struct hone_opt *opt, void *into, const char *value)
{
	const char *p = value;

	while (*p) {
		size_t n = strcspn(p, " ,");
		hone_auto_free char *word = hone_xstrndup(p, n);

		if (n)
			hone_opt_set(opt, into, word);
		p += n;
		p += strspn(p, " ,");
	}
}

static int take_variable(struct hone_defaults_taking *t, const struct hone_opt *opt, void *into,
	char *name, const char *value, struct hone_err *err)
{
	unsigned times = 0;
	bool on = false;
	int error = 0;

	switch (opt->kind) {
	case HONE_OPT_FLAG:
		error = switch_of_text(name, value, &on, err);
		times = on ? 1 : 0;
		break;
	case HONE_OPT_COUNT:
		error = count_of_text(name, value, &times, err);
		break;
	case HONE_OPT_LIST:
		set_words(opt, into, value);
		break;
	case HONE_OPT_TEXT:
	case HONE_OPT_ONE:
	case HONE_OPT_WORDS:
		hone_opt_set(opt, into, value);
		break;
	}
	for (unsigned i = 0; i < times; i++)
		hone_opt_set(opt, into, NULL);
	/* A flag that is off counts, too: hone.toml's does not then. */
	hone_strv_push(&t->given, opt->name);
	if (!error && hone_defaults_is_set(opt, into))
		hone_defaults_note(t, opt, opt->arg ? value : "", hone_xstrdup(name));
	return error;
}

int hone_defaults_take_variable(struct hone_defaults_taking *t, const struct hone_opt *opt,
	void *into, struct hone_err *err)
{
	hone_auto_free char *own = variable_name(t->c->name, opt->name);
	hone_auto_free char *common = variable_name("", opt->name);
	const char *value = getenv(own);

	if (value && *value)
		return take_variable(t, opt, into, own, value, err);
	value = hone_defaults_is_common(opt) ? getenv(common) : NULL;
	return value && *value ? take_variable(t, opt, into, common, value, err) : 0;
}

void hone_defaults_warn_of_variables(struct hone_cli *cli)
{
	hone_auto_strv struct hone_strv known = HONE_STRV_INIT;
	bool listed = false;

	for (char **v = environ; *v; v++) {
		hone_auto_free char *name = NULL;
		const char *near;

		if (strncmp(*v, PREFIX, strlen(PREFIX)) != 0)
			continue;
		for (size_t i = 0; !listed && hone_defaultable[i]; i++) {
			hone_strv_take(&known, variable_name("", hone_defaultable[i]));
			for (size_t k = 0; hone_commands[k]; k++)
				hone_strv_take(&known,
					variable_name(hone_commands[k]->name, hone_defaultable[i]));
		}
		listed = true;
		name = hone_xstrndup(*v, strcspn(*v, "="));
		if (hone_strv_has(&known, name))
			continue;
		near = hone_did_you_mean(name, hone_strv_argv(&known));
		hone_out_warn(&cli->out, "the variable %s is for no option%s%s%s", name,
			near ? ": did you mean " : "", near ? near : "", near ? "?" : "");
	}
}
