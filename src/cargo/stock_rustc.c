#include "stock_rustc.h"

#include <stdlib.h>

/* May a config file, a --config or an environment variable name something here? What cannot be read may. */
static bool may_be_named(struct hone_config *config, const char *name, const char *variable)
{
	const struct hone_config_key key = hone_config_key("build", name, NULL);
	const struct hone_config_value *v = NULL;
	const char *value = getenv(variable);

	if (value && *value)
		return true;
	return !config || hone_config_typed(config, &key, HONE_CONFIG_STRING, &v, NULL) || v;
}

void hone_stock_rustc_env(
	struct hone_config *config, const struct hone_toolchain *tc, struct hone_strv *env)
{
	static const struct {
		const char *name, *variable;
	} wrappers[] = {{"rustc-wrapper", "RUSTC_WRAPPER"},
		{"rustc-workspace-wrapper", "RUSTC_WORKSPACE_WRAPPER"}};

	for (size_t i = 0; i < HONE_COUNT(wrappers); i++)
		if (may_be_named(config, wrappers[i].name, wrappers[i].variable))
			hone_strv_pushf(env, "%s=", wrappers[i].variable);
	if (may_be_named(config, "rustc", "RUSTC"))
		hone_strv_pushf(env, "RUSTC=%s", tc->rustc);
}
