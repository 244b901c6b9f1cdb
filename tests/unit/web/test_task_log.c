/* GET /api/tasks/{id}/log: the log of a task, whole or in parts. */
#include "web/service.h"

#include <string.h>

#define ID "00000000-0000-4000-8000-000000000001"
#define RECORD(status)                                                                             \
    "{\"task_id\":\"" ID "\",\"session_id\":\"s\",\"status\":\"" status "\","                      \
    "\"created_at\":\"2026-02-21T10:00:00+00:00\","                                                \
    "\"updated_at\":\"2026-02-21T10:00:00+00:00\",\"result\":null}"

static void has(const char *status, const char *log) {
    private_redis_set(redis, "task:" ID, status);
    private_redis_set(redis, "task:" ID ":log", log);
}

static int get(const char *range) {
    if (range != NULL)
        service_param("HTTP_RANGE=%s", range);
    return service_operator("GET", "/api/tasks/" ID "/log", NULL);
}

static void the_log_is_plain_text(void **unused) {
    (void)unused;
    has(RECORD("running"), "<script>\nbye\n");
    assert_int_equal(get(NULL), 200);
    assert_string_equal(service_body(), "<script>\nbye\n");
    assert_string_equal(service_type(), "text/plain; charset=utf-8");
    assert_string_equal(service_field("Accept-Ranges"), "bytes");
    assert_string_equal(service_field("X-Content-Type-Options"), "nosniff");
}

static void a_task_that_said_nothing_has_an_empty_log(void **unused) {
    (void)unused;
    private_redis_set(redis, "task:" ID, RECORD("running"));
    assert_int_equal(get(NULL), 200);
    assert_string_equal(service_body(), "");
    assert_int_equal(get("bytes=0-"), 416);
    assert_string_equal(service_field("Content-Range"), "bytes */0");
}

static void a_part_says_which_it_is(void **unused) {
    (void)unused;
    has(RECORD("running"), "0123456789");
    assert_int_equal(get("bytes=7-"), 206);
    assert_string_equal(service_body(), "789");
    assert_string_equal(service_field("Content-Range"), "bytes 7-9/10");
    assert_int_equal(get("bytes=-2"), 206);
    assert_string_equal(service_body(), "89");
    assert_int_equal(get("bytes=0-1,3-4"), 200);
}

static void when_there_is_nothing_new_one_may_ask_again_while_it_lives(void **unused) {
    (void)unused;
    has(RECORD("running"), "0123456789");
    assert_int_equal(get("bytes=10-"), 416);
    assert_string_equal(service_field("Content-Range"), "bytes */10");
    assert_string_equal(service_field("Retry-After"), "2");
    has(RECORD("completed"), "0123456789");
    assert_int_equal(get("bytes=10-"), 416);
    assert_null(service_field("Retry-After"));
}

static void the_tag_of_a_shorter_log_holds(void **unused) {
    (void)unused;
    static const struct {
        const char *tag;
        int status;
    } ROWS[] = {
        {"\"log-10\"", 206}, {"\"log-4\"", 206}, {"\"log-11\"", 200}, {"W/\"log-10\"", 200},
        {"\"log-\"", 200},   {"\"log-", 200},    {"\"x\"", 200},      {"Sat, 21 Feb", 200},
    };
    has(RECORD("running"), "0123456789");
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        service_param("HTTP_IF_RANGE=%s", ROWS[i].tag);
        assert_int_equal(get("bytes=4-"), ROWS[i].status);
    }
    service_param("HTTP_IF_NONE_MATCH=\"log-10\"");
    assert_int_equal(get(NULL), 304);
}

static void unknown_tasks_have_no_log(void **unused) {
    (void)unused;
    assert_int_equal(get(NULL), 404);
    private_redis_set(redis, "gone:" ID, "completed then");
    assert_int_equal(get(NULL), 410);
    service_with("AGNOSTIC_TASK_READ=owner\n");
    has(RECORD("running"), "secret");
    assert_int_equal(get(NULL), 404);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(the_log_is_plain_text),
        SERVICE_TEST(a_task_that_said_nothing_has_an_empty_log),
        SERVICE_TEST(a_part_says_which_it_is),
        SERVICE_TEST(when_there_is_nothing_new_one_may_ask_again_while_it_lives),
        SERVICE_TEST(the_tag_of_a_shorter_log_holds),
        SERVICE_TEST(unknown_tasks_have_no_log),
    };
    return SERVICE_RUN(tests);
}
