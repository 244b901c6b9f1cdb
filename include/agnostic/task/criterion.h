/* criterion: what a client wrote of acceptance, as something that can be measured.
 *
 * Sentences of description, business_goals and constraints are read by a small grammar, one row a
 * pattern. What no row reads is unmapped: it is shown and never counts as met. In the description,
 * which is mostly prose, only a sentence that demands ("must", "shall") is a criterion at all; a
 * field's default is none. */
#ifndef AGNOSTIC_TASK_CRITERION_H
#define AGNOSTIC_TASK_CRITERION_H

#include "agnostic/task/cvss.h"
#include "agnostic/task/outcome.h"
#include "agnostic/task/request.h"

enum {
    CRITERIA_MAX = 64,
    CRITERIA_EXCLUDE_MAX = REQUEST_CONSTRAINTS_MAX / 2, /* a slash and a blank each */
    CRITERION_SUBJECTS_MAX = 6,
    CRITERION_ID_SIZE = 16
};

enum criterion_kind {
    CRITERION_METRIC,   /* metrics, as many of `subjects` as were measured, hold a bound */
    CRITERION_FINDINGS, /* no finding of `severity` or worse */
    CRITERION_CHECKS,   /* checks whose ids begin with one of `subjects` ran and did not fail */
    CRITERION_STANDARD, /* no finding that concerns the standard */
    CRITERION_LIMIT,    /* of what may be done to the target; kept, since the runner hands it on */
    CRITERION_UNMAPPED  /* nobody knows how to measure it */
};

enum criterion_result {
    CRITERION_MET,
    CRITERION_FAILED,
    CRITERION_NOT_MEASURED, /* no agent that ran measured it, or not enough */
    CRITERION_NOT_MAPPED
};

struct criterion {
    enum criterion_kind kind;
    struct text text;                             /* the sentence, a view of the request */
    const char *field;                            /* where it stands */
    const char *subjects[CRITERION_SUBJECTS_MAX]; /* metrics; beginnings of check ids; standard;
                                                     limit, a word below */
    bool at_least;                                /* the metric is to be >= value, else <= */
    double value;                                 /* in the metric's unit */
    double samples;                               /* requests that show a share so small */
    enum severity severity;                       /* of findings */
    struct text path;                             /* of a limit, begins with '/'; ptr NULL: none */
};

#define CRITERION_MAX_RPS "max_rps"         /* `value`, may be less than 1 */
#define CRITERION_MAX_SECONDS "max_seconds" /* `value`, of the whole session */
#define CRITERION_NO_LOAD "no_load_test"
#define CRITERION_NO_ACTIVE "no_active_tests"
#define CRITERION_PASSIVE "passive_only"
#define CRITERION_NO_CRAWL "no_crawl"
#define CRITERION_EXCLUDE "exclude" /* `path` */

/* What limits come to, each the tightest; only ever less than is permitted. */
struct criteria_limits {
    double max_rps, max_seconds; /* INFINITY: as permitted */
    bool no_load;                /* agents that load a target send single requests at most */
    bool no_active;
    bool passive;  /* only what any visitor asks for */
    bool no_crawl; /* nothing is asked for because something leads there */
    struct text exclude[CRITERIA_EXCLUDE_MAX]; /* paths that nobody asks for, nor what is beneath */
    size_t exclude_count;
};
extern const struct criteria_limits CRITERIA_UNLIMITED;

struct criteria {
    struct criterion items[CRITERIA_MAX];
    size_t count;
    bool more;                     /* there were others that are not looked at */
    struct criteria_limits limits; /* of all that was read, kept in items or not */
};

/* criteria_read(request, &criteria): in the order of the fields and of the text. The constraints
 * are always read whole. The views hold as long as the request. ERR_NOMEM, ERR_INTERNAL. */
enum err criteria_read(const struct request *request, struct criteria *ret_criteria);

/* criteria_limit(limits, criterion): tightens limits by it, when it is one. */
void criteria_limit(struct criteria_limits *limits, const struct criterion *criterion);

/* A metric that criteria bound. */
struct criterion_metric {
    const char *name;
    bool at_least; /* a criterion wants it >= its value, else <= */
    double max;    /* no criterion asks for more */
};
/* criterion_metric(index): every one that the grammar knows; NULL behind the last. */
const struct criterion_metric *criterion_metric(size_t index);

/* criteria_kind_word(kind): metric, findings, checks, standard, limit, unmapped. */
const char *criteria_kind_word(enum criterion_kind kind);
/* criterion_result_word(result): met, failed, not_measured, unmapped. */
const char *criterion_result_word(enum criterion_result result);

/* criterion_judge(criterion, outcomes, count, &measured): from the agents' lines alone. measured is
 * the metric's value where there is one (NAN else), of several the one that decided. An
 * availability or throughput that the requests did not suffice to show is not measured, though it
 * may fail; a single failure among too few is not told from an accident, so neither. */
enum criterion_result criterion_judge(const struct criterion *criterion,
                                      const struct outcome *const *outcomes, size_t count,
                                      double *ret_measured);

/* criteria_id(index, dst): "C1" for the first of the list. */
void criteria_id(size_t index, char dst[CRITERION_ID_SIZE]);

/* criteria_put(criteria, outcomes, count, out):
 * [{"id":"C1","text","field","kind","metric"|"checks"| "standard"|"severity"|"limit",
 * "other_metrics"?,"path"?,"op","value"?,"measured"?,"result"},...]; without results when outcomes
 * is NULL. */
void criteria_put(const struct criteria *criteria, const struct outcome *const *outcomes,
                  size_t count, struct json_out *out);
/* criteria_restore(stored, &criteria): from what criteria_put printed, results apart, which are
 * not looked at; views of stored. ERR_DAMAGED: it did not print that. */
enum err criteria_restore(const struct json *stored, struct criteria *ret_criteria);

#endif
