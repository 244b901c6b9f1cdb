/* Submitting and polling tasks, in both dialects. */
#include "agnostic/store/task_store.h"
#include "tokens.h"
#include "web/service.h"

#include <stdlib.h>
#include <string.h>

#include "agnostic/base/time.h"

#define GOOD "\"title\":\"t\",\"description\":\"d\""
#define GOOD_TASK "{" GOOD "}"

static char id[64];

/* Submits a task as the operator; `id` is its id. */
static void submit(const char *uri, const char *body) {
    int status = service_operator("POST", uri, body);
    if (status / 100 != 2)
        fail_msg("%d %s", status, service_body());
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
}

static const char *task_uri(const char *prefix, const char *query) {
    static char uri[256];
    snprintf(uri, sizeof(uri), "%s/tasks/%s%s", prefix, id, query);
    return uri;
}

static const char *task_key(void) {
    static char key[128];
    snprintf(key, sizeof(key), "task:%s", id);
    return key;
}

static void a_new_task_has_the_originals_six_members_in_order(void **unused) {
    (void)unused;
    submit("/api/tasks", GOOD_TASK);
    static const char *const ORDER[] = {"{\"task_id\":\"",           "\",\"session_id\":\"session_",
                                        "\",\"status\":\"pending\"", ",\"created_at\":\"",
                                        "\",\"updated_at\":\"",      "\",\"result\":null}"};
    const char *at = service_body();
    for (size_t i = 0; i < sizeof(ORDER) / sizeof(ORDER[0]); i++) {
        at = strstr(at, ORDER[i]);
        assert_non_null(at);
    }
    assert_int_equal(json_count(service_json()), 6);
    assert_int_equal(strlen(id), 36);
    assert_string_equal(service_str("created_at"), service_str("updated_at"));
    assert_memory_equal(service_str("session_id") + strlen("session_20260221_100000_"), id, 8);
}

static void what_is_stored_is_what_was_answered(void **unused) {
    (void)unused;
    char body[1024];
    submit("/api/tasks", GOOD_TASK);
    (void)text_copy(text_of(service_body()), body, sizeof(body));
    assert_string_equal(private_redis_ask(redis, "GET task:%s", id), body);
    assert_int_equal(service_operator("GET", task_uri("/api", ""), NULL), 200);
    assert_string_equal(service_body(), body);
}

static void the_dialects_differ_in_status_and_location(void **unused) {
    (void)unused;
    static const char *const CREATORS[] = {"", "/security", "/performance", "/regression", "/full"};
    for (size_t i = 0; i < sizeof(CREATORS) / sizeof(CREATORS[0]); i++) {
        char uri[64], location[128];
        snprintf(uri, sizeof(uri), "/api/tasks%s", CREATORS[i]);
        assert_int_equal(service_operator("POST", uri, GOOD_TASK), 200);
        assert_null(service_field("Location"));
        snprintf(uri, sizeof(uri), "/api/v1/tasks%s", CREATORS[i]);
        assert_int_equal(service_operator("POST", uri, GOOD_TASK), 201);
        snprintf(location, sizeof(location), "/api/v1/tasks/%s", service_str("task_id"));
        assert_string_equal(service_field("Location"), location);
    }
}

static void each_creator_chooses_its_agents(void **unused) {
    (void)unused;
    static const struct {
        const char *uri, *agents;
    } CREATORS[] = {
        {"/api/tasks", "[\"qa-manager\"]"},
        {"/api/tasks/security", "[\"security-compliance\"]"},
        {"/api/tasks/performance", "[\"performance\"]"},
        {"/api/tasks/regression", "[\"junior-qa\",\"qa-analyst\"]"},
        {"/api/tasks/full", "[\"qa-manager\",\"security-compliance\",\"junior-qa\",\"senior-qa\","
                            "\"performance\",\"qa-analyst\"]"},
    };
    for (size_t i = 0; i < sizeof(CREATORS) / sizeof(CREATORS[0]); i++) {
        char expected[256];
        submit(CREATORS[i].uri, "{" GOOD ",\"agents\":[\"qa_manager\"]}");
        assert_int_equal(service_operator("GET", task_uri("/api", "?view=full"), NULL), 200);
        snprintf(expected, sizeof(expected), "\"agents\":%s,", CREATORS[i].agents);
        assert_non_null(strstr(service_body(), expected));
    }
}

static void all_faults_of_a_task_are_told_at_once(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/tasks",
                                      "{\"title\":1,\"priority\":\"x\",\"agents\":[\"y\"]}"),
                     422);
    assert_true(json_count(json_get(service_json(), "detail")) >= 4);
}

