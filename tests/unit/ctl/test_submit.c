/* Goal: the exit status and the last line of `submit --wait` are the verdict and nothing else, and
 * a service that comes and goes does not change it. */
#include "ctl/ctl_kit.h"

#define ID "0b0e1f2a-7c55-4a53-9d1e-0c9b6f3c1a11"
#define SIX(status) "{\"task_id\":\"" ID "\",\"session_id\":\"s\",\"status\":\"" status "\","
#define TASK(status, result)                                                                       \
    SIX(status)                                                                                    \
    "\"created_at\":\"2026-02-21T10:00:00+00:00\",\"updated_at\":\"x\",\"result\":" result "}"
#define CREATED HTTP("200 OK", "", TASK("pending", "null"))
#define RUNNING HTTP("200 OK", "Retry-After: 1\r\n", TASK("running", "null"))
#define DONE(word, agents)                                                                         \
    HTTP("200 OK", "",                                                                             \
         TASK("completed",                                                                         \
              "{\"verdict\":{\"status\":\"" word "\"},\"agent_results\":{" agents "}}"))
#define FINDING(severity, check, title)                                                            \
    "{\"check_id\":\"" check "\",\"title\":\"" title "\",\"severity\":\"" severity "\","           \
    "\"cwe_id\":\"CWE-319\",\"cvss_score\":7.4,\"component\":\"http://x\","                        \
    "\"evidence\":{\"summary\":\"seen\",\"reproduce\":\"curl -sI http://x\"}}"

static struct ran *submit_to(const char *const *answers) {
    struct server server = service_start(answers, NULL);
    struct ran *ran = ctl_run("submit", "http://shop.test/", "--wait", "--timeout", "30", NULL);
    server_stop(&server);
    return ran;
}

static void each_verdict_has_its_exit_status_and_last_line(void **state) {
    (void)state;
    static const struct {
        const char *answers[3];
        int status;
        const char *end;
    } verdicts[] = {
        {{CREATED, DONE("GO", ""), NULL}, 0, "\nverdict: GO\n"},
        {{CREATED, DONE("NO_GO", ""), NULL}, 1, "\nverdict: NO_GO\n"},
        {{CREATED, DONE("GO_WITH_WARNINGS", ""), NULL}, 2, "\nverdict: GO_WITH_WARNINGS\n"},
        {{CREATED, DONE("INCOMPLETE", ""), NULL}, 3, "\nverdict: INCOMPLETE\n"},
        {{CREATED, DONE("SOMETHING_NEW", ""), NULL}, 3, "\nverdict: INCOMPLETE\n"},
    };
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        struct ran *ran = submit_to(verdicts[i].answers);
        assert_int_equal(ran->status, verdicts[i].status);
        assert_true(ends_with(ran->out, verdicts[i].end));
        assert_true(text_starts(text_of(ran->out), TEXT(ID "\n")));
    }
}

static void a_task_that_failed_has_no_verdict(void **state) {
    (void)state;
    static const char *const answers[] = {
        CREATED,
        HTTP("200 OK", "",
             TASK("failed", "{\"error\":{\"code\":\"crashed\",\"message\":\"three times\"}}")),
        NULL};
    struct ran *ran = submit_to(answers);
    assert_int_equal(ran->status, 3);
    assert_non_null(strstr(ran->out, "error crashed: three times\n"));
    assert_true(ends_with(ran->out, "\nverdict: INCOMPLETE\n"));
}

static void a_service_that_comes_and_goes_is_waited_for(void **state) {
    (void)state;
    static const char *const answers[] = {
        CREATED,
        "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nRetry-After: 1\r\n\r\n<html>",
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n\r\n",
        RUNNING,
        "",
        DONE("GO", ""),
        NULL};
    struct ran *ran = submit_to(answers);
    assert_int_equal(ran->status, 0);
    assert_non_null(strstr(ran->err, "502"));
    assert_non_null(strstr(ran->err, "503"));
    assert_non_null(strstr(ran->err, "running\n"));
}

static void a_task_that_does_not_end_in_time_is_a_timeout(void **state) {
    (void)state;
    static const char *const answers[] = {CREATED, RUNNING, NULL};
    struct server server = service_start(answers, NULL);
    struct ran *ran = ctl_run("submit", "http://shop.test/", "--wait", "--timeout=1", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 4);
    assert_string_equal(ran->out, ID "\n");
    assert_non_null(strstr(ran->err, "task show " ID));
}

