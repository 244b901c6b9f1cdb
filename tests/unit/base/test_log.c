/* Log lines on stderr, read back through a pipe. */
#include "check.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/base/json.h"
#include "agnostic/base/log.h"

static int saved_stderr, reader;

static int capture(void **state) {
    (void)state;
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0)
        return 1;
    saved_stderr = dup(STDERR_FILENO);
    dup2(pipe_ends[1], STDERR_FILENO);
    close(pipe_ends[1]);
    reader = pipe_ends[0];
    fcntl(reader, F_SETFL, O_NONBLOCK);
    log_open("test", false, LOG_LEVEL_INFO);
    return 0;
}

static int restore(void **state) {
    (void)state;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    close(reader);
    return 0;
}

/* What has been logged since the last call. */
static struct text logged(void) {
    static char bytes[65536];
    ssize_t len = read(reader, bytes, sizeof(bytes));
    return text_make(bytes, len < 0 ? 0 : (size_t)len);
}

static struct json *parse_line(struct text line) {
    static const struct json_limits limits = {.depth = 2, .members = 64, .nodes = 100};
    struct json *root = NULL;
    assert_true(text_ends(line, TEXT("\n")));
    assert_int_equal(text_find(line, TEXT("\n")), line.len - 1);
    assert_err(ERR_OK, json_parse(line, &limits, &root, NULL));
    return root;
}

static void a_line_is_one_json_object(void **state) {
    (void)state;
    int64_t n = 0;
    log_info("task_claimed", LOG_STR("task_id", "t-1"), LOG_INT("attempt", -2));
    struct text line = logged();
    struct json *root = parse_line(line);
    assert_true(text_starts(line, TEXT("{\"ts\":\"")));
    assert_string_equal(json_str(json_get(root, "level"), ""), "info");
    assert_string_equal(json_str(json_get(root, "program"), ""), "test");
    assert_string_equal(json_str(json_get(root, "event"), ""), "task_claimed");
    assert_string_equal(json_str(json_get(root, "task_id"), ""), "t-1");
    assert_true(json_int(json_get(root, "pid"), getpid(), getpid(), &n));
    assert_true(json_int(json_get(root, "attempt"), -2, -2, &n));
    json_free(root);
}

static void hostile_bytes_cannot_start_a_second_line(void **state) {
    (void)state;
    log_warn("x", LOG_STR("path", "/a\n{\"level\":\"error\"}\r\x1b[0m\xFF\""),
             LOG_STR("none", NULL));
    struct json *root = parse_line(logged());
    assert_string_equal(json_str(json_get(root, "path"), ""),
                        "/a\n{\"level\":\"error\"}\r\x1b[0m\xEF\xBF\xBD\"");
    assert_string_equal(json_str(json_get(root, "none"), "?"), "");
    json_free(root);
}

static void long_values_are_cut_between_code_points(void **state) {
    (void)state;
    char value[1100];
    struct text got;
    memset(value, 'a', sizeof(value));
    memcpy(value + LOG_VALUE_MAX - 1, "\xC3\xA9", 2);
    log_error("x", LOG_TEXT("v", text_make(value, sizeof(value))));
    struct json *root = parse_line(logged());
    assert_true(json_text(json_get(root, "v"), &got));
    assert_int_equal(got.len, LOG_VALUE_MAX - 1);
    json_free(root);
}

static void a_line_never_exceeds_what_a_pipe_takes_at_once(void **state) {
    (void)state;
    char value[LOG_VALUE_MAX];
    memset(value, '\x01', sizeof(value));
    struct text text = text_make(value, sizeof(value));
    log_info("x", LOG_INT("first", 1), LOG_TEXT("a", text), LOG_INT("lost", 2));
    struct text line = logged();
    assert_true(line.len <= 4096);
    struct json *root = parse_line(line);
    assert_int_equal(json_kind(json_get(root, "first")), JSON_INT);
    assert_int_equal(json_kind(json_get(root, "a")), JSON_NONE);
    assert_true(json_bool(json_get(root, "truncated"), false));
    json_free(root);
}

static void levels_below_the_least_are_silent(void **state) {
    (void)state;
    log_debug("x", LOG_INT("n", 1));
    assert_int_equal(logged().len, 0);
    log_open_named("test", "stderr", "error");
    log_warn("x", LOG_INT("n", 1));
    assert_int_equal(logged().len, 0);
    log_open_named("test", "stderr", "debug");
    log_debug("x", LOG_INT("n", 1));
    assert_true(logged().len > 0);
}

static void a_reader_that_does_not_read_stops_nobody(void **state) {
    (void)state;
    for (int i = 0; i < 5000; i++) /* far more than a pipe holds */
        log_info("x", LOG_INT("n", i));
    assert_true(logged().len > 0);
}

#define with_stderr(test) cmocka_unit_test_setup_teardown(test, capture, restore)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_stderr(a_line_is_one_json_object),
        with_stderr(hostile_bytes_cannot_start_a_second_line),
        with_stderr(long_values_are_cut_between_code_points),
        with_stderr(a_line_never_exceeds_what_a_pipe_takes_at_once),
        with_stderr(levels_below_the_least_are_silent),
        with_stderr(a_reader_that_does_not_read_stops_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
