/* What a client permits less of than the operator does. */
#include "agnostic/task/criterion.h"

#include <string.h>

static bool says(const struct criterion *criterion, const char *limit) {
    return criterion->kind == CRITERION_LIMIT && strcmp(criterion->subjects[0], limit) == 0;
}

struct criteria_limits criteria_limits(const struct criteria *criteria) {
    struct criteria_limits limits = {.max_rps = INT64_MAX};
    for (size_t i = 0; i < criteria->count; i++) {
        const struct criterion *criterion = &criteria->items[i];
        if (says(criterion, CRITERION_MAX_RPS) && criterion->value < (double)limits.max_rps)
            limits.max_rps = criterion->value < 1 ? 1 : (int64_t)criterion->value;
        limits.no_load |= says(criterion, CRITERION_NO_LOAD);
        limits.no_active |= says(criterion, CRITERION_NO_ACTIVE);
        limits.passive |= says(criterion, CRITERION_PASSIVE);
    }
    return limits;
}
