#include "platform.h"

#include "fs.h"

#include <jansson.h>
#include <string.h>

static bool has_word(const char *triple, const char *wanted)
{
	struct hone_view rest = hone_view_of(triple), word;
	bool started = false;

	while (hone_view_split(&rest, &started, '-', &word))
		if (hone_view_is(word, wanted))
			return true;
	return false;
}

/* The machines as the kernel's emulators are called: qemu-arm, qemu-riscv64. The first that a triple begins
 * with counts. Source: qemu-binfmt-conf.sh of QEMU. */
static const struct {
	const char *begins, *name;
} machines[] = {{"x86_64", "x86_64"}, {"i3", "i386"}, {"i5", "i386"}, {"i6", "i386"},
	{"aarch64_be", "aarch64_be"}, {"aarch64", "aarch64"}, {"armeb", "armeb"}, {"arm", "arm"},
	{"thumb", "arm"}, {"riscv32", "riscv32"}, {"riscv64", "riscv64"},
	{"powerpc64le", "ppc64le"}, {"powerpc64", "ppc64"}, {"powerpc", "ppc"}, {"s390x", "s390x"},
	{"loongarch64", "loongarch64"}, {"mips64el", "mips64el"}, {"mips64", "mips64"},
	{"mipsel", "mipsel"}, {"mips", "mips"}, {"sparc64", "sparc64"}, {"m68k", "m68k"}};

static const char *machine_of(const char *triple)
{
	for (size_t i = 0; i < HONE_COUNT(machines); i++)
		if (hone_starts(triple, machines[i].begins))
			return machines[i].name;
	return "";
}

static enum hone_os os_of(const char *triple)
{
	static const struct {
		const char *word;
		enum hone_os os;
	} words[] = {{"none", HONE_OS_NONE}, {"linux", HONE_OS_LINUX}, {"apple", HONE_OS_APPLE},
		{"windows", HONE_OS_WINDOWS}, {"wasi", HONE_OS_WASI}, {"wasip1", HONE_OS_WASI},
		{"wasip2", HONE_OS_WASI}};

	if (has_word(triple, "android") || has_word(triple, "androideabi"))
		return HONE_OS_ANDROID;
	for (size_t i = 0; i < HONE_COUNT(words); i++)
		if (has_word(triple, words[i].word))
			return words[i].os;
	return HONE_OS_OTHER;
}

static enum hone_libc libc_of(const char *triple)
{
	const char *env = strrchr(triple, '-');

	if (env && hone_starts(env, "-gnu"))
		return HONE_LIBC_GNU;
	return strstr(triple, "-musl") ? HONE_LIBC_MUSL : HONE_LIBC_OTHER;
}

static enum hone_object_format object_of(enum hone_os os, bool wasm)
{
	if (wasm)
		return HONE_OBJECT_WASM;
	return os == HONE_OS_APPLE || os == HONE_OS_WINDOWS ? HONE_OBJECT_FORMATS : HONE_OBJECT_ELF;
}

/* A key that is missing means none; one of another type says nothing. */
static struct hone_platform of_specification(const char *path)
{
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	json_t *os = json_object_get(root, "os");
	const char *arch = json_string_value(json_object_get(root, "arch"));
	struct hone_platform p = {.os = HONE_OS_OTHER, .libc = HONE_LIBC_OTHER, .machine = ""};

	if (json_is_object(root) &&
		(!os || (json_is_string(os) && strcmp(json_string_value(os), "none") == 0)))
		p.os = HONE_OS_NONE;
	p.object = object_of(p.os, arch && hone_starts(arch, "wasm"));
	p.runs_here = p.os != HONE_OS_NONE && p.object != HONE_OBJECT_WASM;
	json_decref(root);
	return p;
}

static bool runs_on(const struct hone_platform *p, const struct hone_platform *here, bool same)
{
	hone_auto_free char *emulator =
		hone_xasprintf("/proc/sys/fs/binfmt_misc/qemu-%s", p->machine);

	if (p->os == HONE_OS_NONE || p->os == HONE_OS_ANDROID || p->object == HONE_OBJECT_WASM ||
		(p->os == HONE_OS_LINUX) != (here->os == HONE_OS_LINUX))
		return false;
	if (strcmp(p->machine, here->machine) == 0 && *p->machine)
		return true;
	if ((strcmp(here->machine, "x86_64") == 0 && strcmp(p->machine, "i386") == 0) ||
		(strcmp(here->machine, "aarch64") == 0 && strcmp(p->machine, "arm") == 0))
		return true;
	return *p->machine ? hone_fs_exists(emulator) : same;
}

struct hone_platform hone_platform_of(const char *triple, const char *host)
{
	struct hone_platform p = {0}, here;

	if (hone_ends(triple, ".json"))
		return of_specification(triple);
	p.os = os_of(triple);
	p.libc = libc_of(triple);
	p.machine = machine_of(triple);
	p.object = object_of(p.os, hone_starts(triple, "wasm"));
	if (host) {
		here = hone_platform_of(host, NULL);
		p.runs_here = runs_on(&p, &here, strcmp(triple, host) == 0);
	}
	return p;
}
