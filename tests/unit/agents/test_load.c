/* Goal: arrivals come by the clock, whatever the server does; a load ends by its rules; nothing
 * is left out of the counts. */
#include "agents/performance/blocks.h"
#include "agents/performance/load.h"
#include "json_help.h"
#include "probe/server.h"
#include "unit.h"

enum { RATE = 50, DURATION_MS = 3000 };

/* Answers each request of a connection in turn. */
static void talk_on(int fd, const void *ctx) {
    const struct text *answer = ctx;
    char head[8192];
    while (server_read_head(fd, head, sizeof(head)) > 0)
        server_write(fd, answer->ptr, answer->len);
}

/* A process for each connection. */
static void talk_beside(int fd, const void *ctx) {
    signal(SIGCHLD, SIG_IGN);
    if (fork() != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    talk_on(fd, ctx);
    _exit(0);
}

/* Closes after each answer and does not say so before. */
static void talk_once(int fd, const void *ctx) {
    server_say(fd, ctx);
}

static void talk_never(int fd, const void *ctx) {
    (void)ctx;
    signal(SIGCHLD, SIG_IGN);
    if (fork() != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pause();
    close(fd);
    _exit(0);
}

static struct mix *mix_of(const char *base, const char *list) {
    struct json *entries = list != NULL ? json_of(list) : NULL;
    struct mix *mix = NULL;
    struct url url;
    assert_int_equal(url_parse(text_of(base), &url, NULL), ERR_OK);
    assert_int_equal(mix_new(&url, entries, &mix, NULL), ERR_OK);
    json_free(entries);
    return mix;
}

static struct load *load_of(server_talk *talk, const struct text *answer, const char *allow) {
    struct server server = server_start(talk, answer);
    struct gate *gate = gate_over(allow);
    struct mix *mix = mix_of(server_url(&server, "http", "127.0.0.1", "/"), NULL);
    const struct load_plan plan = {
        .mix = mix,
        .rate = RATE,
        .warmup_ms = 200,
        .duration_ms = DURATION_MS,
        .satisfied_us = 500000,
    };
    struct load *load = NULL;
    assert_int_equal(load_run(&plan, gate, &load, NULL), ERR_OK);
    gate_free(gate);
    mix_free(mix);
    server_stop(&server);
    return load;
}

static void every_arrival_is_measured_and_warm_up_is_not(void **state) {
    static const struct text answer = TEXT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    (void)state;
    struct load *load = load_of(talk_beside, &answer, "127.0.0.1");
    assert_int_equal(load->end, LOAD_WHOLE);
    assert_int_equal(load->offered, RATE * DURATION_MS / 1000);
    assert_int_equal(load->answered, load->offered);
    assert_int_equal(load->requests, load->offered + RATE / 5);
    assert_int_equal(load->bytes, 2 * load->offered);
    assert_int_equal(histogram_count(load->response), load->offered);
    assert_int_equal(load_errors(load), 0);
    load_free(load);
}

static void connections_closed_at_rest_cost_no_request(void **state) {
    static const struct text answer = TEXT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    (void)state;
    struct load *load = load_of(talk_once, &answer, "127.0.0.1");
    assert_int_equal(load->answered, load->offered);
    assert_int_equal(load_errors(load), 0);
    load_free(load);
}

static void it_ends_when_nothing_answers_and_counts_who_waited(void **state) {
    (void)state;
    struct load *load = load_of(talk_never, NULL, "127.0.0.1");
    assert_int_equal(load->end, LOAD_SILENT);
    assert_int_equal(load->answered, 0);
    assert_int_equal(load->timed_out, load->offered);
    assert_int_equal(histogram_count(load->response), load->offered);
    load_free(load);
}

static void it_ends_when_most_requests_fail(void **state) {
    static const struct text answer =
        TEXT("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
    (void)state;
    struct load *load = load_of(talk_beside, &answer, "127.0.0.1");
    assert_int_equal(load->end, LOAD_ERRORS);
    assert_true(load->offered < RATE * DURATION_MS / 1000);
    assert_int_equal(load->server_errors, load->offered);
    load_free(load);
}

static void it_goes_when_it_is_asked_to(void **state) {
    static const struct text answer = TEXT("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n"
                                           "Content-Length: 0\r\n\r\n");
    (void)state;
    struct load *load = load_of(talk_beside, &answer, "127.0.0.1");
    assert_int_equal(load->end, LOAD_ASKED_TO_GO);
    assert_int_equal(load->retry_after_s, 7);
    assert_true(load->requests < RATE);
    load_free(load);
}

static void an_address_that_is_refused_gets_no_request(void **state) {
    static const struct text answer = TEXT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    (void)state;
    struct load *load = load_of(talk_beside, &answer, "192.0.2.1");
    assert_int_equal(load->end, LOAD_REFUSED);
    assert_int_equal(load->answered, 0);
    load_free(load);
}

static void a_mix_gives_each_its_share_evenly_spread(void **state) {
    struct mix *mix = mix_of("http://h/?x", "[\"6 /a\",\"2 /b?q\",\"2 /c\"]");
    char order[21] = "";
    (void)state;
    for (int i = 0; i < 20; i++)
        order[i] = mix->url[mix_at(mix, i)].ptr[sizeof("http://h/") - 1];
    assert_string_equal(order, "abacaabacaabacaabaca");
    assert_string_equal(mix->url[1].ptr, "http://h/b?q");
    mix_free(mix);
}

static void what_is_no_path_of_the_target_is_no_mix(void **state) {
    static const char *const BAD[] = {"[\"http://other/\"]", "[\"0 /a\"]", "[\"101 /a\"]",
                                      "[\"/a b\"]",          "[\"2 a\"]",  "[7]",
                                      "[\"//other/\"]",      "[\"1/a\"]",  "[\"\"]"};
    struct mix *mix = NULL;
    struct url url;
    (void)state;
    assert_int_equal(url_parse(TEXT("http://h/"), &url, NULL), ERR_OK);
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct json *list = json_of(BAD[i]);
        assert_int_equal(mix_new(&url, list, &mix, NULL), ERR_SYNTAX);
        json_free(list);
    }
}

static void the_drift_of_blocks_is_that_of_their_medians(void **state) {
    uint32_t samples[100];
    struct blocks *blocks = NULL;
    (void)state;
    for (size_t i = 0; i < 100; i++)
        samples[i] = i % 10 == 9 ? 0 : (uint32_t)(1000 + i / 10 * 100 + i % 3);
    assert_int_equal(blocks_new(samples, 100, 10, &blocks), ERR_OK);
    assert_int_equal(blocks_count(blocks), 10);
    assert_true(blocks_drift_us(blocks) > 890 && blocks_drift_us(blocks) < 910);
    blocks_free(blocks);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_arrival_is_measured_and_warm_up_is_not),
        cmocka_unit_test(connections_closed_at_rest_cost_no_request),
        cmocka_unit_test(it_ends_when_nothing_answers_and_counts_who_waited),
        cmocka_unit_test(it_ends_when_most_requests_fail),
        cmocka_unit_test(it_goes_when_it_is_asked_to),
        cmocka_unit_test(an_address_that_is_refused_gets_no_request),
        cmocka_unit_test(a_mix_gives_each_its_share_evenly_spread),
        cmocka_unit_test(what_is_no_path_of_the_target_is_no_mix),
        cmocka_unit_test(the_drift_of_blocks_is_that_of_their_medians),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
