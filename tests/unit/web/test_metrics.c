/* What /api/metrics tells, and that a collector can read it. */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/service.h"

static const char BODY[] = "{\"title\":\"t\",\"description\":\"d\"}";

static const char *metrics(void) {
    assert_int_equal(service_ask("GET", "/api/metrics", NULL), 200);
    return service_body();
}

/* The number behind `name{labels}` at the start of a line; -1: no such line. */
static double told(const char *name) {
    const char *text = metrics();
    size_t len = strlen(name);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += line != text;
        if (strncmp(line, name, len) == 0 && line[len] == ' ')
            return strtod(line + len, NULL);
    }
    return -1;
}

static void requests_are_counted_by_route_and_status(void **unused) {
    (void)unused;
    double before = told("agnostic_http_requests_total{method=\"GET\",route=\"/api/tasks/{id}\","
                         "code=\"404\"}");
    service_operator("GET", "/api/tasks/00000000-0000-4000-8000-000000000000", NULL);
    service_operator("GET", "/api/v1/tasks/00000000-0000-4000-8000-000000000000", NULL);
    assert_true(told("agnostic_http_requests_total{method=\"GET\",route=\"/api/tasks/{id}\","
                     "code=\"404\"}") == (before < 0 ? 0 : before) + 2);
}

static void a_path_that_is_no_route_is_counted_without_its_name(void **unused) {
    (void)unused;
    service_ask("GET", "/nowhere/at/all", NULL);
    assert_true(told("agnostic_http_requests_total{method=\"\",route=\"\",code=\"404\"}") >= 1);
    assert_null(strstr(service_body(), "nowhere"));
}

static void tasks_are_counted_where_they_change(void **unused) {
    (void)unused;
    assert_int_equal(service_operator("POST", "/api/tasks", BODY), 200);
    assert_int_equal(service_operator("POST", "/api/tasks", BODY), 200);
    assert_true(told("agnostic_tasks_submitted_total") == 2);
    assert_true(told("agnostic_queue_depth{priority=\"high\"}") == 2);
    assert_true(told("agnostic_queue_oldest_seconds{priority=\"high\"}") >= 0);
}

static void every_kind_of_mend_and_delivery_is_told_by_name(void **unused) {
    (void)unused;
    private_redis_ask(redis, "HSET q:stats mended_ghosts 3 webhook_delivered 4 webhook_ 1");
    private_redis_ask(redis, "HSET q:stats mended_x\"y 5");
    assert_true(told("agnostic_mends_total{kind=\"ghosts\"}") == 3);
    assert_true(told("agnostic_webhook_attempts_total{result=\"delivered\"}") == 4);
    assert_null(strstr(service_body(), "x\"y"));
}

static void a_histogram_is_cumulative_and_ends_with_all(void **unused) {
    (void)unused;
    private_redis_ask(redis, "HSET q:stats run_le_1 2 run_le_30 3 run_le_inf 1 run_ms 4500");
    assert_true(told("agnostic_task_run_seconds_bucket{le=\"1\"}") == 2);
    assert_true(told("agnostic_task_run_seconds_bucket{le=\"10\"}") == 2);
    assert_true(told("agnostic_task_run_seconds_bucket{le=\"30\"}") == 5);
    assert_true(told("agnostic_task_run_seconds_bucket{le=\"+Inf\"}") == 6);
    assert_true(told("agnostic_task_run_seconds_count") == 6);
    assert_true(told("agnostic_task_run_seconds_sum") == 4.5);
}

/* name, perhaps {labels}, a space, a number. */
static void assert_is_sample(const char *line, const char *family) {
    const char *at = line + strlen(family);
    char *end;
    assert_true(strncmp(line, family, strlen(family)) == 0);
    while (islower((unsigned char)*at) || *at == '_')
        at++;
    if (*at == '{')
        at = strstr(at, "} ") + 1;
    assert_int_equal(*at, ' ');
    strtod(at + 1, &end);
    assert_int_equal(*end, '\0');
}

static void the_text_has_each_family_once_and_nothing_else(void **unused) {
    (void)unused;
    enum { FAMILIES_MAX = 100 };
    static char families[FAMILIES_MAX][80];
    size_t count = 0;
    service_operator("POST", "/api/tasks", BODY);
    char *text = strdup(metrics()), *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && line[0] != '\0';) {
        char name[80], type[16];
        if (sscanf(line, "# HELP %79s", name) == 1) {
            for (size_t i = 0; i < count; i++)
                assert_string_not_equal(families[i], name);
            snprintf(families[count++], sizeof(families[0]), "%s", name);
        } else if (sscanf(line, "# TYPE %79s %15s", name, type) == 2) {
            assert_string_equal(name, families[count - 1]);
            assert_non_null(strstr("gauge counter histogram", type));
        } else {
            assert_is_sample(line, families[count - 1]);
        }
    }
    free(text);
    assert_true(count > 20);
}

static void one_address_that_fails_too_often_gets_429(void **unused) {
    (void)unused;
    service_with("AGNOSTIC_AUTH_FAIL_PER_MIN=3\n");
    int status = 401;
    for (int i = 0; i < 8 && status == 401; i++) { /* two minutes may be touched */
        service_param("REMOTE_ADDR=198.51.100.7");
        service_key("wrong-key-0123456789");
        status = service_ask("GET", "/api/auth/me", NULL);
    }
    assert_int_equal(status, 429);
    assert_non_null(service_field("Retry-After"));
    assert_string_equal(service_str("code"), "too_many_failed_authentications");
    service_param("REMOTE_ADDR=198.51.100.8");
    assert_int_equal(service_operator("GET", "/api/auth/me", NULL), 200);
}

static void what_is_open_to_all_stays_open_to_a_braked_address(void **unused) {
    (void)unused;
    service_with("AGNOSTIC_AUTH_FAIL_PER_MIN=1\n");
    for (int i = 0; i < 3; i++) {
        service_param("REMOTE_ADDR=198.51.100.9");
        service_key("wrong-key-0123456789");
        service_ask("GET", "/api/auth/me", NULL);
    }
    service_param("REMOTE_ADDR=198.51.100.9");
    assert_int_equal(service_ask("GET", "/health", NULL), 200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(requests_are_counted_by_route_and_status),
        SERVICE_TEST(a_path_that_is_no_route_is_counted_without_its_name),
        SERVICE_TEST(tasks_are_counted_where_they_change),
        SERVICE_TEST(every_kind_of_mend_and_delivery_is_told_by_name),
        SERVICE_TEST(a_histogram_is_cumulative_and_ends_with_all),
        SERVICE_TEST(the_text_has_each_family_once_and_nothing_else),
        SERVICE_TEST(one_address_that_fails_too_often_gets_429),
        SERVICE_TEST(what_is_open_to_all_stays_open_to_a_braked_address),
    };
    return SERVICE_RUN(tests);
}
