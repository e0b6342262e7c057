#include "cli.h"
#include "platform.h"
#include "fs.h"
#include "session.h"
#include "text.h"
#include "toml_doc.h"
#include "workload_file.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

struct init_opts {
	bool print, no_wait;
};

static const struct hone_opt opts_table[] = {
	{"print", 0, HONE_OPT_FLAG, NULL, offsetof(struct init_opts, print),
		"Print the file instead of writing it"},
	HONE_OPT_NO_WAIT(struct init_opts),
	{0},
};

/* Crates by which a server is known, and folders in which projects keep inputs. */
static const char *const server_crates[] = {"axum", "actix-web", "hyper", "warp", "rocket", "poem",
	"salvo", "tide", "ntex", "tonic", "tiny_http", "rouille", "gotham", NULL};
static const char *const input_dirs[] = {"testdata", "test_data", "tests", "test", "fixtures",
	"data", "samples", "assets", "examples", "benches", NULL};

/* The first of the crates that the manifest depends on, or NULL. */
static const char *depends_on(const char *manifest, const char *const *crates)
{
	struct hone_toml *doc;
	const char *found = NULL;

	if (hone_toml_read(manifest, HONE_TOML_1_1, &doc, NULL, NULL) < 0)
		return NULL;
	for (; *crates && !found; crates++)
		if (hone_toml_get(hone_toml_get(hone_toml_root(doc), "dependencies"), *crates))
			found = *crates;
	hone_toml_free(doc);
	return found;
}

struct largest {
	char *path;
	off_t size;
	unsigned seen; /* entries looked at: a huge tree is not walked to its end */
};

static void find_largest(struct largest *l, const char *dir, unsigned depth)
{
	DIR *d = depth ? opendir(dir) : NULL;
	struct dirent *e;

	while (d && (e = readdir(d)) && l->seen++ < 5000) {
		hone_auto_free char *path = hone_path_join(dir, e->d_name);
		struct stat st;

		if (e->d_name[0] == '.' || lstat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode))
			find_largest(l, path, depth - 1);
		/* Sources are seldom what a program is fed with. */
		if (!S_ISREG(st.st_mode) || st.st_size <= l->size || hone_ends(path, ".rs"))
			continue;
		l->size = st.st_size;
		free(l->path);
		l->path = HONE_TAKE(path);
	}
	if (d)
		closedir(d);
}

/* The largest file among the project's inputs, relative to dir; NULL when there is none. The caller
 * frees. */
static char *likely_input(const char *dir)
{
	struct largest l = {NULL, 0, 0};
	char *relative;

	for (size_t i = 0; input_dirs[i]; i++) {
		hone_auto_free char *sub = hone_path_join(dir, input_dirs[i]);

		find_largest(&l, sub, 6);
	}
	relative = l.path ? hone_path_relative(l.path, dir) : NULL;
	free(l.path);
	return relative;
}

static void add_head(struct hone_buf *b, const char *bin)
{
	hone_buf_adds(b, "# How `cargo hone` runs ");
	hone_text_safe(b, hone_view_of(bin), false);
	hone_buf_adds(b,
		" so that its speed means something. Take the # off a "
		"workload that\n"
		"# fits and change its command; {bin} stands for the program. Good workloads do "
		"what your users\n"
		"# do, take 20 ms to 2 s, and end the same way every time. Every key: "
		"docs/hone-toml.md of hone.\n");
}

static void add_bin(struct hone_buf *b, const char *bin)
{
	hone_buf_adds(b, "# bin = ");
	hone_toml_quote(b, hone_view_of(bin));
	hone_buf_adds(b, "               # only for this binary of the package\n");
}

static void add_command(struct hone_buf *b, const char *bin, const char *input)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	hone_buf_addf(&line, "{bin} %s", input ? input : "ARGUMENTS");
	hone_buf_adds(
		b, "\n# A command that runs to its end.\n# [[workload]]\n# name = \"typical\"\n");
	add_bin(b, bin);
	hone_buf_adds(b, "# run = ");
	hone_toml_quote(b, hone_buf_view(&line));
	hone_buf_adds(b, "\n");
	hone_buf_adds(b,
		"# stdin = \"input.txt\"         # fed to it; nothing by default\n"
		"# weight = 1                  # share in the result when there are several "
		"workloads\n"
		"# timeout = \"60s\"\n"
		"# exit-code = 0               # what proves a run right, with its output:\n"
		"# compare = [\"stdout\"]        # also \"stderr\"; files = [\"{out}/x\"] for what "
		"it writes\n"
		"# normalise = [{ pattern = \"[0-9.]+ ms\", with = \"N ms\" }]   # what may vary "
		"in it\n");
}

static void add_startup(struct hone_buf *b, const char *bin)
{
	hone_buf_adds(b, "\n# How long it takes to start.\n# [[workload]]\n# name = \"start\"\n");
	add_bin(b, bin);
	hone_buf_adds(b, "# kind = \"startup\"\n# run = \"{bin} --version\"\n");
}

