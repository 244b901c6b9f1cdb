/* Idempotency-Key, equal tasks and quotas as clients see them. */
#include "tokens.h"
#include "web/idempotency.h"
#include "web/service.h"

#include <string.h>

#include "agnostic/base/time.h"

#define GOOD "\"title\":\"t\",\"description\":\"d\""
#define GOOD_TASK "{" GOOD "}"

static char id[64];

static void remember(void) {
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
}

static int submit_keyed(const char *key, const char *uri, const char *body) {
    service_param("HTTP_IDEMPOTENCY_KEY=%s", key);
    return service_operator("POST", uri, body);
}

static void assert_replayed(void) {
    assert_string_equal(service_field("Idempotency-Replayed"), "true");
    assert_string_equal(service_str("task_id"), id);
}

/* --- the field itself ------------------------------------------------------------------- */

static void a_key_is_visible_ascii_bare_or_quoted(void **unused) {
    (void)unused;
    static const struct {
        const char *sent, *key;
    } KEYS[] = {
        {"a", "a"},
        {"\"a\"", "a"},
        {"8e03978e-40d5-43dd", "8e03978e-40d5-43dd"},
        {"a,b;c=d", "a,b;c=d"},
        {"a\"b", "a\"b"},
        {"\"a\\\"\\\\\"", "a\\\"\\\\"},
        {"", NULL},
        {"\"\"", NULL},
        {"\"", NULL},
        {"\"a", NULL},
        {"\"a\"b\"", NULL},
        {"\"a\\\"", NULL},
        {"\"a\\b\"", NULL},
        {"a b", NULL},
        {"a, b", NULL},
        {"\"a b\"", NULL},
        {"a\tb", NULL},
        {"caf\xc3\xa9", NULL},
        {"\"a\";p=1", NULL},
    };
    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
        struct incoming incoming = {0};
        struct text key;
        incoming.header[INCOMING_IDEMPOTENCY_KEY] = text_of(KEYS[i].sent);
        enum err err = idempotency_key(&incoming, &key);
        if (err != (KEYS[i].key != NULL ? ERR_OK : ERR_IDEMPOTENCY_KEY) ||
            (KEYS[i].key != NULL && !text_is(key, KEYS[i].key)))
            fail_msg("%s: %d %.*s", KEYS[i].sent, err, TEXT_ARG(key));
    }
}

static void a_key_has_an_end(void **unused) {
    (void)unused;
    char longest[IDEMPOTENCY_KEY_MAX + 2];
    memset(longest, 'k', sizeof(longest));
    longest[IDEMPOTENCY_KEY_MAX + 1] = '\0';
    assert_int_equal(submit_keyed(longest, "/api/tasks", GOOD_TASK), 400);
    assert_string_equal(service_str("code"), "bad_idempotency_key");
    longest[IDEMPOTENCY_KEY_MAX] = '\0';
    assert_int_equal(submit_keyed(longest, "/api/tasks", GOOD_TASK), 200);
}

static void two_keys_are_none(void **unused) {
    (void)unused;
    service_param("HTTP_IDEMPOTENCY_KEY=a");
    assert_int_equal(submit_keyed("a", "/api/tasks", GOOD_TASK), 400);
}

/* --- submitting --------------------------------------------------------------------------- */

static void the_same_request_again_answers_as_the_first(void **unused) {
    (void)unused;
    char location[128];
    assert_int_equal(submit_keyed("k", "/api/v1/tasks", GOOD_TASK), 201);
    assert_null(service_field("Idempotency-Replayed"));
    (void)text_copy(text_of(service_field("Location")), location, sizeof(location));
    remember();
    assert_int_equal(submit_keyed("\"k\"", "/api/v1/tasks", GOOD_TASK), 201);
    assert_replayed();
    assert_string_equal(service_field("Location"), location);
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    assert_replayed();
    assert_string_equal(private_redis_ask(redis, "LLEN q:ready:high"), "1");
}

static void how_a_request_is_written_does_not_matter(void **unused) {
    (void)unused;
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    remember();
    assert_int_equal(submit_keyed("k", "/api/tasks",
                                  " {\"priority\":\"high\", \"description\":\"\\u0064\","
                                  "\"target_url\":null,\"colour\":\"blue\", \"title\":\"t\" }"),
                     200);
    assert_replayed();
}

