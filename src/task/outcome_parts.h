/* outcome_parts: what the files of `outcome` and `result` share. */
#ifndef TASK_OUTCOME_PARTS_H
#define TASK_OUTCOME_PARTS_H

#include "agnostic/task/outcome.h"

enum {
    OUTCOME_REASON_SIZE = 64,
    OUTCOME_SUMMARY_SIZE = 1024,
    OUTCOME_CHECK_ID_MAX = 128,   /* bytes */
    OUTCOME_PLAN_MAX = 16 << 10,  /* bytes of the planned checks, as JSON */
    OUTCOME_METRIC_MAX = 2 << 10, /* bytes of one metric */
    OUTCOME_METRICS_MAX = 16 << 10,
    OUTCOME_MEMO_MAX = 8 << 10,
    OUTCOME_MEMO_VALUES = 512,
    OUTCOME_DATA_VALUES = 10000,
    OUTCOME_CHECK_MAX = 2 << 10, /* bytes of one check */
    OUTCOME_CHECKS_MAX = 32 << 10,
    OUTCOME_DATA_MAX = 64 << 10,    /* bytes of the result line's document as stored */
    OUTCOME_COMPONENT_MAX = 256,    /* bytes, of a check */
    OUTCOME_FINDING_MAX = 128 << 10 /* bytes of one finding as stored */
};

/* Words of a `check` line's status, and with "checks" before them of counts. */
enum outcome_count {
    COUNT_CHECKS,
    COUNT_PASSED,
    COUNT_FAILED,
    COUNT_SKIPPED,
    COUNT_ERROR,
    COUNT_NOT_TESTED,
    COUNT_FLAKY,
    COUNT__COUNT
};
extern const char *const OUTCOME_COUNT_WORDS[COUNT__COUNT];

struct outcome_kept {
    struct outcome_finding finding; /* its strings are owned */
    uint64_t key;                   /* of the pair check and component */
};

struct outcome {
    char *name;
    enum role role;
    void (*heard)(void *ctx, const char *level, struct text message);
    void *heard_ctx;
    enum outcome_status status;
    bool has_result; /* a result line came: what follows is not looked at */
    bool has_ended;  /* outcome_end spoke: a result line has no say any more */
    char reason[OUTCOME_REASON_SIZE];
    char summary[OUTCOME_SUMMARY_SIZE];
    struct outcome_kept *kept;
    size_t kept_count, kept_cap;
    size_t seen[SEVERITY__COUNT]; /* findings of each severity, kept or not */
    int64_t counts[COUNT__COUNT];
    bool counts_known, counts_from_lines;
    int64_t planned; /* checks, as it said itself */
    size_t bad_lines, late_lines, metrics_dropped, checks_dropped;
    bool finding_lost; /* one of the bad lines was a finding */
    int percent;
    struct buf plan;    /* a JSON array, or empty */
    struct buf metrics; /* JSON objects with commas between */
    struct buf checks;  /* the same: {"id","component"?,"status","reason"?,"ms"?} */
    struct buf data;    /* a JSON object, or empty */
    bool data_dropped;
    struct buf memo; /* a JSON object, or empty */
    struct outcome_artifact artifacts[OUTCOME_ARTIFACTS_MAX];
    size_t artifact_count;
};

/* outcome_add_finding(outcome, line): reads a finding and keeps it, or counts it when too many
 * of at least its severity are there. The same check on the same component is one finding,
 * the worst. ERR_SYNTAX when a mandatory member is missing, ERR_NOMEM, ERR_INTERNAL. */
enum err outcome_add_finding(struct outcome *outcome, const struct json *line);
void outcome_kept_done(struct outcome_kept *kept);

/* outcome_add_counts(outcome, counts): of its result line, or of what outcome_put printed; for an
 * agent that told no checks one by one. */
void outcome_add_counts(struct outcome *outcome, const struct json *counts);

/* outcome_add_artifact(outcome, line): ERR_SYNTAX: no name, no media type we know, named twice, too
 * many. */
enum err outcome_add_artifact(struct outcome *outcome, const struct json *line);
void outcome_put_artifacts(const struct outcome *outcome, struct json_out *out);

/* outcome_rank(advisory, severity, disputed): how little a finding decides, from 0; where there is
 * no room for all, those of the highest give way: advisory findings, then the mild, then those
 * whose severity nobody disputes. */
enum { OUTCOME_RANKS = 2 * SEVERITY__COUNT * 2 };
unsigned outcome_rank(bool advisory, enum severity severity, bool disputed);
/* outcome_finding_rank(finding): the same of one that is kept. */
unsigned outcome_finding_rank(const struct outcome_finding *finding);

/* outcome_put_within(outcome, out, room): outcome_put, but of each rank only the first room[rank]
 * findings, which are taken off room, without checks and data; NULL: all. */
void outcome_put_within(const struct outcome *outcome, struct json_out *out,
                        size_t room[OUTCOME_RANKS]);

#endif
