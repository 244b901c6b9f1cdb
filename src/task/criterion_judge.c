/* Whether a criterion is met, by the lines of the agents. What nobody measured is not met. */
#include <math.h>

#include "agnostic/task/criterion.h"
#include "task/outcome_parts.h"

#define THROUGHPUT "perf.throughput.rps"
#define THROUGHPUT_KEPT 0.95 /* as PERF-03 has it */
#define TWO_FAILURES 1.5     /* from here on, as shares are rounded */

static const struct json_limits LIMITS = {.depth = 16, .members = 1024, .nodes = 20000};

static const char *const WORDS[] = {[CRITERION_MET] = "met",
                                    [CRITERION_FAILED] = "failed",
                                    [CRITERION_NOT_MEASURED] = "not_measured",
                                    [CRITERION_NOT_MAPPED] = "unmapped"};

const char *criterion_result_word(enum criterion_result result) {
    return WORDS[result];
}

/* The outcomes that are judged, and what of them is being read. */
struct judging {
    const struct criterion *criterion;
    const struct outcome *const *outcomes;
    size_t count;
};

/* Kept lines, a list with commas, as an array. NULL when there are none. */
static struct json *list_of(const struct buf *kept) {
    struct json *root = NULL;
    struct buf text;
    buf_init(&text, kept->len + 2);
    buf_puts(&text, "[");
    buf_puttext(&text, buf_text(kept));
    buf_puts(&text, "]");
    if (text.failed || json_parse(buf_text(&text), &LIMITS, &root, NULL) != ERR_OK)
        root = NULL;
    buf_done(&text);
    return root;
}

/* --- metrics -------------------------------------------------------------------------------- */

struct measured {
    double value, samples, rate; /* NAN: not told */
};

static double number_or_nan(const struct json *value) {
    double number;
    return json_number(value, &number) ? number : NAN;
}

static double rate_of(const struct outcome *outcome) {
    struct json *data = NULL;
    double rate = NAN;
    if (json_parse(buf_text(&outcome->data), &LIMITS, &data, NULL) == ERR_OK)
        rate = number_or_nan(json_get(data, "rate"));
    json_free(data);
    return rate;
}

/* A load below what was promised shows neither that it is kept nor that it is not. One at just that
 * rate is answered a moment later than it is asked: what is left out then is no lack. */
static enum criterion_result judge_throughput(double promised, const struct measured *measured) {
    if (measured->value >= promised ||
        (measured->rate >= promised && measured->value >= promised * THROUGHPUT_KEPT))
        return CRITERION_MET;
    return measured->rate < promised ? CRITERION_NOT_MEASURED : CRITERION_FAILED;
}

/* Only shares ask for samples: value times samples are the requests that failed. */
static enum criterion_result judge_bound(const struct criterion *criterion,
                                         const struct measured *measured) {
    bool enough = criterion->samples <= 0 || measured->samples >= criterion->samples;
    if (criterion->at_least ? measured->value >= criterion->value
                            : measured->value <= criterion->value)
        return enough ? CRITERION_MET : CRITERION_NOT_MEASURED;
    bool accident = !enough && measured->value * measured->samples < TWO_FAILURES;
    return accident ? CRITERION_NOT_MEASURED : CRITERION_FAILED;
}

static enum criterion_result judge_value(const struct criterion *criterion, bool throughput,
                                         const struct measured *measured) {
    if (isnan(measured->value))
        return CRITERION_NOT_MEASURED;
    return throughput ? judge_throughput(criterion->value, measured)
                      : judge_bound(criterion, measured);
}

/* What the measurements so far come to, and the one that decided. */
struct decision {
    enum criterion_result result;
    double value;
};

/* A failed one decides, else one that is met; each by what it was measured at. */
static void decide(struct decision *decision, enum criterion_result result, double value) {
    static const int WEIGHT[] = {
        [CRITERION_FAILED] = 2, [CRITERION_MET] = 1, [CRITERION_NOT_MEASURED] = 0};
    if (isnan(decision->value) || WEIGHT[result] > WEIGHT[decision->result])
        *decision = (struct decision){result, value};
}

static void judge_metric(const struct criterion *criterion, const char *name,
                         const struct outcome *outcome, struct decision *decision) {
    bool throughput = text_is(text_of(name), THROUGHPUT);
    double rate = throughput ? rate_of(outcome) : NAN;
    struct json *metrics = list_of(&outcome->metrics);
    struct text word;
    for (size_t i = 0; i < json_count(metrics); i++) {
        const struct json *metric = json_at(metrics, i);
        const struct measured measured = {number_or_nan(json_get(metric, "value")),
                                          number_or_nan(json_get(metric, "n")), rate};
        if (json_text(json_get(metric, "name"), &word) && text_is(word, name))
            decide(decision, judge_value(criterion, throughput, &measured), measured.value);
    }
    json_free(metrics);
}

static enum criterion_result judge_metrics(const struct judging *judging, double *ret_measured) {
    struct decision decision = {CRITERION_NOT_MEASURED, NAN};
    const char *const *names = judging->criterion->subjects;
    for (size_t n = 0; n < CRITERION_SUBJECTS_MAX && names[n] != NULL; n++)
        for (size_t i = 0; i < judging->count; i++)
            judge_metric(judging->criterion, names[n], judging->outcomes[i], &decision);
    *ret_measured = decision.value;
    return decision.result;
}

