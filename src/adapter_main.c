/* agnostic-adapter: has a tool of others do an agent's work, run by the runner or by hand. */
#include "agents/adapters/command_adapter.h"

int main(int argc, char **argv) {
    return command_run(&COMMAND_ADAPTER, argc, argv);
}
