/* Which units are the same: the same compiler with the same arguments, but for those that only name places, on the
 * same bytes. What is compiled into the program keeps cargo's -C metadata, from which the names of symbols are made;
 * what only runs while it is built (build scripts, proc macros, what they use) does without. */
#include "helper_share.h"

#include "clock.h"
#include "hone_helper.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

struct reading {
	struct helper_share *share;
	XXH3_state_t *hash;
	int n_types, plugin_lto;
	int artifacts;  /* the compiler tells of the files that it writes */
	int host;       /* runs while the program is built, and is not in it */
	int has_target; /* --target is among the arguments */
	int has_macros; /* uses proc macros */
	int is_foreign; /* lints are capped: not the user's own package */
	int refused;
	const char *metadata;
};

static void hash_text(XXH128_hash_t h, char ret[HELPER_HASH_TEXT])
{
	snprintf(ret, HELPER_HASH_TEXT, "%016llx%016llx", (unsigned long long)h.high64,
		(unsigned long long)h.low64);
}

int helper_hash_file(const char *path, char ret[HELPER_HASH_TEXT], size_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *bytes;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return 0;
	}
	bytes = st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	close(fd);
	if (bytes == MAP_FAILED)
		return 0;
	hash_text(XXH3_128bits(bytes ? bytes : "", (size_t)st.st_size), ret);
	if (bytes)
		munmap(bytes, (size_t)st.st_size);
	if (ret_size)
		*ret_size = (size_t)st.st_size;
	return 1;
}

static void add(struct reading *r, const char *kind, const char *text)
{
	XXH3_128bits_update(r->hash, kind, strlen(kind) + 1);
	XXH3_128bits_update(r->hash, text, strlen(text) + 1);
}

/* A file that an argument names counts by its bytes. */
static void add_file(struct reading *r, const char *kind, const char *path)
{
	char hash[HELPER_HASH_TEXT];

	if (helper_hash_file(path, hash, NULL))
		add(r, kind, hash);
	else
		add(r, kind, "no file");
}

/* The next word of the file from at on, or NULL. */
static const char *next_word(const struct helper_share *s, size_t n, size_t *at)
{
	const char *word = s->text + *at;

	if (*at >= n)
		return NULL;
	*at += strlen(word) + 1;
	return word;
}

static size_t read_words(struct helper_share *s)
{
	const char *path = getenv("HONE_SHARE");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct stat st;
	size_t n = 0;
	ssize_t got = 1;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && (s->text = calloc(1, (size_t)st.st_size + 1)))
		while (n < (size_t)st.st_size && got > 0) {
			got = read(fd, s->text + n, (size_t)st.st_size - n);
			n += got > 0 ? (size_t)got : 0;
		}
	close(fd);
	return n;
}

static int has_word(const struct helper_share *s, size_t n, char kind, const char *text)
{
	const char *word;
	size_t at = 0;

	while ((word = next_word(s, n, &at)))
		if (*word == kind && strcmp(word + 1, text) == 0)
			return 1;
	return 0;
}

static const char *first_word(const struct helper_share *s, size_t n, char kind)
{
	const char *word;
	size_t at = 0;

	while ((word = next_word(s, n, &at)))
		if (*word == kind)
			return word + 1;
	return NULL;
}

static int starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void replace(char **to, const char *with)
{
	free(*to);
	*to = strdup(with);
}

/* Words for the linker, of which a program does without in its key. */
static void read_links(struct reading *r, const char *words, int is_list)
{
	struct helper_share *s = r->share;
	char *list = strdup(words), *rest = list, *word;

	while ((word = is_list ? strsep(&rest, " \t\n") : rest)) {
		if (!is_list)
			rest = NULL;
		if (is_list && !*word)
			continue;
		/* rustc takes another linker's side by that one. */
		if (starts(word, "-fuse-ld") ||
			s->n_links + 1 >= sizeof(s->links) / sizeof(*s->links))
			r->refused = 1;
		else if (strcmp(word, HELPER_LINK_MARK) != 0)
			s->links[s->n_links++] = strdup(word);
	}
	free(list);
}

/* -C NAME=VALUE in either form. */
static void read_codegen(struct reading *r, const char *option)
{
	if (starts(option, "metadata="))
		r->metadata = option;
	else if (starts(option, "extra-filename="))
		replace(&r->share->extra, option + 15);
	else if (r->share->is_program && starts(option, "link-arg="))
		read_links(r, option + 9, 0);
	else if (r->share->is_program && starts(option, "link-args="))
		read_links(r, option + 10, 1);
	else if (strcmp(option, "linker-plugin-lto") == 0) {
		/* Said twice it is the same. */
		if (!r->plugin_lto++)
			add(r, "-C", option);
	} else if (starts(option, "strip=") && !r->share->is_program)
		return; /* an archive has it not done, and of a program that runs here nobody sees the symbols */
	else if (starts(option, "incremental=") || starts(option, "save-temps") ||
		 (starts(option, "split-debuginfo=") && strcmp(option + 16, "off") != 0))
		r->refused = 1;
	else if (starts(option, "profile-use=")) {
		add(r, "-C", option);
		add_file(r, "profile", option + 12);
	} else
		add(r, "-C", option);
}

