/* Goal: one request, one answer as it was sent, nothing followed and nothing trusted. */
#include "probe/asking.h"
#include "table.h"

/* --- answers ------------------------------------------------------------------------------- */

static void an_answer_has_status_headers_body_and_address(void **state) {
    (void)state;
    struct asked asked = ask_for(TEXT("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n"
                                      "Content-Length: 5\r\n\r\nhello"));
    assert_int_equal(asked.err, ERR_OK);
    assert_int_equal(asked.response.status, 404);
    assert_int_equal(asked.response.version, 11);
    assert_text(http_response_header(&asked.response, "content-type", 0), "text/plain");
    assert_text(buf_text(&asked.response.body), "hello");
    assert_false(asked.response.truncated);
    assert_int_equal(addr_classify(&asked.response.addr), ADDR_LOOPBACK);
    http_response_done(&asked.response);
}

static void repeated_headers_are_kept_in_order(void **state) {
    (void)state;
    struct asked asked = ask_for(TEXT("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX: y:z\r\n"
                                      "set-cookie:  b=2 \r\nContent-Length: 0\r\n\r\n"));
    assert_int_equal(asked.err, ERR_OK);
    assert_int_equal(asked.response.header_count, 4);
    assert_text(http_response_header(&asked.response, "Set-Cookie", 0), "a=1");
    assert_text(http_response_header(&asked.response, "Set-Cookie", 1), "b=2");
    assert_text(http_response_header(&asked.response, "x", 0), "y:z");
    assert_null(http_response_header(&asked.response, "Set-Cookie", 2).ptr);
    http_response_done(&asked.response);
}

