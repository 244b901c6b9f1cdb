/* launch: one command, from its start to its end, bounded in time and in what it writes. */
#ifndef AGENTS_ADAPTERS_LAUNCH_H
#define AGENTS_ADAPTERS_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "agnostic/base/err.h"

struct launch {
    char *const *argv;  /* argv[0] is looked for in PATH */
    const char *folder; /* it works in */
    const char *out;    /* file that takes its standard output; NULL: nobody wants it */
    int64_t limit_ms;   /* then it is killed */
    int64_t max_bytes;  /* of any one file it writes; then it is killed (SIGXFSZ) */
};

struct launch_end {
    bool timed_out;
    int signal; /* that ended it, 0: none */
    int status; /* exit status */
};

/* launch_run(launch, &end, &fault): ERR_NOT_AVAILABLE: there is no such program. ERR_IO: it could
 * not be started. Its standard error is ours; it dies with the thread that calls this. */
enum err launch_run(const struct launch *launch, struct launch_end *ret_end,
                    struct fault *ret_fault);

/* launch_installed(name): is there such a program in PATH? */
bool launch_installed(const char *name);

#endif
