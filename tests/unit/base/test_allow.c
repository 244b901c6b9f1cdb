/* Allow lists: what is refused by default, and what an entry opens. */
#include "check.h"

#include <stdio.h>

#include "agnostic/base/allow.h"
#include "rows.h"

static const char SETTING[] = "AGNOSTIC_TARGET_ALLOW";

static void grant_text(const struct allow_grant *grant, char *dst, size_t size) {
    if (!grant->listed)
        snprintf(dst, size, "-");
    else
        snprintf(dst, size, "%u%s%s", grant->max_rps, grant->load ? "+load" : "",
                 grant->active ? "+active" : "");
}

static void assert_column(const struct text *columns, size_t i, const char *got) {
    if (!text_is(columns[i], got))
        print_error("%.*s with \"%.*s\": %s\n", TEXT_ARG(columns[1]), TEXT_ARG(columns[0]), got);
    assert_true(text_is(columns[i], got));
}

static void check_row(const struct text *columns, size_t count) {
    struct allow *allow = NULL;
    struct allow_grant grant;
    struct fault fault = {0};
    struct addr addr = {0}, own = {0};
    char host[256] = "", text[64];
    uint64_t port = 0;
    assert_int_equal(count, 6);
    assert_true(addr_parse(TEXT("8.8.4.4"), &own));
    assert_err(ERR_OK, allow_parse(columns[0], true, &allow, &fault));
    if (!text_is(columns[1], "-"))
        assert_true(text_copy(columns[1], host, sizeof(host)));
    bool known = !text_is(columns[2], "-");
    if (known)
        assert_true(addr_parse(columns[2], &addr));
    assert_true(text_u64(columns[3], UINT16_MAX, &port));
    allow_match(allow, host, known ? &addr : NULL, (uint16_t)port, &grant);
    grant_text(&grant, text, sizeof(text));
    assert_column(columns, 4, text);
    enum err err =
        allow_check(allow, host, known ? &addr : NULL, (uint16_t)port, &own, 1, SETTING, &fault);
    assert_column(columns, 5, err == ERR_OK ? "ok" : fault.text);
    assert_true(err == ERR_OK || err == ERR_REFUSED);
    allow_free(allow);
}

static void table_of_connections(void **state) {
    (void)state;
    assert_true(rows_each("allow_cases.tsv", check_row) > 50);
}

static void bad_entries_are_named(void **state) {
    (void)state;
    static const char *const refused[] = {
        "shop.test,",
        "shop.test,,x",
        ",",
        "shop.test+",
        "shop.test+fast",
        "shop.test+load=",
        "shop.test+load=0",
        "shop.test+load=100001",
        "shop.test+load=1x",
        "shop.test+load+load=2",
        "shop.test+active+active",
        "+active",
        ":80",
        "shop.test:",
        "shop.test:0",
        "shop.test:65536",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "127.1",
        "0x7f000001",
        "http://shop.test",
        "shop.test/",
        "*.shop.test",
        "*",
        ".",
        "..x",
        "[::1",
        "[::1]8080",
        "[127.0.0.1]:80",
        "[shop.test]:80",
        "::1:x",
        "sh op.test",
        "m\xC3\xBCnz.test",
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct allow *allow = NULL;
        struct fault fault;
        enum err err = allow_parse(text_of(refused[i]), true, &allow, &fault);
        if (err == ERR_OK)
            print_error("%s is accepted\n", refused[i]);
        assert_err(ERR_SYNTAX, err);
        assert_int_equal(fault.text[0], '"');
    }
}

static void flags_are_only_for_targets(void **state) {
    (void)state;
    struct allow *allow = NULL;
    struct fault fault;
    assert_err(ERR_SYNTAX, allow_parse(TEXT("ci.test+load"), false, &allow, &fault));
    assert_string_equal(fault.text, "\"ci.test+load\": flags are not allowed here");
    assert_err(ERR_OK, allow_parse(TEXT("ci.test:8080"), false, &allow, &fault));
    allow_free(allow);
}

static void no_list_is_an_empty_list(void **state) {
    (void)state;
    struct allow *allow = NULL;
    struct allow_grant grant;
    struct addr addr;
    assert_true(addr_parse(TEXT("127.0.0.1"), &addr));
    assert_err(ERR_OK, allow_parse(text_of(NULL), true, &allow, NULL));
    const struct allow *const lists[] = {allow, NULL};
    for (size_t i = 0; i < 2; i++) {
        allow_match(lists[i], "x", &addr, 80, &grant);
        assert_false(grant.listed);
        assert_int_equal(grant.max_rps, ALLOW_RPS_DEFAULT);
        assert_err(ERR_REFUSED, allow_check(lists[i], "x", &addr, 80, NULL, 0, SETTING, NULL));
    }
    allow_free(allow);
    allow_free(NULL);
}

static void only_web_ports_and_high_ones_are_open(void **state) {
    (void)state;
    static const uint16_t denied[] = {0,   1,   21,   22,   25,   53,   110,
                                      143, 445, 1023, 3306, 6379, 9000, 11211};
    static const uint16_t open[] = {80, 443, 1024, 3000, 8000, 8080, 8443, 18789, 40000, 65535};
    for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++)
        assert_true(allow_port_is_denied(denied[i]));
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        assert_false(allow_port_is_denied(open[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_connections),
        cmocka_unit_test(bad_entries_are_named),
        cmocka_unit_test(flags_are_only_for_targets),
        cmocka_unit_test(no_list_is_an_empty_list),
        cmocka_unit_test(only_web_ports_and_high_ones_are_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