/* [OPTIONS:]NAME[=PATH] */
static void read_extern(struct reading *r, const char *value)
{
	const char *path = strchr(value, '=');
	char *name = helper_format("%.*s", path ? (int)(path - value) : (int)strlen(value), value);

	add(r, "--extern", name);
	if (path) {
		add_file(r, "bytes", path + 1);
		r->has_macros |= strlen(path) > 3 && strcmp(path + strlen(path) - 3, ".so") == 0;
	}
	free(name);
}

static void read_emit(struct reading *r, const char *value)
{
	char *list = strdup(value), *rest = list, *word;

	while ((word = strsep(&rest, ",")))
		if (strcmp(word, "metadata") == 0)
			r->share->metadata = 1;
		else if (strcmp(word, "dep-info") != 0 && strcmp(word, "link") != 0)
			r->refused = 1;
	if (!strstr(value, "dep-info") || !strstr(value, "link"))
		r->refused = 1;
	free(list);
	add(r, "--emit", value);
}

/* One option with its value; all that cargo writes have the form `--NAME VALUE` or `--NAME=VALUE`. */
static void read_option(struct reading *r, const char *name, const char *value)
{
	struct helper_share *s = r->share;

	if (strcmp(name, "-C") == 0 || strcmp(name, "--codegen") == 0)
		read_codegen(r, value);
	else if (strcmp(name, "--out-dir") == 0)
		replace(&s->out_dir, value);
	else if (strcmp(name, "--extern") == 0)
		read_extern(r, value);
	else if (strcmp(name, "--emit") == 0)
		read_emit(r, value);
	else if (strcmp(name, "-L") == 0 && starts(value, "dependency="))
		return; /* what is read from there is known by what --extern names */
	else if (strcmp(name, "--json") == 0)
		r->artifacts = strstr(value, "artifacts") != NULL;
	else if (strcmp(name, "--diagnostic-width") != 0 && strcmp(name, "--color") != 0) {
		if (strcmp(name, "--crate-name") == 0)
			replace(&s->crate, value);
		else if (strcmp(name, "--crate-type") == 0) {
			replace(&s->type, value);
			r->n_types++;
		} else if (strcmp(name, "--target") == 0) {
			r->has_target = 1;
			if (strchr(value, '.'))
				add_file(r, "target", value);
		} else if (strcmp(name, "--cap-lints") == 0)
			r->is_foreign = 1;
		else if (strcmp(name, "-o") == 0 || strcmp(name, "--print") == 0)
			r->refused = 1;
		add(r, name, value);
	}
}

static int takes_value(const char *arg)
{
	static const char *const with[] = {"-C", "--codegen", "--out-dir", "--extern", "--emit",
		"-L", "--json", "--diagnostic-width", "--color", "--crate-name", "--crate-type",
		"--target", "--cap-lints", "--cfg", "--check-cfg", "-l", "-o", "--print",
		"--edition", "--sysroot", "--error-format", "--remap-path-prefix", "-Z", "-A", "-W",
		"-D", "-F"};

	for (size_t i = 0; i < sizeof(with) / sizeof(*with); i++)
		if (strcmp(arg, with[i]) == 0)
			return 1;
	return 0;
}

static void read_argument(struct reading *r, char **argv, int argc, int *i)
{
	const char *arg = argv[*i];
	const char *equals = strchr(arg, '=');

	if (takes_value(arg) && *i + 1 < argc) {
		read_option(r, arg, argv[++*i]);
	} else if (starts(arg, "--") && equals) {
		char *name = helper_format("%.*s", (int)(equals - arg), arg);

		read_option(r, name, equals + 1);
		free(name);
	} else if (starts(arg, "-C") || starts(arg, "-L")) {
		const char name[] = {'-', arg[1], '\0'};

		read_option(r, name, arg + 2);
	} else if (*arg == '@' || strcmp(arg, "-") == 0 || strcmp(arg, "--test") == 0 ||
		   strcmp(arg, "-o") == 0 || strcmp(arg, "-vV") == 0) {
		r->refused = 1;
	} else {
		add(r, "", arg);
	}
}

static int is_build_script(const struct helper_share *s)
{
	char *folder = s->out_dir ? strdup(s->out_dir) : NULL;
	char *slash = folder ? strrchr(folder, '/') : NULL;
	int is = 0;

	if (slash) {
		*slash = '\0';
		slash = strrchr(folder, '/');
		is = slash && strcmp(slash, "/build") == 0 && starts(s->crate, "build_script_");
	}
	free(folder);
	return is;
}

