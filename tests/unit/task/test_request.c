/* What a client may order, and what it is told when it may not. */
#include "task/request_help.h"

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

static void a_plugin_is_named_with_its_role(void **unused) {
    (void)unused;
    struct accepted a = accepted("{" GOOD ",\"agents\":[\"security_compliance/sslscan\","
                                 "\"junior-qa\",\"security-compliance/sslscan\"]}",
                                 0);
    assert_int_equal(request_roles(&a.request), ROLE_BIT(ROLE_JUNIOR_QA));
    assert_int_equal(a.request.plugin_count, 1);
    assert_int_equal(a.request.plugins[0].role, ROLE_SECURITY_COMPLIANCE);
    assert_string_equal(a.request.plugins[0].name, "sslscan");
    assert_true(request_involves(&a.request, ROLE_SECURITY_COMPLIANCE));
    assert_false(request_involves(&a.request, ROLE_PERFORMANCE));
    accepted_done(&a);
}

static void who_names_only_plugins_chooses_no_role(void **unused) {
    (void)unused;
    struct accepted a = accepted("{" GOOD ",\"agents\":[\"performance/x\"]}", 0);
    assert_int_equal(request_roles(&a.request), 0);
    accepted_done(&a);
}

static void what_is_no_name_of_a_plugin_is_refused(void **unused) {
    (void)unused;
    static const char *const WRONG[] = {
        "performance/", "performance/A", "performance/a/b",       "performance/-a", "x/a",
        "/a",           "performance/_", "performance/junior_qa", "performance/a "};
    char list[128], input[64];
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
        snprintf(input, sizeof(input), "\"%s\"", WRONG[i]);
        snprintf(list, sizeof(list), "[%s]", input);
        assert_fault("agents", list, "literal_error", ",0", "Input should be " EXPECTED_AGENTS,
                     input, "\"expected\":\"" EXPECTED_AGENTS "\"");
    }
}

static void a_plugin_has_one_role(void **unused) {
    (void)unused;
    assert_fault("agents", "[\"performance/a\",\"junior-qa/a\"]", "literal_error", ",1",
                 "Input should be " EXPECTED_AGENTS, "\"junior-qa/a\"",
                 "\"expected\":\"" EXPECTED_AGENTS "\"");
}

static void the_choice_of_a_route_replaces_the_one_of_the_body(void **unused) {
    (void)unused;
    struct accepted a =
        accepted("{" GOOD ",\"agents\":[\"junior-qa/x\"]}", ROLE_BIT(ROLE_PERFORMANCE));
    assert_int_equal(a.request.agents, ROLE_BIT(ROLE_PERFORMANCE));
    assert_int_equal(a.request.plugin_count, 0);
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
    struct buf list, input;
    buf_init(&list, 1024);
    buf_init(&input, 1024);
    for (int i = 0; i < REQUEST_STANDARDS_MAX + 1; i++)
        buf_puts(&list, i == 0 ? "[\"a\"" : ",\"a\"");
    for (int i = 0; i < 20; i++)
        buf_puts(&input, i == 0 ? "[\"a\"" : ",\"a\"");
    buf_putc(&list, ']');
    buf_putc(&input, ']');
    assert_fault("standards", buf_str(&list), "too_long", "",
                 "List should have at most 32 items after validation, not 33", buf_str(&input),
                 "\"field_type\":\"List\",\"max_length\":32,\"actual_length\":33");
    buf_done(&list);
    buf_done(&input);
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

static void a_wait_in_the_queue_is_a_number_of_seconds(void **unused) {
    (void)unused;
    static const struct {
        const char *value, *type, *msg, *ctx;
    } BAD[] = {
        {"\"60\"", "int_type", "Input should be a valid integer", ""},
        {"60.5", "int_type", "Input should be a valid integer", ""},
        {"true", "int_type", "Input should be a valid integer", ""},
        {"0", "greater_than_equal", "Input should be greater than or equal to 1", "\"ge\":1"},
        {"-1", "greater_than_equal", "Input should be greater than or equal to 1", "\"ge\":1"},
        {"604801", "less_than_equal", "Input should be less than or equal to 604800",
         "\"le\":604800"},
    };
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        assert_fault("queue_ttl_s", BAD[i].value, BAD[i].type, "", BAD[i].msg, BAD[i].value,
                     BAD[i].ctx);
    struct accepted a = accepted("{" GOOD ",\"queue_ttl_s\":604800}", 0);
    assert_int_equal(a.request.queue_ttl_s, 604800);
    accepted_done(&a);
    a = accepted("{" GOOD ",\"queue_ttl_s\":null}", 0);
    assert_int_equal(a.request.queue_ttl_s, 0);
    accepted_done(&a);
}

static void a_load_is_a_rate_a_duration_and_a_known_profile(void **unused) {
    (void)unused;
    assert_fault("load_rate", "0", "greater_than_equal", "",
                 "Input should be greater than or equal to 1", "0", "\"ge\":1");
    assert_fault("load_duration_s", "3601", "less_than_equal", "",
                 "Input should be less than or equal to 3600", "3601", "\"le\":3600");
    assert_fault("load_profile", "\"tsunami\"", "literal_error", "",
                 "Input should be 'constant', 'saturation' or 'spike'", "\"tsunami\"",
                 "\"expected\":\"'constant', 'saturation' or 'spike'\"");
    assert_fault("load_http", "\"3\"", "literal_error", "", "Input should be 'auto', '1.1' or '2'",
                 "\"3\"", "\"expected\":\"'auto', '1.1' or '2'\"");
    struct accepted a = accepted("{" GOOD ",\"load_profile\":\"saturation\"}", 0);
    assert_true(text_is(a.request.load.profile, "saturation"));
    accepted_done(&a);
}

static void links_to_other_origins_are_asked_for_only_when_true_is_said(void **unused) {
    (void)unused;
    static const struct {
        const char *more;
        bool expected;
    } GIVEN[] = {{"", false},
                 {",\"external_links\":null", false},
                 {",\"external_links\":false", false},
                 {",\"external_links\":true", true}};
    for (size_t i = 0; i < sizeof(GIVEN) / sizeof(GIVEN[0]); i++) {
        char body[128];
        snprintf(body, sizeof(body), "{%s%s}", GOOD, GIVEN[i].more);
        struct accepted a = accepted(body, 0);
        assert_int_equal(a.request.external_links, GIVEN[i].expected);
        accepted_done(&a);
    }
    assert_fault("external_links", "\"true\"", "bool_type", "", "Input should be a valid boolean",
                 "\"true\"", "");
    assert_fault("external_links", "1", "bool_type", "", "Input should be a valid boolean", "1",
                 "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_has_the_original_defaults),
        cmocka_unit_test(null_is_as_good_as_nothing_where_the_original_allows_it),
        cmocka_unit_test(agents_are_a_set_however_they_are_written),
        cmocka_unit_test(a_plugin_is_named_with_its_role),
        cmocka_unit_test(who_names_only_plugins_chooses_no_role),
        cmocka_unit_test(what_is_no_name_of_a_plugin_is_refused),
        cmocka_unit_test(a_plugin_has_one_role),
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
        cmocka_unit_test(a_wait_in_the_queue_is_a_number_of_seconds),
        cmocka_unit_test(links_to_other_origins_are_asked_for_only_when_true_is_said),
        cmocka_unit_test(only_an_object_can_be_a_task),
        cmocka_unit_test(no_body_at_all_is_missing),
        cmocka_unit_test(a_load_is_a_rate_a_duration_and_a_known_profile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
