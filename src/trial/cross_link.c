#include "cross_link.h"

#include "buf.h"
#include "platform.h"

#include <ctype.h>
#include <string.h>

/* What linkers say of objects that are for another machine: lld, GNU ld (two), gold and mold. */
static const char *const words[] = {" is incompatible with elf", "file in wrong format",
	"Relocations in generic ELF", "incompatible target", "incompatible file type"};

/* Cross compilers as Debian and Ubuntu call them, by how a triple begins and ends. */
static const struct {
	const char *begins, *ends, *prefix;
} compilers[] = {{"aarch64-", "-gnu", "aarch64-linux-gnu"},
	{"arm", "-gnueabihf", "arm-linux-gnueabihf"},
	{"thumbv7neon-", "-gnueabihf", "arm-linux-gnueabihf"},
	{"arm", "-gnueabi", "arm-linux-gnueabi"}, {"riscv64gc-", "-gnu", "riscv64-linux-gnu"},
	{"powerpc64le-", "-gnu", "powerpc64le-linux-gnu"}, {"s390x-", "-gnu", "s390x-linux-gnu"},
	{"i686-", "-gnu", "i686-linux-gnu"}, {"x86_64-", "-gnu", "x86_64-linux-gnu"},
	{"mips64el-", "-gnuabi64", "mips64el-linux-gnuabi64"}};

static bool is_another_machines(struct hone_view text)
{
	for (size_t i = 0; i < HONE_COUNT(words); i++)
		if (memmem(text.p, text.n, words[i], strlen(words[i])))
			return true;
	return false;
}

/* Names of packages have no underscores. The caller frees. */
static char *package_of(const char *prefix)
{
	char *text = hone_xasprintf(" (apt install gcc-%s)", prefix);

	for (char *at = text; *at; at++)
		if (*at == '_')
			*at = '-';
	return text;
}

/* CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER. The caller frees. */
static char *variable(const char *triple)
{
	char *name = hone_xasprintf("CARGO_TARGET_%s_LINKER", triple);

	for (char *at = name; *at; at++)
		*at = *at == '-' || *at == '.' ? '_' : (char)toupper((unsigned char)*at);
	return name;
}

char *hone_cross_link_hint(const char *triple, struct hone_view text)
{
	const struct hone_platform platform = hone_platform_of(triple, NULL);
	hone_auto_free char *linker = NULL;
	hone_auto_free char *package = NULL;
	hone_auto_free char *name = variable(triple);

	if (platform.os != HONE_OS_LINUX || !is_another_machines(text))
		return NULL;
	/* What programs with musl are linked with comes with rustup's std. */
	if (platform.libc == HONE_LIBC_MUSL)
		linker = hone_xstrdup("rust-lld");
	for (size_t i = 0; i < HONE_COUNT(compilers) && !linker; i++)
		if (hone_starts(triple, compilers[i].begins) &&
			hone_ends(triple, compilers[i].ends)) {
			linker = hone_xasprintf("%s-gcc", compilers[i].prefix);
			package = package_of(compilers[i].prefix);
		}
	if (!linker)
		return NULL;
	return hone_xasprintf(
		"this machine's linker was taken for %s: write linker = \"%s\"%s below "
		"[target.%s] of .cargo/config.toml, or set %s=%s",
		triple, linker, package ? package : "", triple, name, linker);
}
