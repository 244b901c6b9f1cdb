/* Addresses: reading, networks, and what must not be connected to by default. */
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "agnostic/base/addr.h"
#include "rows.h"

static struct addr addr_of(const char *string) {
    struct addr addr = {0};
    assert_true(addr_parse(text_of(string), &addr));
    return addr;
}

static void check_class(const struct text *columns, size_t count) {
    struct addr addr;
    assert_int_equal(count, 2);
    const char *word = addr_parse(columns[0], &addr) ? addr_class_word(addr_classify(&addr)) : "-";
    if (!text_is(columns[1], word))
        print_error("%.*s: %s\n", TEXT_ARG(columns[0]), word);
    assert_true(text_is(columns[1], word));
}

static void table_of_classes(void **state) {
    (void)state;
    assert_true(rows_each("addr_cases.tsv", check_class) > 80);
}

static bool has(const char *network_text, const char *addr_text) {
    struct network network;
    struct addr addr = addr_of(addr_text);
    assert_true(network_parse(text_of(network_text), &network));
    return network_has(&network, &addr);
}

static void networks_hold_their_addresses(void **state) {
    (void)state;
    assert_true(has("10.0.0.0/8", "10.255.255.255"));
    assert_false(has("10.0.0.0/8", "11.0.0.0"));
    assert_true(has("172.16.0.0/12", "172.31.255.255"));
    assert_false(has("172.16.0.0/12", "172.32.0.0"));
    assert_true(has("192.168.1.7", "192.168.1.7"));
    assert_false(has("192.168.1.7", "192.168.1.6"));
    assert_true(has("0.0.0.0/0", "8.8.8.8"));
    assert_false(has("0.0.0.0/0", "::1"));
    assert_false(has("::/0", "8.8.8.8"));
    assert_true(has("fd00:1::/33", "fd00:1:7fff::1"));
    assert_false(has("fd00:1::/33", "fd00:1:8000::1"));
}

static void mapped_addresses_are_their_ipv4_ones(void **state) {
    (void)state;
    assert_true(has("127.0.0.0/8", "::ffff:127.0.0.1"));
    assert_true(has("::ffff:10.0.0.0/104", "10.1.2.3"));
    assert_true(has("::ffff:10.0.0.1", "10.0.0.1"));
    struct addr mapped = addr_of("::ffff:10.0.0.1"), plain = addr_of("10.0.0.1");
    assert_true(addr_eq(&mapped, &plain));
}

static void equal_addresses_are_of_one_family(void **state) {
    (void)state;
    struct addr four = addr_of("1.2.3.4"), six = addr_of("102:304::"), other = addr_of("1.2.3.5");
    assert_true(addr_eq(&four, &four));
    assert_false(addr_eq(&four, &six));
    assert_false(addr_eq(&four, &other));
}

static void what_is_no_network_is_refused(void **state) {
    (void)state;
    static const char *const refused[] = {
        "",           "10.0.0.0/33", "10.0.0.0/",    "10.0.0.1/8", "10/8", "::1/129",      "::1/64",
        "1.2.3.4/-1", "1.2.3.4/0x8", "10.0.0.0/8/8", "shop.test",  "/8",   "10.0.0.0/0008"};
    struct network network;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        assert_false(network_parse(text_of(refused[i]), &network));
    assert_false(network_parse(text_of(NULL), &network));
}

static void socket_addresses_are_read(void **state) {
    (void)state;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(8080)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
    struct sockaddr other = {.sa_family = AF_UNIX};
    struct addr addr;
    char text[ADDR_TEXT_SIZE];
    uint16_t port;
    inet_pton(AF_INET, "10.1.2.3", &in.sin_addr);
    assert_true(addr_from_sockaddr((struct sockaddr *)&in, &addr, &port));
    addr_text(&addr, text);
    assert_string_equal(text, "10.1.2.3");
    assert_int_equal(port, 8080);
    inet_pton(AF_INET6, "::ffff:10.1.2.3", &in6.sin6_addr);
    assert_true(addr_from_sockaddr((struct sockaddr *)&in6, &addr, &port));
    assert_false(addr.v6);
    assert_int_equal(port, 443);
    inet_pton(AF_INET6, "2606:4700::1", &in6.sin6_addr);
    assert_true(addr_from_sockaddr((struct sockaddr *)&in6, &addr, &port));
    addr_text(&addr, text);
    assert_string_equal(text, "2606:4700::1");
    assert_false(addr_from_sockaddr(&other, &addr, &port));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_of_classes),
        cmocka_unit_test(networks_hold_their_addresses),
        cmocka_unit_test(mapped_addresses_are_their_ipv4_ones),
        cmocka_unit_test(equal_addresses_are_of_one_family),
        cmocka_unit_test(what_is_no_network_is_refused),
        cmocka_unit_test(socket_addresses_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
