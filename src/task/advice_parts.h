/* advice_parts: what question and answer must agree on. */
#ifndef TASK_ADVICE_PARTS_H
#define TASK_ADVICE_PARTS_H

#include "agnostic/task/advice.h"

#define ADVICE_VERDICT "verdict"
#define ADVICE_SUMMARY "summary"
#define ADVICE_PROPOSALS "proposals"
#define ADVICE_CRITERION "criterion_id"
#define ADVICE_METRIC "metric"
#define ADVICE_OP "op"
#define ADVICE_VALUE "value"
#define ADVICE_CHECKS "checks"

/* advice_op(metric): "<=" or ">=". */
const char *advice_op(const struct criterion_metric *metric);
/* advice_unmapped(criteria): how many sentences wait for a proposal. */
size_t advice_unmapped(const struct criteria *criteria);
/* advice_schema_put(facts, out): the JSON schema of an answer. */
void advice_schema_put(const struct advice_facts *facts, struct json_out *out);

#endif
