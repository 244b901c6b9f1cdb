/* Goal: a handshake shows what a server speaks; a hostile one can neither hold nor crash us. */
#include "probe/tls_server.h"

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
    assert_true(seen.shake.alerted);
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
        struct tls_shake shake;
        struct fault fault = {0};
        assert_int_equal(tls_shake(gate, &url, TLS_1_2, TLS_1_3, 300, &shake, &fault), ERR_TIMEOUT);
        assert_true(fault.text[0] != '\0');
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
        assert_false(seen.shake.alerted);
        server_stop(&server);
    }
}

static void a_refused_address_is_never_shaken_hands_with(void **state) {
    (void)state;
    struct server server = server_start(say_garbage, NULL);
    struct gate *gate = gate_over("");
    struct url url = url_of(server_url(&server, "https", "127.0.0.1", "/"));
    struct tls_shake shake;
    struct fault fault = {0};
    assert_int_equal(tls_shake(gate, &url, TLS_1_2, TLS_1_3, 1000, &shake, &fault), ERR_REFUSED);
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
        cmocka_unit_test(a_server_that_stops_in_the_middle_is_a_timeout),
        cmocka_unit_test(a_server_that_does_not_speak_tls_is_a_refused_handshake),
        cmocka_unit_test(a_refused_address_is_never_shaken_hands_with),
        cmocka_unit_test(a_page_is_fetched_only_from_a_proven_server),
        cmocka_unit_test(a_page_of_a_judged_server_is_fetched_whatever_its_certificate),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
