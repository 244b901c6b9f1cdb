/* agnostic-agent: one of the six built-in agents, run by the runner or by hand. */
#include "agents/command.h"

int main(int argc, char **argv) {
    return command_run(&COMMAND_AGENT, argc, argv);
}
