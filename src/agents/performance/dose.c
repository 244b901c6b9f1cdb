/* Reads the task's `load`. Sends nothing. */
#include "agents/performance/dose.h"

#include <stdio.h>
#include <string.h>

enum {
    RATE_PUBLIC = 20, /* requests a second when the task names no rate */
    RATE_NON_PUBLIC = 100,
    DURATION_S = 20,
    MS_PER_S = 1000,
    WARMUP_S = DOSE_WARMUP_MS / MS_PER_S
};

/* The place of the task's word in the list; the first when it has none. */
static bool dose_word(const struct json *load, const char *name, const char *const *words,
                      int *ret_place) {
    const char *word = json_str(json_get(load, name), words[0]);
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(word, words[i]) != 0)
            continue;
        *ret_place = i;
        return true;
    }
    return false;
}

enum err dose_read(const struct agent_task *task, struct perf_facts *facts,
                   struct fault *ret_fault) {
    enum { AUTO, ONE, TWO };
    const struct json *load = json_get(task->root, "load");
    int profile, version;
    if (!dose_word(load, "profile", LOAD_WISH_PROFILES, &profile))
        return fault_set(ret_fault, ERR_SYNTAX,
                         "The profile is none of constant, saturation and spike");
    if (!dose_word(load, "http", LOAD_WISH_HTTP, &version))
        return fault_set(ret_fault, ERR_SYNTAX, "The HTTP version is none of auto, 1.1 and 2");
    if (version == TWO && !facts->url.tls)
        return fault_set(ret_fault, ERR_SYNTAX, "HTTP/2 is spoken over TLS only");
    facts->profile = (enum perf_profile)profile;
    facts->version = version == ONE ? HTTP_1 : HTTP_2;
    facts->version_asked = version == TWO;
    facts->version_fixed = version == ONE;
    return mix_new(&facts->url, json_get(load, "mix"), &facts->mix, ret_fault);
}

int64_t dose_most(const struct agent_task *task) {
    int64_t most = LOAD_ARRIVALS_MAX;
    json_int(json_path(task->root, "limits.max_requests"), 1, LOAD_ARRIVALS_MAX, &most);
    return most;
}

void dose_measure(const struct agent_task *task, struct perf_facts *facts,
                  char note[static DOSE_NOTE_SIZE]) {
    const struct json *load = json_get(task->root, "load");
    facts->rate = facts->non_public ? RATE_NON_PUBLIC : RATE_PUBLIC;
    facts->duration_s = DURATION_S;
    note[0] = '\0';
    bool asked = json_int(json_get(load, "rate"), 1, AGENT_TASK_RPS_MAX, &facts->rate);
    json_int(json_get(load, "duration_s"), 1, LOAD_WISH_DURATION_MAX_S, &facts->duration_s);
    if (asked && facts->rate > task->max_rps)
        snprintf(note, DOSE_NOTE_SIZE, "%lld/s were asked for, %lld/s are permitted",
                 (long long)facts->rate, (long long)task->max_rps);
    if (facts->rate > task->max_rps)
        facts->rate = task->max_rps;
    int64_t most = dose_most(task) - PERF_FIRST_REQUESTS - WEIGHT_REQUESTS_MAX;
    if (facts->rate * (WARMUP_S + 1) > most) {
        facts->rate = most > WARMUP_S + 1 ? most / (WARMUP_S + 1) : 1;
        snprintf(note, DOSE_NOTE_SIZE, "%lld requests are permitted, so no more than %lld/s",
                 (long long)dose_most(task), (long long)facts->rate);
    }
    int64_t longest = most / facts->rate - WARMUP_S;
    if (facts->duration_s > longest)
        facts->duration_s = longest > 1 ? longest : 1;
}

void dose_fit(const struct agent_task *task, struct perf_facts *facts,
              char note[static DOSE_NOTE_SIZE]) {
    int64_t around_ms = DOSE_WARMUP_MS + LOAD_TIMEOUT_MS,
            most_ms = facts->duration_s * MS_PER_S + around_ms,
            left_s = (agent_task_left_ms(task, most_ms) - around_ms) / MS_PER_S;
    note[0] = '\0';
    if (left_s >= facts->duration_s)
        return;
    left_s = left_s > 1 ? left_s : 1;
    snprintf(note, DOSE_NOTE_SIZE, "%lld s of load were to be, there is time for %lld s",
             (long long)facts->duration_s, (long long)left_s);
    facts->duration_s = left_s;
}