/* --- findings and checks --------------------------------------------------------------------- */

static bool all_completed(const struct judging *judging) {
    bool completed = judging->count > 0;
    for (size_t i = 0; i < judging->count; i++)
        completed = completed && judging->outcomes[i]->status == OUTCOME_COMPLETED;
    return completed;
}

static bool has_security(const struct judging *judging) {
    for (size_t i = 0; i < judging->count; i++)
        if (judging->outcomes[i]->role == ROLE_SECURITY_COMPLIANCE &&
            judging->outcomes[i]->status == OUTCOME_COMPLETED)
            return true;
    return false;
}

static bool concerns(const struct outcome_finding *finding, const char *standard) {
    struct json *root = NULL;
    struct text word;
    bool found = false;
    if (json_parse(finding->json, &LIMITS, &root, NULL) != ERR_OK)
        return true;
    const struct json *standards = json_get(root, "standards");
    for (size_t i = 0; i < json_count(standards); i++)
        found = found || (json_text(json_get(json_at(standards, i), "std"), &word) &&
                          text_is(word, standard));
    json_free(root);
    return found;
}

/* Is there a finding of that severity or worse, of the standard where one is named? */
static bool is_found(const struct judging *judging, enum severity severity, const char *standard) {
    for (size_t i = 0; i < judging->count; i++) {
        for (size_t k = 0; k < outcome_findings(judging->outcomes[i]); k++) {
            const struct outcome_finding *finding = outcome_finding(judging->outcomes[i], k);
            if (!finding->advisory && finding->severity <= severity &&
                (standard == NULL || concerns(finding, standard)))
                return true;
        }
    }
    return false;
}

static enum criterion_result judge_findings(const struct judging *judging) {
    if (is_found(judging, judging->criterion->severity, NULL))
        return CRITERION_FAILED;
    return all_completed(judging) ? CRITERION_MET : CRITERION_NOT_MEASURED;
}

static enum criterion_result judge_standard(const struct judging *judging) {
    if (is_found(judging, SEVERITY_LOW, judging->criterion->subjects[0]))
        return CRITERION_FAILED;
    return has_security(judging) ? CRITERION_MET : CRITERION_NOT_MEASURED;
}

/* What became of the checks that a criterion names, by subject. */
struct ran {
    bool passed[CRITERION_SUBJECTS_MAX], skipped[CRITERION_SUBJECTS_MAX]; /* not applicable */
    bool failed;
};

static void note_check(const struct criterion *criterion, struct text id, struct text status,
                       struct ran *ran) {
    for (size_t i = 0; i < CRITERION_SUBJECTS_MAX && criterion->subjects[i] != NULL; i++) {
        if (!text_starts(id, text_of(criterion->subjects[i])))
            continue;
        ran->passed[i] |= text_is(status, OUTCOME_COUNT_WORDS[COUNT_PASSED]);
        ran->skipped[i] |= text_is(status, OUTCOME_COUNT_WORDS[COUNT_SKIPPED]);
        ran->failed |= text_is(status, OUTCOME_COUNT_WORDS[COUNT_FAILED]);
    }
}

static void note_checks(const struct criterion *criterion, const struct outcome *outcome,
                        struct ran *ran) {
    struct json *checks = list_of(&outcome->checks);
    struct text id, status;
    for (size_t i = 0; i < json_count(checks); i++) {
        const struct json *check = json_at(checks, i);
        if (json_text(json_get(check, "id"), &id) && json_text(json_get(check, "status"), &status))
            note_check(criterion, id, status, ran);
    }
    json_free(checks);
}

/* One of them passed, and none that was to be run was not. */
static bool all_ran(const struct criterion *criterion, const struct ran *ran) {
    bool any = false;
    for (size_t i = 0; i < CRITERION_SUBJECTS_MAX && criterion->subjects[i] != NULL; i++) {
        if (!ran->passed[i] && !ran->skipped[i])
            return false;
        any |= ran->passed[i];
    }
    return any;
}

static enum criterion_result judge_checks(const struct judging *judging) {
    struct ran ran = {.failed = false};
    size_t dropped = 0;
    for (size_t i = 0; i < judging->count; i++) {
        note_checks(judging->criterion, judging->outcomes[i], &ran);
        dropped += judging->outcomes[i]->checks_dropped;
    }
    if (ran.failed)
        return CRITERION_FAILED;
    return dropped == 0 && all_ran(judging->criterion, &ran) ? CRITERION_MET
                                                             : CRITERION_NOT_MEASURED;
}

enum criterion_result criterion_judge(const struct criterion *criterion,
                                      const struct outcome *const *outcomes, size_t count,
                                      double *ret_measured) {
    const struct judging judging = {criterion, outcomes, count};
    *ret_measured = NAN;
    switch (criterion->kind) {
    case CRITERION_METRIC:
        return judge_metrics(&judging, ret_measured);
    case CRITERION_FINDINGS:
        return judge_findings(&judging);
    case CRITERION_CHECKS:
        return judge_checks(&judging);
    case CRITERION_STANDARD:
        return judge_standard(&judging);
    case CRITERION_LIMIT:
        return CRITERION_MET;
    case CRITERION_UNMAPPED:
        break;
    }
    return CRITERION_NOT_MAPPED;
}
