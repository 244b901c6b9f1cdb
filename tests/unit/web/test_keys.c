/* API keys over REST: made, used, listed, revoked. */
#include "agnostic/base/time.h"
#include "tokens.h"
#include "web/service.h"

static char key[128], id[16];

/* Creates a key as the operator. */
static void create(const char *body) {
    if (service_operator("POST", "/api/auth/api-keys", body) != 200)
        fail_msg("%s", service_body());
    (void)text_copy(text_of(service_str("api_key")), key, sizeof(key));
    (void)text_copy(text_of(service_str("key_id")), id, sizeof(id));
}

static int revoke(const char *key_id) {
    char uri[64];
    snprintf(uri, sizeof(uri), "/api/auth/api-keys/%s", key_id);
    return service_operator("DELETE", uri, NULL);
}

static int use(const char *method, const char *uri, const char *body) {
    service_key(key);
    return service_ask(method, uri, body);
}

static void a_new_key_is_answered_as_the_original_did(void **unused) {
    (void)unused;
    create("{\"description\":\"CI\"}");
    static const char *const ORDER[] = {"{\"key_id\":\"", "\",\"api_key\":\"agn_",
                                        "\",\"description\":\"CI\",\"role\":\"api_user\","
                                        "\"created_at\":\"",
                                        "\",\"note\":\"Store this key safely \xe2\x80\x94 it will "
                                        "not be shown again.\"}"};
    const char *at = service_body();
    for (size_t i = 0; i < sizeof(ORDER) / sizeof(ORDER[0]); i++) {
        at = strstr(at, ORDER[i]);
        assert_non_null(at);
    }
    assert_int_equal(json_count(service_json()), 6);
}

static void a_key_works_at_once_within_its_role(void **unused) {
    (void)unused;
    create("{}");
    assert_int_equal(use("GET", "/api/auth/me", NULL), 200);
    assert_non_null(strstr(service_body(),
                           "\"role\":\"api_user\",\"permissions\":[\"sessions:read\","
                           "\"sessions:write\",\"api:access\"]}"));
    assert_int_equal(use("POST", "/api/tasks", "{\"title\":\"t\",\"description\":\"d\"}"), 200);
    assert_int_equal(use("POST", "/api/auth/api-keys", "{}"), 403);
    assert_int_equal(use("GET", "/api/auth/api-keys", NULL), 403);
}

static void a_revoked_key_is_dead_at_once(void **unused) {
    (void)unused;
    char body[64];
    create("{}");
    assert_int_equal(use("GET", "/api/auth/me", NULL), 200);
    assert_int_equal(revoke(id), 200);
    snprintf(body, sizeof(body), "{\"status\":\"revoked\",\"key_id\":\"%s\"}", id);
    assert_string_equal(service_body(), body);
    assert_int_equal(use("GET", "/api/auth/me", NULL), 401);
    assert_string_equal(service_str("detail"), "Invalid API key");
    assert_int_equal(revoke(id), 404);
    assert_string_equal(service_str("detail"), "API key not found");
}

static void only_an_id_can_be_revoked(void **unused) {
    (void)unused;
    assert_int_equal(revoke("x"), 404);
    assert_int_equal(revoke("*"), 404);
    assert_int_equal(revoke("12345678901234567890"), 404);
}

static void the_raw_key_is_nowhere_in_redis(void **unused) {
    (void)unused;
    char hash[SECURE_HEX_SIZE];
    create("{\"role\":\"qa_engineer\"}");
    assert_int_equal(secure_sha256_hex(text_of(key), hash), ERR_OK);
    assert_string_equal(private_redis_ask(redis, "GET api_key_id:%s", id), hash);
    const char *record = private_redis_ask(redis, "GET api_key:%s", hash);
    assert_null(strstr(record, key));
    assert_non_null(strstr(record, "\"created_by\":\"api-key-user\""));
    struct json *root = json_of(record);
    assert_int_equal(json_count(root), 8);
    json_free(root);
}

