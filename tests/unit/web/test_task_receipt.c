/* Who gets a receipt, and when there is none. */
#include "web/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID "0b0e1f2a-7c55-4a53-9d1e-0c9b6f3c1a11"

static char folder[64], path[96];

static int fresh(void **unused) {
    char settings[160];
    snprintf(folder, sizeof(folder), "/tmp/test-receipt-XXXXXX");
    if (mkdtemp(folder) == NULL || service_fresh(unused) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/key", folder);
    snprintf(settings, sizeof(settings), "AGNOSTIC_RECEIPT_KEY=%s\n", path);
    service_with(settings);
    return 0;
}

static int clean(void **unused) {
    (void)unused;
    unlink(path);
    return rmdir(folder);
}

static void store(const char *status, const char *result) {
    private_redis_ask(redis,
                      "SET task:" ID " {\"task_id\":\"" ID "\",\"session_id\":\"s\",\"status\":"
                      "\"%s\",\"created_at\":\"a\",\"updated_at\":\"b\",\"result\":%s}",
                      status, result);
}

static void a_finished_task_has_a_receipt(void **unused) {
    (void)unused;
    store("completed", "{\"verdict\":{\"status\":\"GO\"}}");
    assert_int_equal(service_operator("GET", "/api/tasks/" ID "/receipt", NULL), 200);
    assert_string_equal(service_type(), "application/jose");
    char *first = strdup(service_body());
    assert_int_equal(service_operator("GET", "/api/v1/tasks/" ID "/receipt", NULL), 200);
    assert_string_equal(service_body(), first);
    free(first);
}

static void one_that_runs_has_none_yet(void **unused) {
    (void)unused;
    store("running", "null");
    assert_int_equal(service_operator("GET", "/api/tasks/" ID "/receipt", NULL), 409);
    assert_non_null(service_field("Retry-After"));
}

static void what_is_no_task_has_none(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("GET", "/api/tasks/" ID "/receipt", NULL), 404);
    assert_int_equal(service_operator("GET", "/api/tasks/x%3A/receipt", NULL), 400);
    store("completed", "{}");
    assert_int_equal(service_ask("GET", "/api/tasks/" ID "/receipt", NULL), 401);
}

static void others_tasks_look_unknown_where_only_owners_read(void **unused) {
    char settings[192];
    (void)unused;
    store("completed", "{}");
    private_redis_ask(redis, "HSET task:" ID ":meta owner somebody");
    snprintf(settings, sizeof(settings), "AGNOSTIC_TASK_READ=owner\nAGNOSTIC_RECEIPT_KEY=%s\n",
             path);
    service_with(settings);
    assert_int_equal(service_operator("GET", "/api/tasks/" ID "/receipt", NULL), 404);
}

static void everybody_may_have_the_key(void **unused) {
    (void)unused;
    assert_int_equal(service_ask("GET", "/api/receipts/keys", NULL), 200);
    assert_int_equal(json_count(json_get(service_json(), "keys")), 1);
    assert_null(strstr(service_body(), "\"d\"")); /* the private part */
}

static void without_a_key_there_are_no_receipts(void **unused) {
    (void)unused;
    service_with("");
    store("completed", "{}");
    assert_int_equal(service_operator("GET", "/api/tasks/" ID "/receipt", NULL), 501);
    assert_int_equal(service_ask("GET", "/api/receipts/keys", NULL), 501);
}

#define RECEIPT_TEST(name) cmocka_unit_test_setup_teardown(name, fresh, clean)

int main(void) {
    const struct CMUnitTest tests[] = {
        RECEIPT_TEST(a_finished_task_has_a_receipt),
        RECEIPT_TEST(one_that_runs_has_none_yet),
        RECEIPT_TEST(what_is_no_task_has_none),
        RECEIPT_TEST(others_tasks_look_unknown_where_only_owners_read),
        RECEIPT_TEST(everybody_may_have_the_key),
        RECEIPT_TEST(without_a_key_there_are_no_receipts),
    };
    return SERVICE_RUN(tests);
}
