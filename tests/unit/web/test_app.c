/* The way of a request: in which order it is refused, and what every answer carries. */
#include "web/service.h"

#include <string.h>

#define GOOD_TASK "{\"title\":\"t\",\"description\":\"d\"}"

static void faults_are_told_in_their_order(void **unused) {
    (void)unused;
    assert_int_equal(service_ask("POST", "/api/tasks/%00", "{"), 400);
    assert_int_equal(service_ask("FOO", "/api/nothing", "{"), 404);
    assert_int_equal(service_ask("FOO", "/api/tasks", "{"), 405);
    assert_string_equal(service_field("Allow"), "GET, HEAD, POST");
    assert_int_equal(service_ask("POST", "/api/tasks", "{"), 422);
    assert_string_equal(service_str("code"), "validation_error");
    assert_int_equal(service_ask("POST", "/api/tasks", "{}"), 401);
    assert_int_equal(service_operator("POST", "/api/tasks", "{}"), 422);
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 200);
}

static void an_ambiguous_request_is_refused(void **unused) {
    (void)unused;
    service_param("CONTENT_LENGTH=2");
    service_param("CONTENT_LENGTH=31");
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 400);
    service_param("REQUEST_URI=/api/auth/me");
    assert_int_equal(service_operator("GET", "/health", NULL), 400);
}

static void malformed_json_is_told_before_the_credential_is_looked_at(void **unused) {
    (void)unused;
    static const char *const BAD[] = {"{",
                                      "{\"a\":1,\"a\":2}",
                                      "{\"a\":\"\\u0000\"}",
                                      "{\"a\":NaN}",
                                      "\"\xff\"",
                                      "{}x",
                                      "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"};
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        service_key("no-such-key-at-all");
        assert_int_equal(service_ask("POST", "/api/tasks", BAD[i]), 422);
        const struct json *fault = json_at(json_get(service_json(), "detail"), 0);
        assert_string_equal(str_at(fault, "type"), "json_invalid");
        assert_string_equal(json_str(json_at(json_get(fault, "loc"), 0), ""), "body");
    }
}

static void a_missing_or_foreign_body_is_a_fault_of_its_own(void **unused) {
    (void)unused;
    assert_int_equal(service_ask("POST", "/api/tasks", NULL), 401);
    assert_int_equal(service_operator("POST", "/api/tasks", NULL), 422);
    assert_string_equal(service_body(),
                        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field "
                        "required\",\"input\":null}],\"type\":\"about:blank\",\"title\":"
                        "\"Unprocessable Content\",\"status\":422,\"code\":\"validation_error\"}");
    assert_int_equal(service_operator("POST", "/api/tasks", "null"), 422);
    assert_non_null(strstr(service_body(), "\"missing\""));
    service_param("CONTENT_TYPE=text/plain");
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 422);
    assert_non_null(strstr(service_body(), "model_attributes_type"));
}

static void json_is_what_is_called_json_or_nothing(void **unused) {
    (void)unused;
    static const struct {
        const char *type;
        int status;
    } TYPES[] = {{"application/json", 200},
                 {"APPLICATION/JSON; charset=utf-8", 200},
                 {"application/vnd.api+json", 200},
                 {"", 200},
                 {"text/plain", 422},
                 {"text/x+json", 422},
                 {"application/jsonp", 422},
                 {"application/x-www-form-urlencoded", 422},
                 {"multipart/form-data; boundary=x", 422}};
    for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]); i++) {
        service_param("CONTENT_TYPE=%s", TYPES[i].type);
        assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), TYPES[i].status);
    }
}

static void a_body_over_the_limit_is_413(void **unused) {
    (void)unused;
    static char large[70000];
    memset(large, ' ', sizeof(large) - 1);
    assert_int_equal(service_ask("POST", "/api/tasks", large), 413);
    assert_string_equal(service_str("code"), "body_too_large");
    large[9000] = '\0';
    assert_int_equal(service_ask("POST", "/api/auth/api-keys", large), 413);
    large[1025] = '\0';
    service_with("AGNOSTIC_BODY_MAX_BYTES=1024\n");
    assert_int_equal(service_ask("POST", "/api/tasks", large), 413);
}

static void every_answer_carries_the_fixed_fields(void **unused) {
    (void)unused;
    static const char *const URIS[] = {"/health", "/api/nothing", "/api/auth/me", "/%"};
    for (size_t i = 0; i < sizeof(URIS) / sizeof(URIS[0]); i++) {
        (void)service_ask("GET", URIS[i], NULL);
        assert_string_equal(service_field("Cache-Control"), "no-store");
        assert_string_equal(service_field("X-Content-Type-Options"), "nosniff");
        assert_string_equal(service_field("X-Frame-Options"), "DENY");
        assert_string_equal(service_field("Referrer-Policy"), "no-referrer");
        assert_string_equal(service_field("Content-Security-Policy"),
                            "default-src 'none'; frame-ancestors 'none'");
        assert_non_null(service_field("X-Request-ID"));
    }
}

