/* tools: the tools there is an adapter for, one table. */
#ifndef AGENTS_ADAPTERS_TOOLS_H
#define AGENTS_ADAPTERS_TOOLS_H

#include "agents/adapters/argument.h"
#include "agents/adapters/readers.h"
#include "agents/agent.h"

/* A file that a tool is to find in its folder. */
struct tool_file {
    const char *name, *text; /* name NULL: none */
};

struct tool {
    const char *name, *title, *prefix;
    const char *program;         /* NULL: the command is given, not known */
    const struct argument *line; /* the command, or NULL */
    struct tool_file file;
    bool wants_target, wants_tls;
    bool keeps_to_target; /* asks for nothing but the target, whatever it finds there */
    int exit_max;         /* an exit status above it makes the result partial */
    int64_t limit_s;      /* of one run */
    int64_t max_bytes;    /* of the output */
    enum err (*read)(struct text output, struct harvest *harvest, struct fault *ret_fault);
};

/* tools_find(name): NULL when there is none of that name. */
const struct tool *tools_find(const char *name);

/* As a registry of agents. */
bool tools_row(const char *name, struct agent_row *ret_row);
bool tools_at(size_t index, struct agent_row *ret_row);

#endif
