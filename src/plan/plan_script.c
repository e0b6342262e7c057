#include "allocator.h"
#include "artifact_kind.h"
#include "build_target.h"
#include "fs.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "text.h"

#include <string.h>

static const char head[] =
	"#!/bin/sh\n"
	"# Written by hone: builds without it, for pipelines. Arguments go to cargo.\n";

static const char about_training[] =
	"# As it is: with the profile that is kept beside this script, or with what was learnt "
	"from it.\n"
	"# --train, as the first argument: with a profile that is made anew, by an instrumented "
	"build, the\n"
	"# training runs below, and an llvm-profdata that reads what they leave.\n"
	"# A profile fits the sources that it was made from; the more they change, the less it "
	"helps.\n";

static const char places[] = "set -eu\n"
			     "here=$(cd \"$(dirname \"$0\")\" && pwd)\n"
			     "cd \"$here/../..\"\n"
			     "root=$(pwd)\n"
			     "cargo=${CARGO:-cargo}\n";

/* What --train does before and after the runs. train: see hone_train_script. */
static const char before_build[] =
	"\tshift\n"
	"\twork=${CARGO_TARGET_DIR:-target}/hone-train\n"
	"\tcase $work in /*) ;; *) work=$root/$work ;; esac\n"
	"\tfail() {\n"
	"\t\techo \"$0: $*\" >&2\n"
	"\t\texit 1\n"
	"\t}\n"
	"\ttrain() {\n"
	"\t\twanted=$1 code=0\n"
	"\t\tshift\n"
	"\t\t\"$@\" >\"$work/output\" || code=$?\n"
	"\t\tcase $wanted in any | \"$code\") ;; *) fail \"exit code "
	"$code, not $wanted: $*\" ;; esac\n"
	"\t}\n"
	"\t# Builds what counts, with flags in the arguments, and runs it.\n"
	"\tcount() {\n"
	"\trm -rf \"$work/raw\"\n"
	"\tmkdir -p \"$work/raw\"\n"
	"\t\"$cargo\"";

static const char after_runs[] =
	"\tcd \"$root\"\n"
	"\tunset LLVM_PROFILE_FILE\n"
	"\trustc=${RUSTC:-rustc}\n"
	"\thost=$(\"$rustc\" -vV | sed -n 's/^host: //p')\n"
	"\tmajor=$(\"$rustc\" -vV | sed -n 's/^LLVM version: \\([0-9]*\\).*/\\1/p')\n"
	"\tfor raw in \"$work\"/raw/*.profraw; do\n"
	"\t\t[ -e \"$raw\" ] || fail 'the training left no profile'\n"
	"\t\t# What was counted: bit 0 of the highest byte of its version.\n"
	"\t\tif od -An -tu1 -N16 \"$raw\" |\n"
	"\t\t\tawk 'NF == 16 && ($1 == 255 ? $9 : $16) % 2 == 0 { bad = 1 } END { exit !bad }'; "
	"then\n"
	"\t\t\tfail \"a program of a coverage build ran, whose counts do not mix: $raw\"\n"
	"\t\tfi\n"
	"\tdone\n"
	"\t# The first that can, and whose profile rustc takes: it only warns of one that it "
	"cannot read.\n"
	"\ttool=\n"
	"\tfor program in \"$(\"$rustc\" --print sysroot)/lib/rustlib/$host/bin/llvm-profdata\" "
	"\\\n"
	"\t\t\"llvm-profdata-$major\" \"/usr/lib/llvm-$major/bin/llvm-profdata\" llvm-profdata "
	"\\\n"
	"\t\t/usr/lib/llvm-*/bin/llvm-profdata; do\n"
	"\t\trm -f \"$work/merged\"\n"
	"\t\t\"$program\" merge --failure-mode=all -o \"$work/merged\" \"$work/raw\" "
	"2>\"$work/words\" &&\n"
	"\t\t\t[ -s \"$work/merged\" ] &&\n"
	"\t\t\t\"$rustc\" --crate-name=profile --crate-type=lib --emit=obj -o \"$work/probe.o\" "
	"\\\n"
	"\t\t\t\t\"-Cprofile-use=$work/merged\" - </dev/null 2>\"$work/words\" &&\n"
	"\t\t\t! grep -q warning \"$work/words\" && tool=$program && break\n"
	"\tdone\n"
	"\t[ \"$tool\" ] || fail \"llvm-profdata of LLVM $major is needed:\" \\\n"
	"\t\t\"rustup component add llvm-tools, or apt-get install llvm-$major\"\n"
	"\t# Another name for another content, or cargo would not compile anew.\n"
	"\tprofile=$work/$(cksum <\"$work/merged\" | tr ' ' -).profdata\n"
	"\tmv \"$work/merged\" \"$profile\"\n";

