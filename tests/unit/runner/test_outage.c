/* Redis goes away and comes back: no task is lost, and none is worked on by someone who can
 * no longer know that it is his. */
#include "runner/daemon.h"

static void task_outlives_a_restart_of_redis_within_its_lease(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 1; " DONE);
    order("brief", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_LEASE_MS=30000");
    assert_true(becomes(is_running, "brief"));
    private_redis_kill(redis);
    private_redis_revive(redis);
    assert_status("brief", "completed");
    assert_string_equal(ask("HGET task:brief:meta attempt"), "1");
    stop_runner(runner);
}

static void agent_is_ended_when_redis_stays_away_for_longer_than_the_lease(void **state_) {
    (void)state_;
    plugin("qa-analyst", "",
           "read -r task; case $task in *'\"attempt\":1,'*) sleep 94220 ;; esac; " DONE);
    order("cut", ANALYST, LONG_MS);
    pid_t runner = START_PLAIN();
    assert_true(appears("94220"));
    private_redis_kill(redis);
    assert_true(disappears("94220"));
    private_redis_revive(redis);
    assert_status("cut", "completed");
    stop_runner(runner);
}

static void result_that_could_not_be_told_is_told_later(void **state_) {
    (void)state_;
    plugin("qa-analyst", "", "sleep 0.5; " DONE);
    order("later", ANALYST, LONG_MS);
    pid_t runner = START("AGNOSTIC_LEASE_MS=30000");
    assert_true(becomes(is_running, "later"));
    private_redis_kill(redis);
    usleep(1000000);
    private_redis_revive(redis);
    assert_status("later", "completed");
    assert_string_equal(ask("HGET task:later:meta attempt"), "1");
    stop_runner(runner);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(task_outlives_a_restart_of_redis_within_its_lease),
        TEST(agent_is_ended_when_redis_stays_away_for_longer_than_the_lease),
        TEST(result_that_could_not_be_told_is_told_later),
    };
    return RUN_DAEMON(tests);
}
