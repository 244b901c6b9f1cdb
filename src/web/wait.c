/* wait: who may wait, and for how long. Must not know what for. */
#include "web/wait.h"

#include <signal.h>
#include <stdio.h>

#include "agnostic/base/time.h"
#include "web/board.h"
#include "web/prefer.h"
#include "web/query.h"

enum { WAIT_STEP_MS = 1000 };

enum err wait_read(const struct call *call, struct wait *ret_wait, struct json_out *detail) {
    struct wait wait = {0};
    int64_t seconds = -1;
    enum err err = query_int(call->query, "wait", 0, INT32_MAX, -1, &seconds, detail);
    if (err != ERR_OK)
        return err;
    if (seconds < 0)
        wait.preferred = prefer_wait(call->incoming->header[INCOMING_PREFER], &seconds);
    wait.seconds = seconds < 0 ? 0 : seconds < WAIT_MAX_S ? seconds : WAIT_MAX_S;
    *ret_wait = wait;
    return ERR_OK;
}

bool wait_begin(struct call *call, struct wait *wait) {
    if (wait->seconds == 0 || !board_wait_begin(call->service->board))
        return false;
    wait->begun = true;
    wait->begun_us = time_mono_us();
    wait->deadline_ms = wait->begun_us / 1000 + wait->seconds * 1000;
    return true;
}

/* A worker's stop signals are blocked and never taken: they stay pending (worker.c). */
static bool wait_is_to_stop(void) {
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1 ||
            sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGUSR1) == 1);
}

int64_t wait_left_ms(const struct wait *wait) {
    int64_t left = wait->deadline_ms - time_mono_ms();
    if (left <= 0 || wait_is_to_stop())
        return 0;
    return left < WAIT_STEP_MS ? left : WAIT_STEP_MS;
}

void wait_end(struct call *call, struct wait *wait) {
    char field[32];
    board_wait_end(call->service->board);
    call->waited_us = time_mono_us() - wait->begun_us;
    if (!wait->preferred)
        return;
    snprintf(field, sizeof(field), "wait=%lld", (long long)wait->seconds);
    reply_field(call->reply, "Preference-Applied", text_of(field));
}
