/* asking: a request to a server of server.h, with everything that came of it. */
#ifndef TESTS_PROBE_ASKING_H
#define TESTS_PROBE_ASKING_H

#include "probe/server.h"

#include "agnostic/probe/http.h"

static const struct http_limits SMALL = {2000, 4000, 64 << 10, 8 << 10};

struct asked {
    enum err err;
    struct http_response response;
    struct fault fault;
};

static inline struct asked ask_with(const char *list, const char *url,
                                    const struct http_request *request,
                                    const struct http_limits *limits) {
    struct gate *gate = gate_over(list);
    struct http *http = NULL;
    struct asked asked = {0};
    struct http_request full = *request;
    full.url = text_of(url);
    assert_int_equal(http_new(gate, "agnostic-test/1", &http), ERR_OK);
    asked.err = http_send(http, &full, limits, &asked.response, &asked.fault);
    http_free(http);
    gate_free(gate);
    return asked;
}

static inline struct asked ask(const char *list, const char *url) {
    const struct http_request get = {.method = "GET"};
    return ask_with(list, url, &get, &SMALL);
}

/* Asks a server that says exactly these bytes. */
static inline struct asked ask_for(struct text answer) {
    struct server server = server_start(server_say, &answer);
    struct asked asked = ask("127.0.0.1", server_url(&server, "http", "127.0.0.1", "/"));
    server_stop(&server);
    return asked;
}

static inline void assert_text(struct text actual, const char *expected) {
    assert_non_null(actual.ptr);
    assert_int_equal(actual.len, strlen(expected));
    assert_memory_equal(actual.ptr, expected, actual.len);
}

#endif
