#ifndef HONE_CLI_MAN_TEXT_H
#define HONE_CLI_MAN_TEXT_H
/* Templates of the man pages in mdoc: lines like @COMMANDS@ stand for what the tables say. */

extern const char hone_man_command[], hone_man_settings[];

#endif
