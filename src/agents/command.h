/* command: the command line of agnostic-agent. */
#ifndef AGENTS_COMMAND_H
#define AGENTS_COMMAND_H

/* command_run(argc, argv): carries the command out; returns the exit status. */
int command_run(int argc, char **argv);

#endif
