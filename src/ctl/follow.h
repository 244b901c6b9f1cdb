/* follow: what `log` and `events` have in common: one task, asked about again and again. */
#ifndef CTL_FOLLOW_H
#define CTL_FOLLOW_H

#include "ctl/client.h"
#include "ctl/command.h"

/* One step: asks, prints what is new. */
enum follow_step {
    FOLLOW_NEWS,    /* there may be more at once */
    FOLLOW_NOTHING, /* nothing new yet */
    FOLLOW_END,     /* and nothing will come */
    FOLLOW_REFUSED  /* answer or fault says why */
};
typedef enum follow_step follow_ask(void *ctx, struct client *client, enum err *ret_err,
                                    struct client_answer *ret_answer, struct fault *ret_fault);

/* follow_run(settings, options, what, ask, ctx): runs a command whose operand is a task's id: asks
 * once, and as long as there are news; with --follow until the end. A service that is away
 * meanwhile is waited for. Returns the exit status. */
int follow_run(const struct settings *settings, const struct options *options, const char *what,
               follow_ask *ask, void *ctx);

#endif
