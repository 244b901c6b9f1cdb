/* Goal: a client's own checks are read strictly, and hold or fail as tests/data says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/junior/user_eval.h"
#include "table.h"

enum { TEXT_SIZE = 8192 };

static struct json *json_of(const char *text) {
    char plain[TEXT_SIZE];
    struct json *root = NULL;
    size_t len = strlen(text);
    assert_true(len < sizeof(plain));
    for (size_t i = 0; i <= len; i++)
        plain[i] = text[i] == '\'' ? '"' : text[i];
    if (json_parse(text_of(plain), &JSON_LIMITS_REQUEST, &root, NULL) != ERR_OK)
        fail_msg("not JSON: %s", plain);
    return root;
}

/* --- the form ---------------------------------------------------------------------------- */

static void check_form(char **cells, size_t line) {
    struct json *root = json_of(cells[0]);
    struct user_check check;
    char why[USER_CHECK_WHY_SIZE];
    const char *said = user_check_read(root, &check, why) ? "-" : why;
    if (strncmp(said, cells[1], strlen(cells[1])) != 0)
        fail_msg("user_checks.tsv:%zu: %s", line, said);
    json_free(root);
}

static void the_form_is_read_strictly(void **state) {
    (void)state;
    assert_true(table_each("user_checks.tsv", 2, check_form) >= 35);
}

/* --- one answer -------------------------------------------------------------------------- */

static const char BODY[] = "{\"a\":[{\"b\":7},\"x\",1.5],\"t\":\"text\",\"y\":true,\"z\":null}";

static struct http_header headers[] = {{TEXT("Content-Type"), TEXT("application/json")},
                                       {TEXT("X-N"), TEXT("41")},
                                       {TEXT("Set-Cookie"), TEXT("sid=abc; Path=/")}};

/* What is asked: an answer that is whole, if nothing else is said. */
static const char *body_text = BODY;
static bool is_truncated;

