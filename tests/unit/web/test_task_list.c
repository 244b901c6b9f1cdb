/* GET /api/tasks: who sees which tasks, in pages. */
#include "tokens.h"
#include "web/cursor.h"
#include "web/service.h"

#include <string.h>

#include "agnostic/base/time.h"

static void as(const char *user, const char *role) {
    char claims[512];
    long long now_s = (long long)(time_wall_us() / 1000000);
    snprintf(
        claims, sizeof(claims),
        "{\"user_id\":\"%s\",\"email\":\"x\",\"role\":\"%s\",\"permissions\":"
        "[\"sessions:read\",\"sessions:write\"],\"type\":\"access\",\"iat\":%lld,\"exp\":%lld}",
        user, role, now_s, now_s + 900);
    service_param("HTTP_AUTHORIZATION=Bearer %s", tokens_make(claims));
}

static void submit(const char *user, const char *title, const char *more) {
    char body[256];
    snprintf(body, sizeof(body), "{\"title\":\"%s\",\"description\":\"d\"%s}", title, more);
    as(user, "qa_engineer");
    assert_int_equal(service_ask("POST", "/api/tasks", body), 200);
    time_sleep_ms(2); /* tasks of one millisecond have no order */
}

/* The titles of a page, as ann with that role. */
static const char *titles(const char *role, const char *uri) {
    static char text[1024];
    text[0] = '\0';
    as("ann", role);
    assert_int_equal(service_ask("GET", uri, NULL), 200);
    const struct json *root = service_json(), *items = json_get(root, "items");
    if (items == NULL)
        items = root;
    for (size_t i = 0; i < json_count(items); i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i > 0 ? " " : "",
                 json_str(json_get(json_at(items, i), "title"), "-"));
    return text;
}

static void everybody_but_api_users_sees_all(void **unused) {
    (void)unused;
    submit("ann", "one", "");
    submit("bob", "two", "");
    assert_string_equal(titles("qa_engineer", "/api/tasks"), "two one");
    assert_string_equal(titles("api_user", "/api/tasks"), "one");
    assert_int_equal(service_operator("GET", "/api/tasks", NULL), 200);
    assert_int_equal(json_count(service_json()), 2);
    service_with("AGNOSTIC_TASK_READ=owner\n");
    assert_string_equal(titles("qa_engineer", "/api/tasks"), "one");
}

static void an_item_has_what_a_list_needs_and_no_result(void **unused) {
    (void)unused;
    submit("ann", "one", ",\"priority\":\"low\",\"agents\":[\"performance\"]");
    assert_string_equal(titles("qa_engineer", "/api/v1/tasks"), "one");
    const struct json *item = json_at(json_get(service_json(), "items"), 0);
    assert_string_equal(str_at(item, "priority"), "low");
    assert_string_equal(json_str(json_at(json_get(item, "agents"), 0), ""), "performance");
    assert_string_equal(str_at(item, "status"), "pending");
    assert_int_equal(json_count(item), 8);
    assert_int_equal(int_at(service_json(), "total"), 1);
    assert_int_equal(int_at(service_json(), "limit"), 50);
    assert_null(service_field("Link"));
}

static void filters_narrow_it(void **unused) {
    (void)unused;
    submit("ann", "Shop", ",\"priority\":\"low\",\"agents\":[\"performance\"]");
    submit("ann", "Blog", ",\"priority\":\"high\"");
    static const char *const ROWS[][2] = {
        {"q=sHO", "Shop"},
        {"q=x", ""},
        {"priority=high", "Blog"},
        {"agent=qa_manager", "Blog"},
        {"agent=performance", "Blog Shop"},
        {"status=pending", "Blog Shop"},
        {"status=running", ""},
        {"created_after=2000-01-01T00:00:00Z", "Blog Shop"},
        {"created_before=2000-01-01T00:00:00+00:00", ""},
        {"offset=1", "Shop"},
        {"limit=1", "Blog"},
    };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        char uri[128];
        snprintf(uri, sizeof(uri), "/api/tasks?%s", ROWS[i][0]);
        assert_string_equal(titles("qa_engineer", uri), ROWS[i][1]);
    }
    titles("qa_engineer", "/api/v1/tasks?q=shop");
    assert_int_equal(json_kind(json_get(service_json(), "total")), JSON_NULL);
}

