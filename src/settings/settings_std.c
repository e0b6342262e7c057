/* std.*: the standard library, compiled with the program. Rows stand in the order of enum hone_setting_id; lists of values end with one whose toml is NULL. */
#include "settings_rows.h"

static const struct hone_setting_value values_std_build[] = {
	{.toml = "\"off\"", .effect = "the std that came with the compiler"},
	{.toml = "\"on\"",
		.effect = "std is compiled as the program is: its level, its panics, its flags",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std=std,panic_abort"},
	{0},
};

static const struct hone_setting_value values_std_features[] = {
	{.toml = "\"optimize_for_size\"",
		.effect = "smaller algorithms, and no code that prints backtraces",
		.labels = HONE_LABEL_BACKTRACE | HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s",
		.needs_abort = true},
	{.toml = "\"none\"",
		.effect = "the usual algorithms, and no code that prints backtraces",
		.labels = HONE_LABEL_BACKTRACE | HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=",
		.needs_abort = true},
	{.toml = "\"backtrace,optimize_for_size\"",
		.effect = "smaller algorithms; backtraces can be printed",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s",
		.needs_abort = true},
	{.toml = "\"backtrace,panic-unwind\"",
		.effect = "what cargo takes by itself",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s"},
	{.toml = "\"backtrace,optimize_for_size,panic-unwind\"",
		.effect = "smaller algorithms, all else as cargo has it",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s"},
	{0},
};

const struct hone_setting hone_settings_std[] = {
	{
		.id = HONE_SET_STD_BUILD,
		.key = "std.build",
		.kind = HONE_SETTING_STD,
		.scope = HONE_SCOPE_CARGO,
		.type = HONE_TYPE_STRING,
		.group = STANDARD,
		.summary = "compiles std from its source, with the program's own settings",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = values_std_build,
		.build_cost =
			"std and its two dozen crates are compiled, too: one to two minutes of "
			"one CPU.",
		.interacts =
			"Needs the source of std (rustup component add rust-src) and the crates "
			"that it uses, from crates.io or vendored. Cargo asks for --target, so "
			"the program lies in target/TRIPLE/release. train.* settings train it, "
			"too.",
		.folklore = "The prebuilt std is compiled for speed, with unwind tables and "
			    "messages for every panic, whatever the profile says: a fifth of a "
			    "small program.",
	},
	{
		.id = HONE_SET_STD_FEATURES,
		.key = "std.features",
		.kind = HONE_SETTING_STD,
		.scope = HONE_SCOPE_CARGO,
		.type = HONE_TYPE_STRING,
		.group = STANDARD,
		.summary = "which optional parts of std are compiled",
		.unset_means = "cargo's choice: \"backtrace,panic-unwind\"",
		.range = "names of std's features, separated by commas, or \"none\"",
		.values = values_std_features,
		.open = true,
		.build_cost = "std is compiled anew.",
		.risks = "optimize_for_size takes simpler algorithms for sorting, searching and "
			 "printing numbers: programs that do much of it become slower.",
		.interacts = "Only with std.build = \"on\". Without panic-unwind only with panic = "
			     "\"abort\" or \"immediate-abort\".",
	},
};
