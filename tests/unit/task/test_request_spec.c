/* What of a request is sent back, and what is stored. */
#include "task/request_help.h"

/* --- what is sent back ------------------------------------------------------------ */

static void a_secret_is_never_sent_back(void **unused) {
    (void)unused;
    char *secret = repeated("hunter2", 40), body[1024];
    snprintf(body, sizeof(body),
             "{\"callback_secret\":%s,\"x\":[{\"Password\":\"hunter2\",\"api_key\":[\"hunter2\"]}],"
             "\"description\":\"d\"}",
             secret);
    char *detail = refusal(body);
    assert_null(strstr(detail, "hunter2"));
    assert_non_null(strstr(detail, "\"callback_secret\":\"***\""));
    assert_non_null(strstr(detail, "\"loc\":[\"body\",\"callback_secret\"],\"msg\":\"String should "
                                   "have at most 256 characters\",\"input\":null,"
                                   "\"ctx\":{\"max_length\":256}"));
    free(detail);
    free(secret);
    detail = refusal("{" GOOD ",\"callback_secret\":[\"hunter2\"]}");
    assert_null(strstr(detail, "hunter2"));
    free(detail);
}

/* Their headers and bodies may be credentials, whatever they are called. */
static void own_checks_are_never_sent_back(void **unused) {
    (void)unused;
    static const char CHECKS[] = "\"checks\":[{\"name\":\"a\",\"request\":{\"path\":\"/"
                                 "\",\"headers\":{\"X-Api-Key\":\"hunter2\","
                                 "\"Cookie\":\"hunter2\"},\"body\":\"hunter2\"},\"asserts\":[]}]";
    char body[512];
    snprintf(body, sizeof(body), "{\"title\":\"t\",%s}", CHECKS);
    char *detail = refusal(body);
    assert_null(strstr(detail, "hunter2"));
    free(detail);
    snprintf(body, sizeof(body), "{" GOOD ",%s}", CHECKS);
    detail = refusal(body);
    assert_null(strstr(detail, "hunter2"));
    free(detail);
}

static void a_large_body_is_not_sent_back_whole(void **unused) {
    (void)unused;
    struct buf buf;
    buf_init(&buf, ANSWER_MAX);
    buf_putc(&buf, '{');
    for (int i = 0; i < 200; i++) {
        buf_printf(&buf, "%s\"member%d\":[[1,2,3,4,5,6,7,8,9],\"", i > 0 ? "," : "", i);
        for (int k = 0; k < 300; k++)
            buf_puts(&buf, "\xc3\xa9");
        buf_puts(&buf, "\"]");
    }
    buf_putc(&buf, '}');
    char *detail = refusal(buf_str(&buf));
    assert_true(strlen(detail) < 16384);
    free(detail);
    buf_done(&buf);
}

static void a_body_that_is_not_json_is_told_like_python_does(void **unused) {
    (void)unused;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    request_fault_json(&out, &(struct json_fault){9, "Expecting value"});
    assert_string_equal(buf_str(&buf), "{\"type\":\"json_invalid\",\"loc\":[\"body\",9],"
                                       "\"msg\":\"JSON decode error\",\"input\":{},"
                                       "\"ctx\":{\"error\":\"Expecting value\"}}");
    buf_done(&buf);
}

static void a_fault_of_the_query_has_the_same_shape(void **unused) {
    (void)unused;
    struct buf buf;
    struct json_out out;
    struct json *input = json_of("\"0\"");
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    request_fault(&out, "greater_than_equal", "query", "limit",
                  "Input should be greater than or equal to 1", input, "ge", 1);
    request_fault(&out, "missing", "path", NULL, "Field required", NULL, NULL, 0);
    assert_string_equal(buf_str(&buf),
                        "{\"type\":\"greater_than_equal\",\"loc\":[\"query\",\"limit\"],"
                        "\"msg\":\"Input should be greater than or equal to 1\",\"input\":\"0\","
                        "\"ctx\":{\"ge\":1}},"
                        "{\"type\":\"missing\",\"loc\":[\"path\"],\"msg\":\"Field required\","
                        "\"input\":null}");
    json_free(input);
    buf_done(&buf);
}

