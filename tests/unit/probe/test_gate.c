/* Goal: no connection to an address that the list does not open, whatever name leads there. */
#include "probe/server.h"

#include <ifaddrs.h>

static void hang_up(int fd, const void *ctx) {
    (void)fd;
    (void)ctx;
}

static enum err try_connect(const char *list, const char *url, struct fault *fault) {
    struct gate *gate = gate_over(list);
    struct url parsed = url_of(url);
    int fd = -1;
    enum err err = gate_connect(gate, &parsed, parsed.port, 3000, &fd, fault);
    if (err == ERR_OK)
        close(fd);
    gate_free(gate);
    return err;
}

static void a_listed_address_is_connected_to(void **state) {
    (void)state;
    struct server server = server_start(hang_up, NULL);
    struct fault fault = {0};
    assert_int_equal(
        try_connect("127.0.0.1", server_url(&server, "http", "127.0.0.1", "/"), &fault), ERR_OK);
    server_stop(&server);
}

static void loopback_without_an_entry_is_never_connected_to(void **state) {
    (void)state;
    struct server server = server_start(hang_up, NULL);
    struct fault fault = {0};
    assert_int_equal(try_connect("", server_url(&server, "http", "127.0.0.1", "/"), &fault),
                     ERR_REFUSED);
    assert_non_null(strstr(fault.text, "AGNOSTIC_TARGET_ALLOW"));
    usleep(20000);
    assert_int_equal(server_connections(&server), 0);
    server_stop(&server);
}

static void a_name_that_leads_to_loopback_is_never_connected_to(void **state) {
    (void)state;
    struct server server = server_start(hang_up, NULL);
    struct fault fault = {0};
    assert_int_equal(try_connect("", server_url(&server, "http", "localhost", "/"), &fault),
                     ERR_REFUSED);
    usleep(20000);
    assert_int_equal(server_connections(&server), 0);
    server_stop(&server);
}

static void an_entry_for_another_port_does_not_open_this_one(void **state) {
    (void)state;
    struct server server = server_start(hang_up, NULL);
    struct fault fault = {0};
    assert_int_equal(
        try_connect("127.0.0.1:1", server_url(&server, "http", "127.0.0.1", "/"), &fault),
        ERR_REFUSED);
    server_stop(&server);
}

static enum err check_v4(const char *list, const char *host, const char *address, uint16_t port) {
    struct gate *gate = gate_over(list);
    struct fault fault = {0};
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(port)};
    assert_int_equal(inet_pton(AF_INET, address, &sa.sin_addr), 1);
    enum err err = gate_check(gate, host, (struct sockaddr *)&sa, &fault);
    gate_free(gate);
    return err;
}

static void every_class_that_is_not_public_is_refused(void **state) {
    (void)state;
    static const char *const addresses[] = {
        "127.0.0.1", "10.1.2.3",     "100.64.0.1", "169.254.1.1", "172.16.0.1", "192.168.1.1",
        "0.0.0.0",   "198.51.100.1", "224.0.0.1",  "240.0.0.1",   "192.0.2.7"};
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
        assert_int_equal(check_v4("", "name.test", addresses[i], 80), ERR_REFUSED);
    assert_int_equal(check_v4("", "name.test", "93.184.216.34", 80), ERR_OK);
}

static void metadata_addresses_are_refused_whatever_is_listed(void **state) {
    (void)state;
    assert_int_equal(check_v4("0.0.0.0/0", "meta.test", "169.254.169.254", 80), ERR_REFUSED);
    assert_int_equal(check_v4("meta.test", "meta.test", "169.254.169.254", 80), ERR_REFUSED);
    struct gate *gate = NULL;
    struct fault fault = {0};
    assert_int_equal(gate_new(NULL, "", &gate), ERR_OK);
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(80)};
    assert_int_equal(inet_pton(AF_INET, "169.254.169.254", &sa.sin_addr), 1);
    assert_int_equal(gate_check(gate, "x", (struct sockaddr *)&sa, &fault), ERR_REFUSED);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(gate_check(gate, "x", (struct sockaddr *)&sa, &fault), ERR_OK);
    gate_free(gate);
}

static void a_denied_port_needs_an_entry_that_names_it(void **state) {
    (void)state;
    assert_int_equal(check_v4("", "name.test", "93.184.216.34", 22), ERR_REFUSED);
    assert_int_equal(check_v4("name.test", "name.test", "93.184.216.34", 22), ERR_REFUSED);
    assert_int_equal(check_v4("name.test:22", "name.test", "93.184.216.34", 22), ERR_OK);
}

