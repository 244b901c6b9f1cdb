/* Goal: an operator sees who works and what waits, and can stop and start the queue. */
#include "ctl/ctl_kit.h"

#include "agnostic/store/fleet_store.h"
#include "agnostic/store/queue_store.h"
#include "store/private_redis.h"

static struct private_redis *redis;
static struct store *store;

static int start_redis(void **state) {
    struct fault fault;
    redis = private_redis_start(NULL);
    ctl_set_up(state);
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
    return store_new(private_redis_url(redis, ""), 1000, &store, &fault) == ERR_OK ? 0 : -1;
}

static int stop_redis(void **state) {
    (void)state;
    store_free(store);
    private_redis_stop(redis);
    return 0;
}

static int forget(void **state) {
    (void)state;
    private_redis_ask(redis, "FLUSHALL");
    return 0;
}

static void beat(const char *name, bool draining) {
    struct fleet_runner runner = {.version = "1.2.3",
                                  .host = "host",
                                  .pid = 7,
                                  .slots = 4,
                                  .busy = 3,
                                  .started_at = "2026-02-21T10:00:00.123456+00:00",
                                  .containment = "pid_namespace",
                                  .draining = draining};
    text_copy(text_of(name), runner.name, sizeof(runner.name));
    assert_int_equal(fleet_store_beat(store, &runner, 0, "2026-02-21T10:00:00+00:00"), ERR_OK);
}

static void runners_are_listed_one_a_line(void **state) {
    (void)state;
    beat("host:7.1a2b3c4d", false);
    struct ran *ran = ctl_run("runners", NULL);
    assert_int_equal(ran->status, 0);
    assert_true(text_starts(text_of(ran->out), TEXT("RUNNER ")));
    assert_non_null(strstr(ran->out,
                           "\nhost:7.1a2b3c4d                   alive     3/4      0 s      "
                           "1.2.3    2026-02-21T10:00:00  pid_namespace\n"));
}

static void runner_that_is_silent_or_leaves_is_shown_so(void **state) {
    (void)state;
    beat("leaving:7", true);
    private_redis_ask(redis, "ZADD q:runners 1 gone:8");
    struct ran *ran = ctl_run("runners", "--json", NULL);
    assert_int_equal(ran->status, 0);
    assert_non_null(strstr(ran->out, "\"name\":\"leaving:7\",\"state\":\"draining\","
                                     "\"version\":\"1.2.3\",\"host\":\"host\",\"pid\":7,"
                                     "\"slots\":4,\"busy\":3,"));
    assert_non_null(strstr(ran->out, "\"name\":\"gone:8\",\"state\":\"silent\""));
}

static void queue_is_shown_by_priority(void **state) {
    (void)state;
    private_redis_ask(redis, "LPUSH q:ready:high a b");
    private_redis_ask(redis, "ZADD q:lease 1 c");
    struct ran *ran = ctl_run("queue", NULL);
    assert_int_equal(ran->status, 0);
    assert_non_null(strstr(ran->out, "claims    on\nsubmits   accepted\n"));
    assert_non_null(strstr(ran->out, "high      2\n"));
    ran = ctl_run("queue", "status", "--json", NULL);
    assert_string_equal(ran->out,
                        "{\"paused\":false,\"draining\":false,\"waiting\":{\"critical\":0,"
                        "\"high\":2,\"medium\":0,\"low\":0},\"delayed\":0,"
                        "\"running\":1}\n");
}

static void assert_switches(bool paused, bool draining) {
    struct queue_switches switches;
    assert_int_equal(queue_store_switches(store, &switches), ERR_OK);
    assert_int_equal(switches.paused, paused);
    assert_int_equal(switches.draining, draining);
}

static void queue_is_stopped_and_started(void **state) {
    (void)state;
    assert_int_equal(ctl_run("queue", "pause", NULL)->status, 0);
    assert_switches(true, false);
    assert_non_null(strstr(ctl_run("queue", NULL)->out, "claims    paused"));
    assert_int_equal(ctl_run("queue", "drain", NULL)->status, 0);
    assert_switches(true, true);
    assert_int_equal(ctl_run("queue", "resume", NULL)->status, 0);
    assert_int_equal(ctl_run("queue", "accept", NULL)->status, 0);
    assert_switches(false, false);
}

static void queue_knows_no_other_word(void **state) {
    (void)state;
    assert_int_equal(ctl_run("queue", "flush", NULL)->status, 64);
}

static void redis_that_is_away_is_told(void **state) {
    (void)state;
    setenv("AGNOSTIC_REDIS_URL", "unix:///nonexistent/redis", 1);
    assert_int_equal(ctl_run("runners", NULL)->status, 3);
    assert_int_equal(ctl_run("queue", "pause", NULL)->status, 3);
    setenv("AGNOSTIC_REDIS_URL", private_redis_url(redis, ""), 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup(name, forget)
    const struct CMUnitTest tests[] = {
        TEST(runners_are_listed_one_a_line), TEST(runner_that_is_silent_or_leaves_is_shown_so),
        TEST(queue_is_shown_by_priority),    TEST(queue_is_stopped_and_started),
        TEST(queue_knows_no_other_word),     TEST(redis_that_is_away_is_told),
    };
    return cmocka_run_group_tests(tests, start_redis, stop_redis);
}