static void an_expired_key_is_refused_and_listed_as_such(void **unused) {
    (void)unused;
    char hash[SECURE_HEX_SIZE], name[128];
    create("{\"expires_at\":\"2099-01-01T00:00:00Z\"}");
    assert_string_equal(service_str("expires_at"), "2099-01-01T00:00:00+00:00");
    assert_int_equal(use("GET", "/api/auth/me", NULL), 200);
    assert_int_equal(secure_sha256_hex(text_of(key), hash), ERR_OK);
    snprintf(name, sizeof(name), "api_key:%s", hash);
    char record[2048];
    (void)text_copy(text_of(private_redis_ask(redis, "GET %s", name)), record, sizeof(record));
    memcpy(strstr(record, "2099"), "2020", 4);
    private_redis_set(redis, name, record);
    assert_int_equal(use("GET", "/api/auth/me", NULL), 401);
    assert_int_equal(service_operator("GET", "/api/auth/api-keys", NULL), 200);
    const struct json *row = json_at(json_get(service_json(), "api_keys"), 0);
    assert_string_equal(str_at(row, "status"), "expired");
}

static void a_bad_order_is_told_field_by_field(void **unused) {
    (void)unused;
    static const struct {
        const char *body, *type, *field;
    } BAD[] = {
        {"{\"description\":1}", "string_type", "description"},
        {"{\"role\":\"org_admin\"}", "literal_error", "role"},
        {"{\"role\":null}", "string_type", "role"},
        {"{\"expires_at\":\"soon\"}", "datetime_parsing", "expires_at"},
        {"{\"expires_at\":1}", "datetime_parsing", "expires_at"},
        {"{\"expires_at\":\"2020-01-01T00:00:00Z\"}", "datetime_future", "expires_at"},
    };
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        assert_int_equal(service_operator("POST", "/api/auth/api-keys", BAD[i].body), 422);
        const struct json *fault = json_at(json_get(service_json(), "detail"), 0);
        assert_string_equal(str_at(fault, "type"), BAD[i].type);
        assert_string_equal(json_str(json_at(json_get(fault, "loc"), 1), ""), BAD[i].field);
    }
    assert_int_equal(service_operator("POST", "/api/auth/api-keys",
                                      "{\"description\":1,\"role\":2,\"expires_at\":3}"),
                     422);
    assert_int_equal(json_count(json_get(service_json(), "detail")), 3);
    assert_int_equal(service_operator("POST", "/api/auth/api-keys", "[]"), 422);
    assert_string_equal(private_redis_ask(redis, "DBSIZE"), "0");
}

static void nobody_grants_what_it_lacks(void **unused) {
    (void)unused;
    const char *token =
        tokens_for("ann", "\"system:configure\",\"sessions:read\"", time_wall_us() / 1000000);
    service_param("HTTP_AUTHORIZATION=Bearer %s", token);
    assert_int_equal(service_ask("POST", "/api/auth/api-keys", "{\"role\":\"super_admin\"}"), 403);
    service_param("HTTP_AUTHORIZATION=Bearer %s", token);
    assert_int_equal(service_ask("POST", "/api/auth/api-keys", "{\"role\":\"api_user\"}"), 403);
    assert_string_equal(private_redis_ask(redis, "DBSIZE"), "0");
}

static void the_list_is_bare_in_one_dialect_and_paged_in_the_other(void **unused) {
    (void)unused;
    for (int i = 0; i < 3; i++)
        create("{\"description\":\"CI\"}");
    assert_int_equal(service_operator("GET", "/api/auth/api-keys", NULL), 200);
    assert_memory_equal(service_body(), "{\"api_keys\":[{\"key_id\":\"", 24);
    assert_int_equal(json_count(json_get(service_json(), "api_keys")), 3);
    assert_int_equal(json_count(service_json()), 1);
    assert_null(strstr(service_body(), "agn_"));
    assert_int_equal(service_operator("GET", "/api/v1/auth/api-keys?limit=2&offset=2", NULL), 200);
    assert_int_equal(json_count(json_get(service_json(), "items")), 1);
    assert_int_equal(int_at(service_json(), "total"), 3);
    assert_int_equal(int_at(service_json(), "limit"), 2);
    assert_int_equal(int_at(service_json(), "offset"), 2);
    assert_int_equal(service_operator("GET", "/api/v1/auth/api-keys", NULL), 200);
    assert_int_equal(int_at(service_json(), "limit"), 50);
}

