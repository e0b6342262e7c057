/* Instructions by valgrind's callgrind. It writes its totals however the program ended, of every process, and of
 * whatever program it was told to start: a count is only taken from a run that ended as the measured ones do, with the
 * same output, and only of the processes that are the program. */
#include "fs.h"
#include "measure_impl.h"
#include "num.h"
#include "rules.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#define FILE_LIMIT ((size_t)256 << 20)

/* One process, by the file that callgrind wrote for it. */
struct process {
	uint64_t pid, parent;
	double total; /* NaN: the file has no end */
	char *command;
};

struct count {
	struct hone_comparison *s;
	size_t workload, who;
	char *dir; /* of callgrind's files */
	HONE_VEC(struct process) processes;
	double total;
	char *why; /* it cannot be told; NULL: it can */
};

/* What follows a word at the start of a line of text; empty without such a line, or when the line has no end. */
static struct hone_view field(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text; at; at = strchr(at, '\n')) {
		const char *end;

		at += *at == '\n';
		end = hone_starts(at, word) ? strchr(at, '\n') : NULL;
		if (end)
			return hone_view_trim((struct hone_view){at + n, (size_t)(end - at) - n});
	}
	return (struct hone_view){"", 0};
}

/* valgrind's own words: "==123== Parent PID: 99". */
static uint64_t parent_of(const struct count *c, uint64_t pid)
{
	hone_auto_free char *path = hone_xasprintf("%s/log.%llu", c->dir, (unsigned long long)pid);
	hone_auto_free char *word = hone_xasprintf("==%llu== Parent PID:", (unsigned long long)pid);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	uint64_t parent;

	if (hone_fs_read(path, FILE_LIMIT, &text, NULL, NULL) < 0 ||
		!hone_parse_u64(field(hone_buf_str(&text), word), &parent))
		return 0;
	return parent;
}

/* The "totals:" line is the last of a file; there are several files of a process that dumps by itself. */
static void read_file(struct count *c, const char *path)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct process p = {.total = NAN};
	struct hone_view events;
	uint64_t total;

	if (hone_fs_read(path, FILE_LIMIT, &text, NULL, NULL) < 0)
		hone_buf_reset(&text);
	events = field(hone_buf_str(&text), "events:");
	if (hone_parse_u64(field(hone_buf_str(&text), "totals:"), &total) &&
		hone_parse_u64(field(hone_buf_str(&text), "pid:"), &p.pid) &&
		hone_view_is(events, "Ir"))
		p.total = (double)total;
	p.parent = parent_of(c, p.pid);
	p.command = hone_view_dup(field(hone_buf_str(&text), "cmd:"));
	hone_vec_push(&c->processes, p);
}

static void read_files(struct count *c)
{
	DIR *d = opendir(c->dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		hone_auto_free char *path = hone_path_join(c->dir, e->d_name);

		if (hone_starts(e->d_name, "out."))
			read_file(c, path);
	}
	if (d)
		closedir(d);
}

static bool is_program(const struct count *c, const struct process *p)
{
	const char *bin = hone_copies_of(c->s, &c->s->workloads[c->workload])->path[c->who];

	return hone_starts(p->command, bin) &&
	       (p->command[strlen(bin)] == ' ' || p->command[strlen(bin)] == '\0');
}

/* A process that was forked off carries on with the counts of its parent, which are then there twice. */
static bool is_fork(const struct count *c, const struct process *p)
{
	for (size_t i = 0; i < c->processes.n; i++) {
		const struct process *other = &c->processes.v[i];

		if (other->pid == p->parent && strcmp(other->command, p->command) == 0)
			return true;
	}
	return false;
}

static void add_up(struct count *c)
{
	const char *other = NULL;
	size_t n = 0;

	c->total = 0;
	for (size_t i = 0; i < c->processes.n && !c->why; i++) {
		const struct process *p = &c->processes.v[i];

		if (isnan(p->total))
			c->why = hone_xstrdup("what callgrind wrote is cut off");
		else if (!is_program(c, p))
			other = p->command;
		else if (is_fork(c, p))
			c->why = hone_xstrdup("it forks, and what its processes did before is "
					      "counted in each of them");
		else {
			c->total += p->total;
			n++;
		}
	}
	if (!c->why && !n)
		c->why = other ? hone_xasprintf("what valgrind ran was another program: %s", other)
			       : hone_xstrdup("callgrind wrote no count");
}