static void any_difference_that_matters_is_another_request(void **unused) {
    (void)unused;
    static const struct {
        const char *uri, *body;
    } OTHERS[] = {
        {"/api/tasks", "{\"title\":\"u\",\"description\":\"d\"}"},
        {"/api/tasks", "{" GOOD ",\"priority\":\"low\"}"},
        {"/api/tasks", "{" GOOD ",\"queue_ttl_s\":60}"},
        {"/api/tasks", "{" GOOD ",\"external_links\":true}"},
        {"/api/tasks", "{" GOOD ",\"callback_url\":\"https://ci.example/hook\"}"},
        {"/api/tasks", "{" GOOD ",\"callback_secret\":\"s3cret\"}"},
        {"/api/tasks?dedupe=true", GOOD_TASK},
        {"/api/tasks/full", GOOD_TASK},
    };
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++) {
        assert_int_equal(submit_keyed("k", OTHERS[i].uri, OTHERS[i].body), 422);
        assert_string_equal(service_str("code"), "idempotency_key_reused");
        assert_string_equal(service_str("detail"), "Idempotency-Key was used with another request");
    }
}

static void the_same_order_by_another_route_is_another_request(void **unused) {
    (void)unused;
    assert_int_equal(submit_keyed("k", "/api/tasks", "{" GOOD ",\"agents\":[\"performance\"]}"),
                     200);
    assert_int_equal(submit_keyed("k", "/api/tasks/performance", GOOD_TASK), 422);
}

static void a_request_that_was_refused_leaves_its_key_free(void **unused) {
    (void)unused;
    assert_int_equal(submit_keyed("k", "/api/tasks", "{}"), 422);
    assert_int_equal(
        submit_keyed("k", "/api/tasks", "{" GOOD ",\"callback_url\":\"http://[::1]/\"}"), 400);
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    assert_null(service_field("Idempotency-Replayed"));
}

static void a_replay_shows_the_task_as_it_is(void **unused) {
    (void)unused;
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    assert_string_equal(service_field("Retry-After"), "5");
    remember();
    char record[512];
    snprintf(record, sizeof(record),
             "{\"task_id\":\"%s\",\"session_id\":\"s\",\"status\":\"completed\",\"created_at\":"
             "\"2026-02-21T10:00:00+00:00\",\"updated_at\":\"2026-02-21T10:00:00+00:00\","
             "\"result\":null}",
             id);
    char key[128];
    snprintf(key, sizeof(key), "task:%s", id);
    private_redis_set(redis, key, record);
    private_redis_ask(redis, "HSET %s:meta state completed", key);
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    assert_replayed();
    assert_string_equal(service_body(), record);
    assert_null(service_field("Retry-After"));
}

static void a_key_whose_task_expired_is_410(void **unused) {
    (void)unused;
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    remember();
    private_redis_ask(redis, "DEL task:%s task:%s:meta", id, id);
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 410);
    assert_string_equal(service_str("code"), "expired");
    assert_string_equal(private_redis_ask(redis, "LLEN q:ready:high"), "1");
}

/* --- joining --------------------------------------------------------------------------------- */

static void an_equal_live_task_is_joined_when_asked_for(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/v1/tasks?dedupe=true", GOOD_TASK), 201);
    assert_null(service_field("Deduplicated"));
    remember();
    assert_int_equal(service_operator("POST", "/api/v1/tasks?dedupe=true",
                                      "{\"title\":\"t\",\"description\":\"another build\"}"),
                     200);
    assert_string_equal(service_field("Deduplicated"), "true");
    assert_string_equal(service_str("task_id"), id);
    assert_int_equal(json_count(service_json()), 6);
    assert_int_equal(service_operator("POST", "/api/v1/tasks?dedupe=false", GOOD_TASK), 201);
    assert_int_equal(service_operator("POST", "/api/v1/tasks", GOOD_TASK), 201);
}

static void joining_again_by_its_key_answers_as_the_first_time(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/v1/tasks?dedupe=true", GOOD_TASK), 201);
    remember();
    assert_int_equal(submit_keyed("k", "/api/v1/tasks?dedupe=true", GOOD_TASK), 200);
    assert_null(service_field("Idempotency-Replayed"));
    assert_int_equal(submit_keyed("k", "/api/v1/tasks?dedupe=true", GOOD_TASK), 200);
    assert_replayed();
    assert_string_equal(service_field("Deduplicated"), "true");
}

static void what_differs_is_not_joined(void **unused) {
    (void)unused;
    static const struct {
        const char *uri, *body;
    } OTHERS[] = {
        {"/api/v1/tasks?dedupe=true", "{\"title\":\"u\",\"description\":\"d\"}"},
        {"/api/v1/tasks?dedupe=true", "{" GOOD ",\"target_url\":\"https://x.example/\"}"},
        {"/api/v1/tasks?dedupe=true", "{" GOOD ",\"standards\":[\"OWASP\"]}"},
        {"/api/v1/tasks?dedupe=true", "{" GOOD ",\"callback_url\":\"https://ci.example/hook\"}"},
        {"/api/v1/tasks/security?dedupe=true", GOOD_TASK},
    };
    assert_int_equal(service_operator("POST", "/api/v1/tasks?dedupe=true", GOOD_TASK), 201);
    for (size_t i = 0; i < sizeof(OTHERS) / sizeof(OTHERS[0]); i++)
        assert_int_equal(service_operator("POST", OTHERS[i].uri, OTHERS[i].body), 201);
}