static void a_damaged_record_is_on_no_page_and_not_counted(void **unused) {
    (void)unused;
    create("{}");
    private_redis_ask(redis, "SADD api_keys:index 0");
    private_redis_ask(redis, "SET api_key_id:0 feed");
    private_redis_ask(redis, "SET api_key:feed {}");
    for (int offset = 0; offset < 2; offset++) {
        char uri[64];
        snprintf(uri, sizeof(uri), "/api/v1/auth/api-keys?limit=1&offset=%d", offset);
        assert_int_equal(service_operator("GET", uri, NULL), 200);
        assert_int_equal(json_count(json_get(service_json(), "items")), offset == 0);
        assert_int_equal(int_at(service_json(), "total"), 1);
    }
}

static void a_bad_page_is_told(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/v1/auth/api-keys?limit=201&offset=-1", NULL),
                     422);
    assert_int_equal(json_count(json_get(service_json(), "detail")), 2);
    assert_int_equal(service_operator("GET", "/api/v1/auth/api-keys?limit=1&limit=2", NULL), 400);
}

static void creating_answers_201_and_location_in_the_second_dialect(void **unused) {
    (void)unused;
    char location[64];
    assert_int_equal(service_operator("POST", "/api/v1/auth/api-keys", "{}"), 201);
    snprintf(location, sizeof(location), "/api/v1/auth/api-keys/%s", service_str("key_id"));
    assert_string_equal(service_field("Location"), location);
}

static int create_keyed(const char *idempotency_key, const char *body) {
    service_param("HTTP_IDEMPOTENCY_KEY=%s", idempotency_key);
    return service_operator("POST", "/api/v1/auth/api-keys", body);
}

static void a_key_that_was_made_by_this_request_is_named_not_shown(void **unused) {
    (void)unused;
    assert_int_equal(create_keyed("k", "{\"description\":\"CI\"}"), 201);
    (void)text_copy(text_of(service_str("key_id")), id, sizeof(id));
    assert_int_equal(create_keyed("k", "{\"role\":\"api_user\",\"description\":\"CI\"}"), 409);
    assert_string_equal(service_str("code"), "already_created");
    assert_string_equal(service_str("key_id"), id);
    assert_null(strstr(service_body(), "agn_"));
    assert_string_equal(private_redis_ask(redis, "SCARD api_keys:index"), "1");
    assert_int_equal(create_keyed("k", "{\"description\":\"other\"}"), 422);
    assert_string_equal(service_str("code"), "idempotency_key_reused");
    assert_int_equal(create_keyed("a b", "{}"), 400);
    service_param("HTTP_IDEMPOTENCY_KEY=k"); /* it says which kind of thing was made, too */
    assert_int_equal(
        service_operator("POST", "/api/tasks", "{\"title\":\"t\",\"description\":\"d\"}"), 422);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(a_new_key_is_answered_as_the_original_did),
        SERVICE_TEST(a_key_works_at_once_within_its_role),
        SERVICE_TEST(a_revoked_key_is_dead_at_once),
        SERVICE_TEST(only_an_id_can_be_revoked),
        SERVICE_TEST(the_raw_key_is_nowhere_in_redis),
        SERVICE_TEST(an_expired_key_is_refused_and_listed_as_such),
        SERVICE_TEST(a_bad_order_is_told_field_by_field),
        SERVICE_TEST(nobody_grants_what_it_lacks),
        SERVICE_TEST(the_list_is_bare_in_one_dialect_and_paged_in_the_other),
        SERVICE_TEST(a_damaged_record_is_on_no_page_and_not_counted),
        SERVICE_TEST(a_bad_page_is_told),
        SERVICE_TEST(a_key_that_was_made_by_this_request_is_named_not_shown),
        SERVICE_TEST(creating_answers_201_and_location_in_the_second_dialect),
    };
    return SERVICE_RUN(tests);
}
