/* criterion_help: criteria as they are read of a sentence. */
#ifndef UNIT_TASK_CRITERION_HELP_H
#define UNIT_TASK_CRITERION_HELP_H

#include "agnostic/task/criterion.h"

#include <math.h>

#include "task/outcome_help.h"

static struct criteria criteria;

static inline void read_from(const char *field, const char *text) {
    struct request request = {.priority = TASK_MEDIUM};
    struct text *where = strcmp(field, "description") == 0   ? &request.description
                         : strcmp(field, "constraints") == 0 ? &request.constraints
                                                             : &request.business_goals;
    *where = text_of(text);
    assert_int_equal(criteria_read(&request, &criteria), ERR_OK);
}

#endif