/* The words as they are; paths of manifests below the root, which is another one on each machine. */
static void add_words(struct hone_buf *b, const struct hone_build_env *env,
	const struct hone_strv *words, size_t from, size_t to)
{
	const char *root = env->project->workspace_root;

	for (size_t i = from; i < to; i++) {
		bool is_manifest = i && strcmp(words->v[i - 1], "--manifest-path") == 0 &&
				   hone_path_is_within(words->v[i], root);

		hone_buf_adds(b, " \\\n\t\t");
		if (is_manifest)
			hone_buf_adds(b, "\"$root\"");
		hone_text_shell_word(b, words->v[i] + (is_manifest ? strlen(root) : 0));
	}
}

static size_t dashes(const struct hone_strv *words)
{
	size_t i = 0;

	while (i < words->n && strcmp(words->v[i], "--") != 0)
		i++;
	return i;
}

static char *program_path(const struct hone_build_env *env)
{
	const struct hone_project *p = env->project;
	struct hone_platform platform = hone_platform_of(hone_plan_triple(env), NULL);
	hone_auto_free char *name =
		hone_artifact_kind_file_name(hone_artifact_kind_of(p->made, &platform), p->target);
	hone_auto_free char *triple = hone_build_target_name(hone_plan_triple(env));

	return hone_xasprintf("%s/%s/%s%s", triple, hone_plan_profile_dir(env),
		p->target->kind == HONE_KIND_EXAMPLE ? "examples/" : "", name);
}

static const char bolt_alone[] = "the profile for llvm-bolt is made by hone alone";

/* --train cannot be done: why, and what hone does instead, typed in the root. */
static void refuse(struct hone_buf *b, const struct hone_plan *plan,
	const struct hone_build_env *env, const char *why)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_free char *command = NULL;
	hone_auto_free char *text = NULL;

	hone_plan_hone_command(env, "apply", &words);
	hone_strv_push(&words, "--train");
	hone_strv_push(&words, "ARGS");
	hone_strv_push(&words, plan->candidate->name);
	command = hone_text_command(hone_strv_argv(&words));
	text = hone_xasprintf("%s: %s", why, command);
	hone_buf_adds(b, "\techo \"$0:\" ");
	hone_text_shell_word(b, text);
	hone_buf_adds(b, " >&2\n\texit 1\n");
}

static void add_training(
	struct hone_buf *b, const struct hone_plan *plan, const struct hone_build_env *env)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_free char *program = program_path(env);
	size_t rustc_args;

	/* The counting runtime's path is this machine's. */
	if (hone_plan_builds_std(plan->candidate)) {
		refuse(b, plan, env, "std that is compiled is trained by hone alone");
		return;
	}
	if (plan->bolt.profile) {
		refuse(b, plan, env, bolt_alone);
		return;
	}
	if (!plan->training) {
		refuse(b, plan, env,
			"the training runs are not known here, or drive a service, which only hone "
			"does");
		return;
	}
	hone_plan_alias(plan->instrument, env, &words);
	hone_buf_adds(b, before_build);
	rustc_args = dashes(&words);
	add_words(b, env, &words, 0, rustc_args);
	hone_buf_adds(b, " \\\n\t\t--target-dir \"$work\" \"$@\"");
	add_words(b, env, &words, rustc_args, words.n);
	hone_buf_adds(b, "\n\tbin=$work/");
	hone_text_shell_word(b, program);
	hone_buf_addf(b, "\n\texport LLVM_PROFILE_FILE=\"$work/raw/%s%%m_%%p.profraw\"\n",
		hone_plan_keeps_counters(plan) ? "%c" : "");
	hone_buf_adds(b, plan->training);
	hone_buf_adds(b, after_runs);
	hone_buf_adds(b, "\t}\n\tcount \"$@\"\n");
	if (plan->levels)
		hone_plan_levels_script(plan, b);
	if (plan->levels && plan->profile)
		hone_buf_adds(
			b, "\tcount \"$@\" # once more: levels change what is inlined before\n");
}