/* The first of valgrind's words that tells what it does not know, else how the run ended. The caller frees. */
static char *how_it_ended(const struct count *c, const struct hone_proc_result *r)
{
	hone_auto_free char *how = hone_proc_how_ended(r);

	if (r->sig == SIGILL)
		return hone_xasprintf(
			"it %s, as where valgrind does not know an instruction (AVX-512 "
			"up to 3.19)",
			how);
	if (r->timed_out)
		return hone_xasprintf("it was %s", how);
	if (r->exit_code >= 0 && !r->too_much)
		return hone_xasprintf("it ended with %s instead of %d", how,
			c->s->m->workloads[c->workload].exit_code);
	return hone_xasprintf("it %s%s", r->too_much ? "was " : "", how);
}

static int judge(struct count *c, const struct hone_proc_result *r, struct hone_err *err)
{
	hone_auto_free char *difference = NULL;
	int error;

	if (r->exit_code != c->s->m->workloads[c->workload].exit_code || r->sig || r->timed_out ||
		r->too_much) {
		c->why = how_it_ended(c, r);
		return 0;
	}
	error = hone_gate_compare(c->s, c->workload, c->who, &difference, err);
	if (error)
		return error;
	if (difference) {
		difference[strcspn(difference, "\n")] = '\0';
		c->why = hone_xasprintf("it did something else: %s", difference);
		return 0;
	}
	read_files(c);
	add_up(c);
	return 0;
}

static void release(struct count *c)
{
	for (size_t i = 0; i < c->processes.n; i++)
		free(c->processes.v[i].command);
	hone_vec_release(&c->processes);
	free(c->dir);
	free(c->why);
}

/* *ret_why: NULL, or why there is no count, which the caller frees. */
static int count(struct hone_comparison *s, size_t workload, size_t who, double *ret,
	char **ret_why, struct hone_err *err)
{
	struct count c = {.s = s,
		.workload = workload,
		.who = who,
		.dir = hone_path_join(s->run_dir, "callgrind")};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	int error = hone_fs_remove_tree(c.dir, err);

	if (!error)
		error = hone_fs_mkdirs(c.dir, err);
	/* The user's options of valgrind (~/.valgrindrc) come before these. */
	hone_strv_push(&words, "valgrind");
	hone_strv_push(&words, "--tool=callgrind");
	hone_strv_push(&words, "--trace-children=yes");
	hone_strv_push(&words, "--instr-atstart=yes");
	hone_strv_push(&words, "--collect-atstart=yes");
	hone_strv_push(&words, "--cache-sim=no");
	hone_strv_push(&words, "--branch-sim=no");
	hone_strv_push(&words, "--separate-threads=no");
	hone_strv_pushf(&words, "--callgrind-out-file=%s/out.%%p", c.dir);
	hone_strv_pushf(&words, "--log-file=%s/log.%%p", c.dir);
	if (!error)
		error = hone_run_under(s, &s->workloads[workload], who, &words, &r, err);
	if (error == HONE_E_NOT_FOUND)
		hone_err_hint(err, "counting instructions needs valgrind: apt install valgrind");
	if (!error)
		error = judge(&c, &r, err);
	*ret = error || c.why ? NAN : c.total;
	*ret_why = HONE_TAKE(c.why);
	release(&c);
	return error;
}

/* Nobody's are shown. */
static void drop(struct hone_comparison *s, size_t workload)
{
	for (size_t who = 0; who <= s->n; who++)
		s->m->workloads[workload].callgrind[who] = NAN;
}

int hone_callgrind(struct hone_comparison *s, size_t workload, struct hone_err *err)
{
	const struct hone_workload *w = &s->workloads[workload];
	struct hone_workload_result *r = &s->m->workloads[workload];
	size_t base = s->m->baseline;
	double again = NAN;
	bool lost = false;
	int error = 0;

	if (w->service || w->until_output)
		return 0;
	r->callgrind = hone_xcalloc(s->n + 1, sizeof(*r->callgrind));
	drop(s, workload);
	for (size_t who = 0; who <= s->n && !error; who++) {
		hone_auto_free char *why = NULL;

		if (!hone_comparison_is_in(s, who))
			continue;
		error = count(s, workload, who, &r->callgrind[who], &why, err);
		if (error || !why)
			continue;
		hone_comparison_note(s, workload,
			hone_xasprintf("no instructions of %s, workload `%s`: under valgrind %s",
				hone_comparison_name(s, who), w->name, why));
		lost |= who == base || who == s->n;
	}
	/* The control is the second count of the baseline's code. */
	again = r->callgrind[s->n];
	if (!error && !lost && !(fabs(again / r->callgrind[base] - 1) <= HONE_RULE_STEADY_COUNTS)) {
		hone_comparison_note(s, workload,
			hone_xasprintf(
				"instructions of workload `%s` are not shown: two counts of "
				"the baseline differ (%.0f and %.0f), as threads that wait "
				"for each other make them (one thread would help), or a heap "
				"that lies otherwise from run to run",
				w->name, r->callgrind[base], again));
		lost = true;
	}
	if (lost)
		drop(s, workload);
	return error;
}
