/* What a client permits less of than the operator does. */
#include "agnostic/task/criterion.h"

#include <math.h>
#include <string.h>

const struct criteria_limits CRITERIA_UNLIMITED = {.max_rps = INFINITY, .max_seconds = INFINITY};

static bool says(const struct criterion *criterion, const char *limit) {
    return strcmp(criterion->subjects[0], limit) == 0;
}

static void lower(double *limit, double value) {
    *limit = value < *limit ? value : *limit;
}

/* A request whose constraints are longer than they may be leaves no room: then nothing is entered.
 */
static void exclude(struct criteria_limits *limits, struct text path) {
    if (limits->exclude_count == CRITERIA_EXCLUDE_MAX)
        limits->exclude[0] = TEXT("/");
    else
        limits->exclude[limits->exclude_count++] = path;
}

void criteria_limit(struct criteria_limits *limits, const struct criterion *criterion) {
    if (criterion->kind != CRITERION_LIMIT)
        return;
    if (says(criterion, CRITERION_MAX_RPS))
        lower(&limits->max_rps, criterion->value);
    if (says(criterion, CRITERION_MAX_SECONDS))
        lower(&limits->max_seconds, criterion->value);
    if (says(criterion, CRITERION_EXCLUDE))
        exclude(limits, criterion->path);
    limits->no_load |= says(criterion, CRITERION_NO_LOAD);
    limits->no_active |= says(criterion, CRITERION_NO_ACTIVE);
    limits->passive |= says(criterion, CRITERION_PASSIVE);
    limits->no_crawl |= says(criterion, CRITERION_NO_CRAWL);
}
