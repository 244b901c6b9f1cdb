/* Single requests and the phases of the first. Judges nothing. */
#include "agents/performance/single.h"

#include <stdio.h>
#include <stdlib.h>

#include "agnostic/base/time.h"

enum { FAILURES_IN_A_ROW = 2, SECOND_MS = 1000, BUDGET_MS = 5000 };

static const struct http_limits LIMITS = {5000, 10000, 64 << 20, 256 << 10};

/* Of one asking. */
struct single {
    struct perf_first first;
    int64_t cold[PERF_FIRST_REQUESTS], warm[PERF_FIRST_REQUESTS];
    size_t cold_count, warm_count;
};

static void single_time(struct single *single, bool fresh, int64_t us) {
    if (fresh)
        single->cold[single->cold_count++] = us;
    else
        single->warm[single->warm_count++] = us;
}

static int single_by_time(const void *a, const void *b) {
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static int64_t single_median(int64_t *us, size_t count) {
    if (count == 0)
        return 0;
    qsort(us, count, sizeof(us[0]), single_by_time);
    return us[count / 2];
}

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
static bool single_send(struct http *http, struct text url, struct single *single) {
    struct perf_first *first = &single->first;
    const struct http_request request = {
        .method = "GET", .url = url, .fresh = first->asked % 2 == 0};
    struct http_response response;
    struct fault fault = {0};
    enum err err = http_send(http, &request, &LIMITS, &response, &fault);
    first->asked++;
    first->refused |= err == ERR_REFUSED;
    if (err != ERR_OK) {
        snprintf(first->why, sizeof(first->why), "%.*s", (int)sizeof(first->why) - 1, fault.text);
        http_response_done(&response);
        return false;
    }
    single_note(first, &response);
    single_time(single, request.fresh, response.total_us);
    http_response_done(&first->response);
    first->response = response;
    return true;
}

enum err single_ask(const struct gate *gate, struct text url, enum http_version version,
                    int64_t max_rps, struct perf_first *ret_first) {
    struct single single = {.cold_count = 0};
    struct http *http = NULL;
    enum err err = http_new(gate, "agnostic-qa/" AGNOSTIC_VERSION, &http);
    if (err != ERR_OK)
        return err;
    http_speak(http, version);
    http_trust(http, false); /* certificates are judged by another agent */
    int64_t end_ms = time_mono_ms() + BUDGET_MS;
    for (int bad = 0; single.first.asked < PERF_FIRST_REQUESTS && bad < FAILURES_IN_A_ROW &&
                      time_mono_ms() < end_ms;) {
        bad = single_send(http, url, &single) ? 0 : bad + 1;
        time_sleep_ms((SECOND_MS + max_rps - 1) / max_rps);
    }
    http_free(http);
    single.first.cold_us = single_median(single.cold, single.cold_count);
    single.first.warm_us = single_median(single.warm, single.warm_count);
    *ret_first = single.first;
    return ERR_OK;
}

void single_done(struct perf_first *first) {
    http_response_done(&first->response);
}
