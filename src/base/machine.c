#include "machine.h"

#include "buf.h"
#include "fs.h"
#include "num.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The value of the first line of /proc/cpuinfo whose name is key; the caller frees, NULL: none. */
static char *cpuinfo(const struct hone_buf *text, const char *key)
{
	struct hone_view rest = hone_buf_view(text), line;
	bool started = false;

	while (hone_view_split(&rest, &started, '\n', &line)) {
		size_t colon = hone_view_find(line, 0, ':');

		if (hone_view_is(hone_view_trim(hone_view_sub(line, 0, colon)), key))
			return hone_view_dup(
				hone_view_trim(hone_view_sub(line, colon + 1, line.n)));
	}
	return NULL;
}

unsigned hone_machine_cpus(int *ret_first, int *ret_last)
{
	int first = 0, last = 0;
	unsigned n = 0;
	cpu_set_t set;

	/* Fails only where there are more CPUs than the set has room for. */
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		CPU_ZERO(&set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set)) {
			first = n == 0 ? i : first;
			last = i;
			n++;
		}
	if (ret_first)
		*ret_first = first;
	if (ret_last)
		*ret_last = last;
	return n ? n : 1;
}

#ifdef __x86_64__
static unsigned x86_level(void)
{
	__builtin_cpu_init();
	if (!__builtin_cpu_supports("ssse3") || !__builtin_cpu_supports("sse4.1") ||
		!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt"))
		return 1;
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
		!__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("fma"))
		return 2;
	if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
		!__builtin_cpu_supports("avx512cd") || !__builtin_cpu_supports("avx512dq") ||
		!__builtin_cpu_supports("avx512vl"))
		return 3;
	return 4;
}
#else
static unsigned x86_level(void)
{
	return 0;
}
#endif

bool hone_machine_runs(struct hone_view cpu)
{
	static const char begin[] = "x86-64-v";
	uint64_t level;

	if (!hone_view_starts(cpu, begin) ||
		!hone_parse_u64(hone_view_sub(cpu, sizeof(begin) - 1, cpu.n), &level))
		return true;
	return level <= x86_level();
}

/* What a file of machine-id(5) holds. */
#define ID_DIGITS 32

/* The number itself, which leaves hone in no form that it follows from. */
static bool read_number(const char *path, char ret[ID_DIGITS + 1])
{
	static const char nobody[] = "00000000000000000000000000000000";
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view id;

	if (hone_fs_read(path, 4096, &text, NULL, NULL))
		return false;
	id = hone_view_trim(hone_buf_view(&text));
	if (id.n != ID_DIGITS || hone_view_is(id, nobody))
		return false;
	for (size_t i = 0; i < id.n; i++)
		if (!memchr("0123456789abcdefABCDEF", id.p[i], 22))
			return false;
	memcpy(ret, id.p, ID_DIGITS);
	ret[ID_DIGITS] = '\0';
	return true;
}

char *hone_machine_id(const char *path)
{
	hone_auto_buf struct hone_buf salted = HONE_BUF_INIT;
	char id[ID_DIGITS + 1];

	if (!read_number(path, id))
		return NULL;
	hone_buf_addf(&salted, "cargo-hone: where a result was measured\n%s", id);
	return hone_xasprintf(
		"%016llx", (unsigned long long)hone_hash_bytes(hone_buf_view(&salted)).lo);
}

static const char *const id_paths[] = {"/etc/machine-id", "/var/lib/dbus/machine-id"};

void hone_machine_sign(struct hone_view what, char ret[HONE_HASH_TEXT])
{
	hone_auto_buf struct hone_buf salted = HONE_BUF_INIT;
	char id[ID_DIGITS + 1] = "";

	if (!read_number(id_paths[0], id))
		(void)read_number(id_paths[1], id);
	hone_buf_addf(
		&salted, "cargo-hone: what was kept here\n%s %ju\n", id, (uintmax_t)geteuid());
	hone_buf_addv(&salted, what);
	hone_hash_text(ret, hone_hash_bytes(hone_buf_view(&salted)));
}

