/* Receipts: what they say, and that no byte of one can be changed. */
#include "agnostic/report/receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agnostic/base/secure.h"
#include "json_help.h"

#define RECORD(status, result)                                                                     \
    "{\"task_id\":\"t-1\",\"session_id\":\"s-1\",\"status\":\"" status                             \
    "\",\"created_at\":\"2026-02-21T10:00:00+00:00\",\"updated_at\":\"2026-02-21T10:01:00+00:00\"" \
    ",\"result\":" result "}"
#define RESULT                                                                                     \
    "{\"verdict\":{\"status\":\"GO\"},\"test_plan\":{\"target_url\":\"https://a.test/\"}}"

static const struct text SPEC = TEXT("{\"target_url\":\"https://a.test/\"}");
static struct sign *ours, *theirs;

static struct sign *some_key(void) {
    char folder[] = "/tmp/test-receipt-XXXXXX", path[64];
    struct sign *sign = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/key", folder);
    assert_int_equal(sign_open(path, &sign, NULL), ERR_OK);
    unlink(path);
    rmdir(folder);
    return sign;
}

static int with_keys(void **state) {
    (void)state;
    ours = some_key();
    theirs = some_key();
    return 0;
}

static int without_keys(void **state) {
    (void)state;
    sign_free(ours);
    sign_free(theirs);
    return 0;
}

static struct buf receipt_of(const char *record, struct text spec) {
    struct buf buf;
    buf_init(&buf, RECEIPT_MAX_BYTES);
    assert_int_equal(receipt_write(text_of(record), spec, ours, &buf), ERR_OK);
    return buf;
}

static enum err read_with(struct text receipt, const struct sign *key) {
    struct json *payload = NULL;
    enum err err = receipt_read(receipt, sign_public(key), &payload);
    json_free(payload);
    return err;
}

static void a_receipt_says_what_was_tested_and_what_came_of_it(void **state) {
    struct buf receipt = receipt_of(RECORD("completed", RESULT), SPEC);
    char hex[SECURE_HEX_SIZE];
    struct json *payload = NULL;
    (void)state;
    assert_int_equal(receipt_read(buf_text(&receipt), sign_public(ours), &payload), ERR_OK);
    assert_string_equal(str_at(payload, "task_id"), "t-1");
    assert_string_equal(str_at(payload, "verdict"), "GO");
    assert_string_equal(str_at(payload, "target"), "https://a.test/");
    assert_string_equal(str_at(payload, "finished_at"), "2026-02-21T10:01:00+00:00");
    assert_int_equal(secure_sha256_hex(SPEC, hex), ERR_OK);
    assert_string_equal(str_at(payload, "spec_sha256"), hex);
    assert_int_equal(secure_sha256_hex(TEXT(RESULT "\n"), hex), ERR_OK);
    assert_string_equal(str_at(payload, "result_sha256"), hex);
    json_free(payload);
    buf_done(&receipt);
}

static void no_byte_of_a_receipt_can_be_changed(void **state) {
    struct buf receipt = receipt_of(RECORD("completed", RESULT), SPEC);
    struct text text = buf_text(&receipt);
    (void)state;
    for (size_t i = 0; i < text.len; i++) {
        char old = receipt.data[i];
        for (int bit = 0; bit < 8; bit++) {
            receipt.data[i] = (char)(old ^ 1 << bit);
            assert_int_not_equal(read_with(text, ours), ERR_OK);
        }
        receipt.data[i] = old;
        assert_int_not_equal(read_with(text_make(text.ptr, i), ours), ERR_OK);
    }
    assert_int_equal(read_with(text, ours), ERR_OK);
    assert_int_equal(read_with(text, theirs), ERR_REFUSED);
    buf_done(&receipt);
}

/* A receipt whose header asks for no signature, or for another algorithm, is no receipt. */
static void the_algorithm_is_not_the_bearers_choice(void **state) {
    static const char *const HEADERS[] = {"{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{}"};
    struct buf receipt = receipt_of(RECORD("completed", RESULT), SPEC);
    const char *rest = strchr(buf_str(&receipt), '.');
    (void)state;
    for (size_t i = 0; i < sizeof(HEADERS) / sizeof(HEADERS[0]); i++) {
        char header[64], forged[4096];
        text_base64url_put(HEADERS[i], strlen(HEADERS[i]), header);
        snprintf(forged, sizeof(forged), "%s%s", header, rest);
        assert_int_equal(read_with(text_of(forged), ours), ERR_REFUSED);
    }
    buf_done(&receipt);
}

static void what_is_not_known_is_null(void **state) {
    struct buf receipt = receipt_of(RECORD("failed", "{\"error\":{}}"), (struct text){NULL, 0});
    struct json *payload = NULL;
    (void)state;
    assert_int_equal(receipt_read(buf_text(&receipt), sign_public(ours), &payload), ERR_OK);
    assert_string_equal(str_at(payload, "status"), "failed");
    assert_int_equal(json_kind(json_get(payload, "verdict")), JSON_NULL);
    assert_int_equal(json_kind(json_get(payload, "target")), JSON_NULL);
    assert_int_equal(json_kind(json_get(payload, "spec_sha256")), JSON_NULL);
    json_free(payload);
    buf_done(&receipt);
}

static void a_task_that_runs_has_no_receipt(void **state) {
    struct buf buf;
    (void)state;
    buf_init(&buf, RECEIPT_MAX_BYTES);
    assert_int_equal(receipt_write(TEXT(RECORD("running", "null")), SPEC, ours, &buf), ERR_INVALID);
    assert_int_equal(receipt_write(TEXT("{}"), SPEC, ours, &buf), ERR_DAMAGED);
    buf_done(&buf);
}

static void a_key_comes_back_from_its_set(void **state) {
    unsigned char keys[RECEIPT_KEYS_MAX][SIGN_PUBLIC_BYTES];
    struct json_out out;
    struct buf buf;
    (void)state;
    buf_init(&buf, RECEIPT_MAX_BYTES);
    json_out_init(&out, &buf);
    assert_int_equal(receipt_keys_put(sign_public(ours), &out), ERR_OK);
    struct json *set = json_of(buf_str(&buf));
    assert_int_equal(receipt_keys_read(set, keys), 1);
    assert_memory_equal(keys[0], sign_public(ours), SIGN_PUBLIC_BYTES);
    json_free(set);
    buf_done(&buf);
    set = json_of("{\"keys\":[{\"crv\":\"Ed25519\",\"x\":\"AAAA\"},{\"crv\":\"P-256\"},7]}");
    assert_int_equal(receipt_keys_read(set, keys), 0);
    json_free(set);
}

/* RFC 8037, appendix A.3. */
static void a_key_is_named_by_its_thumbprint(void **state) {
    unsigned char key[SIGN_PUBLIC_BYTES];
    char kid[RECEIPT_KID_SIZE];
    size_t len;
    (void)state;
    assert_true(text_base64url(TEXT("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"), key,
                               sizeof(key), &len));
    assert_int_equal(receipt_kid(key, kid), ERR_OK);
    assert_string_equal(kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_says_what_was_tested_and_what_came_of_it),
        cmocka_unit_test(no_byte_of_a_receipt_can_be_changed),
        cmocka_unit_test(the_algorithm_is_not_the_bearers_choice),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(a_task_that_runs_has_no_receipt),
        cmocka_unit_test(a_key_comes_back_from_its_set),
        cmocka_unit_test(a_key_is_named_by_its_thumbprint),
    };
    return cmocka_run_group_tests(tests, with_keys, without_keys);
}