static void add_service(struct hone_buf *b, const char *bin, const char *crate)
{
	hone_buf_addf(b,
		"\n# A server under load%s%s%s. hone starts it on a free port, waits until it is "
		"ready,\n"
		"# drives it with the command given, and stops it.\n"
		"# [[workload]]\n# name = \"serve\"\n",
		crate ? " (this package uses " : "", crate ? crate : "", crate ? ")" : "");
	add_bin(b, bin);
	hone_buf_adds(b,
		"# kind = \"service\"\n"
		"# run = \"{bin} --port {port}\"\n"
		"# [workload.service]\n"
		"# ready = \"tcp\"               # or \"http:/health\", or \"line:REGULAR "
		"EXPRESSION\"\n"
		"# load = \"wrk -t1 -c{connections} -d{seconds}s --latency "
		"http://127.0.0.1:{port}/\"\n"
		"# connections = 16\n"
		"# window = \"2s\"               # one sample\n"
		"# compare = [\"/\"]             # paths whose answers must stay the same\n");
}

/* A program without an operating system runs in an emulator, by the project's own runner if it has one. */
static void add_device(struct hone_buf *b, const char *bin, const char *triple, const char *runner)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	hone_buf_addf(b,
		"\n# The program in an emulator%s. It compares behaviour and counts "
		"instructions\n"
		"# (QEMU); times are the emulator's, not the device's. The program has to end by "
		"itself (semihosting).\n"
		"# [[workload]]\n# name = \"typical\"\n",
		runner ? " (the runner of .cargo/config.toml)" : "");
	add_bin(b, bin);
	if (runner)
		hone_buf_addf(&line, "%s {bin}", runner);
	else
		hone_buf_addf(&line,
			"qemu-system-%s -machine BOARD -nographic -semihosting-config "
			"enable=on,target=native -kernel {bin}",
			hone_platform_of(triple, NULL).machine);
	hone_buf_adds(b, "# run = ");
	hone_toml_quote(b, hone_buf_view(&line));
	hone_buf_adds(b, "\n# timeout = \"60s\"\n# exit-code = 0               # what proves a run "
			 "right, with its output\n");
}

/* The first bench target, where there is one. */
static void add_bench(struct hone_buf *b, const struct hone_package *p)
{
	for (size_t i = 0; i < p->n_targets; i++) {
		if (p->targets[i].kind != HONE_KIND_BENCH)
			continue;
		hone_buf_adds(b,
			"\n# A bench target, built under each candidate's settings; its own "
			"numbers are read.\n"
			"# [[workload]]\n# name = \"bench\"\n# kind = \"bench\"\n# bench = ");
		hone_toml_quote(b, hone_view_of(p->targets[i].name));
		hone_buf_adds(b, "\n# run = \"{bin} --bench\"       # a filter may follow, and for "
				 "criterion\n"
				 "#                             # --warm-up-time 0.2 "
				 "--measurement-time 0.5\n"
				 "# timeout = \"2min\"\n");
		return;
	}
}

static char *file_text(const struct hone_session *s)
{
	const struct hone_project *p = s->project;
	const char *triple = hone_session_triple(s);
	const char *bin = p->target->name;
	const char *server = depends_on(p->package->manifest_path, server_crates);
	hone_auto_free char *input = likely_input(p->package->dir);
	struct hone_buf b = HONE_BUF_INIT;

	add_head(&b, bin);
	if (hone_platform_of(triple, NULL).os == HONE_OS_NONE) {
		add_device(&b, bin, triple, hone_profile_set_runner(s->profiles, triple));
		return hone_buf_detach(&b);
	}
	/* What fits this package stands first. */
	if (server)
		add_service(&b, bin, server);
	add_command(&b, bin, input);
	add_startup(&b, bin);
	add_bench(&b, p->package);
	if (!server)
		add_service(&b, bin, NULL);
	hone_buf_adds(&b,
		"\n"
		"# Defaults of options, by their long names; typed ones count first.\n"
		"# [hone]\n"
		"# budget = \"5min\"             # longest time of all rounds of `try`\n");
	return hone_buf_detach(&b);
}

static int write_file(struct hone_cli *cli, const char *dir, const char *text, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(dir, HONE_WORKLOAD_FILE);
	hone_auto_free char *command = hone_cli_command(cli, "try", NULL);
	int error;

	if (hone_fs_exists(path)) {
		hone_err_set(err, HONE_E_CONFLICT, "%s exists already", path);
		return hone_err_hint(err, "`cargo hone init --print` shows what would be written");
	}
	error = hone_fs_write_new(path, hone_view_of(text), 0644, err);
	if (error)
		return error;
	hone_out_status(&cli->out, "Wrote", "%s", path);
	hone_out_note(&cli->out, "take the # off a workload that fits, then: %s", command);
	return 0;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct init_opts *o = opts;
	hone_auto_free char *text = NULL;
	struct hone_session s;
	int error = hone_session_open(&cli->cargo, &cli->events,
		(o->print ? 0 : HONE_SESSION_WRITE) | (o->no_wait ? HONE_SESSION_NO_WAIT : 0), &s,
		err);

	(void)args;
	(void)n;
	if (error)
		return error;
	text = file_text(&s);
	if (o->print)
		hone_out_result(&cli->out, hone_view_of(text));
	else
		error = write_file(cli, s.project->package->dir, text, err);
	hone_session_close(&s);
	return error;
}

const struct hone_command hone_cmd_init = {
	.name = "init",
	.args = "",
	.summary = "Write a commented hone.toml with workloads",
	.help = "Writes hone.toml beside the package's Cargo.toml: workloads to choose from, each "
		"commented\n"
		"out, with what was found in the project (inputs, a web framework). An existing "
		"file is never\n"
		"changed.\n",
	.groups = HONE_GROUP_PROJECT,
	.opts = opts_table,
	.opts_size = sizeof(struct init_opts),
	.run = run,
};
