/* What a client may order, and what it is told when it may not. */
#include "agnostic/task/request.h"
#include "json_help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 20 };

#define GOOD "\"title\":\"t\",\"description\":\"d\""
#define EXPECTED_PRIORITY "'critical', 'high', 'medium' or 'low'"
#define EXPECTED_AGENTS                                                                            \
    "'qa-manager', 'security-compliance', 'junior-qa', 'senior-qa', 'performance' or 'qa-analyst'"

/* The detail of a refused body; the caller frees. */
static char *refusal(const char *body_json) {
    struct json *body = json_of(body_json);
    struct request request;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    if (request_read(body, 0, &request, &out) != ERR_INVALID)
        fail_msg("accepted: %.300s", body_json);
    json_free(body);
    char *detail = buf_take(&buf);
    assert_non_null(detail);
    json_free(json_of(detail)); /* it is JSON, whatever came in */
    return detail;
}

static void assert_refused(const char *body_json, const char *expected) {
    char *detail = refusal(body_json);
    assert_string_equal(detail, expected);
    free(detail);
}

/* A value of a field beside good ones: the one fault it is refused with. */
static void assert_fault(const char *field, const char *value, const char *type,
                         const char *position, const char *msg, const char *input,
                         const char *ctx) {
    char body[8192], expected[8192];
    bool is_required = strcmp(field, "title") == 0 || strcmp(field, "description") == 0;
    snprintf(body, sizeof(body), "{\"%s\":%s,%s}", field, value,
             !is_required                  ? GOOD
             : strcmp(field, "title") == 0 ? "\"description\":\"d\""
                                           : "\"title\":\"t\"");
    snprintf(expected, sizeof(expected),
             "[{\"type\":\"%s\",\"loc\":[\"body\",\"%s\"%s],\"msg\":\"%s\",\"input\":%s%s%s%s}]",
             type, field, position, msg, input, ctx[0] ? ",\"ctx\":{" : "", ctx, ctx[0] ? "}" : "");
    assert_refused(body, expected);
}

/* {request, document} of an accepted body; accepted_done frees. */
struct accepted {
    struct request request;
    struct json *body;
};

static struct accepted accepted(const char *body_json, role_set agents) {
    struct accepted accepted = {.body = json_of(body_json)};
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    if (request_read(accepted.body, agents, &accepted.request, &out) != ERR_OK)
        fail_msg("refused: %s", buf_str(&buf));
    assert_int_equal(buf.len, 0);
    return accepted;
}

static void accepted_done(struct accepted *accepted) {
    json_free(accepted->body);
}

static char *repeated(const char *piece, size_t times) {
    struct buf buf;
    buf_init(&buf, ANSWER_MAX);
    buf_putc(&buf, '"');
    for (size_t i = 0; i < times; i++)
        buf_puts(&buf, piece);
    buf_putc(&buf, '"');
    return buf_take(&buf);
}

/* --- accepted ------------------------------------------------------------------- */

static void what_is_left_out_has_the_original_defaults(void **unused) {
    (void)unused;
    struct accepted a = accepted("{" GOOD "}", 0);
    assert_true(text_is(a.request.title, "t"));
    assert_true(text_is(a.request.business_goals, "Ensure quality and functionality"));
    assert_true(text_is(a.request.constraints, "Standard testing environment"));
    assert_int_equal(a.request.priority, TASK_HIGH);
    assert_null(a.request.target_url.ptr);
    assert_null(a.request.callback_url.ptr);
    assert_null(a.request.callback_secret.ptr);
    assert_int_equal(json_count(a.request.standards), 0);
    assert_int_equal(a.request.agents, 0);
    assert_int_equal(request_roles(&a.request), ROLE_ALL);
    accepted_done(&a);
}

static void null_is_as_good_as_nothing_where_the_original_allows_it(void **unused) {
    (void)unused;
    struct accepted a =
        accepted("{" GOOD ",\"target_url\":null,\"callback_url\":null,\"callback_secret\":null,"
                 "\"unknown\":{\"a\":1}}",
                 0);
    assert_null(a.request.target_url.ptr);
    assert_null(a.request.callback_url.ptr);
    assert_null(a.request.callback_secret.ptr);
    accepted_done(&a);
}

