#ifndef HONE_CLI_DEFAULTS_IMPL_H
#define HONE_CLI_DEFAULTS_IMPL_H
/* Defaults of options while they are taken. Only for defaults.c and defaults_variables.c. */
#include "defaults.h"
#include "toml_doc.h"

struct hone_defaults_taking {
	struct hone_cli *cli;
	const struct hone_command *c;
	const struct hone_opt_set *sets;
	size_t n_sets;
	struct hone_strv given;                    /* names of what was typed */
	const struct hone_toml_node *common, *own; /* [hone], [hone.COMMAND]; or NULL */
	const struct hone_toml *doc;
	char *folder; /* of hone.toml */
	struct hone_defaults *taken;
};

/* Has the option a value in the struct that it belongs to? */
bool hone_defaults_is_set(const struct hone_opt *opt, const void *from);
/* May it have a default for all commands together? */
bool hone_defaults_is_common(const struct hone_opt *opt);
/* Remembers what was taken, and from where; where becomes the list's. */
void hone_defaults_note(
	struct hone_defaults_taking *t, const struct hone_opt *opt, const char *value, char *where);
/* The option from its variables, where one is set. HONE_E_USAGE: it says nothing that the option takes. */
int hone_defaults_take_variable(struct hone_defaults_taking *t, const struct hone_opt *opt,
	void *into, struct hone_err *err);
/* A variable that no option stands behind is probably misspelt. */
void hone_defaults_warn_of_variables(struct hone_cli *cli);

#endif
