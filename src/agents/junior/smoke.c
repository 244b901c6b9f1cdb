/* Asks, asks again what is not as described, keeps it. */
#include "agents/junior/smoke.h"

#include <stdio.h>
#include <string.h>

#include "agents/api_answer.h"
#include "agnostic/base/time.h"

enum {
    SMOKE = 0,      /* the one check there is */
    AGAIN_MAX = 20, /* calls that are made again */
    SMOKE_LINE_MAX = 64 << 10
};

/* A call whose answer was not as described, and what was wrong with the last. */
struct smoke_fault {
    const struct openapi_operation *operation;
    struct api_call call;
    enum api_answer end;
    char words[API_ANSWER_WORDS_SIZE], first[API_ANSWER_WORDS_SIZE];
};

struct smoke {
    struct asker *asker;
    const struct api *api;
    struct site *site;
    struct smoke_fault faults[AGAIN_MAX]; /* that are to be asked again */
    size_t fault_count;
};

/* What the operation answers now. No answer is an error of the server; what may not be asked for
 * any more is none. */
static enum api_answer smoke_ask(struct smoke *smoke, const struct openapi_operation *operation,
                                 const struct api_call *call, char *words) {
    struct api_notes *notes = &smoke->site->api;
    struct http_response response;
    struct fault fault = {0};
    enum api_answer end = API_ANSWER_FINE;
    enum err err = api_call_send(smoke->asker, call, &response, &fault);
    if (err == ERR_OK) {
        end = api_answer_judge(smoke->api, operation, &response, words);
    } else if (err != ERR_BUSY && err != ERR_REFUSED) {
        snprintf(words, API_ANSWER_WORDS_SIZE, "nothing (%.200s)", fault.text);
        end = API_ANSWER_ERROR;
    }
    notes->cut[SMOKE] |= err == ERR_BUSY || err == ERR_REFUSED;
    notes->asked[SMOKE] += err != ERR_BUSY && err != ERR_REFUSED;
    http_response_done(&response);
    return end;
}

static void smoke_note(struct smoke *smoke, const struct smoke_fault *fault) {
    api_notes_add(&smoke->site->api, SMOKE, fault->end == API_ANSWER_ERROR ? 0 : 1, &fault->call,
                  "%s %.*s answers %s", fault->operation->method,
                  JUDGEMENT_VALUE(fault->operation->path), fault->words);
}

/* call becomes smoke's. */
static void smoke_call(struct smoke *smoke, const struct openapi_operation *operation,
                       struct api_call *call) {
    struct smoke_fault fault = {.operation = operation, .call = *call};
    fault.end = smoke_ask(smoke, operation, call, fault.words);
    text_copy(text_of(fault.words), fault.first, sizeof(fault.first));
    if (fault.end != API_ANSWER_FINE && smoke->fault_count < AGAIN_MAX) {
        smoke->faults[smoke->fault_count++] = fault;
        return;
    }
    if (fault.end != API_ANSWER_FINE)
        smoke_note(smoke, &fault);
    api_call_done(call);
}

static void smoke_calls(struct smoke *smoke) {
    const struct api_wish plain = {.size = JSON_SCHEMA_LEAST};
    const struct api *api = smoke->api;
    bool *cut = &smoke->site->api.cut[SMOKE];
    size_t calls = 0;
    for (size_t i = 0; i < openapi_count(api->openapi); i++) {
        const struct openapi_operation *operation = openapi_get(api->openapi, i);
        bool reads =
            strcmp(operation->method, "GET") == 0 || strcmp(operation->method, "HEAD") == 0;
        struct api_call call;
        if (!reads || operation->body_required)
            continue;
        if (calls == SMOKE_CALLS_MAX || time_mono_ms() >= smoke->asker->end_ms) {
            *cut = true; /* making a hostile call takes time too */
            return;
        }
        if (api_call_make(api, operation, &plain, &call) &&
            api_is_open(api, buf_text(&call.url), false)) {
            calls++;
            smoke_call(smoke, operation, &call);
        } else {
            *cut = true;
            api_call_done(&call);
        }
    }
    *cut |= openapi_omitted(api->openapi) > 0;
}

static void smoke_is_flaky(struct smoke *smoke, const struct smoke_fault *fault) {
    struct buf line, name, how;
    buf_init(&line, SMOKE_LINE_MAX);
    buf_init(&name, SMOKE_LINE_MAX);
    buf_init(&how, SMOKE_LINE_MAX);
    api_call_line(&fault->call, &line);
    buf_printf(&name, "%s %.*s", fault->operation->method, JUDGEMENT_VALUE(fault->operation->path));
    buf_printf(&how, "it answered %s", fault->first);
    flaky_add(&smoke->site->flaky, buf_text(&name), buf_text(&how), buf_text(&line));
    buf_done(&line);
    buf_done(&name);
    buf_done(&how);
}

/* All of them once more: a bad moment is none of its faults. */
static void smoke_pass(struct smoke *smoke) {
    size_t kept = 0;
    for (size_t i = 0; i < smoke->fault_count; i++) {
        struct smoke_fault *fault = &smoke->faults[i];
        size_t asked = smoke->site->api.asked[SMOKE];
        char words[API_ANSWER_WORDS_SIZE];
        enum api_answer end = smoke_ask(smoke, fault->operation, &fault->call, words);
        if (end == API_ANSWER_FINE && smoke->site->api.asked[SMOKE] > asked) {
            smoke_is_flaky(smoke, fault);
            api_call_done(&fault->call);
            continue;
        }
        if (end != API_ANSWER_FINE) {
            fault->end = end;
            text_copy(text_of(words), fault->words, sizeof(fault->words));
        }
        smoke->faults[kept++] = *fault;
    }
    smoke->fault_count = kept;
}

static void smoke_again(struct smoke *smoke) {
    for (size_t pass = 0; smoke->fault_count > 0 && pass < FLAKY_PASSES &&
                          asker_pause(smoke->asker, FLAKY_PAUSES_MS[pass]);
         pass++)
        smoke_pass(smoke);
    for (size_t i = 0; i < smoke->fault_count; i++) {
        smoke_note(smoke, &smoke->faults[i]);
        api_call_done(&smoke->faults[i].call);
    }
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
    struct smoke smoke = {.asker = &asker, .api = &api, .site = site};
    if (err == ERR_OK && api.openapi != NULL) {
        smoke_calls(&smoke);
        smoke_again(&smoke);
    }
    site->requests += asker.requests;
    site->bytes += asker.bytes;
    api_done(&api);
    asker_close(&asker);
    return err;
}
