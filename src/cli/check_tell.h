#ifndef HONE_CLI_CHECK_TELL_H
#define HONE_CLI_CHECK_TELL_H
/* Who else is told of a check. */
#include "check_report.h"
#include "cli.h"

/* Are these values of --also FORMAT=FILE? HONE_E_USAGE */
int hone_check_also_fits(const struct hone_strv *also, struct hone_err *err);
/* Writes the files of --also. */
int hone_check_tell_files(
	const struct hone_strv *also, const struct hone_check_doc *doc, struct hone_err *err);
/* What GitHub reads of a step: its summary is a file to append to, and a line that begins with `::` an annotation. */
void hone_check_tell_github(struct hone_cli *cli, const struct hone_check_doc *doc);

#endif
