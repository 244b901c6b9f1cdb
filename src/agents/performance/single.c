/* Single requests and the phases of the first. Judges nothing. */
#include "agents/performance/single.h"

#include <stdio.h>

#include "agnostic/base/time.h"

enum { FAILURES_IN_A_ROW = 2, SECOND_MS = 1000, BUDGET_MS = 5000 };

static const struct http_limits LIMITS = {5000, 10000, 64 << 20, 256 << 10};

static void single_note(struct perf_first *first, const struct http_response *response) {
    if (first->answered == 0) {
        first->dns_us = response->dns_us;
        first->connect_us = response->connect_us;
        first->tls_us = response->tls_us;
        first->first_byte_us = response->first_byte_us;
    }
    if (first->answered == 0 || response->total_us < first->total_us)
        first->total_us = response->total_us;
    first->answered++;
    first->status = response->status;
    first->version = response->version;
}

/* False when it failed. */
static bool single_send(struct http *http, struct text url, struct perf_first *first) {
    const struct http_request request = {.method = "GET", .url = url};
    struct http_response response;
    struct fault fault = {0};
    enum err err = http_send(http, &request, &LIMITS, &response, &fault);
    first->asked++;
    if (err == ERR_OK)
        single_note(first, &response);
    else
        snprintf(first->why, sizeof(first->why), "%.*s", (int)sizeof(first->why) - 1, fault.text);
    first->refused |= err == ERR_REFUSED;
    http_response_done(&response);
    return err == ERR_OK;
}

enum err single_ask(const struct gate *gate, struct text url, enum http_version version,
                    int64_t max_rps, struct perf_first *ret_first) {
    struct perf_first first = {0};
    struct http *http = NULL;
    enum err err = http_new(gate, "agnostic-qa/" AGNOSTIC_VERSION, &http);
    if (err != ERR_OK)
        return err;
    http_speak(http, version);
    http_trust(http, false); /* certificates are judged by another agent */
    int64_t end_ms = time_mono_ms() + BUDGET_MS;
    for (int bad = 0;
         first.asked < PERF_FIRST_REQUESTS && bad < FAILURES_IN_A_ROW && time_mono_ms() < end_ms;) {
        bad = single_send(http, url, &first) ? 0 : bad + 1;
        time_sleep_ms((SECOND_MS + max_rps - 1) / max_rps);
    }
    http_free(http);
    *ret_first = first;
    return ERR_OK;
}
