/* What a client is told of earlier sessions. */
#include "agnostic/store/history_store.h"
#include "agnostic/store/task_store.h"
#include "web/service.h"

#include <stdio.h>

/* Ends a task of the operator's, remembered as that session, in which check C came to status. */
static void remember(const char *session_id, const char *status) {
    struct store *store = NULL;
    struct fault fault;
    struct task_claim held;
    char summary[256];
    assert_int_equal(
        service_operator("POST", "/api/tasks", "{\"title\":\"t\",\"description\":\"d\"}"), 200);
    assert_int_equal(store_new(private_redis_url(redis, ""), 5000, &store, &fault), ERR_OK);
    assert_int_equal(task_store_claim(store, "slot", 60000, &held), ERR_OK);
    snprintf(summary, sizeof(summary),
             "{\"session_id\":\"%s\",\"agents\":{\"a\":{\"checks\":[{\"id\":\"C\",\"status\":\"%"
             "s\"}]}}}",
             session_id, status);
    const struct history_note note = {.session_id = session_id,
                                      .target = "cafe",
                                      .days = 1,
                                      .summary = text_of(summary),
                                      .counts = {{"total", 1}, {status, 1}},
                                      .count = 2};
    assert_int_equal(task_store_finish(store, &held, TASK_COMPLETED, TEXT("{}"), &note), ERR_OK);
    task_claim_done(&held);
    store_free(store);
}

static void two_sessions_are_compared(void **unused) {
    (void)unused;
    remember("session_1", "passed");
    remember("session_2", "failed");
    assert_int_equal(
        service_operator("GET", "/api/test-sessions/diff?base=session_1&compare=session_2", NULL),
        200);
    assert_true(json_bool(json_get(service_json(), "has_regressions"), false));
    assert_string_equal(service_str("base_session_id"), "session_1");
}

static void an_unknown_session_is_named(void **unused) {
    (void)unused;
    remember("session_1", "passed");
    assert_int_equal(
        service_operator("GET", "/api/test-sessions/diff?base=session_1&compare=session_9", NULL),
        404);
    assert_string_equal(service_str("detail"), "Session not found: session_9");
}

static void both_sessions_are_wanted(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/test-sessions/diff", NULL), 422);
    assert_int_equal(json_count(json_get(service_json(), "detail")), 2);
}

static void what_is_no_session_id_is_refused(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/test-sessions/diff?base=a%3Ab&compare=c", NULL),
                     422);
    assert_int_equal(json_count(json_get(service_json(), "detail")), 1);
}

static void others_sessions_look_unknown_where_only_owners_read(void **unused) {
    (void)unused;
    remember("session_1", "passed");
    service_with("AGNOSTIC_TASK_READ=owner\n");
    private_redis_ask(redis, "HSET hist:session:session_1 owner somebody");
    assert_int_equal(
        service_operator("GET", "/api/test-sessions/diff?base=session_1&compare=session_1", NULL),
        404);
}

static void a_summary_that_cannot_be_read_is_an_error(void **unused) {
    (void)unused;
    remember("session_1", "passed");
    private_redis_ask(redis, "HSET hist:session:session_1 summary nonsense");
    assert_int_equal(
        service_operator("GET", "/api/test-sessions/diff?base=session_1&compare=session_1", NULL),
        500);
}

static void a_session_is_told_as_typed_results(void **unused) {
    (void)unused;
    remember("session_1", "passed");
    assert_int_equal(service_operator("GET", "/api/results/structured/session_1", NULL), 200);
    assert_string_equal(service_str("report_id"), "report-session_1");
    assert_string_equal(service_str("report_type"), "comprehensive");
    assert_int_equal(
        service_operator("GET", "/api/v1/results/structured/session_1?result_type=security", NULL),
        200);
    assert_string_equal(service_str("report_type"), "security");
}

static void what_has_no_typed_results_is_said_so(void **unused) {
    static const char *const NONE[] = {"session_9", "no%3Asession",
                                       "session_1?result_type=nonsense"};
    char uri[128];
    (void)unused;
    remember("session_1", "passed");
    for (size_t i = 0; i < sizeof(NONE) / sizeof(NONE[0]); i++) {
        snprintf(uri, sizeof(uri), "/api/results/structured/%s", NONE[i]);
        assert_int_equal(service_operator("GET", uri, NULL), 200);
        assert_string_equal(service_str("message"), "No results found");
    }
}

static void others_results_look_like_none_where_only_owners_read(void **unused) {
    (void)unused;
    remember("session_1", "passed");
    service_with("AGNOSTIC_TASK_READ=owner\n");
    private_redis_ask(redis, "HSET hist:session:session_1 owner somebody");
    assert_int_equal(service_operator("GET", "/api/results/structured/session_1", NULL), 200);
    assert_string_equal(service_str("message"), "No results found");
}

static void checks_are_told_by_day(void **unused) {
    (void)unused;
    int64_t n = 0;
    remember("session_1", "passed");
    remember("session_2", "failed");
    assert_int_equal(service_operator("GET", "/api/test-metrics/trends?days=7", NULL), 200);
    assert_int_equal(json_count(service_json()), 1);
    const struct json *day = json_at(service_json(), 0);
    assert_non_null(json_str(json_get(day, "date"), NULL));
    assert_true(json_int(json_get(day, "total"), 2, 2, &n));
    assert_true(json_int(json_get(day, "failed"), 1, 1, &n));
}

static void more_days_than_are_looked_at_are_refused(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/test-metrics/trends?days=91", NULL), 422);
    assert_int_equal(service_operator("GET", "/api/test-metrics/trends?days=90", NULL), 200);
    assert_string_equal(service_body(), "[]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(two_sessions_are_compared),
        SERVICE_TEST(an_unknown_session_is_named),
        SERVICE_TEST(both_sessions_are_wanted),
        SERVICE_TEST(what_is_no_session_id_is_refused),
        SERVICE_TEST(others_sessions_look_unknown_where_only_owners_read),
        SERVICE_TEST(a_summary_that_cannot_be_read_is_an_error),
        SERVICE_TEST(a_session_is_told_as_typed_results),
        SERVICE_TEST(what_has_no_typed_results_is_said_so),
        SERVICE_TEST(others_results_look_like_none_where_only_owners_read),
        SERVICE_TEST(checks_are_told_by_day),
        SERVICE_TEST(more_days_than_are_looked_at_are_refused),
    };
    return SERVICE_RUN(tests);
}
