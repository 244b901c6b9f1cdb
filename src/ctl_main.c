/* agnosticctl: keys, tasks and a doctor for operators and CI. A table of contents, nothing more. */
#include "ctl/dispatch.h"

int main(int argc, char **argv) {
    return dispatch_run(argc, argv);
}
