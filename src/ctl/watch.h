/* watch: waits for a task to end, however the service comes and goes meanwhile. */
#ifndef CTL_WATCH_H
#define CTL_WATCH_H

#include "ctl/client.h"

enum watch_end {
    WATCH_FINISHED, /* answer holds the finished task */
    WATCH_TIMEOUT,  /* it is still not finished, or the service has not been back */
    WATCH_REFUSED   /* the service will not say: answer or fault holds why */
};

/* watch_task(client, id, timeout_s, &err, &answer, &fault): polls as often as Retry-After asks.
 * No answer, 429 and 5xx are waited out. The caller releases answer in every case. */
enum watch_end watch_task(struct client *client, const char *id, int64_t timeout_s,
                          enum err *ret_err, struct client_answer *ret_answer,
                          struct fault *ret_fault);

#endif
