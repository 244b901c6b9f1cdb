/* Replies: one shape for every error, and no line of a client's making in the head. */
#include "json_help.h"
#include "web/reply.h"

#include <string.h>

static struct reply reply;

static int fresh(void **unused) {
    (void)unused;
    reply_init(&reply);
    return 0;
}

static int done(void **unused) {
    (void)unused;
    reply_done(&reply);
    return 0;
}

static struct json *body(void) {
    return json_of(reply.payload.ptr);
}

static bool has_field(const char *line) {
    return strstr(buf_str(&reply.head), line) != NULL;
}

static void every_error_has_the_originals_text_first_and_the_rfcs_members(void **unused) {
    (void)unused;
    for (int err = 1; err < ERR__COUNT; err++) {
        reply_reset(&reply);
        assert_non_null(reply_error(&reply, (enum err)err));
        assert_int_equal(reply.status, err_status((enum err)err));
        assert_memory_equal(reply.payload.ptr, "{\"detail\":\"", 11);
        struct json *root = body();
        assert_string_equal(str_at(root, "detail"), err_text((enum err)err));
        assert_string_equal(str_at(root, "type"), "about:blank");
        assert_string_equal(str_at(root, "title"), reply_phrase(reply.status));
        assert_string_not_equal(reply_phrase(reply.status), "Unknown");
        assert_int_equal(int_at(root, "status"), reply.status);
        assert_string_equal(str_at(root, "code"), err_word((enum err)err));
        json_free(root);
    }
}

static void a_401_challenges_and_tells_a_bad_token_apart(void **unused) {
    (void)unused;
    assert_non_null(reply_error(&reply, ERR_BAD_KEY));
    assert_true(
        has_field("WWW-Authenticate: Bearer realm=\"agnostic\", ApiKey realm=\"agnostic\"\r\n"));
    reply_reset(&reply);
    assert_non_null(reply_error(&reply, ERR_BAD_TOKEN));
    assert_true(has_field("Bearer realm=\"agnostic\", error=\"invalid_token\", ApiKey realm="));
    reply_reset(&reply);
    assert_non_null(reply_error(&reply, ERR_FORBIDDEN));
    assert_false(has_field("WWW-Authenticate"));
}

static void a_passing_trouble_says_when_to_come_back(void **unused) {
    (void)unused;
    static const enum err PASSING[] = {ERR_STORE, ERR_STORE_FULL, ERR_QUEUE_FULL,
                                       ERR_TOO_MANY_OPEN};
    for (size_t i = 0; i < sizeof(PASSING) / sizeof(PASSING[0]); i++) {
        reply_reset(&reply);
        assert_non_null(reply_error(&reply, PASSING[i]));
        assert_true(has_field("Retry-After: "));
    }
}

static void a_value_with_a_line_break_is_left_out(void **unused) {
    (void)unused;
    reply_field(&reply, "X-Good", TEXT("a b\xc3\xa9"));
    reply_field(&reply, "X-Bad", TEXT("a\r\nSet-Cookie: x"));
    reply_field(&reply, "X-Bad", TEXT("a\nb"));
    reply_field(&reply, "X-Bad", text_make("a\0b", 3));
    assert_string_equal(buf_str(&reply.head), "X-Good: a b\xc3\xa9\r\n");
}

static void a_value_that_does_not_fit_is_left_out_whole(void **unused) {
    (void)unused;
    static char long_value[REPLY_HEAD_MAX];
    memset(long_value, 'x', sizeof(long_value));
    reply_field(&reply, "X-Good", TEXT("a"));
    reply_field(&reply, "X-Long", text_make(long_value, sizeof(long_value)));
    reply_field(&reply, "X-Next", TEXT("b"));
    reply_field_int(&reply, "X-Last", 5);
    assert_string_equal(buf_str(&reply.head), "X-Good: a\r\nX-Next: b\r\nX-Last: 5\r\n");
}

static void an_error_drops_what_was_written_before(void **unused) {
    (void)unused;
    json_out_object(&reply.out);
    json_out_member(&reply.out, "half", "written");
    assert_non_null(reply_error(&reply, ERR_NO_TASK));
    struct json *root = body();
    assert_null(json_get(root, "half"));
    json_free(root);
}

static void a_body_beyond_its_ceiling_is_an_error_not_half_a_body(void **unused) {
    (void)unused;
    reply.body.max = 64;
    json_out_object(&reply.out);
    json_out_member(&reply.out, "x",
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    json_out_end_object(&reply.out);
    assert_non_null(reply_json(&reply, 200));
    assert_int_equal(reply.status, 500);
}

static void faults_are_told_in_the_originals_shape(void **unused) {
    (void)unused;
    reply_faults_begin(&reply);
    json_out_array(&reply.out);
    json_out_str(&reply.out, "a fault");
    json_out_end_array(&reply.out);
    assert_non_null(reply_faults(&reply));
    assert_int_equal(reply.status, 422);
    assert_memory_equal(reply.payload.ptr, "{\"detail\":[\"a fault\"],", 22);
    struct json *root = body();
    assert_string_equal(str_at(root, "code"), "validation_error");
    json_free(root);
}

#define REPLY_TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)

int main(void) {
    const struct CMUnitTest tests[] = {
        REPLY_TEST(every_error_has_the_originals_text_first_and_the_rfcs_members),
        REPLY_TEST(a_401_challenges_and_tells_a_bad_token_apart),
        REPLY_TEST(a_passing_trouble_says_when_to_come_back),
        REPLY_TEST(a_value_with_a_line_break_is_left_out),
        REPLY_TEST(a_value_that_does_not_fit_is_left_out_whole),
        REPLY_TEST(an_error_drops_what_was_written_before),
        REPLY_TEST(a_body_beyond_its_ceiling_is_an_error_not_half_a_body),
        REPLY_TEST(faults_are_told_in_the_originals_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
