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

static bool holds(const char *query, const char *predicate, const char *value, bool is_not) {
    char text[TEXT_SIZE], why[USER_CHECK_WHY_SIZE];
    struct http_response response = {.status = 200,
                                     .headers = headers,
                                     .header_count = sizeof(headers) / sizeof(headers[0]),
                                     .total_us = 42000};
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
    assert_int_equal(json_parse(text_of(BODY), &JSON_LIMITS_RESULT, &body, NULL), ERR_OK);
    buf_init(&response.body, sizeof(BODY));
    buf_puts(&response.body, BODY);
    buf_init(&expected, TEXT_SIZE);
    buf_init(&actual, TEXT_SIZE);
    json_out_init(&out, &expected);
    struct text plain;
    if (json_text(assert.value, &plain))
        buf_puttext(&expected, plain);
    else if (given)
        json_out_value(&out, assert.value);
    bool held = user_eval_holds(&assert, buf_text(&expected),
                                &(struct user_answer){&response, body}, &actual);
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

/* --- captures ---------------------------------------------------------------------------- */

static void what_was_captured_is_filled_in(void **state) {
    (void)state;
    struct user_captures captures = {.count = 0};
    struct buf buf;
    buf_init(&buf, TEXT_SIZE);
    user_captures_set(&captures, TEXT("id"), TEXT("old"));
    user_captures_set(&captures, TEXT("id"), TEXT("7"));
    assert_true(user_captures_fill(&captures, TEXT("/a/{{id}}/{{ id }}?{x}"), &buf));
    assert_string_equal(buf_str(&buf), "/a/7/7?{x}");
    assert_false(user_captures_fill(&captures, TEXT("{{none}}"), &buf));
    user_captures_done(&captures);
    buf_done(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_is_read_strictly),
        cmocka_unit_test(asserts_hold_as_the_table_says),
        cmocka_unit_test(what_was_captured_is_filled_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
