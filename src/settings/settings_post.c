/* post.*: steps on the linked file. Rows stand in the order of enum hone_setting_id; lists of values end with one whose toml is NULL. */
#include "settings_rows.h"

static const struct hone_setting_value values_post_strip[] = {
	{.toml = "\"none\"", .effect = "the file is left as it was linked"},
	{.toml = "\"debuginfo\"", .effect = "debug information is removed"},
	{.toml = "\"symbols\"", .effect = "the symbol table, too", .labels = HONE_LABEL_DEBUG},
	{.toml = "\"all\"",
		.effect = "everything that the loader does not need, the section headers included",
		.labels = HONE_LABEL_DEBUG},
	{0},
};

const struct hone_setting hone_settings_post[] = {
	{
		.id = HONE_SET_POST_STRIP,
		.key = "post.strip",
		.kind = HONE_SETTING_POST,
		.scope = HONE_SCOPE_FILE,
		.type = HONE_TYPE_STRING,
		.group = AFTER,
		.summary = "what hone removes from the finished file",
		.default_dev = "\"none\"",
		.default_release = "\"none\"",
		.range = "\"none\", \"debuginfo\", \"symbols\" or \"all\"",
		.values = values_post_strip,
		.risks = "With \"all\" no tool finds a section any more: not strip, not objdump, "
			 "not a debugger.",
		.interacts = "Done on the file that cargo made, by `cargo hone strip`: cargo "
			     "alone does not do it. The profile's strip is enough for all levels "
			     "but \"all\".",
	},
};
