/* The six-field record: as the original writes it, and ours in its shape. */
#include "agnostic/task/record.h"
#include "unit.h"

#include <string.h>

#define ID "0f8fad5b-d9cb-469f-a165-70867728950e"
#define SESSION "session_20260221_100000_0f8fad5b"
#define TIME "2026-02-21T10:00:00.123456+00:00"

static void pieces_make_exactly_six_fields_in_order(void **unused) {
    (void)unused;
    char head[RECORD_PIECE_SIZE], middle[RECORD_PIECE_SIZE];
    struct buf buf;
    buf_init(&buf, 4096);
    record_head(ID, SESSION, head);
    record_middle(TIME, middle);
    record_put(&buf, head, TASK_RUNNING, middle, "2026-02-21T10:00:01+00:00", TEXT("null"));
    assert_string_equal(buf_str(&buf),
                        "{\"task_id\":\"" ID "\",\"session_id\":\"" SESSION
                        "\",\"status\":\"running\",\"created_at\":\"" TIME
                        "\",\"updated_at\":\"2026-02-21T10:00:01+00:00\",\"result\":null}");
    buf_done(&buf);
}

static void the_longest_id_fits_a_piece(void **unused) {
    (void)unused;
    char head[RECORD_PIECE_SIZE], id[101];
    memset(id, 'a', 100);
    id[100] = '\0';
    record_head(id, SESSION, head);
    assert_string_equal(head + strlen(head) - strlen("\"status\":\""), "\"status\":\"");
}

static void a_record_of_the_original_is_read(void **unused) {
    (void)unused;
    struct record record;
    assert_int_equal(record_read(TEXT("{\"task_id\": \"" ID "\", \"session_id\": \"" SESSION
                                      "\", \"status\": \"completed\", \"created_at\": \"" TIME
                                      "\", \"updated_at\": \"" TIME
                                      "\", \"result\": {\"n\": 12345678901234567890, \"f\": []}}"),
                                 &record),
                     ERR_OK);
    assert_int_equal(record.state, TASK_COMPLETED);
    assert_string_equal(record.task_id, ID);
    assert_string_equal(record.session_id, SESSION);
    assert_string_equal(record.created_at, TIME);
    assert_int_equal(json_kind(json_get(record.result, "f")), JSON_ARRAY);
    record_done(&record);
    assert_null(record.root);
}

static void members_may_come_in_any_order_with_more_beside_them(void **unused) {
    (void)unused;
    struct record record;
    assert_int_equal(record_read(TEXT("{\"crew_id\":1,\"updated_at\":\"b\",\"result\":null,"
                                      "\"status\":\"partial\",\"created_at\":\"a\","
                                      "\"session_id\":\"s\",\"task_id\":\"t\"}"),
                                 &record),
                     ERR_OK);
    assert_int_equal(record.state, TASK_COMPLETED);
    assert_int_equal(json_kind(record.result), JSON_NULL);
    record_done(&record);
}

static void damage_is_said_not_guessed(void **unused) {
    (void)unused;
    static const char *const DAMAGED[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"task_id\":\"t\"",
        "{\"task_id\":1,\"session_id\":\"s\",\"status\":\"pending\",\"created_at\":\"a\","
        "\"updated_at\":\"b\",\"result\":null}",
        "{\"task_id\":\"t\",\"session_id\":\"s\",\"status\":\"sleeping\",\"created_at\":\"a\","
        "\"updated_at\":\"b\",\"result\":null}",
        "{\"task_id\":\"t\",\"session_id\":\"s\",\"status\":\"pending\",\"created_at\":null,"
        "\"updated_at\":\"b\",\"result\":null}",
        "{\"task_id\":\"t\",\"session_id\":\"s\",\"status\":\"pending\",\"created_at\":\"a\","
        "\"updated_at\":\"b\",\"result\":null}x",
    };
    struct record record = {0};
    for (size_t i = 0; i < sizeof(DAMAGED) / sizeof(DAMAGED[0]); i++)
        assert_int_equal(record_read(text_of(DAMAGED[i]), &record), ERR_DAMAGED);
    assert_null(record.root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_make_exactly_six_fields_in_order),
        cmocka_unit_test(the_longest_id_fits_a_piece),
        cmocka_unit_test(a_record_of_the_original_is_read),
        cmocka_unit_test(members_may_come_in_any_order_with_more_beside_them),
        cmocka_unit_test(damage_is_said_not_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
