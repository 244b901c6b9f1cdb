/* advice_help: a finished task that a language model may be asked about. */
#ifndef UNIT_TASK_ADVICE_HELP_H
#define UNIT_TASK_ADVICE_HELP_H

#include "agnostic/task/advice.h"
#include "task/outcome_help.h"

#define MARKER "tgt7f3a"

/* What a target could have put into the words of an agent, with an id of our own and with one of a
 * plug-in. */
#define HOSTILE_FINDING(id)                                                                        \
    LINE("\"type\":\"finding\",\"check_id\":\"" id "\",\"severity\":\"high\",\"title\":\"" MARKER  \
         "\",\"component\":\"https://" MARKER ".test/?" MARKER "=1\",\"description\":\"" MARKER    \
         "\",\"evidence\":{\"summary\":\"" MARKER "\"}")

struct advised {
    struct criteria criteria;
    struct outcome *outcome;
    struct check_list *checks;
    struct advice_facts facts;
};

static inline void advised_init(struct advised *advised, const char *constraints) {
    static const char CHECKS[] =
        "{\"id\":\"SEC-HDR-01\",\"variants\":[{\"title\":\"No HSTS\",\"severity\":\"high\"}]}\n"
        "{\"id\":\"FUN-04\",\"variants\":[{\"title\":\"Dead links\",\"severity\":\"medium\"}]}\n"
        "{\"id\":\"PERF-01\",\"variants\":[{\"title\":\"Slow\",\"severity\":\"medium\"}]}\n";
    const struct request request = {.constraints = text_of(constraints)};
    assert_int_equal(criteria_read(&request, &advised->criteria), ERR_OK);
    assert_int_equal(check_list_read(text_of(CHECKS), &advised->checks), ERR_OK);
    assert_int_equal(outcome_new(MARKER, ROLE_SECURITY_COMPLIANCE, &advised->outcome), ERR_OK);
    feed(advised->outcome, HOSTILE_FINDING("SEC-HDR-01"));
    feed(advised->outcome, HOSTILE_FINDING(MARKER "-9"));
    feed(advised->outcome, LINE("\"type\":\"check\",\"id\":\"" MARKER "\",\"status\":\"failed\","
                                "\"reason\":\"" MARKER "\""));
    feed(advised->outcome, LINE("\"type\":\"metric\",\"name\":\"" MARKER "\",\"value\":1"));
    feed(advised->outcome, RESULT("\"status\":\"partial\",\"reason\":\"" MARKER
                                  "\",\"summary\":\"" MARKER "\",\"data\":{\"" MARKER "\":1}"));
    advised->facts =
        (struct advice_facts){.model = "small",
                              .session_id = "session_1",
                              .criteria = &advised->criteria,
                              .outcomes = (const struct outcome *const *)&advised->outcome,
                              .count = 1,
                              .checks = advised->checks};
}

static inline void advised_done(struct advised *advised) {
    outcome_free(advised->outcome);
    check_list_free(advised->checks);
}

/* A response whose message is that. */
static inline char *response_of(const char *content) {
    struct buf buf;
    struct json_out out;
    buf_init(&buf, WORK_MAX);
    json_out_init(&out, &buf);
    buf_puts(&buf, "{\"choices\":[{\"message\":{\"content\":");
    json_out_str(&out, content);
    buf_puts(&buf, "}}]}");
    return buf_take(&buf);
}

#endif
