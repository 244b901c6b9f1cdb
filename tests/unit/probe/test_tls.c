/* Goal: a handshake shows what a server speaks; a hostile one can neither hold nor crash us. */
#include "probe/tls_server.h"

#include <openssl/ssl.h>

#include "agnostic/probe/http.h"

/* --- versions ------------------------------------------------------------------------------ */

static void each_version_is_seen_on_a_server_that_speaks_only_it(void **state) {
    (void)state;
    static const struct {
        const char *option;
        int version;
    } versions[] = {
        {"-tls1", TLS_1_0}, {"-tls1_1", TLS_1_1}, {"-tls1_2", TLS_1_2}, {"-tls1_3", TLS_1_3}};
    for (size_t i = 0; i < 4; i++) {
        const char *const options[] = {versions[i].option, "-cipher", "ALL:@SECLEVEL=0", NULL};
        struct server server = openssl_start("rsa", options);
        for (size_t j = 0; j < 4; j++) {
            struct seen seen =
                shake_with(&server, "localhost", versions[j].version, versions[j].version);
            assert_int_equal(seen.err, ERR_OK);
            assert_int_equal(seen.shake.completed, i == j);
            assert_int_equal(seen.shake.version, i == j ? versions[i].version : 0);
            assert_int_equal(seen.shake.alert[0] == '\0', i == j);
        }
        server_stop(&server);
    }
}

static void the_host_name_is_sent_and_an_address_is_not(void **state) {
    (void)state;
    const char *const second[] = {"-servername", "localhost",
                                  "-cert2",      authority_path(&authority, "rsa", ".pem"),
                                  "-key2",       authority_path(&authority, "rsa", ".key"),
                                  NULL};
    struct server server = openssl_start("good", second);
    struct seen seen = shake_with(&server, "localhost", TLS_1_2, TLS_1_3);
    assert_string_equal(seen.shake.chain[0].subject, "CN=rsa");
    seen = shake_with(&server, "127.0.0.1", TLS_1_2, TLS_1_3);
    assert_string_equal(seen.shake.chain[0].subject, "CN=good");
    server_stop(&server);
}

static void a_server_that_wants_a_clients_certificate_says_so_in_an_alert(void **state) {
    (void)state;
    const char *const options[] = {"-tls1_2", "-Verify", "1", NULL};
    struct server server = openssl_start("rsa", options);
    struct seen seen = shake_with(&server, "localhost", TLS_1_2, TLS_1_3);
    assert_int_equal(seen.err, ERR_OK);
    assert_false(seen.shake.completed);
    assert_true(seen.shake.spoken);
    server_stop(&server);
}

/* --- what only versions before TLS 1.3 have ------------------------------------------------ */

static const struct tls_wish ONLY_DHE = {
    .min = TLS_1_0, .max = TLS_1_2, .ciphers = "kDHE:!aNULL:@SECLEVEL=0"};
static const struct tls_wish TWICE = {.min = TLS_1_2, .max = TLS_1_2, .again = true};

static struct tls_shake shake_once(const char *name, const char *const *options,
                                   struct tls_wish wish) {
    struct server server = openssl_start(name, options);
    struct seen seen = shake_as(&server, "localhost", wish);
    server_stop(&server);
    assert_int_equal(seen.err, ERR_OK);
    return seen.shake;
}

static void the_size_of_a_group_is_seen(void **state) {
    (void)state;
    static const char *const any[] = {"-cipher", "ALL:@SECLEVEL=0", NULL};
    static const struct tls_wish curves = {.min = TLS_1_2, .max = TLS_1_2, .ciphers = "kECDHE"};
    assert_int_equal(shake_once("short", any, ONLY_DHE).dh_bits, 1024);
    assert_int_equal(shake_once("rsa", any, ONLY_DHE).dh_bits, 2048);
    struct tls_shake shake = shake_once("rsa", any, curves);
    assert_true(shake.completed);
    assert_int_equal(shake.dh_bits, 0);
}

static void a_server_without_groups_declines(void **state) {
    (void)state;
    static const char *const curves[] = {"-cipher", "kECDHE", NULL};
    struct tls_shake shake = shake_once("rsa", curves, ONLY_DHE);
    assert_false(shake.completed);
    assert_true(shake.spoken);
}

static void a_second_negotiation_is_declined_or_completed(void **state) {
    (void)state;
    static const char *const allowed[] = {"-client_renegotiation", NULL};
    struct tls_shake shake = shake_once("rsa", NULL, TWICE);
    assert_true(shake.completed && shake.renegotiates_safely);
    assert_int_equal(shake.again, TLS_AGAIN_DECLINED);
    assert_int_equal(shake_once("rsa", allowed, TWICE).again, TLS_AGAIN_COMPLETED);
}

