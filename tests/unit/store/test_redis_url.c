/* Addresses of Redis: what is read, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/redis_url.h"

static void addresses_are_read(void **state_) {
    (void)state_;
    static const struct row {
        const char *url, *path, *host, *user, *password;
        int port, db;
    } ROWS[] = {
        {"unix:///run/r.sock", "/run/r.sock", "", "", "", 0, 0},
        {"unix:///run/r.sock?db=3", "/run/r.sock", "", "", "", 0, 3},
        {"unix://web:p%40s%2Fs@/r", "/r", "", "web", "p@s/s", 0, 0},
        {"redis://127.0.0.1", "", "127.0.0.1", "", "", 6379, 0},
        {"redis://127.0.0.1:6379/0", "", "127.0.0.1", "", "", 6379, 0},
        {"redis://h:1/", "", "h", "", "", 1, 0},
        {"redis://[::1]:7000/15", "", "::1", "", "", 7000, 15},
        {"redis://[::1]", "", "::1", "", "", 6379, 0},
        {"redis://:secret@h", "", "h", "", "secret", 6379, 0},
        {"redis://u:a:b@h/2", "", "h", "u", "a:b", 6379, 2},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct redis_url url;
        if (redis_url_read(ROWS[i].url, &url, NULL) != ERR_OK) {
            fail_msg("%s", ROWS[i].url);
        }
        assert_string_equal(url.path, ROWS[i].path);
        assert_string_equal(url.host, ROWS[i].host);
        assert_string_equal(url.user, ROWS[i].user);
        assert_string_equal(url.password, ROWS[i].password);
        assert_int_equal(url.port, ROWS[i].port);
        assert_int_equal(url.db, ROWS[i].db);
    }
}

static void bad_addresses_are_refused_without_quoting_them(void **state_) {
    (void)state_;
    static const char *const BAD[] = {"",
                                      "/run/r.sock",
                                      "http://h",
                                      "unix://",
                                      "unix:///",
                                      "unix://r.sock",
                                      "unix:///r?db=x",
                                      "unix:///r?db=",
                                      "unix:///r?x=1",
                                      "unix:///r%00",
                                      "unix:///r%4",
                                      "unix:///r%zz",
                                      "redis://",
                                      "redis://:6379",
                                      "redis://h:0",
                                      "redis://h:65536",
                                      "redis://h:x",
                                      "redis://h/x",
                                      "redis://h/-1",
                                      "redis://[::1",
                                      "redis://[::1]x",
                                      "redis://hunter2@h",
                                      "redis://hunter2:@h"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct redis_url url;
        struct fault fault;
        if (redis_url_read(BAD[i], &url, &fault) != ERR_CONFIG) {
            fail_msg("accepted: %s", BAD[i]);
        }
        assert_null(strstr(fault.text, "hunter2"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(bad_addresses_are_refused_without_quoting_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
