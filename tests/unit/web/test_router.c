/* The router: every row of the table is reached by both prefixes, and nothing else is. */
#include "unit.h"
#include "web/route.h"

#include <stdio.h>
#include <string.h>

static const char *const WORDS[] = {"GET",   "HEAD",   "POST",    "PUT",
                                    "PATCH", "DELETE", "OPTIONS", "TRACE"};

static enum err find(const char *uri, const char *method, struct match *match) {
    static struct path path; /* match.id points into it */
    enum err err = path_decode(text_of(uri), &path);
    return err == ERR_OK ? router_find(&path, router_method(text_of(method)), match) : err;
}

/* "/api/tasks/{id}" with an id filled in, under the prefix of the dialect. */
static const char *uri_of(const struct route *route, enum dialect dialect) {
    static char uri[256];
    const char *path = route->path, *brace = strchr(path, '{');
    bool v1 = dialect == DIALECT_G2 && strncmp(path, "/api/", 5) == 0;
    const char *rest = v1 ? path + 4 : path;
    if (brace == NULL)
        brace = path + strlen(path);
    snprintf(uri, sizeof(uri), "%s%.*s%s%s", v1 ? "/api/v1" : "", (int)(brace - rest), rest,
             *brace ? "an-id" : "", *brace ? strchr(brace, '}') + 1 : "");
    return uri;
}

static void every_route_is_found_under_both_prefixes(void **unused) {
    (void)unused;
    struct match match;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        const struct route *route = &ROUTES[i];
        for (int dialect = DIALECT_G1; dialect <= DIALECT_G2; dialect++) {
            const char *uri = uri_of(route, (enum dialect)dialect);
            assert_int_equal(find(uri, WORDS[route->method], &match), ERR_OK);
            assert_ptr_equal(match.route, route);
            assert_int_equal(match.dialect, router_dialect(text_of(uri)));
            assert_true(text_is(match.id, strchr(route->path, '{') != NULL ? "an-id" : ""));
        }
    }
}

static void probes_stand_at_the_root_only(void **unused) {
    (void)unused;
    struct match match;
    assert_int_equal(find("/health", "GET", &match), ERR_OK);
    assert_int_equal(find("/api/health", "GET", &match), ERR_NO_ROUTE);
    assert_int_equal(find("/api/v1/ready", "GET", &match), ERR_NO_ROUTE);
}

static void head_is_answered_wherever_get_is(void **unused) {
    (void)unused;
    struct match match;
    for (size_t i = 0; i < ROUTES_COUNT; i++)
        if (ROUTES[i].method == METHOD_GET) {
            assert_int_equal(find(uri_of(&ROUTES[i], DIALECT_G1), "HEAD", &match), ERR_OK);
            assert_ptr_equal(match.route, &ROUTES[i]);
        }
}

/* Every method that Allow does not name gets 405, and every one it names gets through. */
static void any_other_method_is_told_what_is_allowed(void **unused) {
    (void)unused;
    struct match match, other;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        const char *uri = uri_of(&ROUTES[i], DIALECT_G1);
        assert_int_equal(find(uri, "TRACE", &match), ERR_METHOD);
        assert_null(match.route);
        for (size_t k = 0; k < sizeof(WORDS) / sizeof(WORDS[0]); k++) {
            bool allowed = strstr(match.allow, WORDS[k]) != NULL;
            assert_int_equal(find(uri, WORDS[k], &other), allowed ? ERR_OK : ERR_METHOD);
        }
    }
}

static void allow_names_all_methods_of_a_path(void **unused) {
    (void)unused;
    struct match match;
    assert_int_equal(find("/api/auth/api-keys", "PUT", &match), ERR_METHOD);
    assert_string_equal(match.allow, "GET, HEAD, POST");
    assert_int_equal(find("/api/auth/api-keys/1a2b3c4d", "GET", &match), ERR_METHOD);
    assert_string_equal(match.allow, "DELETE");
    assert_int_equal(find("/api/tasks/security", "FOO", &match), ERR_METHOD);
    assert_string_equal(match.allow, "GET, HEAD, POST, DELETE"); /* it may be a task's id */
    assert_int_equal(find("/api/tasks", "get", &match), ERR_METHOD);
}

static void a_path_of_no_route_is_not_found_whatever_the_method(void **unused) {
    (void)unused;
    struct match match;
    for (size_t k = 0; k < sizeof(WORDS) / sizeof(WORDS[0]); k++)
        assert_int_equal(find("/api/nothing", WORDS[k], &match), ERR_NO_ROUTE);
}

/* Leaving out who may, or the help, must not pass unseen. */
static void every_row_says_who_may_and_what_it_is(void **unused) {
    (void)unused;
    for (size_t i = 0; i < ROUTES_COUNT; i++) {
        const struct route *route = &ROUTES[i];
        assert_true(route->need >= ROUTE_CANCEL && route->need < PERM__COUNT);
        assert_true(route->help[0] != '\0');
        assert_non_null(route->handle);
        assert_true(route->need != ROUTE_OPEN || route->method == METHOD_GET);
        assert_true(route->method == METHOD_POST || route->body_max == ROUTE_NO_BODY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_found_under_both_prefixes),
        cmocka_unit_test(probes_stand_at_the_root_only),
        cmocka_unit_test(head_is_answered_wherever_get_is),
        cmocka_unit_test(any_other_method_is_told_what_is_allowed),
        cmocka_unit_test(allow_names_all_methods_of_a_path),
        cmocka_unit_test(a_path_of_no_route_is_not_found_whatever_the_method),
        cmocka_unit_test(every_row_says_who_may_and_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