static void pages_are_linked_in_both_dialects(void **unused) {
    (void)unused;
    static const char *const PREFIXES[] = {"/api", "/api/v1"};
    submit("ann", "one", "");
    submit("ann", "two", "");
    submit("ann", "three", "");
    for (size_t i = 0; i < 2; i++) {
        char uri[256], expected[64];
        snprintf(uri, sizeof(uri), "%s/tasks?limit=2&q=%%6f&x=<\">", PREFIXES[i]);
        assert_string_equal(titles("qa_engineer", uri), "two one");
        assert_null(service_field("Link"));
        snprintf(uri, sizeof(uri), "%s/tasks?limit=1&q=%%6f&x=<\">&offset=0", PREFIXES[i]);
        assert_string_equal(titles("qa_engineer", uri), "two");
        snprintf(expected, sizeof(expected),
                 "<%s/tasks?limit=1&q=%%6f&x=%%3C%%22%%3E&cursor=", PREFIXES[i]);
        const char *link = service_field("Link");
        assert_non_null(link);
        assert_memory_equal(link, expected, strlen(expected));
        assert_string_equal(strchr(link, '>'), ">; rel=\"next\"");
        snprintf(uri, sizeof(uri), "%.*s", (int)strcspn(link + 1, ">"), link + 1);
        assert_string_equal(titles("qa_engineer", uri), "one");
    }
}

static void every_fault_is_told_at_once(void **unused) {
    (void)unused;
    static const char *const NAMES[] = {"status", "priority", "agent",  "created_after",
                                        "limit",  "offset",   "cursor", NULL};
    as("ann", "qa_engineer");
    assert_int_equal(service_ask("GET",
                                 "/api/tasks?limit=0&offset=-1&status=x&priority=y&agent=z"
                                 "&created_after=now&cursor=1.2.3",
                                 NULL),
                     422);
    const struct json *detail = json_get(service_json(), "detail");
    for (size_t i = 0; NAMES[i] != NULL; i++) {
        const struct json *loc = json_get(json_at(detail, i), "loc");
        assert_string_equal(json_str(json_at(loc, 0), ""), "query");
        assert_string_equal(json_str(json_at(loc, 1), ""), NAMES[i]);
    }
    assert_int_equal(json_count(detail), 7);
    assert_string_equal(json_str(json_get(json_at(detail, 0), "msg"), ""),
                        "Input should be 'pending', 'running', 'completed', 'failed' or "
                        "'cancelled'");
    as("ann", "qa_engineer");
    assert_int_equal(service_ask("GET", "/api/tasks?limit=1&limit=2", NULL), 400);
}

static void a_cursor_is_what_was_given_out_and_nothing_else(void **unused) {
    (void)unused;
    static const char *const BAD[] = {"",
                                      ".",
                                      "1",
                                      "1.",
                                      ".1",
                                      "1.2.",
                                      "0.1",
                                      "-1.2",
                                      "1.2x",
                                      "253402300800000.1",
                                      "99999999999999999999.1"};
    struct task_list_place place = {0}, back = {0};
    char text[CURSOR_SIZE];
    place.ms = CURSOR_NUMBER_MAX;
    place.passed = 1000;
    cursor_put(&place, text);
    assert_true(cursor_read(text_of(text), &back));
    assert_true(back.ms == place.ms && back.passed == place.passed);
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        assert_false(cursor_read(text_of(BAD[i]), &back));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(everybody_but_api_users_sees_all),
        SERVICE_TEST(an_item_has_what_a_list_needs_and_no_result),
        SERVICE_TEST(filters_narrow_it),
        SERVICE_TEST(pages_are_linked_in_both_dialects),
        SERVICE_TEST(every_fault_is_told_at_once),
        SERVICE_TEST(a_cursor_is_what_was_given_out_and_nothing_else),
    };
    return SERVICE_RUN(tests);
}
