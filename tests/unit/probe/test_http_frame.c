/* Goal: an answer ends where HTTP/1.1 says, however its bytes are cut; what can be read in two ways
 * is refused. */
#include "probe/http_frame.h"
#include "unit.h"

struct row {
    const char *bytes;
    enum http_frame_end end;
    int status;
    int64_t body_bytes;
    size_t rest; /* bytes behind the answer */
    bool keep;
};

#define H "HTTP/1.1 200 OK\r\n"

static const struct row ROWS[] = {
    {H "Content-Length: 2\r\n\r\nok", HTTP_FRAME_WHOLE, 200, 2, 0, true},
    {H "content-length:2\r\nCONNECTION: Close\r\n\r\nok", HTTP_FRAME_WHOLE, 200, 2, 0, false},
    {H "Content-Length: 0\r\n\r\nHTTP", HTTP_FRAME_WHOLE, 200, 0, 4, true},
    {H "Content-Length: 3\r\n\r\nok", HTTP_FRAME_MORE, 200, 2, 0, true},
    {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", HTTP_FRAME_WHOLE, 200, 0, 0, true},
    {"HTTP/1.0 200 OK\nContent-Length: 1\n\nx", HTTP_FRAME_WHOLE, 200, 1, 0, false},
    {H "\r\nto the end", HTTP_FRAME_MORE, 200, 10, 0, false},
    {"HTTP/1.1 204 No Content\r\n\r\n", HTTP_FRAME_WHOLE, 204, 0, 0, true},
    {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", HTTP_FRAME_WHOLE, 304, 0, 0, true},
    {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" H "Content-Length: 1\r\n\r\nx", HTTP_FRAME_WHOLE,
     200, 1, 0, true},
    {H "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\nA;x=y\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
     HTTP_FRAME_WHOLE, 200, 12, 0, true},
    {H "Transfer-Encoding: chunked\r\n\r\n2\r\nokx\r\n", HTTP_FRAME_BAD, 200, 2, 0, true},
    {H "Transfer-Encoding: chunked\r\n\r\nxx\r\n", HTTP_FRAME_BAD, 200, 0, 0, true},
    {H "Transfer-Encoding: chunked\r\n\r\n1234567890abcdef\r\n", HTTP_FRAME_BAD, 200, 0, 0, true},
    {H "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n", HTTP_FRAME_BAD, 200, 0, 0, true},
    {H "Transfer-Encoding: gzip\r\n\r\n", HTTP_FRAME_BAD, 200, 0, 0, true},
    {H "Content-Length: 2\r\nContent-Length: 3\r\n\r\n", HTTP_FRAME_BAD, 200, 0, 0, true},
    {H "Content-Length: -1\r\n\r\n", HTTP_FRAME_BAD, 200, 0, 0, true},
    {H "Content-Length: 99999999999999999999\r\n\r\n", HTTP_FRAME_BAD, 200, 0, 0, true},
    {"HTTP/1.1 101 Switching Protocols\r\n\r\n", HTTP_FRAME_BAD, 101, 0, 0, true},
    {"HTTP/2 200\r\n\r\n", HTTP_FRAME_BAD, 0, 0, 0, true},
    {"SSH-2.0-x\r\n", HTTP_FRAME_BAD, 0, 0, 0, true},
};

static enum http_frame_end feed(struct http_frame *frame, struct text bytes, size_t step,
                                size_t *rest) {
    enum http_frame_end end = HTTP_FRAME_MORE;
    size_t at = 0;
    http_frame_start(frame);
    while (end == HTTP_FRAME_MORE && at < bytes.len) {
        size_t used, len = bytes.len - at < step ? bytes.len - at : step;
        end = http_frame_feed(frame, bytes.ptr + at, len, &used);
        at += used;
    }
    *rest = bytes.len - at;
    return end;
}

static void an_answer_ends_where_it_says_however_it_is_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
        for (size_t step = 1; step < 200; step += 7) {
            struct text bytes = text_of(ROWS[i].bytes);
            struct http_frame frame;
            size_t rest;
            enum http_frame_end end = feed(&frame, bytes, step, &rest);
            if (end != ROWS[i].end || frame.status != ROWS[i].status)
                fail_msg("row %zu, %zu bytes at once: %d %d", i, step, end, frame.status);
            if (end == HTTP_FRAME_BAD)
                continue;
            assert_int_equal(frame.body_bytes, ROWS[i].body_bytes);
            assert_int_equal(rest, ROWS[i].rest);
            assert_int_equal(frame.keep, ROWS[i].keep);
        }
}

static void a_head_without_end_is_refused(void **state) {
    struct http_frame frame;
    size_t used;
    int lines = 0;
    (void)state;
    http_frame_start(&frame);
    assert_int_equal(http_frame_feed(&frame, H, sizeof(H) - 1, &used), HTTP_FRAME_MORE);
    while (http_frame_feed(&frame, "X: aaaaaaaaaaaaaa\r\n", 19, &used) == HTTP_FRAME_MORE)
        assert_true(++lines < HTTP_FRAME_HEAD_MAX_BYTES);
}

static void only_a_body_without_length_ends_with_the_connection(void **state) {
    struct http_frame frame;
    size_t rest;
    (void)state;
    feed(&frame, TEXT(H "\r\nsome"), 99, &rest);
    assert_true(http_frame_close(&frame));
    feed(&frame, TEXT(H "Content-Length: 9\r\n\r\nsome"), 99, &rest);
    assert_false(http_frame_close(&frame));
}

static void it_says_when_to_come_back(void **state) {
    struct http_frame frame;
    size_t rest;
    (void)state;
    feed(&frame, TEXT("HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"), 99, &rest);
    assert_int_equal(frame.retry_after_s, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_ends_where_it_says_however_it_is_cut),
        cmocka_unit_test(a_head_without_end_is_refused),
        cmocka_unit_test(only_a_body_without_length_ends_with_the_connection),
        cmocka_unit_test(it_says_when_to_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
