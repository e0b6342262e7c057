#include "self_check.h"

#include "counter.h"
#include "fs.h"
#include "helper.h"
#include "proc.h"
#include "profdata.h"
#include "toolchain.h"

#include <dirent.h>
#include <elf.h>
#include <string.h>
#include <unistd.h>

/* Seconds that a tool may take to tell its version. */
#define ASK_NS (10 * HONE_NS_PER_S)
#define SAID_LIMIT 65536

struct look {
	struct hone_toolchain *toolchain; /* NULL: there is none */
	char *why_none;                   /* then: why */
	struct hone_found_tool *f;
};

/* What a command says on stdout; "" when it fails. */
static int ask(const char *const *argv, struct hone_buf *to, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err own = HONE_ERR_INIT;
	struct hone_proc_spec spec = {.argv = argv, .limit = SAID_LIMIT, .deadline_ns = ASK_NS};
	int error = hone_proc_run(&spec, &r, &own);

	if (error == HONE_E_INTERRUPTED)
		return hone_err_move(err, &own);
	if (!error && r.exit_code == 0 && !r.timed_out)
		hone_buf_addv(to, hone_buf_view(&r.out));
	/* wrk and h2load tell their version with an error, or on stderr. */
	else if (!error && !r.timed_out)
		hone_buf_addf(to, "%s\n%s", hone_buf_str(&r.out), hone_buf_str(&r.err));
	return 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The first word with a dot that begins with a digit: "valgrind-3.19.0", "ld.lld (Debian 22.1.2)". NULL: none. The caller
 * frees. */
static char *version_in(const char *text)
{
	for (const char *p = text; *p; p++) {
		size_t n = 0;

		if (!is_digit(*p) || (p != text && (is_digit(p[-1]) || p[-1] == '.')))
			continue;
		while (is_digit(p[n]) || (p[n] == '.' && is_digit(p[n + 1])))
			n++;
		if (memchr(p, '.', n))
			return hone_xstrndup(p, n);
		p += n - 1;
	}
	return NULL;
}

static int ask_version(const char *program, char **ret, struct hone_err *err)
{
	const char *const argv[] = {program, "--version", NULL};
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	int error = ask(argv, &said, err);

	*ret = error ? NULL : version_in(hone_buf_str(&said));
	return error;
}

/* The first of its programs that is on the path. */
static int look_on_path(struct look *l, struct hone_err *err)
{
	for (size_t i = 0; l->f->tool->programs[i]; i++) {
		hone_auto_free char *path = NULL;

		if (hone_path_find_program(l->f->tool->programs[i], &path, NULL))
			continue;
		l->f->here = true;
		l->f->where = HONE_TAKE(path);
		return ask_version(l->f->where, &l->f->version, err);
	}
	return 0;
}

static int look_for_toolchain(struct look *l, bool cargo)
{
	const struct hone_toolchain *tc = l->toolchain;

	if (!tc) {
		l->f->note = hone_xstrdup(l->why_none);
		return 0;
	}
	l->f->here = true;
	l->f->version = hone_xstrdup(cargo ? tc->cargo_version : tc->rustc_version);
	if (hone_path_find_program(cargo ? tc->cargo : tc->rustc, &l->f->where, NULL))
		l->f->where = hone_xstrdup(cargo ? tc->cargo : tc->rustc);
	if (!cargo && tc->llvm_version)
		l->f->note = hone_xasprintf("LLVM %s", tc->llvm_version);
	return 0;
}

static int look_for_profdata(struct look *l, struct hone_err *err)
{
	hone_auto_err struct hone_err own = HONE_ERR_INIT;
	int error = l->toolchain ? hone_profdata_tool(l->toolchain, &l->f->where, &own)
				 : HONE_E_NOT_FOUND;

	if (error == HONE_E_INTERRUPTED)
		return hone_err_move(err, &own);
	l->f->here = !error;
	if (error && own.msg)
		l->f->note = hone_xstrdup(own.msg);
	return error ? 0 : ask_version(l->f->where, &l->f->version, err);
}

static bool same_major(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return n == strcspn(b, ".") && strncmp(a, b, n) == 0;
}

/* rustc's own first, then Debian's of rustc's LLVM, then any on the path. */
static int look_for_lld(struct look *l, struct hone_err *err)
{
	const struct hone_toolchain *tc = l->toolchain;
	const char *llvm = tc ? tc->llvm_version : NULL;
	hone_auto_free char *own =
		tc ? hone_xasprintf("%s/lib/rustlib/%s/bin/gcc-ld/ld.lld", tc->sysroot, tc->host)
		   : NULL;
	hone_auto_free char *packaged = llvm ? hone_xasprintf("/usr/lib/llvm-%.*s/bin/ld.lld",
						       (int)strcspn(llvm, "."), llvm)
					     : NULL;
	int error = 0;

	if (own && hone_fs_exists(own))
		l->f->where = HONE_TAKE(own);
	else if (packaged && hone_fs_exists(packaged))
		l->f->where = HONE_TAKE(packaged);
	if (!l->f->where)
		error = look_on_path(l, err);
	else
		error = ask_version(l->f->where, &l->f->version, err);
	l->f->here = l->f->where != NULL;
	if (!error && l->f->version && llvm && !same_major(l->f->version, llvm))
		l->f->note = hone_xasprintf("rustc's LLVM is %s: no second LTO by this one", llvm);
	return error;
}

static int look_for_source(struct look *l)
{
	if (!l->toolchain)
		return 0;
	l->f->where = hone_xasprintf("%s/lib/rustlib/src/rust/library", l->toolchain->sysroot);
	l->f->here = hone_fs_is_dir(l->f->where);
	if (!l->f->here)
		free(HONE_TAKE(l->f->where));
	return 0;
}

static int look_for_nightly(struct look *l, bool has_rustup, struct hone_err *err)
{
	static const char *const argv[] = {"rustup", "toolchain", "list", NULL};
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	int error = 0;

	if (l->toolchain && l->toolchain->nightly) {
		l->f->here = true;
		if (l->toolchain->bootstrap)
			l->f->note = hone_xstrdup("RUSTC_BOOTSTRAP=1 counts as one");
		else
			l->f->version = hone_xstrdup(l->toolchain->rustc_version);
		return 0;
	}
	if (has_rustup)
		error = ask(argv, &said, err);
	l->f->here = hone_starts(hone_buf_str(&said), "nightly") ||
		     strstr(hone_buf_str(&said), "\nnightly");
	if (l->f->here)
		l->f->note = hone_xstrdup("installed, not in use here: `cargo +nightly hone`");
	return error;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Folders of rustlib that hold a library. */
static int look_for_targets(struct look *l)
{
	hone_auto_free char *root =
		l->toolchain ? hone_xasprintf("%s/lib/rustlib", l->toolchain->sysroot) : NULL;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
	DIR *dir = root ? opendir(root) : NULL;

	for (const struct dirent *e; dir && (e = readdir(dir));) {
		hone_auto_free char *lib = hone_xasprintf("%s/%s/lib", root, e->d_name);

		if (*e->d_name != '.' && strchr(e->d_name, '-') && hone_fs_is_dir(lib))
			hone_strv_push(&names, e->d_name);
	}
	if (dir)
		closedir(dir);
	if (!names.n)
		return 0;
	qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (size_t i = 0; i < names.n; i++)
		hone_buf_addf(&list, "%s%s", i ? ", " : "", names.v[i]);
	l->f->here = true;
	l->f->where = hone_xstrdup(hone_buf_str(&list));
	return 0;
}

static int look_for_counter(struct look *l)
{
	int fd = hone_counter_open(HONE_COUNTER_INSTRUCTIONS, 0);

	l->f->here = fd >= 0;
	if (fd >= 0)
		close(fd);
	return 0;
}

/* hone carries it inside itself; without a static C library at its build it needs a loader. */
static int look_for_launcher(struct look *l)
{
	unsigned char head[4096];
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)(const void *)head;
	const Elf64_Phdr *p;
	int fd = -1;
	ssize_t n = hone_helper_fd(&fd, NULL) ? -1 : pread(fd, head, sizeof(head), 0);

	/* 32-bit hones are not told apart. */
	l->f->here = true;
	if (n < (ssize_t)sizeof(*e) || e->e_ident[EI_CLASS] != ELFCLASS64 ||
		e->e_phoff > (size_t)n || e->e_phnum > ((size_t)n - e->e_phoff) / sizeof(*p))
		return 0;
	for (size_t i = 0; i < e->e_phnum; i++) {
		p = (const Elf64_Phdr *)(const void *)(head + e->e_phoff) + i;
		if (p->p_type == PT_INTERP)
			l->f->here = false;
	}
	if (!l->f->here)
		l->f->note = hone_xstrdup("hone was built without a static C library");
	return 0;
}

static int look_for(struct look *l, bool has_rustup, struct hone_err *err)
{
	switch (l->f->tool->id) {
	case HONE_TOOL_CARGO:
	case HONE_TOOL_RUSTC:
		return look_for_toolchain(l, l->f->tool->id == HONE_TOOL_CARGO);
	case HONE_TOOL_PROFDATA:
		return look_for_profdata(l, err);
	case HONE_TOOL_LLD:
		return look_for_lld(l, err);
	case HONE_TOOL_RUST_SRC:
		return look_for_source(l);
	case HONE_TOOL_NIGHTLY:
		return look_for_nightly(l, has_rustup, err);
	case HONE_TOOL_TARGETS:
		return look_for_targets(l);
	case HONE_TOOL_COUNTERS:
		return look_for_counter(l);
	case HONE_TOOL_LAUNCHER:
		return look_for_launcher(l);
	case HONE_TOOL_CC:
	case HONE_TOOL_MOLD:
	case HONE_TOOL_VALGRIND:
	case HONE_TOOL_LOAD:
	case HONE_TOOL_QEMU_USER:
	case HONE_TOOL_QEMU_SYSTEM:
	case HONE_TOOL_WASM_OPT:
	case HONE_TOOL_BROTLI:
	case HONE_TOOL_GIT:
		return look_on_path(l, err);
	}
	return 0;
}

int hone_self_check(struct hone_self_check *ret, struct hone_err *err)
{
	hone_auto_free char *rustup = NULL;
	hone_auto_err struct hone_err own = HONE_ERR_INIT;
	struct look l = {NULL, NULL, NULL};
	const char *llvm;
	size_t n = 0;
	int error;

	while (hone_tools[n].name)
		n++;
	*ret = (struct hone_self_check){.manager = hone_manager_find(),
		.has_rustup = !hone_path_find_program("rustup", &rustup, NULL),
		.v = hone_xcalloc(n, sizeof(*ret->v)),
		.n = n};
	error = hone_toolchain_load(NULL, &l.toolchain, &own);
	if (error == HONE_E_INTERRUPTED)
		return hone_err_move(err, &own);
	if (error)
		l.why_none = hone_xstrdup(own.msg);
	llvm = l.toolchain ? l.toolchain->llvm_version : NULL;
	error = 0;
	for (size_t i = 0; i < n && !error; i++) {
		struct hone_found_tool *f = &ret->v[i];

		f->tool = &hone_tools[i];
		l.f = f;
		error = look_for(&l, ret->has_rustup, err);
		/* Another target can always be added. */
		if (!f->here || f->tool->id == HONE_TOOL_TARGETS)
			f->install = hone_tool_install(
				f->tool, ret->manager, ret->has_rustup, geteuid() == 0, llvm);
	}
	hone_toolchain_free(l.toolchain);
	free(l.why_none);
	if (error)
		hone_self_check_release(ret);
	return error;
}

void hone_self_check_release(struct hone_self_check *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].version);
		free(s->v[i].where);
		free(s->v[i].note);
		free(s->v[i].install);
	}
	free(s->v);
	*s = (struct hone_self_check){0};
}
