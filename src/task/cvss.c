/* cvss: base scores and severity bands of CVSS 3.1, one table of weights. Knows
 * nothing of findings. */
#include "agnostic/task/cvss.h"

#include <math.h>

enum metric { AV, AC, PR, UI, SCOPE, CONF, INTEG, AVAIL, METRIC__COUNT };

static const char *const METRICS[METRIC__COUNT] = {"AV", "AC", "PR", "UI", "S", "C", "I", "A"};

/* Values of a metric: its letter and weight. Scope weighs nothing by itself; PR with a
 * changed scope has weights of its own. */
struct value {
    char letter;
    double weight, weight_changed;
};
enum { VALUES_MAX = 4 };
static const struct value VALUES[METRIC__COUNT][VALUES_MAX] = {
    [AV] = {{'N', 0.85, 0.85}, {'A', 0.62, 0.62}, {'L', 0.55, 0.55}, {'P', 0.2, 0.2}},
    [AC] = {{'L', 0.77, 0.77}, {'H', 0.44, 0.44}},
    [PR] = {{'N', 0.85, 0.85}, {'L', 0.62, 0.68}, {'H', 0.27, 0.5}},
    [UI] = {{'N', 0.85, 0.85}, {'R', 0.62, 0.62}},
    [SCOPE] = {{'U', 0, 0}, {'C', 0, 0}},
    [CONF] = {{'H', 0.56, 0.56}, {'L', 0.22, 0.22}, {'N', 0, 0}},
    [INTEG] = {{'H', 0.56, 0.56}, {'L', 0.22, 0.22}, {'N', 0, 0}},
    [AVAIL] = {{'H', 0.56, 0.56}, {'L', 0.22, 0.22}, {'N', 0, 0}},
};

static const struct {
    const char *word;
    int from_tenths;
} BANDS[SEVERITY__COUNT] = {
    [SEVERITY_CRITICAL] = {"critical", 90}, [SEVERITY_HIGH] = {"high", 70},
    [SEVERITY_MEDIUM] = {"medium", 40},     [SEVERITY_LOW] = {"low", 1},
    [SEVERITY_INFO] = {"info", 0},
};

const char *severity_word(enum severity severity) {
    return BANDS[severity].word;
}

bool severity_read(struct text word, enum severity *ret_severity) {
    for (int severity = 0; severity < SEVERITY__COUNT; severity++) {
        if (text_is(word, BANDS[severity].word)) {
            *ret_severity = (enum severity)severity;
            return true;
        }
    }
    return false;
}

enum severity cvss_severity(int tenths) {
    int severity = SEVERITY_CRITICAL;
    while (severity < SEVERITY_INFO && tenths < BANDS[severity].from_tenths)
        severity++;
    return (enum severity)severity;
}

static const struct value *value_of(enum metric metric, char letter) {
    for (int i = 0; i < VALUES_MAX; i++) {
        if (letter != '\0' && VALUES[metric][i].letter == letter)
            return &VALUES[metric][i];
    }
    return NULL;
}

/* read_part("AV:N", chosen): false for what is unknown or there already. */
static bool read_part(struct text part, const struct value *chosen[METRIC__COUNT]) {
    struct text name;
    if (!text_cut(&part, ':', &name) || part.len != 1)
        return false;
    for (int metric = 0; metric < METRIC__COUNT; metric++) {
        if (!text_is(name, METRICS[metric]))
            continue;
        if (chosen[metric] != NULL)
            return false;
        chosen[metric] = value_of((enum metric)metric, part.ptr[0]);
        return chosen[metric] != NULL;
    }
    return false;
}

/* The specification's Roundup, in integers: the least tenth not below x. */
static int roundup(double x) {
    long hundred_thousandths = lround(x * 100000);
    return (int)((hundred_thousandths + 9999) / 10000);
}

static int score(const struct value *const chosen[METRIC__COUNT]) {
    bool changed = chosen[SCOPE]->letter == 'C';
    double kept =
        (1 - chosen[CONF]->weight) * (1 - chosen[INTEG]->weight) * (1 - chosen[AVAIL]->weight);
    double iss = 1 - kept;
    double impact = changed ? 7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15) : 6.42 * iss;
    double privileges = changed ? chosen[PR]->weight_changed : chosen[PR]->weight;
    double exploitability =
        8.22 * chosen[AV]->weight * chosen[AC]->weight * privileges * chosen[UI]->weight;
    if (impact <= 0)
        return 0;
    return roundup(fmin((changed ? 1.08 : 1) * (impact + exploitability), 10));
}

bool cvss_score(struct text vector, int *ret_tenths) {
    const struct value *chosen[METRIC__COUNT] = {0};
    const struct text prefix = TEXT("CVSS:3.1/");
    struct text rest, part;
    if (!text_starts(vector, prefix))
        return false;
    rest = text_make(vector.ptr + prefix.len, vector.len - prefix.len);
    while (text_cut(&rest, '/', &part)) {
        if (!read_part(part, chosen))
            return false;
    }
    for (int metric = 0; metric < METRIC__COUNT; metric++) {
        if (chosen[metric] == NULL)
            return false;
    }
    *ret_tenths = score(chosen);
    return true;
}