static void agents_are_a_set_however_they_are_written(void **unused) {
    (void)unused;
    struct accepted a =
        accepted("{" GOOD ",\"agents\":[\"junior_qa\",\"junior-qa\",\"security_compliance\"]}", 0);
    assert_int_equal(a.request.agents,
                     ROLE_BIT(ROLE_JUNIOR_QA) | ROLE_BIT(ROLE_SECURITY_COMPLIANCE));
    assert_int_equal(request_roles(&a.request), a.request.agents);
    accepted_done(&a);
}

static void the_choice_of_a_route_replaces_the_one_of_the_body(void **unused) {
    (void)unused;
    struct accepted a =
        accepted("{" GOOD ",\"agents\":[\"junior-qa\"]}", ROLE_BIT(ROLE_PERFORMANCE));
    assert_int_equal(a.request.agents, ROLE_BIT(ROLE_PERFORMANCE));
    accepted_done(&a);
}

static void lengths_are_code_points(void **unused) {
    (void)unused;
    char *title = repeated("\xf0\x9f\x92\xa9", REQUEST_TITLE_MAX), body[4096];
    snprintf(body, sizeof(body), "{\"title\":%s,\"description\":\"d\"}", title);
    struct accepted a = accepted(body, 0);
    assert_int_equal(a.request.title.len, 4 * REQUEST_TITLE_MAX);
    accepted_done(&a);
    free(title);
}

/* --- refused --------------------------------------------------------------------- */

static void everything_that_is_wrong_is_told_at_once_in_field_order(void **unused) {
    (void)unused;
    assert_refused(
        "{\"constraints\":7,\"priority\":\"urgent\",\"title\":\"\"}",
        "[{\"type\":\"string_too_short\",\"loc\":[\"body\",\"title\"],"
        "\"msg\":\"String should have at least 1 character\",\"input\":\"\","
        "\"ctx\":{\"min_length\":1}},"
        "{\"type\":\"missing\",\"loc\":[\"body\",\"description\"],\"msg\":\"Field required\","
        "\"input\":{\"constraints\":7,\"priority\":\"urgent\",\"title\":\"\"}},"
        "{\"type\":\"literal_error\",\"loc\":[\"body\",\"priority\"],"
        "\"msg\":\"Input should be " EXPECTED_PRIORITY "\",\"input\":\"urgent\","
        "\"ctx\":{\"expected\":\"" EXPECTED_PRIORITY "\"}},"
        "{\"type\":\"string_type\",\"loc\":[\"body\",\"constraints\"],"
        "\"msg\":\"Input should be a valid string\",\"input\":7}]");
}

static void no_field_takes_a_value_of_another_type(void **unused) {
    (void)unused;
    static const char *const TEXTS[] = {"title",          "description", "target_url",
                                        "business_goals", "constraints", "callback_url"};
    static const char *const VALUES[] = {"1", "1.5", "true", "[]", "{}", "[\"a\"]"};
    for (size_t f = 0; f < sizeof(TEXTS) / sizeof(TEXTS[0]); f++) {
        for (size_t v = 0; v < sizeof(VALUES) / sizeof(VALUES[0]); v++)
            assert_fault(TEXTS[f], VALUES[v], "string_type", "", "Input should be a valid string",
                         VALUES[v], "");
    }
    static const char *const LISTS[] = {"standards", "agents"};
    static const char *const NO_LISTS[] = {"1", "null", "true", "\"OWASP\"", "{}"};
    for (size_t f = 0; f < sizeof(LISTS) / sizeof(LISTS[0]); f++) {
        for (size_t v = 0; v < sizeof(NO_LISTS) / sizeof(NO_LISTS[0]); v++)
            assert_fault(LISTS[f], NO_LISTS[v], "list_type", "", "Input should be a valid list",
                         NO_LISTS[v], "");
    }
}