static void no_second_negotiation_is_asked_for_unless_wished(void **state) {
    (void)state;
    static const char *const allowed[] = {"-client_renegotiation", NULL};
    static const struct tls_wish once = {.min = TLS_1_2, .max = TLS_1_2};
    assert_int_equal(shake_once("rsa", allowed, once).again, TLS_AGAIN_NOT_ASKED);
}

static SSL *accept_tls(int fd) {
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate_file(tls, authority_path(&authority, "rsa", ".pem"), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(tls, authority_path(&authority, "rsa", ".key"), SSL_FILETYPE_PEM);
    SSL *ssl = SSL_new(tls);
    SSL_set_fd(ssl, fd);
    (void)SSL_accept(ssl);
    return ssl;
}

static void shake_and_fall_silent(int fd, const void *ctx) {
    (void)ctx;
    (void)accept_tls(fd);
    pause();
}

static void a_second_negotiation_may_stay_unanswered(void **state) {
    (void)state;
    struct server server = server_start(shake_and_fall_silent, NULL);
    struct gate *gate = gate_over("127.0.0.1");
    struct url url = url_of(server_url(&server, "https", "127.0.0.1", "/"));
    struct tls_shake shake;
    struct fault fault = {0};
    assert_int_equal(tls_shake(gate, &url, &TWICE, 500, &shake, &fault), ERR_OK);
    assert_true(shake.completed);
    assert_int_equal(shake.again, TLS_AGAIN_UNANSWERED);
    gate_free(gate);
    server_stop(&server);
}

/* --- hostile servers ----------------------------------------------------------------------- */

static void say_nothing(int fd, const void *ctx) {
    (void)fd;
    (void)ctx;
    pause();
}

static void say_half_a_record(int fd, const void *ctx) {
    (void)ctx;
    char hello[2048];
    (void)!read(fd, hello, sizeof(hello));
    server_write(fd, "\x16\x03\x03\x40\x00\x02\x00", 7);
    pause();
}

static void say_garbage(int fd, const void *ctx) {
    (void)ctx;
    char hello[2048];
    (void)!read(fd, hello, sizeof(hello));
    for (size_t i = 0; i < sizeof(hello); i++)
        hello[i] = (char)(i * 131 + 7);
    server_write(fd, hello, sizeof(hello));
}

static void reset(int fd, const void *ctx) {
    (void)ctx;
    const struct linger now = {.l_onoff = 1, .l_linger = 0};
    char hello[16];
    (void)!read(fd, hello, sizeof(hello));
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void a_server_that_stops_in_the_middle_is_a_timeout(void **state) {
    (void)state;
    server_talk *const talks[] = {say_nothing, say_half_a_record};
    for (size_t i = 0; i < 2; i++) {
        struct server server = server_start(talks[i], NULL);
        struct gate *gate = gate_over("127.0.0.1");
        struct url url = url_of(server_url(&server, "https", "127.0.0.1", "/"));
        const struct tls_wish wish = {.min = TLS_1_2, .max = TLS_1_3};
        struct tls_shake shake;
        struct fault fault = {0};
        assert_int_equal(tls_shake(gate, &url, &wish, 300, &shake, &fault), ERR_TIMEOUT);
        assert_true(fault.text[0] != '\0');
        gate_free(gate);
        server_stop(&server);
    }
}

/* OpenSSL skips HelloRequests for as long as they come, and would within one call. */
static void say_hello_requests(int fd, const void *ctx) {
    static char record[5 + 16384] = {0x16, 3, 3, 0x40, 0};
    char hello[2048];
    (void)ctx;
    (void)!read(fd, hello, sizeof(hello));
    while (write(fd, record, sizeof(record)) > 0)
        continue;
}

static void a_server_that_floods_with_requests_is_left(void **state) {
    (void)state;
    struct server server = server_start(say_hello_requests, NULL);
    struct seen seen = shake_with(&server, "127.0.0.1", TLS_1_2, TLS_1_2);
    assert_int_equal(seen.err, ERR_OK);
    assert_false(seen.shake.completed);
    assert_false(seen.shake.spoken);
    server_stop(&server);
}

/* TLS 1.3: what a client takes in while it waits for a page. */
static void say_tickets(int fd, const void *ctx) {
    SSL *ssl = accept_tls(fd);
    (void)ctx;
    while (SSL_new_session_ticket(ssl) == 1 && SSL_do_handshake(ssl) == 1)
        continue;
}

static void a_page_of_a_server_that_floods_is_an_error(void **state) {
    (void)state;
    static const struct http_limits limits = {1000, 1500, 1 << 20, 1 << 16};
    static const struct {
        server_talk *talk;
        enum err err;
    } floods[] = {{say_hello_requests, ERR_TLS}, {say_tickets, ERR_TIMEOUT}};
    for (size_t i = 0; i < 2; i++) {
        struct server server = server_start(floods[i].talk, NULL);
        struct gate *gate = gate_over("127.0.0.1");
        struct http *http = NULL;
        struct http_response response;
        struct fault fault = {0};
        assert_int_equal(http_new(gate, "t", &http), ERR_OK);
        http_trust(http, false);
        const struct http_request get = {
            .method = "GET", .url = text_of(server_url(&server, "https", "127.0.0.1", "/"))};
        assert_int_equal(http_send(http, &get, &limits, &response, &fault), floods[i].err);
        http_free(http);
        gate_free(gate);
        server_stop(&server);
    }
}

static void a_server_that_does_not_speak_tls_is_a_refused_handshake(void **state) {
    (void)state;
    server_talk *const talks[] = {say_garbage, reset};
    for (size_t i = 0; i < 2; i++) {
        struct server server = server_start(talks[i], NULL);
        struct seen seen = shake_with(&server, "127.0.0.1", TLS_1_2, TLS_1_3);
        assert_int_equal(seen.err, ERR_OK);
        assert_false(seen.shake.completed);
        assert_true(seen.shake.alert[0] != '\0');
        assert_false(seen.shake.spoken);
        server_stop(&server);
    }
}

static void a_refused_address_is_never_shaken_hands_with(void **state) {
    (void)state;
    struct server server = server_start(say_garbage, NULL);
    struct gate *gate = gate_over("");
    struct url url = url_of(server_url(&server, "https", "127.0.0.1", "/"));
    const struct tls_wish wish = {.min = TLS_1_2, .max = TLS_1_3};
    struct tls_shake shake;
    struct fault fault = {0};
    assert_int_equal(tls_shake(gate, &url, &wish, 1000, &shake, &fault), ERR_REFUSED);
    usleep(20000);
    assert_int_equal(server_connections(&server), 0);
    gate_free(gate);
    server_stop(&server);
}

/* --- pages over TLS ------------------------------------------------------------------------ */

static enum err fetch(const char *name, const char *const *options, bool verify) {
    struct server server = openssl_start(name, options);
    struct gate *gate = gate_over("localhost");
    struct http *http = NULL;
    struct http_response response;
    struct fault fault = {0};
    assert_int_equal(http_new(gate, "t", &http), ERR_OK);
    http_trust(http, verify);
    const struct http_request get = {
        .method = "GET", .url = text_of(server_url(&server, "https", "localhost", "/"))};
    enum err err = http_send(http, &get, &HTTP_LIMITS_PROBE, &response, &fault);
    if (err == ERR_OK)
        assert_int_equal(response.status, 200);
    http_response_done(&response);
    http_free(http);
    gate_free(gate);
    server_stop(&server);
    return err;
}

static void a_page_is_fetched_only_from_a_proven_server(void **state) {
    (void)state;
    static const char *const faulty[] = {"expired", "self", "other"};
    assert_int_equal(fetch("good", NULL, true), ERR_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(fetch(faulty[i], NULL, true), ERR_TLS);
}

static void a_page_of_a_judged_server_is_fetched_whatever_its_certificate(void **state) {
    (void)state;
    static const char *const weak[] = {"-cipher", "ALL:@SECLEVEL=0", NULL};
    static const char *const old[] = {"-tls1", "-cipher", "ALL:@SECLEVEL=0", NULL};
    static const char *const faulty[] = {"expired", "self", "other", "short", "sha1", "worst"};
    for (size_t i = 0; i < sizeof(faulty) / sizeof(faulty[0]); i++)
        assert_int_equal(fetch(faulty[i], weak, false), ERR_OK);
    assert_int_equal(fetch("rsa", old, false), ERR_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_version_is_seen_on_a_server_that_speaks_only_it),
        cmocka_unit_test(the_host_name_is_sent_and_an_address_is_not),
        cmocka_unit_test(a_server_that_wants_a_clients_certificate_says_so_in_an_alert),
        cmocka_unit_test(the_size_of_a_group_is_seen),
        cmocka_unit_test(a_server_without_groups_declines),
        cmocka_unit_test(a_second_negotiation_is_declined_or_completed),
        cmocka_unit_test(no_second_negotiation_is_asked_for_unless_wished),
        cmocka_unit_test(a_second_negotiation_may_stay_unanswered),
        cmocka_unit_test(a_server_that_floods_with_requests_is_left),
        cmocka_unit_test(a_page_of_a_server_that_floods_is_an_error),
        cmocka_unit_test(a_server_that_stops_in_the_middle_is_a_timeout),
        cmocka_unit_test(a_server_that_does_not_speak_tls_is_a_refused_handshake),
        cmocka_unit_test(a_refused_address_is_never_shaken_hands_with),
        cmocka_unit_test(a_page_is_fetched_only_from_a_proven_server),
        cmocka_unit_test(a_page_of_a_judged_server_is_fetched_whatever_its_certificate),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
