/* Addresses of Redis: what is read, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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
        assert_string_equal(url.hosts[0].name, ROWS[i].host);
        assert_string_equal(url.user, ROWS[i].user);
        assert_string_equal(url.password, ROWS[i].password);
        assert_int_equal(url.hosts[0].port, ROWS[i].port);
        assert_int_equal(url.db, ROWS[i].db);
    }
}

static void addresses_of_sentinels_are_read(void **state_) {
    (void)state_;
    static const struct row {
        const char *url, *hosts, *master, *login;
        int db;
    } ROWS[] = {
        {"redis+sentinel://h/qa", "h:26379", "qa", "::", 0},
        {"redis+sentinel://h/qa/3", "h:26379", "qa", "::", 3},
        {"redis+sentinel://a:1,b,[::1]:3/my.master-1_x", "a:1 b:26379 ::1:3", "my.master-1_x",
         "::", 0},
        {"redis+sentinel://:pw@a,b/qa", "a:26379 b:26379", "qa", ":pw:", 0},
        {"redis+sentinel://u:p%2Fw@a/qa/1?sentinel_password=s%40t", "a:26379", "qa", "u:p/w:s@t",
         1},
        {"redis+sentinel://1,2,3,4,5,6,7,8,9/qa",
         "1:26379 2:26379 3:26379 4:26379 5:26379 6:26379 7:26379 8:26379 9:26379", "qa", "::", 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct redis_url url;
        char hosts[256] = "", login[64];
        size_t used = 0;
        if (redis_url_read(ROWS[i].url, &url, NULL) != ERR_OK) {
            fail_msg("%s", ROWS[i].url);
        }
        for (size_t k = 0; k < url.host_count; k++) {
            used += (size_t)snprintf(hosts + used, sizeof hosts - used, "%s%.9s:%d", k ? " " : "",
                                     url.hosts[k].name, url.hosts[k].port);
        }
        snprintf(login, sizeof login, "%.9s:%.9s:%.9s", url.user, url.password,
                 url.sentinel_password);
        assert_string_equal(hosts, ROWS[i].hosts);
        assert_string_equal(url.master, ROWS[i].master);
        assert_string_equal(login, ROWS[i].login);
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
                                      "redis://hunter2:@h",
                                      "redis+sentinel://",
                                      "redis+sentinel://h",
                                      "redis+sentinel://h/",
                                      "redis+sentinel:///qa",
                                      "redis+sentinel://h,/qa",
                                      "redis+sentinel://,h/qa",
                                      "redis+sentinel://h,h/",
                                      "redis+sentinel://h/q a",
                                      "redis+sentinel://h/qa/",
                                      "redis+sentinel://h/qa/x",
                                      "redis+sentinel://h/qa/1/2",
                                      "redis+sentinel://h:0/qa",
                                      "redis+sentinel://1,2,3,4,5,6,7,8,9,10/qa",
                                      "redis+sentinel://h/qa?x=hunter2",
                                      "redis+sentinel://h/qa?sentinel_password=",
                                      "redis+sentinel://h/qa?sentinel_password=%zz",
                                      "redis+sentinel://hunter2@h/qa"};
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
        cmocka_unit_test(addresses_of_sentinels_are_read),
        cmocka_unit_test(bad_addresses_are_refused_without_quoting_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
