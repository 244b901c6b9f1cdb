/* Goal: no server can make one answer long, large or endless. */
#include "probe/asking.h"

static void endless_body(int fd, const void *ctx) {
    (void)ctx;
    char head[8192], zeros[16384] = {0};
    server_read_head(fd, head, sizeof(head));
    server_write(fd, "HTTP/1.1 200 OK\r\n\r\n", 19);
    for (int i = 0; i < 100000; i++)
        if (write(fd, zeros, sizeof(zeros)) <= 0)
            return;
}

static void a_body_is_cut_at_its_limit(void **state) {
    (void)state;
    struct server server = server_start(endless_body, NULL);
    struct asked asked = ask("127.0.0.1", server_url(&server, "http", "127.0.0.1", "/"));
    assert_int_equal(asked.err, ERR_OK);
    assert_int_equal(asked.response.status, 200);
    assert_int_equal(asked.response.body.len, SMALL.body_max_bytes);
    assert_true(asked.response.truncated);
    http_response_done(&asked.response);
    server_stop(&server);
}

/* 64 MiB of zeros, packed by gzip(1). */
static size_t gzip_of_zeros(char *dst, size_t size) {
    int out[2];
    assert_int_equal(pipe(out), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        execl("/bin/sh", "sh", "-c", "head -c 67108864 /dev/zero | gzip -9", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    size_t len = 0;
    for (ssize_t n; len < size && (n = read(out[0], dst + len, size - len)) > 0;)
        len += (size_t)n;
    close(out[0]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return len;
}

static void a_compressed_bomb_is_cut_after_decoding(void **state) {
    (void)state;
    static char answer[1 << 18];
    const char head[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
    memcpy(answer, head, sizeof(head) - 1);
    size_t packed = gzip_of_zeros(answer + sizeof(head) - 1, sizeof(answer) - sizeof(head));
    assert_true(packed > 0 && packed < sizeof(answer) - sizeof(head));
    struct asked asked = ask_for(text_make(answer, sizeof(head) - 1 + packed));
    assert_int_equal(asked.err, ERR_OK);
    assert_int_equal(asked.response.body.len, SMALL.body_max_bytes);
    assert_true(asked.response.truncated);
    http_response_done(&asked.response);
}

static void header_flood(int fd, const void *ctx) {
    (void)ctx;
    char head[8192];
    server_read_head(fd, head, sizeof(head));
    server_write(fd, "HTTP/1.1 200 OK\r\n", 17);
    for (int i = 0; i < 1000000; i++)
        if (write(fd, "X-Flood: 0123456789012345678901234567890123456789\r\n", 51) <= 0)
            return;
}

static void a_flood_of_headers_is_cut_at_its_limit(void **state) {
    (void)state;
    struct server server = server_start(header_flood, NULL);
    struct asked asked = ask("127.0.0.1", server_url(&server, "http", "127.0.0.1", "/"));
    assert_int_equal(asked.err, ERR_OK);
    assert_true(asked.response.truncated);
    assert_true(asked.response.raw.len <= SMALL.header_max_bytes);
    assert_true(asked.response.header_count > 0);
    assert_true(asked.response.head_truncated);
    http_response_done(&asked.response);
    server_stop(&server);
}

static void a_body_that_ends_early_is_truncated_and_no_error(void **state) {
    (void)state;
    struct asked asked = ask_for(TEXT("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
    assert_int_equal(asked.err, ERR_OK);
    assert_true(asked.response.truncated);
    assert_int_equal(asked.response.body_end, HTTP_BODY_SHORT);
    assert_text(buf_text(&asked.response.body), "half");
    http_response_done(&asked.response);
}

static void how_a_body_ended_is_told(void **state) {
    static const struct {
        const char *answer;
        enum http_body_end end;
    } ENDS[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfull", HTTP_BODY_WHOLE},
        {"HTTP/1.1 200 OK\r\n\r\nuntil the connection ends", HTTP_BODY_WHOLE},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", HTTP_BODY_SHORT},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
         HTTP_BODY_UNDECODABLE},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\n\xff\xff\xff\xff",
         HTTP_BODY_UNDECODABLE},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 4\r\n\r\nfull",
         HTTP_BODY_UNDECODABLE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(ENDS) / sizeof(ENDS[0]); i++) {
        struct asked asked = ask_for(text_of(ENDS[i].answer));
        assert_int_equal(asked.err, ERR_OK);
        assert_int_equal(asked.response.body_end, ENDS[i].end);
        assert_int_equal(asked.response.truncated, ENDS[i].end != HTTP_BODY_WHOLE);
        http_response_done(&asked.response);
    }
}

static void drip(int fd, const void *ctx) {
    (void)ctx;
    char head[8192];
    server_read_head(fd, head, sizeof(head));
    server_write(fd, "HTTP/1.1 200 OK\r\n\r\n", 19);
    while (write(fd, "x", 1) == 1)
        usleep(50000);
}

static void a_drip_is_a_timeout(void **state) {
    (void)state;
    struct server server = server_start(drip, NULL);
    const struct http_limits limits = {1000, 600, 1 << 20, 8 << 10};
    const struct http_request get = {.method = "GET"};
    struct asked asked =
        ask_with("127.0.0.1", server_url(&server, "http", "127.0.0.1", "/"), &get, &limits);
    assert_int_equal(asked.err, ERR_TIMEOUT);
    http_response_done(&asked.response);
    server_stop(&server);
}

static void what_is_not_http_is_a_bad_answer(void **state) {
    (void)state;
    static const struct text answers[] = {
        {"", 0},
        {"hello\r\n", 7},
        {"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", 28},
        {"HTTP/9.9 777 ?\r\n\r\n", 18},
        {"\x15\x03\x01\x00\x02\x02\x28", 7},
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct asked asked = ask_for(answers[i]);
        assert_int_equal(asked.err, ERR_PEER);
        assert_true(asked.fault.text[0] != '\0');
        http_response_done(&asked.response);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_cut_at_its_limit),
        cmocka_unit_test(a_compressed_bomb_is_cut_after_decoding),
        cmocka_unit_test(a_flood_of_headers_is_cut_at_its_limit),
        cmocka_unit_test(a_body_that_ends_early_is_truncated_and_no_error),
        cmocka_unit_test(how_a_body_ended_is_told),
        cmocka_unit_test(a_drip_is_a_timeout),
        cmocka_unit_test(what_is_not_http_is_a_bad_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
