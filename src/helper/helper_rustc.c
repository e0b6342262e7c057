/* RUSTC_WRAPPER mode: cargo calls `hone-rustc RUSTC ARGS...` for every unit. Runs the compiler (through
 * the user's own wrapper, if he has one), and appends what it cost to a log. For the final crate it
 * can have the link captured: then -Clinker= names hone's copier, which cargo does not track, so that
 * nothing is rebuilt because of it and the output stays the same, byte for byte.
 *
 * Environment, all set by hone:
 *   HONE_RUSTC_LOG, HONE_RUSTC_SLOT   file to append one line a unit to: LOG.SLOT
 *   HONE_RUSTC_NEXT  the user's own wrapper, if any
 *   HONE_LINK_CRATE  crate name of the binary, or library, whose link is captured; unset: none
 *   HONE_LINK_TYPE   its crate type: "bin", "cdylib", "dylib"; of a library perhaps one of several
 *   HONE_LINK_TOOLS  folder in which the copier is made under the real linker's name, since rustc reads
 *                    the linker's flavour from its file name
 *   HONE_LINK_DIR    where the copier puts what it copies
 *   HONE_RUSTC_ASK   set: units that are compiled with a profile warn of every function that it has no data
 *                    of, so that a profile that does not fit is noticed; the output stays the same
 *   HONE_RUSTC_FILES folder with the files that arguments name below .cargo/hone/ in the project: apply
 *                    writes them there, a trial must not
 *   HONE_RUSTC_FILES_BEFORE  what stands before .cargo/hone/ in such an argument: the way from the package's folder,
 *                    where that lies outside of the workspace's root
 *   HONE_SHARE       see helper_share.h; unset: every unit is compiled */
#include "hone_helper.h"

#include "clock.h"
#include "helper_share.h"
#include "usage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct unit {
	const char *crate_name, *crate_type, *linker, *target;
	int uses_profile, is_link_type;
};

/* The value of an option that is written `NAME VALUE` or `NAME=VALUE`, or NULL. */
static const char *option_value(char **argv, int argc, int i, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(argv[i], name, n) != 0)
		return NULL;
	if (argv[i][n] == '=')
		return argv[i] + n + 1;
	return argv[i][n] == '\0' && i + 1 < argc ? argv[i + 1] : NULL;
}

static struct unit read_unit(char **argv, int argc)
{
	const char *type = getenv("HONE_LINK_TYPE");
	struct unit u = {0};

	for (int i = 0; i < argc && argv[i]; i++) {
		const char *value;

		if ((value = option_value(argv, argc, i, "--crate-name")))
			u.crate_name = value;
		else if ((value = option_value(argv, argc, i, "--crate-type"))) {
			u.crate_type = value;
			if (type && strcmp(type, value) == 0)
				u.is_link_type = 1;
		} else if ((value = option_value(argv, argc, i, "--target")))
			u.target = value;
		else if (strncmp(argv[i], "-Cprofile-use=", 14) == 0)
			u.uses_profile = 1;
		else if (strncmp(argv[i], "-Clinker=", 9) == 0)
			u.linker = argv[i] + 9;
		else if (strcmp(argv[i], "-C") == 0 && i + 1 < argc && argv[i + 1] &&
			 strncmp(argv[i + 1], "linker=", 7) == 0)
			u.linker = argv[i + 1] + 7;
	}
	return u;
}

/* rustc's own choice when nobody names a linker: cc, but rust-lld for targets without an OS and for WebAssembly. */
static const char *default_linker(const struct unit *u)
{
	const char *target = u->target ? u->target : "";

	return strstr(target, "-none") || strncmp(target, "wasm", 4) == 0 ? "rust-lld" : "cc";
}

static int is_captured(const struct unit *u)
{
	const char *crate = getenv("HONE_LINK_CRATE");

	return crate && u->crate_name && u->is_link_type && strcmp(u->crate_name, crate) == 0 &&
	       getenv("CARGO_PRIMARY_PACKAGE") && getenv("HONE_LINK_TOOLS") &&
	       getenv("HONE_LINK_DIR");
}

/* -Clinker=COPIER, with the real linker's name in the environment. NULL when it cannot be done. */
static char *capture_argument(const struct unit *u)
{
	const char *real = u->linker ? u->linker : default_linker(u);
	const char *slash = strrchr(real, '/');
	char self[4096], *copier, *argument;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0 || setenv("HONE_LINK_REAL", real, 1) < 0)
		return NULL;
	self[n] = '\0';
	copier = helper_format("%s/%s", getenv("HONE_LINK_TOOLS"), slash ? slash + 1 : real);
	if (link(self, copier) < 0 && errno != EEXIST) {
		fprintf(stderr, "hone: cannot make %s: %s\n", copier, strerror(errno));
		free(copier);
		return NULL;
	}
	argument = helper_format("-Clinker=%s", copier);
	free(copier);
	return argument;
}

