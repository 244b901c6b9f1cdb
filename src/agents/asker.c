/* Turns, counts and patience. Must not know what answers mean. */
#include "agents/asker.h"

#include "agnostic/base/time.h"

enum { US_PER_MS = 1000 };

enum err asker_open(struct asker *asker, const struct agent_task *task, const struct gate *gate,
                    bool non_public, int64_t budget_ms) {
    int64_t rate = non_public ? ASKER_RPS : ASKER_RPS_PUBLIC;
    *asker = (struct asker){.bounds = task->bounds,
                            .end_ms = time_mono_ms() + agent_task_left_ms(task, budget_ms),
                            .most = INT64_MAX};
    json_int(json_path(task->root, "limits.max_requests"), 1, INT64_MAX, &asker->most);
    bucket_init(&asker->bucket, rate < task->max_rps ? rate : task->max_rps);
    enum err err = http_new(gate, "agnostic-qa/" AGNOSTIC_VERSION, &asker->http);
    if (err == ERR_OK)
        http_trust(asker->http, false); /* certificates are judged by another agent */
    return err;
}

void asker_close(struct asker *asker) {
    http_free(asker->http);
    asker->http = NULL;
}

bool asker_turn(struct asker *asker) {
    int64_t wait_us = bucket_wait_us(&asker->bucket, time_mono_us());
    if (asker->failures >= ASKER_FAILURES_MAX || (int64_t)asker->requests >= asker->most ||
        time_mono_ms() + wait_us / US_PER_MS >= asker->end_ms)
        return false;
    time_sleep_ms((wait_us + US_PER_MS - 1) / US_PER_MS);
    bucket_take(&asker->bucket, time_mono_us());
    asker->requests++;
    return true;
}

bool asker_pause(struct asker *asker, int64_t ms) {
    if (time_mono_ms() + ms >= asker->end_ms)
        return false;
    time_sleep_ms(ms);
    asker->failures = 0;
    return true;
}

void asker_heed(struct asker *asker, enum err err, int status, int64_t retry_after_s,
                int64_t total_us) {
    asker->failures = err == ERR_OK ? 0 : asker->failures + 1;
    if (err != ERR_OK)
        return;
    bucket_heed(&asker->bucket, status, retry_after_s, time_mono_us());
    bucket_time(&asker->bucket, total_us);
}

enum err asker_send(struct asker *asker, const struct http_request *request,
                    const struct http_limits *limits, struct http_response *response,
                    struct fault *fault) {
    *response = (struct http_response){0};
    enum err err = http_permits(asker->http, request, fault);
    if (err != ERR_OK)
        return err;
    if (!asker_turn(asker))
        return ERR_BUSY;
    err = http_send(asker->http, request, limits, response, fault);
    asker_heed(asker, err, response->status, response->retry_after_s, response->total_us);
    asker->bytes += err == ERR_OK ? response->wire_bytes : 0;
    return err;
}
