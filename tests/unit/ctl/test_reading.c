/* Goal: an operator lists tasks, reads a log and a history, and follows both to their end. */
#include "ctl/ctl_kit.h"

#define ID "0b0e1f2a-7c55-4a53-9d1e-0c9b6f3c1a11"
#define ITEM(id, title)                                                                            \
    "{\"task_id\":\"" id "\",\"session_id\":\"s\",\"status\":\"running\","                         \
    "\"created_at\":\"2026-02-21T10:00:00.5+00:00\",\"updated_at\":\"x\",\"title\":\"" title "\"," \
    "\"priority\":\"low\",\"agents\":[]}"
#define PAGE(items, next)                                                                          \
    HTTP("200 OK", "", "{\"items\":[" items "],\"total\":null,\"next_cursor\":" next "}")
#define PART(text) "HTTP/1.1 206 x\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" text
#define NO_MORE(fields) HTTP("416 x", fields, "{\"detail\":\"x\"}")
#define AWAY "HTTP/1.1 502 x\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
#define EVENTS(items, next, ended)                                                                 \
    HTTP("200 OK", "", "{\"items\":[" items "],\"next\":\"" next "\",\"ended\":" ended "}")
#define EVENT(id, word, more)                                                                      \
    "{\"id\":\"" id "\",\"at\":\"2026-02-21T10:00:00+00:00\",\"event\":\"" word "\"" more "}"

static struct script *script;
#define ANSWERS(...) service_start((const char *const[]){__VA_ARGS__, NULL}, &script)

static void tasks_are_listed_page_after_page(void **state) {
    (void)state;
    struct server server =
        ANSWERS(PAGE(ITEM("t-1", "a\\u001b[2Jb"), "\"12.1\""), PAGE(ITEM("t-2", "two"), "null"));
    struct ran *ran = ctl_run("tasks", "--status", "running", "--title", "a b&c", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_true(text_starts(text_of(ran->out), TEXT("ID")));
    assert_non_null(strstr(ran->out, "t-1"));
    assert_non_null(strstr(ran->out, "2026-02-21T10:00:00 "));
    assert_non_null(strstr(ran->out, "a?[2Jb\n"));
    assert_true(ends_with(ran->out, "two\n"));
    assert_non_null(
        strstr(script->last_request, "limit=49&status=running&q=a%20b%26c&cursor=12.1 HTTP"));
}

static void no_more_tasks_are_listed_than_asked_for(void **state) {
    (void)state;
    struct server server = ANSWERS(PAGE(ITEM("t-1", "one"), "\"12.1\""));
    struct ran *ran = ctl_run("tasks", "--limit", "1", "--json", NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, ITEM("t-1", "one") "\n");
    assert_int_equal(ctl_run("tasks", "--limit", "0", NULL)->status, 64);
}

static void a_log_is_read_as_far_as_it_goes(void **state) {
    (void)state;
    struct server server = ANSWERS(PART("one\n"), PART("two\n"), NO_MORE("Retry-After: 1\r\n"));
    struct ran *ran = ctl_run("log", ID, NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "one\ntwo\n");
    assert_non_null(strstr(script->last_request, "Range: bytes=8-"));
}

static void a_log_is_followed_to_its_end_although_the_service_comes_and_goes(void **state) {
    (void)state;
    struct server server =
        ANSWERS(PART("one\n"), NO_MORE("Retry-After: 1\r\n"), AWAY, PART("two\n"), NO_MORE(""));
    struct ran *ran = ctl_run("log", "--follow", ID, NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "one\ntwo\n");
}

static void a_history_is_followed_to_its_end(void **state) {
    (void)state;
    struct server server = ANSWERS(
        EVENTS(EVENT("1-0", "running", ",\"attempt\":1,\"slot\":\"s\\u0007\""), "1-0", "false"),
        EVENTS(EVENT("2-0", "completed", ""), "2-0", "true"));
    struct ran *ran = ctl_run("events", "--follow", ID, NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, "2026-02-21T10:00:00+00:00 running attempt=1 slot=s?\n"
                                  "2026-02-21T10:00:00+00:00 completed\n");
    assert_non_null(strstr(script->last_request, "after=1-0&wait=20"));
}

static void a_history_is_read_as_far_as_it_goes(void **state) {
    (void)state;
    struct server server =
        ANSWERS(EVENTS(EVENT("1-0", "running", ""), "1-0", "false"), EVENTS("", "1-0", "false"));
    struct ran *ran = ctl_run("events", "--json", ID, NULL);
    server_stop(&server);
    assert_int_equal(ran->status, 0);
    assert_string_equal(ran->out, EVENT("1-0", "running", "") "\n");
}

static void what_is_refused_is_told(void **state) {
    (void)state;
    static const char *const COMMANDS_OF_A_TASK[] = {"log", "events"};
    for (size_t i = 0; i < 2; i++) {
        struct server server =
            ANSWERS(HTTP("404 Not Found", "", "{\"detail\":\"Task not found\"}"));
        struct ran *ran = ctl_run(COMMANDS_OF_A_TASK[i], ID, NULL);
        server_stop(&server);
        assert_int_equal(ran->status, 1);
        assert_non_null(strstr(ran->err, "Task not found"));
        assert_int_equal(ctl_run(COMMANDS_OF_A_TASK[i], "a_b", NULL)->status, 64);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_are_listed_page_after_page),
        cmocka_unit_test(no_more_tasks_are_listed_than_asked_for),
        cmocka_unit_test(a_log_is_read_as_far_as_it_goes),
        cmocka_unit_test(a_log_is_followed_to_its_end_although_the_service_comes_and_goes),
        cmocka_unit_test(a_history_is_followed_to_its_end),
        cmocka_unit_test(a_history_is_read_as_far_as_it_goes),
        cmocka_unit_test(what_is_refused_is_told),
    };
    return cmocka_run_group_tests(tests, ctl_set_up, NULL);
}
