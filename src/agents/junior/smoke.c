/* Asks, asks again what is not as described, keeps it. */
#include "agents/junior/smoke.h"

#include <string.h>

#include "agents/api_answer.h"
#include "agnostic/base/time.h"

enum { SMOKE = 0 /* the one check there is */ };

/* Asked twice, so that a bad moment is none of its faults. */
static void smoke_call(struct asker *asker, const struct api *api,
                       const struct openapi_operation *operation, const struct api_call *call,
                       struct api_notes *notes) {
    char words[API_ANSWER_WORDS_SIZE];
    enum api_answer ends[2] = {API_ANSWER_FINE, API_ANSWER_FINE};
    for (size_t i = 0; i < 2 && (i == 0 || ends[0] != API_ANSWER_FINE); i++) {
        struct http_response response;
        struct fault fault = {0};
        enum err err = api_call_send(asker, call, &response, &fault);
        notes->cut[SMOKE] |= err == ERR_BUSY;
        notes->asked[SMOKE] += err == ERR_OK;
        if (err == ERR_OK)
            ends[i] = api_answer_judge(api, operation, &response, words);
        http_response_done(&response);
    }
    if (ends[0] != API_ANSWER_FINE && ends[1] == ends[0])
        api_notes_add(notes, SMOKE, ends[0] == API_ANSWER_ERROR ? 0 : 1, call, "%s %.*s answers %s",
                      operation->method, JUDGEMENT_VALUE(operation->path), words);
}

static void smoke_calls(struct asker *asker, const struct api *api, struct api_notes *notes) {
    const struct api_wish plain = {.size = JSON_SCHEMA_LEAST};
    size_t calls = 0;
    for (size_t i = 0; i < openapi_count(api->openapi); i++) {
        const struct openapi_operation *operation = openapi_get(api->openapi, i);
        bool reads =
            strcmp(operation->method, "GET") == 0 || strcmp(operation->method, "HEAD") == 0;
        struct api_call call;
        if (!reads || operation->body_required)
            continue;
        if (calls == SMOKE_CALLS_MAX || time_mono_ms() >= asker->end_ms) {
            notes->cut[SMOKE] = true; /* making a hostile call takes time too */
            return;
        }
        bool made = api_call_make(api, operation, &plain, &call) &&
                    api_is_open(api, buf_text(&call.url), false);
        calls += made;
        if (made)
            smoke_call(asker, api, operation, &call, notes);
        else
            notes->cut[SMOKE] = true;
        api_call_done(&call);
    }
    notes->cut[SMOKE] |= openapi_omitted(api->openapi) > 0;
}

enum err smoke_run(const struct agent *agent, const struct gate *gate, struct site *site) {
    struct asker asker;
    struct api api = {.openapi = NULL};
    if (site->home[0] == '\0' || !agent->task->modes[RULE_SAFE])
        return ERR_OK;
    enum err err = asker_open(&asker, agent->task, gate, site->non_public, SMOKE_BUDGET_MS);
    if (err == ERR_OK) {
        asker.most -= (int64_t)site->requests;
        err = api_find(&asker, site->home, &api);
    }
    api_notes_of(&site->api, &api);
    if (err == ERR_OK && api.openapi != NULL)
        smoke_calls(&asker, &api, &site->api);
    site->requests += asker.requests;
    site->bytes += asker.bytes;
    api_done(&api);
    asker_close(&asker);
    return err;
}
