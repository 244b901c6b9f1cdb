/* outcome_help: agents that print lines, and agents that have ended. */
#ifndef UNIT_TASK_OUTCOME_HELP_H
#define UNIT_TASK_OUTCOME_HELP_H

#include "json_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/task/outcome.h"

#define LINE(members) "{\"v\":1," members "}"
#define FINDING(members)                                                                           \
    LINE("\"type\":\"finding\",\"check_id\":\"C1\",\"title\":\"T\",\"component\":\"/\"," members)
#define RESULT(members) LINE("\"type\":\"result\"," members)

enum { WORK_MAX = 64 << 20 };

static inline struct outcome *started(void) {
    struct outcome *outcome;
    assert_int_equal(outcome_new("security-compliance", ROLE_SECURITY_COMPLIANCE, &outcome),
                     ERR_OK);
    return outcome;
}

static inline void feed(struct outcome *outcome, const char *line) {
    if (outcome_line(outcome, text_of(line)) != ERR_OK)
        fail_msg("refused: %.300s", line);
}

static inline void feed_bad(struct outcome *outcome, const char *line) {
    size_t before = outcome_bad_lines(outcome);
    if (outcome_line(outcome, text_of(line)) != ERR_SYNTAX)
        fail_msg("accepted: %.300s", line);
    assert_int_equal(outcome_bad_lines(outcome), before + 1);
}

static inline struct json *printed(const struct outcome *outcome) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, WORK_MAX);
    json_out_init(&out, &buf);
    outcome_put(outcome, &out);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    return root;
}

/* An agent that ended with that status word; severity NULL or "-": without a finding; "~high" an
 * advisory one, "!high" one that is called so and has a score of 2; counts: a JSON object. */
static inline struct outcome *ended_after(const char *name, const char *status,
                                          const char *severity, const char *counts) {
    struct outcome *outcome;
    char line[512];
    assert_int_equal(outcome_new(name, ROLE_JUNIOR_QA, &outcome), ERR_OK);
    if (severity != NULL && severity[0] != '-') {
        bool advisory = severity[0] == '~', disputed = severity[0] == '!';
        severity += advisory || disputed;
        snprintf(line, sizeof(line),
                 "{\"v\":1,\"type\":\"finding\",\"check_id\":\"C-%s\",\"title\":\"Found\","
                 "\"component\":\"/\",\"severity\":\"%s\",\"weight\":%s%s}",
                 severity, severity, advisory ? "0.25" : "1", disputed ? ",\"cvss_score\":2" : "");
        assert_int_equal(outcome_line(outcome, text_of(line)), ERR_OK);
    }
    snprintf(line, sizeof(line), "{\"v\":1,\"type\":\"result\",\"status\":\"%s\",\"counts\":%s}",
             status, counts);
    assert_int_equal(outcome_line(outcome, text_of(line)), ERR_OK);
    return outcome;
}

static inline struct outcome *ended(const char *name, const char *status, const char *severity) {
    return ended_after(name, status, severity, "{}");
}

#endif
