/* The memo of key records: the same bytes mean the same principal, nothing else does. */
#include "unit.h"
#include "web/guard.h"

#define DIGEST "ab"
#define NOW_US (INT64_C(1771668000) * 1000000)
#define RECORD(permission, more)                                                                   \
    "{\"key_id\":\"1a2b3c4d\",\"description\":\"\",\"role\":\"api_user\",\"created_by\":\"x\","    \
    "\"created_at\":\"2026-01-01T00:00:00\",\"user_id\":\"api-key-1a2b3c4d\","                     \
    "\"email\":\"e\",\"permissions\":[\"" permission "\"]" more "}"

static struct key_memo *memo;

static int start(void **unused) {
    (void)unused;
    memo = key_memo_new();
    return memo == NULL;
}

static int stop(void **unused) {
    (void)unused;
    key_memo_free(memo);
    return 0;
}

static enum err judge(const char *record, int64_t now_us, struct principal *ret_principal) {
    struct access_query query = {.kind = ACCESS_API_KEY, .digest = DIGEST};
    struct access_answer answer = {record != NULL, (char *)record};
    return guard_judge(&query, &answer, now_us, memo, ret_principal);
}

static void the_same_bytes_are_known_again(void **unused) {
    (void)unused;
    struct principal principal = {0}, again = {0};
    assert_int_equal(judge(RECORD("sessions:read", ""), NOW_US, &principal), ERR_OK);
    assert_true(key_memo_find(memo, DIGEST, TEXT(RECORD("sessions:read", "")), &again));
    assert_memory_equal(&principal, &again, sizeof(again));
}

static void a_changed_record_is_read_anew(void **unused) {
    (void)unused;
    struct principal principal = {0};
    assert_int_equal(judge(RECORD("sessions:read", ""), NOW_US, &principal), ERR_OK);
    assert_int_equal(judge(RECORD("sessions:write", ""), NOW_US, &principal), ERR_OK);
    assert_int_equal(principal.permissions, PERM_BIT(PERM_SESSIONS_WRITE));
}

static void a_revoked_key_is_dead_although_it_is_remembered(void **unused) {
    (void)unused;
    struct principal principal = {0};
    assert_int_equal(judge(RECORD("sessions:read", ""), NOW_US, &principal), ERR_OK);
    assert_int_equal(judge(NULL, NOW_US, &principal), ERR_BAD_KEY);
}

static void a_key_that_expires_is_judged_every_time(void **unused) {
    (void)unused;
    static const char record[] =
        RECORD("sessions:read", ",\"expires_at\":\"2026-02-21T10:00:01+00:00\"");
    struct principal principal = {0};
    assert_int_equal(judge(record, NOW_US, &principal), ERR_OK);
    assert_int_equal(judge(record, NOW_US + 2000000, &principal), ERR_BAD_KEY);
}

static void a_record_that_is_too_long_is_not_kept(void **unused) {
    (void)unused;
    static char longer[KEY_MEMO_MAX_BYTES + 1];
    struct principal principal = {0};
    struct text bytes = text_make(longer, sizeof(longer));
    key_memo_keep(memo, DIGEST, bytes, &principal);
    assert_false(key_memo_find(memo, DIGEST, bytes, &principal));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_bytes_are_known_again, start, stop),
        cmocka_unit_test_setup_teardown(a_changed_record_is_read_anew, start, stop),
        cmocka_unit_test_setup_teardown(a_revoked_key_is_dead_although_it_is_remembered, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_key_that_expires_is_judged_every_time, start, stop),
        cmocka_unit_test_setup_teardown(a_record_that_is_too_long_is_not_kept, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
