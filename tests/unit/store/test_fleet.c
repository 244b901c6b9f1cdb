/* Who is alive, by Redis' clock. */
#include "store/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agnostic/base/time.h"
#include "agnostic/store/fleet_store.h"

static struct fleet read_fleet(void) {
    struct fleet fleet;
    assert_int_equal(fleet_store_read(store, 1000, &fleet), ERR_OK);
    return fleet;
}

static void beat(const char *name, role_set roles) {
    char now[TIME_ISO_SIZE];
    time_iso_utc(time_wall_us(), now);
    struct fleet_runner runner = {.version = "1.2.3",
                                  .host = "host",
                                  .pid = 7,
                                  .slots = 4,
                                  .busy = 3,
                                  .started_at = "2026-02-21T10:00:00+00:00",
                                  .containment = "pid_namespace"};
    snprintf(runner.name, sizeof(runner.name), "%s", name);
    assert_int_equal(fleet_store_beat(store, &runner, roles, now), ERR_OK);
}

static void an_empty_fleet(void **state_) {
    (void)state_;
    struct fleet fleet = read_fleet();
    assert_int_equal(fleet.runners, 0);
    assert_int_equal(fleet.last_beat_ago_ms, -1);
    assert_int_equal(fleet.alive | fleet.stale, 0);
}

static void a_beat_shows_runner_and_agents(void **state_) {
    (void)state_;
    beat("host:1", ROLE_BIT(ROLE_SECURITY_COMPLIANCE) | ROLE_BIT(ROLE_JUNIOR_QA));
    beat("host:2", 0);
    struct fleet fleet = read_fleet();
    assert_int_equal(fleet.runners, 2);
    assert_int_equal(fleet.slots, 8);
    assert_int_equal(fleet.busy, 6);
    assert_true(fleet.last_beat_ago_ms >= 0 && fleet.last_beat_ago_ms < FLEET_RUNNER_FRESH_MS);
    assert_int_equal(fleet.alive, ROLE_BIT(ROLE_SECURITY_COMPLIANCE) | ROLE_BIT(ROLE_JUNIOR_QA));
    assert_int_equal(fleet.stale, 0);
    assert_non_null(strstr(ask("GET agent:junior-qa:status"), "\"last_heartbeat\":\""));
}

static void all_six_agents_fit_in_one_beat(void **state_) {
    (void)state_;
    beat("host:1", ROLE_ALL);
    assert_int_equal(read_fleet().alive, ROLE_ALL);
}

static void a_silent_runner_is_not_counted_and_forgotten_after_a_day(void **state_) {
    (void)state_;
    ask("ZADD q:runners 1 host:1");
    assert_int_equal(read_fleet().runners, 0);
    assert_true(read_fleet().last_beat_ago_ms > FLEET_RUNNER_FRESH_MS);
    beat("host:2", 0);
    assert_says("host:2", "ZRANGE q:runners 0 -1");
}

static void a_runner_that_leaves_is_gone(void **state_) {
    (void)state_;
    beat("host:1", 0);
    assert_int_equal(fleet_store_leave(store, "host:1"), ERR_OK);
    assert_int_equal(read_fleet().runners, 0);
    assert_says("0", "EXISTS runner:host:1");
}

static void what_a_runner_told_lives_for_a_day(void **state_) {
    (void)state_;
    beat("host:1", 0);
    int64_t ttl_s = strtoll(ask("TTL runner:host:1"), NULL, 10);
    assert_true(ttl_s > 86000 && ttl_s <= 86400);
}

struct listed {
    size_t count;
    struct fleet_runner last;
};

static void take(void *ctx, const struct fleet_runner *runner) {
    struct listed *listed = ctx;
    listed->count++;
    listed->last = *runner;
}

static struct fleet_runner only_one(void) {
    struct listed listed = {0};
    assert_int_equal(fleet_store_list(store, take, &listed), ERR_OK);
    assert_int_equal(listed.count, 1);
    return listed.last;
}

static void runners_are_listed_as_they_told(void **state_) {
    (void)state_;
    beat("host:1", 0);
    struct fleet_runner runner = only_one();
    assert_string_equal(runner.name, "host:1");
    assert_string_equal(runner.version, "1.2.3");
    assert_string_equal(runner.host, "host");
    assert_string_equal(runner.started_at, "2026-02-21T10:00:00+00:00");
    assert_string_equal(runner.containment, "pid_namespace");
    assert_int_equal(runner.pid, 7);
    assert_int_equal(runner.slots, 4);
    assert_int_equal(runner.busy, 3);
    assert_false(runner.draining);
    assert_true(runner.beat_ago_ms >= 0 && runner.beat_ago_ms < FLEET_RUNNER_FRESH_MS);
}

static void a_runner_of_which_nothing_can_be_read_is_listed_by_name(void **state_) {
    (void)state_;
    ask("ZADD q:runners 1 host:1");
    ask("SET runner:host:1 nonsense");
    struct fleet_runner runner = only_one();
    assert_string_equal(runner.name, "host:1");
    assert_string_equal(runner.version, "");
    assert_int_equal(runner.slots, 0);
    assert_true(runner.beat_ago_ms > FLEET_RUNNER_FRESH_MS);
}

static void a_runner_whose_key_is_damaged_tells_again(void **state_) {
    (void)state_;
    ask("SET runner:host:1 nonsense");
    beat("host:1", 0);
    assert_int_equal(read_fleet().runners, 1);
    assert_says("hash", "TYPE runner:host:1");
}

static void an_old_heartbeat_is_stale_and_a_bad_one_offline(void **state_) {
    (void)state_;
    private_redis_set(redis, "agent:qa-manager:status",
                      "{\"agent_name\": \"qa-manager\", \"last_heartbeat\": "
                      "\"2026-02-21T10:00:00.123456\"}");
    private_redis_set(redis, "agent:junior-qa:status", "{\"last_heartbeat\": 12}");
    private_redis_set(redis, "agent:senior-qa:status", "not JSON");
    ask("LPUSH agent:performance:status x");
    struct fleet fleet = read_fleet();
    assert_int_equal(fleet.alive, 0);
    assert_int_equal(fleet.stale, ROLE_BIT(ROLE_QA_MANAGER));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(an_empty_fleet),
        TEST(a_beat_shows_runner_and_agents),
        TEST(all_six_agents_fit_in_one_beat),
        TEST(a_silent_runner_is_not_counted_and_forgotten_after_a_day),
        TEST(a_runner_that_leaves_is_gone),
        TEST(what_a_runner_told_lives_for_a_day),
        TEST(runners_are_listed_as_they_told),
        TEST(a_runner_of_which_nothing_can_be_read_is_listed_by_name),
        TEST(a_runner_whose_key_is_damaged_tells_again),
        TEST(an_old_heartbeat_is_stale_and_a_bad_one_offline),
    };
    return RUN(tests);
}