static bool holds(const char *query, const char *predicate, const char *value, bool is_not) {
    char text[TEXT_SIZE], why[USER_CHECK_WHY_SIZE];
    struct http_response response = {.status = 200,
                                     .headers = headers,
                                     .header_count = sizeof(headers) / sizeof(headers[0]),
                                     .total_us = 42000,
                                     .truncated = is_truncated};
    struct user_assert assert;
    struct buf expected, actual, quoted;
    struct json_out out;
    bool given = strcmp(value, "-") != 0;
    buf_init(&quoted, TEXT_SIZE);
    json_out_init(&out, &quoted);
    json_out_str(&out, query);
    snprintf(text, sizeof(text), "{\"query\":%s,\"predicate\":\"%s\"%s%s%s}", buf_str(&quoted),
             predicate, given ? ",\"value\":" : "", given ? value : "",
             is_not ? ",\"not\":true" : "");
    for (char *c = strstr(text, "\"predicate\""); *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    struct json *root = NULL, *body = NULL;
    if (json_parse(text_of(text), &JSON_LIMITS_REQUEST, &root, NULL) != ERR_OK ||
        !user_assert_read(root, &assert, why))
        fail_msg("%s", text);
    if (json_parse(text_of(body_text), &JSON_LIMITS_RESULT, &body, NULL) != ERR_OK)
        body = NULL;
    buf_init(&response.body, TEXT_SIZE);
    buf_puts(&response.body, body_text);
    buf_init(&expected, TEXT_SIZE);
    buf_init(&actual, TEXT_SIZE);
    json_out_init(&out, &expected);
    struct text plain;
    if (json_text(assert.value, &plain))
        buf_puttext(&expected, plain);
    else if (given)
        json_out_value(&out, assert.value);
    const char *otherwise;
    bool held = user_eval_holds(&assert, buf_text(&expected),
                                &(struct user_answer){&response, body}, &actual, &otherwise);
    buf_done(&quoted);
    buf_done(&expected);
    buf_done(&actual);
    buf_done(&response.body);
    json_free(body);
    json_free(root);
    return held;
}

static void check_row(char **cells, size_t line) {
    bool expected = strcmp(cells[3], "yes") == 0;
    if (holds(cells[0], cells[1], cells[2], false) != expected ||
        holds(cells[0], cells[1], cells[2], true) == expected)
        fail_msg("user_eval.tsv:%zu: %s %s %s", line, cells[0], cells[1], cells[2]);
}

static void asserts_hold_as_the_table_says(void **state) {
    (void)state;
    assert_true(table_each("user_eval.tsv", 4, check_row) >= 40);
}

static void assert_untold(const char *query, const char *predicate, const char *value) {
    if (holds(query, predicate, value, false) || holds(query, predicate, value, true))
        fail_msg("%s %s %s is told", query, predicate, value);
}

static void what_was_cut_short_is_neither_so_nor_not(void **state) {
    (void)state;
    is_truncated = true;
    assert_untold("body", "contains", "'error'");
    assert_untold("bytes", "<", "7");
    assert_untold("sha256", "==", "'a'");
    assert_untold("jsonpath:$.e", "exists", "-");
    assert_true(holds("status", "==", "200", false));
    is_truncated = false;
}

static void no_path_is_told_of_what_is_no_json(void **state) {
    (void)state;
    body_text = "<p>it works</p>";
    assert_untold("jsonpath:$.error", "exists", "-");
    body_text = BODY;
}

static void an_expression_that_works_too_long_is_neither_so_nor_not(void **state) {
    (void)state;
    body_text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
    assert_untold("body", "matches", "'^(a+)+$'");
    body_text = BODY;
}

static void numbers_too_large_to_be_exact_are_compared_as_written(void **state) {
    (void)state;
    body_text = "9007199254740993";
    assert_true(holds("body", "==", "9007199254740993", false));
    assert_false(holds("body", "==", "9007199254740992", false));
    body_text = BODY;
}

static void an_expression_sees_what_stands_beside_bytes_of_no_character(void **state) {
    (void)state;
    body_text = "\xff error \xfe";
    assert_false(holds("body", "matches", "'error'", true));
    body_text = BODY;
}

/* --- captures ---------------------------------------------------------------------------- */

static void what_was_captured_is_filled_in(void **state) {
    (void)state;
    struct user_captures captures = {.count = 0};
    struct buf buf;
    buf_init(&buf, TEXT_SIZE);
    user_captures_set(&captures, TEXT("id"), TEXT("old"));
    user_captures_set(&captures, TEXT("id"), TEXT("7"));
    assert_true(
        user_captures_fill(&captures, TEXT("/a/{{id}}/{{ id }}?{x}"), USER_FILL_PLAIN, &buf));
    assert_string_equal(buf_str(&buf), "/a/7/7?{x}");
    assert_false(user_captures_fill(&captures, TEXT("{{none}}"), USER_FILL_PLAIN, &buf));
    user_captures_done(&captures);
    buf_done(&buf);
}

static void what_was_captured_stays_in_its_string_of_json(void **state) {
    (void)state;
    struct user_captures captures = {.count = 0};
    struct buf buf;
    buf_init(&buf, TEXT_SIZE);
    user_captures_set(&captures, TEXT("id"), TEXT("\",\"admin\":\"\n"));
    assert_true(user_captures_fill(&captures, TEXT("{\"id\":\"{{id}}\"}"), USER_FILL_JSON, &buf));
    assert_string_equal(buf_str(&buf), "{\"id\":\"\\\",\\\"admin\\\":\\\"\\n\"}");
    user_captures_done(&captures);
    buf_done(&buf);
}

static void what_was_captured_is_not_shown(void **state) {
    (void)state;
    struct user_captures captures = {.count = 0}, more = {.count = 0};
    struct buf buf;
    buf_init(&buf, TEXT_SIZE);
    user_captures_set(&captures, TEXT("key"), TEXT("s3cret-s3cret"));
    user_captures_set(&captures, TEXT("n"), TEXT("7"));
    user_captures_set(&more, TEXT("X-Key"), TEXT("hunter2"));
    user_captures_hide(&captures, &more, TEXT("7 of s3cret-s3cret. More"), 20, &buf);
    user_captures_hide(&captures, &more, TEXT("s3cret-s3cret"), 4, &buf);
    user_captures_hide(&captures, &more, TEXT("=hunter2"), 20, &buf);
    assert_string_equal(buf_str(&buf), "7 of {{key}}. {{key}}={{X-Key}}");
    user_captures_done(&captures);
    user_captures_done(&more);
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_is_read_strictly),
        cmocka_unit_test(asserts_hold_as_the_table_says),
        cmocka_unit_test(what_was_cut_short_is_neither_so_nor_not),
        cmocka_unit_test(no_path_is_told_of_what_is_no_json),
        cmocka_unit_test(an_expression_that_works_too_long_is_neither_so_nor_not),
        cmocka_unit_test(numbers_too_large_to_be_exact_are_compared_as_written),
        cmocka_unit_test(an_expression_sees_what_stands_beside_bytes_of_no_character),
        cmocka_unit_test(what_was_captured_is_filled_in),
        cmocka_unit_test(what_was_captured_stays_in_its_string_of_json),
        cmocka_unit_test(what_was_captured_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
