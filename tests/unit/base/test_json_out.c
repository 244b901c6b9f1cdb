/* Writing JSON: separators, escapes, numbers, and what was read comes out again. */
#include "check.h"

#include <math.h>

#include "agnostic/base/json.h"

static struct buf buf;
static struct json_out out;

static int start(void **state) {
    (void)state;
    buf_init(&buf, 65536);
    json_out_init(&out, &buf);
    return 0;
}

static int stop(void **state) {
    (void)state;
    buf_done(&buf);
    return 0;
}

static void separators_are_placed_by_the_writer(void **state) {
    (void)state;
    json_out_object(&out);
    json_out_member(&out, "a", "x");
    json_out_member(&out, "none", NULL);
    json_out_name(&out, "list");
    json_out_array(&out);
    json_out_int(&out, 1);
    json_out_array(&out);
    json_out_end_array(&out);
    json_out_object(&out);
    json_out_end_object(&out);
    json_out_null(&out);
    json_out_end_array(&out);
    json_out_member_bool(&out, "yes", true);
    json_out_member_int(&out, "n", -7);
    json_out_name(&out, "raw");
    json_out_raw(&out, TEXT("{\"k\":1}"));
    json_out_member_text(&out, "t", TEXT("end"));
    json_out_end_object(&out);
    assert_string_equal(buf_str(&buf), "{\"a\":\"x\",\"none\":null,\"list\":[1,[],{},null],"
                                       "\"yes\":true,\"n\":-7,\"raw\":{\"k\":1},\"t\":\"end\"}");
}

static void strings_are_escaped_as_python_does(void **state) {
    (void)state;
    json_out_str(&out, "\"\\/\b\f\n\r\t\x01\x1f\x7f<\xC3\xA9\xF0\x9F\x98\x80\xE2\x80\xA8");
    assert_string_equal(buf_str(&buf), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f<"
                                       "\xC3\xA9\xF0\x9F\x98\x80\xE2\x80\xA8\"");
}

static void a_nul_is_escaped(void **state) {
    (void)state;
    json_out_text(&out, TEXT("a\0b"));
    assert_string_equal(buf_str(&buf), "\"a\\u0000b\"");
}

static void bytes_that_are_no_utf8_become_replacement_characters(void **state) {
    (void)state;
    json_out_str(&out, "a\xFF\xC3(\xED\xA0\x80z\xC3");
    assert_string_equal(buf_str(&buf), "\"a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD"
                                       "\xEF\xBF\xBDz\xEF\xBF\xBD\"");
    assert_true(text_is_utf8(buf_text(&buf)));
}

static void an_ascii_writer_escapes_all_the_rest(void **state) {
    (void)state;
    out.ascii = true;
    json_out_text(&out, TEXT("a\x7F\xC2\x9B\xE2\x80\xAE\xF0\x9F\x98\x80\xFFz"));
    assert_string_equal(buf_str(&buf), "\"a\\u007f\\u009b\\u202e\\ud83d\\ude00\\ufffdz\"");
}

static void names_are_escaped_too(void **state) {
    (void)state;
    json_out_object(&out);
    json_out_name(&out, "a\"b");
    json_out_bool(&out, false);
    json_out_end_object(&out);
    assert_string_equal(buf_str(&buf), "{\"a\\\"b\":false}");
}

static void doubles_are_short_and_come_back(void **state) {
    (void)state;
    static const double values[] = {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, 100, -0.0, 10,
                                    9.8, 1e22,    1.5e16};
    json_out_array(&out);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        json_out_double(&out, values[i]);
    json_out_double(&out, NAN);
    json_out_double(&out, -INFINITY);
    json_out_end_array(&out);
    assert_string_equal(buf_str(&buf), "[0.1,0.3333333333333333,5e-324,1.7976931348623157e+308,"
                                       "100.0,-0.0,10.0,9.8,1e+22,1.5e+16,null,null]");
}

static void a_tree_is_written_as_it_was_read(void **state) {
    (void)state;
    static const char text[] = "{\"z\":[1,2.50,-0,1e400,18446744073709551615,null,true],"
                               "\"a\":{\"\":\"\xC3\xA9\\n/\"},\"e\":[],\"o\":{}}";
    struct json *root;
    assert_err(ERR_OK, json_parse(text_of(text), &JSON_LIMITS_REQUEST, &root, NULL));
    json_out_value(&out, root);
    json_free(root);
    assert_string_equal(buf_str(&buf), "{\"z\":[1,2.50,0,1e400,18446744073709551615,null,true],"
                                       "\"a\":{\"\":\"\xC3\xA9\\n/\"},\"e\":[],\"o\":{}}");
}

static void a_full_buffer_fails_once_and_for_all(void **state) {
    (void)state;
    struct buf small;
    buf_init(&small, 8);
    json_out_init(&out, &small);
    json_out_array(&out);
    json_out_str(&out, "much too long");
    json_out_end_array(&out);
    assert_true(small.failed);
    buf_done(&small);
}

#define with_writer(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_writer(separators_are_placed_by_the_writer),
        with_writer(strings_are_escaped_as_python_does),
        with_writer(a_nul_is_escaped),
        with_writer(bytes_that_are_no_utf8_become_replacement_characters),
        with_writer(an_ascii_writer_escapes_all_the_rest),
        with_writer(names_are_escaped_too),
        with_writer(doubles_are_short_and_come_back),
        with_writer(a_tree_is_written_as_it_was_read),
        with_writer(a_full_buffer_fails_once_and_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
