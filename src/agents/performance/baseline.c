/* Reads what earlier sessions left, compares, leaves the same for later ones. Must not know how
 * blocks are measured. */
#include "agents/performance/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "agents/change_points.h"
#include "agents/history.h"
#include "agents/stats.h"

enum {
    CONFIRMING = 3,   /* earlier sessions that all lie on the other side */
    NEWS_SESSIONS = 4 /* a change point that began earlier was told already */
};
#define LATENCY_MOVE_MS 1.0 /* less is noise, whatever share it is */

static const struct {
    const char *word;
    bool more_is_worse;
    double least; /* a smaller move is none */
} MEASURES[BASELINE__COUNT] = {
    {"p50_ms", true, LATENCY_MOVE_MS}, {"p95_ms", true, LATENCY_MOVE_MS}, {"rps", false, 0}};

const char *baseline_state_word(enum baseline_state state) {
    static const char *const WORDS[BASELINE_STATE__COUNT] = {"none", "steady", "improved",
                                                             "suspected", "confirmed"};
    return WORDS[state];
}

const char *baseline_measure_word(enum baseline_measure measure) {
    return MEASURES[measure].word;
}

/* --- reading and leaving ---------------------------------------------------------------------- */

/* One reading of the file. */
struct reading {
    const char *parameters;
    struct baseline *baseline;
};

static bool baseline_read_session(void *ctx, const char *name, const struct json *memo) {
    struct reading *reading = ctx;
    struct baseline *baseline = reading->baseline;
    struct baseline_session *session = &baseline->sessions[baseline->count];
    *session = (struct baseline_session){0};
    if (!text_is(text_of(json_str(json_get(memo, "parameters"), "")), reading->parameters) ||
        !text_copy(text_of(name), session->name, sizeof(session->name)))
        return true;
    for (int m = 0; m < BASELINE__COUNT; m++) {
        const struct json *list = json_get(memo, MEASURES[m].word);
        size_t *count = &session->count[m];
        for (size_t i = 0; i < json_count(list) && *count < BASELINE_BLOCKS_MAX; i++)
            if (json_number(json_at(list, i), &session->values[m][*count]) &&
                session->values[m][*count] >= 0)
                (*count)++;
    }
    baseline->count += session->count[BASELINE_P95] >= SHIFT_VALUES_MIN;
    return baseline->count < BASELINE_SESSIONS_MAX;
}

enum err baseline_read(const char *path, const char *agent, const char *parameters,
                       struct baseline **ret_baseline) {
    struct baseline *baseline = calloc(1, sizeof(*baseline));
    struct reading reading = {parameters, baseline};
    enum err err =
        baseline == NULL ? ERR_NOMEM : history_each(path, agent, baseline_read_session, &reading);
    if (err == ERR_OK)
        *ret_baseline = baseline;
    else
        free(baseline);
    return err;
}

void baseline_put_memo(const struct baseline_session *now, const char *parameters,
                       struct json_out *out) {
    json_out_object(out);
    json_out_member(out, "parameters", parameters);
    for (int m = 0; m < BASELINE__COUNT; m++) {
        json_out_name(out, MEASURES[m].word);
        json_out_array(out);
        for (size_t i = 0; i < now->count[m]; i++)
            json_out_double(out, now->values[m][i]);
        json_out_end_array(out);
    }
    json_out_end_object(out);
}

/* --- comparing -------------------------------------------------------------------------------- */

/* way is SHIFT_UP when `after` is worse. */
static struct shift baseline_move(const struct baseline_session *before,
                                  const struct baseline_session *after, int m) {
    struct shift shift =
        shift_of(before->values[m], before->count[m], after->values[m], after->count[m]);
    double move = shift.after - shift.before;
    if ((move < 0 ? -move : move) < MEASURES[m].least)
        shift.way = SHIFT_NONE;
    if (!MEASURES[m].more_is_worse)
        shift.way = (enum shift_way) - shift.way;
    return shift;
}

static bool baseline_is_worse(const struct baseline_session *before,
                              const struct baseline_session *after, int m) {
    return baseline_move(before, after, m).way == SHIFT_UP;
}

static struct baseline_verdict baseline_judge(const struct baseline *baseline,
                                              const struct baseline_session *now, int m) {
    const struct baseline_session *sessions = baseline->sessions;
    struct baseline_verdict verdict = {.state = BASELINE_STEADY,
                                       .measure = (enum baseline_measure)m,
                                       .shift = baseline_move(&sessions[0], now, m),
                                       .against = sessions[0].name};
    size_t beyond = 0;
    while (beyond < baseline->count && baseline_is_worse(&sessions[beyond], now, m))
        beyond++;
    if (beyond > 0) {
        verdict.state = beyond >= CONFIRMING ? BASELINE_CONFIRMED : BASELINE_SUSPECTED;
    } else if (baseline->count > 1 && baseline_is_worse(&sessions[1], &sessions[0], m) &&
               baseline_is_worse(&sessions[1], now, m)) {
        verdict.state = BASELINE_CONFIRMED;
        verdict.shift = baseline_move(&sessions[1], now, m);
        verdict.against = sessions[1].name;
    } else if (verdict.shift.way == SHIFT_DOWN) {
        verdict.state = BASELINE_IMPROVED;
    }
    return verdict;
}

static double baseline_level(const struct baseline_session *session, int m) {
    double room[BASELINE_BLOCKS_MAX];
    memcpy(room, session->values[m], session->count[m] * sizeof(*room));
    return stats_median(room, session->count[m]);
}

/* A lasting rise of p95 that began among the last sessions. */
static void baseline_look_back(const struct baseline *baseline, const struct baseline_session *now,
                               struct baseline_verdict *verdict) {
    double series[BASELINE_SESSIONS_MAX + 1];
    size_t starts[CHANGE_POINTS_MAX], n = baseline->count + 1;
    for (size_t i = 0; i < baseline->count; i++)
        series[i] = baseline_level(&baseline->sessions[baseline->count - 1 - i], BASELINE_P95);
    series[n - 1] = baseline_level(now, BASELINE_P95);
    size_t count = change_points(series, n, starts);
    size_t start = count == 0 ? 0 : starts[count - 1];
    if (count == 0 || start + NEWS_SESSIONS < n || verdict->state == BASELINE_CONFIRMED)
        return;
    const struct baseline_session *last = &baseline->sessions[n - 1 - start];
    struct shift shift = baseline_move(last, now, BASELINE_P95);
    if (shift.way != SHIFT_UP)
        return;
    *verdict = (struct baseline_verdict){.state = BASELINE_CONFIRMED,
                                         .measure = BASELINE_P95,
                                         .shift = shift,
                                         .against = last->name};
}

struct baseline_verdict baseline_compare(const struct baseline *baseline,
                                         const struct baseline_session *now) {
    struct baseline_verdict verdict = {.state = BASELINE_NONE, .against = ""};
    double levels[BASELINE_SESSIONS_MAX];
    if (baseline->count == 0 || now->count[BASELINE_P95] < SHIFT_VALUES_MIN)
        return verdict;
    for (int m = 0; m < BASELINE__COUNT; m++) {
        struct baseline_verdict one = baseline_judge(baseline, now, m);
        if (one.state > verdict.state)
            verdict = one;
    }
    baseline_look_back(baseline, now, &verdict);
    for (size_t i = 0; i < baseline->count; i++)
        levels[i] = baseline_level(&baseline->sessions[i], BASELINE_P95);
    verdict.previous_ms = stats_median(levels, baseline->count);
    verdict.sessions = baseline->count;
    return verdict;
}
