#include "server_group.h"

#include "buf.h"
#include "clock.h"
#include "fs.h"
#include "num.h"
#include "proc.h"
#include "rules.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>

#define SETTLE_STEP_NS (HONE_NS_PER_S / 500)

/* A file of /proc as text; empty where the process has gone. */
static void read_words(const char *path, struct hone_buf *ret)
{
	if (hone_fs_read(path, (size_t)1 << 20, ret, NULL, NULL) < 0)
		hone_buf_reset(ret);
}

static double member_peak_bytes(int pid)
{
	hone_auto_free char *path = hone_xasprintf("/proc/%d/status", pid);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const char *at;
	uint64_t kib = 0;

	read_words(path, &text);
	at = strstr(hone_buf_str(&text), "\nVmHWM:");
	if (at) {
		at += strlen("\nVmHWM:");
		at += strspn(at, " \t");
		(void)hone_parse_u64((struct hone_view){at, strspn(at, "0123456789")}, &kib);
	}
	return (double)kib * 1024;
}

/* The fields behind the name in a stat file of /proc, which begins "pid (name) state ppid pgrp": the name may hold
 * anything, a closing parenthesis, too. False: the process has gone. */
static bool fields_of(const char *path, struct hone_buf *text, struct hone_view *ret)
{
	const char *at;

	read_words(path, text);
	at = strrchr(hone_buf_str(text), ')');
	if (!at || !at[1])
		return false;
	*ret = hone_view_of(at + 2);
	return true;
}

static bool is_member(int pid, int group)
{
	hone_auto_free char *path = hone_xasprintf("/proc/%d/stat", pid);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view rest, field;
	bool started = false;
	uint64_t value;

	if (!fields_of(path, &text, &rest))
		return false;
	for (int i = 0; i < 3; i++)
		if (!hone_view_split(&rest, &started, ' ', &field))
			return false;
	return hone_parse_u64(field, &value) && value == (uint64_t)group;
}

static unsigned running_threads(int pid)
{
	hone_auto_free char *path = hone_xasprintf("/proc/%d/task", pid);
	unsigned n = 0;
	struct dirent *e;
	DIR *d = opendir(path);

	while (d && (e = readdir(d))) {
		hone_auto_free char *stat = hone_xasprintf("%s/%s/stat", path, e->d_name);
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		struct hone_view rest;

		if (e->d_name[0] != '.' && fields_of(stat, &text, &rest) && rest.p[0] == 'R')
			n++;
	}
	if (d)
		closedir(d);
	return n;
}

struct hone_server_group hone_server_group_now(int group)
{
	struct hone_server_group t = {0, 0, 0, 0};
	struct dirent *e;
	DIR *d = opendir("/proc");

	while (d && (e = readdir(d))) {
		uint64_t pid;

		if (!hone_parse_u64(hone_view_of(e->d_name), &pid) || !is_member((int)pid, group))
			continue;
		t.cpu_s += hone_ns_to_s(hone_process_cpu_ns((int)pid));
		t.peak_bytes += member_peak_bytes((int)pid);
		t.running += running_threads((int)pid);
		t.members++;
	}
	if (d)
		closedir(d);
	return t;
}

int hone_server_group_settle(struct hone_proc *server, struct hone_err *err)
{
	int group = hone_proc_pid(server);
	int64_t until = hone_now_ns() + HONE_RULE_SETTLE_S * HONE_NS_PER_S;
	struct hone_server_group last = hone_server_group_now(group), now;
	bool ended = false;

	while (hone_now_ns() < until && !ended) {
		int error = hone_proc_pump(server, SETTLE_STEP_NS, &ended, err);

		if (error)
			return error;
		now = hone_server_group_now(group);
		if (!now.running && !(now.cpu_s > last.cpu_s))
			break;
		last = now;
	}
	return 0;
}
