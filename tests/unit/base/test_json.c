/* Reading JSON: what is accepted, with which words the rest is refused, and the tree. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/json.h"
#include "rows.h"

static struct json *parse(const char *string) {
    struct json *root = NULL;
    struct json_fault fault;
    assert_err(ERR_OK, json_parse(text_of(string), &JSON_LIMITS_REQUEST, &root, &fault));
    return root;
}

/* An exact heap copy, so that a read behind the end is seen. */
static enum err parse_exact(struct text text, struct json **ret_root, struct json_fault *fault) {
    char *exact = malloc(text.len > 0 ? text.len : 1);
    memcpy(exact, text.ptr, text.len);
    enum err err = json_parse(text_make(exact, text.len), &JSON_LIMITS_REQUEST, ret_root, fault);
    free(exact);
    return err;
}

static void check_row(const struct text *columns, size_t count) {
    struct json *root = NULL;
    struct json_fault fault = {0};
    uint64_t offset = 0;
    assert_int_equal(count, 4);
    bool accepted = parse_exact(columns[3], &root, &fault) == ERR_OK;
    if (accepted != text_is(columns[0], "accept"))
        print_error("%.*s: %s\n", TEXT_ARG(columns[3]), accepted ? "accepted" : fault.reason);
    assert_int_equal(accepted, text_is(columns[0], "accept"));
    json_free(root);
    if (accepted)
        return;
    if (!text_is(columns[2], fault.reason))
        print_error("%.*s: %s\n", TEXT_ARG(columns[3]), fault.reason);
    assert_true(text_is(columns[2], fault.reason));
    assert_true(text_u64(columns[1], SIZE_MAX, &offset));
    assert_int_equal(fault.offset, offset);
}

static void table_of_good_and_bad_texts(void **state) {
    (void)state;
    assert_true(rows_each("json_cases.tsv", check_row) > 250);
}

/* --- limits -------------------------------------------------------------------- */

static enum err check_built(struct buf *buf, const struct json_limits *limits,
                            const char **ret_reason) {
    struct json_fault fault = {0, NULL};
    assert_false(buf->failed);
    enum err err = json_check(buf_text(buf), limits, &fault);
    struct json *root = NULL;
    assert_err(err, json_parse(buf_text(buf), limits, &root, NULL));
    json_free(root);
    buf_done(buf);
    *ret_reason = fault.reason;
    return err;
}

static enum err check_nested(unsigned depth, const char **ret_reason) {
    struct buf buf;
    buf_init(&buf, 4096);
    for (unsigned i = 0; i < depth; i++)
        buf_putc(&buf, '[');
    buf_puts(&buf, "\"x\"");
    for (unsigned i = 0; i < depth; i++)
        buf_putc(&buf, ']');
    return check_built(&buf, &JSON_LIMITS_REQUEST, ret_reason);
}

static void depth_ends_at_the_limit(void **state) {
    (void)state;
    const char *reason;
    assert_err(ERR_OK, check_nested(16, &reason));
    assert_err(ERR_SYNTAX, check_nested(17, &reason));
    assert_string_equal(reason, "Too deep");
}

static void two_megabytes_of_brackets_are_refused_at_the_limit(void **state) {
    (void)state;
    enum { LEN = 2 << 20 };
    char *text = malloc(LEN);
    struct json_fault fault;
    memset(text, '[', LEN);
    assert_err(ERR_SYNTAX, json_check(text_make(text, LEN), &JSON_LIMITS_RESULT, &fault));
    assert_string_equal(fault.reason, "Too deep");
    assert_int_equal(fault.offset, 32);
    free(text);
}

static enum err check_members(unsigned count, const char **ret_reason) {
    struct buf buf;
    buf_init(&buf, 65536);
    buf_putc(&buf, '{');
    for (unsigned i = 0; i < count; i++)
        buf_printf(&buf, "%s\"n%u\":0", i > 0 ? "," : "", i);
    buf_putc(&buf, '}');
    return check_built(&buf, &JSON_LIMITS_REQUEST, ret_reason);
}

static void members_of_one_object_are_limited(void **state) {
    (void)state;
    const char *reason;
    assert_err(ERR_OK, check_members(256, &reason));
    assert_err(ERR_SYNTAX, check_members(257, &reason));
    assert_string_equal(reason, "Too many names");
}

static enum err check_values(unsigned count, const char **ret_reason) {
    struct buf buf;
    buf_init(&buf, 65536);
    buf_putc(&buf, '[');
    for (unsigned i = 1; i < count; i++)
        buf_puts(&buf, i > 1 ? ",0" : "0");
    buf_putc(&buf, ']');
    return check_built(&buf, &JSON_LIMITS_REQUEST, ret_reason);
}

static void values_in_all_are_limited(void **state) {
    (void)state;
    const char *reason;
    assert_err(ERR_OK, check_values(10000, &reason));
    assert_err(ERR_SYNTAX, check_values(10001, &reason));
    assert_string_equal(reason, "Too many values");
}

/* --- the tree ------------------------------------------------------------------ */

