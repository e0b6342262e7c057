/* Instructions of what QEMU runs. A plugin of hone's, which the machine's C compiler makes, counts each instruction as it is
 * executed: the same number in every run of one thread, with a target's processor as with a user's program. QEMU looks up
 * what a plugin needs in itself, so six functions are declared here and no header is wanted. Source:
 * docs/devel/tcg-plugins.rst of QEMU, include/qemu/qemu-plugin.h. */
#include "fs.h"
#include "measure_impl.h"
#include "num.h"

#include <string.h>

#define COMPILE_NS (60 * HONE_NS_PER_S)
/* A QEMU takes plugins of some versions only: 7.2 of 0 and 1, later ones of 2 and more. */
#define LATEST_API 8

static const char source[] =
	"#include <stdint.h>\n"
	"#include <stdio.h>\n"
	"#include <string.h>\n"
	"struct block;\n"
	"struct insn;\n"
	"void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t, void (*)(uint64_t, struct block "
	"*));\n"
	"size_t qemu_plugin_tb_n_insns(const struct block *);\n"
	"struct insn *qemu_plugin_tb_get_insn(const struct block *, size_t);\n"
	"void qemu_plugin_register_vcpu_insn_exec_cb(\n"
	"	struct insn *, void (*)(unsigned, void *), int flags, void *);\n"
	"void qemu_plugin_register_atexit_cb(uint64_t, void (*)(uint64_t, void *), void *);\n"
	"__attribute__((visibility(\"default\"))) int qemu_plugin_version = HONE_API;\n"
	"static uint64_t count;\n"
	"static char path[4096];\n"
	"static void executed(unsigned cpu, void *ctx)\n"
	"{\n"
	"	(void)cpu;\n"
	"	(void)ctx;\n"
	"	__atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);\n"
	"}\n"
	"static void translated(uint64_t id, struct block *b)\n"
	"{\n"
	"	(void)id;\n"
	"	for (size_t i = 0; i < qemu_plugin_tb_n_insns(b); i++)\n"
	"		qemu_plugin_register_vcpu_insn_exec_cb(\n"
	"			qemu_plugin_tb_get_insn(b, i), executed, 0, NULL);\n"
	"}\n"
	"static void ended(uint64_t id, void *ctx)\n"
	"{\n"
	"	FILE *f = fopen(path, \"w\");\n"
	"	(void)id;\n"
	"	(void)ctx;\n"
	"	if (!f)\n"
	"		return;\n"
	"	fprintf(f, \"%llu\\n\", (unsigned long long)count);\n"
	"	fclose(f);\n"
	"}\n"
	"__attribute__((visibility(\"default\"))) int qemu_plugin_install(\n"
	"	uint64_t id, const void *info, int argc, char **argv)\n"
	"{\n"
	"	(void)info;\n"
	"	for (int i = 0; i < argc; i++)\n"
	"		if (strncmp(argv[i], \"out=\", 4) == 0)\n"
	"			snprintf(path, sizeof(path), \"%s\", argv[i] + 4);\n"
	"	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);\n"
	"	qemu_plugin_register_atexit_cb(id, ended, NULL);\n"
	"	return 0;\n"
	"}\n";

/* Does a workload run in QEMU, so that its first word names one and its own command is all that runs? */
static bool runs_in_qemu(const struct hone_workload *w)
{
	return !w->service && !w->until_output && w->kind != HONE_WORKLOAD_BENCH && w->argv.n &&
	       hone_starts(hone_path_base(w->argv.v[0]), "qemu-");
}

static char *count_path(const struct hone_comparison *s)
{
	return hone_path_join(s->run_dir, "instructions");
}

/* A comma ends a value in QEMU's options; two of them stand for one. */
static void add_path(struct hone_buf *b, const char *path)
{
	for (; *path; path++) {
		hone_buf_addc(b, *path);
		if (*path == ',')
			hone_buf_addc(b, ',');
	}
}

void hone_emulator_argv(const struct hone_comparison *s, const char *emulator, struct hone_strv *to)
{
	hone_auto_free char *out = count_path(s);
	struct hone_buf option = HONE_BUF_INIT;

	add_path(&option, s->plugin);
	hone_buf_adds(&option, ",out=");
	add_path(&option, out);
	hone_strv_push(to, emulator);
	hone_strv_push(to, "-plugin");
	hone_strv_take(to, hone_buf_detach(&option));
}

