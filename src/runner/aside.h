/* aside: one bounded piece of work in a process of its own, so that what may block for long
 * (names, receivers of callbacks) stops neither beats nor housekeeping. */
#ifndef AGNOSTIC_RUNNER_ASIDE_H
#define AGNOSTIC_RUNNER_ASIDE_H

#include <stddef.h>
#include <sys/types.h>

#include "agnostic/base/err.h"
#include "runner/pulse.h"

enum { ASIDE_ANSWER_MAX = 4096 }; /* one atomic write to a pipe */

struct aside {
    pid_t pid;
    int fd; /* readable when the answer is there or never will be */
};

/* aside_start(work, ctx, answer, size, &aside): calls work(ctx, answer) in a forked child,
 * then sends the `size` bytes of answer. ERR_IO when there is no process to be had. */
enum err aside_start(void (*work)(void *ctx, void *answer), void *ctx, void *answer, size_t size,
                     struct aside *ret_aside);
/* aside_take(aside, answer, size): the answer, and the end of the child (killed when it has
 * not answered). ERR_IO: there was none; answer is untouched. */
enum err aside_take(struct aside *aside, void *answer, size_t size);
/* aside_run(work, ctx, answer, size, limit_ms, pulse): start, wait, take. ERR_TIMEOUT;
 * ERR_LOST when the pulse ordered an end. */
enum err aside_run(void (*work)(void *ctx, void *answer), void *ctx, void *answer, size_t size,
                   int64_t limit_ms, const struct pulse *pulse);

#endif
