/* What the script that apply writes makes of a profile of its own: the levels of train.hot and train.near. */
#include "plan_impl.h"
#include "sym_crate.h"

#include <string.h>

/* The hottest functions that together hold the share, and the flags that spare them: as hone_profdata_hot and
 * plan_train.c have it. One line a --config argument, none too long for the kernel. */
static const char weights[] =
	"\t\"$tool\" show --all-functions --counts \"$profile\" | awk -v near=\"$near\" '\n"
	"\t\t/^  [^ ].*:$/ { name = substr($0, 3, length($0) - 3); sub(/.*;/, \"\", name) }\n"
	"\t\t/^    Block counts: / {\n"
	"\t\t\tweight = 0\n"
	"\t\t\tn = split(substr($0, 20), counts, /[^0-9]+/)\n"
	"\t\t\tfor (i = 1; i <= n; i++) weight += counts[i]\n"
	"\t\t\tif (weight > 0 || near) printf \"%.0f %s\\n\", weight, name\n"
	"\t\t}' | LC_ALL=C sort -k1,1nr -k2,2 | awk -v key=\"$key\" -v share=\"$share\" -v "
	"near=\"$near\" '\n";

static const char levels_of_weights[] =
	"\t\tfunction add(flag) {\n"
	"\t\t\tline = line (line ? \", \" : \"\") \"\\\"-Cllvm-args=\" flag \"\\\"\"\n"
	"\t\t\tif (length(line) > 60000) finish()\n"
	"\t\t}\n"
	"\t\tfunction finish() { if (line) print key \"=[\" line \"]\"; line = \"\" }\n"
	"\t\tfunction flush() { if (n_together) add(together); n_together = 0; together = \"\" }\n"
	"\t\tfunction spare(name) {\n"
	"\t\t\tseen[name] = 1\n"
	"\t\t\tused += length(name) + 34\n"
	"\t\t\ttogether = together (together ? \" \" : \"\") \"-force-remove-attribute=\" name "
	"\":minsize\"\n"
	"\t\t\tif (++n_together == 64) flush()\n"
	"\t\t}\n"
	"\t\t{ weights[NR] = $1; names[NR] = $2; total += $1 }\n"
	"\t\tEND {\n"
	"\t\t\tadd(\"-force-attribute=minsize\")\n"
	"\t\t\tfor (i = 1; i <= NR && sum < share * total; i++) {\n"
	"\t\t\t\tsum += weights[i]\n"
	"\t\t\t\tif (names[i] in seen) continue\n"
	"\t\t\t\tspare(names[i])\n"
	"\t\t\t\thot[++hots] = names[i]\n"
	"\t\t\t}\n";

static const char end_of_levels[] =
	"\t\t\tflush()\n"
	"\t\t\tfinish()\n"
	"\t\t}' >\"$work/levels\"\n"
	"\twhile IFS= read -r line; do set -- \"$@\" --config \"$line\"; done <\"$work/levels\"\n";

/* For train.near: the other functions of their modules, then of their crates, as plan_near.c finds them, as far as there
 * is room. */
static const char near_of_modules[] =
	"\t\t\tflush()\n"
	"\t\t\tfor (i = 1; i <= NR; i++) modules[i] = module(names[i])\n"
	"\t\t\tfor (k = 1; k <= hots; k++) spare_near(module(hot[k]), 0)\n";

static const char near_of_crates[] =
	"\t\t\tfor (k = 1; k <= hots; k++) spare_near(module(hot[k]), 1)\n";

static const char near_of_one[] =
	"\t\tfunction crate(name) { sub(/:.*/, \"\", name); return name }\n"
	"\t\tfunction spare_near(wanted, whole) {\n"
	"\t\t\tif (whole) wanted = crate(wanted)\n"
	"\t\t\tif (wanted == \"\" || (whole, wanted) in done) return\n"
	"\t\t\tdone[whole, wanted] = 1\n"
	"\t\t\tfor (i = 1; i <= NR; i++) {\n"
	"\t\t\t\tif ((whole ? crate(modules[i]) : modules[i]) != wanted || names[i] in seen) "
	"continue\n"
	"\t\t\t\tfull = full || used + length(names[i]) + 34 > near\n"
	"\t\t\t\tif (!full) spare(names[i])\n"
	"\t\t\t}\n"
	"\t\t}\n";

