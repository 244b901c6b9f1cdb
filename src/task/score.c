/* Scores by the table in its header. */
#include "agnostic/task/score.h"

#include <math.h>
#include <string.h>

#include "task/outcome_parts.h"

enum { SCORE_FULL = 100, SCORE_CHECKS_MAX = 5 };

static const double WEIGHTS[ROLE__COUNT] = {[ROLE_SECURITY_COMPLIANCE] = .30,
                                            [ROLE_PERFORMANCE] = .20,
                                            [ROLE_JUNIOR_QA] = .20,
                                            [ROLE_SENIOR_QA] = .15,
                                            [ROLE_QA_ANALYST] = .15};

static const double KEEPS[SEVERITY__COUNT] = {.6, .8, .93, .98, 1};

/* Whether an earlier finding of that severity is of the same check. */
static bool is_repeated(const struct outcome *outcome, size_t index) {
    const struct outcome_finding *finding = outcome_finding(outcome, index);
    for (size_t i = 0; i < index; i++) {
        const struct outcome_finding *earlier = outcome_finding(outcome, i);
        if (!earlier->advisory && earlier->severity == finding->severity &&
            strcmp(earlier->check_id, finding->check_id) == 0)
            return true;
    }
    return false;
}

static double by_findings(const struct outcome *outcome) {
    size_t checks[SEVERITY__COUNT] = {0};
    double score = SCORE_FULL;
    for (size_t i = 0; i < outcome_findings(outcome); i++) {
        const struct outcome_finding *finding = outcome_finding(outcome, i);
        if (!finding->advisory && checks[finding->severity] < SCORE_CHECKS_MAX &&
            !is_repeated(outcome, i))
            checks[finding->severity]++;
    }
    for (int severity = 0; severity < SEVERITY__COUNT; severity++)
        score *= pow(KEEPS[severity], (double)checks[severity]);
    return score;
}

static double by_checks(const struct outcome *outcome) {
    double passed = (double)outcome->counts[COUNT_PASSED],
           all = passed + (double)outcome->counts[COUNT_FAILED];
    return all > 0 ? SCORE_FULL * passed / all : NAN;
}

static double score_outcome(const struct outcome *outcome) {
    bool works = outcome->role == ROLE_JUNIOR_QA || outcome->role == ROLE_SENIOR_QA;
    if (outcome->status != OUTCOME_COMPLETED && outcome->status != OUTCOME_PARTIAL)
        return NAN;
    return works && outcome->counts_known ? by_checks(outcome) : by_findings(outcome);
}

struct score score_of(const struct outcome *const *outcomes, size_t count) {
    struct score score = {.overall = NAN};
    double sum = 0, weight = 0;
    for (int role = 0; role < ROLE__COUNT; role++)
        score.roles[role] = NAN;
    for (size_t i = 0; i < count; i++) {
        double *role = &score.roles[outcomes[i]->role];
        if (WEIGHTS[outcomes[i]->role] > 0)
            *role = fmin(*role, score_outcome(outcomes[i])); /* fmin passes over NAN */
    }
    for (int role = 0; role < ROLE__COUNT; role++) {
        if (isnan(score.roles[role]))
            continue;
        sum += WEIGHTS[role] * score.roles[role];
        weight += WEIGHTS[role];
    }
    if (weight > 0)
        score.overall = sum / weight;
    return score;
}

void score_put(const struct score *score, struct json_out *out) {
    json_out_object(out);
    json_out_name(out, "overall");
    json_out_double(out, round(score->overall));
    for (int role = 0; role < ROLE__COUNT; role++) {
        if (isnan(score->roles[role]))
            continue;
        json_out_name(out, role_name((enum role)role));
        json_out_double(out, round(score->roles[role]));
    }
    json_out_end_object(out);
}