static void nobody_joins_the_task_of_another(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/v1/tasks?dedupe=true", GOOD_TASK), 201);
    service_param("HTTP_AUTHORIZATION=Bearer %s",
                  tokens_for("ann", "\"sessions:write\"", time_wall_us() / 1000000));
    assert_int_equal(service_ask("POST", "/api/v1/tasks?dedupe=true", GOOD_TASK), 201);
}

static void dedupe_is_true_or_false(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/tasks?dedupe=yes", GOOD_TASK), 422);
    assert_non_null(strstr(service_body(), "\"loc\":[\"query\",\"dedupe\"]"));
    assert_int_equal(service_operator("POST", "/api/tasks?dedupe=true&dedupe=true", GOOD_TASK),
                     400);
}

/* --- quotas ------------------------------------------------------------------------------------
 */

static void every_submit_tells_what_is_left(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 200);
    assert_string_equal(service_field("RateLimit-Policy"), "\"submit\";q=6000;w=60");
    assert_string_equal(service_field("RateLimit"), "\"submit\";r=5999;t=1");
    service_with("AGNOSTIC_SUBMIT_PER_MIN=0\n");
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 200);
    assert_null(service_field("RateLimit"));
}

static void beyond_the_quota_one_is_told_when_to_come_back(void **unused) {
    (void)unused;
    char rest[64];
    service_with("AGNOSTIC_SUBMIT_PER_MIN=1\n");
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200);
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 429);
    assert_string_equal(service_str("detail"), "Rate limit exceeded (1 requests per 60s)");
    assert_string_equal(service_str("code"), "rate_limited");
    snprintf(rest, sizeof(rest), "\"submit\";r=0;t=%s", service_field("Retry-After"));
    assert_string_equal(service_field("RateLimit"), rest);
    assert_int_equal(submit_keyed("k", "/api/tasks", GOOD_TASK), 200); /* a replay is free */
}

static void a_draining_service_says_so(void **unused) {
    (void)unused;
    private_redis_ask(redis, "SET q:drain 1");
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 503);
    assert_string_equal(service_str("code"), "draining");
    assert_non_null(service_field("Retry-After"));
    assert_non_null(service_field("RateLimit"));
}

static void a_wait_may_be_limited_by_request_or_setting(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 200);
    assert_string_equal(private_redis_ask(redis, "ZCARD q:expiry"), "0");
    assert_int_equal(service_operator("POST", "/api/tasks", "{" GOOD ",\"queue_ttl_s\":60}"), 200);
    assert_string_equal(private_redis_ask(redis, "ZCARD q:expiry"), "1");
    service_with("AGNOSTIC_QUEUE_TTL_S=100\n");
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 200);
    assert_string_equal(private_redis_ask(redis, "ZCARD q:expiry"), "2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(a_key_is_visible_ascii_bare_or_quoted),
        SERVICE_TEST(a_key_has_an_end),
        SERVICE_TEST(two_keys_are_none),
        SERVICE_TEST(the_same_request_again_answers_as_the_first),
        SERVICE_TEST(how_a_request_is_written_does_not_matter),
        SERVICE_TEST(any_difference_that_matters_is_another_request),
        SERVICE_TEST(the_same_order_by_another_route_is_another_request),
        SERVICE_TEST(a_request_that_was_refused_leaves_its_key_free),
        SERVICE_TEST(a_replay_shows_the_task_as_it_is),
        SERVICE_TEST(a_key_whose_task_expired_is_410),
        SERVICE_TEST(an_equal_live_task_is_joined_when_asked_for),
        SERVICE_TEST(joining_again_by_its_key_answers_as_the_first_time),
        SERVICE_TEST(what_differs_is_not_joined),
        SERVICE_TEST(nobody_joins_the_task_of_another),
        SERVICE_TEST(dedupe_is_true_or_false),
        SERVICE_TEST(every_submit_tells_what_is_left),
        SERVICE_TEST(beyond_the_quota_one_is_told_when_to_come_back),
        SERVICE_TEST(a_draining_service_says_so),
        SERVICE_TEST(a_wait_may_be_limited_by_request_or_setting),
    };
    return SERVICE_RUN(tests);
}
