/* Criteria from what criteria_put printed. Judges nothing. */
#include "agnostic/task/criterion.h"

static bool kind_read(struct text word, enum criterion_kind *ret_kind) {
    for (int kind = 0; kind <= CRITERION_UNMAPPED; kind++) {
        if (text_is(word, criteria_kind_word((enum criterion_kind)kind))) {
            *ret_kind = (enum criterion_kind)kind;
            return true;
        }
    }
    return false;
}

/* Of an array's words; none is as good as the array. */
static bool restore_subjects(const struct json *stored, const char **subjects, size_t max) {
    bool good = json_count(stored) <= max;
    for (size_t i = 0; good && i < json_count(stored); i++) {
        subjects[i] = json_str(json_at(stored, i), NULL);
        good = subjects[i] != NULL;
    }
    return good;
}

static bool restore_metric(const struct json *stored, struct criterion *criterion) {
    struct text op = {NULL, 0};
    criterion->subjects[0] = json_str(json_get(stored, "metric"), NULL);
    criterion->at_least = json_text(json_get(stored, "op"), &op) && text_is(op, ">=");
    (void)json_number(json_get(stored, "samples_needed"), &criterion->samples);
    return criterion->subjects[0] != NULL &&
           restore_subjects(json_get(stored, "other_metrics"), &criterion->subjects[1],
                            CRITERION_SUBJECTS_MAX - 1) &&
           json_number(json_get(stored, "value"), &criterion->value);
}

static bool restore_subject(const struct json *stored, struct criterion *criterion) {
    struct text severity;
    switch (criterion->kind) {
    case CRITERION_METRIC:
        return restore_metric(stored, criterion);
    case CRITERION_FINDINGS:
        return json_text(json_get(stored, "severity"), &severity) &&
               severity_read(severity, &criterion->severity);
    case CRITERION_CHECKS:
        return restore_subjects(json_get(stored, "checks"), criterion->subjects,
                                CRITERION_SUBJECTS_MAX) &&
               criterion->subjects[0] != NULL;
    case CRITERION_STANDARD:
        criterion->subjects[0] = json_str(json_get(stored, "standard"), NULL);
        return criterion->subjects[0] != NULL;
    case CRITERION_LIMIT:
        criterion->subjects[0] = json_str(json_get(stored, "limit"), NULL);
        (void)json_number(json_get(stored, "value"), &criterion->value);
        (void)json_text(json_get(stored, "path"), &criterion->path);
        return criterion->subjects[0] != NULL;
    case CRITERION_UNMAPPED:
        break;
    }
    return true;
}

enum err criteria_restore(const struct json *stored, struct criteria *ret_criteria) {
    struct criteria criteria = {.limits = CRITERIA_UNLIMITED};
    if (json_count(stored) > CRITERIA_MAX)
        return ERR_DAMAGED;
    for (size_t i = 0; i < json_count(stored); i++) {
        const struct json *one = json_at(stored, i);
        struct criterion *criterion = &criteria.items[criteria.count++];
        struct text kind;
        criterion->field = json_str(json_get(one, "field"), "");
        if (!json_text(json_get(one, "text"), &criterion->text) ||
            !json_text(json_get(one, "kind"), &kind) || !kind_read(kind, &criterion->kind) ||
            !restore_subject(one, criterion))
            return ERR_DAMAGED;
        criteria_limit(&criteria.limits, criterion);
    }
    *ret_criteria = criteria;
    return ERR_OK;
}
