/* command_adapter: the command line of agnostic-adapter. */
#ifndef AGENTS_ADAPTERS_COMMAND_ADAPTER_H
#define AGENTS_ADAPTERS_COMMAND_ADAPTER_H

#include "agents/command.h"

extern const struct command_program COMMAND_ADAPTER;

#endif
