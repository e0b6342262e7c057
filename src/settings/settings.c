#include "settings_rows.h"

const struct hone_label_info hone_labels[] = {
	{HONE_LABEL_BEHAVIOUR, "behaviour", "changes what the program does"},
	{HONE_LABEL_GLIBC, "glibc", "needs a newer glibc"},
	{HONE_LABEL_CPU, "cpu", "runs only on some CPUs"},
	{HONE_LABEL_HARDENING, "hardening", "weakens hardening"},
	{HONE_LABEL_DEBUG, "debug", "harder to debug"},
	{HONE_LABEL_BACKTRACE, "backtrace", "no backtraces, no foreign exceptions"},
	{HONE_LABEL_NIGHTLY, "nightly", "needs a nightly toolchain or RUSTC_BOOTSTRAP=1"},
	{HONE_LABEL_ADDRESS, "address", "functions may share an address"},
	{HONE_LABEL_LIBRARY, "library", "needs the toolchain's libstd at run time"},
	{HONE_LABEL_MEMORY, "memory", "may take more memory"},
	{HONE_LABEL_ALLOCATOR, "allocator", "another allocator"},
	{HONE_LABEL_STATIC, "static", "users, hosts and plugins may not be found"},
	{0, NULL, NULL},
};

/* The files of the table, and the first setting of each. */
static const struct {
	const struct hone_setting *rows;
	enum hone_setting_id first;
} groups[] = {
	{hone_settings_profile, HONE_SET_OPT_LEVEL},
	{hone_settings_rustc, HONE_SET_RUSTC_TARGET_CPU},
	{hone_settings_link, HONE_SET_LINK_LINKER},
	{hone_settings_std, HONE_SET_STD_BUILD},
	{hone_settings_train, HONE_SET_TRAIN_PGO},
	{hone_settings_post, HONE_SET_POST_STRIP},
};

const struct hone_setting *hone_setting(enum hone_setting_id id)
{
	size_t g = HONE_COUNT(groups) - 1;

	if ((unsigned)id >= HONE_SETTINGS)
		hone_bug("no setting has the number %d", (int)id);
	while (groups[g].first > id)
		g--;
	return &groups[g].rows[id - groups[g].first];
}

const struct hone_setting *hone_setting_next(const struct hone_setting *s)
{
	return s->id + 1 < HONE_SETTINGS ? hone_setting(s->id + 1) : NULL;
}