static void a_callback_into_the_house_is_refused(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/tasks",
                                      "{" GOOD ",\"callback_url\":\"http://127.0.0.1/x\"}"),
                     400);
    assert_string_equal(service_str("detail"), "Callback to private network blocked: 127.0.0.1");
    assert_string_equal(service_str("code"), "callback_refused");
    assert_string_equal(private_redis_ask(redis, "DBSIZE"), "0");
    service_with("AGNOSTIC_WEBHOOK_ALLOW=127.0.0.1:80\n");
    submit("/api/tasks", "{" GOOD ",\"callback_url\":\"http://127.0.0.1/x\"}");
}

static void an_unknown_task_is_404_and_an_impossible_id_400(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/tasks/abc", NULL), 404);
    assert_string_equal(service_str("detail"), "Task not found");
    assert_int_equal(service_operator("GET", "/api/tasks/a_b", NULL), 400);
    assert_string_equal(service_str("detail"), "Invalid task ID format");
    assert_int_equal(service_ask("GET", "/api/tasks/a_b", NULL), 401);
    assert_int_equal(service_ask("GET", "/api/tasks/abc", NULL), 401);
}

static void an_unfinished_task_says_when_to_come_back(void **unused) {
    (void)unused;
    static const struct {
        int age_s;
        const char *retry;
    } AGES[] = {{0, "2"}, {29, "2"}, {40, "5"}, {299, "5"}, {310, "15"}, {90000, "15"}};
    for (size_t i = 0; i < sizeof(AGES) / sizeof(AGES[0]); i++) {
        char iso[TIME_ISO_SIZE], record[512];
        time_iso_utc(time_wall_us() - AGES[i].age_s * INT64_C(1000000), iso);
        snprintf(record, sizeof(record),
                 "{\"task_id\":\"abc\",\"session_id\":\"s\",\"status\":\"running\",\"created_at\":"
                 "\"%s\",\"updated_at\":\"%s\",\"result\":null}",
                 iso, iso);
        private_redis_set(redis, "task:abc", record);
        assert_int_equal(service_operator("GET", "/api/tasks/abc", NULL), 200);
        assert_string_equal(service_field("Retry-After"), AGES[i].retry);
    }
}

#define ORIGINALS                                                                                  \
    "{\"task_id\": \"abc\", \"session_id\": \"session_1\", \"status\": \"completed\", "            \
    "\"created_at\": \"2026-02-21T10:00:00+00:00\", \"updated_at\": "                              \
    "\"2026-02-21T10:00:01+00:00\", \"result\": {\"a\": 1.0}}"

static void a_record_of_the_originals_goes_out_byte_for_byte(void **unused) {
    (void)unused;
    private_redis_set(redis, "task:abc", ORIGINALS);
    assert_int_equal(service_operator("GET", "/api/v1/tasks/abc", NULL), 200);
    assert_string_equal(service_body(), ORIGINALS);
    assert_null(service_field("Retry-After"));
    assert_int_equal(service_operator("GET", "/api/v1/tasks/abc?view=full", NULL), 200);
    assert_string_equal(service_str("status"), "completed");
    assert_int_equal(json_kind(json_get(service_json(), "priority")), JSON_NULL);
    assert_int_equal(json_kind(json_get(service_json(), "poll_interval_ms")), JSON_NULL);
}

static void a_record_that_is_damaged_is_our_fault(void **unused) {
    (void)unused;
    static const char *const DAMAGED[] = {"",           "{", "[]", "null", "{\"task_id\":\"abc\"}",
                                          ORIGINALS "x"};
    for (size_t i = 0; i < sizeof(DAMAGED) / sizeof(DAMAGED[0]); i++) {
        private_redis_set(redis, "task:abc", DAMAGED[i]);
        assert_int_equal(service_operator("GET", "/api/tasks/abc", NULL), 500);
        assert_string_equal(service_str("detail"), "Internal Server Error");
    }
}

static void an_unchanged_task_is_304(void **unused) {
    (void)unused;
    char etag[64];
    submit("/api/tasks", GOOD_TASK);
    assert_int_equal(service_operator("GET", task_uri("/api", ""), NULL), 200);
    (void)text_copy(text_of(service_field("ETag")), etag, sizeof(etag));
    service_param("HTTP_IF_NONE_MATCH=\"x\", W/%s", etag);
    assert_int_equal(service_operator("GET", task_uri("/api", ""), NULL), 304);
    assert_string_equal(service_body(), "");
    assert_string_equal(service_field("ETag"), etag);
    assert_non_null(service_field("Retry-After"));
    service_param("HTTP_IF_NONE_MATCH=%s", etag);
    assert_int_equal(service_ask("GET", task_uri("/api", ""), NULL), 401);
    service_param("HTTP_IF_NONE_MATCH=\"x\"");
    assert_int_equal(service_operator("GET", task_uri("/api", ""), NULL), 200);
}

