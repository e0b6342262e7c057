#include "tools.h"

#include "fs.h"

#include <string.h>

static const struct manager {
	const char *name, *program, *command;
} managers[] = {
	[HONE_MANAGER_APT] = {"apt", "apt-get", "apt-get install"},
	[HONE_MANAGER_DNF] = {"dnf", "dnf", "dnf install"},
	[HONE_MANAGER_PACMAN] = {"pacman", "pacman", "pacman -S"},
	[HONE_MANAGER_APK] = {"apk", "apk", "apk add"},
};

enum hone_manager hone_manager_find(void)
{
	for (int m = 0; m < HONE_MANAGERS; m++) {
		hone_auto_free char *path = NULL;

		if (!hone_path_find_program(managers[m].program, &path, NULL))
			return (enum hone_manager)m;
	}
	return HONE_MANAGERS;
}

const char *hone_manager_name(enum hone_manager m)
{
	return m < HONE_MANAGERS ? managers[m].name : NULL;
}

#define RUSTUP_RS "install Rust from https://rustup.rs"

const struct hone_tool hone_tools[] = {
	{HONE_TOOL_CARGO, "cargo", true, "builds the project", {NULL}, "update", {NULL}, RUSTUP_RS},
	{HONE_TOOL_RUSTC, "rustc", true, "compiles it", {NULL}, "update", {NULL}, RUSTUP_RS},
	{HONE_TOOL_CC, "C compiler", true, "links programs of most targets",
		{"cc", "gcc", "clang", NULL}, NULL,
		{"gcc libc6-dev", "gcc glibc-devel", "gcc", "gcc musl-dev"}, NULL},
	{HONE_TOOL_PROFDATA, "llvm-profdata", false,
		"training (train.pgo, train.hot): what fastest and best-balanced are made by",
		{NULL}, "component add llvm-tools", {"llvm-%s", "llvm", "llvm", "llvm%s"}, NULL},
	{HONE_TOOL_LLD, "lld", false,
		"link.icf, link.relr and, if it is of rustc's LLVM, a second LTO "
		"(link.minsize, link.symbolizer)",
		{"ld.lld", NULL}, NULL, {"lld-%s", "lld", "lld", "lld"}, NULL},
	{HONE_TOOL_RUST_SRC, "rust-src", false, "std.build: std compiled with the program (-std)",
		{NULL}, "component add rust-src", {NULL, "rust-src", "rust-src", "rust-src"}, NULL},
	{HONE_TOOL_NIGHTLY, "nightly", false, "std.* and other settings that only a nightly takes",
		{NULL}, "toolchain install nightly --component rust-src", {NULL}, RUSTUP_RS},
	{HONE_TOOL_TARGETS, "targets", false, "--target for other machines and systems", {NULL},
		"target add TRIPLE", {NULL}, NULL},
	{HONE_TOOL_MOLD, "mold", false, "link.linker=mold: the fastest links", {"ld.mold", NULL},
		NULL, {"mold", "mold", "mold", "mold"}, NULL},
	{HONE_TOOL_VALGRIND, "valgrind", false, "counted instructions: try --callgrind and --curve",
		{"valgrind", NULL}, NULL, {"valgrind", "valgrind", "valgrind", "valgrind"}, NULL},
	{HONE_TOOL_COUNTERS, "instruction counter", false,
		"instructions beside the times; virtual machines often have none", {NULL}, NULL,
		{NULL}, "where the hardware has one: sysctl kernel.perf_event_paranoid=2"},
	{HONE_TOOL_LOAD, "load generator", false, "services under load as workloads",
		{"wrk", "oha", "h2load", "ab", NULL}, NULL,
		{"wrk", "httpd-tools", "wrk", "apache2-utils"}, NULL},
	{HONE_TOOL_QEMU_USER, "qemu-user", false, "running Linux programs of other processors",
		{"qemu-aarch64", "qemu-aarch64-static", "qemu-riscv64", "qemu-arm", NULL}, NULL,
		{"qemu-user", "qemu-user", "qemu-user", "qemu-aarch64"}, NULL},
	{HONE_TOOL_QEMU_SYSTEM, "qemu-system", false, "running programs of devices",
		{"qemu-system-arm", "qemu-system-riscv32", NULL}, NULL,
		{"qemu-system-arm", "qemu-system-arm", "qemu-system-arm", "qemu-system-arm"}, NULL},
	{HONE_TOOL_WASM_OPT, "wasm-opt", false, "post.wasm-opt: smaller WebAssembly",
		{"wasm-opt", NULL}, NULL, {"binaryen", "binaryen", "binaryen", "binaryen"}, NULL},
	{HONE_TOOL_BROTLI, "brotli", false,
		"packed sizes of WebAssembly by brotli, besides gzip and zstd", {"brotli", NULL},
		NULL, {"brotli", "brotli", "brotli", "brotli"}, NULL},
	{HONE_TOOL_GIT, "git", false, "show tells what is committed and should not be",
		{"git", NULL}, NULL, {"git", "git", "git", "git"}, NULL},
	{HONE_TOOL_LAUNCHER, "static launcher", false,
		"start-up times and peak memory without those of a dynamic loader", {NULL}, NULL,
		{"libc6-dev", "glibc-static", NULL, "musl-dev"}, "install hone again"},
	{0},
};

static void add_package(struct hone_buf *to, const char *package, const char *llvm)
{
	const char *hole = strstr(package, "%s");

	if (!hole) {
		hone_buf_adds(to, package);
		return;
	}
	hone_buf_add(to, package, (size_t)(hole - package));
	hone_buf_add(to, llvm, strcspn(llvm, "."));
	hone_buf_adds(to, hole + 2);
}

char *hone_tool_install(const struct hone_tool *t, enum hone_manager m, bool has_rustup,
	bool as_root, const char *llvm)
{
	const char *package = m < HONE_MANAGERS ? t->packages[m] : NULL;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	if (t->rustup && has_rustup)
		return hone_xasprintf("rustup %s", t->rustup);
	if (package && (llvm || !strstr(package, "%s"))) {
		hone_buf_addf(&text, "%s%s ", as_root ? "" : "sudo ", managers[m].command);
		add_package(&text, package, llvm);
		if (t->else_do)
			hone_buf_addf(&text, " and then %s", t->else_do);
		return hone_xstrdup(hone_buf_str(&text));
	}
	return t->else_do ? hone_xstrdup(t->else_do) : NULL;
}

char *hone_tool_install_here(enum hone_tool_id id)
{
	const struct hone_tool *t = hone_tools;

	while (t->id != id)
		t++;
	return hone_tool_install(t, hone_manager_find(), false, false, NULL);
}
