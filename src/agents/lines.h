/* lines: what an agent says, one JSON object a line (PROTOCOL.md, "Agent contract"). Stamps v,
 * type, ts and seq, keeps the counts that the result line tells. May be used from two threads:
 * a line is whole or not said. */
#ifndef AGENTS_LINES_H
#define AGENTS_LINES_H

#include "agents/judgement.h"
#include "agents/rule.h"

struct lines;

/* Receives each line, without newline. */
typedef void (*lines_sink)(void *ctx, struct text line);

/* lines_new(sink, ctx, &lines): the caller frees with lines_free. ERR_NOMEM. */
enum err lines_new(lines_sink sink, void *ctx, struct lines **ret_lines);
void lines_free(struct lines *lines);

/* lines_hello(lines, name, tools): tools: what else works, a JSON object of versions as text; ptr
 * NULL: nothing. */
void lines_hello(struct lines *lines, const char *name, struct text tools);

/* What is going to be checked: every planned id gets exactly one check line. */
struct lines_plan {
    const struct rule *const *planned;
    size_t planned_count;
    const struct rule *const *skipped; /* not permitted by the task's modes, or not available */
    size_t skipped_count;
};
void lines_plan(struct lines *lines, const struct lines_plan *plan);
/* lines_plan_rules(lines, rule, modes): the same of a whole table, whose index-th row rule(index)
 * is, NULL behind the last; skipped are those of modes that are not permitted. */
void lines_plan_rules(struct lines *lines, const struct rule *(*rule)(size_t index),
                      const bool modes[RULE_MODE__COUNT]);
/* lines_progress(lines, phase, requests, detail): `done` and `total` are the checks said and
 * planned. detail: a remark for people, or NULL. */
void lines_progress(struct lines *lines, const char *phase, size_t requests, const char *detail);
/* One number: how many values it rests on and how it was measured. */
struct lines_metric {
    const char *name; /* "perf.latency.p95_ms" */
    double value;
    const char *unit;
    int64_t n;
    const char *method;
};
void lines_metric(struct lines *lines, const struct lines_metric *metric);
/* A file in the agent's folder. */
void lines_artifact(struct lines *lines, const char *name, const char *media_type, int64_t bytes);
void lines_log(struct lines *lines, const char *level, const char *message);

/* lines_judgement(lines, rule, judgement, non_public): the check line and, when it failed, its
 * finding. non_public: the target is not on the public internet. */
void lines_judgement(struct lines *lines, const struct rule *rule,
                     const struct judgement *judgement, bool non_public);

/* lines_remember(lines, memo): the result line will have `memo`, one JSON object as text that later
 * sessions of the target are told; without memory it will not. */
void lines_remember(struct lines *lines, struct text memo);

enum lines_status {
    LINES_COMPLETED,
    LINES_PARTIAL,
    LINES_FAILED,
    LINES_REFUSED,
    LINES_NOT_AVAILABLE,
    LINES_STATUS__COUNT
};
/* lines_result(lines, status, reason, summary, data): the last line; whatever is said after it is
 * dropped. reason NULL when completed; summary NULL: made from the counts; data: one JSON object
 * as text, ptr NULL for none. */
void lines_result(struct lines *lines, enum lines_status status, const char *reason,
                  const char *summary, struct text data);

#endif
