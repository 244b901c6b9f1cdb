/* CGI parameters: one pass, nothing ambiguous. */
#include "unit.h"
#include "web/incoming.h"

#include <stdio.h>

static struct incoming incoming;

#define READ(...) incoming_init(&incoming, (const char *const[]){__VA_ARGS__, NULL})
#define GET_X "REQUEST_METHOD=GET", "REQUEST_URI=/x"

static void the_parameters_that_matter_are_found_in_any_order(void **unused) {
    (void)unused;
    READ("HTTP_X_API_KEY=a=b", "UNKNOWN=1", GET_X, "HTTP_ORIGIN=", "NOEQUALS");
    assert_int_equal(incoming.fault, ERR_OK);
    assert_true(text_is(incoming.header[INCOMING_API_KEY], "a=b"));
    assert_true(text_is(incoming.header[INCOMING_METHOD], "GET"));
    assert_true(incoming_has(&incoming, INCOMING_ORIGIN));
    assert_int_equal(incoming.header[INCOMING_ORIGIN].len, 0);
    assert_false(incoming_has(&incoming, INCOMING_AUTHORIZATION));
}

static void what_the_web_server_made_of_the_path_is_not_looked_at(void **unused) {
    (void)unused;
    READ("PATH_INFO=/evil", "SCRIPT_NAME=/evil", "DOCUMENT_URI=/evil", "QUERY_STRING=a=b", GET_X);
    assert_true(text_is(incoming.header[INCOMING_URI], "/x"));
}

static void a_parameter_given_twice_is_remembered(void **unused) {
    (void)unused;
    READ("HTTP_X_API_KEY=one", GET_X, "HTTP_X_API_KEY=two");
    assert_true(incoming_has_twice(&incoming, INCOMING_API_KEY));
    assert_false(incoming_has_twice(&incoming, INCOMING_METHOD));
    assert_true(text_is(incoming.header[INCOMING_API_KEY], "one"));
}

static void what_must_be_plain_and_is_not_is_a_bad_request(void **unused) {
    (void)unused;
    READ("REQUEST_METHOD=GET");
    assert_int_equal(incoming.fault, ERR_BAD_REQUEST);
    READ("REQUEST_URI=/x");
    assert_int_equal(incoming.fault, ERR_BAD_REQUEST);
    READ(GET_X, "REQUEST_URI=/y");
    assert_int_equal(incoming.fault, ERR_BAD_REQUEST);
    READ(GET_X, "CONTENT_LENGTH=1", "CONTENT_LENGTH=2");
    assert_int_equal(incoming.fault, ERR_BAD_REQUEST);
}

static void more_parameters_than_anyone_sends_are_refused(void **unused) {
    (void)unused;
    static const char *many[INCOMING_PARAMS_MAX + 2];
    many[0] = "REQUEST_METHOD=GET";
    many[1] = "REQUEST_URI=/x";
    for (size_t i = 2; i < INCOMING_PARAMS_MAX; i++)
        many[i] = "HTTP_X=y";
    incoming_init(&incoming, many);
    assert_int_equal(incoming.fault, ERR_OK);
    many[INCOMING_PARAMS_MAX] = "HTTP_X=y";
    incoming_init(&incoming, many);
    assert_int_equal(incoming.fault, ERR_HEADERS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parameters_that_matter_are_found_in_any_order),
        cmocka_unit_test(what_the_web_server_made_of_the_path_is_not_looked_at),
        cmocka_unit_test(a_parameter_given_twice_is_remembered),
        cmocka_unit_test(what_must_be_plain_and_is_not_is_a_bad_request),
        cmocka_unit_test(more_parameters_than_anyone_sends_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
