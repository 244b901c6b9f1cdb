/* Keys: how they are made, what is refused at sight, and their records. */
#include "agnostic/auth/apikey.h"
#include "json_help.h"

#include <stdio.h>
#include <string.h>

/* 2026-02-21T10:00:00Z */
enum { SECOND = 1000000 };
#define FEBRUARY INT64_C(1771668000000000)

static struct text with_last_digit_changed(char *key) {
    char *last = key + strlen(key) - 1;
    *last = *last == 'A' ? 'B' : 'A';
    return text_of(key);
}

static void a_fresh_key_is_plausible_and_its_id_is_of_its_hash(void **unused) {
    (void)unused;
    char key[APIKEY_SIZE], hash[SECURE_HEX_SIZE], id[APIKEY_ID_SIZE], again[SECURE_HEX_SIZE];
    assert_int_equal(apikey_make(key, hash, id), ERR_OK);
    assert_int_equal(strlen(key), 42);
    assert_true(text_starts(text_of(key), TEXT("agn_")));
    assert_true(apikey_is_plausible(text_of(key)));
    assert_int_equal(secure_sha256_hex(text_of(key), again), ERR_OK);
    assert_string_equal(hash, again);
    assert_memory_equal(id, hash, 8);
    assert_int_equal(strlen(id), 8);
}

static void every_digit_is_drawn_and_no_two_keys_are_alike(void **unused) {
    (void)unused;
    unsigned counts[256] = {0};
    char key[APIKEY_SIZE], before[APIKEY_SIZE] = "", hash[SECURE_HEX_SIZE], id[APIKEY_ID_SIZE];
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(apikey_make(key, hash, id), ERR_OK);
        assert_string_not_equal(key, before);
        memcpy(before, key, sizeof(key));
        for (int k = 4; k < 36; k++)
            counts[(unsigned char)key[k]]++;
    }
    /* 64 000 digits, 1032 of each expected; 5.5 standard deviations either way. Digits taken
     * without drawing again would stand at 1250. */
    unsigned kinds = 0;
    for (int c = 0; c < 256; c++) {
        kinds += counts[c] > 0;
        assert_true(counts[c] == 0 || (counts[c] > 856 && counts[c] < 1208));
    }
    assert_int_equal(kinds, 62);
}

static void a_mistyped_key_is_refused_at_sight(void **unused) {
    (void)unused;
    char key[APIKEY_SIZE], hash[SECURE_HEX_SIZE], id[APIKEY_ID_SIZE];
    assert_int_equal(apikey_make(key, hash, id), ERR_OK);
    assert_false(apikey_is_plausible(text_make(key, APIKEY_SIZE - 2)));
    assert_false(apikey_is_plausible(with_last_digit_changed(key)));
}

static void the_checksum_is_the_documented_one(void **unused) {
    (void)unused;
    /* The last six are what zlib and base 62 make of the rest elsewhere. */
    assert_true(apikey_is_plausible(TEXT("agn_0123456789ABCDEFGHIJKLMNOPQRSTUV4UMFyU")));
}

static void keys_of_the_original_are_looked_up_as_they_are(void **unused) {
    (void)unused;
    assert_true(apikey_is_plausible(TEXT("k3Jx9-_8fQ2mZrT7yLwV1bNcXdPaSgHuIoEiKjMqRtY")));
    assert_true(apikey_is_plausible(TEXT("agnostic-static-key")));
}

