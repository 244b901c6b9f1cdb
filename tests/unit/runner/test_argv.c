/* Places of a command line are filled in, each within its one argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "runner/argv.h"

static const struct argv_values values = {.target_url = "https://shop.test/a b;$(x)",
                                          .target_host = "shop.test",
                                          .target_port = "443",
                                          .workdir = "/run/w"};

static void assert_filled(const char *argument, const char *expected) {
    struct buf buf;
    buf_init(&buf, 1024);
    assert_int_equal(argv_put(argument, &values, &buf, NULL), ERR_OK);
    assert_string_equal(buf.data, expected);
    assert_int_equal(buf.len, text_of(expected).len + 1);
    buf_done(&buf);
}

static void places_are_filled_in(void **state) {
    (void)state;
    assert_filled("{target.host}:{target.port}", "shop.test:443");
    assert_filled("--out={workdir}/x", "--out=/run/w/x");
    assert_filled("plain", "plain");
    assert_filled("", "");
}

static void value_stays_one_argument(void **state) {
    (void)state;
    assert_filled("{target.url}", "https://shop.test/a b;$(x)");
}

static void other_braces_are_plain_text(void **state) {
    (void)state;
    assert_filled("a{b", "a{b");
    assert_filled("a}b", "a}b");
    assert_filled("{ echo ${x} {\"v\":1}; } {{workdir}}", "{ echo ${x} {\"v\":1}; } {/run/w}");
}

static void value_that_looks_like_an_option_is_refused(void **state) {
    (void)state;
    struct buf buf;
    struct fault fault;
    const struct argv_values hostile = {.target_host = "-oProxyCommand"};
    buf_init(&buf, 1024);
    assert_int_equal(argv_put("{target.host}", &hostile, &buf, &fault), ERR_REFUSED);
    assert_non_null(strstr(fault.text, "target.host"));
    buf_done(&buf);
}

static void missing_value_is_not_guessed(void **state) {
    (void)state;
    struct buf buf;
    const struct argv_values nothing = {0};
    buf_init(&buf, 1024);
    assert_int_equal(argv_put("{target.url}", &nothing, &buf, NULL), ERR_NOT_AVAILABLE);
    buf_done(&buf);
}

static void unknown_place_is_named(void **state) {
    (void)state;
    struct text unknown;
    assert_true(argv_is_known("{workdir}{target.url}", &unknown));
    assert_false(argv_is_known("{workdir}/{target.secret}", &unknown));
    assert_true(text_is(unknown, "target.secret"));
}

static void places_of_the_target_are_told_apart(void **state) {
    (void)state;
    assert_true(argv_wants_target("x{target.port}"));
    assert_false(argv_wants_target("{workdir}"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_filled_in),
        cmocka_unit_test(value_stays_one_argument),
        cmocka_unit_test(other_braces_are_plain_text),
        cmocka_unit_test(value_that_looks_like_an_option_is_refused),
        cmocka_unit_test(missing_value_is_not_guessed),
        cmocka_unit_test(unknown_place_is_named),
        cmocka_unit_test(places_of_the_target_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