void hone_machine_read(struct hone_machine *ret)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *flags = NULL;
	FILE *f = fopen("/proc/cpuinfo", "re");
	struct utsname name;
	char block[4096];
	size_t n;

	/* Files in /proc have no size, so they are read to their end; one CPU's entry is enough. */
	while (f && text.n < sizeof(block) * 4 && (n = fread(block, 1, sizeof(block), f)))
		hone_buf_add(&text, block, n);
	if (f)
		(void)fclose(f);
	*ret = (struct hone_machine){.cpu = cpuinfo(&text, "model name")};
	if (!ret->cpu)
		ret->cpu = cpuinfo(&text, "Hardware");
	if (!ret->cpu)
		ret->cpu = hone_xstrdup("unknown");
	flags = cpuinfo(&text, "flags");
	ret->id = hone_machine_id(id_paths[0]);
	if (!ret->id)
		ret->id = hone_machine_id(id_paths[1]);
	ret->virtual_machine = flags && strstr(flags, "hypervisor");
	ret->cores = hone_machine_cpus(NULL, NULL);
	ret->memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	if (uname(&name) == 0) {
		ret->kernel = hone_xasprintf("%s %s", name.sysname, name.release);
		ret->arch = hone_xstrdup(name.machine);
	}
}

/* The number behind a name in a file of lines "NAME NUMBER ...", or of the only word for an empty name. */
static bool number_in(const char *path, const char *name, uint64_t *ret)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view rest, line;
	bool started = false;

	if (hone_fs_read(path, (size_t)1 << 20, &text, NULL, NULL))
		return false;
	rest = hone_buf_view(&text);
	while (hone_view_split(&rest, &started, '\n', &line)) {
		struct hone_view value;

		if (!hone_view_starts(line, name))
			continue;
		value = hone_view_trim(hone_view_sub(line, strlen(name), line.n));
		return hone_parse_u64(hone_view_sub(value, 0, hone_view_find(value, 0, ' ')), ret);
	}
	return false;
}

/* What a control group (version 2) still lets its programs take; files that it has read may go. */
static uint64_t left_of_group(const char *folder)
{
	hone_auto_free char *most = hone_path_join(folder, "memory.max");
	hone_auto_free char *now = hone_path_join(folder, "memory.current");
	hone_auto_free char *detail = hone_path_join(folder, "memory.stat");
	uint64_t max, current, files = 0;

	/* "max" where there is no limit. */
	if (!number_in(most, "", &max) || !number_in(now, "", &current))
		return UINT64_MAX;
	(void)number_in(detail, "inactive_file ", &files);
	return max + files > current ? max + files - current : 0;
}

uint64_t hone_machine_memory_left(void)
{
	static const char groups[] = "/sys/fs/cgroup";
	hone_auto_buf struct hone_buf own = HONE_BUF_INIT;
	uint64_t left = UINT64_MAX, kilobytes, of_group = left_of_group(groups);

	if (number_in("/proc/meminfo", "MemAvailable:", &kilobytes))
		left = kilobytes * 1024;
	left = of_group < left ? of_group : left;
	if (!hone_fs_read("/proc/self/cgroup", 4096, &own, NULL, NULL) &&
		hone_view_starts(hone_buf_view(&own), "0::/")) {
		struct hone_view path = hone_view_trim(hone_buf_view(&own));
		hone_auto_free char *folder =
			hone_xasprintf("%s%.*s", groups, (int)path.n - 3, path.p + 3);

		of_group = left_of_group(folder);
		left = of_group < left ? of_group : left;
	}
	return left;
}

void hone_machine_release(struct hone_machine *m)
{
	free(m->cpu);
	free(m->id);
	free(m->kernel);
	free(m->arch);
	*m = (struct hone_machine){0};
}
