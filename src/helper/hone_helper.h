#ifndef HONE_HELPER_HONE_HELPER_H
#define HONE_HELPER_HONE_HELPER_H
/* The small static program that cargo-hone carries inside itself (base/helper.h). It knows libc
 * only, so that its memory does not show in what it measures. What it does is chosen by the name it
 * is run under: hone-launch starts measured programs, hone-rustc is cargo's RUSTC_WRAPPER; with
 * HONE_LINK_REAL in the environment, any other name is the linker copier. */

/* A word for the linker that rustc is given behind the user's own, to tell where these end; the copier takes it out. */
#define HELPER_LINK_MARK "-Wl,--hone-mark"

/* asprintf that ends the program when memory runs out. The caller frees. */
char *helper_format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The modes; each returns the exit status. argv as main got it. */
int helper_launch(int argc, char **argv);
int helper_rustc(int argc, char **argv);
int helper_link(int argc, char **argv);

#endif