static void an_early_hint_does_not_stand_for_the_answer(void **state) {
    (void)state;
    struct asked asked = ask_for(TEXT("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    assert_int_equal(asked.err, ERR_OK);
    assert_int_equal(asked.response.status, 200);
    assert_null(http_response_header(&asked.response, "Link", 0).ptr);
    http_response_done(&asked.response);
}

static void a_trailer_is_not_a_header(void **state) {
    (void)state;
    struct asked asked = ask_for(TEXT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                      "2\r\nok\r\n0\r\nX-Late: 1\r\n\r\n"));
    assert_int_equal(asked.err, ERR_OK);
    assert_text(buf_text(&asked.response.body), "ok");
    assert_null(http_response_header(&asked.response, "X-Late", 0).ptr);
    http_response_done(&asked.response);
}

static void a_folded_header_is_one_value(void **state) {
    (void)state;
    struct asked asked =
        ask_for(TEXT("HTTP/1.1 200 OK\r\nX-Fold: a\r\n b\r\nContent-Length: 0\r\n\r\n"));
    assert_int_equal(asked.err, ERR_OK);
    assert_text(http_response_header(&asked.response, "X-Fold", 0), "a   b");
    http_response_done(&asked.response);
}

static void a_redirect_is_an_answer_and_not_followed(void **state) {
    (void)state;
    struct text home = TEXT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    struct server other = server_start(server_say, &home);
    char answer[256];
    snprintf(answer, sizeof(answer),
             "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%u/\r\nContent-Length: 0\r\n\r\n",
             other.port);
    struct asked asked = ask_for(text_of(answer));
    assert_int_equal(asked.err, ERR_OK);
    assert_int_equal(asked.response.status, 302);
    assert_int_equal(server_connections(&other), 0);
    http_response_done(&asked.response);
    server_stop(&other);
}

/* --- requests ------------------------------------------------------------------------------ */

/* Says the request back as the body. */
static void echo(int fd, const void *ctx) {
    (void)ctx;
    char head[8192], answer[256];
    size_t len = server_read_head(fd, head, sizeof(head));
    int n = snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", len);
    server_write(fd, answer, (size_t)n);
    server_write(fd, head, len);
}

static void a_request_carries_its_method_headers_and_body(void **state) {
    (void)state;
    struct server server = server_start(echo, NULL);
    const struct http_header headers[] = {{TEXT("X-API-Key"), TEXT("k1")},
                                          {TEXT("Content-Type"), TEXT("application/json")}};
    const struct http_request post = {
        .method = "POST", .headers = headers, .header_count = 2, .body = TEXT("{\"a\":1}")};
    struct asked asked = ask_with(
        "127.0.0.1", server_url(&server, "http", "127.0.0.1", "/p/../q?x=1"), &post, &SMALL);
    assert_int_equal(asked.err, ERR_OK);
    const char *sent = buf_str(&asked.response.body);
    assert_non_null(strstr(sent, "POST /p/../q?x=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(sent, "X-API-Key: k1\r\n"));
    assert_non_null(strstr(sent, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(sent, "User-Agent: agnostic-test/1\r\n"));
    assert_non_null(strstr(sent, "\r\n\r\n{\"a\":1}"));
    assert_null(strstr(sent, "Expect"));
    http_response_done(&asked.response);
    server_stop(&server);
}

static void a_header_cannot_smuggle_a_line(void **state) {
    (void)state;
    struct server server = server_start(echo, NULL);
    const struct http_header headers[] = {{TEXT("X"), TEXT("a\r\nEvil: 1")}};
    const struct http_request get = {.method = "GET", .headers = headers, .header_count = 1};
    struct asked asked =
        ask_with("127.0.0.1", server_url(&server, "http", "127.0.0.1", "/"), &get, &SMALL);
    assert_int_equal(asked.err, ERR_SYNTAX);
    assert_int_equal(server_connections(&server), 0);
    http_response_done(&asked.response);
    server_stop(&server);
}

static void only_http_and_https_are_spoken(void **state) {
    (void)state;
    static const char *const urls[] = {"file:///etc/passwd", "gopher://127.0.0.1/",
                                       "ftp://127.0.0.1/", "//127.0.0.1/", ""};
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct asked asked = ask("127.0.0.1", urls[i]);
        assert_int_equal(asked.err, ERR_SYNTAX);
        http_response_done(&asked.response);
    }
}

static void a_proxy_of_the_environment_is_not_used(void **state) {
    (void)state;
    struct server proxy = server_start(echo, NULL), server = server_start(echo, NULL);
    char variable[64];
    snprintf(variable, sizeof(variable), "http://127.0.0.1:%u", proxy.port);
    setenv("http_proxy", variable, 1);
    setenv("all_proxy", variable, 1);
    struct asked asked = ask("127.0.0.1", server_url(&server, "http", "127.0.0.1", "/"));
    assert_int_equal(asked.err, ERR_OK);
    assert_int_equal(server_connections(&proxy), 0);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    http_response_done(&asked.response);
    server_stop(&proxy);
    server_stop(&server);
}

/* --- the gate ------------------------------------------------------------------------------ */

static struct server listener;

static void refuse_row(char **cells, size_t line) {
    char url[512];
    const char *port = strstr(cells[0], "PORT");
    int head = port ? (int)(port - cells[0]) : (int)strlen(cells[0]);
    snprintf(url, sizeof(url), "%.*s", head, cells[0]);
    if (port)
        snprintf(url + head, sizeof(url) - (size_t)head, "%u%s", listener.port, port + 4);
    struct asked asked = ask("", url);
    if (strcmp(err_word(asked.err), cells[1]) != 0)
        fail_msg("line %zu: %s: %s", line, url, err_word(asked.err));
    assert_true(asked.fault.text[0] != '\0');
    http_response_done(&asked.response);
}

static void no_way_to_write_an_address_leads_around_the_gate(void **state) {
    (void)state;
    listener = server_start(echo, NULL);
    assert_true(table_each("connect_refused.tsv", 2, refuse_row) > 40);
    usleep(20000);
    assert_int_equal(server_connections(&listener), 0);
    server_stop(&listener);
}

static void keep_alive(int fd, const void *ctx) {
    (void)ctx;
    char head[8192];
    if (fork() > 0)
        return; /* the next connection is accepted beside this one */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (server_read_head(fd, head, sizeof(head)) > 0)
        server_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38);
    _exit(0);
}

static void connections_are_kept_unless_a_fresh_one_is_asked_for(void **state) {
    (void)state;
    struct server server = server_start(keep_alive, NULL);
    struct gate *gate = gate_over("127.0.0.1");
    struct http *http = NULL;
    assert_int_equal(http_new(gate, "t", &http), ERR_OK);
    struct http_request get = {.method = "GET",
                               .url = text_of(server_url(&server, "http", "127.0.0.1", "/"))};
    struct fault fault;
    static const int connections_after[] = {1, 1, 2};
    for (size_t i = 0; i < 3; i++) {
        struct http_response response;
        get.fresh = i == 2;
        assert_int_equal(http_send(http, &get, &SMALL, &response, &fault), ERR_OK);
        assert_int_equal(server_connections(&server), connections_after[i]);
        http_response_done(&response);
    }
    http_free(http);
    gate_free(gate);
    server_stop(&server);
}

static void a_closed_port_is_a_failed_connection(void **state) {
    (void)state;
    uint16_t port;
    close(server_listen(&port));
    struct server nobody = {.port = port};
    struct asked asked = ask("127.0.0.1", server_url(&nobody, "http", "127.0.0.1", "/"));
    assert_int_equal(asked.err, ERR_CONNECT);
    http_response_done(&asked.response);
}

static void a_server_without_tls_is_a_tls_failure(void **state) {
    (void)state;
    struct text answer = TEXT("HTTP/1.1 400 Bad Request\r\n\r\n");
    struct server server = server_start(server_say, &answer);
    struct asked asked = ask("127.0.0.1", server_url(&server, "https", "127.0.0.1", "/"));
    assert_true(asked.err == ERR_TLS || asked.err == ERR_TIMEOUT);
    http_response_done(&asked.response);
    server_stop(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_has_status_headers_body_and_address),
        cmocka_unit_test(repeated_headers_are_kept_in_order),
        cmocka_unit_test(an_early_hint_does_not_stand_for_the_answer),
        cmocka_unit_test(a_trailer_is_not_a_header),
        cmocka_unit_test(a_folded_header_is_one_value),
        cmocka_unit_test(a_redirect_is_an_answer_and_not_followed),
        cmocka_unit_test(a_request_carries_its_method_headers_and_body),
        cmocka_unit_test(a_header_cannot_smuggle_a_line),
        cmocka_unit_test(only_http_and_https_are_spoken),
        cmocka_unit_test(a_proxy_of_the_environment_is_not_used),
        cmocka_unit_test(no_way_to_write_an_address_leads_around_the_gate),
        cmocka_unit_test(connections_are_kept_unless_a_fresh_one_is_asked_for),
        cmocka_unit_test(a_closed_port_is_a_failed_connection),
        cmocka_unit_test(a_server_without_tls_is_a_tls_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
