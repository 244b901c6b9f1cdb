/* command: the command line of the programs that are agents. */
#ifndef AGENTS_COMMAND_H
#define AGENTS_COMMAND_H

#include "agents/agent.h"

/* What is different from program to program. */
struct command_program {
    const char *name;
    const char *usage, *about; /* pages of --help before and after the options */
    const struct option_row *options;
    size_t option_count;
    bool (*find)(const char *name, struct agent_row *ret_row);
    bool (*at)(size_t index, struct agent_row *ret_row); /* false behind the last */
    /* --list, of the one that the operands name or of all; the exit status. AGENT_BAD_TASK: there
     * is none of that name. */
    int (*list)(const struct options *options, struct buf *buf);
};

/* command_run(program, argc, argv): carries the command out; returns the exit status. */
int command_run(const struct command_program *program, int argc, char **argv);

/* agnostic-agent */
extern const struct command_program COMMAND_AGENT;

#endif
