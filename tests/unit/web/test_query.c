/* Query parameters: decoded strictly, scalars once, numbers within their range. */
#include "json_help.h"
#include "web/query.h"

#include <string.h>

static char value[QUERY_VALUE_SIZE];

static enum err find(const char *raw, const char *name, bool *ret_found) {
    return query_find(text_of(raw), name, value, ret_found);
}

static void assert_value(const char *raw, const char *expected) {
    bool found = false;
    assert_int_equal(find(raw, "view", &found), ERR_OK);
    assert_true(found);
    assert_string_equal(value, expected);
}

static void a_value_survives_being_decoded_before(void **unused) {
    (void)unused;
    assert_value("view=full", "full");
    assert_value("view=%66ull", "full");
    assert_value("x=1&view=full&y=2", "full");
    assert_value("%76iew=full", "full");
    assert_value("view=a+b%2Bc%20d", "a b+c d");
    assert_value("view=caf%C3%A9", "caf\xc3\xa9");
    assert_value("view=", "");
    assert_value("view", "");
    assert_value("view=a=b", "a=b");
}

static void what_is_not_there_is_not_found(void **unused) {
    (void)unused;
    bool found = true;
    assert_int_equal(find("", "view", &found), ERR_OK);
    assert_false(found);
    found = true;
    assert_int_equal(find("views=1&vie=2&View=3&&=", "view", &found), ERR_OK);
    assert_false(found);
}

static void a_scalar_given_twice_is_refused(void **unused) {
    (void)unused;
    bool found;
    assert_int_equal(find("view=full&view=full", "view", &found), ERR_PARAM_TWICE);
    assert_int_equal(find("view=a&x=1&v%69ew=b", "view", &found), ERR_PARAM_TWICE);
}

static void a_value_that_cannot_be_read_is_refused(void **unused) {
    (void)unused;
    static const char *const BAD[] = {"view=%",      "view=%zz", "view=%00",
                                      "view=%0d%0a", "view=%ff", "view=%c0%ae"};
    char longest[QUERY_VALUE_SIZE + 8] = "view=";
    bool found;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        assert_int_equal(find(BAD[i], "view", &found), ERR_BAD_REQUEST);
    memset(longest + 5, 'a', QUERY_VALUE_SIZE - 1);
    assert_int_equal(find(longest, "view", &found), ERR_OK);
    memset(longest + 5, 'a', QUERY_VALUE_SIZE);
    assert_int_equal(find(longest, "view", &found), ERR_BAD_REQUEST);
}

static void a_broken_parameter_that_nobody_asked_for_is_ignored(void **unused) {
    (void)unused;
    bool found;
    assert_int_equal(find("x=%zz&%=1&%00=2", "view", &found), ERR_OK);
    assert_false(found);
}

static void more_parameters_than_anyone_needs_are_refused(void **unused) {
    (void)unused;
    static char many[4 * (QUERY_PARAMS_MAX + 1)];
    bool found;
    for (size_t i = 0; i < QUERY_PARAMS_MAX + 1; i++)
        memcpy(many + 4 * i, "a=1&", 4);
    assert_int_equal(query_find(text_make(many, 4 * QUERY_PARAMS_MAX), "view", value, &found),
                     ERR_OK);
    assert_int_equal(query_find(text_make(many, sizeof(many)), "view", value, &found),
                     ERR_BAD_REQUEST);
}

/* The fault of ?limit=..., which must be one. */
static struct json *fault_of(const char *raw) {
    struct buf buf;
    struct json_out out;
    int64_t n;
    buf_init(&buf, 4096);
    json_out_init(&out, &buf);
    assert_int_equal(query_int(text_of(raw), "limit", 1, 200, 50, &n, &out), ERR_INVALID);
    struct json *root = json_of(buf_str(&buf));
    buf_done(&buf);
    return root;
}

static void assert_fault(const char *raw, const char *type, const char *input) {
    struct json *fault = fault_of(raw);
    assert_string_equal(str_at(fault, "type"), type);
    assert_string_equal(str_at(fault, "input"), input);
    assert_string_equal(json_str(json_at(json_get(fault, "loc"), 0), ""), "query");
    assert_string_equal(json_str(json_at(json_get(fault, "loc"), 1), ""), "limit");
    json_free(fault);
}

static void a_number_out_of_range_or_shape_is_told_as_the_original_did(void **unused) {
    (void)unused;
    assert_fault("limit=0", "greater_than_equal", "0");
    assert_fault("limit=-1", "greater_than_equal", "-1");
    assert_fault("limit=201", "less_than_equal", "201");
    assert_fault("limit=abc", "int_parsing", "abc");
    assert_fault("limit=", "int_parsing", "");
    assert_fault("limit=1e9", "int_parsing", "1e9");
    assert_fault("limit=1x", "int_parsing", "1x");
    assert_fault("limit=99999999999999999999", "int_parsing", "99999999999999999999");
    struct json *fault = fault_of("limit=201");
    assert_string_equal(str_at(fault, "msg"), "Input should be less than or equal to 200");
    assert_int_equal(int_at(fault, "ctx.le"), 200);
    json_free(fault);
}

static void a_number_in_range_is_read_and_a_missing_one_has_its_default(void **unused) {
    (void)unused;
    int64_t n = 0;
    assert_int_equal(query_int(TEXT("limit=200"), "limit", 1, 200, 50, &n, NULL), ERR_OK);
    assert_int_equal(n, 200);
    assert_int_equal(query_int(TEXT(""), "limit", 1, 200, 50, &n, NULL), ERR_OK);
    assert_int_equal(n, 50);
    assert_int_equal(query_int(TEXT("limit=1&limit=1"), "limit", 1, 200, 50, &n, NULL),
                     ERR_PARAM_TWICE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_survives_being_decoded_before),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_scalar_given_twice_is_refused),
        cmocka_unit_test(a_value_that_cannot_be_read_is_refused),
        cmocka_unit_test(a_broken_parameter_that_nobody_asked_for_is_ignored),
        cmocka_unit_test(more_parameters_than_anyone_needs_are_refused),
        cmocka_unit_test(a_number_out_of_range_or_shape_is_told_as_the_original_did),
        cmocka_unit_test(a_number_in_range_is_read_and_a_missing_one_has_its_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