static void a_harmless_request_id_is_kept_and_any_other_replaced(void **unused) {
    (void)unused;
    static const char *const BAD[] = {
        "",          "a b",
        "a\r\nX: y", "caf\xc3\xa9",
        "<x>",       "a1234567890123456789012345678901234567890123456789012345678901234"};
    char before[128] = "";
    service_param("HTTP_X_REQUEST_ID=ci-Run_42.7");
    service_param("HTTP_X_CORRELATION_ID=abc");
    (void)service_ask("GET", "/health", NULL);
    assert_string_equal(service_field("X-Request-ID"), "ci-Run_42.7");
    assert_string_equal(service_field("X-Correlation-ID"), "abc");
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        service_param("HTTP_X_REQUEST_ID=%s", BAD[i]);
        service_param("HTTP_X_CORRELATION_ID=%s", BAD[i]);
        (void)service_ask("GET", "/health", NULL);
        assert_string_not_equal(service_field("X-Request-ID"), BAD[i]);
        assert_string_not_equal(service_field("X-Request-ID"), before);
        (void)text_copy(text_of(service_field("X-Request-ID")), before, sizeof(before));
        assert_null(service_field("X-Correlation-ID"));
    }
}

static void head_is_get_without_a_body(void **unused) {
    (void)unused;
    assert_int_equal(service_ask("HEAD", "/health", NULL), 200);
    assert_string_equal(service_body(), "");
    assert_int_equal(service_ask("HEAD", "/api/auth/me", NULL), 401);
    assert_int_equal(service_ask("HEAD", "/api/tasks/abc/cancel", NULL), 405);
}

static void options_that_is_no_preflight_is_405_and_a_preflight_needs_no_credential(void **unused) {
    (void)unused;
    assert_int_equal(service_ask("OPTIONS", "/api/tasks", NULL), 405);
    service_param("HTTP_ORIGIN=http://localhost:3001");
    service_param("HTTP_ACCESS_CONTROL_REQUEST_METHOD=POST");
    assert_int_equal(service_ask("OPTIONS", "/api/v1/tasks", NULL), 200);
    assert_string_equal(service_body(), "OK");
    assert_string_equal(service_field("Access-Control-Allow-Methods"),
                        "GET, POST, PUT, DELETE, OPTIONS");
}

static void a_key_that_no_header_can_carry_is_refused_at_the_start(void **unused) {
    (void)unused;
    struct settings *bad = NULL;
    struct app *none = NULL;
    struct fault fault = {0};
    assert_int_equal(
        settings_read(TEXT("AGNOSTIC_API_KEY=operator,static-key\n"), "test", NULL, &bad, &fault),
        ERR_OK);
    assert_int_equal(app_new(bad, NULL, &none, &fault), ERR_CONFIG);
    assert_non_null(strstr(fault.text, "AGNOSTIC_API_KEY"));
    assert_null(strstr(fault.text, "static-key"));
    settings_free(bad);
}

/* --- with Redis away ------------------------------------------------------------------------- */

static void without_redis(void) {
    service_with("AGNOSTIC_REDIS_URL=unix:///nonexistent/redis.sock\n");
}

static void a_key_is_never_called_bad_because_redis_is_away(void **unused) {
    (void)unused;
    without_redis();
    service_key("sOmE-43-character_key_of-the_original-12345");
    assert_int_equal(service_ask("GET", "/api/auth/me", NULL), 503);
    assert_non_null(service_field("Retry-After"));
    assert_string_equal(service_str("code"), "store_unavailable");
    assert_int_equal(service_operator("GET", "/api/auth/me", NULL), 200);
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 503);
    assert_int_equal(service_operator("GET", "/api/tasks/abc", NULL), 503);
}

static void probes_answer_without_redis(void **unused) {
    (void)unused;
    without_redis();
    assert_int_equal(service_ask("GET", "/health", NULL), 200);
    assert_string_equal(service_str("redis"), "error");
    assert_string_equal(service_str("status"), "unhealthy");
    assert_int_equal(service_ask("GET", "/ready", NULL), 503);
    assert_string_equal(service_str("redis"), "error");
    assert_string_equal(service_str("status"), "not_ready");
    assert_int_equal(service_ask("GET", "/api/metrics", NULL), 200);
    assert_non_null(strstr(service_body(), "agnostic_redis_up 0\n"));
    assert_null(strstr(service_body(), "agnostic_queue_depth"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(faults_are_told_in_their_order),
        SERVICE_TEST(an_ambiguous_request_is_refused),
        SERVICE_TEST(malformed_json_is_told_before_the_credential_is_looked_at),
        SERVICE_TEST(a_missing_or_foreign_body_is_a_fault_of_its_own),
        SERVICE_TEST(json_is_what_is_called_json_or_nothing),
        SERVICE_TEST(a_body_over_the_limit_is_413),
        SERVICE_TEST(every_answer_carries_the_fixed_fields),
        SERVICE_TEST(a_harmless_request_id_is_kept_and_any_other_replaced),
        SERVICE_TEST(head_is_get_without_a_body),
        SERVICE_TEST(options_that_is_no_preflight_is_405_and_a_preflight_needs_no_credential),
        SERVICE_TEST(a_key_that_no_header_can_carry_is_refused_at_the_start),
        SERVICE_TEST(a_key_is_never_called_bad_because_redis_is_away),
        SERVICE_TEST(probes_answer_without_redis),
    };
    return SERVICE_RUN(tests);
}
