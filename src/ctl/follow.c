/* follow: the loop of `log` and `events`. Must not know what is asked. */
#include "ctl/follow.h"

#include <stdio.h>

#include "agnostic/base/time.h"

enum { PAUSE_DEFAULT_S = 2, PAUSE_MAX_S = 60 };

static void rest(const struct client_answer *answer) {
    int64_t seconds = answer->retry_after_s > 0 ? answer->retry_after_s : PAUSE_DEFAULT_S;
    time_sleep_ms((seconds < PAUSE_MAX_S ? seconds : PAUSE_MAX_S) * 1000);
}

static int follow(struct client *client, bool goes_on, const char *what, follow_ask *ask,
                  void *ctx) {
    for (;;) {
        struct client_answer answer = {.retry_after_s = -1};
        struct fault fault = {0};
        enum err err = ERR_OK;
        int status = CTL_OK;
        enum follow_step step = ask(ctx, client, &err, &answer, &fault);
        fflush(stdout);
        bool away = step == FOLLOW_REFUSED && client_is_down(err, &answer);
        bool again = step == FOLLOW_NEWS || (goes_on && (step == FOLLOW_NOTHING || away));
        if (!again && step == FOLLOW_REFUSED)
            status = client_complain(what, err, &answer, &fault);
        if (again && step != FOLLOW_NEWS)
            rest(&answer);
        client_answer_done(&answer);
        if (!again)
            return status;
    }
}

int follow_run(const struct settings *settings, const struct options *options, const char *what,
               follow_ask *ask, void *ctx) {
    struct client *client;
    int status = client_check_task(options_operand(options, 0));
    if (status == CTL_OK)
        status = client_open(settings, &client);
    if (status != CTL_OK)
        return status;
    status = follow(client, options_flag(options, "follow"), what, ask, ctx);
    client_free(client);
    return status;
}
