#ifndef HONE_SETTINGS_SETTINGS_VALUES_H
#define HONE_SETTINGS_SETTINGS_VALUES_H
/* The lists of values that the rows of settings.c point to. */
#include "settings.h"

extern const struct hone_setting_value hone_values_opt_level[];
extern const struct hone_setting_value hone_values_lto[];
extern const struct hone_setting_value hone_values_codegen_units[];
extern const struct hone_setting_value hone_values_panic[];
extern const struct hone_setting_value hone_values_strip[];
extern const struct hone_setting_value hone_values_debug[];
extern const struct hone_setting_value hone_values_split_debuginfo[];
extern const struct hone_setting_value hone_values_debug_assertions[];
extern const struct hone_setting_value hone_values_overflow_checks[];
extern const struct hone_setting_value hone_values_incremental[];
extern const struct hone_setting_value hone_values_rpath[];
extern const struct hone_setting_value hone_values_inherits[];
extern const struct hone_setting_value hone_values_trim_paths[];
extern const struct hone_setting_value hone_values_codegen_backend[];
extern const struct hone_setting_value hone_values_hint_mostly_unused[];
extern const struct hone_setting_value hone_values_target_cpu[];
extern const struct hone_setting_value hone_values_tune_cpu[];
extern const struct hone_setting_value hone_values_inline_threshold[];
extern const struct hone_setting_value hone_values_preinline_threshold[];
extern const struct hone_setting_value hone_values_ext_tsp_size[];
extern const struct hone_setting_value hone_values_min_jump_table_entries[];
extern const struct hone_setting_value hone_values_compact[];
extern const struct hone_setting_value hone_values_minsize[];
extern const struct hone_setting_value hone_values_vectorize_loops[];
extern const struct hone_setting_value hone_values_vectorize_slp[];
extern const struct hone_setting_value hone_values_force_unwind_tables[];
extern const struct hone_setting_value hone_values_force_frame_pointers[];
extern const struct hone_setting_value hone_values_remap_path_prefix[];
extern const struct hone_setting_value hone_values_prefer_dynamic[];
extern const struct hone_setting_value hone_values_location_detail[];
extern const struct hone_setting_value hone_values_fmt_debug[];
extern const struct hone_setting_value hone_values_share_generics[];
extern const struct hone_setting_value hone_values_virtual_function_elimination[];
extern const struct hone_setting_value hone_values_icf[];
extern const struct hone_setting_value hone_values_relr[];
extern const struct hone_setting_value hone_values_unwind[];
extern const struct hone_setting_value hone_values_pie[];
extern const struct hone_setting_value hone_values_static[];
extern const struct hone_setting_value hone_values_linker[];
extern const struct hone_setting_value hone_values_build_id[];
extern const struct hone_setting_value hone_values_hash_style[];
extern const struct hone_setting_value hone_values_relro[];
extern const struct hone_setting_value hone_values_separate_code[];
extern const struct hone_setting_value hone_values_std_build[];
extern const struct hone_setting_value hone_values_std_features[];
extern const struct hone_setting_value hone_values_pgo[];
extern const struct hone_setting_value hone_values_hot[];
extern const struct hone_setting_value hone_values_symbolizer[];
extern const struct hone_setting_value hone_values_post_strip[];

#endif
