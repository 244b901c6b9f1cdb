/* structured: a finished session as typed results (security, performance, test execution) and the
 * actions that follow from them (open an issue, block a merge), in the words of ADR-024. Pure.
 *
 * A consumer merges when nothing says `block_merge`, so whatever is no GO says it. */
#ifndef AGNOSTIC_REPORT_STRUCTURED_H
#define AGNOSTIC_REPORT_STRUCTURED_H

#include "agnostic/base/json.h"

enum structured_type {
    STRUCTURED_COMPREHENSIVE, /* all of them */
    STRUCTURED_SECURITY,
    STRUCTURED_PERFORMANCE,
    STRUCTURED_TEST_EXECUTION,
    STRUCTURED__COUNT
};

/* structured_find(word, &type): "security", "performance", "test_execution". */
bool structured_find(struct text word, enum structured_type *ret_type);

/* structured_put(summary, result, type, out): summary is a session's (task/session.h), result the
 * `result` of its task, which tells more; NULL when that has expired. One object. What either lacks
 * is null. */
void structured_put(const struct json *summary, const struct json *result,
                    enum structured_type type, struct json_out *out);

#endif