static void kinds_are_told_apart(void **state) {
    (void)state;
    struct json *root = parse("[null,true,1,1.0,9223372036854775808,\"s\",[],{}]");
    static const enum json_kind kinds[] = {JSON_NULL,   JSON_BOOL,   JSON_INT,   JSON_NUMBER,
                                           JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT};
    assert_int_equal(json_count(root), 8);
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(json_kind(json_at(root, i)), kinds[i]);
    assert_int_equal(json_kind(json_at(root, 8)), JSON_NONE);
    json_free(root);
}

static void null_is_a_value_and_nothing_is_none(void **state) {
    (void)state;
    struct json *root = parse("{\"a\":null}");
    assert_int_equal(json_kind(json_get(root, "a")), JSON_NULL);
    assert_null(json_get(root, "b"));
    json_free(root);
    root = parse(" null ");
    assert_int_equal(json_kind(root), JSON_NULL);
    assert_int_equal(json_count(root), 0);
    json_free(root);
    json_free(NULL);
}

static void readers_take_nothing_and_other_kinds(void **state) {
    (void)state;
    struct text text;
    int64_t n;
    double d;
    struct json *root = parse("[1]");
    const struct json *const values[] = {NULL, root};
    for (size_t i = 0; i < 2; i++) {
        assert_null(json_get(values[i], "a"));
        assert_null(json_path(values[i], "a.b"));
        assert_false(json_text(values[i], &text));
        assert_false(json_int(values[i], 0, 9, &n));
        assert_false(json_number(values[i], &d));
        assert_string_equal(json_str(values[i], "else"), "else");
        assert_true(json_bool(values[i], true));
    }
    json_free(root);
}

static void paths_follow_the_dots(void **state) {
    (void)state;
    struct json *root = parse("{\"a\":{\"b\":{\"c\":7}},\"s\":\"x\"}");
    int64_t n = 0;
    assert_true(json_int(json_path(root, "a.b.c"), 0, 9, &n));
    assert_int_equal(n, 7);
    assert_null(json_path(root, "a.x.c"));
    assert_null(json_path(root, "s.b"));
    json_free(root);
}

static void integers_are_neither_rounded_nor_clamped(void **state) {
    (void)state;
    struct json *root =
        parse("[-9223372036854775808,9223372036854775807,18446744073709551615,3.0,\"3\",true]");
    int64_t n = 0;
    assert_true(json_int(json_at(root, 0), INT64_MIN, INT64_MAX, &n));
    assert_true(n == INT64_MIN);
    assert_true(json_int(json_at(root, 1), INT64_MIN, INT64_MAX, &n));
    assert_true(n == INT64_MAX);
    assert_false(json_int(json_at(root, 1), 0, INT64_MAX - 1, &n));
    for (size_t i = 2; i < 6; i++)
        assert_false(json_int(json_at(root, i), INT64_MIN, INT64_MAX, &n));
    assert_true(n == INT64_MAX);
    json_free(root);
}

static void numbers_beyond_a_double_are_not_given_as_one(void **state) {
    (void)state;
    struct json *root = parse("[1.5,2,1e400]");
    double d = 0;
    assert_true(json_number(json_at(root, 0), &d));
    assert_true(d == 1.5);
    assert_true(json_number(json_at(root, 1), &d));
    assert_true(d == 2);
    assert_false(json_number(json_at(root, 2), &d));
    json_free(root);
}

static void strings_keep_every_byte(void **state) {
    (void)state;
    struct json *root = parse("\"a\\u00e9\\ud83d\\ude00\\n\\/\xC3\xA9\"");
    struct text text;
    assert_true(json_text(root, &text));
    assert_text("a\xC3\xA9\xF0\x9F\x98\x80\n/\xC3\xA9", text);
    json_free(root);
}

static bool collect(void *ctx, struct text name, const struct json *value) {
    struct buf *names = ctx;
    buf_puttext(names, name);
    return json_kind(value) != JSON_NULL;
}

static void members_are_visited_in_order_until_told_to_stop(void **state) {
    (void)state;
    struct json *root = parse("{\"z\":1,\"a\":2,\"m\":null,\"b\":3}");
    struct buf names;
    buf_init(&names, 64);
    json_each(root, collect, &names);
    assert_string_equal(buf_str(&names), "zam");
    json_each(NULL, collect, &names);
    buf_done(&names);
    json_free(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_good_and_bad_texts),
        cmocka_unit_test(depth_ends_at_the_limit),
        cmocka_unit_test(two_megabytes_of_brackets_are_refused_at_the_limit),
        cmocka_unit_test(members_of_one_object_are_limited),
        cmocka_unit_test(values_in_all_are_limited),
        cmocka_unit_test(kinds_are_told_apart),
        cmocka_unit_test(null_is_a_value_and_nothing_is_none),
        cmocka_unit_test(readers_take_nothing_and_other_kinds),
        cmocka_unit_test(paths_follow_the_dots),
        cmocka_unit_test(integers_are_neither_rounded_nor_clamped),
        cmocka_unit_test(numbers_beyond_a_double_are_not_given_as_one),
        cmocka_unit_test(strings_keep_every_byte),
        cmocka_unit_test(members_are_visited_in_order_until_told_to_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
