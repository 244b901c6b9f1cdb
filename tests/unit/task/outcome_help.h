/* outcome_help: agents that have ended, for the tests of what is made of them. */
#ifndef UNIT_TASK_OUTCOME_HELP_H
#define UNIT_TASK_OUTCOME_HELP_H

#include "json_help.h"

#include <stdio.h>

#include "agnostic/task/outcome.h"

/* An agent that ended with that status word; severity NULL or "-": without a finding. */
static inline struct outcome *ended(const char *name, const char *status, const char *severity) {
    struct outcome *outcome;
    char line[512];
    assert_int_equal(outcome_new(name, ROLE_JUNIOR_QA, &outcome), ERR_OK);
    if (severity != NULL && severity[0] != '-') {
        snprintf(line, sizeof(line),
                 "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C-%s\",\"title\":\"Found\","
                 "\"component\":\"/\",\"severity\":\"%s\"}",
                 severity, severity);
        assert_int_equal(outcome_line(outcome, text_of(line)), ERR_OK);
    }
    snprintf(line, sizeof(line), "{\"v\":1,\"type\":\"result\",\"status\":\"%s\"}", status);
    assert_int_equal(outcome_line(outcome, text_of(line)), ERR_OK);
    return outcome;
}

#endif