/* The flags that were learnt from the kept profile. */
static void add_levels(
	struct hone_buf *b, const struct hone_plan *plan, const struct hone_build_env *env)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	hone_plan_flag_args(plan, plan->levels_at, &words);
	hone_buf_adds(b, "\tset -- \"$@\"");
	add_words(b, env, &words, 0, words.n);
	hone_buf_addc(b, '\n');
}

/* What sets the options by which the profile is used. */
static void add_profile(
	struct hone_buf *b, const struct hone_plan *plan, const struct hone_build_env *env)
{
	hone_buf_adds(b, "key=");
	hone_text_shell_word(b, plan->graph_key);
	hone_buf_addc(b, '\n');
	if (plan->levels)
		hone_buf_addf(b, "share=%.17g\nnear=%zu\n", plan->hot_share, plan->near_room);
	if (plan->profile)
		hone_buf_addf(b, "profile=$here/%s\n", hone_path_base(plan->profile));
	hone_buf_adds(b, "if [ \"${1-}\" = --train ]; then\n");
	add_training(b, plan, env);
	if (plan->levels) {
		hone_buf_adds(b, "else\n");
		add_levels(b, plan, env);
	}
	hone_buf_adds(b, "fi\n");
	if (plan->profile)
		hone_buf_adds(b,
			"quoted=$(printf '%s' \"$profile\" | sed 's/[\\\\\"]/\\\\&/g')\n"
			"set -- --config \"$key=[\\\"-Cprofile-use=$quoted\\\"]\" \"$@\"\n");
}

char *hone_plan_script(const struct hone_plan *plan, const struct hone_build_env *env)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	struct hone_plan without_levels = *plan;
	struct hone_buf b = HONE_BUF_INIT;
	size_t rustc_args;

	if (plan->levels)
		without_levels.graph.n = plan->levels_at;
	hone_plan_alias(&without_levels, env, &words);
	rustc_args = dashes(&words);
	hone_buf_adds(&b, head);
	if (plan->trained)
		hone_buf_adds(&b, about_training);
	hone_buf_adds(&b, places);
	if (plan->trained)
		add_profile(&b, plan, env);
	else if (plan->bolt.profile) {
		hone_buf_adds(&b, "if [ \"${1-}\" = --train ]; then\n");
		refuse(&b, plan, env, bolt_alone);
		hone_buf_adds(&b, "fi\n");
	}
	if (plan->allocator)
		hone_allocator_script(plan, env, &b);
	if (plan->bolt.profile)
		hone_buf_adds(&b, "said=$(mktemp)\ntrap 'rm -f \"$said\"' EXIT\n\"$cargo\"");
	else
		hone_buf_adds(&b, "exec \"$cargo\"");
	add_words(&b, env, &words, 0, rustc_args);
	hone_buf_adds(&b, " \\\n\t\t\"$@\"");
	if (plan->bolt.profile)
		hone_buf_adds(&b, " --message-format=json-render-diagnostics");
	add_words(&b, env, &words, rustc_args, words.n);
	if (plan->bolt.profile) {
		hone_buf_adds(&b, " >\"$said\"\n");
		hone_plan_bolt_script(plan, &b);
	} else {
		hone_buf_addc(&b, '\n');
	}
	return hone_buf_detach(&b);
}