/* --- the spec ---------------------------------------------------------------------- */

static char *spec_of(const char *body) {
    struct accepted a = accepted(body, 0);
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    request_put_spec(&a.request, &out);
    accepted_done(&a);
    return buf_take(&buf);
}

static void the_spec_has_every_field_but_the_callback(void **unused) {
    (void)unused;
    char *spec = spec_of("{" GOOD ",\"agents\":[\"performance\",\"qa_manager\"],\"target_url\":"
                         "\"https://shop.test/\",\"callback_url\":\"https://ci.test/\","
                         "\"callback_secret\":\"hunter2\",\"standards\":[\"GDPR\"],\"x\":1}");
    assert_string_equal(spec,
                        "{\"title\":\"t\",\"description\":\"d\","
                        "\"target_url\":\"https://shop.test/\",\"priority\":\"high\","
                        "\"standards\":[\"GDPR\"],\"agents\":[\"qa-manager\",\"performance\"],"
                        "\"business_goals\":\"Ensure quality and functionality\","
                        "\"constraints\":\"Standard testing environment\"}");
    free(spec);
}

static void a_spec_read_back_and_written_again_is_the_same(void **unused) {
    (void)unused;
    char *spec = spec_of("{" GOOD ",\"priority\":\"low\",\"queue_ttl_s\":60,\"load_rate\":50,"
                         "\"load_duration_s\":8,\"load_profile\":\"spike\",\"load_http\":\"2\","
                         "\"load_mix\":[\"3 /cart\",\"/search?q=x\"],"
                         "\"external_links\":true}");
    struct json *root = json_of(spec);
    struct request request;
    struct buf buf;
    struct json_out out;
    assert_int_equal(request_read_spec(root, &request), ERR_OK);
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    request_put_spec(&request, &out);
    assert_string_equal(buf_str(&buf), spec);
    assert_int_equal(request.queue_ttl_s, 60);
    assert_int_equal(request.load.rate, 50);
    assert_int_equal(request.load.duration_s, 8);
    assert_true(text_is(request.load.profile, "spike"));
    assert_true(request.external_links);
    assert_int_equal(request_roles(&request), ROLE_ALL);
    buf_done(&buf);
    json_free(root);
    free(spec);
}

static void the_plugins_of_a_spec_are_read_back(void **unused) {
    (void)unused;
    char *spec = spec_of("{" GOOD ",\"agents\":[\"performance/k_6\",\"qa_manager/x\"]}");
    assert_non_null(strstr(spec, "\"agents\":[\"performance/k_6\",\"qa-manager/x\"]"));
    struct json *root = json_of(spec);
    struct request request;
    assert_int_equal(request_read_spec(root, &request), ERR_OK);
    assert_int_equal(request.plugin_count, 2);
    assert_int_equal(request_roles(&request), 0);
    json_free(root);
    free(spec);
}

static void a_damaged_spec_is_not_read(void **unused) {
    (void)unused;
    static const char *const DAMAGED[] = {"[]", "{}", "{" GOOD ",\"priority\":\"now\"}",
                                          "{" GOOD ",\"agents\":[\"x\"]}"};
    struct request request;
    for (size_t i = 0; i < sizeof(DAMAGED) / sizeof(DAMAGED[0]); i++) {
        struct json *root = json_of(DAMAGED[i]);
        assert_int_equal(request_read_spec(root, &request), ERR_DAMAGED);
        json_free(root);
    }
    assert_int_equal(request_read_spec(NULL, &request), ERR_DAMAGED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_never_sent_back),
        cmocka_unit_test(own_checks_are_never_sent_back),
        cmocka_unit_test(a_large_body_is_not_sent_back_whole),
        cmocka_unit_test(a_body_that_is_not_json_is_told_like_python_does),
        cmocka_unit_test(a_fault_of_the_query_has_the_same_shape),
        cmocka_unit_test(the_spec_has_every_field_but_the_callback),
        cmocka_unit_test(a_spec_read_back_and_written_again_is_the_same),
        cmocka_unit_test(the_plugins_of_a_spec_are_read_back),
        cmocka_unit_test(a_damaged_spec_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
