/* Tests that ran, against ADR-024's bounds. */
#include <math.h>
#include <stdio.h>

#include "report/telling.h"

static const double COVERAGE_MIN_PERCENT = 80;

/* Calls visit for each check that ended so; how many there are. */
static size_t each_check(const struct telling *telling, const char *status,
                         void (*visit)(const struct json *check, void *ctx), void *ctx,
                         size_t max) {
    const struct session_view_agent *agent;
    struct text word;
    size_t count = 0;
    for (size_t at = 0; (agent = telling_agent(telling, &at)) != NULL;) {
        for (size_t i = 0; i < json_count(agent->checks); i++) {
            const struct json *check = json_at(agent->checks, i);
            if (!json_text(json_get(check, "status"), &word) ||
                (status != NULL && !text_is(word, status)))
                continue;
            if (count++ < max)
                visit(check, ctx);
        }
    }
    return count;
}

static void put_check_id(const struct json *check, void *ctx) {
    struct text id = {NULL, 0};
    (void)json_text(json_get(check, "id"), &id);
    json_out_text(ctx, id);
}

static void put_checks(struct telling *telling, const char *name, const char *status) {
    json_out_name(telling->out, name);
    json_out_array(telling->out);
    (void)each_check(telling, status, put_check_id, telling->out, TELLING_NAMED_MAX);
    json_out_end_array(telling->out);
}

void telling_put_tests(struct telling *telling) {
    static const char *const COUNTS[][2] = {
        {"total_tests", NULL}, {"passed", "passed"}, {"failed", "failed"}, {"skipped", "skipped"}};
    for (size_t i = 0; i < sizeof(COUNTS) / sizeof(COUNTS[0]); i++)
        json_out_member_int(telling->out, COUNTS[i][0],
                            (int64_t)each_check(telling, COUNTS[i][1], NULL, NULL, 0));
    telling_value(telling->out, "coverage_percentage", telling_data(telling, "coverage"));
    put_checks(telling, "flaky_tests", "flaky");
}

void telling_act_on_tests(struct telling *telling) {
    static const struct telling_issue COVERAGE = {"medium", "testing", "coverage"},
                                      FLAKY = {"medium", "testing", "flaky"};
    size_t failed = each_check(telling, "failed", NULL, NULL, 0);
    size_t flaky = each_check(telling, "flaky", NULL, NULL, 0);
    double coverage = NAN;
    char text[TELLING_SENTENCE_SIZE];
    (void)json_number(telling_data(telling, "coverage"), &coverage);
    if (failed > 0) {
        snprintf(text, sizeof(text), "%zu tests failed", failed);
        telling_block(telling, text);
        put_checks(telling, "failed_tests", "failed");
        json_out_end_object(telling->out);
    }
    if (coverage < COVERAGE_MIN_PERCENT) {
        snprintf(text, sizeof(text), "[COVERAGE] Test coverage below threshold: %.1f%%", coverage);
        telling_issue(telling, &COVERAGE, text, text_of(text));
    }
    if (flaky > 0) {
        snprintf(text, sizeof(text), "[FLAKY] %zu flaky tests", flaky);
        telling_issue(telling, &FLAKY, text, text_of(text));
    }
}
