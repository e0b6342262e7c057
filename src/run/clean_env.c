#include "clean_env.h"

#include "buf.h"

#include <string.h>

/* Set by cargo for subcommands, `cargo run` and build scripts, and by rustup's proxies. CARGO_HOME and
 * RUSTUP_HOME stay: a user who moved them needs them in his programs, too. */
static const char *const added[] = {"CARGO", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH",
	"CARGO_MANIFEST_LINKS", "CARGO_CRATE_NAME", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE",
	"CARGO_MAKEFLAGS", "CARGO_TARGET_TMPDIR", "CARGO_RUSTC_CURRENT_DIR", "OUT_DIR",
	"RUSTUP_TOOLCHAIN", "RUSTUP_TOOLCHAIN_SOURCE", "RUST_RECURSION_COUNT", NULL};
static const char *const added_prefixes[] = {"CARGO_PKG_", "CARGO_BIN_EXE_", "HONE_", NULL};

static bool is_added(struct hone_view name)
{
	for (size_t i = 0; added[i]; i++)
		if (hone_view_is(name, added[i]))
			return true;
	for (size_t i = 0; added_prefixes[i]; i++)
		if (hone_view_starts(name, added_prefixes[i]))
			return true;
	return false;
}

/* Folders of a toolchain or of cargo's output, as rustup and `cargo run` add them. */
static bool is_toolchain_dir(struct hone_view dir)
{
	hone_auto_free char *path = hone_view_dup(dir);

	return strstr(path, "/toolchains/") || strstr(path, "/rustlib/") ||
	       hone_ends(path, "/release/deps") || hone_ends(path, "/debug/deps");
}

static void clean_library_path(const char *value, struct hone_strv *changes)
{
	hone_auto_buf struct hone_buf kept = HONE_BUF_INIT;
	struct hone_view rest = hone_view_of(value), dir;
	bool started = false;

	while (hone_view_split(&rest, &started, ':', &dir)) {
		if (is_toolchain_dir(dir) || dir.n == 0)
			continue;
		if (kept.n)
			hone_buf_addc(&kept, ':');
		hone_buf_addv(&kept, dir);
	}
	if (kept.n)
		hone_strv_pushf(changes, "LD_LIBRARY_PATH=%s", hone_buf_str(&kept));
	else
		hone_strv_push(changes, "LD_LIBRARY_PATH");
}

void hone_clean_env(char *const *env, struct hone_strv *changes)
{
	for (; *env; env++) {
		struct hone_view name = hone_view_of(*env);

		name = hone_view_sub(name, 0, hone_view_find(name, 0, '='));
		if (hone_view_is(name, "LD_LIBRARY_PATH") && (*env)[name.n] == '=')
			clean_library_path(*env + name.n + 1, changes);
		else if (is_added(name))
			hone_strv_pushv(changes, name);
	}
}

void hone_env_add_library_path(const char *folder, struct hone_strv *changes)
{
	static const char name[] = "LD_LIBRARY_PATH";
	const char *kept = NULL;

	for (size_t i = 0; i < changes->n; i++) {
		const char *after = changes->v[i] + sizeof(name) - 1;

		if (hone_starts(changes->v[i], name) && (!*after || *after == '='))
			kept = *after ? after + 1 : NULL;
	}
	hone_strv_take(changes,
		hone_xasprintf("%s=%s%s%s", name, folder, kept ? ":" : "", kept ? kept : ""));
}
