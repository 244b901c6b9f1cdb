/* follow: the loop of `log` and `events`. Must not know what is asked. */
#include "ctl/follow.h"

#include <stdio.h>

#include "agnostic/base/id.h"
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
    struct fault fault = {0};
    if (!id_is_task(text_of(options_operand(options, 0)))) {
        fputs("agnosticctl: that is no task id: letters, digits and '-', at most 100\n", stderr);
        return CTL_USAGE;
    }
    enum err err = client_new(settings, &client, &fault);
    if (err != ERR_OK) {
        fprintf(stderr, "agnosticctl: %s\n", fault.text);
        return err_exit(err);
    }
    int status = follow(client, options_flag(options, "follow"), what, ask, ctx);
    client_free(client);
    return status;
}
