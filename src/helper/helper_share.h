#ifndef HONE_HELPER_HELPER_SHARE_H
#define HONE_HELPER_HELPER_SHARE_H
/* Units of cargo's that were compiled once and are given back: docs/internals/builds.md says what makes two units the
 * same. Internal to the rustc wrapper.
 *
 * HONE_SHARE names a file of NUL-terminated words; the first letter says what the rest is:
 *   d  the folder of what is kept
 *   i  who compiles: the compiler's identity
 *   t  (empty) the program is built with --target: what has none is for the host
 *   h  "NAME VERSION" of a package that only build scripts and proc macros use
 *   f  a flag that the plan gives to the whole graph
 *   p  the folder of programs, which this session alone takes back: only their links differ then */
#include <stddef.h>
#include <time.h>

#define HELPER_HASH_TEXT 33

struct helper_share {
	char *text;         /* of the file */
	const char *folder; /* of what is kept */
	char key[HELPER_HASH_TEXT];
	char *out_dir, *crate, *type, *extra; /* extra: -C extra-filename */
	int metadata;                         /* a .rmeta is made, too */
	int is_program;                       /* the one whose link is captured */
	const char *links[512];               /* of a program: its -C link-arg, in their order */
	size_t n_links;
	int keeps;             /* what a miss makes is kept */
	struct timespec start; /* when the compiler was about to run, as files tell time */
	char *notices;         /* what it said: messages about files that it wrote */
	size_t n_notices;
	int spoke; /* it said something else */
};

/* Is this unit one that can be shared? argv: the compiler, then its arguments; is_program: it is the program whose link
 * is captured. NULL: it is not. */
struct helper_share *helper_share_begin(char **argv, int argc, int is_program);
/* Puts the files of an equal unit where this one's belong and says what the compiler would; 0: there is none. */
int helper_share_take(struct helper_share *s);
/* Hands on what the compiler says on fd until its end, and remembers it. */
void helper_share_listen(struct helper_share *s, int fd);
/* Keeps what was just compiled without an error. */
void helper_share_keep(struct helper_share *s);
void helper_share_free(struct helper_share *s);

/* What a program's entry has besides (helper_relink.c): links, the words of its -C link-arg, and capture, the folder of its
 * captured link. */
int helper_relink_keep(const struct helper_share *s, const char *folder);
/* Links what was captured then with this program's words in place of those, into path. 0: it cannot be done, or the linker
 * has something to say. */
int helper_relink_take(const struct helper_share *s, const char *folder, const char *path);

/* XXH3-128 of a file's bytes as text; 0 when it cannot be read. ret_size may be NULL. */
int helper_hash_file(const char *path, char ret[HELPER_HASH_TEXT], size_t *ret_size);

#endif
