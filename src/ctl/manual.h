/* manual: --help, as a man page would have it, from the table of commands. */
#ifndef CTL_MANUAL_H
#define CTL_MANUAL_H

#include "ctl/command.h"

/* manual_put(buf, command): one command's page; NULL: the program's. */
void manual_put(struct buf *buf, const struct command *command);
/* manual_synopsis(buf, command): "agnosticctl task show [--json] ID", one line. */
void manual_synopsis(struct buf *buf, const struct command *command);

#endif
