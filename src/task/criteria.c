/* Prints criteria and how they were met. Judges nothing itself. */
#include <math.h>
#include <stdio.h>

#include "agnostic/task/criterion.h"

enum { CRITERION_TEXT_POINTS = 300 };

static const char *const KINDS[] = {
    [CRITERION_METRIC] = "metric", [CRITERION_FINDINGS] = "findings",
    [CRITERION_CHECKS] = "checks", [CRITERION_STANDARD] = "standard",
    [CRITERION_LIMIT] = "limit",   [CRITERION_UNMAPPED] = "unmapped"};

const char *criteria_kind_word(enum criterion_kind kind) {
    return KINDS[kind];
}

static void put_double(struct json_out *out, const char *name, double value) {
    json_out_name(out, name);
    json_out_double(out, value);
}

static void put_subjects(const char *name, const char *const *subjects, size_t max,
                         struct json_out *out) {
    json_out_name(out, name);
    json_out_array(out);
    for (size_t i = 0; i < max && subjects[i] != NULL; i++)
        json_out_str(out, subjects[i]);
    json_out_end_array(out);
}

static void put_metric(const struct criterion *criterion, double measured, struct json_out *out) {
    json_out_member(out, "metric", criterion->subjects[0]);
    if (criterion->subjects[1] != NULL)
        put_subjects("other_metrics", &criterion->subjects[1], CRITERION_SUBJECTS_MAX - 1, out);
    json_out_member(out, "op", criterion->at_least ? ">=" : "<=");
    put_double(out, "value", criterion->value);
    put_double(out, "measured", measured);
    if (criterion->samples > 0)
        put_double(out, "samples_needed", ceil(criterion->samples));
}

static void put_limit(const struct criterion *criterion, struct json_out *out) {
    struct text limit = text_of(criterion->subjects[0]);
    json_out_member_text(out, "limit", limit);
    if (criterion->path.ptr != NULL)
        json_out_member_text(out, "path", criterion->path);
    if (text_is(limit, CRITERION_MAX_RPS) || text_is(limit, CRITERION_MAX_SECONDS))
        put_double(out, "value", criterion->value);
}

static void put_subject(const struct criterion *criterion, double measured, struct json_out *out) {
    if (criterion->kind == CRITERION_METRIC)
        put_metric(criterion, measured, out);
    if (criterion->kind == CRITERION_FINDINGS)
        json_out_member(out, "severity", severity_word(criterion->severity));
    if (criterion->kind == CRITERION_CHECKS)
        put_subjects("checks", criterion->subjects, CRITERION_SUBJECTS_MAX, out);
    if (criterion->kind == CRITERION_LIMIT)
        put_limit(criterion, out);
    if (criterion->kind == CRITERION_STANDARD)
        json_out_member(out, "standard", criterion->subjects[0]);
}

void criteria_put(const struct criteria *criteria, const struct outcome *const *outcomes,
                  size_t count, struct json_out *out) {
    json_out_array(out);
    for (size_t i = 0; i < criteria->count; i++) {
        const struct criterion *criterion = &criteria->items[i];
        enum criterion_result result = CRITERION_NOT_MEASURED;
        char id[CRITERION_ID_SIZE];
        double measured = NAN;
        criteria_id(i, id);
        json_out_object(out);
        json_out_member(out, "id", id);
        json_out_member_text(out, "text", text_head(criterion->text, CRITERION_TEXT_POINTS));
        json_out_member(out, "field", criterion->field);
        json_out_member(out, "kind", KINDS[criterion->kind]);
        if (outcomes != NULL)
            result = criterion_judge(criterion, outcomes, count, &measured);
        put_subject(criterion, measured, out);
        if (outcomes != NULL)
            json_out_member(out, "result", criterion_result_word(result));
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

void criteria_id(size_t index, char dst[CRITERION_ID_SIZE]) {
    snprintf(dst, CRITERION_ID_SIZE, "C%zu", index + 1);
}
