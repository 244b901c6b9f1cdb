/* Who fails to authenticate too often has to wait; nobody else does. */
#include "unit.h"

#include <stdio.h>

#include "web/brake.h"

enum { LIMIT = 5, MINUTE_MS = 60000, NOW_MS = 600 * MINUTE_MS + 20000 };

static struct brake brake;

static int start(void **unused) {
    (void)unused;
    brake = (struct brake){board_open(NULL, "test"), LIMIT};
    return 0;
}

static int stop(void **unused) {
    (void)unused;
    board_close(brake.board);
    return 0;
}

static void fails(const char *remote, int times) {
    for (int i = 0; i < times; i++)
        brake_tell(&brake, text_of(remote), NOW_MS, ERR_BAD_KEY);
}

static int64_t retry_of(const char *remote) {
    return brake_retry_s(&brake, text_of(remote), NOW_MS);
}

static void an_address_that_failed_too_often_waits_for_the_rest_of_the_minute(void **unused) {
    (void)unused;
    fails("203.0.113.5", LIMIT);
    assert_int_equal(retry_of("203.0.113.5"), 40);
    assert_int_equal(brake_retry_s(&brake, TEXT("203.0.113.5"), NOW_MS + 40000), 0);
}

static void one_below_the_limit_is_free(void **unused) {
    (void)unused;
    fails("203.0.113.5", LIMIT - 1);
    assert_int_equal(retry_of("203.0.113.5"), 0);
}

static void another_address_is_free(void **unused) {
    (void)unused;
    fails("203.0.113.5", LIMIT);
    assert_int_equal(retry_of("203.0.113.6"), 0);
}

static void a_site_of_ipv6_is_one_address(void **unused) {
    (void)unused;
    fails("2001:db8:1:2::1", LIMIT);
    assert_true(retry_of("2001:db8:1:2:ffff::9") > 0);
    assert_int_equal(retry_of("2001:db8:1:3::1"), 0);
}

static void what_is_no_address_is_counted_too(void **unused) {
    (void)unused;
    fails("", LIMIT);
    assert_true(retry_of("unix:") > 0);
}

static void a_credential_that_was_not_wrong_does_not_count(void **unused) {
    (void)unused;
    static const enum err OTHERS[] = {ERR_OK, ERR_STORE, ERR_NO_CREDENTIAL, ERR_FORBIDDEN};
    for (int i = 0; i < LIMIT; i++)
        for (size_t k = 0; k < sizeof(OTHERS) / sizeof(OTHERS[0]); k++)
            brake_tell(&brake, TEXT("203.0.113.5"), NOW_MS, OTHERS[k]);
    assert_int_equal(retry_of("203.0.113.5"), 0);
}

static void a_flood_of_other_addresses_does_not_free_one(void **unused) {
    char other[32];
    (void)unused;
    fails("203.0.113.5", LIMIT);
    for (int i = 0; i < 20000; i++) {
        snprintf(other, sizeof(other), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        fails(other, 1);
    }
    assert_true(retry_of("203.0.113.5") > 0);
}

static void without_a_limit_nobody_waits(void **unused) {
    (void)unused;
    fails("203.0.113.5", LIMIT);
    brake.per_min = 0;
    assert_int_equal(retry_of("203.0.113.5"), 0);
}

int main(void) {
#define BRAKE_TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
    const struct CMUnitTest tests[] = {
        BRAKE_TEST(an_address_that_failed_too_often_waits_for_the_rest_of_the_minute),
        BRAKE_TEST(one_below_the_limit_is_free),
        BRAKE_TEST(another_address_is_free),
        BRAKE_TEST(a_site_of_ipv6_is_one_address),
        BRAKE_TEST(what_is_no_address_is_counted_too),
        BRAKE_TEST(a_credential_that_was_not_wrong_does_not_count),
        BRAKE_TEST(a_flood_of_other_addresses_does_not_free_one),
        BRAKE_TEST(without_a_limit_nobody_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