static void what_cannot_be_a_key_is_refused(void **unused) {
    (void)unused;
    char longest[APIKEY_MAX_BYTES + 1];
    static const char *const WRONG[] = {"",     " ",         "a b",  "a,b",   "a\tb",     "a\r\nb",
                                        "\x7f", "k\xc3\xa9", "agn_", "agn_*", "agn_short"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_false(apikey_is_plausible(text_of(WRONG[i])));
    assert_false(apikey_is_plausible(text_make("a\0b", 3)));
    memset(longest, 'k', sizeof(longest));
    assert_true(apikey_is_plausible(text_make(longest, APIKEY_MAX_BYTES)));
    assert_false(apikey_is_plausible(text_make(longest, APIKEY_MAX_BYTES + 1)));
}

/* --- records -------------------------------------------------------------------- */

static void put(struct buf *buf, const char *role, const char *expires_at) {
    buf_init(buf, 4096);
    apikey_record_put(buf, "0a1b2c3d", TEXT("CI \"main\""), text_of(role), "api-key-user",
                      "2026-02-21T10:00:00.123456", expires_at);
}

static void a_record_has_the_original_members_in_its_order(void **unused) {
    (void)unused;
    struct buf buf;
    put(&buf, "api_user", NULL);
    assert_string_equal(buf_str(&buf),
                        "{\"key_id\":\"0a1b2c3d\",\"description\":\"CI \\\"main\\\"\","
                        "\"role\":\"api_user\",\"created_by\":\"api-key-user\","
                        "\"created_at\":\"2026-02-21T10:00:00.123456\","
                        "\"user_id\":\"api-key-0a1b2c3d\",\"email\":\"api-key-0a1b2c3d@agnostic\","
                        "\"permissions\":[\"sessions:read\",\"sessions:write\",\"api:access\"]}");
    buf_done(&buf);
}

static void a_record_reads_back_and_expires_when_it_says(void **unused) {
    (void)unused;
    struct buf buf;
    struct apikey_record record;
    put(&buf, "qa_engineer", "2026-02-21T10:00:00Z");
    assert_int_equal(apikey_record_read(buf_text(&buf), &record), ERR_OK);
    assert_string_equal(record.key_id, "0a1b2c3d");
    assert_string_equal(record.description, "CI \"main\"");
    assert_string_equal(record.role, "qa_engineer");
    assert_string_equal(record.principal.user_id, "api-key-0a1b2c3d");
    assert_string_equal(record.principal.email, "api-key-0a1b2c3d@agnostic");
    assert_string_equal(record.principal.role, "qa_engineer");
    assert_true(principal_may(&record.principal, PERM_AGENTS_CONTROL));
    assert_false(principal_may(&record.principal, PERM_SYSTEM_CONFIGURE));
    assert_false(apikey_is_expired(&record, FEBRUARY - SECOND));
    assert_true(apikey_is_expired(&record, FEBRUARY));
    apikey_record_done(&record);
    buf_done(&buf);
}

static void a_record_as_python_writes_it_is_read(void **unused) {
    (void)unused;
    struct apikey_record record;
    assert_int_equal(
        apikey_record_read(
            TEXT(
                "{\"key_id\": \"deadbeef\", \"description\": \"caf\\u00e9\", \"role\": \"viewer\", "
                "\"created_by\": \"u1\", \"created_at\": \"2026-02-21T10:00:00\", "
                "\"user_id\": \"api-key-deadbeef\", \"email\": null, "
                "\"permissions\": [\"api:access\", \"sessions:read\", \"new:thing\"]}"),
            &record),
        ERR_OK);
    assert_string_equal(record.description, "caf\xc3\xa9");
    assert_string_equal(record.principal.email, "");
    assert_int_equal(record.principal.permissions,
                     PERM_BIT(PERM_API_ACCESS) | PERM_BIT(PERM_SESSIONS_READ));
    assert_null(record.expires_at);
    assert_false(apikey_is_expired(&record, INT64_MAX));
    apikey_record_done(&record);
}

static void a_damaged_record_lets_nobody_in(void **unused) {
    (void)unused;
    static const char *const DAMAGED[] = {
        "",
        "1",
        "[]",
        "{}",
        "{\"user_id\":\"\"}",
        "{\"user_id\":null}",
        "{\"user_id\":7}",
        "{\"user_id\":\"u\",\"user_id\":\"v\"}",
        "{\"user_id\":\"u\",\"email\":[]}",
        "{\"user_id\":\"u\",\"expires_at\":5}",
        "{\"user_id\":\"u\",\"expires_at\":\"soon\"}",
        "{\"user_id\":\"u\",\"expires_at\":\"\"}",
    };
    struct apikey_record record = {0};
    char longest[200];
    for (size_t i = 0; i < sizeof(DAMAGED) / sizeof(DAMAGED[0]); i++)
        assert_int_equal(apikey_record_read(text_of(DAMAGED[i]), &record), ERR_DAMAGED);
    int len = snprintf(longest, sizeof(longest), "{\"user_id\":\"%0128d\"}", 0);
    assert_int_equal(apikey_record_read(text_make(longest, (size_t)len), &record), ERR_DAMAGED);
    assert_null(record.root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_key_is_plausible_and_its_id_is_of_its_hash),
        cmocka_unit_test(every_digit_is_drawn_and_no_two_keys_are_alike),
        cmocka_unit_test(a_mistyped_key_is_refused_at_sight),
        cmocka_unit_test(the_checksum_is_the_documented_one),
        cmocka_unit_test(keys_of_the_original_are_looked_up_as_they_are),
        cmocka_unit_test(what_cannot_be_a_key_is_refused),
        cmocka_unit_test(a_record_has_the_original_members_in_its_order),
        cmocka_unit_test(a_record_reads_back_and_expires_when_it_says),
        cmocka_unit_test(a_record_as_python_writes_it_is_read),
        cmocka_unit_test(a_damaged_record_lets_nobody_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
