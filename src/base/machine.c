#include "machine.h"

#include "buf.h"

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
	ret->virtual_machine = flags && strstr(flags, "hypervisor");
	ret->cores = hone_machine_cpus(NULL, NULL);
	ret->memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	if (uname(&name) == 0) {
		ret->kernel = hone_xasprintf("%s %s", name.sysname, name.release);
		ret->arch = hone_xstrdup(name.machine);
	}
}

void hone_machine_release(struct hone_machine *m)
{
	free(m->cpu);
	free(m->kernel);
	free(m->arch);
	*m = (struct hone_machine){0};
}
