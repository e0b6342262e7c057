/* The part of the script of apply's that compiles an allocator without hone. */
#include "allocator.h"
#include "fs.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "text.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

static const char begin[] =
	"# The allocator: compiled from sources of the registry, once for each C compiler.\n"
	"allocator() {\n"
	"\twork=${CARGO_TARGET_DIR:-target}/hone-allocator\n"
	"\toffline=\n"
	"\tfor word; do\n"
	"\t\tcase $word in --offline | --frozen) offline=--offline ;; esac\n"
	"\tdone\n"
	"\tstamp=$({ cat \"$crate/Cargo.toml\" \"$crate/Cargo.lock\"; $compiler --version; } "
	"2>&1 | cksum)\n"
	"\tif [ -e \"$crate/$archive\" ] && [ \"$(cat \"$crate/made\" 2>&1)\" = \"$stamp\" ]; "
	"then\n"
	"\t\treturn\n"
	"\tfi\n"
	"\trm -rf \"$work\"\n"
	"\tmkdir -p \"$work\"\n"
	"\tenv";

static const char end[] =
	" \\\n"
	"\t\t--manifest-path \"$crate/Cargo.toml\" --target-dir \"$work\" \\\n"
	"\t\t--message-format=json $offline >\"$work/messages\"\n"
	"\tsed -n 's/.*\"linked_paths\":\\[\"native=\\([^\"]*\\)\".*/\\1/p' \"$work/messages\" "
	">\"$work/folders\"\n"
	"\twhile IFS= read -r folder; do\n"
	"\t\tif [ -e \"$folder/$library\" ]; then cp \"$folder/$library\" \"$work/new\"; fi\n"
	"\tdone <\"$work/folders\"\n"
	"\tif [ ! -e \"$work/new\" ]; then\n"
	"\t\techo \"$0: the sources of the allocator made no $library\" >&2\n"
	"\t\texit 1\n"
	"\tfi\n"
	"\t# cargo does not look at the archive: what was linked with another one is linked "
	"again.\n"
	"\tif [ -e \"$crate/$archive\" ] && ! cmp -s \"$work/new\" \"$crate/$archive\"; then\n"
	"\t\t\"$cargo\" clean";

static const char after[] = " \"$@\"\n"
			    "\tfi\n"
			    "\tmv \"$work/new\" \"$crate/$archive\"\n"
			    "\techo \"$stamp\" >\"$crate/made\"\n"
			    "}\n";

/* ${CC_x86_64_unknown_linux_gnu:-${CC:-cc}}: the cc crate's choice; "true" where it is not known. */
static void add_compiler(struct hone_buf *b, const struct hone_build_env *env)
{
	const char *triple = hone_plan_triple(env);
	hone_auto_free char *usual = hone_allocator_usual_compiler(env);
	hone_auto_free char *name = hone_xasprintf("CC_%s", triple);
	bool is_host = strcmp(triple, env->toolchain->host) == 0;

	for (char *c = name; *c; c++)
		*c = isalnum((unsigned char)*c) ? *c : '_';
	hone_buf_addf(b, "compiler=${%s:-${%s:-${CC:-%s}}}\n", name,
		is_host ? "HOST_CC" : "TARGET_CC", usual ? usual : "true");
}

static void add_word(struct hone_buf *b, const char *word)
{
	hone_buf_addc(b, ' ');
	hone_text_shell_word(b, word);
}

/* cargo clean of what the plan builds: its words but the first, without what `clean` does not take. */
static void add_selection(
	struct hone_buf *b, const struct hone_plan *plan, const struct hone_build_env *env)
{
	hone_auto_free char *spec = hone_project_spec(env->project, env->project->package);

	for (size_t i = 1; i < plan->command.n; i++) {
		const char *word = plan->command.v[i];
		bool has_value = strcmp(word, "--profile") == 0 || strcmp(word, "--target") == 0;

		if (strcmp(word, "--release") == 0 || has_value)
			add_word(b, word);
		if (has_value && i + 1 < plan->command.n)
			add_word(b, plan->command.v[++i]);
	}
	add_word(b, "-p");
	add_word(b, spec);
}

void hone_allocator_script(
	const struct hone_plan *plan, const struct hone_build_env *env, struct hone_buf *b)
{
	const struct hone_allocator *a = plan->allocator;
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;

	hone_buf_addf(
		b, "crate=$here/%s\nlibrary=%s\narchive=%s\n", a->name, a->library, a->archive);
	add_compiler(b, env);
	hone_buf_adds(b, begin);
	for (size_t i = 0; hone_allocator_env[i]; i++)
		add_word(b, hone_allocator_env[i]);
	hone_buf_adds(b, " \"$cargo\"");
	hone_allocator_cargo_args(env, &args);
	for (size_t i = 0; i < args.n; i++)
		add_word(b, args.v[i]);
	hone_buf_adds(b, end);
	add_selection(b, plan, env);
	hone_buf_adds(b, after);
	hone_buf_adds(b, "allocator \"$@\"\n");
	if (!plan->archive_maker)
		return;
	hone_buf_adds(b, "maker=");
	hone_text_shell_word(b, plan->archive_maker);
	hone_buf_adds(b,
		"\nLC_ALL=C grep -q -F \"$maker\" \"$crate/$archive\" ||\n"
		"\techo \"$0: the allocator was compiled by another C compiler than what was "
		"measured ($maker): the bytes are others\" >&2\n");
}

void hone_allocator_forget(const char *path)
{
	hone_auto_free char *dir = hone_path_dir(path);
	hone_auto_free char *above = hone_path_dir(dir);
	hone_auto_free char *manifest = hone_path_join(dir, "Cargo.toml");

	if (!hone_ends(above, "/" HONE_PLAN_FILES_DIR) || hone_fs_exists(manifest))
		return;
	for (const struct hone_allocator *a = hone_allocators; a->name; a++) {
		hone_auto_free char *archive = hone_path_join(dir, a->archive);
		hone_auto_free char *mark = hone_path_join(dir, "made");

		if (strcmp(a->name, hone_path_base(dir)) != 0)
			continue;
		(void)hone_fs_remove(archive, NULL);
		(void)hone_fs_remove(mark, NULL);
		(void)rmdir(dir);
	}
}
