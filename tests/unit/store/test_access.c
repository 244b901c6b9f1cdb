/* API keys and revoked tokens, ours and the original's. */
#include "store/kit.h"

#include <stdio.h>
#include <string.h>

#include "agnostic/auth/apikey.h"

static const char ORIGINAL[] =
    "{\"key_id\": \"0badcafe\", \"description\": \"CI \\u2014 main\", \"role\": \"api_user\", "
    "\"created_by\": \"admin\", \"created_at\": \"2026-02-21T10:00:00.123456\", \"user_id\": "
    "\"api-key-0badcafe\", \"email\": \"api-key-0badcafe@agnostic\", \"permissions\": "
    "[\"sessions:read\", \"sessions:write\", \"api:access\"]}";

static void create(const char *hash, const char *id) {
    assert_int_equal(access_store_create(store, hash, id, text_of(id)), ERR_OK);
}

static struct access_answer find(enum access_kind kind, const char *digest) {
    struct access_query query = {.kind = kind};
    struct access_answer answer = {0};
    snprintf(query.digest, sizeof query.digest, "%s", digest);
    assert_int_equal(access_store_find(store, &query, &answer), ERR_OK);
    return answer;
}

static bool is_found(enum access_kind kind, const char *digest) {
    struct access_answer answer = find(kind, digest);
    bool found = answer.found;
    access_answer_done(&answer);
    return found;
}

/* The visited records, joined by spaces. */
static void join(void *ctx, struct text record) {
    struct buf *buf = ctx;
    buf_puts(buf, buf->len > 0 ? " " : "");
    buf_puttext(buf, record);
}

static void assert_listed(const char *expected) {
    struct buf listed;
    buf_init(&listed, 1 << 16);
    assert_int_equal(access_store_list(store, join, &listed), ERR_OK);
    assert_string_equal(buf_str(&listed), expected);
    buf_done(&listed);
}

static void a_key_is_kept_as_the_original_keeps_it(void **state_) {
    (void)state_;
    create("aabbccdd00", "aabbccdd");
    assert_says("aabbccdd", "GET api_key:aabbccdd00");
    assert_says("aabbccdd00", "GET api_key_id:aabbccdd");
    assert_says("aabbccdd", "SMEMBERS api_keys:index");
    assert_says("-1", "TTL api_key:aabbccdd00");
}

static void a_record_has_the_fields_of_the_original(void **state_) {
    (void)state_;
    struct buf record;
    buf_init(&record, 4096);
    apikey_record_put(&record, "0badcafe", TEXT("CI"), TEXT("api_user"), "admin",
                      "2026-02-21T10:00:00", NULL);
    assert_int_equal(access_store_create(store, "0badcafe11", "0badcafe", buf_text(&record)),
                     ERR_OK);
    const char *at = ask("GET api_key:0badcafe11");
    static const char *const NAMES[] = {
        "{\"key_id\":",    "\"description\":", "\"role\":",  "\"created_by\":",
        "\"created_at\":", "\"user_id\":",     "\"email\":", "\"permissions\":"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        at = strstr(at, NAMES[i]);
        assert_non_null(at);
    }
    buf_done(&record);
}

static void a_key_of_the_original_is_found_and_listed(void **state_) {
    (void)state_;
    private_redis_set(redis, "api_key:0badcafe99", ORIGINAL);
    ask("SET api_key_id:0badcafe 0badcafe99");
    ask("SADD api_keys:index 0badcafe");
    struct access_answer answer = find(ACCESS_API_KEY, "0badcafe99");
    assert_true(answer.found);
    assert_string_equal(answer.value, ORIGINAL);
    access_answer_done(&answer);
    assert_listed(ORIGINAL);
    assert_int_equal(access_store_revoke(store, "0badcafe"), ERR_OK);
    assert_says("0", "DBSIZE");
}

static void an_id_that_is_taken_is_refused(void **state_) {
    (void)state_;
    create("aabbccdd00", "aabbccdd");
    assert_int_equal(access_store_create(store, "aabbccdd11", "aabbccdd", TEXT("other")),
                     ERR_CONFLICT);
    assert_says("aabbccdd00", "GET api_key_id:aabbccdd");
    assert_says("0", "EXISTS api_key:aabbccdd11");
}

static void a_revoked_key_is_gone_at_once(void **state_) {
    (void)state_;
    create("aabbccdd00", "aabbccdd");
    assert_true(is_found(ACCESS_API_KEY, "aabbccdd00"));
    assert_int_equal(access_store_revoke(store, "aabbccdd"), ERR_OK);
    assert_false(is_found(ACCESS_API_KEY, "aabbccdd00"));
    assert_says("0", "DBSIZE");
    assert_int_equal(access_store_revoke(store, "aabbccdd"), ERR_NO_KEY);
}

