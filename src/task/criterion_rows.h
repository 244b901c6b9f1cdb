/* criterion_rows: the grammar of acceptance criteria, as rows. */
#ifndef TASK_CRITERION_ROWS_H
#define TASK_CRITERION_ROWS_H

#include "agnostic/base/pattern.h"
#include "agnostic/task/criterion.h"

enum { CRITERION_ROWS_MAX = 32 };

struct criterion_row {
    const char *expression;
    /* What a match says; false: nothing after all. */
    bool (*fill)(const struct pattern_match *match, struct criterion *criterion);
};

/* criterion_row(index): in the order they are tried; NULL behind the last. What one has read is not
 * read by a later one. */
const struct criterion_row *criterion_row(size_t index);

#endif
