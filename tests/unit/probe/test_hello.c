/* Goal: a hand-written ClientHello is understood by real servers, and no answer to it can be
 * mistaken: what was not offered, is cut short or makes no sense accepts nothing. */
#include "probe/tls_server.h"

#include "agnostic/probe/hello.h"

static const uint16_t COMMON[] = {0xc02f, 0xc02b, 0xc014, 0xc00a, 0xc013, 0xc009, 0x002f, 0x0035};
static const uint16_t RC4[] = {0x0005, 0x0004};
static const struct hello_offer OLD = {0x0303, RC4, 2, false};
static const struct hello_offer DEFLATE = {0x0303, RC4, 2, true};
static const struct hello_offer SSL_2 = {HELLO_SSL_2, NULL, 0, false};

/* --- reading ------------------------------------------------------------------------------- */

#define BODY(version, choice)                                                                      \
    "\x02\x00\x00\x26\x03" version "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr\x00" choice
#define RECORD(bytes) "\x16\x03\x03\x00\x2a" bytes
#define ACCEPTS RECORD(BODY("\x03", "\x00\x05\x00"))

static enum hello_end end_of(const struct hello_offer *offer, const char *bytes, size_t len) {
    struct hello_answer answer;
    if (!hello_read(offer, (const uint8_t *)bytes, len, &answer))
        return (enum hello_end) - 1;
    return answer.end;
}
#define END(offer, literal) end_of(offer, literal, sizeof(literal) - 1)

static void a_choice_that_was_offered_is_accepted(void **state) {
    struct hello_answer answer;
    (void)state;
    assert_true(hello_read(&OLD, (const uint8_t *)ACCEPTS, sizeof(ACCEPTS) - 1, &answer));
    assert_int_equal(answer.end, HELLO_ACCEPTED);
    assert_int_equal(answer.suite, 0x0005);
    assert_int_equal(answer.version, 0x0303);
    assert_false(answer.deflate);
}

static void a_choice_that_was_not_offered_is_garbled(void **state) {
    (void)state;
    assert_int_equal(END(&OLD, RECORD(BODY("\x03", "\x00\x2f\x00"))), HELLO_GARBLED);
    assert_int_equal(END(&OLD, RECORD(BODY("\x04", "\x00\x05\x00"))), HELLO_GARBLED);
    assert_int_equal(END(&OLD, RECORD(BODY("\x03", "\x00\x05\x01"))), HELLO_GARBLED);
    assert_int_equal(END(&DEFLATE, RECORD(BODY("\x03", "\x00\x05\x01"))), HELLO_ACCEPTED);
    assert_int_equal(END(&DEFLATE, RECORD(BODY("\x03", "\x00\x05\x02"))), HELLO_GARBLED);
}

static void an_alert_declines_and_a_warning_does_not(void **state) {
    struct hello_answer answer;
    (void)state;
    assert_true(hello_read(&OLD, (const uint8_t *)"\x15\x03\x03\x00\x02\x02\x56", 7, &answer));
    assert_int_equal(answer.end, HELLO_DECLINED);
    assert_int_equal(answer.alert, HELLO_ALERT_BAD_FALLBACK);
    assert_int_equal(END(&OLD, "\x15\x03\x03\x00\x02\x01\x70" ACCEPTS), HELLO_ACCEPTED);
}

static void what_is_cut_short_asks_for_more(void **state) {
    (void)state;
    for (size_t len = 0; len < sizeof(ACCEPTS) - 1; len++)
        assert_int_equal(end_of(&OLD, ACCEPTS, len), (enum hello_end) - 1);
}

static void what_makes_no_sense_is_garbled(void **state) {
    (void)state;
    assert_int_equal(END(&OLD, "HTTP/1.1 400 Bad Request"), HELLO_GARBLED);
    assert_int_equal(END(&OLD, "\x16\x03\x03\x00\x00"), HELLO_GARBLED);
    assert_int_equal(END(&OLD, "\x16\x03\x03\x00\x01\x0b"), HELLO_GARBLED);
    assert_int_equal(END(&SSL_2, "\x80\x20\x04\x00\x01\x00\x02\x00\x10\x00\x00\x00\x10"),
                     HELLO_GARBLED);
}

static void an_answer_in_ssl_2_is_accepted(void **state) {
    (void)state;
    assert_int_equal(END(&SSL_2, "\x80\x20\x04\x00\x01\x00\x02\x00\x10\x00\x03\x00\x10"),
                     HELLO_ACCEPTED);
}

static void what_cannot_be_written_is_not(void **state) {
    static const uint16_t MANY[HELLO_SUITES_MAX + 1];
    const struct hello_offer none = {0x0303, MANY, 0, false};
    const struct hello_offer many = {0x0303, MANY, HELLO_SUITES_MAX + 1, false};
    const struct hello_offer full = {0x0303, MANY, HELLO_SUITES_MAX, true};
    uint8_t random[32] = {0}, bytes[HELLO_BYTES_MAX];
    char host[257];
    (void)state;
    memset(host, 'a', sizeof(host));
    host[256] = '\0';
    assert_int_equal(hello_write(&none, "", random, bytes), 0);
    assert_int_equal(hello_write(&many, "", random, bytes), 0);
    assert_int_equal(hello_write(&full, host, random, bytes), 0);
    host[255] = '\0';
    assert_true(hello_write(&full, host, random, bytes) > 0);
}

/* --- asking -------------------------------------------------------------------------------- */

