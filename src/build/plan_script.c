#include "fs.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "text.h"

#include <string.h>

static const char head[] = "#!/bin/sh\n"
			   "# Written by hone: builds with the profile that lies beside this "
			   "script. Arguments go to cargo.\n"
			   "# The profile fits the sources that it was made from; the more they "
			   "change, the less it helps.\n"
			   "set -eu\n"
			   "here=$(cd \"$(dirname \"$0\")\" && pwd)\n"
			   "cd \"$here/../..\"\n"
			   "profile=$(printf '%%s' \"$here/%s\" | sed 's/[\\\\\"]/\\\\&/g')\n"
			   "exec \"${CARGO:-cargo}\"";

char *hone_plan_script(const struct hone_plan *plan, const struct hone_build_env *env)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	struct hone_buf b = HONE_BUF_INIT;
	size_t i = 0;

	hone_plan_alias(plan, env, &words);
	hone_buf_addf(&b, head, hone_path_base(plan->profile));
	for (; i < words.n && strcmp(words.v[i], "--") != 0; i++) {
		hone_buf_adds(&b, " \\\n\t");
		hone_text_shell_word(&b, words.v[i]);
	}
	hone_buf_adds(&b, " \\\n\t--config \"");
	for (const char *c = plan->graph_key; *c; c++)
		hone_buf_addf(&b, "%s%c", strchr("\"\\$`", *c) ? "\\" : "", *c);
	hone_buf_adds(&b, "=[\\\"-Cprofile-use=$profile\\\"]\" \\\n\t\"$@\"");
	for (; i < words.n; i++) {
		hone_buf_adds(&b, " \\\n\t");
		hone_text_shell_word(&b, words.v[i]);
	}
	hone_buf_addc(&b, '\n');
	return hone_buf_detach(&b);
}
