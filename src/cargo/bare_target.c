#include "bare_target.h"

#include "fs.h"
#include "view.h"

#include <jansson.h>
#include <string.h>

static bool specification_is_bare(const char *path)
{
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	json_t *os = json_object_get(root, "os");
	bool bare = json_is_object(root) &&
		    (!os || (json_is_string(os) && strcmp(json_string_value(os), "none") == 0));

	json_decref(root);
	return bare;
}

static bool specification_is_wasm(const char *path)
{
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	const char *arch = json_string_value(json_object_get(root, "arch"));
	bool wasm = arch && hone_starts(arch, "wasm");

	json_decref(root);
	return wasm;
}

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

const char *hone_target_machine(const char *triple)
{
	for (size_t i = 0; i < HONE_COUNT(machines); i++)
		if (hone_starts(triple, machines[i].begins))
			return machines[i].name;
	return "";
}

bool hone_target_is_wasm(const char *triple)
{
	return hone_ends(triple, ".json") ? specification_is_wasm(triple)
					  : hone_starts(triple, "wasm");
}

bool hone_target_runs_here(const char *triple, const char *host)
{
	const char *machine = hone_target_machine(triple), *here = hone_target_machine(host);
	hone_auto_free char *emulator = hone_xasprintf("/proc/sys/fs/binfmt_misc/qemu-%s", machine);

	if (hone_target_is_bare(triple) || hone_target_is_wasm(triple))
		return false;
	if (hone_ends(triple, ".json"))
		return true;
	if (has_word(triple, "linux") != has_word(host, "linux") || has_word(triple, "android"))
		return false;
	if (strcmp(machine, here) == 0 && *machine)
		return true;
	if ((strcmp(here, "x86_64") == 0 && strcmp(machine, "i386") == 0) ||
		(strcmp(here, "aarch64") == 0 && strcmp(machine, "arm") == 0))
		return true;
	return *machine ? hone_fs_exists(emulator) : strcmp(triple, host) == 0;
}

bool hone_target_is_bare(const char *triple)
{
	return hone_ends(triple, ".json") ? specification_is_bare(triple)
					  : has_word(triple, "none");
}
