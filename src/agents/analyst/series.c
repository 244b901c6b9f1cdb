/* Counts passes and failures over sessions. Knows no check by name. */
#include "agents/analyst/series.h"

#include <math.h>
#include <stdlib.h>

#include "agents/stats.h"
#include "agnostic/task/role.h"

struct series_fill {
    const struct runs *runs;
    const struct ledger *ledger;
    struct series *series;
};

/* The status of a check in each session that measured it, the newest first. */
static void series_follow(const struct runs *runs, struct series_check *check) {
    struct text later = {NULL, 0};
    for (size_t i = 0; i < runs->count; i++) {
        struct text status = runs_status(&runs->items[i], &check->check);
        if (!runs_is_measured(status))
            continue;
        check->measured++;
        check->failed += text_is(status, "failed");
        check->flaky |= i == 0 && text_is(status, "flaky");
        check->flips += later.ptr != NULL && !text_eq(later, status);
        later = status;
    }
    check->flaky |= check->measured >= SERIES_FLAKY_RUNS && check->flips >= SERIES_FLAKY_FLIPS &&
                    (double)check->flips > SERIES_FLAKY_RATE * (double)(check->measured - 1);
    stats_wilson(check->failed, check->measured, &check->low, &check->high);
}

static void series_compare(const struct runs *runs, struct text now, struct series_check *check) {
    size_t before = runs_before(runs, &check->check);
    struct text then = before > 0 ? runs_status(&runs->items[before], &check->check) : TEXT("");
    if (text_is(then, "passed") && text_is(now, "failed"))
        check->change = SERIES_REGRESSED;
    else if (text_is(then, "failed") && text_is(now, "passed"))
        check->change = SERIES_FIXED;
}

static void series_weigh(const struct ledger *ledger, struct series_check *check) {
    check->severity = SEVERITY_INFO;
    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_entry *entry = &ledger->entries[i];
        if (entry->state != LEDGER_ABSENT && !entry->advisory &&
            entry->severity < check->severity && text_eq(entry->check.id, check->check.id) &&
            text_eq(entry->check.agent, check->check.agent))
            check->severity = entry->severity;
    }
}

static bool series_add(void *ctx, struct text agent, const struct json *said) {
    struct series_fill *fill = ctx;
    const struct json *checks = json_get(said, "checks");
    for (size_t i = 0; i < json_count(checks) && fill->series->count < SERIES_MAX; i++) {
        const struct json *line = json_at(checks, i);
        struct series_check check = {
            .check = {agent, runs_text(line, "id"), runs_text(line, "component")}};
        struct text now = runs_text(line, "status");
        if (!runs_is_measured(now))
            continue;
        series_follow(fill->runs, &check);
        series_compare(fill->runs, now, &check);
        series_weigh(fill->ledger, &check);
        fill->series->checks[fill->series->count++] = check;
    }
    return true;
}

enum err series_make(const struct runs *runs, const struct ledger *ledger,
                     struct series *ret_series) {
    struct series_fill fill = {runs, ledger, ret_series};
    *ret_series = (struct series){.checks = calloc(SERIES_MAX, sizeof(struct series_check))};
    if (ret_series->checks == NULL)
        return ERR_NOMEM;
    json_each(runs->items[0].agents, series_add, &fill);
    return ERR_OK;
}

void series_done(struct series *series) {
    free(series->checks);
    *series = (struct series){0};
}