/* Proc macros and build scripts of an unknown kind can read any of these; the compiler tracks what env!() reads. */
static void add_environment(struct reading *r)
{
	static const char *const names[] = {"CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_NAME=",
		"CARGO_BIN_NAME=", "CARGO_PRIMARY_PACKAGE=", "RUSTC_BOOTSTRAP="};
	char cwd[4096];

	/* Their order is cargo's, and the same every time. */
	for (char **e = environ; *e; e++) {
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (starts(*e, names[i]))
				add(r, "env", *e);
		if (r->has_macros && starts(*e, "OUT_DIR="))
			add(r, "env", *e);
	}
	add(r, "cwd", getcwd(cwd, sizeof(cwd)) ? cwd : "");
}

static int is_host(const struct reading *r, size_t n)
{
	const struct helper_share *s = r->share;
	const char *name = getenv("CARGO_PKG_NAME"), *version = getenv("CARGO_PKG_VERSION");
	char *package;
	int is;

	if (strcmp(s->type, "proc-macro") == 0 || is_build_script(s))
		return 1;
	if (first_word(s, n, 't'))
		return !r->has_target;
	if (!name || !version)
		return 0;
	package = helper_format("%s %s", name, version);
	is = has_word(s, n, 'h', package);
	free(package);
	return is;
}

/* Messages hold paths as JSON texts: those that JSON would write otherwise are not looked for. */
static int is_plain(const char *path)
{
	for (; *path; path++)
		if ((unsigned char)*path < ' ' || *path == '"' || *path == '\\')
			return 0;
	return 1;
}

static int can_be_shared(const struct reading *r)
{
	const struct helper_share *s = r->share;

	if (r->refused || !r->artifacts || r->n_types != 1 || !s->crate || !s->out_dir ||
		!s->extra || !*s->extra || !is_plain(s->out_dir))
		return 0;
	if (strcmp(s->type, "bin") == 0)
		return s->is_program || is_build_script(s);
	if (strcmp(s->type, "lib") != 0 && strcmp(s->type, "rlib") != 0 &&
		strcmp(s->type, "proc-macro") != 0)
		return 0;
	/* A macro of the user's may read what nobody is told of: cargo compiles anew where he asks for it. */
	return r->is_foreign || !r->has_macros;
}

/* Flags that the plan gives to the whole graph say nothing of what runs while it is built; but what they made is not
 * kept for others. */
static int is_graph_flag(const struct reading *r, size_t n, const char *arg)
{
	return r->host && has_word(r->share, n, 'f', arg);
}

static void read_all(struct reading *r, char **argv, int argc, size_t n, int *ret_flags)
{
	XXH3_128bits_reset(r->hash);
	*ret_flags = 0;
	add(r, "compiler", first_word(r->share, n, 'i') ? first_word(r->share, n, 'i') : "");
	add(r, "path", argv[0]);
	for (int i = 1; i < argc; i++) {
		/* -C NAME and its value are two words of the graph's flags, too. */
		if (is_graph_flag(r, n, argv[i])) {
			++*ret_flags;
			continue;
		}
		read_argument(r, argv, argc, &i);
	}
}

struct helper_share *helper_share_begin(char **argv, int argc, int is_program)
{
	struct helper_share *s = calloc(1, sizeof(*s));
	struct reading r = {.share = s};

	size_t n = s ? read_words(s) : 0;
	int flags = 0;

	if (!n || !(r.hash = XXH3_createState())) {
		helper_share_free(s);
		return NULL;
	}
	s->is_program = is_program;
	s->folder = first_word(s, n, is_program ? 'p' : 'd');
	read_all(&r, argv, argc, n, &flags);
	if (s->folder && can_be_shared(&r) && is_host(&r, n)) {
		/* Once more, without what does not matter for the host. */
		struct helper_share again = {.text = s->text, .folder = s->folder};
		struct reading h = {.share = &again, .hash = r.hash, .host = 1};

		read_all(&h, argv, argc, n, &flags);
		r.host = 1;
		free(again.out_dir);
		free(again.crate);
		free(again.type);
		free(again.extra);
	} else if (r.metadata) {
		add(&r, "-C", r.metadata);
		/* It names the files of a program, and nothing in it. */
		if (!is_program)
			add(&r, "-C extra", s->extra ? s->extra : "");
	}
	add_environment(&r);
	hash_text(XXH3_128bits_digest(r.hash), s->key);
	XXH3_freeState(r.hash);
	if (!s->folder || !can_be_shared(&r)) {
		helper_share_free(s);
		return NULL;
	}
	s->keeps = !flags;
	s->start = hone_file_clock();
	return s;
}

void helper_share_free(struct helper_share *s)
{
	if (!s)
		return;
	free(s->text);
	free(s->out_dir);
	free(s->crate);
	free(s->type);
	free(s->extra);
	free(s->notices);
	for (size_t i = 0; i < s->n_links; i++)
		free((char *)(uintptr_t)s->links[i]);
	free(s);
}