static void a_key_can_be_revoked_when_redis_is_full(void **state_) {
    (void)state_;
    create("aabbccdd00", "aabbccdd");
    ask("CONFIG SET maxmemory 1");
    enum err created = access_store_create(store, "11", "22", TEXT("x"));
    enum err revoked = access_store_revoke(store, "aabbccdd");
    ask("CONFIG SET maxmemory 0");
    assert_int_equal(created, ERR_STORE_FULL);
    assert_int_equal(revoked, ERR_OK);
}

static void keys_are_listed_by_id(void **state_) {
    (void)state_;
    create("h2", "bb");
    create("h1", "aa");
    create("h3", "cc");
    ask("SADD api_keys:index a-dangling-id");
    ask("SADD api_keys:index %0100d", 0);
    ask("DEL api_key:h3");
    assert_listed("aa bb");
}

static void long_lists_are_whole(void **state_) {
    (void)state_;
    struct buf expected;
    char hash[16], id[16];
    buf_init(&expected, 1 << 16);
    for (int i = 100; i < 450; i++) {
        snprintf(hash, sizeof hash, "h%d", i);
        snprintf(id, sizeof id, "k%d", i);
        create(hash, id);
        buf_printf(&expected, "%s%s", i > 100 ? " " : "", id);
    }
    assert_listed(buf_str(&expected));
    buf_done(&expected);
}

static void a_revoked_token_is_found(void **state_) {
    (void)state_;
    assert_false(is_found(ACCESS_TOKEN, "ff"));
    ask("SET blacklist_token:ff 1 EX 60");
    assert_true(is_found(ACCESS_TOKEN, "ff"));
}

static void nothing_to_ask_needs_no_redis(void **state_) {
    (void)state_;
    struct store *away = NULL;
    struct fault fault;
    struct access_query query = {.kind = ACCESS_NOTHING};
    struct access_answer answer;
    assert_int_equal(store_new("unix:///nowhere/s", 100, &away, &fault), ERR_OK);
    assert_int_equal(access_store_find(away, &query, &answer), ERR_OK);
    assert_false(answer.found);
    query.kind = ACCESS_API_KEY;
    assert_int_equal(access_store_find(away, &query, &answer), ERR_STORE);
    store_free(away);
}

static enum err create_once(const char *hash, const char *id, const char *key, const char *print,
                            char made[static APIKEY_ID_SIZE]) {
    struct access_once once = {.owner = "ann", .fingerprint = print, .idem_key = text_of(key)};
    return access_store_create_once(store, hash, id, text_of(id), &once, made);
}

static void a_key_is_made_once_per_idempotency_key(void **state_) {
    (void)state_;
    char made[APIKEY_ID_SIZE] = "";
    assert_int_equal(create_once("aabbccdd00", "aabbccdd", "k", "0a", made), ERR_OK);
    assert_int_equal(create_once("1122334400", "11223344", "k", "0a", made), ERR_ALREADY_CREATED);
    assert_string_equal(made, "aabbccdd");
    assert_int_equal(create_once("1122334400", "11223344", "k", "0b", made), ERR_IDEMPOTENCY);
    assert_says("aabbccdd", "SMEMBERS api_keys:index");
    assert_int_equal(create_once("1122334400", "11223344", "l", "0a", made), ERR_OK);
}

static void a_clash_leaves_the_idempotency_key_free(void **state_) {
    (void)state_;
    char made[APIKEY_ID_SIZE] = "";
    create("aabbccdd00", "aabbccdd");
    assert_int_equal(create_once("aabbccdd11", "aabbccdd", "k", "0a", made), ERR_CONFLICT);
    assert_int_equal(create_once("1122334400", "11223344", "k", "0a", made), ERR_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_made_once_per_idempotency_key),
        TEST(a_clash_leaves_the_idempotency_key_free),
        TEST(a_key_is_kept_as_the_original_keeps_it),
        TEST(a_record_has_the_fields_of_the_original),
        TEST(a_key_of_the_original_is_found_and_listed),
        TEST(an_id_that_is_taken_is_refused),
        TEST(a_revoked_key_is_gone_at_once),
        TEST(a_key_can_be_revoked_when_redis_is_full),
        TEST(keys_are_listed_by_id),
        TEST(long_lists_are_whole),
        TEST(a_revoked_token_is_found),
        TEST(nothing_to_ask_needs_no_redis),
    };
    return RUN(tests);
}
