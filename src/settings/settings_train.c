/* train.*: what is made from the program while it is watched. Rows stand in the order of enum hone_setting_id; lists of values end with one whose toml is NULL. */
#include "settings_rows.h"

/* The rest of the flags is put in by the planner (plan_train.c), which knows the profile. */
static const struct hone_setting_value values_pgo[] = {
	{.toml = "\"off\"", .effect = "the compiler guesses what is hot"},
	{.toml = "\"on\"",
		.effect = "the compiler knows from the profile what is hot, and how often"},
	{.toml = "\"cold-size\"",
		.effect = "the same, and what the profile calls cold is compiled for size",
		.flags = "-Cllvm-args=-pgso-lwss-only=false "
			 "-Cllvm-args=-pgso-cold-code-only-for-instr-pgo=false "
			 "-Cllvm-args=-pgso-cutoff-instr-prof=990000 "
			 "-Cllvm-args=-inline-threshold=5 -Cllvm-args=-inlinehint-threshold=5"},
	{0},
};

static const struct hone_setting_value values_hot[] = {
	{.toml = "\"99\"",
		.effect =
			"functions that hold 99 % of what was executed are compiled for speed, all "
			"others for size"},
	{.toml = "\"99.9\"", .effect = "more functions for speed"},
	{.toml = "\"90\"", .effect = "fewer functions for speed"},
	{.toml = "\"off\"", .effect = "opt-level holds for all functions"},
	{0},
};

static const struct hone_setting_value values_near[] = {
	{.toml = "\"off\"", .effect = "what training did not see is compiled for size"},
	{.toml = "\"module\"",
		.effect = "all functions of a module with a hot function are compiled for speed, "
			  "too"},
	{.toml = "\"crate\"", .effect = "then all others of its crate, as far as there is room"},
	{0},
};

const struct hone_setting hone_settings_train[] = {
	{
		.id = HONE_SET_TRAIN_PGO,
		.key = "train.pgo",
		.kind = HONE_SETTING_TRAIN,
		.scope = HONE_SCOPE_TRAIN,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = TRAINING,
		.summary = "profile-guided optimization: built twice, the second time knowing "
			   "what runs",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\", \"on\" or \"cold-size\"",
		.values = values_pgo,
		.build_cost = "A second, instrumented build of every crate, and the training runs.",
		.risks = "What the training did not do is compiled as if it never happened: it "
			 "can be slower than without a profile. Train with what users really do.",
		.interacts =
			"Needs an llvm-profdata that reads what rustc's LLVM writes, which is "
			"found out by trying: that of LLVM 19 reads 22's, that of 14 does not. "
			"Nothing that a coverage build (-C instrument-coverage) counted may be "
			"among it: LLVM's tools mix it in without a word, hone refuses. A program "
			"that exits by itself leaves the better profile: of services, and where "
			"nothing is "
			"left, counters are kept in a file while it runs, without the "
			"targets of indirect calls. The profile only fits a build "
			"with the same profile keys, versions of packages and --target. std is "
			"trained only where "
			"std.build = \"on\" compiles it. What a program does before it forks is "
			"counted once for each child, too: train with one worker.",
		.folklore = "A profile from other settings does nothing, and nothing says so: "
			    "hone counts the functions that it fits. Without --target build "
			    "scripts and proc macros are instrumented, too.",
	},
	{
		.id = HONE_SET_TRAIN_HOT,
		.key = "train.hot",
		.kind = HONE_SETTING_TRAIN,
		.scope = HONE_SCOPE_TRAIN,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = TRAINING,
		.summary = "a level for every function: speed for the hot ones, size for the rest",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\", or the percentage of all that was executed that hot functions "
			 "hold: above 0, at most 100",
		.values = values_hot,
		.open = true,
		.min = 0,
		.max = 100,
		.build_cost =
			"A second, instrumented build of every crate, and the training runs; with "
			"train.pgo both once more, as levels change what is inlined before "
			"functions "
			"are counted.",
		.risks = "What the training did not do is compiled for size, so it is slower than "
			 "at opt-level 3; it stays faster than at \"z\".",
		.interacts = "Use it with opt-level 3: that is what hot functions get. Needs "
			     "llvm-profdata as train.pgo does. The prebuilt std keeps its own "
			     "level; one that std.build = \"on\" compiles does not. hone "
			     "looks whether functions of the finished program got their levels "
			     "and fails where they did not. `try --curve CANDIDATE` shows what "
			     "other shares cost and give.",
		.folklore = "A few dozen functions hold 99 % of most programs' work: their size "
			    "hardly counts.",
	},
	{
		.id = HONE_SET_TRAIN_NEAR,
		.key = "train.near",
		.kind = HONE_SETTING_TRAIN,
		.scope = HONE_SCOPE_TRAIN,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = TRAINING,
		.summary = "functions near hot ones, which training did not see, for speed, too",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\", \"module\" or \"crate\"",
		.values = values_near,
		.build_cost = "None beside train.hot.",
		.risks = "A program that is larger: hexyl by 0.5 %, tokei 1.4 %, fd 2.9 %, ripgrep "
			 "3.4 %, hot functions of 99.9 % in place of 99 % included.",
		.interacts =
			"Does something only with train.hot: its functions say which modules and "
			"crates are hot. Those of std are not among them. Where the flags become "
			"more than cargo can pass on, the hottest modules come first, crates last.",
		.folklore =
			"What another input runs is mostly in the same modules and crates: of what "
			"ripgrep and fd execute on inputs that did not train, best-balanced-bold "
			"needs 7 % less with it. On hexyl and tokei, whose training saw all, "
			"nothing.",
	},
};