static void null_is_no_string_where_there_is_a_default(void **unused) {
    (void)unused;
    static const char *const FIELDS[] = {"title", "description", "business_goals", "constraints"};
    for (size_t f = 0; f < sizeof(FIELDS) / sizeof(FIELDS[0]); f++)
        assert_fault(FIELDS[f], "null", "string_type", "", "Input should be a valid string", "null",
                     "");
}

static void a_priority_is_one_of_four_words(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"\"HIGH\"", "\"\"", "1", "null", "[\"high\"]", "\"high \""};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_fault("priority", WRONG[i], "literal_error", "",
                     "Input should be " EXPECTED_PRIORITY, WRONG[i],
                     "\"expected\":\"" EXPECTED_PRIORITY "\"");
}

static void an_unknown_agent_is_named_by_its_place(void **unused) {
    (void)unused;
    assert_fault("agents", "[\"junior-qa\",\"hacker\"]", "literal_error", ",1",
                 "Input should be " EXPECTED_AGENTS, "\"hacker\"",
                 "\"expected\":\"" EXPECTED_AGENTS "\"");
    assert_fault("agents", "[null]", "literal_error", ",0", "Input should be " EXPECTED_AGENTS,
                 "null", "\"expected\":\"" EXPECTED_AGENTS "\"");
}

static void standards_are_short_strings(void **unused) {
    (void)unused;
    assert_fault("standards", "[\"OWASP\",5]", "string_type", ",1",
                 "Input should be a valid string", "5", "");
    char *word = repeated("x", REQUEST_STANDARD_MAX + 1), list[256];
    snprintf(list, sizeof(list), "[%s]", word);
    assert_fault("standards", list, "string_too_long", ",0",
                 "String should have at most 64 characters", word, "\"max_length\":64");
    free(word);
}

static void a_list_has_an_end(void **unused) {
    (void)unused;
    char list[1024] = "[", input[1024] = "[";
    for (int i = 0; i < REQUEST_STANDARDS_MAX + 1; i++)
        strcat(list, i == 0 ? "\"a\"" : ",\"a\"");
    for (int i = 0; i < 20; i++)
        strcat(input, i == 0 ? "\"a\"" : ",\"a\"");
    strcat(list, "]");
    strcat(input, "]");
    assert_fault("standards", list, "too_long", "",
                 "List should have at most 32 items after validation, not 33", input,
                 "\"field_type\":\"List\",\"max_length\":32,\"actual_length\":33");
}

static void too_long_is_told_with_the_limit_and_a_cut_echo(void **unused) {
    (void)unused;
    static const struct {
        const char *field, *msg, *ctx;
        size_t max;
    } LIMITS[] = {
        {"title", "String should have at most 200 characters", "\"max_length\":200", 200},
        {"description", "String should have at most 5000 characters", "\"max_length\":5000", 5000},
        {"business_goals", "String should have at most 500 characters", "\"max_length\":500", 500},
        {"constraints", "String should have at most 500 characters", "\"max_length\":500", 500},
        {"callback_url", "String should have at most 2048 characters", "\"max_length\":2048", 2048},
    };
    char *echo = repeated("x", REQUEST_INPUT_ECHO_MAX);
    for (size_t i = 0; i < sizeof(LIMITS) / sizeof(LIMITS[0]); i++) {
        char *value = repeated("x", LIMITS[i].max + 1);
        assert_fault(LIMITS[i].field, value, "string_too_long", "", LIMITS[i].msg, echo,
                     LIMITS[i].ctx);
        free(value);
    }
    free(echo);
}

static void a_target_must_be_an_absolute_web_address(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {
        "",           "shop.test",         "/path",       "ftp://shop.test/", "javascript:alert(1)",
        "http://",    "http://a b/",       "file:///etc", "http://u:p@shop/", "http://127.1/",
        "http://x:0", "http://x/\\u0001y",
    };
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char body[512];
        snprintf(body, sizeof(body), "{" GOOD ",\"target_url\":\"%s\"}", WRONG[i]);
        char *detail = refusal(body);
        struct json *root = json_of(detail);
        const struct json *fault = json_at(root, 0);
        assert_int_equal(json_count(root), 1);
        assert_string_equal(str_at(fault, "type"), "url_parsing");
        struct text msg = text_of(str_at(fault, "msg"));
        assert_true(text_starts(msg, TEXT("Input should be a valid URL, ")));
        assert_true(text_ends(msg, text_of(str_at(fault, "ctx.error"))));
        json_free(root);
        free(detail);
    }
}

