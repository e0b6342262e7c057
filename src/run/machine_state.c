#include "machine_state.h"

#include "fs.h"
#include "machine.h"
#include "num.h"
#include "rules.h"

#include <string.h>

/* The content of a small file without its newline, or NULL; the caller frees. */
static char *read_text(const char *path)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	if (hone_fs_read(path, 1 << 20, &b, NULL, NULL) < 0)
		return NULL;
	return hone_view_dup(hone_view_trim(hone_buf_view(&b)));
}

static int read_flag(const char *path)
{
	hone_auto_free char *text = read_text(path);

	return !text ? -1 : strcmp(text, "0") != 0;
}

/* The number behind the first line of text that starts with key, else 0. */
static uint64_t number_after(const char *text, const char *key)
{
	const char *at = text ? strstr(text, key) : NULL;
	uint64_t x = 0;

	if (!at)
		return 0;
	at += strlen(key);
	at += strspn(at, " \t");
	(void)hone_parse_u64((struct hone_view){at, strspn(at, "0123456789")}, &x);
	return x;
}

/* "cpu  user nice system idle iowait irq softirq steal guest guest_nice" */
static void read_ticks(struct hone_machine_state *s)
{
	hone_auto_free char *text = read_text("/proc/stat");
	struct hone_view rest = hone_view_of(text), part;
	bool started = false;
	unsigned field = 0;

	rest = hone_view_sub(rest, 0, hone_view_find(rest, 0, '\n'));
	while (hone_view_split(&rest, &started, ' ', &part)) {
		uint64_t ticks;

		if (!hone_parse_u64(part, &ticks))
			continue;
		/* The guests' time is part of user and nice. */
		if (field < 8)
			s->total += ticks;
		if (field == 7)
			s->steal = ticks;
		field++;
	}
}

static int read_turbo(void)
{
	int off = read_flag("/sys/devices/system/cpu/intel_pstate/no_turbo");

	return off >= 0 ? !off : read_flag("/sys/devices/system/cpu/cpufreq/boost");
}

static uint64_t read_throttling(unsigned cpus, bool *ret_tells)
{
	uint64_t sum = 0;

	*ret_tells = false;
	for (unsigned i = 0; i < cpus; i++) {
		hone_auto_free char *path = hone_xasprintf(
			"/sys/devices/system/cpu/cpu%u/thermal_throttle/core_throttle_count", i);
		hone_auto_free char *text = read_text(path);
		uint64_t n;

		if (text && hone_parse_u64(hone_view_of(text), &n)) {
			*ret_tells = true;
			sum += n;
		}
	}
	return sum;
}

void hone_machine_state_read(struct hone_machine_state *ret)
{
	hone_auto_free char *load = read_text("/proc/loadavg");
	hone_auto_free char *vm = read_text("/proc/vmstat");
	struct hone_view v = hone_view_of(load);

	*ret = (struct hone_machine_state){.load = -1, .cpus = hone_machine_cpus(NULL, NULL)};
	(void)hone_parse_f64(hone_view_sub(v, 0, hone_view_find(v, 0, ' ')), &ret->load);
	ret->governor = read_text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
	ret->turbo = read_turbo();
	ret->smt = read_flag("/sys/devices/system/cpu/smt/active");
	ret->swap_in = number_after(vm, "pswpin ");
	ret->throttled = read_throttling(ret->cpus, &ret->tells_throttling);
	read_ticks(ret);
}

void hone_machine_state_release(struct hone_machine_state *s)
{
	free(s->governor);
	s->governor = NULL;
}

/* Share of all CPUs' time that the hypervisor took away between two moments. */
static double machine_steal(
	const struct hone_machine_state *before, const struct hone_machine_state *after)
{
	double ticks = (double)(after->total - before->total);

	return ticks > 0 ? (double)(after->steal - before->steal) / ticks : 0;
}

static void add_flag(struct hone_buf *known, struct hone_buf *unknown, const char *name, int flag)
{
	if (flag >= 0)
		hone_buf_addf(known, ", %s %s", name, flag ? "on" : "off");
	else
		hone_buf_addf(unknown, "%s%s", unknown->n ? ", " : "", name);
}

char *hone_machine_state_text(
	const struct hone_machine_state *before, const struct hone_machine_state *after)
{
	hone_auto_buf struct hone_buf unknown = HONE_BUF_INIT;
	struct hone_buf b = HONE_BUF_INIT;
	uint64_t swapped = after->swap_in - before->swap_in;
	uint64_t throttled = after->throttled - before->throttled;

	hone_buf_addf(&b, "%u CPU%s", before->cpus, before->cpus == 1 ? "" : "s");
	if (before->load >= 0)
		hone_buf_addf(&b, ", load %.1f before and %.1f after", before->load, after->load);
	if (before->governor)
		hone_buf_addf(&b, ", governor %s", before->governor);
	else
		hone_buf_adds(&unknown, "governor");
	add_flag(&b, &unknown, "turbo", before->turbo);
	add_flag(&b, &unknown, "SMT", before->smt);
	if (before->tells_throttling)
		hone_buf_addf(&b, ", throttled %llu times", (unsigned long long)throttled);
	else
		hone_buf_addf(&unknown, "%sthrottling", unknown.n ? ", " : "");
	hone_buf_addf(&b, ", steal %.1f %%, %llu pages swapped in",
		100 * machine_steal(before, after), (unsigned long long)swapped);
	if (unknown.n)
		hone_buf_addf(&b, "; not told here: %s", hone_buf_str(&unknown));
	return hone_buf_detach(&b);
}

void hone_machine_state_notes(const struct hone_machine_state *before,
	const struct hone_machine_state *after, struct hone_strv *notes)
{
	double steal = machine_steal(before, after);

	if (before->load > HONE_RULE_MUCH_LOAD * before->cpus)
		hone_strv_pushf(notes,
			"other programs were running (load %.1f on %u CPUs): times vary more than "
			"they need to",
			before->load, before->cpus);
	if (steal > HONE_RULE_MUCH_STEAL)
		hone_strv_pushf(notes,
			"the hypervisor took %.0f %% of the CPU time away while measuring",
			steal * 100);
	if (after->swap_in > before->swap_in)
		hone_strv_push(
			notes, "memory was short: pages came back from swap while measuring");
	if (after->throttled > before->throttled)
		hone_strv_pushf(notes,
			"the CPU got too hot and was slowed down %llu times while measuring",
			(unsigned long long)(after->throttled - before->throttled));
	if (before->governor && strcmp(before->governor, "performance") != 0)
		hone_strv_pushf(notes,
			"the CPU frequency governor is %s; performance gives steadier times",
			before->governor);
}