void hone_emulator_clear(const struct hone_comparison *s)
{
	hone_auto_free char *path = count_path(s);

	(void)hone_fs_remove(path, NULL);
}

bool hone_emulator_read(const struct hone_comparison *s, struct hone_sample *to)
{
	hone_auto_free char *path = count_path(s);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	uint64_t count;

	if (hone_fs_read(path, 64, &text, NULL, NULL) < 0 ||
		!hone_parse_u64(hone_view_trim(hone_buf_view(&text)), &count) || !count)
		return false;
	to->v[HONE_METRIC_EMULATED] = (double)count;
	return true;
}

/* *ret_why: NULL, or why there is no plugin, which the caller frees. */
static int compile(
	const char *folder, unsigned api, const char *plugin, char **ret_why, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *file = hone_path_join(folder, "count.c");
	hone_auto_free char *define = hone_xasprintf("-DHONE_API=%u", api);
	const char *const argv[] = {
		"cc", "-shared", "-fPIC", "-O2", define, "-o", plugin, file, NULL};
	hone_auto_free char *how = NULL;
	int error = hone_fs_mkdirs(folder, err);

	if (!error)
		error = hone_fs_write_cache(file, hone_view_of(source), 0666, err);
	if (error)
		return error;
	error = hone_proc_run(
		&(struct hone_proc_spec){.argv = argv, .deadline_ns = COMPILE_NS}, &r, err);
	if (error == HONE_E_NOT_FOUND) {
		hone_err_release(err);
		*ret_why = hone_xasprintf("there is no C compiler (cc) to make QEMU's plugin with");
		return 0;
	}
	if (error || r.exit_code == 0)
		return error;
	how = hone_how_it_went(&r, hone_buf_view(&r.err));
	*ret_why = hone_xasprintf("cc could not make QEMU's plugin: %s", how);
	return 0;
}

/* One run of the baseline with the plugin. *ret_why: NULL, or why there is no count. */
static int try_it(struct hone_comparison *s, size_t workload, char **ret_why, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *stderr_path = hone_path_join(s->run_dir, "stderr");
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	struct hone_sample sample;
	int error = hone_run_workload(
		s, &s->workloads[workload], s->m->baseline, HONE_RUN_GATE, 0, &r, err);

	if (error)
		return error;
	hone_sample_init(&sample);
	if (r.exit_code == s->m->workloads[workload].exit_code && !r.timed_out &&
		hone_emulator_read(s, &sample))
		return 0;
	(void)hone_fs_read(stderr_path, 65536, &said, NULL, NULL);
	*ret_why = hone_how_it_went(&r, hone_buf_view(&said));
	return 0;
}

/* Of a comparison that is gone on with. */
static bool decided_before(const struct hone_comparison *s, size_t workload)
{
	const struct hone_workload_result *w = &s->m->workloads[workload];

	return w->n_metrics && w->metrics[0].metric == HONE_METRIC_EMULATED;
}

int hone_emulator_prepare(struct hone_comparison *s, size_t workload, struct hone_err *err)
{
	const struct hone_workload *w = &s->workloads[workload];
	hone_auto_free char *folder = hone_path_join(s->run_dir, "plugin");
	hone_auto_free char *why = NULL;
	int error = 0;

	if (!runs_in_qemu(w))
		return 0;
	s->counted[workload] = true;
	for (unsigned api = 1; api <= LATEST_API && !error; api++) {
		if (!s->plugin || why) {
			free(HONE_TAKE(why));
			free(s->plugin);
			s->plugin = hone_xasprintf("%s/count%u.so", folder, api);
			error = compile(folder, api, s->plugin, &why, err);
			if (error || why)
				break;
		}
		error = try_it(s, workload, &why, err);
		if (error || !why)
			return error;
		if (!strstr(why, "API version"))
			break;
	}
	s->counted[workload] = false;
	if (error)
		return error;
	why[strcspn(why, "\n")] = '\0';
	if (decided_before(s, workload))
		return hone_err_set(err, HONE_E_FAILED,
			"workload `%s`: instructions decided before it was interrupted, and now "
			"they are not counted: %s",
			w->name, why);
	hone_comparison_note(s, workload,
		hone_xasprintf("instructions of workload `%s` are not counted: %s", w->name, why));
	return 0;
}
