/* Goal: a task is read whole or refused with a word why; a task made by hand is such a task. */
#include <stdio.h>
#include <string.h>

#include "agents/agent_task.h"
#include "unit.h"

static enum err read_task(const char *line, struct agent_task **ret_task) {
    struct fault fault = {0};
    enum err err = agent_task_read(text_of(line), ret_task, &fault);
    if (err != ERR_OK)
        assert_true(fault.text[0] != '\0');
    return err;
}

static void a_whole_task_is_read(void **state) {
    struct agent_task *task = NULL;
    (void)state;
    assert_int_equal(
        read_task("{\"v\":1,\"type\":\"task\",\"session_id\":\"session_1\",\"new\":{},"
                  "\"target\":{\"url\":\"https://shop.example:8443/a?b\"},\"standards\":[\"GDPR\"],"
                  "\"limits\":{\"max_rps\":5},\"policy\":{\"allow\":\"10.0.0.0/8\",\"max_rps\":20,"
                  "\"modes\":[\"passive\",\"safe\"]}}",
                  &task),
        ERR_OK);
    assert_string_equal(task->session_id, "session_1");
    assert_string_equal(task->url.host, "shop.example");
    assert_int_equal(task->url.port, 8443);
    assert_int_equal(task->max_rps, 5); /* the lower of the two */
    assert_true(task->modes[RULE_PASSIVE] && task->modes[RULE_SAFE]);
    assert_false(task->modes[RULE_ACTIVE]);
    assert_int_equal(json_count(task->standards), 1);
    agent_task_free(task);
}

static void bounds_and_deadline_are_read(void **state) {
    struct agent_task *task = NULL;
    (void)state;
    assert_int_equal(read_task("{\"v\":1,\"type\":\"task\",\"session_id\":\"s\","
                               "\"limits\":{\"deadline\":\"2001-01-01T00:00:00.000Z\"},"
                               "\"policy\":{\"allow\":\"\",\"max_rps\":20,\"modes\":[],"
                               "\"crawl\":false,\"exclude\":[\"/a\"]}}",
                               &task),
                     ERR_OK);
    assert_true(bounds_stays(task->bounds) && bounds_excludes(task->bounds, TEXT("/a/b")));
    assert_int_equal(agent_task_left_ms(task, 1000), 0); /* the deadline has passed */
    agent_task_free(task);
}

static void what_is_no_task_is_refused(void **state) {
    static const char *const BAD[] = {
        "",
        "[]",
        "{}",
        "{\"v\":1,\"v\":1}",
        "{\"v\":2,\"type\":\"task\",\"session_id\":\"s\"}",
        "{\"v\":1,\"type\":\"hello\",\"session_id\":\"s\"}",
        "{\"v\":1,\"type\":\"task\"}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"\"}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"a\\nb\"}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\"}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"target\":{\"url\":5}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"target\":{\"url\":\"file:///etc\"}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\"}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":0,"
        "\"modes\":[]}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"!\",\"max_rps\":1,"
        "\"modes\":[]}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":1,"
        "\"modes\":[\"wild\"]}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":1,"
        "\"modes\":[],\"exclude\":\"/a\"}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":1,"
        "\"modes\":[],\"exclude\":[7]}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":1,"
        "\"modes\":[],\"exclude\":[\"a\"]}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":1,"
        "\"modes\":[],\"crawl\":\"no\"}}",
        "{\"v\":1,\"type\":\"task\",\"session_id\":\"s\",\"policy\":{\"allow\":\"\",\"max_rps\":1,"
        "\"modes\":[]},\"external_links\":\"yes\"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        struct agent_task *task = NULL;
        if (read_task(BAD[i], &task) == ERR_OK)
            fail_msg("taken: %s", BAD[i]);
        assert_null(task);
    }
}

/* The task that `url` typed by hand becomes. */
static struct agent_task *typed(const char *url, const char *allow) {
    struct agent_task *task = NULL;
    struct buf line;
    buf_init(&line, AGENT_TASK_MAX_BYTES);
    assert_int_equal(
        agent_task_make(
            "x", &(struct agent_task_wish){.url = url, .allow = allow, .standards = " GDPR, ,PCI "},
            &line, NULL),
        ERR_OK);
    assert_int_equal(agent_task_read(buf_text(&line), &task, NULL), ERR_OK);
    buf_done(&line);
    return task;
}

static bool may_connect(const struct agent_task *task, const char *host, const char *address,
                        uint16_t port) {
    struct addr addr;
    assert_true(addr_parse(text_of(address), &addr));
    return allow_check(task->allow, host, &addr, port, NULL, 0, "SETTING", NULL) == ERR_OK;
}

static void whoever_types_a_host_allows_that_host_alone(void **state) {
    struct agent_task *task = typed("http://127.0.0.1:8080/", NULL);
    (void)state;
    assert_true(may_connect(task, "127.0.0.1", "127.0.0.1", 8080));
    assert_true(may_connect(task, "127.0.0.1", "127.0.0.1", 443));
    assert_false(may_connect(task, "127.0.0.2", "127.0.0.2", 8080));
    assert_false(may_connect(task, "10.0.0.1", "10.0.0.1", 80));
    assert_int_equal(json_count(task->standards), 2);
    assert_false(task->modes[RULE_ACTIVE]);
    agent_task_free(task);
}

static void a_list_that_is_set_outdoes_the_host_typed(void **state) {
    struct agent_task *task = typed("http://127.0.0.1:8080/", "10.0.0.0/8");
    (void)state;
    assert_false(may_connect(task, "127.0.0.1", "127.0.0.1", 8080));
    assert_int_equal(task->max_rps, ALLOW_RPS_DEFAULT);
    agent_task_free(task);
}

static void hosts_of_every_form_can_be_typed(void **state) {
    static const char *const URLS[] = {"http://shop.example", "https://[::1]:8443/",
                                       "http://[::ffff:127.0.0.1]/", "http://127.0.0.1:8099/?a"};
    (void)state;
    for (size_t i = 0; i < sizeof(URLS) / sizeof(URLS[0]); i++)
        agent_task_free(typed(URLS[i], NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_task_is_read),
        cmocka_unit_test(bounds_and_deadline_are_read),
        cmocka_unit_test(what_is_no_task_is_refused),
        cmocka_unit_test(whoever_types_a_host_allows_that_host_alone),
        cmocka_unit_test(a_list_that_is_set_outdoes_the_host_typed),
        cmocka_unit_test(hosts_of_every_form_can_be_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