static void another_family_is_refused(void **state) {
    (void)state;
    struct gate *gate = gate_over("127.0.0.1");
    struct fault fault = {0};
    struct sockaddr sa = {.sa_family = AF_UNIX};
    assert_int_equal(gate_check(gate, "x", &sa, &fault), ERR_REFUSED);
    gate_free(gate);
}

static void the_machines_own_addresses_are_refused(void **state) {
    (void)state;
    struct ifaddrs *list = NULL;
    assert_int_equal(getifaddrs(&list), 0);
    struct gate *gate = gate_over("");
    struct fault fault = {0};
    for (const struct ifaddrs *at = list; at; at = at->ifa_next)
        if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET)
            assert_int_equal(gate_check(gate, "own.test", at->ifa_addr, &fault), ERR_REFUSED);
    gate_free(gate);
    freeifaddrs(list);
}

static void resolving_judges_every_address(void **state) {
    (void)state;
    struct gate *strict = gate_over(""), *open = gate_over("localhost");
    struct url url = url_of("http://localhost:8080/");
    struct addr addrs[8];
    size_t count = 0;
    struct fault fault = {0};
    assert_int_equal(gate_resolve(strict, &url, addrs, 8, &count, &fault), ERR_REFUSED);
    assert_int_equal(gate_resolve(open, &url, addrs, 8, &count, &fault), ERR_OK);
    assert_true(count >= 1);
    assert_int_equal(addr_classify(&addrs[0]), ADDR_LOOPBACK);
    gate_free(strict);
    gate_free(open);
}

static void names_under_localhost_are_loopback_even_if_nobody_knows_them(void **state) {
    (void)state;
    struct gate *open = gate_over(".localhost");
    struct url url = url_of("http://no-such-entry-anywhere.localhost:8080/");
    struct addr addrs[8];
    size_t count = 0;
    struct fault fault = {0};
    assert_int_equal(gate_resolve(open, &url, addrs, 8, &count, &fault), ERR_OK);
    assert_true(count >= 1);
    assert_int_equal(addr_classify(&addrs[0]), ADDR_LOOPBACK);
    gate_free(open);
}

static void a_name_that_cannot_exist_does_not_resolve(void **state) {
    (void)state;
    struct fault fault = {0};
    enum err err = try_connect("", "http://nothing.invalid/", &fault);
    assert_true(err == ERR_RESOLVE || err == ERR_TIMEOUT);
    assert_true(fault.text[0] != '\0');
}

static void a_closed_port_is_a_failed_connection(void **state) {
    (void)state;
    uint16_t port;
    close(server_listen(&port));
    struct server nobody = {.port = port};
    struct fault fault = {0};
    assert_int_equal(
        try_connect("127.0.0.1", server_url(&nobody, "http", "127.0.0.1", "/"), &fault),
        ERR_CONNECT);
}

static void an_address_that_never_answers_is_a_timeout(void **state) {
    (void)state;
    /* A listener whose queue is full answers no further connection. */
    uint16_t port;
    int listener = server_listen(&port);
    assert_int_equal(listen(listener, 0), 0);
    struct sockaddr_in sa = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fillers[4];
    for (size_t i = 0; i < 4; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(fillers[i], (struct sockaddr *)&sa, sizeof(sa));
    }
    struct gate *gate = gate_over("127.0.0.1");
    struct server silent = {.port = port};
    struct url url = url_of(server_url(&silent, "http", "127.0.0.1", "/"));
    struct fault fault = {0};
    int fd = -1;
    assert_int_equal(gate_connect(gate, &url, port, 300, &fd, &fault), ERR_TIMEOUT);
    assert_int_equal(fd, -1);
    gate_free(gate);
    for (size_t i = 0; i < 4; i++)
        close(fillers[i]);
    close(listener);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listed_address_is_connected_to),
        cmocka_unit_test(loopback_without_an_entry_is_never_connected_to),
        cmocka_unit_test(a_name_that_leads_to_loopback_is_never_connected_to),
        cmocka_unit_test(an_entry_for_another_port_does_not_open_this_one),
        cmocka_unit_test(every_class_that_is_not_public_is_refused),
        cmocka_unit_test(metadata_addresses_are_refused_whatever_is_listed),
        cmocka_unit_test(a_denied_port_needs_an_entry_that_names_it),
        cmocka_unit_test(another_family_is_refused),
        cmocka_unit_test(the_machines_own_addresses_are_refused),
        cmocka_unit_test(resolving_judges_every_address),
        cmocka_unit_test(names_under_localhost_are_loopback_even_if_nobody_knows_them),
        cmocka_unit_test(a_name_that_cannot_exist_does_not_resolve),
        cmocka_unit_test(a_closed_port_is_a_failed_connection),
        cmocka_unit_test(an_address_that_never_answers_is_a_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
