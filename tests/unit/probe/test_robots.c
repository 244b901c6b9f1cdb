/* What robots.txt allows: a table of files and paths, and what its absence means. */
#include "check.h"

#include <stdlib.h>

#include "agnostic/probe/robots.h"
#include "table.h"

static struct robots *read_robots(int status, struct text body) {
    struct robots *robots = NULL;
    assert_err(ERR_OK, robots_read(status, body, "agnostic-qa", NULL, &robots));
    return robots;
}

static bool allows(const struct robots *robots, const char *path) {
    char text[URL_MAX_BYTES + 1];
    struct url url;
    snprintf(text, sizeof(text), "https://a.test%s", path);
    assert_err(ERR_OK, url_parse(text_of(text), &url, NULL));
    return robots_allows(robots, &url);
}

static bool allowed_by(int status, struct text body, const char *path) {
    struct robots *robots = read_robots(status, body);
    bool allowed = allows(robots, path);
    robots_free(robots);
    return allowed;
}

static void check_row(char **cells, size_t line) {
    static const char *const ENDS[] = {"\n", "\r", "\r\n"};
    for (size_t end = 0; end < 3; end++) {
        struct buf body;
        buf_init(&body, TABLE_LINE_MAX * 2);
        for (const char *c = cells[0]; *c != '\0'; c++)
            *c == '|' ? buf_puts(&body, ENDS[end]) : buf_putc(&body, *c);
        bool allowed = allowed_by(200, buf_text(&body), cells[1]);
        if (allowed != (strcmp(cells[2], "yes") == 0))
            fail_msg("line %zu: %s", line, allowed ? "allowed" : "not allowed");
        buf_done(&body);
    }
}

static void table_of_files(void **state) {
    (void)state;
    assert_true(table_each("robots.tsv", 3, check_row) > 95);
}

static void a_missing_file_allows_everything(void **state) {
    (void)state;
    const struct text all = TEXT("user-agent: *\ndisallow: /");
    assert_true(allowed_by(404, all, "/a"));
    assert_true(allowed_by(403, all, "/a"));
    assert_false(allowed_by(200, all, "/a"));
}

static void no_answer_allows_nothing(void **state) {
    (void)state;
    const struct text none = TEXT("user-agent: *\ndisallow:");
    const int failed[] = {0, 302, 500, 503};
    for (size_t i = 0; i < sizeof(failed) / sizeof(failed[0]); i++)
        assert_false(allowed_by(failed[i], none, "/a"));
}

static void a_byte_order_mark_is_no_part_of_the_file(void **state) {
    (void)state;
    assert_false(allowed_by(200, TEXT("\xEF\xBB\xBFuser-agent: *\ndisallow: /"), "/a"));
}

/* A file of exactly len bytes: comments, then the last bytes. */
static char *long_file(size_t len, const char *last) {
    static const char HEAD[] = "user-agent: *\n#";
    char *file = malloc(len + 1);
    assert_non_null(file);
    memset(file, 'x', len);
    memcpy(file, HEAD, sizeof(HEAD) - 1);
    memcpy(file + len - strlen(last), last, strlen(last));
    return file;
}

static void whole_lines_count_up_to_the_limit(void **state) {
    (void)state;
    char *file = long_file(ROBOTS_MAX_BYTES, "\ndisallow: /ab");
    assert_false(allowed_by(200, text_make(file, ROBOTS_MAX_BYTES), "/ab"));
    free(file);
}

static void a_line_cut_by_the_limit_is_not_read(void **state) {
    (void)state;
    char *file = long_file(ROBOTS_MAX_BYTES + 1, "\ndisallow: /ab");
    assert_true(allowed_by(200, text_make(file, ROBOTS_MAX_BYTES + 1), "/a"));
    assert_true(allowed_by(200, text_make(file, ROBOTS_MAX_BYTES + 1), "/ab"));
    free(file);
}

static void patterns_that_take_too_long_allow_nothing(void **state) {
    (void)state;
    struct buf body;
    char path[1900];
    memset(path, 'a', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    buf_init(&body, ROBOTS_MAX_BYTES);
    buf_puts(&body, "user-agent: *\nallow: /\n");
    for (int i = 0; i < 400; i++)
        buf_printf(&body, "disallow: /*%.*sb\n", 900, path + 1);
    assert_false(body.failed);
    struct robots *robots = read_robots(200, buf_text(&body));
    assert_true(allows(robots, "/short"));
    assert_false(allows(robots, path));
    robots_free(robots);
    buf_done(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_files),
        cmocka_unit_test(a_missing_file_allows_everything),
        cmocka_unit_test(no_answer_allows_nothing),
        cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_file),
        cmocka_unit_test(whole_lines_count_up_to_the_limit),
        cmocka_unit_test(a_line_cut_by_the_limit_is_not_read),
        cmocka_unit_test(patterns_that_take_too_long_allow_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