static void a_refusal_is_never_taken_for_a_verdict(void **state) {
    (void)state;
    static const struct {
        const char *answers[3];
        int status;
        const char *why;
    } refusals[] = {
        {{HTTP("401 X", "", "{\"detail\":\"Invalid API key\"}"), NULL}, 3, "Invalid API key"},
        {{HTTP("403 X", "", "{\"detail\":\"Insufficient permissions\"}"), NULL}, 3, "Insuff"},
        {{HTTP("503 X", "", "{\"detail\":\"Try again\"}"), NULL}, 3, "Try again"},
        {{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>", NULL}, 3, "doctor"},
        {{"", NULL}, 3, ""},
        {{HTTP("422 X", "",
               "{\"detail\":[{\"loc\":[\"body\",\"agents\"],\"msg\":\"no such agent\"}]}"),
          NULL},
         64,
         "agents: no such agent"},
        {{HTTP("422 X", "",
               "{\"detail\":[{\"loc\":[\"body\",\"agents\",0],\"msg\":\"no such agent\"}]}"),
          NULL},
         64,
         "agents: no such agent"},
        {{HTTP("401 X", "", "{\"detail\":\"Missing\"}"), NULL}, 3, "AGNOSTIC_API_KEY"},
        {{CREATED, HTTP("404 X", "", "{\"detail\":\"Task not found\"}"), NULL}, 3, "not found"},
    };
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        struct ran *ran = submit_to(refusals[i].answers);
        assert_int_equal(ran->status, refusals[i].status);
        assert_non_null(strstr(ran->err, refusals[i].why));
        assert_null(strstr(ran->out, "verdict"));
    }
}

static void a_service_that_is_not_there_is_status_3(void **state) {
    (void)state;
    uint16_t port;
    close(server_listen(&port));
    struct server nobody = {.port = port};
    setenv("AGNOSTIC_URL", server_url(&nobody, "http", "127.0.0.1", "/"), 1);
    struct ran *ran = ctl_run("submit", "http://shop.test/", "--wait", NULL);
    assert_int_equal(ran->status, 3);
    assert_true(ran->err[0] != '\0');
}

static void wrong_usage_asks_no_service(void **state) {
    (void)state;
    static const char *const answers[] = {CREATED, NULL};
    struct server server = service_start(answers, NULL);
    assert_int_equal(ctl_run("submit", NULL)->status, 64);
    assert_int_equal(ctl_run("submit", "http://a.test/", "http://b.test/", NULL)->status, 64);
    assert_int_equal(ctl_run("submit", "ftp://a.test/", NULL)->status, 64);
    assert_int_equal(ctl_run("submit", "http://a.test/", "--timeout", "0", NULL)->status, 64);
    assert_int_equal(ctl_run("submit", "http://a.test/", "--rate", "fast", NULL)->status, 64);
    assert_int_equal(ctl_run("submit", "http://a.test/", "--api-key", "k", NULL)->status, 64);
    assert_int_equal(ctl_run("task", "show", "../auth/me", NULL)->status, 64);
    assert_int_equal(ctl_run("key", "revoke", "12", NULL)->status, 64);
    assert_int_equal(ctl_run("nonsense", NULL)->status, 64);
    assert_int_equal(server_connections(&server), 0);
    server_stop(&server);
}

static void the_order_says_what_was_asked_for(void **state) {
    (void)state;
    static const char *const answers[] = {CREATED, NULL};
    struct script *script;
    struct server server = service_start(answers, &script);
    struct ran *ran = ctl_run("submit", "http://shop.test/", "--agents", "performance, junior-qa",
                              "--priority", "low", "--title", "T \"q\"", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, ID "\n");
    const char *request = script->last_request;
    assert_non_null(strstr(request, "POST /api/tasks HTTP/1.1\r\n"));
    assert_non_null(strstr(request, "X-API-Key: a-key-that-is-long-enough\r\n"));
    assert_non_null(strstr(request, "\"agents\":[\"performance\",\"junior-qa\"]"));
    assert_non_null(strstr(request, "\"priority\":\"low\""));
    assert_non_null(strstr(request, "\"title\":\"T \\\"q\\\"\""));
    assert_non_null(strstr(request, "\"target_url\":\"http://shop.test/\""));
}

static void an_order_may_demand_something_and_name_its_load(void **state) {
    (void)state;
    static const char *const answers[] = {CREATED, NULL};
    struct script *script;
    struct server server = service_start(answers, &script);
    struct ran *ran = ctl_run("submit", "http://shop.test/", "--constraints", "p95 under 500 ms",
                              "--business-goals", "no broken links", "--rate", "50", "--duration",
                              "30", "--profile", "spike", "--mix", "3 /cart,/", "--http", "2",
                              "--external-links", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    const char *request = script->last_request;
    assert_non_null(strstr(request, "\"constraints\":\"p95 under 500 ms\""));
    assert_non_null(strstr(request, "\"business_goals\":\"no broken links\""));
    assert_non_null(strstr(request, "\"load_rate\":50,\"load_duration_s\":30,"));
    assert_non_null(strstr(request, "\"load_profile\":\"spike\",\"load_http\":\"2\""));
    assert_non_null(strstr(request, "\"load_mix\":[\"3 /cart\",\"/\"]"));
    assert_non_null(strstr(request, "\"external_links\":true"));
}

/* The value of a header field of the last request. */
static const char *sent(const struct script *script, const char *name) {
    static char value[512];
    const char *at = strstr(script->last_request, name);
    assert_non_null(at);
    at += strlen(name) + 2;
    (void)text_copy(text_make(at, strcspn(at, "\r")), value, sizeof(value));
    return value;
}

static void an_order_has_a_key_of_its_own_unless_named(void **state) {
    (void)state;
    static const char *const answers[] = {CREATED, NULL};
    struct script *script;
    char first[128];
    struct server server = service_start(answers, &script);
    assert_int_equal(ctl_run("submit", "http://shop.test/", NULL)->status, 0);
    (void)text_copy(text_of(sent(script, "Idempotency-Key")), first, sizeof(first));
    assert_int_equal(strlen(first), 36);
    assert_int_equal(ctl_run("submit", "http://shop.test/", NULL)->status, 0);
    assert_string_not_equal(sent(script, "Idempotency-Key"), first);
    assert_int_equal(
        ctl_run("submit", "http://shop.test/", "--idempotency-key", "build-1", "--dedupe", NULL)
            ->status,
        0);
    assert_string_equal(sent(script, "Idempotency-Key"), "build-1");
    assert_non_null(strstr(script->last_request, "POST /api/tasks?dedupe=true HTTP/1.1\r\n"));
    assert_int_equal(
        ctl_run("submit", "http://shop.test/", "--idempotency-key", "a\r\nX: y", NULL)->status, 64);
    server_stop(&server);
}

static void a_lost_answer_is_asked_for_again_with_the_same_key(void **state) {
    (void)state;
    static const char *const answers[] = {"", HTTP("503 X", "Retry-After: 1\r\n", "{}"), CREATED,
                                          NULL};
    struct script *script;
    struct server server = service_start(answers, &script);
    struct ran *ran = ctl_run("submit", "http://shop.test/", "--idempotency-key", "build-1", NULL);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, ID "\n");
    assert_string_equal(sent(script, "Idempotency-Key"), "build-1");
    assert_int_equal(server_connections(&server), 3);
    server_stop(&server);
}

static void findings_are_printed_worst_first(void **state) {
    (void)state;
    static const char *const answers[] = {
        CREATED,
        DONE("NO_GO",
             "\"a\":{\"status\":\"completed\",\"summary\":\"two\",\"findings\":[" FINDING(
                 "low", "X-1",
                 "small") "," FINDING("high", "X-2",
                                      "large") "]},"
                                               "\"b\":{\"status\":\"not_available\",\"reason\":"
                                               "\"tool_missing\","
                                               "\"summary\":\"none\",\"findings\":[" FINDING(
                                                   "critical", "X-3", "worst") "]}"),
        NULL};
    struct ran *ran = submit_to(answers);
    const char *worst = strstr(ran->out, "critical  X-3  worst"),
               *large = strstr(ran->out, "high  X-2  large"),
               *small = strstr(ran->out, "low  X-1  small");
    assert_true(worst && large && small && worst < large && large < small);
    assert_non_null(strstr(ran->out, "reproduce curl -sI http://x\n"));
    assert_non_null(strstr(ran->out, "CWE-319, CVSS 7.4\n"));
    assert_non_null(strstr(ran->out, "agent b: not_available (tool_missing): none\n"));
    assert_true(ends_with(ran->out, "\nverdict: NO_GO\n"));
}

static void a_finding_cannot_steer_the_terminal_nor_fake_the_last_line(void **state) {
    (void)state;
    static const char *const answers[] = {
        CREATED,
        DONE("NO_GO", "\"a\":{\"status\":\"completed\",\"summary\":\"x\\nverdict: GO\","
                      "\"findings\":[" FINDING("high", "X", "\\u001b[2J\\r\\u202e\\u009b31m") "]}"),
        NULL};
    struct ran *ran = submit_to(answers);
    assert_null(strchr(ran->out, '\033'));
    assert_null(strchr(ran->out, '\r'));
    assert_null(strstr(ran->out, "\u202e"));
    assert_null(strstr(ran->out, "\xc2\x9b"));
    assert_null(strstr(ran->out, "\nverdict: GO\n"));
}

static void json_is_the_task_and_nothing_else(void **state) {
    (void)state;
    static const char *const answers[] = {CREATED, DONE("NO_GO", ""), NULL};
    struct server server = service_start(answers, NULL);
    struct ran *ran = ctl_run("submit", "http://shop.test/", "--wait", "--json", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 1);
    assert_string_equal(ran->out, TASK("completed", "{\"verdict\":{\"status\":\"NO_GO\"},"
                                                    "\"agent_results\":{}}") "\n");
}

static void a_task_is_shown_as_it_stands(void **state) {
    (void)state;
    static const char *const answers[] = {RUNNING, NULL};
    struct script *script;
    struct server server = service_start(answers, &script);
    struct ran *ran = ctl_run("task", "show", ID, NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "task " ID ": running\n");
    assert_non_null(strstr(script->last_request, "GET /api/tasks/" ID "?view=full HTTP/1.1\r\n"));
}

static void a_task_is_cancelled_or_tried_again(void **state) {
    (void)state;
    static const char *const answers[] = {
        HTTP("200 OK", "", "{\"task_id\":\"" ID "\",\"status\":\"cancelled\"}"),
        HTTP("200 OK", "", "{\"original_task_id\":\"" ID "\",\"new_task_id\":\"n-1\"}"),
        HTTP("409 X", "", "{\"detail\":\"Cannot cancel task in 'completed' state\"}"), NULL};
    struct script *script;
    struct server server = service_start(answers, &script);
    struct ran *ran = ctl_run("cancel", ID, NULL);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "task " ID ": cancelled\n");
    assert_non_null(strstr(script->last_request, "DELETE /api/tasks/" ID " HTTP/1.1\r\n"));
    ran = ctl_run("retry", ID, NULL);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "n-1\n");
    assert_non_null(strstr(script->last_request, "POST /api/tasks/" ID "/retry HTTP/1.1\r\n"));
    assert_int_equal(strlen(sent(script, "Idempotency-Key")), 36);
    ran = ctl_run("cancel", ID, NULL);
    assert_int_equal(ran->status, 1);
    assert_non_null(strstr(ran->err, "Cannot cancel task in 'completed' state"));
    assert_int_equal(ctl_run("retry", "../x", NULL)->status, 64);
    server_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_verdict_has_its_exit_status_and_last_line),
        cmocka_unit_test(a_task_that_failed_has_no_verdict),
        cmocka_unit_test(a_service_that_comes_and_goes_is_waited_for),
        cmocka_unit_test(a_task_that_does_not_end_in_time_is_a_timeout),
        cmocka_unit_test(a_refusal_is_never_taken_for_a_verdict),
        cmocka_unit_test(a_service_that_is_not_there_is_status_3),
        cmocka_unit_test(wrong_usage_asks_no_service),
        cmocka_unit_test(the_order_says_what_was_asked_for),
        cmocka_unit_test(an_order_may_demand_something_and_name_its_load),
        cmocka_unit_test(an_order_has_a_key_of_its_own_unless_named),
        cmocka_unit_test(a_lost_answer_is_asked_for_again_with_the_same_key),
        cmocka_unit_test(a_task_is_cancelled_or_tried_again),
        cmocka_unit_test(findings_are_printed_worst_first),
        cmocka_unit_test(a_finding_cannot_steer_the_terminal_nor_fake_the_last_line),
        cmocka_unit_test(json_is_the_task_and_nothing_else),
        cmocka_unit_test(a_task_is_shown_as_it_stands),
    };
    return cmocka_run_group_tests(tests, ctl_set_up, NULL);
}