static void the_full_view_adds_what_scheduling_knows(void **unused) {
    (void)unused;
    submit("/api/v1/tasks", "{" GOOD ",\"priority\":\"critical\"}");
    assert_int_equal(service_operator("GET", task_uri("/api/v1", "?view=full"), NULL), 200);
    const struct json *root = service_json();
    assert_string_equal(str_at(root, "task_id"), id);
    assert_string_equal(str_at(root, "priority"), "critical");
    assert_string_equal(str_at(root, "owner"), "api-key-user");
    assert_int_equal(int_at(root, "poll_interval_ms"), 2000);
    assert_int_equal(int_at(root, "failed_attempts"), 0);
    assert_string_equal(str_at(root, "links.self"), task_uri("/api/v1", ""));
    assert_int_equal(json_kind(json_get(root, "expires_at")), JSON_NULL);
    assert_int_equal(service_operator("GET", task_uri("/api", "?view=full&view=full"), NULL), 400);
    assert_string_equal(service_str("code"), "duplicate_parameter");
}

static void a_finished_task_says_in_full_when_it_goes_and_does_nothing_more(void **unused) {
    (void)unused;
    char etag[64];
    submit("/api/tasks", GOOD_TASK);
    (void)private_redis_ask(redis, "HSET task:%s:meta progress {\"percent\":40}", id);
    assert_int_equal(service_operator("GET", task_uri("/api", "?view=full"), NULL), 200);
    assert_int_equal(int_at(service_json(), "progress.percent"), 40);
    char *ended = text_dup(text_of(private_redis_ask(redis, "GET task:%s", id)));
    memcpy(strstr(ended, "pending"), "failed\" ", 8);
    private_redis_set(redis, task_key(), ended);
    (void)private_redis_ask(redis, "EXPIREAT task:%s 4102444800", id);
    free(ended);
    assert_int_equal(service_operator("GET", task_uri("/api", "?view=full"), NULL), 200);
    assert_string_equal(service_str("expires_at"), "2100-01-01T00:00:00+00:00");
    assert_int_equal(json_kind(json_get(service_json(), "progress")), JSON_NULL);
    (void)text_copy(text_of(service_field("ETag")), etag, sizeof(etag));
    service_param("HTTP_IF_NONE_MATCH=%s", etag);
    assert_int_equal(service_operator("GET", task_uri("/api", "?view=full"), NULL), 304);
}

static void the_full_view_repeats_no_member_that_the_record_has(void **unused) {
    (void)unused;
    private_redis_set(redis, "task:abc",
                      "{\"task_id\": \"abc\", \"session_id\": \"crew_1\", \"status\": \"partial\", "
                      "\"created_at\": \"2026-02-21T10:00:00+00:00\", \"updated_at\": "
                      "\"2026-02-21T10:00:01+00:00\", \"result\": null, \"agents\": [\"x\"]}");
    assert_int_equal(service_operator("GET", "/api/tasks/abc?view=full", NULL), 200);
    assert_non_null(service_json()); /* a name that comes twice is no JSON here */
    assert_string_equal(json_str(json_at(json_get(service_json(), "agents"), 0), ""), "x");
    assert_string_equal(service_str("links.self"), "/api/tasks/abc");
}

static void a_redis_user_that_sees_only_tasks_of_ours_is_enough(void **unused) {
    (void)unused;
    private_redis_set(redis, "task:abc", ORIGINALS);
    private_redis_ask(redis, "ACL SETUSER default resetkeys ~task:*-* (+get %%R~task:*)");
    int known = service_operator("GET", "/api/tasks/abc?view=full", NULL);
    int unknown = service_operator("GET", "/api/tasks/abd?view=full", NULL);
    private_redis_ask(redis, "ACL SETUSER default allkeys clearselectors");
    assert_int_equal(known, 200);
    assert_int_equal(unknown, 404);
}

/* --- who may --------------------------------------------------------------------------------- */

static void bearer(const char *user, const char *permissions) {
    service_param("HTTP_AUTHORIZATION=Bearer %s",
                  tokens_for(user, permissions, time_wall_us() / 1000000));
}

static void submitting_needs_write_and_polling_read(void **unused) {
    (void)unused;
    bearer("ann", "\"sessions:read\"");
    assert_int_equal(service_ask("POST", "/api/tasks", GOOD_TASK), 403);
    assert_string_equal(service_str("detail"), "Insufficient permissions");
    bearer("ann", "\"sessions:write\"");
    assert_int_equal(service_ask("POST", "/api/tasks", GOOD_TASK), 200);
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
    bearer("bob", "\"sessions:read\"");
    assert_int_equal(service_ask("GET", task_uri("/api", ""), NULL), 200);
    bearer("bob", "\"sessions:write\"");
    assert_int_equal(service_ask("GET", task_uri("/api", ""), NULL), 403);
}

