#include "cli.h"

const struct hone_command *const hone_commands[] = {
	&hone_cmd_status,
	&hone_cmd_show,
	&hone_cmd_explain,
	&hone_cmd_try,
	&hone_cmd_build,
	&hone_cmd_apply,
	&hone_cmd_size,
	&hone_cmd_strip,
	&hone_cmd_init,
	&hone_cmd_history,
	&hone_cmd_report,
	&hone_cmd_clean,
	&hone_cmd_self_check,
	&hone_cmd_completions,
	&hone_cmd_man,
	NULL,
};