static void a_target_may_have_2048_bytes(void **unused) {
    (void)unused;
    for (size_t len = REQUEST_URL_MAX; len <= REQUEST_URL_MAX + 1; len++) {
        char *tail = repeated("x", len - strlen("http://shop.test/")), body[4096];
        snprintf(body, sizeof(body), "{" GOOD ",\"target_url\":\"http://shop.test/%s}", tail + 1);
        struct json *root = json_of(body);
        struct request request;
        assert_int_equal(request_read(root, 0, &request, NULL),
                         len == REQUEST_URL_MAX ? ERR_OK : ERR_INVALID);
        json_free(root);
        free(tail);
    }
}

static void only_an_object_can_be_a_task(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {"[]", "\"title\"", "1", "null", "true"};
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        char expected[512];
        snprintf(expected, sizeof(expected),
                 "[{\"type\":\"model_attributes_type\",\"loc\":[\"body\"],\"msg\":\"Input should "
                 "be a valid dictionary or object to extract fields from\",\"input\":%s}]",
                 WRONG[i]);
        assert_refused(WRONG[i], expected);
    }
}

static void no_body_at_all_is_missing(void **unused) {
    (void)unused;
    struct request request;
    struct buf buf;
    struct json_out out;
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    assert_int_equal(request_read(NULL, 0, &request, &out), ERR_INVALID);
    assert_string_equal(
        buf_str(&buf),
        "[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}]");
    buf_done(&buf);
}

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
    char *spec = spec_of("{" GOOD ",\"priority\":\"low\"}");
    struct json *root = json_of(spec);
    struct request request;
    struct buf buf;
    struct json_out out;
    assert_int_equal(request_read_spec(root, &request), ERR_OK);
    buf_init(&buf, ANSWER_MAX);
    json_out_init(&out, &buf);
    request_put_spec(&request, &out);
    assert_string_equal(buf_str(&buf), spec);
    assert_int_equal(request_roles(&request), ROLE_ALL);
    buf_done(&buf);
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
        cmocka_unit_test(what_is_left_out_has_the_original_defaults),
        cmocka_unit_test(null_is_as_good_as_nothing_where_the_original_allows_it),
        cmocka_unit_test(agents_are_a_set_however_they_are_written),
        cmocka_unit_test(the_choice_of_a_route_replaces_the_one_of_the_body),
        cmocka_unit_test(lengths_are_code_points),
        cmocka_unit_test(everything_that_is_wrong_is_told_at_once_in_field_order),
        cmocka_unit_test(no_field_takes_a_value_of_another_type),
        cmocka_unit_test(null_is_no_string_where_there_is_a_default),
        cmocka_unit_test(a_priority_is_one_of_four_words),
        cmocka_unit_test(an_unknown_agent_is_named_by_its_place),
        cmocka_unit_test(standards_are_short_strings),
        cmocka_unit_test(a_list_has_an_end),
        cmocka_unit_test(too_long_is_told_with_the_limit_and_a_cut_echo),
        cmocka_unit_test(a_target_must_be_an_absolute_web_address),
        cmocka_unit_test(a_target_may_have_2048_bytes),
        cmocka_unit_test(only_an_object_can_be_a_task),
        cmocka_unit_test(no_body_at_all_is_missing),
        cmocka_unit_test(a_secret_is_never_sent_back),
        cmocka_unit_test(a_large_body_is_not_sent_back_whole),
        cmocka_unit_test(a_body_that_is_not_json_is_told_like_python_does),
        cmocka_unit_test(a_fault_of_the_query_has_the_same_shape),
        cmocka_unit_test(the_spec_has_every_field_but_the_callback),
        cmocka_unit_test(a_spec_read_back_and_written_again_is_the_same),
        cmocka_unit_test(a_damaged_spec_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