static void only_the_owner_sees_a_task_when_so_set(void **unused) {
    (void)unused;
    service_with("AGNOSTIC_TASK_READ=owner\n");
    bearer("ann", "\"sessions:write\"");
    assert_int_equal(service_ask("POST", "/api/tasks", GOOD_TASK), 200);
    (void)text_copy(text_of(service_str("task_id")), id, sizeof(id));
    static const char *const QUERIES[] = {"", "?view=full"};
    for (size_t i = 0; i < 2; i++) {
        bearer("ann", "\"sessions:read\"");
        assert_int_equal(service_ask("GET", task_uri("/api", QUERIES[i]), NULL), 200);
        bearer("bob", "\"sessions:read\"");
        assert_int_equal(service_ask("GET", task_uri("/api", QUERIES[i]), NULL), 404);
        assert_string_equal(service_str("detail"), "Task not found");
    }
}

static void a_revoked_token_is_refused_at_once(void **unused) {
    (void)unused;
    char token[4096], digest[SECURE_HEX_SIZE], key[128];
    const char *made = tokens_for("ann", "\"sessions:read\"", time_wall_us() / 1000000);
    assert_true(text_copy(text_of(made), token, sizeof(token)));
    service_param("HTTP_AUTHORIZATION=Bearer %s", token);
    assert_int_equal(service_ask("GET", "/api/auth/me", NULL), 200);
    assert_int_equal(secure_sha256_hex(text_of(token), digest), ERR_OK);
    snprintf(key, sizeof(key), "blacklist_token:%s", digest);
    private_redis_set(redis, key, "1");
    service_param("HTTP_AUTHORIZATION=Bearer %s", token);
    assert_int_equal(service_ask("GET", "/api/auth/me", NULL), 401);
    assert_string_equal(service_str("detail"), "Invalid or expired token");
}

static void a_full_queue_is_told_and_stores_nothing(void **unused) {
    (void)unused;
    service_with("AGNOSTIC_QUEUE_MAX=1\n");
    submit("/api/tasks", GOOD_TASK);
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 503);
    assert_string_equal(service_str("code"), "queue_full");
    assert_non_null(service_field("Retry-After"));
    service_with("AGNOSTIC_OPEN_TASKS=1\n");
    assert_int_equal(service_operator("POST", "/api/tasks", GOOD_TASK), 429);
}

#define GONE "00000000-0000-4000-8000-000000000001"
static void a_task_whose_time_is_over_is_gone(void **unused) {
    (void)unused;
    private_redis_set(redis, "gone:" GONE, "completed 2026-02-21T10:00:00+00:00");
    assert_int_equal(service_operator("GET", "/api/tasks/" GONE, NULL), 410);
    assert_string_equal(service_str("code"), "expired");
    assert_int_equal(service_operator("GET", "/api/tasks/abd", NULL), 404);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(a_task_whose_time_is_over_is_gone),
        SERVICE_TEST(a_new_task_has_the_originals_six_members_in_order),
        SERVICE_TEST(what_is_stored_is_what_was_answered),
        SERVICE_TEST(the_dialects_differ_in_status_and_location),
        SERVICE_TEST(each_creator_chooses_its_agents),
        SERVICE_TEST(all_faults_of_a_task_are_told_at_once),
        SERVICE_TEST(a_callback_into_the_house_is_refused),
        SERVICE_TEST(an_unknown_task_is_404_and_an_impossible_id_400),
        SERVICE_TEST(an_unfinished_task_says_when_to_come_back),
        SERVICE_TEST(a_record_of_the_originals_goes_out_byte_for_byte),
        SERVICE_TEST(a_record_that_is_damaged_is_our_fault),
        SERVICE_TEST(an_unchanged_task_is_304),
        SERVICE_TEST(the_full_view_adds_what_scheduling_knows),
        SERVICE_TEST(a_finished_task_says_in_full_when_it_goes_and_does_nothing_more),
        SERVICE_TEST(the_full_view_repeats_no_member_that_the_record_has),
        SERVICE_TEST(a_redis_user_that_sees_only_tasks_of_ours_is_enough),
        SERVICE_TEST(submitting_needs_write_and_polling_read),
        SERVICE_TEST(only_the_owner_sees_a_task_when_so_set),
        SERVICE_TEST(a_revoked_token_is_refused_at_once),
        SERVICE_TEST(a_full_queue_is_told_and_stores_nothing),
    };
    return SERVICE_RUN(tests);
}
