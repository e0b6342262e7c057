#include "workload.h"

#include "clean_env.h"
#include "fs.h"
#include "copies.h"
#include "proc.h"
#include "service.h"
#include "rules.h"

#include <string.h>
#include <unistd.h>

static const char *const kind_texts[] = {"command", "startup", "service", "bench"};

const char *hone_workload_kind_text(enum hone_workload_kind k)
{
	return kind_texts[k];
}

void hone_workload_init(struct hone_workload *w, const char *name)
{
	*w = (struct hone_workload){
		.name = hone_xstrdup(name),
		.weight = 1,
		.timeout_s = HONE_RULE_TIMEOUT_S,
		.compare_stdout = true,
	};
}

void hone_workload_release(struct hone_workload *w)
{
	free(w->name);
	free(w->bin);
	free(w->dir);
	free(w->stdin_path);
	free(w->pattern);
	free(w->bench);
	hone_strv_release(&w->argv);
	hone_strv_release(&w->env);
	hone_strv_release(&w->setup);
	hone_strv_release(&w->teardown);
	hone_strv_release(&w->files);
	for (size_t i = 0; i < w->normalise.n; i++) {
		free(w->normalise.v[i].pattern);
		free(w->normalise.v[i].with);
	}
	hone_vec_release(&w->normalise);
	hone_service_free(w->service);
	*w = (struct hone_workload){0};
}

bool hone_workload_trains(const struct hone_workload *list, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].training != HONE_TRAINING_AUTO)
			return list[at].training != HONE_TRAINING_NO;
	return n == 1 || at + 1 < n;
}

bool hone_workload_names_program(const char *word)
{
	return strstr(word, "{bin}") || strstr(word, "{lib}");
}

int hone_workload_from_line(
	struct hone_workload *w, const char *name, const char *line, struct hone_err *err)
{
	int error;

	if (!hone_view_trim(hone_view_of(line)).n) {
		*w = (struct hone_workload){0};
		hone_err_set(err, HONE_E_SYNTAX, "the command line is empty");
		return hone_err_hint(err, "write '{bin}' for the program without arguments");
	}
	hone_workload_init(w, name);
	if (!hone_workload_names_program(line))
		hone_strv_push(&w->argv, "{bin}");
	error = hone_strv_split_words(&w->argv, line, err);
	if (error)
		hone_workload_release(w);
	return error;
}

static int exits_well(const char *binary, const char *libraries, const char *option,
	const char *dir, bool *ret_well, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	const char *const argv[] = {binary, option, NULL};
	struct hone_proc_spec spec = {
		.argv = argv,
		.dir = dir,
		.deadline_ns = 5 * HONE_NS_PER_S,
		.limit = 1 << 20,
		.kill_after = 1 << 20,
	};
	int error;

	hone_clean_env(environ, &env);
	if (libraries)
		hone_env_add_library_path(libraries, &env);
	spec.env = hone_strv_argv(&env);
	error = hone_proc_run(&spec, &r, err);
	*ret_well = !error && hone_proc_succeeded(&r) && r.out_bytes > 0;
	return error;
}

/* The option that it takes, NULL without one. */
static int ask(const char *binary, const char *libraries, const char *dir, const char **ret_option,
	struct hone_err *err)
{
	static const char *const options[] = {"--version", "--help"};
	bool well = false;
	int error = 0;

	*ret_option = NULL;
	for (size_t i = 0; !error && !well && i < HONE_COUNT(options); i++) {
		error = exits_well(binary, libraries, options[i], dir, &well, err);
		if (well)
			*ret_option = options[i];
	}
	return error;
}

static int ask_a_copy(const char *binary, const char *run_dir, const char *dir,
	const char **ret_option, struct hone_err *err)
{
	struct hone_copies c = {0};
	struct hone_rng rng;
	int error = hone_fs_mkdirs(run_dir, err);

	*ret_option = NULL;
	hone_rng_init(&rng, 1);
	if (!error)
		error = hone_copies_make(&c, run_dir, &binary, 1, &rng, err);
	if (!error) {
		hone_auto_free char *libraries = hone_copies_library_path(&c, 0);

		error = ask(c.path[0], libraries, dir, ret_option, err);
	}
	hone_copies_release(&c);
	(void)hone_fs_remove_tree(run_dir, NULL);
	return error;
}

int hone_workload_default(struct hone_workload *w, const char *binary, const char *run_dir,
	const char *dir, struct hone_err *err)
{
	hone_auto_free char *place = run_dir ? hone_path_absolute(run_dir) : NULL;
	const char *option;
	int error = place ? ask_a_copy(binary, place, dir, &option, err)
			  : ask(binary, NULL, dir, &option, err);

	if (error)
		return error;
	if (option) {
		hone_workload_init(w, option);
		w->kind = HONE_WORKLOAD_STARTUP;
		w->chosen = true;
		w->timeout_s = HONE_RULE_STARTUP_TIMEOUT_S;
		hone_strv_push(&w->argv, "{bin}");
		hone_strv_push(&w->argv, option);
		return 0;
	}
	hone_err_set(err, HONE_E_NOT_FOUND,
		"%s does not answer to --version or --help, so hone does not know how to run it",
		hone_path_base(binary));
	return hone_err_hint(err, "say how with --run 'ARGUMENTS' or in hone.toml");
}

char *hone_workload_expand(const char *text, const char *bin, const char *out)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	while (*text) {
		if (hone_starts(text, "{bin}") || hone_starts(text, "{lib}")) {
			hone_buf_adds(&b, bin);
			text += strlen("{bin}");
		} else if (hone_starts(text, "{out}")) {
			hone_buf_adds(&b, out);
			text += strlen("{out}");
		} else {
			hone_buf_addc(&b, *text++);
		}
	}
	return hone_buf_detach(&b);
}