/* The argument with hone's own copy of a file that it names below .cargo/hone/, or the argument itself. */
static char *with_file(char *arg)
{
	static const char folder[] = ".cargo/hone/";
	const char *files = getenv("HONE_RUSTC_FILES");
	const char *at = strstr(arg, folder);
	const char *name = at ? at + sizeof(folder) - 1 : NULL;
	const char *before = getenv("HONE_RUSTC_FILES_BEFORE");
	size_t n = before ? strlen(before) : 0;
	char *path;

	if (!files || !at || !getenv("CARGO_PRIMARY_PACKAGE"))
		return arg;
	path = helper_format("%s/%s", files, name);
	if (n && (size_t)(at - arg) >= n && strncmp(at - n, before, n) == 0)
		at -= n;
	if (access(path, R_OK) == 0)
		arg = helper_format("%.*s%s", (int)(at - arg), arg, path);
	free(path);
	return arg;
}

/* One line a unit; one write, so that parallel units do not mix. */
static void log_unit(
	const struct unit *u, const struct hone_usage *used, int status, const char *how)
{
	const char *log = getenv("HONE_RUSTC_LOG"), *slot = getenv("HONE_RUSTC_SLOT");
	char line[1024];
	char *path;
	int n, fd;

	/* Cargo's questions to the compiler (-vV, --print) have no crate, or one called ___. */
	if (!log || !slot || !u->crate_name || strcmp(u->crate_name, "___") == 0)
		return;
	n = snprintf(line, sizeof(line), "%.200s\t%.40s\t%lld\t%lld\t%lld\t%llu\t%d\t%s\n",
		u->crate_name, u->crate_type ? u->crate_type : "-", (long long)used->wall_ns,
		(long long)used->user_ns, (long long)used->sys_ns,
		(unsigned long long)used->peak_rss / 1024, status, how);
	path = helper_format("%s.%s", log, slot);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0 && write(fd, line, (size_t)n) != n)
		fprintf(stderr, "hone: cannot write %s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	free(path);
}

/* Ends as the child ended. */
static int end_like(int status)
{
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
		return 128 + WTERMSIG(status);
	}
	return WEXITSTATUS(status);
}

/* A compiler whose cargo was killed ends with it: nobody would read what it writes, and the next cargo may write the
 * same files. cargo starts each from a thread that waits for its end. */
static void die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() != parent)
		_exit(128 + SIGKILL);
}

/* Runs the compiler to its end; its status as wait gives it. What it says is listened to where the unit may be kept. */
static int compile(char **args, struct helper_share *share, struct rusage *usage)
{
	int ends[2] = {-1, -1}, status = 0;
	pid_t pid, self = getpid();

	if (share && pipe2(ends, O_CLOEXEC) < 0)
		ends[0] = -1;
	pid = fork();
	if (pid == 0) {
		die_with(self);
		if (ends[0] >= 0)
			(void)dup2(ends[1], STDERR_FILENO);
		execvp(args[0], args);
		fprintf(stderr, "hone: cannot run %s: %s\n", args[0], strerror(errno));
		_exit(127);
	}
	if (pid < 0) {
		fprintf(stderr, "hone: cannot fork: %s\n", strerror(errno));
		return 127 << 8;
	}
	if (ends[0] >= 0) {
		close(ends[1]);
		helper_share_listen(share, ends[0]);
	}
	while (wait4(pid, &status, 0, usage) < 0 && errno == EINTR)
		;
	return status;
}

int helper_rustc(int argc, char **argv)
{
	const char *next = getenv("HONE_RUSTC_NEXT");
	struct rusage usage = {0};
	struct hone_usage used;
	struct unit u;
	char **args = calloc((size_t)argc + 5, sizeof(*args));
	struct helper_share *share = NULL;
	int n = 0, status = 0, is_program = 0;
	int64_t start;

	die_with(getppid());
	if (argc < 2 || !args) {
		fprintf(stderr,
			"hone: the rustc wrapper is called by cargo, with a compiler's name\n");
		free(args);
		return 2;
	}
	u = read_unit(argv + 1, argc - 1);
	if (next && *next)
		args[n++] = helper_format("%s", next);
	for (int i = 1; i < argc; i++)
		args[n++] = with_file(argv[i]);
	if (is_captured(&u) && (args[n] = capture_argument(&u))) {
		is_program = 1;
		n++;
		args[n++] = helper_format("-Clink-arg=%s", HELPER_LINK_MARK);
	}
	if (u.uses_profile && getenv("HONE_RUSTC_ASK"))
		args[n++] = helper_format("-Cllvm-args=-pgo-warn-missing-function");
	if (!next || !*next)
		share = helper_share_begin(args, n, is_program);
	start = hone_now_ns();
	if (share && helper_share_take(share)) {
		used = hone_usage_of(&usage, start, hone_now_ns());
		log_unit(&u, &used, 0, "taken");
	} else {
		status = compile(args, share, &usage);
		used = hone_usage_of(&usage, start, hone_now_ns());
		log_unit(&u, &used, status, "compiled");
		if (share && status == 0)
			helper_share_keep(share);
	}
	helper_share_free(share);
	free(args);
	return end_like(status);
}
