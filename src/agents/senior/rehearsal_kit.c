/* One call within the bounds. Judges nothing. */
#include "agents/senior/rehearsal_kit.h"

#include <string.h>

#include "agnostic/base/time.h"

bool rehearsal_is_reading(const char *method) {
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           strcmp(method, "OPTIONS") == 0;
}

bool rehearsal_goes_on(struct rehearsal *run) {
    bool on = run->calls < REHEARSAL_CALLS_MAX && run->calls_here < REHEARSAL_OPERATION_CALLS_MAX &&
              time_mono_ms() < run->end_ms;
    run->over |= !on;
    return on;
}

bool rehearsal_call(struct rehearsal *run, const struct api_wish *wish, struct api_call *ret_call,
                    struct http_response *ret_response) {
    struct fault fault = {0};
    *ret_response = (struct http_response){0};
    *ret_call = (struct api_call){.has_body = false};
    if (!rehearsal_goes_on(run))
        return false;
    if (!api_call_make(run->api, run->operation, wish, ret_call) ||
        !api_is_open(run->api, buf_text(&ret_call->url), run->may_change)) {
        run->over = true;
        return false;
    }
    run->calls++;
    run->calls_here++;
    enum err err = api_call_send(run->asker, ret_call, ret_response, &fault);
    run->over |= err == ERR_BUSY;
    return err == ERR_OK;
}

void rehearsal_done(struct api_call *call, struct http_response *response) {
    api_call_done(call);
    http_response_done(response);
}
