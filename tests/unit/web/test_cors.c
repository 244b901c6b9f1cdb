/* CORS: only listed origins, compared exactly; both dialects of the preflight. */
#include "unit.h"
#include "web/cors.h"

#include <string.h>

static struct reply reply;
static struct cors *cors;

static int fresh(void **unused) {
    (void)unused;
    struct fault fault;
    reply_init(&reply);
    return cors_new(TEXT(" http://localhost:3001 ,https://app.example,"), &cors, &fault);
}

static int done(void **unused) {
    (void)unused;
    cors_free(cors);
    reply_done(&reply);
    return 0;
}

static struct incoming asked(const char *method, const char *origin, const char *cors_method,
                             const char *cors_headers) {
    struct incoming incoming = {0};
    incoming.header[INCOMING_METHOD] = text_of(method);
    incoming.header[INCOMING_ORIGIN] = origin != NULL ? text_of(origin) : (struct text){0};
    incoming.header[INCOMING_CORS_METHOD] =
        cors_method != NULL ? text_of(cors_method) : (struct text){0};
    incoming.header[INCOMING_CORS_HEADERS] =
        cors_headers != NULL ? text_of(cors_headers) : (struct text){0};
    return incoming;
}

static bool says(const char *line) {
    return strstr(buf_str(&reply.head), line) != NULL;
}

static void preflight(enum dialect dialect, const char *origin, const char *method,
                      const char *headers) {
    struct incoming incoming = asked("OPTIONS", origin, method, headers);
    reply_reset(&reply);
    assert_true(cors_is_preflight(&incoming));
    cors_fields(cors, &incoming, &reply);
    assert_non_null(cors_preflight(cors, &incoming, dialect, &reply));
}

static void assert_answer(int status, const char *text) {
    assert_int_equal(reply.status, status);
    assert_true(text_is(reply.payload, text));
}

static void the_first_dialect_allows_all_methods_and_echoes_headers(void **unused) {
    (void)unused;
    preflight(DIALECT_G1, "http://localhost:3001", "DELETE", "x-anything, content-type");
    assert_answer(200, "OK");
    assert_string_equal(reply.type, "text/plain; charset=utf-8");
    assert_true(says("Access-Control-Allow-Origin: http://localhost:3001\r\n"));
    assert_true(says("Access-Control-Allow-Credentials: true\r\n"));
    assert_true(says("Vary: Origin\r\n"));
    assert_true(says("Access-Control-Max-Age: 600\r\n"));
    assert_true(says("Access-Control-Allow-Headers: x-anything, content-type\r\n"));
    assert_true(
        says("Access-Control-Allow-Methods: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT\r\n"));
    preflight(DIALECT_G1, "http://localhost:3001", "GET", NULL);
    assert_false(says("Access-Control-Allow-Headers"));
}

static void the_second_dialect_names_what_is_in_use(void **unused) {
    (void)unused;
    preflight(DIALECT_G2, "https://app.example", "POST", "X-API-KEY, content-type");
    assert_answer(200, "OK");
    assert_true(says("Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS\r\n"));
    assert_true(says("Access-Control-Allow-Headers: Accept, Accept-Language, Authorization, "
                     "Content-Language, Content-Type, Idempotency-Key, X-API-Key, "
                     "X-Correlation-ID\r\n"));
    preflight(DIALECT_G2, "https://app.example", "PATCH", "X-Other");
    assert_answer(400, "Disallowed CORS method, headers");
}

static void another_origin_is_refused_and_named_as_the_fault(void **unused) {
    (void)unused;
    static const char *const OTHERS[] = {"https://evil.example",
                                         "http://localhost:3001.evil.example",
                                         "http://localhost:3002",
                                         "http://LOCALHOST:3001",
                                         "https://localhost:3001",
                                         "null",
                                         "*",
                                         ""};
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
        preflight(DIALECT_G1, OTHERS[i], "GET", NULL);
        assert_answer(400, "Disallowed CORS origin");
        assert_false(says("Access-Control-Allow-Origin"));
    }
    preflight(DIALECT_G2, "https://evil.example", "PATCH", "X-Other");
    assert_answer(400, "Disallowed CORS origin, method, headers");
}

static void an_answer_opens_up_to_listed_origins_only(void **unused) {
    (void)unused;
    struct incoming listed = asked("GET", "https://app.example", NULL, NULL);
    struct incoming other = asked("GET", "https://evil.example", NULL, NULL);
    struct incoming none = asked("GET", NULL, NULL, NULL);
    cors_fields(cors, &listed, &reply);
    assert_true(says("Access-Control-Allow-Origin: https://app.example\r\n"));
    assert_true(says("Access-Control-Expose-Headers: "));
    reply_reset(&reply);
    cors_fields(cors, &other, &reply);
    assert_string_equal(buf_str(&reply.head), "Access-Control-Allow-Credentials: true\r\n");
    reply_reset(&reply);
    cors_fields(cors, &none, &reply);
    assert_string_equal(buf_str(&reply.head), "");
}

static void options_without_both_fields_is_no_preflight(void **unused) {
    (void)unused;
    struct incoming no_method = asked("OPTIONS", "https://app.example", NULL, NULL);
    struct incoming no_origin = asked("OPTIONS", NULL, "GET", NULL);
    struct incoming get = asked("GET", "https://app.example", "GET", NULL);
    assert_false(cors_is_preflight(&no_method));
    assert_false(cors_is_preflight(&no_origin));
    assert_false(cors_is_preflight(&get));
}

static void what_is_no_origin_is_refused_at_the_start(void **unused) {
    (void)unused;
    static const char *const BAD[] = {"*",
                                      "null",
                                      "https://a.example/",
                                      "https://a.example/x",
                                      "app.example",
                                      "https://*.example",
                                      "https://A.example",
                                      "https://a.example:443",
                                      "http://a.example http://b.example"};
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct cors *refused = NULL;
        struct fault fault = {0};
        assert_int_equal(cors_new(text_of(BAD[i]), &refused, &fault), ERR_CONFIG);
        assert_non_null(strstr(fault.text, "CORS_ALLOWED_ORIGINS"));
        assert_null(refused);
    }
}

#define CORS_TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)

int main(void) {
    const struct CMUnitTest tests[] = {
        CORS_TEST(the_first_dialect_allows_all_methods_and_echoes_headers),
        CORS_TEST(the_second_dialect_names_what_is_in_use),
        CORS_TEST(another_origin_is_refused_and_named_as_the_fault),
        CORS_TEST(an_answer_opens_up_to_listed_origins_only),
        CORS_TEST(options_without_both_fields_is_no_preflight),
        cmocka_unit_test(what_is_no_origin_is_refused_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