static struct hello_answer ask(const struct server *server, const char *host,
                               const struct hello_offer *offer, int64_t timeout_ms,
                               enum err expected) {
    struct gate *gate = gate_over("localhost,127.0.0.1");
    struct url url = url_of(server_url(server, "https", host, "/"));
    struct hello_answer answer = {0};
    struct fault fault = {0};
    assert_int_equal(hello_ask(gate, &url, offer, timeout_ms, &answer, &fault), expected);
    gate_free(gate);
    return answer;
}

static void a_real_server_takes_the_suite_it_has_and_declines_the_others(void **state) {
    static const char *const options[] = {"-cipher", "ALL:@SECLEVEL=0", NULL};
    (void)state;
    struct server server = openssl_start("rsa", options);
    for (unsigned version = 0x0301; version <= 0x0303; version++) {
        const struct hello_offer offer = {(uint16_t)version, COMMON, 8, true};
        struct hello_answer answer = ask(&server, "localhost", &offer, 5000, ERR_OK);
        assert_int_equal(answer.end, HELLO_ACCEPTED);
        assert_int_equal(answer.version, version);
        assert_false(answer.deflate);
    }
    const struct hello_offer ssl_3 = {HELLO_SSL_3, COMMON, 8, false};
    assert_int_equal(ask(&server, "localhost", &OLD, 5000, ERR_OK).end, HELLO_DECLINED);
    assert_int_equal(ask(&server, "localhost", &ssl_3, 5000, ERR_OK).end, HELLO_DECLINED);
    assert_int_equal(ask(&server, "127.0.0.1", &SSL_2, 5000, ERR_OK).end, HELLO_DECLINED);
    server_stop(&server);
}

static void a_real_server_sees_a_fallback(void **state) {
    static const char *const options[] = {"-cipher", "ALL:@SECLEVEL=0", NULL};
    static const uint16_t suites[] = {0xc014, 0xc013, 0x002f, HELLO_FALLBACK_SCSV};
    const struct hello_offer offer = {0x0302, suites, 4, false};
    (void)state;
    struct server server = openssl_start("rsa", options);
    struct hello_answer answer = ask(&server, "localhost", &offer, 5000, ERR_OK);
    assert_int_equal(answer.end, HELLO_DECLINED);
    assert_int_equal(answer.alert, HELLO_ALERT_BAD_FALLBACK);
    server_stop(&server);
}

static void hear_hello(int fd) {
    char hello[HELLO_BYTES_MAX];
    (void)!read(fd, hello, sizeof(hello));
}

static void say_half(int fd, const void *ctx) {
    (void)ctx;
    hear_hello(fd);
    server_write(fd, ACCEPTS, 20);
    pause();
}

static void say_byte_by_byte(int fd, const void *ctx) {
    (void)ctx;
    hear_hello(fd);
    for (size_t i = 0; i < sizeof(ACCEPTS) - 1; i++) {
        server_write(fd, &ACCEPTS[i], 1);
        usleep(1000);
    }
}

static void say_warnings_without_end(int fd, const void *ctx) {
    (void)ctx;
    hear_hello(fd);
    for (int i = 0; i < 100000; i++)
        server_write(fd, "\x15\x03\x03\x00\x02\x01\x70", 7);
}

static void say_garbage(int fd, const void *ctx) {
    (void)ctx;
    hear_hello(fd);
    server_write(fd, "SSH-2.0-x\r\n", 11);
}

static void hang_up(int fd, const void *ctx) {
    (void)ctx;
    hear_hello(fd);
}

static void a_hostile_peer_is_bounded_and_proves_nothing(void **state) {
    static const struct {
        server_talk *talk;
        enum err err;
        enum hello_end end;
    } PEERS[] = {{say_half, ERR_TIMEOUT, HELLO_DECLINED},
                 {say_byte_by_byte, ERR_OK, HELLO_ACCEPTED},
                 {say_warnings_without_end, ERR_OK, HELLO_GARBLED},
                 {say_garbage, ERR_OK, HELLO_GARBLED},
                 {hang_up, ERR_OK, HELLO_DECLINED}};
    (void)state;
    for (size_t i = 0; i < sizeof(PEERS) / sizeof(PEERS[0]); i++) {
        struct server server = server_start(PEERS[i].talk, NULL);
        int64_t patience_ms = PEERS[i].err == ERR_TIMEOUT ? 300 : 5000;
        struct hello_answer answer = ask(&server, "127.0.0.1", &OLD, patience_ms, PEERS[i].err);
        assert_int_equal(answer.end, PEERS[i].end);
        server_stop(&server);
    }
}

static void a_refused_address_is_never_said_hello_to(void **state) {
    struct server server = server_start(say_garbage, NULL);
    struct gate *gate = gate_over("");
    struct url url = url_of(server_url(&server, "https", "127.0.0.1", "/"));
    struct hello_answer answer;
    struct fault fault = {0};
    (void)state;
    assert_int_equal(hello_ask(gate, &url, &OLD, 1000, &answer, &fault), ERR_REFUSED);
    assert_int_equal(server_connections(&server), 0);
    gate_free(gate);
    server_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_that_was_offered_is_accepted),
        cmocka_unit_test(a_choice_that_was_not_offered_is_garbled),
        cmocka_unit_test(an_alert_declines_and_a_warning_does_not),
        cmocka_unit_test(what_is_cut_short_asks_for_more),
        cmocka_unit_test(what_makes_no_sense_is_garbled),
        cmocka_unit_test(an_answer_in_ssl_2_is_accepted),
        cmocka_unit_test(what_cannot_be_written_is_not),
        cmocka_unit_test(a_real_server_takes_the_suite_it_has_and_declines_the_others),
        cmocka_unit_test(a_real_server_sees_a_fallback),
        cmocka_unit_test(a_hostile_peer_is_bounded_and_proves_nothing),
        cmocka_unit_test(a_refused_address_is_never_said_hello_to),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
