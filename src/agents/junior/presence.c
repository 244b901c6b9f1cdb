/* Samples in time. Judges nothing. */
#include "agents/junior/presence.h"

#include <stdio.h>

#include "agnostic/base/time.h"

enum { SERVER_ERROR = 500 };

static const struct http_limits LIMITS = {5000, 10000, 16 << 10, 64 << 10};

void presence_watch(struct presence *presence, const char *url) {
    *presence = (struct presence){.url = url, .next_ms = time_mono_ms() + PRESENCE_INTERVAL_MS};
}

void presence_look(struct presence *presence, struct asker *asker) {
    struct http_response response = {0};
    struct fault fault = {0};
    if (presence->url == NULL || time_mono_ms() < presence->next_ms)
        return;
    const struct http_request request = {.method = "GET", .url = text_of(presence->url)};
    enum err err = asker_send(asker, &request, &LIMITS, &response, &fault);
    presence->next_ms = time_mono_ms() + PRESENCE_INTERVAL_MS;
    if (err == ERR_BUSY)
        return;
    presence->asked++;
    if (err != ERR_OK)
        snprintf(presence->why, sizeof(presence->why), "%.60s", fault.text);
    else if (response.status >= SERVER_ERROR)
        snprintf(presence->why, sizeof(presence->why), "it answered %d", response.status);
    presence->absent += err != ERR_OK || response.status >= SERVER_ERROR;
    http_response_done(&response);
}

double presence_absence(const struct presence *presence) {
    return (double)presence->absent / (double)presence->asked;
}