/* What reads names as hone_sym_module does. */
static const char modules_of_names[] =
	"\t\tfunction part(between) { # takes the next length and name from left\n"
	"\t\t\tif (!match(left, /^[0-9]+/)) return 0\n"
	"\t\t\tn = substr(left, 1, RLENGTH) + 0\n"
	"\t\t\tleft = substr(left, RLENGTH + 1)\n"
	"\t\t\tif (between) sub(/^_/, \"\", left)\n"
	"\t\t\tpiece = substr(left, 1, n)\n"
	"\t\t\tleft = substr(left, n + 1)\n"
	"\t\t\treturn length(piece) == n\n"
	"\t\t}\n"
	"\t\tfunction join(name) { found = found (found ? \"::\" : \"\") name }\n"
	"\t\tfunction of_type() {\n"
	"\t\t\twhile (sub(/^([$]RF[$]|mut[$]u20[$]|dyn[$]u20[$])/, \"\", piece)) { }\n"
	"\t\t\twhile (match(piece, /^[a-z_][^.$]*[.][.]/) && piece !~ /^_[$]/) {\n"
	"\t\t\t\tjoin(substr(piece, 1, RLENGTH - 2))\n"
	"\t\t\t\tpiece = substr(piece, RLENGTH + 1)\n"
	"\t\t\t}\n"
	"\t\t\treturn piece ~ /^[A-Z]/ ? found : \"\"\n"
	"\t\t}\n"
	"\t\tfunction legacy() { # _ZN, parts, 17h and the hash\n"
	"\t\t\tfor (first = 1; part(0); first = 0) {\n"
	"\t\t\t\tif (first && sub(/^_[$]LT[$]/, \"\", piece)) return of_type()\n"
	"\t\t\t\tif (piece ~ /^_[$]u7b[$][$]u7b[$]/) found = before\n"
	"\t\t\t\tif (piece !~ /^[a-z_]/ || piece ~ /^_[$]/ || left ~ /^17h/) return found\n"
	"\t\t\t\tbefore = found\n"
	"\t\t\t\tjoin(piece)\n"
	"\t\t\t}\n"
	"\t\t\treturn \"\"\n"
	"\t\t}\n"
	"\t\tfunction v0() { # _R, tags from the outside in, the crate, names from the inside out\n"
	"\t\t\tfor (tags = \"\"; left !~ /^C/; left = substr(left, 2)) {\n"
	"\t\t\t\tif (left ~ /^N./) {\n"
	"\t\t\t\t\ttags = tags substr(left, 2, 1)\n"
	"\t\t\t\t\tleft = substr(left, 2)\n"
	"\t\t\t\t} else if (left ~ /^[MX]/) {\n"
	"\t\t\t\t\ttags = \"\"\n"
	"\t\t\t\t\tif (match(left, /^.s[^_]*_/)) left = substr(left, RLENGTH)\n"
	"\t\t\t\t} else if (left !~ /^I/) return \"\"\n"
	"\t\t\t}\n"
	"\t\t\tleft = substr(left, 2)\n"
	"\t\t\tdo {\n"
	"\t\t\t\tif (match(left, /^s[^_]*_/)) left = substr(left, RLENGTH + 1)\n"
	"\t\t\t\tsub(/^u/, \"\", left)\n"
	"\t\t\t\tif (!part(1) || piece !~ /^[a-z_]/) return found\n"
	"\t\t\t\tjoin(piece)\n"
	"\t\t\t\tmore = tags ~ /t$/\n"
	"\t\t\t\ttags = substr(tags, 1, length(tags) - 1)\n"
	"\t\t\t} while (more)\n"
	"\t\t\treturn found\n"
	"\t\t}\n"
	"\t\tfunction module(name) {\n"
	"\t\t\tfound = before = \"\"\n"
	"\t\t\tleft = substr(name, name ~ /^_R/ ? 3 : 4)\n"
	"\t\t\tname = name ~ /^_ZN/ ? legacy() : name ~ /^_R/ ? v0() : \"\"\n"
	"\t\t\treturn name ~ /^(STD)(:|$)/ ? \"\" : name\n"
	"\t\t}\n";

void hone_plan_levels_script(const struct hone_plan *plan, struct hone_buf *b)
{
	hone_buf_adds(b, weights);
	if (plan->near_room) {
		const char *at = strstr(modules_of_names, "STD");

		hone_buf_add(b, modules_of_names, (size_t)(at - modules_of_names));
		for (size_t i = 0; hone_sym_std_crates[i]; i++)
			hone_buf_addf(b, "%s%s", i ? "|" : "", hone_sym_std_crates[i]);
		hone_buf_adds(b, at + strlen("STD"));
		hone_buf_adds(b, near_of_one);
	}
	hone_buf_adds(b, levels_of_weights);
	if (plan->near_room)
		hone_buf_adds(b, near_of_modules);
	if (plan->near_room && hone_plan_near_crates(plan))
		hone_buf_adds(b, near_of_crates);
	hone_buf_adds(b, end_of_levels);
}
