/* Reads series of metrics off sessions. Must not know how they were measured. */
#include "agents/analyst/trend.h"

#include <math.h>

#include "agents/stats.h"

/* What is followed; all of it is the worse the more it is. */
static const struct {
    const char *metric, *unit;
} FOLLOWED[] = {
    {"perf.latency.p50_ms", "ms"}, {"perf.latency.p95_ms", "ms"}, {"perf.latency.p99_ms", "ms"},
    {"perf.error_rate", "ratio"},  {"perf.page.bytes", "B"},
};

/* Loads that differ by more are not compared. */
static const double SAMPLES_ALIKE = 1.25;

static const char *const WORDS[] = {"no_history", "stable", "improving", "worsening"};

const char *trend_word(enum trend_way way) {
    return WORDS[way];
}

struct trend_value {
    const char *metric;
    double value, n;
    bool is_there;
};

static bool trend_find(void *ctx, struct text agent, const struct json *said) {
    struct trend_value *sought = ctx;
    const struct json *metrics = json_get(said, "metrics");
    (void)agent;
    for (size_t i = 0; i < json_count(metrics) && !sought->is_there; i++) {
        const struct json *metric = json_at(metrics, i);
        if (text_is(runs_text(metric, "name"), sought->metric) &&
            json_number(json_get(metric, "value"), &sought->value)) {
            sought->is_there = isfinite(sought->value);
            (void)json_number(json_get(metric, "n"), &sought->n);
        }
    }
    return !sought->is_there;
}

static struct trend_value trend_value(const struct run *run, const char *metric) {
    struct trend_value value = {.metric = metric};
    json_each(run->agents, trend_find, &value);
    return value;
}

static bool trend_is_alike(const struct trend_value *now, const struct trend_value *then) {
    return then->is_there && then->n <= now->n * SAMPLES_ALIKE && now->n <= then->n * SAMPLES_ALIKE;
}

static enum trend_way trend_judge(const double *values, size_t n, const struct trend *trend) {
    double sorted[RUNS_MAX];
    for (size_t i = 0; i < n; i++)
        sorted[i] = values[i];
    double level = stats_median(sorted, n), moved = trend->slope * (double)(n - 1);
    if (trend->p >= TREND_P_MAX || fabs(moved) <= TREND_CHANGE_MIN * fabs(level))
        return TREND_STABLE;
    return moved > 0 ? TREND_WORSENING : TREND_IMPROVING;
}

bool trend_at(const struct runs *runs, size_t index, struct trend *ret_trend) {
    double values[RUNS_MAX];
    size_t n = 0;
    if (index >= sizeof(FOLLOWED) / sizeof(FOLLOWED[0]))
        return false;
    struct trend_value now = trend_value(&runs->items[0], FOLLOWED[index].metric);
    *ret_trend = (struct trend){.metric = FOLLOWED[index].metric, .unit = FOLLOWED[index].unit};
    for (size_t i = runs->count; i-- > 0 && now.is_there;) {
        struct trend_value then = trend_value(&runs->items[i], FOLLOWED[index].metric);
        if (trend_is_alike(&now, &then))
            values[n++] = then.value;
    }
    ret_trend->sessions = n;
    ret_trend->now = now.is_there ? now.value : NAN;
    ret_trend->slope = n >= TREND_SESSIONS_MIN ? stats_theil_sen(values, n) : NAN;
    ret_trend->p = n >= TREND_SESSIONS_MIN ? stats_mann_kendall(values, n) : NAN;
    if (n >= TREND_SESSIONS_MIN)
        ret_trend->way = trend_judge(values, n, ret_trend);
    return true;
}
